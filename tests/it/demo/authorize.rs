//! The authorization endpoint: rows A1 to A8.

use super::browser::{Browser, CALLBACK, field, redemption, request, tokens};
use super::http::{Answer, query};
use super::mint::payload;
use super::server::Server;

#[track_caller]
fn is_page(answer: &Answer, text: &str) {
    assert_eq!(answer.status, 400, "{answer:?}");
    assert!(answer.headers("location").is_empty(), "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.body.contains(text), "{answer:?}");
}

fn authorize(server: &Server, changes: &[(&str, &str)]) -> Answer {
    server.get(&format!("/authorize?{}", request(changes)))
}

/// RFC 6749 sections 4.1.2.1 and 3.1.2.4: no redirect to a place that is not the client's.
#[test]
fn a_request_whose_client_or_place_is_unknown_ends_on_a_page() {
    let server = Server::start();
    is_page(
        &authorize(&server, &[("client_id", "nobody")]),
        "no such client",
    );
    is_page(&authorize(&server, &[("client_id", "")]), "client_id");
    is_page(&authorize(&server, &[("redirect_uri", "")]), "redirect_uri");
    let answer = authorize(
        &server,
        &[("redirect_uri", "https://evil.example/callback")],
    );
    is_page(&answer, "--client");
    server.log_with(" allows it (RFC 6749 section 3.1.2.4)");
    is_page(&server.get("/authorize"), "client_id");
    is_page(&server.get("/authorize?%zz"), "well encoded");
}

/// RFC 9700 sections 2.1 and 4.1, RFC 8252 section 7.3: the same text, but for a loopback port.
#[test]
fn redirect_uris_are_compared_exactly_but_for_a_loopback_port() {
    let server = Server::start();
    for good in [
        "http://127.0.0.1/callback",
        "http://127.0.0.1:51004/callback",
        "http://[::1]:51004/callback",
        "http://localhost:9876/callback",
    ] {
        assert_eq!(
            authorize(&server, &[("redirect_uri", good)]).status,
            200,
            "{good}"
        );
    }
    for bad in [
        "http://127.0.0.1:9@evil.example/callback",
        "http://evil.example@127.0.0.1:9/callback",
        "http://127.0.0.1:9/callback/../evil",
        "http://127.0.0.1:9/callback?x=1",
        "http://127.0.0.1:9/callback#x",
        "http://127.0.0.1:9/Callback",
        "http://127.0.0.1:9/callbackx",
        "http://127.0.0.1:9/%63allback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.2/callback",
        "https://127.0.0.1/callback",
        "HTTP://127.0.0.1/callback",
        "//127.0.0.1/callback",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
    ] {
        is_page(
            &authorize(&server, &[("redirect_uri", bad)]),
            "This request is refused",
        );
    }
}

/// RFC 6749 section 4.1.2.1, RFC 9207 section 2: the error, the state as it came, and who says so.
#[test]
fn other_errors_go_back_to_the_client() {
    let server = Server::start();
    let state = "a b&c=d%25é\u{1F600}<>\"'\n";
    let cases: &[(&str, &str, &str)] = &[
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        (
            "response_type",
            "code id_token",
            "unsupported_response_type",
        ),
        ("scope", "unknown", "invalid_scope"),
        ("response_mode", "fragment", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("request", "eyJ", "request_not_supported"),
        (
            "request_uri",
            "https://a.example",
            "request_uri_not_supported",
        ),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "none", "login_required"),
        // Initiating User Registration via OpenID Connect 1.0 section 4.1.
        ("prompt", "create", "invalid_request"),
        ("prompt", "login create", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("resource", "api", "invalid_target"),
    ];
    for (name, value, error) in cases {
        let answer = authorize(&server, &[(name, value), ("state", state)]);
        assert_eq!(answer.status, 303, "{name}={value} {answer:?}");
        assert!(
            answer
                .header("location")
                .starts_with(&format!("{CALLBACK}?"))
        );
        assert_eq!(
            answer.back("error").as_deref(),
            Some(*error),
            "{name}={value}"
        );
        assert_eq!(answer.back("state").as_deref(), Some(state));
        assert_eq!(answer.back("iss"), Some(server.issuer()));
        assert_eq!(answer.back("code"), None);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

/// RFC 6749 section 4.1.2.1.
#[test]
fn a_client_that_may_not_ask_for_codes_is_told_so() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let client = "[[client]]\nid = \"machine\"\nsecret = \"s\"\nredirect_uris = [\"https://a.example/\"]\ngrants = [\"client_credentials\"]\n";
    std::fs::write(file.path(), client).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    let changes = [
        ("client_id", "machine"),
        ("redirect_uri", "https://a.example/"),
    ];
    let answer = authorize(&server, &changes);
    assert_eq!(answer.back("error").as_deref(), Some("unauthorized_client"));
}

/// RFC 6749 section 4.1.2: no state in, no state out.
#[test]
fn a_state_that_was_not_sent_does_not_come_back() {
    let server = Server::start();
    for changes in [[("state", "")], [("state", "")]] {
        let answer = Browser::new(&server).allow(&request(&changes));
        assert_eq!(answer.back("state"), None);
        assert!(answer.back("code").is_some());
    }
}

/// RFC 6749 section 3.1.
#[test]
fn a_repeated_parameter_is_an_invalid_request() {
    let server = Server::start();
    let twice = |name: &str, value: &str| {
        server.get(&format!(
            "/authorize?{}&{}",
            request(&[]),
            query(&[(name, value)])
        ))
    };
    let answer = twice("scope", "openid");
    assert_eq!(answer.back("error").as_deref(), Some("invalid_request"));
    let answer = twice("state", "xyz");
    assert_eq!(answer.back("error").as_deref(), Some("invalid_request"));
    assert_eq!(answer.back("state"), None);
    is_page(&twice("client_id", "demo-app"), "client_id");
    is_page(&twice("redirect_uri", CALLBACK), "redirect_uri");
}

/// RFC 9700 section 4.12: 303, RFC 9207 section 2: `iss`.
#[test]
fn a_grant_goes_back_with_code_state_and_issuer() {
    let server = Server::start();
    let answer = Browser::new(&server).allow(&request(&[]));
    assert!(
        answer
            .header("location")
            .starts_with("http://127.0.0.1:9/callback?code=")
    );
    assert_eq!(answer.back("state").as_deref(), Some("xyz"));
    assert_eq!(answer.back("iss"), Some(server.issuer()));
    assert!(
        answer.back("code").unwrap().len() >= 22,
        "RFC 6749 section 10.10"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// RFC 6749 section 3.1.2: a query of the redirect URI stays.
#[test]
fn the_query_of_a_redirect_uri_stays() {
    let server = Server::with(&["--alg", "ES256", "--client", "app=https://a.example/?x=1"]);
    let changes = [
        ("client_id", "app"),
        ("redirect_uri", "https://a.example/?x=1"),
    ];
    let answer = Browser::new(&server).allow(&request(&changes));
    assert!(
        answer
            .header("location")
            .starts_with("https://a.example/?x=1&code=")
    );
}

/// OpenID Connect Core 1.0 section 3.1.2.1: GET and POST.
#[test]
fn a_request_may_be_posted() {
    let server = Server::start();
    let form = request(&[]);
    let content_type = "application/x-www-form-urlencoded";
    let page = server
        .request("POST", "/authorize")
        .body(content_type, &form)
        .send();
    assert_eq!(page.status, 200);
    assert_eq!(field(&page, "request"), form);
    is_page(
        &server
            .request("POST", "/authorize")
            .body("application/json", "{}")
            .send(),
        "form-urlencoded",
    );
}

/// OpenID Connect Core 1.0 section 3.1.2.1: `prompt`, and section 3.1.2.6: its errors.
#[test]
fn prompt_none_asks_nobody_anything() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let web = [("client_id", "demo-web")];
    let silent = request(&[web[0], ("prompt", "none")]);
    let answer = browser.get(&format!("/authorize?{silent}"));
    assert_eq!(answer.back("error").as_deref(), Some("login_required"));
    let page = browser.log_in(&request(&web));
    let answer = browser.get(&format!("/authorize?{silent}"));
    assert_eq!(answer.back("error").as_deref(), Some("consent_required"));
    browser.fill(&page, "/consent", &[("decision", "allow")]);
    let answer = browser.get(&format!("/authorize?{silent}"));
    assert!(answer.back("code").is_some(), "{answer:?}");
    let more = request(&[web[0], ("prompt", "none"), ("scope", "openid items:write")]);
    let answer = browser.get(&format!("/authorize?{more}"));
    assert_eq!(answer.back("error").as_deref(), Some("consent_required"));
}

/// OpenID Connect Core 1.0 section 3.1.2.1: `id_token_hint` names whom the client means.
#[test]
fn an_id_token_of_another_is_no_hint_at_who_is_here() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let web = ("client_id", "demo-web");
    browser.allow(&request(&[web]));
    let hint = |token: &str| request(&[web, ("prompt", "none"), ("id_token_hint", token)]);
    let id_token = tokens(&server, &[("scope", "openid")]).text("id_token");
    let answer = browser.get(&format!("/authorize?{}", hint(&id_token)));
    assert!(answer.back("code").is_some(), "{answer:?}");

    let mut of_bob = Browser::new(&server);
    of_bob.user = ("bob", "builder");
    let code = of_bob.allow(&request(&[("scope", "openid")])).back("code");
    let id_token = server
        .post("/token", &redemption(&code.unwrap()))
        .text("id_token");
    let answer = browser.get(&format!("/authorize?{}", hint(&id_token)));
    assert_eq!(answer.back("error").as_deref(), Some("login_required"));
    let page = browser.get(&format!(
        "/authorize?{}",
        request(&[web, ("id_token_hint", &id_token)])
    ));
    assert!(page.body.contains("value=\"bob\""), "{}", page.body);

    let access_token = server.alice_token("items:read");
    for wrong in ["x", "", &access_token] {
        let answer = browser.get(&format!("/authorize?{}", hint(wrong)));
        let expected = if wrong.is_empty() {
            None
        } else {
            Some("invalid_request")
        };
        assert_eq!(answer.back("error").as_deref(), expected, "{wrong}");
    }
}

/// RFC 8252 section 8.6: a public client could be anybody, so it is asked for each time.
#[test]
fn the_consent_to_a_public_client_is_not_remembered() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    browser.allow(&request(&[]));
    let again = browser.get(&format!("/authorize?{}", request(&[])));
    assert_eq!(again.status, 200);
    assert!(again.body.contains("Allow access?"));
}

/// OpenID Connect Core 1.0 section 3.1.2.1.
#[test]
fn a_new_log_in_can_be_demanded() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    browser.allow(&request(&[]));
    for (name, value) in [
        ("prompt", "login"),
        ("max_age", "0"),
        ("prompt", "select_account"),
    ] {
        let page = browser.get(&format!("/authorize?{}", request(&[(name, value)])));
        assert!(page.body.contains("Log in"), "{name}");
        let answer = browser.allow(&request(&[(name, value)]));
        assert!(answer.back("code").is_some(), "{name}");
    }
    let page = browser.get(&format!("/authorize?{}", request(&[("max_age", "10000")])));
    assert!(page.body.contains("Allow access?"));
    let page = browser.get(&format!("/authorize?{}", request(&[("prompt", "consent")])));
    assert!(page.body.contains("Allow access?"));
}

/// OpenID Connect Core 1.0 section 3.1.2.1.
#[test]
fn a_login_hint_is_in_the_form() {
    let server = Server::start();
    let page = authorize(&server, &[("login_hint", "bob\"><script>")]);
    assert!(
        page.body.contains("value=\"bob&quot;&gt;&lt;script&gt;\""),
        "{page:?}"
    );
}

/// OAuth 2.0 Form Post Response Mode section 2.
#[test]
fn an_answer_can_be_a_form() {
    let server = Server::start();
    let answer = Browser::new(&server).allow(&request(&[
        ("response_mode", "form_post"),
        ("state", "\"<x>"),
    ]));
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains(&format!("action=\"{CALLBACK}\"")),
        "{answer:?}"
    );
    assert_eq!(field(&answer, "state"), "\"<x>");
    assert_eq!(field(&answer, "iss"), server.issuer());
    assert!(!field(&answer, "code").is_empty());
    assert_eq!(answer.header("cache-control"), "no-store");
    let script = server.get("/submit.js");
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    let answer = authorize(
        &server,
        &[("response_mode", "form_post"), ("scope", "unknown")],
    );
    assert_eq!(field(&answer, "error"), "invalid_scope");
}

/// RFC 6749 section 4.1.2.1.
#[test]
fn a_resource_owner_may_say_no() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let page = browser.log_in(&request(&[]));
    let answer = browser.fill(&page, "/consent", &[("decision", "deny")]);
    assert_eq!(answer.back("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.back("state").as_deref(), Some("xyz"));
    assert_eq!(answer.back("code"), None);
}

/// OpenID Connect Core 1.0 section 3.1.2.3: somebody has to log in; a test without a browser has nobody.
#[test]
fn where_nobody_is_to_be_asked_the_answer_comes_at_once() {
    let server = Server::with(&["--auto-login"]);
    let subject = |changes: &[(&str, &str)]| {
        let answer = server.get(&format!("/authorize?{}", request(changes)));
        let code = answer.back("code").unwrap_or_else(|| panic!("{answer:?}"));
        assert_eq!(answer.back("state").as_deref(), Some("xyz"));
        payload(&server.post("/token", &redemption(&code)).text("id_token"))["sub"].clone()
    };
    assert_eq!(subject(&[]), "alice");
    assert_eq!(subject(&[("login_hint", "bob")]), "bob");
    assert_eq!(subject(&[("prompt", "none"), ("login_hint", "bob")]), "bob");
    // What a client asks for with `offline_access`, and what leads to a choice elsewhere.
    for prompt in ["login", "consent", "login consent", "select_account"] {
        assert_eq!(subject(&[("prompt", prompt)]), "alice", "{prompt}");
    }
    let unknown = server.get(&format!(
        "/authorize?{}",
        request(&[("login_hint", "carol")])
    ));
    assert!(unknown.body.contains("Log in"), "{unknown:?}");
    let silent = request(&[("login_hint", "carol"), ("prompt", "none")]);
    let silent = server.get(&format!("/authorize?{silent}"));
    assert_eq!(silent.back("error").as_deref(), Some("login_required"));
    server.log_with("nobody was asked");
}
