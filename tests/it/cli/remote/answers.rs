//! What comes back, and how fast.

use std::thread;
use std::time::Duration;
use std::time::Instant;

use super::server::{Authority, Reply, Server, ok, raw, redirect, reply};
use super::{ADVICE, assert_answer, entry, one, quietly, raw_port_of_nobody, refused, token};
use crate::support::jott;

#[test]
fn a_token_is_good_by_a_set_from_the_network() {
    let server = Server::start(|_| ok(one()));
    let run = jott(["verify", "--key", &server.url("/keys")])
        .stdin(token("a", &[]))
        .run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let line = format!("`a` of the 1 key of http://127.0.0.1:{}/keys", server.port);
    assert!(run.stdout.contains(&line), "{}", run.stdout);
    assert_eq!(server.requests(), ["/keys"]);
}

#[test]
fn what_came_is_said() {
    for (body, said) in [
        ("", "answered with nothing"),
        (
            " <!DOCTYPE html><title>Log in</title>",
            "answered with HTML",
        ),
        (
            "keys",
            "answered with something that is neither JSON nor PEM",
        ),
        (
            "\u{1b}[2J",
            "answered with something that is neither JSON nor PEM",
        ),
        (
            "{}",
            "answered with JSON that is neither a JWK nor a JWK Set",
        ),
        (
            "[]",
            "answered with JSON that is neither a JWK nor a JWK Set",
        ),
        (
            r#"{"keys":{}}"#,
            "answered with JSON that is neither a JWK nor a JWK Set",
        ),
        (
            r#"{"keys":7}"#,
            "answered with JSON whose `keys` is a number, and in a JWK Set it is an array (RFC 7517 section 5.1)",
        ),
        (r#"{"keys":[]}"#, "answered with an empty JWK Set"),
        (
            r#"{"keys":[],"keys":[]}"#,
            "answered with a JWK Set that has `keys` twice",
        ),
        (
            r#"{"keys":[1,{}]}"#,
            "answered with a JWK Set without a usable key: the JWK has no `kty`",
        ),
    ] {
        assert_answer(
            move || ok(body),
            3,
            &format!("error: http://127.0.0.1:PORT/keys {said}\n"),
        );
    }
    assert_answer(
        || reply(200, &["Content-Type: text/html; charset=utf-8"], "Log in"),
        3,
        "error: http://127.0.0.1:PORT/keys answered with HTML\n",
    );
    assert_answer(
        || ok(entry("a")),
        3,
        "error: http://127.0.0.1:PORT/keys answered with a single JWK, not a set\n\
         hint: a set is {\"keys\":[…]}; a single key can be saved, and named as a file: ./key.json\n",
    );
    assert_answer(
        || ok("{\"issuer\":\"https://a.test/\\u001b\",\"jwks_uri\":\"https://a.test/keys\"}"),
        3,
        "error: http://127.0.0.1:PORT/keys answered with the metadata of an issuer, whose keys are where `jwks_uri` says\n\
         hint: name the issuer instead: issuer:https://a.test/\\u001b\n",
    );
}

#[test]
fn there_is_advice_for_every_error() {
    let server = Server::start(|_| reply(500, &[], ""));
    let stderr = |key: &str| quietly(key, &token("a", &[])).run().stderr;
    assert!(stderr(&server.url("/keys")).ends_with(ADVICE[2]));
    assert!(stderr(&format!("issuer:{}", server.url(""))).ends_with(ADVICE[1]));
}

#[test]
fn any_status_but_200_is_an_error() {
    for status in [201, 204, 206, 304, 400, 404, 500, 503] {
        assert_answer(
            move || {
                reply(
                    status,
                    &[],
                    if status == 204 { String::new() } else { one() },
                )
            },
            3,
            &format!("error: http://127.0.0.1:PORT/keys answered {status}\n"),
        );
    }
}

#[test]
fn large_answers_are_cut_off() {
    let too_large = "error: http://127.0.0.1:PORT/keys answered with more than 1 MiB: that is not a set of keys\n";
    let padded = |len: usize| format!("{}{}", one(), " ".repeat(len - one().len()));
    assert_answer(move || ok(padded((1 << 20) + 1)), 3, too_large);
    assert_answer(
        || Reply::Bytes([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![b' '; 2 << 20]].concat()),
        3,
        too_large,
    );
    assert_answer(
        || {
            let chunk = format!("100000\r\n{}\r\n", " ".repeat(1 << 20));
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            Reply::Bytes(format!("{head}{chunk}{chunk}0\r\n\r\n").into_bytes())
        },
        3,
        too_large,
    );
    assert_answer(
        || reply(200, &[&format!("X: {}", "x".repeat(40 << 10))], one()),
        3,
        "error: http://127.0.0.1:PORT/keys answered with more than 32 KiB of header lines\n",
    );
    let server = Server::start(move |_| ok(padded(1 << 20)));
    assert_eq!(refused(&server, &server.url("/keys")), (0, String::new()));
}

#[test]
fn a_gzip_bomb_is_not_unpacked() {
    // The head of a stream that nobody asked for; what follows does not matter.
    assert_answer(
        || reply(200, &["Content-Encoding: gzip"], b"\x1f\x8b\x08\x00bomb"),
        3,
        "error: http://127.0.0.1:PORT/keys answered with compressed data that was not asked for\n",
    );
}

#[test]
fn a_connection_that_breaks_is_the_systems_fault() {
    let early =
        "error: http://127.0.0.1:PORT/keys cannot be reached: it closed the connection early\n";
    assert_answer(|| Reply::Bytes(Vec::new()), 5, early);
    assert_answer(
        || Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
        5,
        early,
    );
    let closed = raw_port_of_nobody();
    let run = quietly(
        &format!("http://127.0.0.1:{closed}/keys?hunter2"),
        &token("a", &[]),
    )
    .run();
    assert_eq!(run.status, Some(5));
    assert_eq!(
        run.stderr,
        format!(
            "error: http://127.0.0.1:{closed}/keys cannot be reached: nothing listens there\n{}",
            ADVICE[0]
        )
    );
}

#[test]
fn what_is_not_http_prints_nothing_of_itself() {
    for garbage in [
        "SSH-2.0-\u{1b}[2J\r\n",
        "HTTP/9 \u{1b}[2J\r\n\r\n",
        "\0\0\0\r\n\r\n",
    ] {
        let server = Server::start(move |_| Reply::Bytes(garbage.as_bytes().to_vec()));
        let (status, stderr) = refused(&server, &server.url("/keys"));
        assert_eq!(status, 5, "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
        assert!(
            stderr.starts_with("error: http://127.0.0.1:PORT/keys cannot be"),
            "{stderr:?}"
        );
    }
}

#[test]
fn nothing_takes_longer_than_ten_seconds() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n{";
    let body = Server::start(move |_| Reply::Drip(head.into()));
    let lines = Server::start(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec()));
    let loops = Server::start(|path| {
        thread::sleep(Duration::from_secs(4));
        redirect(&format!("{path}x"))
    });
    let https = |port: u16| format!("https://127.0.0.1:{port}/keys");
    let authority = Authority::new("test");
    let urls = [
        body.url("/keys"),
        lines.url("/keys"),
        loops.url("/keys"),
        format!("http://127.0.0.1:{}/keys", raw(b"", false)),
        https(raw(b"", false)),
        https(raw(b"\x16\x03\x03\x40\x00", true)),
    ];
    let token = token("a", &[]);
    let runs: Vec<_> = urls
        .into_iter()
        .map(|url| {
            let (token, pem) = (token.clone(), authority.pem());
            thread::spawn(move || {
                let start = Instant::now();
                let run = quietly(&url, &token).env("SSL_CERT_FILE", &pem).run();
                (url, run, start.elapsed())
            })
        })
        .collect();
    for run in runs {
        let (url, run, took) = run.join().unwrap();
        assert_eq!(
            (run.status, run.stderr),
            (
                Some(5),
                format!(
                    "error: {url} did not answer completely within 10 seconds\n{}",
                    ADVICE[0]
                )
            )
        );
        assert!((9..13).contains(&took.as_secs()), "{url} took {took:?}");
    }
}

#[test]
fn json_says_that_the_host_did_not_answer() {
    let port = raw_port_of_nobody();
    let key = format!("http://127.0.0.1:{port}/keys");
    let run = jott(["verify", "--json", "--key", &key, &token("a", &[])]).run();
    assert_eq!(run.status, Some(5));
    assert!(
        run.stdout.contains(r#""reason":"system""#),
        "{}",
        run.stdout
    );
}

/// What is said of keys that are not there for everybody.
const LOG_IN: &str = "hint: keys are public: is it the right address? Keys that need a log-in can be saved, and named as a file: ./jwks.json\n";

#[test]
fn what_a_server_says_of_its_refusal_is_shown() {
    for (status, body, said) in [
        (401, "", ""),
        (401, "<html>Log in</html>", ""),
        (401, &one(), ""),
        (403, "Forbidden\u{1b}[2J\n", ": Forbidden\\u001b[2J"),
        (
            403,
            r#"{"message":"Missing Authentication Token"}"#,
            ": Missing Authentication Token",
        ),
        (
            401,
            r#"{"error":"invalid_token","error_description":"no\u202e token"}"#,
            ": invalid_token: no\\u202e token",
        ),
        (
            403,
            r#"{"error":{"code":403,"message":"Google says no"}}"#,
            ": Google says no",
        ),
        (
            403,
            r#"{"errors":["permission denied"]}"#,
            ": permission denied",
        ),
        (
            403,
            "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
            ": Access Denied",
        ),
        (403, &"x".repeat(1 << 20), ""),
        (403, &"x".repeat(300), &format!(": {}…", "x".repeat(200))),
    ] {
        let body = body.to_owned();
        assert_answer(
            move || reply(status, &[], &body),
            3,
            &format!("error: http://127.0.0.1:PORT/keys answered {status}{said}\n{LOG_IN}"),
        );
    }
    assert_answer(
        || reply(503, &[], "over quota"),
        3,
        "error: http://127.0.0.1:PORT/keys answered 503: over quota\n",
    );
    // What stands in a query may be secret, and some servers repeat it.
    let server = Server::start(|path| reply(403, &[], path));
    let said = format!("error: http://127.0.0.1:PORT/keys answered 403\n{LOG_IN}");
    assert_eq!(
        refused(&server, &server.url("/keys?sig=hunter2")),
        (3, said)
    );
}

#[test]
fn a_kubernetes_cluster_is_asked_by_its_user() {
    let status = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: User \"system:anonymous\" cannot get path \"PATH\"","reason":"Forbidden","details":{},"code":403}"#;
    let server = Server::start(move |path| reply(403, &[], status.replace("PATH", path)));
    for (key, path) in [
        (server.url("/openid/v1/jwks"), "/openid/v1/jwks"),
        (
            format!("issuer:{}", server.url("")),
            "/.well-known/openid-configuration",
        ),
    ] {
        let said = format!(
            "error: http://127.0.0.1:PORT{path} answered 403: forbidden: User \"system:anonymous\" cannot get path \"{path}\"\n\
             hint: `kubectl get --raw /openid/v1/jwks > jwks.json` asks as you: then name ./jwks.json\n"
        );
        assert_eq!(refused(&server, &key), (3, said));
    }
}
