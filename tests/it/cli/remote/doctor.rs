//! `jott doctor` of servers as there are, and of hostile ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::{Reply, Server, redirect, reply};
use super::{D, X, entry, raw_port_of_nobody, set};
use crate::support::{Run, jott};

pub(super) const JSON: &str = "Content-Type: application/json";

/// A server whose answers may have its own origin in them, as `ORIGIN`.
pub(super) fn server(
    answer: impl Fn(&str) -> Option<(u16, &'static str, String)> + Send + Sync + 'static,
) -> Server {
    let port = Arc::new(AtomicUsize::new(0));
    let mine = Arc::clone(&port);
    let server = Server::start(move |asked| match answer(asked) {
        Some((status, line, body)) => {
            let origin = format!("http://127.0.0.1:{}", mine.load(Ordering::SeqCst));
            reply(status, &[line], body.replace("ORIGIN", &origin))
        }
        None => reply(404, &[], ""),
    });
    port.store(server.port.into(), Ordering::SeqCst);
    server
}

/// An issuer with its metadata at one place, and its keys.
fn issuer(place: &'static str, metadata: &'static str, keys: String) -> Server {
    server(move |asked| match asked {
        "/keys" => Some((200, JSON, keys.clone())),
        _ if asked == place => Some((200, JSON, metadata.to_owned())),
        _ => None,
    })
}

fn doctor(server: &Server, path: &str) -> Run {
    let mut run = jott(["doctor", &server.url(path)]).run();
    run.stdout = run
        .stdout
        .replace(&format!("http://127.0.0.1:{}", server.port), "ORIGIN");
    run
}

#[test]
fn a_report_goes_document_by_document() {
    let encryption = entry("c").replace("\"kty\"", "\"use\":\"enc\",\"kty\"");
    let private = entry("d").replace('}', &format!(",\"d\":\"{D}\"}}"));
    let nameless = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}"}}"#);
    let keys = set(&[
        &entry("a"),
        &entry("a"),
        &encryption,
        &private,
        &nameless,
        r#"{"kty":"XYZ"}"#,
    ]);
    let server = issuer(
        "/x/.well-known/openid-configuration",
        r#"{"issuer":"ORIGIN/x","jwks_uri":"ORIGIN/keys","authorization_endpoint":"ORIGIN/a#b",
            "token_endpoint":"ORIGIN/t","id_token_signing_alg_values_supported":["EdDSA","none","XY1"],
            "response_types_supported":["code","token"],"subject_types_supported":["public"]}"#,
        keys,
    );
    let run = doctor(&server, "/x");
    assert_eq!(
        run.stdout,
        "does not work: `ORIGIN/a#b` has a fragment (RFC 6749 section 3.1)

metadata  ORIGIN/x/.well-known/openid-configuration

  note   https       plain http, on this machine
  note   found       200; ORIGIN/.well-known/oauth-authorization-server/x answered 404
  pass   type        application/json
  pass   issuer      ORIGIN/x
  pass   jwks_uri    ORIGIN/keys
  fail   authorization_endpoint  `ORIGIN/a#b` has a fragment (RFC 6749 section 3.1) (RFC 8414 section 2)
  pass   endpoints   token: http, as the issuer
  warn   algorithms  `none` is announced: ID tokens without a signature (RFC 8725 section 3.2)
  note   algorithms  XY1 cannot be checked here
  note   algorithms  ID tokens: EdDSA, without RS256, which a provider must have and simple clients take for granted
  note   responses   `token` puts access tokens into URLs
  warn   pkce        no PKCE is announced: some clients do not use it then (RFC 9700 section 2.1.1)
  note   iss         the answer of a log-in need not name the issuer: clients of several servers cannot tell them apart
  note   cors        no page of another origin may read it

keys  ORIGIN/keys

  note   https       plain http, on this machine
  pass   type        application/json
  pass   key         `a`: Ed25519 public key
  pass   key         `a`: Ed25519 public key
  note   key         `c`: Ed25519 public key, not for signatures
  warn   key         `d` cannot be used: everybody can read its private half (`d`) (RFC 7517 section 5)
  pass   key         number 5: Ed25519 public key
  warn   key         number 6 cannot be used: the JWK has a `kty` `XYZ` that is not supported (RFC 7517 section 5)
  warn   kid         `a` names 2 keys (RFC 7517 section 4.5)
  warn   kid         1 of 4 keys without a `kid`: clients have to try them (RFC 7517 section 4.5)
  pass   algorithms  there is a key for EdDSA
  note   cors        no page of another origin may read it
  note   cache       it does not say how long it may be cached

hint: leave it out
hint: `code_challenge_methods_supported` with `S256` says that codes are protected
hint: give each key a `kid` of its own: many clients take the first
hint: give each key a `kid`
"
    );
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
}

/// Issuers as large providers have them: where their metadata is, what it leaves out, and what is said.
#[test]
fn real_shapes_are_understood() {
    for (path, place, metadata, status, said) in [
        // Entra's issuer for all tenants.
        (
            "/common/v2.0",
            "/common/v2.0/.well-known/openid-configuration",
            r#"{"token_endpoint":"ORIGIN/common/oauth2/v2.0/token","jwks_uri":"ORIGIN/keys",
                "response_types_supported":["code","id_token","code id_token","id_token token"],
                "subject_types_supported":["pairwise"],"id_token_signing_alg_values_supported":["RS256"],
                "issuer":"ORIGIN/{tenantid}/v2.0","authorization_endpoint":"ORIGIN/common/oauth2/v2.0/authorize"}"#,
            1,
            "hint: replace what is in braces by the name or the ID of your tenant\n",
        ),
        // Auth0's issuer ends with a slash.
        (
            "",
            "/.well-known/openid-configuration",
            r#"{"issuer":"ORIGIN/","jwks_uri":"ORIGIN/keys"}"#,
            1,
            "it ends with a slash, and what was asked for does not",
        ),
        (
            "/",
            "/.well-known/openid-configuration",
            r#"{"issuer":"ORIGIN/","jwks_uri":"ORIGIN/keys"}"#,
            0,
            "  pass   issuer      ORIGIN/\n",
        ),
        // Keycloak's realm, GitLab, Google: with PKCE.
        (
            "/realms/demo",
            "/realms/demo/.well-known/openid-configuration",
            r#"{"issuer":"ORIGIN/realms/demo","jwks_uri":"ORIGIN/keys",
                "authorization_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/auth",
                "code_challenge_methods_supported":["plain","S256"],
                "authorization_response_iss_parameter_supported":true}"#,
            0,
            "  pass   pkce        plain, S256\n",
        ),
        // Amazon Cognito announces no PKCE.
        (
            "/eu-central-1_abc",
            "/eu-central-1_abc/.well-known/openid-configuration",
            r#"{"issuer":"ORIGIN/eu-central-1_abc","jwks_uri":"ORIGIN/keys","authorization_endpoint":"ORIGIN/oauth2/authorize"}"#,
            0,
            "  warn   pkce        no PKCE is announced",
        ),
        // Okta's authorization server is in both places; here it is in RFC 8414's alone.
        (
            "/oauth2/default",
            "/.well-known/oauth-authorization-server/oauth2/default",
            r#"{"issuer":"ORIGIN/oauth2/default","jwks_uri":"ORIGIN/keys"}"#,
            0,
            "hint: clients of OpenID Connect look there first, and most others look there second\n",
        ),
        // GitHub Actions and clusters issue tokens, and have no endpoint to ask for one.
        (
            "",
            "/.well-known/openid-configuration",
            r#"{"issuer":"ORIGIN","jwks_uri":"ORIGIN/keys","subject_types_supported":["public"],
                "response_types_supported":["id_token"],"id_token_signing_alg_values_supported":["EdDSA"]}"#,
            0,
            "  note   authorization_endpoint  it is not there: nobody can log in, and tokens can only be checked\n",
        ),
        // A document where only few look.
        (
            "/x",
            "/.well-known/openid-configuration/x",
            r#"{"issuer":"ORIGIN/x","jwks_uri":"ORIGIN/keys"}"#,
            1,
            "hint: there is a document at ORIGIN/.well-known/openid-configuration/x, where few clients look",
        ),
    ] {
        let server = issuer(place, metadata, set(&[&entry("a")]));
        let run = doctor(&server, path);
        assert!(run.stdout.contains(said), "{metadata}: {run:?}");
        assert_eq!(run.status, Some(status), "{metadata}: {run:?}");
    }
}

#[test]
fn nobody_who_answers_is_told_from_an_answer_that_is_wrong() {
    let nobody = jott([
        "doctor",
        &format!("http://127.0.0.1:{}", raw_port_of_nobody()),
    ])
    .run();
    assert_eq!(nobody.status, Some(5), "{nobody:?}");
    assert!(
        nobody.stdout.contains("nothing listens there"),
        "{nobody:?}"
    );
    let json = jott([
        "doctor",
        "--json",
        &format!("http://127.0.0.1:{}", raw_port_of_nobody()),
    ])
    .run();
    let diagnosis: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        (json.status, &diagnosis["reached"]),
        (Some(5), &serde_json::json!(false))
    );
    let plain = jott(["doctor", "http://192.0.2.1"]).run();
    assert_eq!(plain.status, Some(1), "{plain:?}");
    assert!(plain.stdout.contains("is plain http"), "{plain:?}");
}

#[test]
fn hostile_answers_are_told_and_not_believed() {
    let metadata = r#"{"issuer":"\u001b[31mx\u202e","jwks_uri":"ftp://a.test/","token_endpoint":7,"issuer":"b"}"#;
    let forged = doctor(
        &issuer("/.well-known/openid-configuration", metadata, String::new()),
        "",
    );
    assert_eq!(forged.status, Some(1));
    for said in [
        "fail   members     `issuer` is there twice",
        "fail   jwks_uri    `ftp://a.test/` is neither https nor http",
        "fail   token_endpoint  it is not a string",
    ] {
        assert!(forged.stdout.contains(said), "{said}: {forged:?}");
    }
    assert!(
        !forged.stdout.contains(['\u{1b}', '\u{202e}']),
        "{forged:?}"
    );

    let elsewhere = Server::start(|_| redirect("https://other.test/x"));
    let run = doctor(&elsewhere, "");
    assert!(
        run.stdout
            .contains("answered 302, a redirect to https://other.test/x"),
        "{run:?}"
    );
    let around = Server::start(|_| redirect("/again"));
    let run = doctor(&around, "");
    assert!(
        run.stdout.contains("redirects more than 3 times"),
        "{run:?}"
    );
    assert_eq!(run.status, Some(1), "{run:?}");

    let metadata = r#"{"issuer":"ORIGIN","jwks_uri":"ORIGIN/keys"}"#;
    let many = vec![entry("a"); 30];
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let run = doctor(
        &issuer("/.well-known/openid-configuration", metadata, set(&many)),
        "",
    );
    assert!(
        run.stdout
            .contains("  note   key         10 keys more, which are not listed one by one\n"),
        "{run:?}"
    );
    let endless = Server::start(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()));
    let run = doctor(&endless, "");
    assert_eq!(run.status, Some(5), "{run:?}");
}

#[test]
fn what_is_typed_wrong_is_said_with_a_way_on() {
    for (url, said) in [
        (
            "",
            "error: the URL is not a URL\nhint: the issuer is what stands in `iss` of its tokens, like https://issuer.example; `--mcp` takes the URL of a resource\n",
        ),
        (
            "issuer.example",
            "error: issuer.example is neither https nor http\nhint: did you mean https://issuer.example?\n",
        ),
        (
            "localhost:8000",
            "error: localhost:8000 is neither https nor http\nhint: did you mean http://localhost:8000?\n",
        ),
        (
            "https://user:hunter2@a.test",
            "error: the URL has a user name in it\nhint: the issuer is what stands in `iss` of its tokens, like https://issuer.example; `--mcp` takes the URL of a resource\n",
        ),
        (
            "https://a.test/?secret=1",
            "error: https://a.test/ has a query, which no issuer has\nhint: the issuer is what stands in `iss` of its tokens, like https://issuer.example; `--mcp` takes the URL of a resource\n",
        ),
    ] {
        let run = jott(["doctor", url]).run();
        assert_eq!(
            (run.status, run.stderr.as_str(), run.stdout.as_str()),
            (Some(2), said, "")
        );
    }
}

/// What `doctor --json` and `fetch --json` print of what a server says.
#[test]
fn what_a_server_says_is_json_that_no_terminal_misreads() {
    const HOSTILE: &str =
        "\u{9b}31m\u{7f}\u{85}\u{202e}\u{2066}\u{200b}\u{e0041}\u{ad}\u{feff}\u{1b}[2J";
    let port = Arc::new(AtomicUsize::new(0));
    let mine = Arc::clone(&port);
    let server = Server::start(move |asked| {
        let origin = format!("http://127.0.0.1:{}", mine.load(Ordering::SeqCst));
        let (answer, is_form) = match asked {
            "/.well-known/openid-configuration" => (
                serde_json::json!({
                    "issuer": origin, "token_endpoint": format!("{origin}/token"),
                    "jwks_uri": format!("ftp://{HOSTILE}"),
                    "id_token_signing_alg_values_supported": [HOSTILE],
                }),
                false,
            ),
            "/token" => (
                serde_json::json!({
                    "access_token": "abc", "token_type": "Bearer", "scope": HOSTILE,
                }),
                true,
            ),
            _ => return reply(404, &[], ""),
        };
        match (answer.to_string(), is_form) {
            (body, false) => reply(200, &[JSON], body),
            // The form is not read, and the connection stays open so that the answer arrives.
            (body, true) => Reply::Drip(
                format!(
                    "HTTP/1.1 200 X\r\nContent-Length: {}\r\n{JSON}\r\n\r\n{body}",
                    body.len()
                )
                .into_bytes(),
            ),
        }
    });
    port.store(server.port.into(), Ordering::SeqCst);
    let url = server.url("");
    let fetch = [
        "fetch", "--json", "--issuer", &url, "--client", "c", "--grant", "client", "--store",
        "none",
    ];
    for args in [["doctor", "--json", &url].as_slice(), &fetch] {
        let run = jott(args).run();
        assert!(
            jott::text::escape::is_plain(run.stdout.trim_end()),
            "{run:?}"
        );
        let printed: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let says = |text: &str| text.contains('\u{202e}') || text.contains("\\u202e");
        assert!(says(&printed.to_string()), "{printed}");
    }
}

/// RFC 9728 section 3.1: the query of a resource stays behind the path of its metadata. It may be secret.
#[test]
fn a_resource_may_have_a_query_which_is_not_printed() {
    let server = server(|asked| match asked {
        "/mcp?key=of-somebody" => Some((401, "WWW-Authenticate: Bearer", "{}".to_owned())),
        "/.well-known/oauth-protected-resource/mcp?key=of-somebody" => Some((
            200,
            JSON,
            r#"{"resource":"ORIGIN/mcp?key=of-somebody","authorization_servers":["ORIGIN/as"]}"#
                .to_owned(),
        )),
        "/.well-known/oauth-protected-resource/other?key=of-somebody" => Some((
            200,
            JSON,
            r#"{"resource":"ORIGIN/other","authorization_servers":["ORIGIN/as"]}"#.to_owned(),
        )),
        _ => None,
    });
    let run = |path: &str| {
        let run = jott(["doctor", "--mcp", &server.url(path)]).run();
        let origin = format!("http://127.0.0.1:{}", server.port);
        (run.stdout.replace(&origin, "ORIGIN"), run.stderr)
    };
    let (good, _) = run("/mcp?key=of-somebody");
    assert!(good.contains("  pass   resource    ORIGIN/mcp\n"), "{good}");
    let (other, _) = run("/other?key=of-somebody");
    assert!(
        other.contains("  fail   resource    the metadata is that of ORIGIN/other with another query, or none (RFC 9728 section 3.3)\n"),
        "{other}"
    );
    assert!(!format!("{good}{other}").contains("of-somebody"));
    let (_, fragment) = run("/mcp#here");
    assert!(fragment.ends_with("/mcp has a fragment, which no resource has\nhint: the resource is what clients call, like https://mcp.example/mcp\n"), "{fragment}");
    let issuer = jott(["doctor", &server.url("/mcp?key=of-somebody")]).run();
    assert!(
        issuer.stderr.ends_with("/mcp has a query, which no issuer has\nhint: the issuer is what stands in `iss` of its tokens, like https://issuer.example; `--mcp` takes the URL of a resource\n"),
        "{issuer:?}"
    );
}
