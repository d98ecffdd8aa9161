//! Keys by way of an issuer's metadata.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::{Authority, Proxy, Server, ok, reply};
use super::{X, bare, entry, one, quietly, refused, set, token};
use crate::support::jott;

/// An issuer at a path of its own server, with some of its metadata changed.
pub(super) fn issuer(
    path: &'static str,
    place: &'static str,
    change: &'static dyn Change,
) -> Server {
    issuer_with(one(), path, place, change)
}

/// An issuer with a set of its own.
fn issuer_with(
    set: String,
    path: &'static str,
    place: &'static str,
    change: &'static dyn Change,
) -> Server {
    let port = Arc::new(AtomicUsize::new(0));
    let mine = Arc::clone(&port);
    let server = Server::start(move |asked| {
        let base = format!("http://127.0.0.1:{}", mine.load(Ordering::SeqCst));
        match asked {
            "/keys" => ok(&set),
            _ if asked == place => ok(change.to(
                &base,
                &format!(r#"{{"issuer":"{base}{path}","jwks_uri":"{base}/keys"}}"#),
            )),
            _ => reply(404, &[], ""),
        }
    });
    port.store(server.port.into(), Ordering::SeqCst);
    server
}

/// A change to metadata, with what it begins with.
pub(super) trait Change: Send + Sync {
    fn to(&self, base: &str, metadata: &str) -> String;
}

impl<F: Fn(&str, &str) -> String + Send + Sync> Change for F {
    fn to(&self, base: &str, metadata: &str) -> String {
        self(base, metadata)
    }
}

pub(super) fn none(_base: &str, metadata: &str) -> String {
    metadata.to_owned()
}

pub(super) const DISCOVERY: &str = "/.well-known/openid-configuration";

#[test]
fn metadata_is_where_either_standard_puts_it() {
    for (path, place, requests) in [
        ("", DISCOVERY, &[DISCOVERY, "/keys"][..]),
        ("/", DISCOVERY, &[DISCOVERY, "/keys"]),
        (
            "/realm",
            "/realm/.well-known/openid-configuration",
            &["/realm/.well-known/openid-configuration", "/keys"],
        ),
        (
            "",
            "/.well-known/oauth-authorization-server",
            &[
                DISCOVERY,
                "/.well-known/oauth-authorization-server",
                "/keys",
            ],
        ),
        (
            "/realm/",
            "/.well-known/oauth-authorization-server/realm",
            &[
                "/realm/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/realm",
                "/keys",
            ],
        ),
    ] {
        let server = issuer(path, place, &none);
        let iss = server.url(path);
        let token = token("a", &["--iss", &iss]);
        let run = quietly(&format!("issuer:{iss}"), &token).run();
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{iss}");
        assert_eq!(server.requests(), requests);
    }
}

#[test]
fn the_other_place_is_tried_on_404_only() {
    for status in [403, 500] {
        let server = Server::start(move |_| reply(status, &[], ""));
        let key = format!("issuer:{}", server.url(""));
        let said = format!("error: http://127.0.0.1:PORT{DISCOVERY} answered {status}\n");
        let (exit, stderr) = refused(&server, &key);
        assert!(exit == 3 && stderr.starts_with(&said), "{stderr}");
        assert_eq!(server.requests(), [DISCOVERY]);
    }
    let server = Server::start(|_| reply(404, &[], ""));
    let said = format!(
        "error: http://127.0.0.1:PORT{DISCOVERY} and http://127.0.0.1:PORT/.well-known/oauth-authorization-server answered 404: there is no metadata of an issuer\n\
         hint: is it the issuer, as `iss` has it in its tokens? `--key https://…` takes a JWK Set itself\n"
    );
    assert_eq!(
        refused(&server, &format!("issuer:{}", server.url(""))),
        (3, said)
    );
}

#[test]
fn an_issuer_that_lies_is_not_believed() {
    let cases: [(&'static dyn Change, &str); 13] = [
        (
            &|_: &str, m: &str| m.replace("http://127.0.0.1", "https://evil.test"),
            "answered with the metadata of another issuer: https://evil.test:PORT\n",
        ),
        (
            &|base: &str, m: &str| m.replacen(&format!("{base}\""), &format!("{base}/\""), 1),
            "answered with the metadata of another issuer: http://127.0.0.1:PORT/\n\
             hint: they differ by a slash at the end, and issuers are compared exactly: `--key issuer:http://127.0.0.1:PORT/`\n",
        ),
        (
            &|_: &str, _: &str| r#"{"jwks_uri":"https://a.test/"}"#.to_owned(),
            "answered with JSON that has no `issuer`: that is not the metadata of an issuer\n",
        ),
        (
            &|_: &str, m: &str| m.replace("jwks_uri", "jwks"),
            "answered with JSON that has no `jwks_uri`: that is not the metadata of an issuer\n",
        ),
        (
            &|_: &str, m: &str| m.replace('{', r#"{"issuer":"https://evil.test","#),
            "answered with metadata that has `issuer` twice\n",
        ),
        (
            &|base: &str, _: &str| format!(r#"{{"issuer":"{base}","jwks_uri":["{base}/keys"]}}"#),
            "answered with metadata whose `jwks_uri` is not a string\n",
        ),
        (
            &|_: &str, _: &str| "[]".to_owned(),
            "answered with JSON that has no `issuer`: that is not the metadata of an issuer\n",
        ),
        (
            &|_: &str, _: &str| "<html>".to_owned(),
            "answered with HTML\n",
        ),
        (
            &|base: &str, _: &str| {
                format!(r#"{{"issuer":"{base}","jwks_uri":"http://evil.test/"}}"#)
            },
            "names a `jwks_uri` that is not https\n",
        ),
        (
            &|base: &str, _: &str| {
                format!(r#"{{"issuer":"{base}","jwks_uri":"https://u:p@evil.test/"}}"#)
            },
            "names a `jwks_uri` that has a user name in it\n",
        ),
        (
            &|base: &str, _: &str| {
                format!(r#"{{"issuer":"{base}","jwks_uri":"file:///etc/passwd"}}"#)
            },
            "names a `jwks_uri` that is not a URL\n",
        ),
        (
            &|base: &str, _: &str| format!(r#"{{"issuer":"{base}","jwks_uri":"/keys"}}"#),
            "names a `jwks_uri` that is not a URL with a host\n",
        ),
        (
            &|base: &str, _: &str| {
                format!(r#"{{"issuer":"{base}","jwks_uri":"https://a.test/\u001b"}}"#)
            },
            "names a `jwks_uri` that is not a URL\n",
        ),
    ];
    for (change, said) in cases {
        let server = issuer("", DISCOVERY, change);
        let key = format!("issuer:{}", server.url(""));
        let said = format!("error: http://127.0.0.1:PORT{DISCOVERY} {said}");
        assert_eq!(refused(&server, &key), (3, said));
        assert_eq!(server.requests(), [DISCOVERY]);
    }
}

#[test]
fn an_issuer_elsewhere_does_not_point_to_this_machine() {
    let authority = Authority::new("test");
    for (jwks_uri, said) in [
        (
            "https://127.0.0.1/keys",
            "is on this machine, and the issuer is not",
        ),
        (
            "http://localhost/keys",
            "is on this machine, and the issuer is not",
        ),
        ("http://id.test/keys", "is not https"),
    ] {
        let metadata = format!(r#"{{"issuer":"https://id.test","jwks_uri":"{jwks_uri}"}}"#);
        let tls = authority.server(&["id.test"], false);
        let server = Server::start_tls(tls, move |_| ok(&metadata));
        let proxy = Proxy::start(Some(server.port));
        let run = jott([
            "verify",
            "-q",
            "--allow-http",
            "--key",
            "issuer:https://id.test",
            &token("a", &[]),
        ])
        .env("SSL_CERT_FILE", &authority.pem())
        .env("https_proxy", &format!("http://127.0.0.1:{}", proxy.port))
        .run();
        let said = format!("error: https://id.test{DISCOVERY} names a `jwks_uri` that {said}\n");
        assert_eq!((run.status, bare(&run.stderr, &server)), (Some(3), said));
    }
}

#[test]
fn an_issuers_keys_are_good_for_its_own_tokens() {
    let others_key = entry("a").replace(X, "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");
    let other = issuer_with(set(&[&others_key]), "", DISCOVERY, &none);
    let (one, twin) = (issuer("", DISCOVERY, &none), issuer("", DISCOVERY, &none));
    let [(iss, key), (other_iss, other_key), (twin_iss, twin_key)] =
        [&one, &other, &twin].map(|s| (s.url(""), format!("issuer:{}", s.url(""))));
    let status = |iss: &[&str], flags: &[&str]| {
        let token = token("a", iss);
        jott(["verify", "-q", &token].iter().chain(flags))
            .run()
            .status
            .unwrap()
    };
    assert_eq!(status(&["--iss", &iss], &["--key", &key]), 0);
    assert_eq!(status(&["--iss", &other_iss], &["--key", &key]), 1);
    assert_eq!(status(&["--iss", &format!("{iss}/")], &["--key", &key]), 1);
    assert_eq!(status(&[], &["--key", &key]), 1, "it names no issuer");
    // What is asked for counts.
    assert_eq!(status(&["--iss", "x"], &["--key", &key, "--iss", "x"]), 0);
    assert_eq!(status(&["--iss", &iss], &["--key", &key, "--iss", "x"]), 1);
    let both = ["--key", &key, "--key", &other_key];
    assert_eq!(status(&["--iss", &iss], &both), 0);
    // Two that hold the same key sign with it, each for itself.
    let twins = ["--key", &key, "--key", &twin_key];
    assert_eq!(status(&["--iss", &twin_iss], &twins), 0);
    assert_eq!(status(&["--iss", &other_iss], &twins), 1);
    // Nor does a key of one's own sign for an issuer that is here with others.
    let run = jott([
        "verify",
        &token("a", &["--iss", &other_iss]),
        "--key",
        &other_key,
        "--key",
        "env:OWN",
    ])
    .env("OWN", &entry("a"))
    .run();
    assert_eq!(run.status, Some(1));
    let port = other.port.to_string();
    assert_eq!(
        run.stdout.replace(&port, "PORT").lines().last(),
        Some(
            "hint: if env:OWN may sign for this issuer too, name its keys by the address of their set: `--key https://…`"
        )
    );
    let mine = jott([
        "verify",
        "-q",
        &token("a", &["--iss", "me"]),
        "--key",
        &other_key,
        "--key",
        "env:OWN",
    ]);
    assert_eq!(mine.env("OWN", &entry("a")).run().status, Some(0));
    // Nor with `--iss` does one sign for the other.
    let named = ["--key", &key, "--key", &other_key, "--iss", &other_iss];
    assert_eq!(status(&["--iss", &other_iss], &named), 1);
}

#[test]
fn the_address_of_metadata_names_the_issuer() {
    for (path, place, named) in [
        ("", DISCOVERY, DISCOVERY),
        // Who has it from a browser does not know of the slash.
        ("/", DISCOVERY, DISCOVERY),
        (
            "/realm",
            "/realm/.well-known/openid-configuration",
            "/realm/.well-known/openid-configuration",
        ),
        (
            "/realm",
            "/.well-known/oauth-authorization-server/realm",
            "/.well-known/oauth-authorization-server/realm",
        ),
        ("", DISCOVERY, "/.well-known/jwks.json"),
    ] {
        let server = issuer(path, place, &none);
        let iss = server.url(path);
        let token = token("a", &["--iss", &iss]);
        let key = format!("issuer:{}", server.url(named));
        let run = jott(["verify", "--key", &key, &token]).run();
        let what = named.split("/realm").find(|part| !part.is_empty()).unwrap();
        let note = format!("note: {key}: the issuer is {iss}, without `{what}`\n");
        assert_eq!((run.status, run.stderr), (Some(0), note), "{named}");
        // The issuer is what `iss` is compared with, also from the cache.
        let home = tempfile::tempdir().unwrap();
        for expected in [0, 0] {
            let run = quietly(&key, &token).env("XDG_CACHE_HOME", home.path().to_str().unwrap());
            assert_eq!(run.run().status, Some(expected));
        }
        let other = crate::cli::remote::token("a", &["--iss", "https://other.test"]);
        assert_eq!(quietly(&key, &other).run().status, Some(1));
    }
}

#[test]
fn a_byte_order_mark_before_metadata_is_passed_over() {
    let server = issuer("", DISCOVERY, &|_: &str, m: &str| format!("\u{feff}{m}"));
    let iss = server.url("");
    let run = quietly(&format!("issuer:{iss}"), &token("a", &["--iss", &iss])).run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

/// Metadata of Microsoft Entra name an issuer for all tenants.
#[test]
fn an_issuer_for_all_tenants_is_explained_by_the_token() {
    let authority = Authority::new("test");
    let metadata =
        r#"{"issuer":"https://id.test/{tenantid}/v2.0","jwks_uri":"https://id.test/keys"}"#;
    let server = Server::start_tls(authority.server(&["id.test"], false), move |_| ok(metadata));
    let proxy = Proxy::start(Some(server.port));
    let run = |token: &[&str], stdin: &str| {
        let key = ["verify", "--key", "issuer:https://id.test/common/v2.0"];
        let run = jott(key.iter().chain(token))
            .env("SSL_CERT_FILE", &authority.pem())
            .env("https_proxy", &format!("http://127.0.0.1:{}", proxy.port))
            .stdin(stdin)
            .run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(3), ""));
        run.stderr
    };
    let error = "error: https://id.test/common/v2.0/.well-known/openid-configuration answered with the metadata of another issuer: https://id.test/{tenantid}/v2.0\n";
    let iss = "https://id.test/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
    let told = format!("{error}hint: the token's `iss` is {iss}: `--key issuer:{iss}`\n");
    let ours = token("a", &["--iss", iss]);
    assert_eq!(run(&[&ours], ""), told);
    assert_eq!(run(&[], &ours), told, "from standard input");
    let run_json = run_in_json(&authority, proxy.port, &ours);
    assert!(
        run_json.contains(&format!("\"hint\":\"the token's `iss` is {iss}")),
        "{run_json}"
    );
    let general = format!(
        "{error}hint: `{{tenantid}}` stands for what differs from token to token, such as the tenant: name the issuer as `iss` has it in the token\n"
    );
    for other in [
        token("a", &["--iss", "https://evil.test/x/v2.0"]),
        token("a", &["--iss", "https://id.test/x'; rm -rf ~; '/v2.0"]),
        token("a", &[]),
        "no token".to_owned(),
    ] {
        assert_eq!(run(&[&other], ""), general);
    }
}

#[test]
fn an_issuer_for_all_tenants_on_this_machine_is_explained_by_the_token_too() {
    let all = |base: &str, metadata: &str| {
        metadata.replace(&format!("{base}/common"), &format!("{base}/{{tenantid}}"))
    };
    let all: &'static dyn Change = Box::leak(Box::new(all));
    let server = issuer("/common", "/common/.well-known/openid-configuration", all);
    let iss = server.url("/contoso");
    let run = quietly(
        &format!("issuer:{}", server.url("/common")),
        &token("a", &["--iss", &iss]),
    )
    .run();
    assert_eq!(run.status, Some(3));
    let hint = format!("hint: the token's `iss` is {iss}: `--key issuer:{iss}`\n");
    assert!(run.stderr.ends_with(&hint), "{}", run.stderr);
}

fn run_in_json(authority: &Authority, proxy: u16, token: &str) -> String {
    let key = "issuer:https://id.test/common/v2.0";
    let run = jott(["verify", "--json", "--key", key, token])
        .env("SSL_CERT_FILE", &authority.pem())
        .env("https_proxy", &format!("http://127.0.0.1:{proxy}"))
        .run();
    assert_eq!(run.status, Some(3));
    run.stdout
}
