//! Client ID Metadata Documents: a client whose `client_id` is a URL
//! (draft-ietf-oauth-client-id-metadata-document).

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};
use tempfile::tempdir;

use super::browser::{Browser, VERIFIER, request};
use super::http::Answer;
use super::server::Server;
use super::signer::{Signer, by_assertion};
use crate::support::{head_of, jott};

const CALLBACK: &str = "http://127.0.0.1:9/callback";
const URL: &str = "https://app.example/oauth/client.json";

/// A document as it should be.
fn document(url: &str) -> Value {
    json!({
        "client_id": url, "client_name": "An application", "redirect_uris": ["http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none",
    })
}

/// The flag for a document that lies in a folder.
fn flag(folder: &Path, url: &str, document: &Value) -> String {
    let path = folder.join("client.json");
    fs::write(&path, document.to_string()).unwrap();
    format!("--client-metadata={url}={}", path.display())
}

#[track_caller]
fn control(server: &Server, method: &str, body: &Value) -> Answer {
    let request = server.request(method, "/_control/client-metadata");
    request.body("application/json", body.to_string()).send()
}

/// A log-in by a client, and its tokens.
#[track_caller]
fn log_in(server: &Server, url: &str) -> Answer {
    let asked = request(&[("client_id", url), ("scope", "mcp:read")]);
    let back = Browser::new(server).allow(&asked);
    let code = back.back("code").unwrap_or_else(|| panic!("{back:?}"));
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", url),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    server.post("/token", &form)
}

#[track_caller]
fn authorize(server: &Server, url: &str) -> Answer {
    server.get(&format!("/authorize?{}", request(&[("client_id", url)])))
}

fn promised(server: &Server) -> Value {
    let metadata = server.get("/.well-known/oauth-authorization-server").json();
    metadata["client_id_metadata_document_supported"].clone()
}

#[test]
fn a_document_of_a_file_is_a_client() {
    let folder = tempdir().unwrap();
    let flag = flag(folder.path(), URL, &document(URL));
    let server = Server::with(&["--alg", "ES256", &flag]);
    assert_eq!(promised(&server), true);
    assert_eq!(
        server.get("/.well-known/openid-configuration").json()["client_id_metadata_document_supported"],
        true
    );
    let answer = log_in(&server, URL);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        super::mint::payload(&answer.text("access_token"))["client_id"],
        URL
    );
    let refresh = answer.text("refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", URL),
        ("refresh_token", refresh.as_str()),
    ];
    assert_eq!(server.post("/token", &form).status, 200);
    // `redirect_uris` decide.
    let asked = request(&[
        ("client_id", URL),
        ("redirect_uri", "http://127.0.0.1:9/other"),
    ]);
    assert_eq!(server.get(&format!("/authorize?{asked}")).status, 400);
    // People see whose it is, whatever it calls itself.
    let page = Browser::new(&server).log_in(&request(&[("client_id", URL)]));
    assert!(page.body.contains("An application"), "{page:?}");
    assert!(
        page.body.contains(&format!("<code>{URL}</code>")),
        "{page:?}"
    );
    // It is there after a reset, since it was there at the start.
    server
        .request("POST", "/_control/reset")
        .body("application/json", "{}")
        .send();
    assert_eq!(authorize(&server, URL).status, 200);
}

/// A client that has a document would use it where it is promised, and not register itself.
#[test]
fn documents_are_promised_where_they_can_be_known() {
    let server = Server::start();
    assert_eq!(promised(&server), false);
    let page = authorize(&server, URL);
    assert_eq!(page.status, 400);
    assert!(page.body.contains("--client-metadata URL=FILE"), "{page:?}");
    server.log_with(&format!("; there is no document of `{URL}`; `--client-metadata URL=FILE` gives it one, and `--fetch-client-metadata` lets it be fetched (RFC 6749 section 4.1.2.1)"));
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", URL),
        ("code", "x"),
    ];
    server.post("/token", &form).is_error(400, "invalid_client");
    assert_eq!(control(&server, "POST", &document(URL)).status, 201);
    assert_eq!(promised(&server), true);
    let fetching = Server::with(&["--alg", "ES256", "--fetch-client-metadata"]);
    assert_eq!(promised(&fetching), true);
}

#[test]
fn the_control_gives_documents_and_takes_them_away() {
    let server = Server::start();
    let added = control(&server, "POST", &document(URL));
    assert_eq!(
        (added.status, added.json()),
        (201, json!({"client_id": URL}))
    );
    let listed = server.get("/_control/client-metadata").json();
    assert_eq!(listed, json!({"given": [URL], "fetched": []}));
    assert_eq!(log_in(&server, URL).status, 200);
    let mut other = document(URL);
    other["redirect_uris"] = json!(["https://app.example/cb"]);
    assert_eq!(control(&server, "POST", &other).status, 201);
    assert_eq!(authorize(&server, URL).status, 400, "the last one counts");
    let place = format!("/_control/client-metadata?client_id={URL}");
    let removed = server.request("DELETE", &place).send();
    assert_eq!(removed.json(), json!({"removed": 1}));
    assert_eq!(
        server.get("/_control/client-metadata").json()["given"],
        json!([])
    );
    control(&server, "POST", &document(URL));
    assert_eq!(
        server
            .request("DELETE", "/_control/client-metadata")
            .send()
            .json(),
        json!({"removed": 1})
    );
    control(&server, "POST", &document(URL));
    server
        .request("POST", "/_control/reset")
        .body("application/json", "{}")
        .send();
    assert_eq!(promised(&server), false);
    let unknown = server
        .request("DELETE", "/_control/client-metadata?url=x")
        .send();
    assert_eq!(unknown.status, 400);
}

/// Draft sections Client Identifier and Client Metadata Document.
#[test]
fn what_is_no_document_is_refused_wherever_it_comes_from() {
    let folder = tempdir().unwrap();
    let server = Server::start();
    for (name, value, why) in [
        (
            "client_secret",
            json!("x"),
            "the document has `client_secret`, which everybody can read there",
        ),
        (
            "client_secret_expires_at",
            json!(0),
            "the document has `client_secret_expires_at`, which everybody can read there",
        ),
        (
            "token_endpoint_auth_method",
            json!("client_secret_basic"),
            "the document wants client_secret_basic, but nobody shares a secret with its client",
        ),
        (
            "token_endpoint_auth_method",
            json!("client_secret_jwt"),
            "the document wants client_secret_jwt, but nobody shares a secret with its client",
        ),
        (
            "token_endpoint_auth_method",
            json!("private_key_jwt"),
            "`token_endpoint_auth_method` is private_key_jwt, but there is no `jwks` to check its assertions with",
        ),
        (
            "jwks_uri",
            json!("https://app.example/jwks.json"),
            "`jwks_uri` would have to be fetched, but nothing is fetched because a client says so",
        ),
        (
            "redirect_uris",
            json!([]),
            "there is no `redirect_uris`, but the grant authorization_code needs one",
        ),
        (
            "redirect_uris",
            json!(["http://app.example/cb"]),
            "the redirect URI `http://app.example/cb` is plain http on another machine",
        ),
        (
            "scope",
            json!("a\"b"),
            "`scope` is not a list of words with one space between: `a\"b`",
        ),
    ] {
        let mut wrong = document(URL);
        wrong[name] = value;
        let answer = control(&server, "POST", &wrong);
        assert_eq!((answer.status, answer.text("message").as_str()), (400, why));
        let flag = flag(folder.path(), URL, &wrong);
        let refused = jott(["serve-demo", &flag]).run();
        assert_eq!(refused.status, Some(2));
        let first = refused.stderr.lines().next().unwrap();
        assert!(
            first.starts_with("error: ") && first.ends_with(&format!("client.json: {why}")),
            "{first}"
        );
    }
    for url in [
        "https://app.example",
        "http://app.example/client.json",
        "https://app.example/a/../client.json",
        "https://user@app.example/client.json",
        "app",
    ] {
        let answer = control(&server, "POST", &document(url));
        assert_eq!(answer.status, 400, "{url}");
    }
    let flag = flag(
        folder.path(),
        URL,
        &document("https://app.example/other.json"),
    );
    let refused = jott(["serve-demo", &flag]).run();
    assert_eq!(refused.status, Some(2));
    assert!(refused.stderr.contains("client.json: the document is of `https://app.example/other.json`, but its URL is another\n"), "{}", refused.stderr);
    let mut large = document(URL);
    large["client_name"] = json!("x".repeat(5 << 10));
    assert_eq!(
        control(&server, "POST", &large).text("message"),
        "the document is larger than 5 KiB"
    );
    let flag = self::flag(folder.path(), URL, &large);
    assert_ne!(jott(["serve-demo", &flag]).run().status, Some(0));
    for (wrong, status) in [
        ("--client-metadata=x", 2),
        ("--client-metadata==f", 2),
        ("--client-metadata=https://app.example/c=/nowhere", 5),
    ] {
        assert_eq!(
            jott(["serve-demo", wrong]).run().status,
            Some(status),
            "{wrong}"
        );
    }
}

/// The keys of a document are those of its client (OpenID Connect Core 1.0 section 9).
#[test]
fn a_client_with_a_document_may_sign_who_it_is() {
    let (server, signer) = (Server::start(), Signer::new());
    let mut signing = document(URL);
    signing["token_endpoint_auth_method"] = json!("private_key_jwt");
    signing["jwks"] = serde_json::from_str(&signer.jwks()).unwrap();
    signing["grant_types"] = json!(["client_credentials"]);
    assert_eq!(control(&server, "POST", &signing).status, 201);
    let assertion = signer.assertion(URL, &server.issuer());
    let form = by_assertion(&assertion, &[("grant_type", "client_credentials")]);
    assert_eq!(server.post("/token", &form).status, 200);
    let unsigned = [("grant_type", "client_credentials"), ("client_id", URL)];
    server
        .post("/token", &unsigned)
        .is_error(400, "invalid_client");
}

/// Serves a document on this machine, and counts how often it is asked for.
struct Host {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Host {
    fn serving(answer: impl Fn(u16) -> String + Send + 'static) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = head_of(&mut stream);
                counted.fetch_add(1, Ordering::Relaxed);
                let _ = stream.write_all(answer(port).as_bytes());
            }
        });
        Host { port, asked }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/client.json", self.port)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn own(port: u16) -> String {
    ok(&document(&format!("http://127.0.0.1:{port}/client.json")).to_string())
}

fn fetching() -> Server {
    Server::with(&["--alg", "ES256", "--fetch-client-metadata"])
}

#[test]
fn a_document_is_fetched_once_in_a_minute() {
    let (server, host) = (fetching(), Host::serving(own));
    let url = host.url();
    assert_eq!(log_in(&server, &url).status, 200);
    assert_eq!(host.asked(), 1);
    let listed = server.get("/_control/client-metadata").json();
    assert_eq!(listed, json!({"given": [], "fetched": [url]}));
    let later = server.request("POST", "/_control/clock");
    later
        .body("application/json", "{\"advance\":\"61s\"}")
        .send();
    assert_eq!(authorize(&server, &url).status, 200);
    assert_eq!(host.asked(), 2);
}

/// A push and a device begin without a browser.
#[test]
fn a_document_is_fetched_wherever_a_client_begins() {
    let (server, host) = (fetching(), Host::serving(own));
    let url = host.url();
    let challenge = super::browser::challenge();
    let form = [
        ("client_id", url.as_str()),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(server.post("/par", &form).status, 201);
    assert_eq!(host.asked(), 1);
}

#[test]
fn without_the_flag_nothing_is_fetched() {
    let (server, host) = (Server::start(), Host::serving(own));
    assert_eq!(authorize(&server, &host.url()).status, 400);
    assert_eq!(host.asked(), 0);
}

/// What is fetched has the bounds of the draft, each with its reason in the log.
#[test]
fn what_cannot_be_fetched_is_refused_with_its_reason() {
    let server = fetching();
    for (answer, why) in [
        (
            "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "is answered with a redirect (302), which is not followed",
        ),
        (
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "is answered with 404",
        ),
        (ok(&"x".repeat(6 << 10)), "is larger than 5 KiB"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
            "is not application/json, or another media type of JSON",
        ),
    ] {
        let host = Host::serving(move |_| answer.clone());
        let page = authorize(&server, &host.url());
        assert_eq!(page.status, 400);
        server.log_with(&format!("; the document `{}` {why} (Client ID Metadata Document draft section Client Information Discovery)", host.url()));
        assert_eq!(host.asked(), 1);
        // An error is not kept.
        authorize(&server, &host.url());
        assert_eq!(host.asked(), 2);
    }
    let other = Host::serving(|_| ok(&document(URL).to_string()));
    assert_eq!(authorize(&server, &other.url()).status, 400);
    server.log_with(&format!("; the document is of `{URL}`, but its URL is another (Client ID Metadata Document draft section Client Metadata Document)"));
    for (url, why) in [
        (
            "https://169.254.169.254/latest/meta-data",
            "is at an address that is neither public nor of this machine",
        ),
        (
            "https://10.0.0.1/client.json",
            "is at an address that is neither public nor of this machine",
        ),
        (
            "https://[fe80::1]/client.json",
            "is at an address that is neither public nor of this machine",
        ),
        (
            "https://[::ffff:192.168.1.1]/client.json",
            "is at an address that is neither public nor of this machine",
        ),
    ] {
        assert_eq!(authorize(&server, url).status, 400);
        server.log_with(&format!("; the document `{url}` {why} "));
    }
    // What is no URL of a document is not asked for.
    let asked = authorize(&server, "http://app.example/client.json");
    assert_eq!(asked.status, 400);
    server.log_with("; `http://app.example/client.json` is plain http on another machine, so it can have no document ");
}

/// Somebody who never answers holds up nobody else, and not for long.
#[test]
fn a_host_that_never_answers_is_given_up_after_5_seconds() {
    let server = fetching();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/client.json", silent.local_addr().unwrap());
    let asked = request(&[("client_id", &url)]);
    let waiting = server.request("GET", &format!("/authorize?{asked}"));
    let slow = thread::spawn(move || waiting.send().status);
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(slow.join().unwrap(), 400);
    server.log_with(&format!(
        "; the document `{url}` did not come within 5 seconds "
    ));
}
