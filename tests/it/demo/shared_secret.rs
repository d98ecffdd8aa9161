//! The seed's set-up: one secret for all.

use jott::token::algorithm::Algorithm;
use jott::token::key::Key;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::mint::{now, segment, sign, with};
use super::server::Server;
use crate::support::jott;

const SECRET: &str = "a-string-secret-at-least-256-bits-long";

fn server() -> Server {
    Server::spawn(&["--key", "env:SECRET_KEY"], &[("SECRET_KEY", SECRET)])
}

fn ask(server: &Server, token: &str) -> u16 {
    server.protected(token).status
}

#[test]
fn a_token_that_jott_issues_is_greeted() {
    let server = server();
    let run = jott(["issue", "--key", "env:SECRET_KEY", "--sub", "alice"])
        .env("SECRET_KEY", SECRET)
        .run();
    let answer = server.protected(run.stdout.trim());
    assert_eq!(
        answer.body,
        r#"{"message":"Hello, alice! This is a protected route."}"#
    );
    let own = server.alice_token("items:read");
    assert_eq!(segment(&own, 0), json!({"alg": "HS256", "typ": "at+jwt"}));
    assert_eq!(ask(&server, &own), 200);
}

/// With nothing to publish there is no OpenID Connect.
#[test]
fn there_is_no_openid() {
    let server = server();
    for place in [
        "/jwks.json",
        "/.well-known/openid-configuration",
        "/userinfo",
    ] {
        assert_eq!(server.get(place).status, 404, "{place}");
    }
    let metadata = server.get("/.well-known/oauth-authorization-server").json();
    assert!(metadata.get("jwks_uri").is_none());
    assert!(metadata.get("userinfo_endpoint").is_none());
    assert_eq!(
        metadata["scopes_supported"],
        json!(["items:read", "items:write", "mcp:read", "mcp:write"])
    );
    let form = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", "wonderland"),
        ("scope", "openid"),
    ];
    server.post("/token", &form).is_error(400, "invalid_scope");
    assert!(server.ready["endpoints"].get("jwks_uri").is_none());
}

/// RFC 8725 section 3: what is lacking in a foreign token may be lacking; what is there is checked.
#[test]
fn a_foreign_token_is_checked_as_far_as_it_goes() {
    let server = server();
    let key = Key::secret(Zeroizing::new(SECRET.as_bytes().to_vec()));
    let header = json!({"alg": "HS256"});
    let claims = json!({"sub": "alice", "exp": now() + 60});
    let signed = |header: &Value, claims: &Value| sign(&key, Algorithm::HS256, header, claims);
    let of = |name: &str, value: Value| {
        ask(
            &server,
            &signed(&header, &with(claims.clone(), name, value)),
        )
    };
    let typed = |typ: &str| {
        ask(
            &server,
            &signed(&with(header.clone(), "typ", json!(typ)), &claims),
        )
    };

    assert_eq!(ask(&server, &signed(&header, &claims)), 200);
    assert_eq!(typed("JWT"), 200);
    assert_eq!(of("aud", json!(server.issuer())), 200);
    assert_eq!(of("aud", json!(["x", server.issuer()])), 200);

    assert_eq!(of("aud", json!("x")), 401);
    assert_eq!(of("aud", json!([])), 401);
    assert_eq!(of("aud", json!(7)), 401);
    assert_eq!(of("iss", json!(server.issuer())), 401);
    assert_eq!(of("iss", json!("x")), 401);
    assert_eq!(of("exp", Value::Null), 401);
    assert_eq!(of("exp", json!(now() - 1)), 401);
    assert_eq!(of("nbf", json!(now() + 60)), 401);
    assert_eq!(of("sub", Value::Null), 401);
    assert_eq!(of("sub", json!("")), 401);
    assert_eq!(typed("at+jwt"), 401, "an access token has more in it");
    assert_eq!(typed("logout+jwt"), 401);
    let crit = with(header.clone(), "crit", json!(["exp"]));
    assert_eq!(ask(&server, &signed(&crit, &claims)), 401);
    let none = with(header.clone(), "alg", json!("none"));
    assert_eq!(ask(&server, &signed(&none, &claims)), 401);
    let other = Key::secret(Zeroizing::new(
        b"another-secret-at-least-256-bits-long".to_vec(),
    ));
    assert_eq!(
        ask(&server, &sign(&other, Algorithm::HS256, &header, &claims)),
        401
    );
    assert!(!server.whole_log().contains(SECRET));
}

/// RFC 7009 section 2.1: a token is its own client's to revoke, and where it names none, nobody's.
#[test]
fn a_foreign_token_is_revoked_by_the_client_that_it_names() {
    let server = server();
    let key = Key::secret(Zeroizing::new(SECRET.as_bytes().to_vec()));
    let claims = json!({"sub": "alice", "exp": now() + 60, "jti": "one"});
    let signed = |claims: &Value| sign(&key, Algorithm::HS256, &json!({"alg": "HS256"}), claims);
    let nobodys = signed(&claims);
    server
        .service("/revoke", &[("token", &nobodys)])
        .is_error(400, "invalid_grant");
    assert_eq!(ask(&server, &nobodys), 200);
    let own = signed(&with(claims, "client_id", json!("demo-service")));
    assert_eq!(server.service("/revoke", &[("token", &own)]).status, 200);
    assert_eq!(ask(&server, &own), 401);
}
