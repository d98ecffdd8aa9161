//! HTTP by hand: what a library would not send can be sent, and nothing is hidden.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    /// Reads an answer whose end is the end of the connection.
    pub(super) fn parse(bytes: &[u8]) -> Option<Answer> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(':'));
        Some(Answer {
            status,
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .collect(),
            body: body.to_owned(),
        })
    }

    /// The only header of a name.
    #[track_caller]
    pub(super) fn header(&self, name: &str) -> &str {
        match self.headers(name).as_slice() {
            [one] => one,
            found => panic!("{name}: {found:?} in {self:?}"),
        }
    }

    pub(super) fn headers(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        serde_json::from_str(&self.body).unwrap()
    }

    /// A member of the body that is a string.
    #[track_caller]
    pub(super) fn text(&self, name: &str) -> String {
        let json = self.json();
        json[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in {json}"))
            .to_owned()
    }

    /// Checks an error of RFC 6749 section 5.2.
    #[track_caller]
    pub(super) fn is_error(&self, status: u16, error: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.text("error"), error);
        assert_eq!(self.header("cache-control"), "no-store");
        let words = self.text("error_description");
        let allowed = |b: u8| matches!(b, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        assert!(words.bytes().all(allowed), "{words}");
    }

    /// A parameter in the query of where the answer redirects to.
    #[track_caller]
    pub(super) fn back(&self, name: &str) -> Option<String> {
        assert_eq!(self.status, 303, "{self:?}");
        let (_, query) = self.header("location").split_once('?').unwrap();
        let found: Vec<_> = pairs(query)
            .into_iter()
            .filter(|(n, _)| n == name)
            .collect();
        assert!(found.len() <= 1, "{found:?}");
        found.into_iter().next().map(|(_, value)| value)
    }
}

/// A request that is being put together.
#[derive(Clone, Debug)]
#[must_use]
pub(super) struct Request {
    port: u16,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(super) fn new(port: u16, method: &str, target: &str) -> Request {
        Request {
            port,
            line: format!("{method} {target} HTTP/1.1"),
            headers: vec![("Host".to_owned(), format!("127.0.0.1:{port}"))],
            body: Vec::new(),
        }
    }

    /// Adds a header, or replaces that of Host.
    pub(super) fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.retain(|(n, _)| n != "Host" || name != "Host");
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn without_host(mut self) -> Request {
        self.headers.retain(|(n, _)| n != "Host");
        self
    }

    pub(super) fn bearer(self, token: &str) -> Request {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// Authenticates a client (RFC 6749 section 2.3.1).
    pub(super) fn basic(self, id: &str, secret: &str) -> Request {
        use base64::Engine as _;
        let text = format!("{}:{}", encode(id), encode(secret));
        let text = base64::engine::general_purpose::STANDARD.encode(text);
        self.header("Authorization", &format!("Basic {text}"))
    }

    pub(super) fn body(mut self, content_type: &str, body: impl AsRef<[u8]>) -> Request {
        self.body = body.as_ref().to_vec();
        let length = self.body.len().to_string();
        self.header("Content-Type", content_type)
            .header("Content-Length", &length)
    }

    pub(super) fn form(self, form: &[(&str, &str)]) -> Request {
        self.body("application/x-www-form-urlencoded", query(form))
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\nConnection: close\r\n", self.line);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        [text.as_bytes(), b"\r\n", &self.body].concat()
    }

    #[track_caller]
    pub(super) fn send(&self) -> Answer {
        send(self.port, &self.bytes()).unwrap_or_else(|| panic!("no answer to {}", self.line))
    }
}

/// Sends bytes and reads to the end; `None` where there is no answer.
pub(super) fn send(port: u16, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    // The answer may come before the server has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    Answer::parse(&answer)
}

/// Parameters as a query or a form.
pub(super) fn query(parameters: &[(&str, &str)]) -> String {
    let pairs = parameters
        .iter()
        .map(|(n, v)| format!("{}={}", encode(n), encode(v)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Form encoding (RFC 6749 appendix B).
pub(super) fn encode(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => (b as char).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A query as its parameters.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    let split = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (decode(name), decode(value))
    };
    query.split('&').map(split).collect()
}
