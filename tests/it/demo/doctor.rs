//! `jott doctor` beside the server: what is as it should be, and each fault of metadata, keys and
//! resources by its name.

use serde_json::Value;

use super::server::Server;
use crate::support::{Run, jott};

fn doctor(server: &Server, args: &[&str]) -> Run {
    let url = match args.contains(&"--mcp") {
        true => format!("{}/items", server.issuer()),
        false => server.issuer(),
    };
    jott(["doctor", &url].iter().chain(args)).run()
}

/// The lines of a report that are neither `pass` nor `note`.
fn complaints(run: &Run) -> Vec<String> {
    let lines = run.stdout.lines().map(str::trim_start);
    let lines = lines.filter(|line| line.starts_with("warn ") || line.starts_with("fail "));
    let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    words.collect()
}

#[test]
fn a_server_without_faults_works() {
    let server = Server::start();
    let run = doctor(&server, &[]);
    assert_eq!(
        (run.status, complaints(&run)),
        (Some(0), Vec::new()),
        "{run:?}"
    );
    assert!(run.stdout.starts_with("works\n"), "{run:?}");
    let run = doctor(&server, &["--mcp"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    // A resource is one without being told.
    let by_itself = jott(["doctor", &format!("{}/items", server.issuer())]).run();
    assert_eq!(by_itself.stdout, run.stdout);
}

/// Each fault, a part of the line that names it, and whether clients can still work with it.
#[test]
fn each_fault_is_found_and_named() {
    for (fault, args, line, status) in [
        (
            "metadata-wrong-issuer",
            &[][..],
            "fail issuer the metadata is that of ",
            1,
        ),
        ("metadata-openid-only", &[], "", 0),
        (
            "metadata-none",
            &[],
            "fail found http://ORIGIN/.well-known/openid-configuration answered 404; http://ORIGIN/.well-known/oauth-authorization-server answered 404 (RFC 8414 section 5)",
            1,
        ),
        (
            "metadata-no-pkce",
            &[],
            "warn pkce no PKCE is announced: some clients do not use it then (RFC 9700 section 2.1.1)",
            0,
        ),
        (
            "metadata-no-pkce",
            &["--mcp"],
            "fail pkce no PKCE is announced: clients of MCP must not go on (RFC 9700 section 2.1.1)",
            1,
        ),
        (
            "jwks-empty",
            &[],
            "fail found it answered with an empty JWK Set (RFC 7517 section 5)",
            1,
        ),
        (
            "jwks-500",
            &[],
            "fail found it answered 500 (RFC 7517 section 5)",
            1,
        ),
        (
            "html-body,endpoint=metadata",
            &[],
            "fail found answered with HTML (RFC 8414 section 3.2)",
            1,
        ),
        (
            "invalid-json,endpoint=metadata",
            &[],
            "fail found answered with something that is not JSON (RFC 8414 section 3.2)",
            1,
        ),
        (
            "wrong-content-type,endpoint=metadata",
            &[],
            "warn type the `Content-Type` is `text/plain` (RFC 8414 section 3.2)",
            0,
        ),
        (
            "status:503,endpoint=jwks",
            &[],
            "fail found it answered 503 (RFC 7517 section 5)",
            1,
        ),
        (
            "resource-metadata-wrong-resource",
            &["--mcp"],
            "fail resource the metadata is that of ",
            1,
        ),
        (
            "resource-metadata-none",
            &["--mcp"],
            "fail found http://ORIGIN/.well-known/oauth-protected-resource/items answered 404 (RFC 9728 section 3)",
            1,
        ),
        ("resource-metadata-other-server", &["--mcp"], "fail ", 1),
    ] {
        let server = Server::with(&["--alg", "ES256", "--fault", fault]);
        let run = doctor(&server, args);
        let origin = format!("127.0.0.1:{}", server.port);
        let complaints = complaints(&run).join("\n").replace(&origin, "ORIGIN");
        assert!(complaints.contains(line), "{fault}: {run:?}");
        assert_eq!(run.status, Some(status), "{fault}: {run:?}");
        let named = run.stdout.starts_with("does not work: ");
        assert_eq!(named, status == 1, "{fault}: {run:?}");
    }
}

#[test]
fn clocks_that_differ_are_told() {
    let server = Server::start();
    let skewed = jott(["doctor", &server.issuer(), "--json"]).run();
    let diagnosis: Value = serde_json::from_str(&skewed.stdout).unwrap();
    assert_eq!(diagnosis["works"], true);
    let checks = diagnosis["documents"][0]["checks"].as_array().unwrap();
    let clock = checks
        .iter()
        .find(|check| check["check"] == "clock")
        .unwrap();
    assert_eq!(clock["result"], "pass", "{clock}");
    assert_eq!(clock["section"], "RFC 9110 section 6.6.1");
}

#[test]
fn a_token_is_judged_by_the_keys_that_are_found() {
    let server = Server::start();
    let token = server.service_token();
    let judge = |token: &str, args: &[&str]| {
        let issuer = server.issuer();
        let args = ["doctor", &issuer, "--token", "env:T"]
            .into_iter()
            .chain(args.iter().copied());
        jott(args).env("T", token).run()
    };
    let good = judge(&token, &[]);
    assert_eq!(good.status, Some(0), "{good:?}");
    assert!(good.stdout.contains("\ntoken  valid\n"), "{good:?}");
    let other = judge(&token, &["--aud", "https://other.test"]);
    assert_eq!(other.status, Some(1), "{other:?}");
    assert!(other.stdout.contains("\ntoken  refused: "), "{other:?}");
    let json = judge(&token, &["--aud", "https://other.test", "--json"]);
    let diagnosis: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(diagnosis["works"], false);
    assert_eq!(diagnosis["token"]["valid"], false);
    let opaque = judge("ghp_0123456789abcdefghijklmnopqrstuvwxyz", &[]);
    assert_eq!(opaque.status, Some(1), "{opaque:?}");
    // The token goes nowhere.
    assert!(!server.log().contains(&token[token.len() - 20..]));
    let typed = jott(["doctor", &server.issuer(), "--token", &token]).run();
    assert_eq!(
        (typed.status, typed.stdout.as_str()),
        (Some(2), ""),
        "{typed:?}"
    );
    assert!(!typed.stderr.contains(&token[..20]), "{typed:?}");
}

/// What clients can work with is no complaint, and is named.
#[test]
fn what_is_worth_a_note_is_named_too() {
    for (fault, line) in [
        (
            "metadata-openid-only",
            "note found 200; http://ORIGIN/.well-known/oauth-authorization-server answered 404",
        ),
        (
            "metadata-no-iss",
            "note iss the answer of a log-in need not name the issuer: clients of several servers cannot tell them apart",
        ),
    ] {
        let server = Server::with(&["--alg", "ES256", "--fault", fault]);
        let run = doctor(&server, &[]);
        let origin = format!("127.0.0.1:{}", server.port);
        let mut lines = run.stdout.lines().map(|line| {
            let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
            words.replace(&origin, "ORIGIN")
        });
        assert_eq!(run.status, Some(0), "{run:?}");
        assert!(lines.any(|one| one == line), "{fault}: {run:?}");
    }
}

/// A key set that has not the key of a token looks well by itself.
#[test]
fn a_key_that_is_not_published_is_found_by_a_token() {
    let server = Server::with(&["--alg", "ES256", "--fault", "jwks-rotated"]);
    let token = server.service_token();
    let args = ["doctor", &server.issuer(), "--token", "env:T"];
    let run = jott(args).env("T", &token).run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.stdout.contains("\ntoken  refused: "), "{run:?}");
}
