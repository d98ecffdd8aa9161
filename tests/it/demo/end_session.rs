//! The end of a log-in: row O8, OpenID Connect RP-Initiated Logout 1.0.

use super::browser::{Browser, code, redemption, request};
use super::http::{Answer, query};
use super::server::Server;

/// A browser in which alice is logged in, and an ID token of hers.
fn alice(server: &Server) -> (Browser<'_>, String) {
    let mut browser = Browser::new(server);
    let answer = browser.allow(&request(&[]));
    let code = answer.back("code").unwrap();
    let tokens = server.post("/token", &redemption(&code));
    (browser, tokens.text("id_token"))
}

#[track_caller]
fn is_logged_in(browser: &mut Browser<'_>) -> bool {
    let page = browser.get(&format!("/authorize?{}", request(&[])));
    assert_eq!(page.status, 200);
    page.body.contains("Allow access?")
}

fn end(browser: &mut Browser<'_>, parameters: &[(&str, &str)]) -> Answer {
    browser.get(&format!("/end_session?{}", query(parameters)))
}

/// Section 2: without an ID token the person is asked.
#[test]
fn somebody_is_asked_before_they_are_logged_out() {
    let server = Server::start();
    let (mut browser, _) = alice(&server);
    let page = end(&mut browser, &[]);
    assert!(page.body.contains("Log out?") && page.body.contains("alice"));
    assert!(is_logged_in(&mut browser));
    let answer = browser.fill(&page, "/end_session", &[]);
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("Logged out"));
    assert!(!is_logged_in(&mut browser));
}

/// Section 2: an ID token of the one who is logged in shows that the client means them.
#[test]
fn an_id_token_logs_out_whom_it_is_about() {
    let server = Server::start();
    let (mut browser, id_token) = alice(&server);
    let answer = end(&mut browser, &[("id_token_hint", &id_token)]);
    assert!(answer.body.contains("Logged out"), "{answer:?}");
    assert!(!is_logged_in(&mut browser));
}

#[test]
fn an_id_token_of_another_logs_nobody_out() {
    let server = Server::start();
    let (_, of_alice) = alice(&server);
    let mut bob = Browser::new(&server);
    bob.user = ("bob", "builder");
    bob.allow(&request(&[]));
    let page = end(&mut bob, &[("id_token_hint", &of_alice)]);
    assert!(page.body.contains("Log out?") && page.body.contains("bob"));
    assert!(is_logged_in(&mut bob));
}

/// Sections 2 and 3: the way back is one that was registered, with the state.
#[test]
fn the_way_back_is_a_registered_one() {
    let server = Server::start();
    let (mut browser, id_token) = alice(&server);
    let back = ("post_logout_redirect_uri", "http://127.0.0.1:9/");
    let answer = end(
        &mut browser,
        &[("id_token_hint", &id_token), back, ("state", "a b&c")],
    );
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        "http://127.0.0.1:9/?state=a%20b%26c"
    );
    assert!(!is_logged_in(&mut browser));
    let nobody = end(&mut browser, &[("client_id", "demo-web"), back]);
    assert_eq!(nobody.header("location"), "http://127.0.0.1:9/");
}

/// The form that asks brings the way back along, and it is checked again.
#[test]
fn the_way_back_is_kept_while_somebody_is_asked() {
    let server = Server::start();
    let (mut browser, _) = alice(&server);
    let back = ("post_logout_redirect_uri", "http://localhost:9/");
    let page = end(
        &mut browser,
        &[("client_id", "demo-app"), back, ("state", "s")],
    );
    let answer = browser.fill(&page, "/end_session", &[]);
    assert_eq!(answer.header("location"), "http://localhost:9/?state=s");
}

#[test]
fn what_is_not_registered_is_refused_and_nobody_logged_out() {
    let server = Server::start();
    let (mut browser, id_token) = alice(&server);
    let access_token = server.alice_token("items:read");
    let evil = ("post_logout_redirect_uri", "https://evil.example/");
    let good = ("post_logout_redirect_uri", "http://127.0.0.1:9/");
    let hint = ("id_token_hint", id_token.as_str());
    for parameters in [
        vec![hint, evil],
        vec![hint, ("post_logout_redirect_uri", "http://127.0.0.1:9/x")],
        vec![good],
        vec![("client_id", "nobody"), good],
        vec![("client_id", "demo-service"), good],
        vec![hint, ("client_id", "demo-web"), good],
        vec![("id_token_hint", "x"), good],
        vec![("id_token_hint", &access_token)],
        vec![hint, hint],
    ] {
        let answer = end(&mut browser, &parameters);
        assert_eq!(answer.status, 400, "{parameters:?} {answer:?}");
        assert!(answer.headers("location").is_empty());
    }
    assert!(is_logged_in(&mut browser));
    server.log_with("`https://evil.example/`, which demo-app has not registered; `--client 'demo-app+=logout:https://evil.example/'` allows it (OpenID Connect RP-Initiated Logout 1.0 section 3)");
}

/// RFC 6749 section 10.12.
#[test]
fn a_forged_log_out_is_refused() {
    let server = Server::start();
    let (browser, _) = alice(&server);
    let form = [("request", ""), ("csrf", "x")];
    let answer = browser.request("POST", "/end_session").form(&form).send();
    assert_eq!(answer.status, 403);
}

/// A log-out ends the session, and no token.
#[test]
fn tokens_outlive_the_session() {
    let server = Server::start();
    let tokens = server.post("/token", &redemption(&code(&server, &[])));
    let mut browser = Browser::new(&server);
    browser.log_in(&request(&[]));
    end(&mut browser, &[("id_token_hint", &tokens.text("id_token"))]);
    let token = tokens.text("access_token");
    let request = server.request("GET", "/protected");
    let answer = request.header("Authorization", &format!("Bearer {token}"));
    assert_eq!(answer.send().status, 200);
}

#[test]
fn a_client_may_post_its_request() {
    let server = Server::start();
    let (mut browser, id_token) = alice(&server);
    let form = [("id_token_hint", id_token.as_str())];
    let request = browser.request("POST", "/end_session").form(&form);
    assert!(browser.send(&request).body.contains("Logged out"));
    assert!(!is_logged_in(&mut browser));
}
