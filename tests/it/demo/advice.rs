//! What the log advises, pasted into a shell: it allows what was refused.

use std::process::Command;

use super::browser::{CALLBACK, request, tokens};
use super::http::query;
use super::server::Server;
use crate::support::jott;

/// The words behind `--client` in the log, as a shell takes them.
#[track_caller]
fn pasted(log: &str) -> String {
    let (_, rest) = log.rsplit_once("`--client ").unwrap();
    let (word, _) = rest.split_once('`').unwrap();
    let output = Command::new("/bin/sh")
        .args(["-ec", &format!("printf %s {word}")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{word}");
    String::from_utf8(output.stdout).unwrap()
}

/// RFC 6749 section 3.1.2.4: of a public client, of those with a secret, and of one of the user's own,
/// whose secret nobody is told.
#[test]
fn the_flag_for_a_redirect_uri_is_the_one_to_paste() {
    let own = ["--client", "mine:sesame=https://mine.example/cb"];
    for (client, uri) in [
        ("demo-app", "http://127.0.0.1:3000/oauth/callback"),
        ("demo-app", "com.example.app:/cb"),
        ("demo-web", "https://app.example/cb?x='$(echo)'&y=*"),
        ("demo-service", "https://app.example/cb"),
        ("mine", "http://app.test/cb"),
    ] {
        let start = |more: &[&str]| Server::with(&[&["--alg", "ES256"], &own, more].concat());
        let changes = [("client_id", client), ("redirect_uri", uri)];
        let target = format!("/authorize?{}", request(&changes));
        let server = start(&[]);
        assert_eq!(server.get(&target).status, 400, "{uri}");
        let log = server.log_with("allows it (RFC 6749 section 3.1.2.4)");
        assert!(!log.contains("sesame"), "{log}");
        let flag = pasted(&log);
        assert_eq!(flag, format!("{client}+={uri}"));
        let server = start(&["--client", &flag]);
        assert_ne!(server.get(&target).status, 400, "{uri}");
        // What there was is there still.
        let usual = request(&[("client_id", "demo-web"), ("redirect_uri", CALLBACK)]);
        assert_eq!(server.get(&format!("/authorize?{usual}")).status, 200);
    }
}

#[test]
fn a_redirect_uri_that_no_client_may_have_is_called_that() {
    let server = Server::start();
    let changes = [("redirect_uri", "https://app.example/cb#x")];
    server.get(&format!("/authorize?{}", request(&changes)));
    server.log_with("; no client can have it, since it has a fragment (");
}

/// OpenID Connect RP-Initiated Logout 1.0 section 3.
#[test]
fn the_flag_for_the_way_back_from_a_log_out_is_the_one_to_paste() {
    let uri = "https://app.example/bye";
    let back = [("client_id", "demo-web"), ("post_logout_redirect_uri", uri)];
    let target = format!("/end_session?{}", query(&back));
    let server = Server::start();
    assert_eq!(server.get(&target).status, 400);
    let flag = pasted(&server.log_with("allows it (OpenID Connect RP-Initiated Logout 1.0"));
    let server = Server::with(&["--alg", "ES256", "--client", &flag]);
    let answer = server.get(&target);
    assert_eq!((answer.status, answer.header("location")), (303, uri));
}

/// RFC 7662 section 2.2: whose client may not know of a token is told how it may.
#[test]
fn the_flag_for_introspection_is_the_one_to_paste() {
    let ask = |server: &Server, token: &str| {
        let request = server
            .request("POST", "/introspect")
            .basic("demo-web", "demo-web-secret");
        request.form(&[("token", token)]).send().json()["active"].clone()
    };
    let server = Server::start();
    let (access, refresh) = {
        let both = tokens(&server, &[]);
        (both.text("access_token"), both.text("refresh_token"))
    };
    assert_eq!(ask(&server, &access), false);
    assert_eq!(ask(&server, &refresh), false);
    let log = server.whole_log();
    let line = "; the token is not active: it is valid, but was issued to demo-app, and demo-web may inspect only its own tokens; `--client 'demo-web+=introspects'` lets it know of all (RFC 7662 section 2.2)\n";
    assert_eq!(log.matches(line).count(), 2, "{log}");
    let flag = pasted(&log);
    let server = Server::with(&["--alg", "ES256", "--client", &flag]);
    for name in ["access_token", "refresh_token"] {
        let token = tokens(&server, &[]).text(name);
        assert_eq!(ask(&server, &token), true, "{name}");
    }
}

/// A client of a resource server needs no redirect URI.
#[test]
fn a_client_may_be_there_for_introspection_alone() {
    let server = Server::with(&["--alg", "ES256", "--client", "api:its-own=introspects"]);
    let token = server.alice_token("items:read");
    let request = server
        .request("POST", "/introspect")
        .basic("api", "its-own");
    let told = request.form(&[("token", &token)]).send();
    assert_eq!(told.json()["active"], true);
}

#[test]
fn nobody_can_be_given_what_would_be_everybodys() {
    for client in ["demo-app+=introspects", "new=introspects"] {
        let run = jott(["serve-demo", "--client", client]).run();
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.contains("has no secret, so anybody"), "{run:?}");
    }
}
