//! Clients that are told when somebody logs out (OpenID Connect Back-Channel Logout 1.0).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::browser::{Browser, redemption, request};
use super::server::Server;

const JOTT: &str = env!("CARGO_BIN_EXE_jott");

/// A client that waits for one request, and answers with a status, in the pieces in which many servers send it.
fn waits(listener: TcpListener, status: &'static str) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(&stream);
        let mut text = String::new();
        while !text.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut text).unwrap(), 0, "{text}");
        }
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.parse().unwrap())
        });
        reader
            .take(length.unwrap())
            .read_to_string(&mut text)
            .unwrap();
        for piece in ["HTTP/1.1 ", status, "\r\nContent-Length: 0\r\n", "\r\n"] {
            (&stream).write_all(piece.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        text
    })
}

/// A server that has clients who are told at these URIs: `told0`, `told1` and so on.
fn server(uris: &[String]) -> (Server, NamedTempFile) {
    let clients = uris.iter().enumerate().map(|(index, uri)| {
        format!(
            "[[client]]\nid = \"told{index}\"\nredirect_uris = [\"http://127.0.0.1/callback\"]\n\
             backchannel_logout_uri = \"{uri}\"\ngrants = [\"authorization_code\"]\nscopes = [\"openid\"]\n"
        )
    });
    let config: String = clients.collect();
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    (server, file)
}

fn claims(token: &str) -> Value {
    let decoded = jsonwebtoken::dangerous::insecure_decode::<Value>(token);
    decoded.unwrap().claims
}

/// The ID token of a client, for who sits at a browser.
#[track_caller]
fn id_token(server: &Server, browser: &mut Browser<'_>, client: &str) -> String {
    let asked = request(&[("client_id", client), ("scope", "openid")]);
    let page = browser.get(&format!("/authorize?{asked}"));
    let answer = match page.body.contains("Allow access?") {
        true => browser.fill(&page, "/consent", &[("decision", "allow")]),
        false => browser.allow(&asked),
    };
    let code = answer.back("code").unwrap_or_else(|| panic!("{answer:?}"));
    let form = redemption(&code).map(|(name, value)| match name {
        "client_id" => (name, client),
        _ => (name, value),
    });
    server.post("/token", &form).text("id_token")
}

/// Sections 2.4 and 2.5.
#[test]
fn every_client_of_a_session_is_told_when_it_ends() {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let uris: Vec<String> = listeners
        .iter()
        .map(|listener| format!("http://{}/out?from=jott", listener.local_addr().unwrap()))
        .collect();
    let (server, _file) = server(&uris);
    let waiting: Vec<_> = listeners
        .into_iter()
        .map(|listener| waits(listener, "200 OK"))
        .collect();
    let mut browser = Browser::new(&server);
    let first = id_token(&server, &mut browser, "told0");
    let second = id_token(&server, &mut browser, "told1");
    let of_another = id_token(&server, &mut browser, "demo-app");
    let sid = claims(&first)["sid"].clone();
    assert!(sid.is_string());
    assert_eq!(claims(&second)["sid"], sid, "one session, one name");
    assert!(claims(&of_another).get("sid").is_none());
    let answer = browser.get(&format!("/end_session?id_token_hint={first}"));
    assert_eq!(answer.status, 200);
    for (index, one) in waiting.into_iter().enumerate() {
        let told = one.join().unwrap();
        assert!(
            told.starts_with("POST /out?from=jott HTTP/1.1\r\n"),
            "{told}"
        );
        assert!(told.contains("application/x-www-form-urlencoded"), "{told}");
        let token = told.rsplit_once("logout_token=").unwrap().1;
        let header = jsonwebtoken::decode_header(token).unwrap();
        assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
        let claims = claims(token);
        let client = format!("told{index}");
        assert_eq!(claims["aud"], client.as_str());
        assert_eq!((&claims["sub"], &claims["sid"]), (&json!("alice"), &sid));
        let event = "http://schemas.openid.net/event/backchannel-logout";
        assert_eq!(claims["events"], json!({ event: {} }));
        assert!(claims["jti"].is_string() && claims.get("nonce").is_none());
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, 120);
        // It is signed by the key that is published.
        let source = format!("issuer:{}", server.issuer());
        let verdict = Command::new(JOTT)
            .args([
                "verify",
                "--key",
                &source,
                "--aud",
                &client,
                "--typ",
                "logout+jwt",
                "-q",
                token,
            ])
            .status();
        assert!(verdict.unwrap().success());
        server.log_with(&format!("{client} was told of the log-out"));
    }
    let metadata = server.get("/.well-known/openid-configuration").json();
    for name in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
    ] {
        assert_eq!(metadata[name], true, "{name}");
    }
}

/// Section 2.7: what goes wrong at a client keeps nobody from logging out.
#[test]
fn a_client_that_cannot_be_told_is_in_the_log() {
    let refusing = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let uris = [&refusing, &gone].map(|one| format!("http://{}/", one.local_addr().unwrap()));
    drop(gone);
    let (server, _file) = server(&uris);
    let waiting = waits(refusing, "400 Bad Request");
    let mut browser = Browser::new(&server);
    let first = id_token(&server, &mut browser, "told0");
    id_token(&server, &mut browser, "told1");
    browser.get(&format!("/end_session?id_token_hint={first}"));
    waiting.join().unwrap();
    server.log_with("and answered 400");
    let log = server.log_with("and gave no answer: ");
    assert!(!log.contains("logout_token"), "{log}");
}

#[test]
fn nobody_else_is_called_because_a_client_says_so() {
    for uri in [
        "https://127.0.0.1/out",
        "http://app.example/out",
        "http://10.0.0.1/out",
    ] {
        let file = NamedTempFile::new().unwrap();
        let text = format!("[[client]]\nid = \"x\"\nbackchannel_logout_uri = \"{uri}\"\n");
        std::fs::write(file.path(), text).unwrap();
        let output = Command::new(JOTT)
            .args(["serve-demo", "--config", file.path().to_str().unwrap()])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("backchannel_logout_uri"), "{stderr}");
    }
}

/// Section 2.2: what a client registers is as good as what the configuration has, and is in the answer.
#[test]
fn a_client_that_registers_is_told_too() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/out", listener.local_addr().unwrap());
    let waiting = waits(listener, "204 No Content");
    let server = Server::start();
    let metadata = json!({
        "redirect_uris": ["http://127.0.0.1/callback"],
        "token_endpoint_auth_method": "none",
        "scope": "openid",
        "backchannel_logout_uri": uri,
        "backchannel_logout_session_required": true,
    });
    let request = server.request("POST", "/register");
    let answer = request
        .body("application/json", metadata.to_string())
        .send();
    assert_eq!(answer.status, 201, "{answer:?}");
    let registered = answer.json();
    assert_eq!(registered["backchannel_logout_uri"], uri);
    assert_eq!(registered["backchannel_logout_session_required"], true);
    let client = registered["client_id"].as_str().unwrap();
    let mut browser = Browser::new(&server);
    let token = id_token(&server, &mut browser, client);
    browser.get(&format!("/end_session?id_token_hint={token}"));
    let told = waiting.join().unwrap();
    let told = claims(told.rsplit_once("logout_token=").unwrap().1);
    assert_eq!(
        (&told["aud"], &told["sub"]),
        (&json!(client), &json!("alice"))
    );
    assert_eq!(told["sid"], claims(&token)["sid"]);
}
