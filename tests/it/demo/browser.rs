//! A browser: it keeps cookies, fills in forms, and follows no redirect unasked.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::http::{Answer, Request, query};
use super::server::Server;

pub(super) const CALLBACK: &str = "http://127.0.0.1:9/callback";
pub(super) const VERIFIER: &str = "a-verifier-of-at-least-43-characters-0123456789";

/// The S256 challenge of the verifier (RFC 7636 section 4.2).
pub(super) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()))
}

/// An authorization request of demo-app as it should be; a parameter that is given takes the place
/// of its own, and an empty one takes it away.
pub(super) fn request(changes: &[(&str, &str)]) -> String {
    let challenge = challenge();
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "demo-app"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid items:read"),
        ("state", "xyz"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    parameters.retain(|(name, _)| changes.iter().all(|(changed, _)| name != changed));
    parameters.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    query(&parameters)
}

/// A browser at a server.
pub(super) struct Browser<'a> {
    pub(super) server: &'a Server,
    pub(super) cookie: Option<String>,
    /// Who sits there, and the password.
    pub(super) user: (&'static str, &'static str),
}

impl<'a> Browser<'a> {
    pub(super) fn new(server: &'a Server) -> Self {
        Browser {
            server,
            cookie: None,
            user: ("alice", "wonderland"),
        }
    }

    pub(super) fn request(&self, method: &str, target: &str) -> Request {
        let request = self.server.request(method, target);
        match &self.cookie {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        }
    }

    pub(super) fn send(&mut self, request: &Request) -> Answer {
        let answer = request.send();
        for cookie in answer.headers("set-cookie") {
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        answer
    }

    #[track_caller]
    pub(super) fn get(&mut self, target: &str) -> Answer {
        let request = self.request("GET", target);
        self.send(&request)
    }

    /// Posts the form of a page, with what is filled in.
    #[track_caller]
    pub(super) fn fill(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let hidden = [
            ("request", field(page, "request")),
            ("csrf", field(page, "csrf")),
        ];
        let hidden = hidden.iter().map(|(name, value)| (*name, value.as_str()));
        let form: Vec<_> = hidden.chain(fields.iter().copied()).collect();
        let origin = format!("http://127.0.0.1:{}", self.server.port);
        let request = self
            .request("POST", action)
            .header("Origin", &origin)
            .form(&form);
        self.send(&request)
    }

    /// Goes to `/authorize` and logs in; gives the consent page.
    #[track_caller]
    pub(super) fn log_in(&mut self, authorization_request: &str) -> Answer {
        let page = self.get(&format!("/authorize?{authorization_request}"));
        assert!(page.body.contains("Log in"), "{page:?}");
        let (username, password) = self.user;
        let fields = [("username", username), ("password", password)];
        let answer = self.fill(&page, "/login", &fields);
        assert_eq!(answer.status, 303, "{answer:?}");
        let consent = answer.header("location").to_owned();
        self.get(&consent)
    }

    /// Logs in and says yes; gives the answer that leads back to the client.
    #[track_caller]
    pub(super) fn allow(&mut self, authorization_request: &str) -> Answer {
        let page = self.log_in(authorization_request);
        self.fill(&page, "/consent", &[("decision", "allow")])
    }
}

/// The value of a hidden field.
#[track_caller]
pub(super) fn field(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .body
        .split_once(&start)
        .unwrap_or_else(|| panic!("{page:?}"));
    let (value, _) = rest.split_once('"').unwrap();
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    plain
        .iter()
        .fold(value.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A code for demo-app that alice has just allowed.
#[track_caller]
pub(super) fn code(server: &Server, changes: &[(&str, &str)]) -> String {
    let answer = Browser::new(server).allow(&request(changes));
    answer.back("code").unwrap_or_else(|| panic!("{answer:?}"))
}

/// The form that redeems a code of demo-app.
pub(super) fn redemption(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", "demo-app"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}

/// The form that uses a refresh token of demo-app.
pub(super) fn refreshing(token: &str) -> [(&str, &str); 3] {
    [
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", token),
    ]
}

/// Tokens of demo-app for alice.
#[track_caller]
pub(super) fn tokens(server: &Server, changes: &[(&str, &str)]) -> Answer {
    let answer = server.post("/token", &redemption(&code(server, changes)));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}
