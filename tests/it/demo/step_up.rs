//! How well somebody has proven who they are: `acr_values`, the claim `acr`, and a resource that wants more
//! (OpenID Connect Core 1.0 section 3.1.2.1, RFC 9470).

use serde_json::{Value, json};

use super::browser::{Browser, redemption, request};
use super::http::Answer;
use super::server::Server;

const MFA: (&str, &str) = ("acr_values", "phr mfa");

/// Logs in with a code, which the page has to ask for, and gives the answer that leads back.
#[track_caller]
fn steps_up(browser: &mut Browser<'_>, changes: &[(&str, &str)], code: &str) -> Answer {
    let page = browser.get(&format!("/authorize?{}", request(changes)));
    assert!(page.body.contains("name=\"otp\""), "{page:?}");
    let fields = [
        ("username", "alice"),
        ("password", "wonderland"),
        ("otp", code),
    ];
    let answer = browser.fill(&page, "/login", &fields);
    if answer.status != 303 {
        return answer;
    }
    let consent = answer.header("location").to_owned();
    let page = browser.get(&consent);
    browser.fill(&page, "/consent", &[("decision", "allow")])
}

#[track_caller]
fn tokens(server: &Server, answer: &Answer) -> Answer {
    let code = answer.back("code").unwrap_or_else(|| panic!("{answer:?}"));
    server.post("/token", &redemption(&code))
}

fn claims(token: &str) -> Value {
    let decoded = jsonwebtoken::dangerous::insecure_decode::<Value>(token);
    decoded.unwrap().claims
}

#[test]
fn a_log_in_by_two_factors_can_be_asked_for_and_is_said() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let answer = steps_up(&mut browser, &[MFA], "12345");
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.contains("the code has six digits"),
        "{answer:?}"
    );
    let tokens = tokens(&server, &steps_up(&mut browser, &[MFA], "123456"));
    for name in ["id_token", "access_token"] {
        let claims = claims(&tokens.text(name));
        assert_eq!(claims["acr"], "mfa", "{name}");
        assert!(claims["auth_time"].is_i64(), "{name}");
    }
    // RFC 9470 section 6.2.
    let token = tokens.text("access_token");
    let told = server.service("/introspect", &[("token", &token)]).json();
    assert_eq!(
        (&told["acr"], told["auth_time"].is_i64()),
        (&json!("mfa"), true)
    );
}

#[test]
fn a_weaker_log_in_is_not_enough_and_a_stronger_one_is() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    browser.allow(&request(&[]));
    let silent = browser.get(&format!(
        "/authorize?{}",
        request(&[MFA, ("prompt", "none")])
    ));
    assert_eq!(silent.back("error").as_deref(), Some("login_required"));
    // Whoever skips the log-in by going on to the consent gets nothing.
    let consent = browser.get(&format!("/consent?{}", request(&[MFA])));
    let skipped = browser.fill(&consent, "/consent", &[("decision", "allow")]);
    assert_eq!(skipped.back("error").as_deref(), Some("login_required"));
    steps_up(&mut browser, &[MFA], "000000");
    let weaker = browser.get(&format!("/authorize?{}", request(&[("acr_values", "pwd")])));
    assert!(weaker.body.contains("Allow access?"), "{weaker:?}");
    let answer = browser.fill(&weaker, "/consent", &[("decision", "allow")]);
    assert_eq!(
        claims(&tokens(&server, &answer).text("id_token"))["acr"],
        "mfa"
    );
}

/// OpenID Connect Core 1.0 section 5.5.1.1.
#[test]
fn a_class_can_be_essential() {
    let server = Server::start();
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["mfa"]}}}"#;
    let mut browser = Browser::new(&server);
    let answer = steps_up(&mut browser, &[("claims", essential)], "123456");
    assert_eq!(
        claims(&tokens(&server, &answer).text("id_token"))["acr"],
        "mfa"
    );
    let metadata = server.get("/.well-known/openid-configuration").json();
    assert_eq!(metadata["acr_values_supported"], json!(["pwd", "mfa"]));
}

/// RFC 9470 sections 3 and 4: the challenge says what to ask for, and asking for it is enough.
#[test]
fn a_resource_wants_a_step_up_and_takes_it() {
    let server = Server::with(&["--alg", "ES256", "--fault", "insufficient-authentication"]);
    let mut browser = Browser::new(&server);
    let weak = tokens(&server, &browser.allow(&request(&[]))).text("access_token");
    let answer = server.protected(&weak);
    assert_eq!(answer.status, 401);
    let challenge = answer.header("www-authenticate");
    for part in [
        "error=\"insufficient_user_authentication\"",
        "acr_values=\"mfa\"",
        "max_age=300",
    ] {
        assert!(challenge.contains(part), "{challenge}");
    }
    let strong = [MFA, ("max_age", "300")];
    let answer = steps_up(&mut browser, &strong, "123456");
    let strong = tokens(&server, &answer).text("access_token");
    assert_eq!(server.protected(&strong).status, 200);
    // A log-in that is long ago is not enough, were it as strong.
    server
        .request("POST", "/_control/clock")
        .body("application/json", r#"{"advance":"6m"}"#)
        .send();
    assert_eq!(server.protected(&strong).status, 401);
}

#[test]
fn where_nobody_is_asked_the_class_is_what_is_asked_for() {
    let server = Server::with(&["--alg", "ES256", "--auto-login"]);
    let answer = server.get(&format!("/authorize?{}", request(&[MFA])));
    assert_eq!(
        claims(&tokens(&server, &answer).text("id_token"))["acr"],
        "mfa"
    );
    let answer = server.get(&format!("/authorize?{}", request(&[])));
    assert!(
        claims(&tokens(&server, &answer).text("id_token"))
            .get("acr")
            .is_none()
    );
}
