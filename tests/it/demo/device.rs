//! Devices without a browser (RFC 8628), row T17.

use super::browser::{Browser, field};
use super::http::{Answer, query};
use super::mint::payload;
use super::server::Server;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a device of demo-app gets to begin with.
#[track_caller]
pub(super) fn begin(server: &Server, form: &[(&str, &str)]) -> Answer {
    let form = [&[("client_id", "demo-app")], form].concat();
    let answer = server.post("/device_authorization", &form);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

pub(super) fn asking(device_code: &str) -> [(&str, &str); 3] {
    [
        ("grant_type", GRANT),
        ("client_id", "demo-app"),
        ("device_code", device_code),
    ]
}

#[track_caller]
fn ask(server: &Server, begun: &Answer) -> Answer {
    server.post("/token", &asking(&begun.text("device_code")))
}

/// Posts the form of a page of `/device`.
#[track_caller]
fn fill(browser: &mut Browser<'_>, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let csrf = field(page, "csrf");
    let form = [&[("csrf", csrf.as_str())], fields].concat();
    let origin = format!("http://127.0.0.1:{}", browser.server.port);
    let request = browser.request("POST", "/device").header("Origin", &origin);
    browser.send(&request.form(&form))
}

/// Enters a code, logs in as alice and decides.
#[track_caller]
pub(super) fn decide(server: &Server, user_code: &str, decision: &str) -> Answer {
    let mut browser = Browser::new(server);
    let page = browser.get("/device");
    let page = fill(&mut browser, &page, &[("user_code", user_code)]);
    assert!(page.body.contains("Log in"), "{page:?}");
    let code = field(&page, "user_code");
    assert!(
        page.body.contains(&format!("<code>{code}</code>")),
        "{page:?}"
    );
    let login = [
        ("user_code", code.as_str()),
        ("username", "alice"),
        ("password", "wonderland"),
    ];
    let page = fill(&mut browser, &page, &login);
    assert!(page.body.contains("Allow access?"), "{page:?}");
    fill(
        &mut browser,
        &page,
        &[("user_code", &code), ("decision", decision)],
    )
}

#[track_caller]
fn advance(server: &Server, seconds: u32) {
    let body = format!("{{\"advance\":\"{seconds}s\"}}");
    let clock = server.request("POST", "/_control/clock");
    assert_eq!(clock.body("application/json", body).send().status, 200);
}

/// Sections 3.1 to 3.5.
#[test]
fn a_device_gets_its_tokens_once_somebody_has_said_yes() {
    let server = Server::start();
    let begun = begin(
        &server,
        &[
            ("scope", "openid items:read"),
            ("resource", "https://api.example"),
        ],
    );
    assert_eq!(begun.header("cache-control"), "no-store");
    let (issuer, json) = (server.issuer(), begun.json());
    let user_code = begun.text("user_code");
    assert_eq!(json["verification_uri"], format!("{issuer}/device"));
    let complete = format!("{issuer}/device?user_code={user_code}");
    assert_eq!(json["verification_uri_complete"], complete);
    assert_eq!(
        (json["expires_in"].as_u64(), json["interval"].as_u64()),
        (Some(600), Some(5))
    );
    ask(&server, &begun).is_error(400, "authorization_pending");
    let done = decide(&server, &user_code, "allow");
    assert!(done.body.contains("The device is connected"), "{done:?}");
    let tokens = ask(&server, &begun);
    assert_eq!(tokens.json()["scope"], "openid items:read");
    let claims = payload(&tokens.text("access_token"));
    assert_eq!(
        (&claims["sub"], &claims["aud"]),
        (&"alice".into(), &"https://api.example".into())
    );
    tokens.text("refresh_token");
    assert_eq!(payload(&tokens.text("id_token"))["aud"], "demo-app");
    // Once.
    ask(&server, &begun).is_error(400, "invalid_grant");
}

/// Section 3.5.
#[test]
fn a_device_is_told_to_wait_that_it_is_refused_and_that_it_is_too_late() {
    let server = Server::start();
    let begun = begin(&server, &[]);
    ask(&server, &begun).is_error(400, "authorization_pending");
    ask(&server, &begun).is_error(400, "slow_down");
    server.log_with(
        "; the device asks too often: from now on every 10 seconds (RFC 8628 section 3.5)",
    );
    advance(&server, 6);
    ask(&server, &begun).is_error(400, "slow_down");
    advance(&server, 16);
    ask(&server, &begun).is_error(400, "authorization_pending");
    let done = decide(&server, &begun.text("user_code"), "deny");
    assert!(
        done.body.contains("The device is not connected"),
        "{done:?}"
    );
    ask(&server, &begun).is_error(400, "access_denied");
    let late = begin(&server, &[]);
    advance(&server, 601);
    ask(&server, &late).is_error(400, "expired_token");
    advance(&server, 600);
    ask(&server, &late).is_error(400, "invalid_grant");
}

/// Section 6.1: case, dashes and spaces do not count.
#[test]
fn a_code_can_be_typed_as_people_type() {
    let server = Server::start();
    let begun = begin(&server, &[]);
    let typed = begun.text("user_code").replace('-', " ").to_lowercase();
    assert_eq!(decide(&server, &typed, "allow").status, 200);
    assert_eq!(ask(&server, &begun).status, 200);
}

/// Section 3.3.1: a link fills the code in, and does no more.
#[test]
fn a_link_with_the_code_grants_nothing() {
    let server = Server::start();
    let begun = begin(&server, &[]);
    let code = begun.text("user_code");
    let mut browser = Browser::new(&server);
    let page = browser.get(&format!("/device?{}", query(&[("user_code", &code)])));
    assert!(page.body.contains(&format!("value=\"{code}\"")), "{page:?}");
    assert_eq!(page.header("x-frame-options"), "DENY");
    ask(&server, &begun).is_error(400, "authorization_pending");
    // Rows A9 and A10: nor does a form from elsewhere, or of another browser.
    let form = [("user_code", code.as_str()), ("decision", "allow")];
    let foreign = browser
        .request("POST", "/device")
        .header("Origin", "https://evil.example");
    assert_eq!(browser.send(&foreign.form(&form)).status, 403);
    let forged = [&form[..], &[("csrf", "x")]].concat();
    let request = browser.request("POST", "/device").form(&forged);
    assert_eq!(browser.send(&request).status, 403);
}

/// Section 5.1: guesses are bounded.
#[test]
fn codes_cannot_be_tried_one_after_the_other() {
    let server = Server::start();
    let begun = begin(&server, &[]);
    let mut browser = Browser::new(&server);
    let page = browser.get("/device");
    let guess = |browser: &mut Browser<'_>, code| fill(browser, &page, &[("user_code", code)]);
    for _ in 0..30 {
        assert_eq!(guess(&mut browser, "BBBB-BBBB").status, 400);
    }
    let code = begun.text("user_code");
    assert_eq!(guess(&mut browser, &code).status, 429);
    advance(&server, 60);
    assert_eq!(guess(&mut browser, &code).status, 200);
}

/// A code is for one decision.
#[test]
fn nobody_decides_twice_and_a_wrong_password_decides_nothing() {
    let server = Server::start();
    let begun = begin(&server, &[]);
    let code = begun.text("user_code");
    let mut browser = Browser::new(&server);
    let page = browser.get("/device");
    let page = fill(&mut browser, &page, &[("user_code", &code)]);
    let wrong = [
        ("user_code", code.as_str()),
        ("username", "alice"),
        ("password", "x"),
    ];
    let again = fill(&mut browser, &page, &wrong);
    assert_eq!(again.status, 400);
    assert!(
        again
            .body
            .contains("There is no user of this name and password.")
    );
    // A decision without a log-in leads to the log-in.
    let early = fill(
        &mut browser,
        &page,
        &[("user_code", &code), ("decision", "allow")],
    );
    assert!(early.body.contains("Log in"), "{early:?}");
    ask(&server, &begun).is_error(400, "authorization_pending");
    decide(&server, &code, "deny");
    let page = browser.get("/device");
    assert_eq!(
        fill(&mut browser, &page, &[("user_code", &code)]).status,
        400
    );
}

/// RFC 6749 section 5.2, and who may.
#[test]
fn a_device_code_is_its_clients() {
    let server = Server::start();
    for (form, status, error) in [
        (
            vec![("client_id", "demo-app"), ("scope", "nothing")],
            400,
            "invalid_scope",
        ),
        (
            vec![("client_id", "demo-app"), ("resource", "x")],
            400,
            "invalid_target",
        ),
        (vec![("client_id", "nobody")], 400, "invalid_client"),
        (vec![("scope", "items:read")], 400, "invalid_client"),
        (
            vec![("client_id", "demo-app"), ("client_id", "demo-app")],
            400,
            "invalid_request",
        ),
    ] {
        server
            .post("/device_authorization", &form)
            .is_error(status, error);
    }
    server
        .service("/device_authorization", &[])
        .is_error(400, "unauthorized_client");
    let begun = begin(&server, &[]);
    let code = begun.text("device_code");
    let web = [("grant_type", GRANT), ("device_code", &code)];
    let other = server
        .request("POST", "/token")
        .basic("demo-web", "demo-web-secret");
    other.form(&web).send().is_error(400, "unauthorized_client");
    server
        .post("/token", &asking("guess"))
        .is_error(400, "invalid_grant");
    let args = ["--alg", "ES256", "--client", "tv:s=https://tv.example/"];
    let server = Server::with(&args);
    let code = begin(&server, &[]).text("device_code");
    let tv = server.request("POST", "/token").basic("tv", "s");
    tv.form(&[("grant_type", GRANT), ("device_code", &code)])
        .send()
        .is_error(400, "invalid_grant");
}

/// With nobody to ask, the link is enough.
#[test]
fn a_test_without_a_browser_opens_the_link() {
    let server = Server::with(&["--alg", "ES256", "--auto-login"]);
    let begun = begin(&server, &[]);
    ask(&server, &begun).is_error(400, "authorization_pending");
    let link = begun.text("verification_uri_complete");
    let path = link.strip_prefix(&server.issuer()).unwrap();
    assert_eq!(server.get(path).status, 200);
    server.log_with(
        "; nobody was asked: log-in and consent are automatic here (RFC 8628 section 3.3)",
    );
    assert_eq!(
        payload(&ask(&server, &begun).text("access_token"))["sub"],
        "alice"
    );
}
