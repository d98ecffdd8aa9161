//! A server in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::http::{Answer, Request};

/// `jott serve-demo` on a free port, until it is dropped.
pub(super) struct Server {
    pub(super) child: Child,
    pub(super) port: u16,
    pub(super) ready: Value,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// A server with a key that is made quickly.
    pub(super) fn start() -> Server {
        Server::with(&["--alg", "ES256"])
    }

    pub(super) fn with(args: &[&str]) -> Server {
        Server::spawn(args, &[])
    }

    pub(super) fn spawn(args: &[&str], env: &[(&str, &str)]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jott"))
            .args(["serve-demo", "--json"])
            .args((!args.contains(&"--listen")).then_some("--listen=127.0.0.1:0"))
            .args(args)
            .env_clear()
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let mut stderr = child.stderr.take().unwrap();
        let lines = Arc::clone(&log);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut buffer) {
                let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
                lines.lock().unwrap().push_str(&text);
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("{line:?} {}", log.lock().unwrap()));
        let listen = ready["listen"].as_str().unwrap();
        let port = listen.rsplit_once(':').unwrap().1.parse().unwrap();
        Server {
            child,
            port,
            ready,
            log,
        }
    }

    pub(super) fn issuer(&self) -> String {
        self.ready["issuer"].as_str().unwrap().to_owned()
    }

    pub(super) fn request(&self, method: &str, target: &str) -> Request {
        Request::new(self.port, method, target)
    }

    #[track_caller]
    pub(super) fn get(&self, target: &str) -> Answer {
        self.request("GET", target).send()
    }

    #[track_caller]
    pub(super) fn post(&self, target: &str, form: &[(&str, &str)]) -> Answer {
        self.request("POST", target).form(form).send()
    }

    /// A form of demo-service.
    pub(super) fn service_request(&self, target: &str, form: &[(&str, &str)]) -> Request {
        self.request("POST", target)
            .basic("demo-service", "demo-service-secret")
            .form(form)
    }

    /// The answer to a form of demo-service.
    #[track_caller]
    pub(super) fn service(&self, target: &str, form: &[(&str, &str)]) -> Answer {
        self.service_request(target, form).send()
    }

    /// Calls `/protected` with a token.
    #[track_caller]
    pub(super) fn protected(&self, token: &str) -> Answer {
        self.request("GET", "/protected").bearer(token).send()
    }

    /// An access token of demo-service.
    #[track_caller]
    pub(super) fn service_token(&self) -> String {
        self.service("/token", &[("grant_type", "client_credentials")])
            .text("access_token")
    }

    /// An access token of alice, by her password.
    #[track_caller]
    pub(super) fn alice_token(&self, scope: &str) -> String {
        let form = [
            ("grant_type", "password"),
            ("username", "alice"),
            ("password", "wonderland"),
            ("scope", scope),
        ];
        self.post("/token", &form).text("access_token")
    }

    /// The log, once it has a text in it.
    #[track_caller]
    pub(super) fn log_with(&self, text: &str) -> String {
        let started = Instant::now();
        loop {
            let log = self.log();
            if log.contains(text) {
                return log;
            }
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "no {text:?} in {log}"
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The log of all that has been asked by now.
    #[track_caller]
    pub(super) fn whole_log(&self) -> String {
        self.get("/end");
        self.log_with("\nGET /end - ")
    }

    pub(super) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let log = self.log();
        // Whatever a test did, the server did not break, and did not tell; faults may have been asked for.
        let lines = log.lines().filter(|line| !line.contains("; the fault "));
        let log = lines.collect::<Vec<_>>().join("\n");
        for word in ["panicked", " 500 ", "eyJ"] {
            if !thread::panicking() {
                assert!(!log.contains(word), "{word} in {log}");
            }
        }
        for line in log.lines().filter(|line| is_refusal(line)) {
            if !thread::panicking() {
                assert!(has_reason(line), "no reason in {line}");
            }
        }
    }
}

/// Whether a line of the log is that of a request which was refused.
pub(super) fn is_refusal(line: &str) -> bool {
    let status = line.split(' ').nth(3).and_then(|word| word.parse().ok());
    status.is_some_and(|status: u16| (400..500).contains(&status))
}

/// Whether it says why, and by which section of what.
pub(super) fn has_reason(line: &str) -> bool {
    let reason = line.split_once("ms; ").or_else(|| line.split_once(" -; "));
    let cites = |reason: &str| {
        [" section ", " appendix "]
            .iter()
            .any(|word| reason.contains(word))
    };
    reason.is_some_and(|(_, reason)| reason.ends_with(')') && cites(reason))
}
