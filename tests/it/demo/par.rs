//! Authorization requests that are pushed (RFC 9126), row A12.

use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use super::browser::{Browser, CALLBACK, VERIFIER, challenge, redemption};
use super::http::{Answer, query};
use super::server::Server;
use super::signer::{Signer, by_assertion};

const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// A request of demo-app, without the client; changes as those of `browser::request`.
fn form<'a>(challenge: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("client_id", "demo-app"),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid items:read"),
        ("state", "xyz"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ];
    form.retain(|(name, _)| changes.iter().all(|(changed, _)| name != changed));
    form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    form
}

#[track_caller]
fn push(server: &Server, changes: &[(&str, &str)]) -> Answer {
    server.post("/par", &form(&challenge(), changes))
}

#[track_caller]
fn pushed(server: &Server, changes: &[(&str, &str)]) -> String {
    let answer = push(server, changes);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json()["expires_in"], 60);
    let reference = answer.text("request_uri");
    assert!(reference.starts_with(URN), "{reference}");
    query(&[("client_id", "demo-app"), ("request_uri", &reference)])
}

/// Sections 2.2 and 4, and section 7.3: once.
#[test]
fn a_pushed_request_is_answered_once() {
    let server = Server::start();
    let reference = pushed(&server, &[]);
    let back = Browser::new(&server).allow(&reference);
    assert_eq!(back.back("state").as_deref(), Some("xyz"));
    let code = back.back("code").unwrap();
    let answer = server.post("/token", &redemption(&code));
    assert_eq!(answer.json()["scope"], "openid items:read");
    let again = server.get(&format!("/authorize?{reference}"));
    assert_eq!(again.status, 400);
    assert!(again.headers("location").is_empty());
    server.log_with("; the `request_uri` is unknown, or has been answered (RFC 9126 section 4)");
}

/// Section 7.3: a browser that has brought it owns it.
#[test]
fn a_pushed_request_is_opened_once() {
    let server = Server::start();
    let reference = pushed(&server, &[]);
    let mut first = Browser::new(&server);
    let page = first.log_in(&reference);
    let second = server.get(&format!("/authorize?{reference}"));
    assert_eq!(second.status, 400);
    server.log_with("; the `request_uri` has been used already (");
    let back = first.fill(&page, "/consent", &[("decision", "allow")]);
    assert!(back.back("code").is_some());
    // The form again.
    let again = first.fill(&page, "/consent", &[("decision", "allow")]);
    assert_eq!(again.status, 400);
}

/// Section 4: what the browser adds does not count.
#[test]
fn what_stands_beside_the_reference_changes_nothing() {
    let server = Server::start();
    let reference = pushed(&server, &[]);
    let more = query(&[
        ("scope", "items:write"),
        ("state", "other"),
        ("redirect_uri", "https://evil.example/"),
    ]);
    let back = Browser::new(&server).allow(&format!("{reference}&{more}"));
    assert_eq!(back.back("state").as_deref(), Some("xyz"));
    let answer = server.post("/token", &redemption(&back.back("code").unwrap()));
    assert_eq!(answer.json()["scope"], "openid items:read");
}

/// Section 2.1: the same errors as at `/authorize`, for the client itself.
#[test]
fn what_would_be_refused_later_is_refused_at_once() {
    let server = Server::start();
    for (change, status, error) in [
        (("response_type", "token"), 400, "unsupported_response_type"),
        (("response_type", ""), 400, "invalid_request"),
        (("scope", "nothing"), 400, "invalid_scope"),
        (("resource", "x"), 400, "invalid_target"),
        (
            ("redirect_uri", "https://evil.example/"),
            400,
            "invalid_request",
        ),
        (("redirect_uri", ""), 400, "invalid_request"),
        (("code_challenge", ""), 400, "invalid_request"),
        (("prompt", "none login"), 400, "invalid_request"),
        (("request_uri", "urn:x"), 400, "invalid_request"),
        (("request", "a.b.c"), 400, "request_not_supported"),
        (("dpop_jkt", "x"), 400, "invalid_request"),
        (("client_id", "nobody"), 400, "invalid_client"),
        (("client_id", ""), 400, "invalid_client"),
        (("client_id", "demo-service"), 400, "invalid_client"),
    ] {
        push(&server, &[change]).is_error(status, error);
    }
    assert_eq!(server.get("/par").status, 405);
    let challenge = challenge();
    let twice = [form(&challenge, &[]), vec![("state", "x")]].concat();
    server.post("/par", &twice).is_error(400, "invalid_request");
}

/// Sections 2.1 and 4: another client's, another text, and none.
#[test]
fn a_reference_is_its_clients_and_nobody_guesses_one() {
    let server = Server::start();
    let reference = pushed(&server, &[]).replace("demo-app", "demo-web");
    assert_eq!(server.get(&format!("/authorize?{reference}")).status, 400);
    server.log_with("; the `request_uri` is another client's (");
    let guess = query(&[
        ("client_id", "demo-app"),
        ("request_uri", &format!("{URN}x")),
    ]);
    let page = server.get(&format!("/authorize?{guess}"));
    assert_eq!(page.status, 400);
    assert!(page.body.contains("invalid_request_uri"), "{page:?}");
    // The pages of a request that nobody has opened.
    let reference = pushed(&server, &[]);
    assert_eq!(server.get(&format!("/consent?{reference}")).status, 400);
}

/// Section 2.2: it expires.
#[test]
fn a_reference_expires_after_a_minute() {
    let server = Server::start();
    let reference = pushed(&server, &[]);
    let clock = server
        .request("POST", "/_control/clock")
        .body("application/json", "{\"advance\":\"61s\"}");
    assert_eq!(clock.send().status, 200);
    assert_eq!(server.get(&format!("/authorize?{reference}")).status, 400);
    server.log_with("; the `request_uri` has expired (");
}

/// Section 2: the client says who it is as at the token endpoint, and what proves it is not kept.
#[test]
fn a_client_pushes_with_a_secret_or_an_assertion() {
    let signer = Signer::new();
    let folder = tempdir().unwrap();
    let path = folder.path().join("demo.toml");
    let config = format!(
        "[[client]]\nid = \"signer\"\njwks = \"keys.json\"\nredirect_uris = [\"{CALLBACK}\"]\nrequire_pushed_authorization_requests = true\n"
    );
    fs::write(folder.path().join("keys.json"), signer.jwks()).unwrap();
    fs::write(&path, config).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", path.to_str().unwrap()]);
    let challenge = challenge();
    let web = form(&challenge, &[("client_id", "")]);
    let basic = server
        .request("POST", "/par")
        .basic("demo-web", "demo-web-secret");
    assert_eq!(basic.form(&web).send().status, 201);
    let basic = server.request("POST", "/par").basic("demo-web", "wrong");
    basic.form(&web).send().is_error(401, "invalid_client");
    let assertion = signer.assertion("signer", &format!("{}/par", server.issuer()));
    let own = form(&challenge, &[("client_id", "")]);
    let answer = server.post("/par", &by_assertion(&assertion, &own));
    assert_eq!(answer.status, 201, "{answer:?}");
    let reference = answer.text("request_uri");
    let back = Browser::new(&server).allow(&query(&[
        ("client_id", "signer"),
        ("request_uri", &reference),
    ]));
    let code = back.back("code").unwrap();
    let assertion = signer.assertion("signer", &server.issuer());
    let redemption = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = server.post("/token", &by_assertion(&assertion, &redemption));
    assert_eq!(answer.status, 200, "{answer:?}");
    // RFC 9126 section 6: it has to.
    let plain = query(&form(&challenge, &[("client_id", "signer")]));
    let refused = server.get(&format!("/authorize?{plain}"));
    assert_eq!(refused.back("error").as_deref(), Some("invalid_request"));
    server.log_with(
        "; signer pushes its requests, but this one comes by the browser (RFC 9126 section 5)",
    );
}

/// Section 5.
#[test]
fn the_metadata_has_where_requests_are_pushed() {
    let server = Server::start();
    let document = server.get("/.well-known/oauth-authorization-server").json();
    let endpoint = format!("{}/par", server.issuer());
    assert_eq!(document["pushed_authorization_request_endpoint"], endpoint);
    assert_eq!(
        document["require_pushed_authorization_requests"],
        Value::Bool(false)
    );
}
