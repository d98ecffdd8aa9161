//! An authorization server that is played: it answers whatever a test wants, right or wrong.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// A request as it came.
pub(super) struct Asked {
    /// Method and path.
    pub(super) what: String,
    pub(super) body: String,
}

/// A server on a free port; it goes with the process.
pub(super) struct Played {
    pub(super) issuer: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// An answer with JSON.
pub(super) fn answer(status: u16, body: &str) -> String {
    with_lines(status, "Content-Type: application/json\r\n", body)
}

/// An answer with header lines of its own.
pub(super) fn with_lines(status: u16, lines: &str, body: &str) -> String {
    let len = body.len();
    format!(
        "HTTP/1.1 {status} X\r\n{lines}Content-Length: {len}\r\nConnection: close\r\n\r\n{body}"
    )
}

impl Played {
    /// One whose metadata is right, and whose other answers are those of a function.
    pub(super) fn start(reply: impl Fn(&Asked) -> String + Send + Sync + 'static) -> Played {
        Played::with(&json!({}), reply)
    }

    /// One whose metadata has these members too, or in place of its own; ISSUER stands for where it is.
    pub(super) fn with(
        members: &Value,
        reply: impl Fn(&Asked) -> String + Send + Sync + 'static,
    ) -> Played {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (mine, log) = (metadata(&issuer, members), Arc::clone(&asked));
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&mut BufReader::new(&stream)) else {
                    continue;
                };
                let said = match request.what.as_str() {
                    "GET /.well-known/openid-configuration" => answer(200, &mine),
                    _ => reply(&request),
                };
                log.lock().unwrap().push(request);
                let _ = stream.write_all(said.as_bytes());
            }
        });
        Played { issuer, asked }
    }

    /// What came to a path, in its order.
    pub(super) fn bodies(&self, what: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let asked = asked.iter().filter(|asked| asked.what == what);
        asked.map(|asked| asked.body.clone()).collect()
    }
}

fn metadata(issuer: &str, members: &Value) -> String {
    let mut metadata = json!({
        "issuer": "ISSUER",
        "authorization_endpoint": "ISSUER/authorize",
        "token_endpoint": "ISSUER/token",
        "device_authorization_endpoint": "ISSUER/device",
        "jwks_uri": "ISSUER/jwks",
    });
    let all = metadata.as_object_mut().unwrap();
    all.extend(members.as_object().unwrap().clone());
    metadata.to_string().replace("ISSUER", issuer)
}

fn read(stream: &mut impl BufRead) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let what = head.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let lower = head.to_ascii_lowercase();
    let len = lower
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let len = len.map_or(0, |len| len.trim().parse().unwrap());
    let mut body = vec![0; len];
    stream.read_exact(&mut body).ok()?;
    Some(Asked {
        what,
        body: String::from_utf8(body).unwrap(),
    })
}
