//! Which keys of a set are taken, and for what.

use std::time::{Duration, Instant};

use super::server::{Server, ok, reply};
use super::{D, X, assert_answer, bare, entry, one, quietly, refused, set, token};
use crate::support::jott;

#[test]
fn an_audience_that_nobody_asked_for_is_refused() {
    let server = Server::start(|_| ok(one()));
    let (url, token) = (server.url("/keys"), token("a", &["--aud", "api"]));
    let status = |flags: &[&str]| {
        let args = ["verify", "--key", &url, &token];
        jott(args.iter().chain(flags)).run().status
    };
    assert_eq!(status(&[]), Some(1));
    assert_eq!(status(&["--any-aud"]), Some(0));
    assert_eq!(status(&["--aud", "api"]), Some(0));
}

#[test]
fn a_key_from_the_network_does_not_sign() {
    for key in ["https://a.test/keys", "issuer:https://a.test"] {
        let run = jott(["issue", "--key", key]).run();
        assert_eq!(run.status, Some(3));
        assert_eq!(
            run.stderr,
            "error: a key from the network cannot sign: it is a public one\n\
             hint: name the private key that belongs to it: `-k ./private.pem`, `-k env:NAME`\n"
        );
    }
}

#[test]
fn ten_thousand_keys_are_read_and_no_more() {
    let keys = |count: usize| {
        let entries: Vec<String> = (1..=count).map(|n| entry(&n.to_string())).collect();
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        set(&entries)
    };
    let most = keys(10_000);
    let server = Server::start(move |_| ok(&most));
    let start = Instant::now();
    let run = quietly(&server.url("/keys"), &token("10000", &[])).run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );

    let more = keys(10_001);
    assert_answer(
        move || ok(&more),
        3,
        "error: http://127.0.0.1:PORT/keys answered with a JWK Set of more than 10000 keys\n",
    );
}

#[test]
fn a_kid_may_be_absent_or_twice() {
    let nameless = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}"}}"#);
    let other = entry("a").replace(X, "Xx4_L89E6RsyvDTzN9wuN3cDwgifPkXMgFJv_HMIxdk");
    let keys = set(&[&nameless, &other, &entry("a")]);
    let server = Server::start(move |_| ok(&keys));
    let run = |kid: &str| {
        let run = jott(["verify", "--key", &server.url("/keys"), &token(kid, &[])]).run();
        (run.status.unwrap(), bare(&run.stderr, &server))
    };
    assert_eq!(
        run("a"),
        (
            0,
            "note: 2 keys of http://127.0.0.1:PORT/keys have the token's `kid`\n".to_owned()
        )
    );
    assert_eq!(run("none"), (0, String::new()));
    assert_eq!(run("b"), (1, String::new()));
}

#[test]
fn only_public_entries_are_taken() {
    let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";
    let oct = format!(r#"{{"kty":"oct","kid":"a","k":"{secret}"}}"#);
    let private = entry("a").replace('}', &format!(r#","d":"{D}"}}"#));
    let stray = entry("a").replace('}', r#","p":1}"#);
    let broken = entry("a").replace(X, "AAAA");
    let keys = set(&[
        &oct,
        &private,
        &stray,
        &broken,
        "7",
        "{}",
        "[]",
        &entry("b"),
    ]);
    let server = Server::start(move |_| ok(&keys));
    let url = server.url("/keys");
    let verify = |token: &str| {
        let run = jott(["verify", "--key", &url, token]).run();
        (run.status.unwrap(), bare(&run.stderr, &server))
    };
    let notes = "\
        note: http://127.0.0.1:PORT/keys: key 1 of the set is skipped: it is a secret that everybody can read\n\
        note: http://127.0.0.1:PORT/keys: key 2 of the set is skipped: everybody can read its private half (`d`)\n\
        note: http://127.0.0.1:PORT/keys: key 3 of the set is skipped: everybody can read its private half (`p`)\n\
        note: http://127.0.0.1:PORT/keys: key 4 of the set is skipped: `x` of the JWK has 3 bytes, and 32 are needed\n\
        note: http://127.0.0.1:PORT/keys: key 5 of the set is skipped: the JWK has no `kty`\n\
        note: http://127.0.0.1:PORT/keys: 2 more keys of the set are skipped\n";
    assert_eq!(verify(&token("b", &[])), (0, notes.to_owned()));
    assert_eq!(verify(&token("a", &[])).0, 1);

    let forged = jott([
        "issue",
        "--key",
        "env:K",
        "--key-encoding",
        "base64url",
        "--kid",
        "a",
    ])
    .env("K", secret)
    .run()
    .stdout;
    assert_eq!(verify(forged.trim()).0, 1);

    let none = set(&[&oct]);
    assert_answer(
        move || ok(&none),
        3,
        "error: http://127.0.0.1:PORT/keys answered with a JWK Set without a usable key: it is a secret that everybody can read\n",
    );
}

/// The public half of the key, as PEM.
fn pem() -> String {
    let jwk = entry("a");
    let run = jott(["key", "show", "--pem", "--key", "stdin"])
        .stdin(jwk)
        .run();
    assert_eq!(run.status, Some(0), "{run:?}");
    run.stdout
}

#[test]
fn a_public_key_in_pem_is_the_key_whatever_the_kid() {
    let pem = pem();
    for (lines, body) in [
        (&[][..], pem.clone()),
        (&["Content-Type: text/html"], pem.clone()),
        (
            &["Content-Type: application/octet-stream"],
            pem.replace('\n', "\r\n"),
        ),
        (&[], format!("\u{feff}{pem}")),
    ] {
        let server = Server::start(move |_| reply(200, lines, &body));
        let run = quietly(&server.url("/keys"), &token("any", &[])).run();
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    }
}

#[test]
fn a_private_key_in_pem_is_never_taken() {
    let private = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","d":"{D}"}}"#);
    let run = jott(["key", "show", "--pem", "--private", "--key", "stdin"]);
    let private = run.stdin(private).run().stdout;
    for body in [private.clone(), format!("{}{private}", pem())] {
        assert_answer(
            move || ok(&body),
            3,
            "error: http://127.0.0.1:PORT/keys answered with a private key in PEM, which everybody can read there\n",
        );
    }
}

#[test]
fn a_map_of_public_keys_by_kid_is_a_set() {
    let pem = serde_json::to_string(&pem()).unwrap();
    let body = format!(r#"{{"a":{pem},"b":{pem}}}"#);
    let server = Server::start(move |_| ok(&body));
    let status = |kid: &str| quietly(&server.url("/keys"), &token(kid, &[])).run().status;
    assert_eq!(status("a"), Some(0));
    assert_eq!(status("c"), Some(1));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let server = Server::start(|_| ok(format!("\u{feff}{}", one())));
    assert_eq!(refused(&server, &server.url("/keys")), (0, String::new()));
}

#[test]
fn a_key_without_kid_answers_to_its_thumbprint() {
    let nameless = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}"}}"#);
    let body = set(&[&nameless, &entry("a")]);
    let server = Server::start(move |_| ok(&body));
    let status = |kid: &str| quietly(&server.url("/keys"), &token(kid, &[])).run().status;
    assert_eq!(
        status("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        Some(0)
    );
    assert_eq!(
        status("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4K"),
        Some(1)
    );
}
