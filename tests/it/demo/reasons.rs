//! Why a request was refused, as the log says it. That each refusal of any test has its reason is
//! checked where a server ends.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use serde_json::json;

use super::browser::{request, tokens};
use super::http::{Request, send};
use super::reference::{openapi, operations};
use super::server::{Server, has_reason, is_refusal};

/// A request of which the body never comes.
fn stalled(request: &Request) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", request.port())).unwrap();
    stream.write_all(&request.bytes()).unwrap();
    stream
}

/// Every refusal that the reference describes, of every operation, and those of what is not there.
#[test]
fn every_refusal_that_is_described_has_its_reason() {
    let server = Server::start();
    let document = openapi(&server);
    let operations = operations(&document);
    let reader = server.alice_token("profile");
    let registration = server
        .request("POST", "/register")
        .body(
            "application/json",
            "{\"redirect_uris\":[\"http://127.0.0.1/cb\"]}",
        )
        .send();
    let own = format!("/register?client_id={}", registration.text("client_id"));
    let mut described = BTreeSet::new();
    let mut slow = Vec::new();
    for (method, path, operation) in &operations {
        let method = method.to_uppercase();
        for status in operation["responses"].as_object().unwrap().keys() {
            if status.starts_with('4') {
                described.insert(format!("{method} {path} {status}"));
            }
        }
        let ask = || server.request(&method, path);
        let form = || ask().form(&[("grant_type", "client_credentials"), ("token", "x")]);
        let mcp = |name: &str| {
            let meta = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            });
            let message =
                json!({"jsonrpc": "2.0", "id": 1, "method": name, "params": {"_meta": meta}});
            ask()
                .bearer(&server.alice_token("mcp:read"))
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", name)
                .body("application/json", message.to_string())
        };
        for refused in [
            ask().header("Host", "evil.example"),
            ask().without_host(),
            server.request("PATCH", path),
            ask().header("Content-Length", "10000000"),
            ask().body("text/plain", "x"),
            ask(),
            ask().bearer("x"),
            ask().bearer(&reader),
            ask().bearer(&reader).bearer(&reader),
            ask()
                .bearer(&server.alice_token("items:write"))
                .body("text/plain", "x"),
            server
                .request(&method, &own)
                .bearer(&registration.text("registration_access_token"))
                .body("text/plain", "x"),
            form().basic("demo-service", "wrong"),
            mcp("ping"),
            mcp("ping").header("Origin", "https://evil.example"),
            mcp("server/discover").header("Accept", "text/html"),
        ] {
            refused.send();
        }
        if method != "GET" {
            slow.push(stalled(&ask().header("Content-Length", "1")));
        }
    }
    for path in [
        "/nothing",
        "/token/",
        "//token",
        "/style.css/",
        "/.well-known",
    ] {
        server.get(path);
        described.insert(format!("GET {path} 404"));
    }
    for (page, method) in [
        ("/playground", "POST"),
        ("/login", "GET"),
        ("/consent", "PUT"),
        ("/docs", "DELETE"),
    ] {
        server.request(method, page).send();
        described.insert(format!("{method} {page} 405"));
    }
    for mut stream in slow {
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    let log = server.whole_log();
    let mut found = BTreeSet::new();
    for line in log.lines().filter(|line| is_refusal(line)) {
        assert!(has_reason(line), "{line}");
        let words: Vec<&str> = line.split(' ').collect();
        found.insert(format!("{} {} {}", words[0], words[1], words[3]));
    }
    let missing: Vec<_> = described.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?} in {log}");
}

/// Paths that other servers have, and slashes too many (RFC 9110 section 15.5.5).
#[test]
fn what_is_not_there_is_answered_with_what_may_have_been_meant() {
    let server = Server::start();
    for (path, meant) in [
        (
            "//.well-known/openid-configuration",
            "/.well-known/openid-configuration",
        ),
        ("/token/", "/token"),
        ("/oauth/token", "/token"),
        ("/.well-known/jwks.json", "/jwks.json"),
        ("/logout", "/end_session"),
    ] {
        assert_eq!(server.get(path).status, 404);
        server.log_with(&format!("GET {path} - 404 "));
        server.log_with(&format!(
            "; there is nothing here; did you mean `{meant}`? (RFC 9110 section 15.5.5)\n"
        ));
    }
    server.request("PUT", "/items").send();
    server
        .log_with("; the method is `PUT`; supported: GET, HEAD, POST (RFC 9110 section 15.5.6)\n");
}

/// RFC 9110 section 4.2.2: a client that was told https.
#[test]
fn tls_on_the_plain_port_is_called_that() {
    let server = Server::start();
    let hello = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3];
    assert_eq!(send(server.port, &hello).unwrap().status, 400);
    server.log_with("\n- - - 400 -; the client speaks TLS, but this port is plain HTTP: its URL begins with http:// (RFC 8446 section 5.1)\n");
}

/// RFC 6749 section 2.3.1: curl and many a library leave the form encoding out.
#[test]
fn a_secret_that_lacks_its_encoding_is_told_from_a_wrong_one() {
    for (secret, raw) in [
        ("50%+more", "50%+more"),
        ("a%2Bb", "a%2Bb"),
        ("x+y z", "x+y z"),
    ] {
        let client = format!("odd:{secret}=https://a.example/");
        let server = Server::with(&["--alg", "ES256", "--client", &client]);
        let ask = |id: &str, secret: &str| {
            let basic = STANDARD.encode(format!("{id}:{secret}"));
            let request = server
                .request("POST", "/token")
                .header("Authorization", &format!("Basic {basic}"));
            request.form(&[("grant_type", "client_credentials")]).send()
        };
        let reason = "; the secret is right as it stands, but has to be form-encoded before base64: `%` as `%25`, `+` as `%2B` (RFC 6749 section 2.3.1)\n";
        for (id, secret) in [
            ("odd", "50%+less"),
            ("odd", "wrong%2"),
            ("nobody", raw),
            ("demo-app", raw),
        ] {
            ask(id, secret).is_error(401, "invalid_client");
        }
        assert!(!server.whole_log().contains(reason));
        ask("odd", raw).is_error(401, "invalid_client");
        let log = server.log_with(reason);
        assert!(!log.contains(secret), "{log}");
    }
}

/// RFC 7521 section 4.2.
#[test]
fn a_client_assertion_is_called_that() {
    let server = Server::start();
    let kind = (
        "client_assertion_type",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    let grant = ("grant_type", "client_credentials");
    let assertion = ("client_assertion", "a.b.c");
    for form in [
        vec![grant, kind, assertion],
        vec![grant, kind, assertion, ("client_id", "demo-service")],
        vec![grant, assertion],
    ] {
        server.post("/token", &form).is_error(400, "invalid_client");
    }
    let reason = "; `client_assertion` is not a JWT with an `iss` (RFC 7521 section 4.2)\n";
    assert_eq!(server.whole_log().matches(reason).count(), 2);
    server.log_with("; there is a `client_assertion`, but no `client_assertion_type` (");
    // RFC 6749 section 2.3: one way in a request.
    server
        .service("/token", &[grant, kind, assertion])
        .is_error(400, "invalid_request");
}

/// RFC 6750 section 2.2.
#[test]
fn a_token_in_the_body_is_seen_and_not_taken() {
    let server = Server::start();
    let token = tokens(&server, &[]).text("access_token");
    let form = [("access_token", token.as_str())];
    assert_eq!(server.post("/userinfo", &form).status, 401);
    server.log_with(
        "there is a token in the body, where it is not accepted, and none in the header (",
    );
    let both = server
        .request("POST", "/userinfo")
        .bearer(&token)
        .form(&form);
    both.send().is_error(400, "invalid_request");
    let header = server
        .request("POST", "/userinfo")
        .bearer(&token)
        .form(&[("x", "access_token=")]);
    assert_eq!(header.send().status, 200);
}

/// RFC 8707 section 2: what other servers call `audience`.
#[test]
fn an_audience_that_does_nothing_is_noticed() {
    let server = Server::start();
    let audience = ("audience", "https://api.example");
    let grant = ("grant_type", "client_credentials");
    assert_eq!(server.service("/token", &[grant, audience]).status, 200);
    server.get(&format!("/authorize?{}", request(&[audience])));
    let log = server.whole_log();
    let reason = "; `audience` has no effect here: `resource` says what a token is for (RFC 8707 section 2)\n";
    assert_eq!(log.matches(reason).count(), 2, "{log}");
}

/// RFC 6749 section 4.4: the refusal of a public client says that it is one.
#[test]
fn a_public_client_that_asks_for_itself_is_called_one() {
    let server = Server::start();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "demo-app"),
    ];
    server
        .post("/token", &form)
        .is_error(400, "unauthorized_client");
    server.log_with("; demo-app is a public client: anybody could claim to be it, and client_credentials is for clients with a secret (RFC 6749 section 5.2)\n");
    let other = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    server
        .service("/token", &other)
        .is_error(400, "unauthorized_client");
    server.log_with(
        "; demo-service may use client_credentials, token-exchange, jwt-bearer, not refresh_token (RFC 6749 section 5.2)\n",
    );
}
