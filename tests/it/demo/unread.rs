//! Who reads nothing: neither what the server says on standard error, nor its answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::server::Server;

/// A server whose standard error is a pipe that nobody reads, as many a harness starts it.
struct Unread {
    child: Child,
    port: u16,
    stderr: ChildStderr,
}

impl Unread {
    fn start() -> Unread {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jott"))
            .args([
                "serve-demo",
                "--json",
                "--alg=ES256",
                "--listen=127.0.0.1:0",
            ])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let (_, port) = ready["listen"].as_str().unwrap().rsplit_once(':').unwrap();
        Unread {
            port: port.parse().unwrap(),
            stderr: child.stderr.take().unwrap(),
            child,
        }
    }

    /// Asks so often on one connection, and has as many answers.
    fn ask(&self, times: usize) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        // The line of the log is long, so that few fill a pipe.
        let target = "x/".repeat(49);
        let request = format!("HEAD /{target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut answer = [0; 4096];
        for number in 0..times {
            stream.write_all(request.as_bytes()).unwrap();
            let count = stream.read(&mut answer).unwrap();
            assert!(answer[..count].starts_with(b"HTTP/1.1 404"), "{number}");
        }
    }

    /// Asks it to end, and waits for that.
    fn end(&mut self) -> Option<i32> {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_log_that_nobody_reads_stops_neither_answers_nor_signals() {
    let mut server = Unread::start();
    server.ask(3000);
    assert_eq!(server.end(), Some(0));
}

/// What is dropped is counted where it is missing, and what comes later is there again.
#[test]
fn lines_that_were_dropped_are_counted() {
    let mut server = Unread::start();
    server.ask(3000);
    let mut log = String::new();
    let mut buffer = [0; 4096];
    // A busy machine may leave out lines in several places.
    while asked(&log) + dropped(&log) < 3000 {
        let count = server.stderr.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "{log}");
        log.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    assert_eq!(asked(&log) + dropped(&log), 3000);
    assert_ne!(dropped(&log), 0);
    server.ask(7);
    assert_eq!(server.end(), Some(0));
    server.stderr.read_to_string(&mut log).unwrap();
    assert_eq!(asked(&log) + dropped(&log), 3007);
    assert!(log.ends_with('\n'));
    let after = log.rsplit_once("nobody read them\n").unwrap().1;
    assert!(asked(after) >= 7, "{after}");
}

/// How many whole lines there are of requests.
fn asked(log: &str) -> usize {
    let lines = log
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    lines.filter(|line| line.starts_with("HEAD /x/")).count()
}

/// How many are said to be left out.
fn dropped(log: &str) -> usize {
    let counts = log.split_inclusive('\n').filter_map(|line| {
        let line = line.strip_prefix("note: ")?;
        let (count, rest) = line.split_once(' ')?;
        rest.ends_with(" left out here: nobody read them\n")
            .then(|| count.parse::<usize>().unwrap())
    });
    counts.sum()
}

/// Who asks for much and reads nothing holds a connection for 10 seconds, as one who sends nothing does.
#[test]
fn answers_that_nobody_reads_are_given_up_and_others_served() {
    let server = Server::start();
    let request = b"GET /docs HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(40);
    let started = Instant::now();
    let silent: Vec<_> = (0..520)
        .map_while(|_| TcpStream::connect(("127.0.0.1", server.port)).ok())
        .collect();
    assert!(silent.len() > 512, "{}", silent.len());
    for mut stream in &silent {
        stream.set_nonblocking(true).unwrap();
        // What does not fit is not needed.
        let _ = stream.write(&request);
    }
    // Every connection that there may be is taken.
    assert_eq!(server.get("/healthz").status, 200);
    assert!(started.elapsed() > Duration::from_secs(8));
    let line =
        "\n- - - - -; the client did not read its answers in 10 seconds (RFC 9112 section 9.5)\n";
    server.log_with(line);
}
