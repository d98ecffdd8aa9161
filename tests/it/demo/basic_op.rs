//! The Basic OP plan of the OpenID Foundation's conformance suite, as a table in `basic_op.md`, and what no
//! other test here asks.

use std::fs;
use std::path::Path;

use super::browser::{Browser, redemption, request};
use super::mint::payload;
use super::server::Server;

const TABLE: &str = include_str!("basic_op.md");

#[test]
fn each_module_of_the_plan_has_a_test_that_is_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/demo");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sources = files.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let sources: String = sources
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let rows = TABLE.lines().filter(|line| line.starts_with("| oidcc-"));
    let mut modules = 0;
    for row in rows {
        modules += 1;
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let tests: Vec<&str> = cells[2].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{row}");
        for test in tests {
            let (function, flow) = (format!("fn {test}()"), format!("    {test} is \""));
            let is_there = sources.contains(&function) || sources.contains(&flow);
            assert!(is_there, "{test}");
        }
    }
    assert_eq!(modules, 38);
}

/// OpenID Connect Core 1.0 sections 3.1.2.1 and 5.4: what is not understood is ignored, and the order of
/// scopes does not count.
#[test]
fn what_a_request_may_have_beside_changes_nothing() {
    let server = Server::start();
    for beside in [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("extra", "foobar"),
        ("scope", "items:read email openid"),
    ] {
        let back = Browser::new(&server).allow(&request(&[beside]));
        let code = back
            .back("code")
            .unwrap_or_else(|| panic!("{beside:?} {back:?}"));
        let answer = server.post("/token", &redemption(&code));
        let claims = payload(&answer.text("id_token"));
        assert_eq!(claims["sub"], "alice", "{beside:?}");
        assert!(claims.get("acr").is_none());
    }
}

/// OpenID Connect Core 1.0 section 3.1.2.1: `max_age`, and `auth_time` in the ID token.
#[test]
fn a_log_in_that_is_young_enough_is_not_asked_for_again() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let time = |back: &super::http::Answer| {
        let code = back.back("code").unwrap();
        let answer = server.post("/token", &redemption(&code));
        payload(&answer.text("id_token"))["auth_time"]
            .as_i64()
            .unwrap()
    };
    let first = browser.allow(&request(&[]));
    let page = browser.get(&format!("/authorize?{}", request(&[("max_age", "10000")])));
    assert!(page.body.contains("Allow access?"), "{page:?}");
    let second = browser.fill(&page, "/consent", &[("decision", "allow")]);
    assert_eq!(time(&first), time(&second));
    let clock = server.request("POST", "/_control/clock");
    let clock = clock.body("application/json", "{\"advance\":\"2s\"}");
    assert_eq!(clock.send().status, 200);
    let page = browser.get(&format!("/authorize?{}", request(&[("max_age", "1")])));
    assert!(page.body.contains("Log in"), "{page:?}");
}
