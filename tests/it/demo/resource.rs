//! The resource server: rows R1 to R7, and `/userinfo`: row O7.

use jott::token::algorithm::Algorithm;
use jott::token::generate;
use jott::token::key::Key;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::browser::{code, redemption, refreshing, tokens};
use super::http::Answer;
use super::mint::{Mint, now, payload, sign, with};
use super::server::Server;

#[track_caller]
fn is_challenge(answer: &Answer, status: u16, error: Option<&str>) {
    assert_eq!(answer.status, status, "{answer:?}");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("Bearer realm=\"jott\", resource_metadata=\"http://127.0.0.1:"));
    match error {
        None => assert!(!challenge.contains("error"), "{challenge}"),
        Some(error) => {
            assert!(
                challenge.contains(&format!("error=\"{error}\"")),
                "{challenge}"
            );
            assert!(challenge.contains("error_description=\""), "{challenge}");
        }
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn the_seeds_route_greets() {
    let server = Server::start();
    let token = server.alice_token("items:read");
    let answer = server.protected(&token);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        r#"{"message":"Hello, alice! This is a protected route."}"#
    );
    assert_eq!(server.get("/").body, r#"{"Hello":"World"}"#);
}

/// RFC 6750 section 3.1: no error where nothing was sent; RFC 9728 section 5.1.
#[test]
fn without_a_token_there_is_a_challenge_without_an_error() {
    let server = Server::start();
    is_challenge(&server.get("/protected"), 401, None);
    let basic = server
        .request("GET", "/protected")
        .basic("alice", "wonderland")
        .send();
    is_challenge(&basic, 401, None);
    let unknown = server
        .request("GET", "/protected")
        .header("Authorization", "Negotiate x")
        .send();
    is_challenge(&unknown, 401, None);
    let challenge = server.get("/items").header("www-authenticate").to_owned();
    let (_, rest) = challenge.split_once("resource_metadata=\"").unwrap();
    let (url, scope) = rest.split_once('"').unwrap();
    assert_eq!(scope, ", scope=\"items:read\"");
    let path = url.strip_prefix(&server.issuer()).unwrap();
    assert_eq!(
        server.get(path).json()["resource"],
        format!("{}/items", server.issuer())
    );
}

/// RFC 8707 section 2, RFC 9728 section 7.4: a token is for the resource that was asked for, or for the
/// whole, with and without the slash that clients put behind an origin.
#[test]
fn a_resource_takes_the_tokens_that_are_for_it() {
    let server = Server::start();
    let issuer = server.issuer();
    let token = |resource: &str| {
        let scope = ("scope", "openid items:read");
        let code = code(&server, &[scope, ("resource", resource)]);
        let form = [redemption(&code).as_slice(), &[("resource", resource)]].concat();
        server.post("/token", &form).text("access_token")
    };
    for (resource, accepted) in [
        ("", [200, 200, 200]),
        ("/", [200, 200, 200]),
        ("/protected", [200, 401, 401]),
        ("/items", [401, 200, 401]),
        ("/userinfo", [401, 401, 200]),
        ("/protected/", [401, 401, 401]),
        ("//", [401, 401, 401]),
    ] {
        let token = token(&format!("{issuer}{resource}"));
        let aud = &payload(&token)["aud"];
        assert_eq!(aud, &format!("{issuer}{resource}"));
        let found = ["/protected", "/items", "/userinfo"]
            .map(|path| server.request("GET", path).bearer(&token).send().status);
        assert_eq!(found, accepted, "{resource}");
    }
    server.log_with(&format!(
        "the token is for `\"{issuer}/items\"`, but this is `{issuer}/protected`: ask for it with `resource` (RFC 8725 section 3.9)"
    ));
}

/// RFC 3986 section 6.2.3: what was granted for an origin is so with the slash, and the other way round.
#[test]
fn a_slash_behind_an_origin_makes_no_other_resource() {
    let server = Server::start();
    let issuer = server.issuer();
    let with = format!("{issuer}/");
    for (granted, asked) in [(&issuer, &with), (&with, &issuer)] {
        let code = code(&server, &[("resource", granted)]);
        let form = [redemption(&code).as_slice(), &[("resource", asked)]].concat();
        let answer = server.post("/token", &form);
        let token = answer.text("access_token");
        assert_eq!(&payload(&token)["aud"], asked);
        assert_eq!(
            server.request("GET", "/items").bearer(&token).send().status,
            200
        );
        let refresh = answer.text("refresh_token");
        let again = [refreshing(&refresh).as_slice(), &[("resource", granted)]].concat();
        assert_eq!(server.post("/token", &again).status, 200);
    }
    let granted = format!("{issuer}/items");
    let other = format!("{granted}/");
    let code = code(&server, &[("resource", &granted)]);
    let form = [
        redemption(&code).as_slice(),
        &[("resource", other.as_str())],
    ]
    .concat();
    server.post("/token", &form).is_error(400, "invalid_target");
}

/// RFC 6750 section 2.3 lets a server leave the query out, and RFC 9700 section 4.3.2 wants it so.
#[test]
fn a_token_in_the_query_does_not_count() {
    let server = Server::start();
    let token = server.alice_token("items:read");
    let answer = server.get(&format!("/protected?access_token={token}"));
    is_challenge(&answer, 401, None);
    server.log_with("there is a token in the query");
}

/// RFC 6750 sections 2 and 3.1.
#[test]
fn two_tokens_or_none_behind_bearer_are_an_invalid_request() {
    let server = Server::start();
    let token = server.alice_token("items:read");
    let get = |target: &str| server.request("GET", target);
    let twice = get("/protected").bearer(&token).bearer(&token).send();
    is_challenge(&twice, 400, Some("invalid_request"));
    let both = get("/protected?access_token=x").bearer(&token).send();
    is_challenge(&both, 400, Some("invalid_request"));
    for header in [
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Bearer a b",
        "Bearer \"x\"",
        "Bearer é",
        "Bearer =",
    ] {
        let answer = get("/protected").header("Authorization", header).send();
        is_challenge(&answer, 400, Some("invalid_request"));
    }
}

/// RFC 9110 section 11.1: the scheme has no case.
#[test]
fn the_scheme_has_no_case() {
    let server = Server::start();
    let token = server.alice_token("items:read");
    for scheme in ["bearer", "BEARER", "Bearer "] {
        let header = format!("{scheme} {token}");
        let answer = server
            .request("GET", "/protected")
            .header("Authorization", &header)
            .send();
        assert_eq!(answer.status, 200, "{scheme}");
    }
}

/// RFC 6750 section 3.1, RFC 9068 section 4, RFC 8725 sections 3.1 to 3.11.
#[test]
fn a_token_that_is_not_as_it_should_be_is_refused() {
    let mint = Mint::new();
    let ask = |token: &str| mint.server.protected(token);
    let own = |header: &Value, claims: &Value| sign(&mint.key, Algorithm::ES256, header, claims);
    let good = own(&mint.header(), &mint.claims());
    assert_eq!(ask(&good).status, 200);

    let claims: &[(&str, Value)] = &[
        ("exp", json!(now() - 1)),
        ("exp", Value::Null),
        ("exp", json!("9999999999")),
        ("nbf", json!(now() + 60)),
        ("iss", json!("https://other.example")),
        ("iss", json!(format!("{}/", mint.server.issuer()))),
        ("iss", Value::Null),
        ("aud", json!("https://other.example")),
        ("aud", Value::Null),
        ("sub", json!(7)),
        ("sub", json!("")),
        ("sub", Value::Null),
        ("client_id", Value::Null),
        ("jti", Value::Null),
        ("iat", Value::Null),
    ];
    for (name, value) in claims {
        let token = own(&mint.header(), &with(mint.claims(), name, value.clone()));
        is_challenge(&ask(&token), 401, Some("invalid_token"));
    }
    let headers: &[(&str, Value)] = &[
        ("typ", json!("JWT")),
        ("typ", json!("logout+jwt")),
        ("typ", Value::Null),
        ("kid", json!("another")),
        ("kid", Value::Null),
        ("crit", json!(["exp"])),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
    ];
    for (name, value) in headers {
        let token = own(&with(mint.header(), name, value.clone()), &mint.claims());
        is_challenge(&ask(&token), 401, Some("invalid_token"));
    }
    let [head, body, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    for token in [
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}.{body}.{signature}="),
        format!("{head}.{body}.{signature}.x"),
        format!("{head}.{signature}.{body}"),
        "x".to_owned(),
        "...".to_owned(),
        "a".repeat(20_000),
    ] {
        is_challenge(&ask(&token), 401, Some("invalid_token"));
    }
    mint.server.log_with("(RFC 7519 section 4.1.4)");
}

/// RFC 8725 section 3.1: the key decides what a signature is.
#[test]
fn a_token_of_another_key_is_refused_whatever_its_header_offers() {
    let mint = Mint::new();
    let ask = |token: &str| mint.server.protected(token);
    let other = generate::generate(Algorithm::ES256, None).unwrap();
    let jwk: Value = serde_json::from_str(&other.public_jwk().unwrap()).unwrap();
    for header in [
        mint.header(),
        with(mint.header(), "jwk", jwk),
        with(
            mint.header(),
            "jku",
            json!("https://evil.example/jwks.json"),
        ),
        with(mint.header(), "x5u", json!("https://evil.example/x.pem")),
    ] {
        let token = sign(&other, Algorithm::ES256, &header, &mint.claims());
        is_challenge(&ask(&token), 401, Some("invalid_token"));
    }
    let pem = mint.key.public_pem().unwrap().into_bytes();
    let secret = Key::secret(Zeroizing::new(pem));
    let header = with(mint.header(), "alg", json!("HS256"));
    let token = sign(&secret, Algorithm::HS256, &header, &mint.claims());
    is_challenge(&ask(&token), 401, Some("invalid_token"));
}

/// RFC 8725 section 3.11, RFC 9068 section 2.1.
#[test]
fn an_id_token_is_no_access_token() {
    let server = Server::start();
    let id_token = tokens(&server, &[]).text("id_token");
    let answer = server.protected(&id_token);
    is_challenge(&answer, 401, Some("invalid_token"));
}

/// A token of another server, with another issuer and another key.
#[test]
fn a_token_of_another_server_is_refused() {
    let (one, two) = (Server::start(), Server::start());
    let token = one.alice_token("items:read");
    let answer = two.request("GET", "/protected").bearer(&token).send();
    is_challenge(&answer, 401, Some("invalid_token"));
}

/// A token expires while it is looked at again and again: no verdict is kept.
#[test]
fn a_token_that_was_good_expires() {
    let server = Server::with(&["--alg", "ES256", "--expires", "2s"]);
    let token = server.alice_token("items:read");
    let ask = || server.protected(&token);
    assert_eq!(ask().status, 200);
    std::thread::sleep(std::time::Duration::from_millis(2100));
    is_challenge(&ask(), 401, Some("invalid_token"));
}

/// RFC 6750 section 3.1.
#[test]
fn a_scope_that_is_missing_is_named() {
    let server = Server::start();
    let reader = server.alice_token("items:read");
    let item = || {
        server
            .request("POST", "/items")
            .body("application/json", r#"{"name":"x"}"#)
    };
    let answer = item().bearer(&reader).send();
    is_challenge(&answer, 403, Some("insufficient_scope"));
    assert!(
        answer
            .header("www-authenticate")
            .ends_with(", scope=\"items:write\"")
    );
    server.log_with(
        "; the token does not have the scope items:write, but `items:read` (RFC 6750 section 3.1)",
    );
    is_challenge(&item().send(), 401, None);
    let writer = server.alice_token("items:write");
    let answer = server.request("GET", "/items").bearer(&writer).send();
    is_challenge(&answer, 403, Some("insufficient_scope"));
}

#[test]
fn items_are_added_and_read_by_their_owner() {
    let server = Server::start();
    let alice = server.alice_token("items:read items:write");
    let item = |body: &str| {
        let request = server.request("POST", "/items").bearer(&alice);
        request.body("application/json", body).send()
    };
    let made = item(r#"{"name":"a \"pen\""}"#);
    assert_eq!(made.status, 201);
    assert_eq!(
        made.json(),
        json!({"id": 1, "name": "a \"pen\"", "owner": "alice"})
    );
    let list = |token: &str| server.request("GET", "/items").bearer(token).send().json();
    assert_eq!(list(&alice)["items"], json!([made.json()]));
    assert_eq!(list(&server.service_token())["items"], json!([]));
    for bad in [
        "",
        "{}",
        "[]",
        "{\"name\":\"\"}",
        "{\"name\":1}",
        "{\"name\":\"x\",\"y\":1}",
        "{\"name\":\"x\"",
        "\u{0}",
    ] {
        assert_eq!(item(bad).status, 400, "{bad}");
    }
    assert_eq!(
        item(&format!("{{\"name\":\"{}\"}}", "x".repeat(201))).status,
        400
    );
    let form = server
        .request("POST", "/items")
        .bearer(&alice)
        .form(&[("name", "x")]);
    assert_eq!(form.send().status, 415);
    for _ in 0..120 {
        assert_eq!(item(r#"{"name":"x"}"#).status, 201);
    }
    assert_eq!(list(&alice)["items"].as_array().unwrap().len(), 100);
}

/// RFC 9110 section 9.3.2.
#[test]
fn head_is_get_without_a_body() {
    let server = Server::start();
    let token = server.alice_token("items:read");
    let head = server.request("HEAD", "/protected").bearer(&token).send();
    assert_eq!(head.status, 200);
    assert_eq!(head.body, "");
    assert_eq!(head.header("content-type"), "application/json");
    assert_eq!(server.request("HEAD", "/protected").send().status, 401);
}

/// OpenID Connect Core 1.0 section 5.3: GET and POST, the same `sub`, and `openid`.
#[test]
fn userinfo_says_who_logged_in() {
    let server = Server::start();
    let answer = tokens(&server, &[("scope", "openid email")]);
    let token = answer.text("access_token");
    for method in ["GET", "POST"] {
        let info = server.request(method, "/userinfo").bearer(&token).send();
        let expected =
            json!({"sub": "alice", "email": "alice@example.com", "email_verified": true});
        assert_eq!(info.json(), expected);
    }
    server.log_with("GET /userinfo demo-app 200 ");
    let other = server.alice_token("items:read");
    let refused = server.request("GET", "/userinfo").bearer(&other).send();
    is_challenge(&refused, 403, Some("insufficient_scope"));
    assert!(
        refused
            .header("www-authenticate")
            .ends_with(", scope=\"openid\"")
    );
    is_challenge(&server.get("/userinfo"), 401, None);
}
