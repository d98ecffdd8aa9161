//! What is told of a resource owner, and where: the parameter `claims` (OpenID Connect Core 1.0 section
//! 5.5), `id_token_claims` and `access_token_typ` of the configuration.

use std::fs;

use jott::token::algorithm::Algorithm;
use jott::token::key::Key;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::browser::{Browser, CALLBACK, refreshing, request, tokens};
use super::http::Answer;
use super::mint::{Mint, now, payload, segment, sign, with};
use super::server::Server;
use crate::support::jott;

const BOTH: &str = r#"{"userinfo":{"name":null},"id_token":{"email":{"essential":true},"birthdate":null,"x":null}}"#;

fn configured(text: &str) -> (Server, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    (server, file)
}

fn userinfo(server: &Server, answer: &Answer) -> Value {
    let token = answer.text("access_token");
    server
        .request("GET", "/userinfo")
        .bearer(&token)
        .send()
        .json()
}

/// Section 5.5: by name, where a scope would not allow them, and for as long as the grant lives.
#[test]
fn claims_are_told_where_they_were_asked_for() {
    let server = Server::start();
    let first = tokens(&server, &[("scope", "openid"), ("claims", BOTH)]);
    let again = server.post("/token", &refreshing(&first.text("refresh_token")));
    for answer in [&first, &again] {
        let id = payload(&answer.text("id_token"));
        assert_eq!(id["email"], "alice@example.com");
        assert!(
            id.get("name").is_none() && id.get("email_verified").is_none(),
            "{id}"
        );
        assert_eq!(
            userinfo(&server, answer),
            json!({"sub": "alice", "name": "Alice"})
        );
    }
    let without = tokens(&server, &[("scope", "openid")]);
    assert!(payload(&without.text("id_token")).get("email").is_none());
    assert_eq!(userinfo(&server, &without), json!({"sub": "alice"}));
    // Without `openid` it is no request of OpenID Connect.
    let other = tokens(&server, &[("scope", "items:read"), ("claims", BOTH)]);
    assert!(
        payload(&other.text("access_token"))
            .get("userinfo_claims")
            .is_none()
    );
    let metadata = server.get("/.well-known/openid-configuration").json();
    assert_eq!(metadata["claims_parameter_supported"], true);
}

/// Section 5.5, RFC 6749 section 10.2: whoever is asked has to know, and a consent is for what was seen.
#[test]
fn somebody_consents_to_the_claims_too() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let web = |claims: &str| {
        let web = ("client_id", "demo-web");
        format!(
            "/authorize?{}",
            request(&[web, ("scope", "openid email"), ("claims", claims)])
        )
    };
    let page = browser.log_in(&request(&[
        ("client_id", "demo-web"),
        ("scope", "openid email"),
    ]));
    assert!(!page.body.contains("what is known as"), "{page:?}");
    browser.fill(&page, "/consent", &[("decision", "allow")]);
    // The scope `email` allows that one already.
    let known = browser.get(&web(r#"{"id_token":{"email":null}}"#));
    assert!(known.back("code").is_some());
    let asked = browser.get(&web(BOTH));
    for name in ["name", "birthdate"] {
        assert!(
            asked
                .body
                .contains(&format!("see the claim <code>{name}</code>")),
            "{asked:?}"
        );
    }
    browser.fill(&asked, "/consent", &[("decision", "allow")]);
    assert!(browser.get(&web(BOTH)).back("code").is_some());
    let more = browser.get(&web(r#"{"userinfo":{"nickname":null}}"#));
    assert!(more.body.contains("<code>nickname</code>"));
}

/// Section 3.1.2.2: tokens are about nobody else than the client means, by `sub` or by an ID token.
#[test]
fn nobody_else_is_spoken_of_than_the_client_means() {
    let server = Server::start();
    let id_token = tokens(&server, &[]).text("id_token");
    let sub = r#"{"id_token":{"sub":{"value":"alice"}}}"#;
    let subs = r#"{"id_token":{"sub":{"values":["carol","alice"]}}}"#;
    for meant in [
        ("claims", sub),
        ("claims", subs),
        ("id_token_hint", &id_token),
    ] {
        let mut bob = Browser::new(&server);
        bob.user = ("bob", "builder");
        bob.log_in(&request(&[]));
        // Who is logged in is not the one, and so logs in.
        let page = bob.get(&format!("/authorize?{}", request(&[meant])));
        assert!(page.body.contains("Log in"), "{page:?}");
        let silent = bob.get(&format!(
            "/authorize?{}",
            request(&[meant, ("prompt", "none")])
        ));
        assert_eq!(silent.back("error").as_deref(), Some("login_required"));
        let answer = bob.log_in(&request(&[meant]));
        assert_eq!(
            answer.back("error").as_deref(),
            Some("login_required"),
            "{meant:?}"
        );
        assert_eq!(answer.back("state").as_deref(), Some("xyz"));
        let answer = Browser::new(&server).allow(&request(&[meant]));
        assert!(answer.back("code").is_some(), "{answer:?}");
    }
    server.log_with("; the user who is logged in is not the one that the client means (");
}

/// The form of a page that is old says nothing of who is logged in now.
#[test]
fn a_consent_of_another_is_none() {
    let server = Server::start();
    let mut alice = Browser::new(&server);
    let meant = ("claims", r#"{"id_token":{"sub":{"value":"alice"}}}"#);
    let page = alice.log_in(&request(&[meant]));
    let answer = alice.fill(&page, "/consent", &[("decision", "allow")]);
    assert!(answer.back("code").is_some());
    let mut bob = Browser::new(&server);
    bob.user = ("bob", "builder");
    let own = bob.log_in(&request(&[]));
    let claims = "state=xyz&amp;claims=%7B%22id_token%22%3A%7B%22sub%22%3A%7B%22value%22%3A%22alice%22%7D%7D%7D";
    let mut forged = own.clone();
    forged.body = own.body.replace("state=xyz", claims);
    assert_ne!(forged.body, own.body);
    let answer = bob.fill(&forged, "/consent", &[("decision", "allow")]);
    assert_eq!(answer.back("error").as_deref(), Some("login_required"));
}

/// Sections 5.5 and 5.5.1.1.
#[test]
fn what_is_no_request_for_claims_goes_back() {
    let server = Server::start();
    let ask = |claims: &str| {
        let target = format!("/authorize?{}", request(&[("claims", claims)]));
        server.get(&target).back("error")
    };
    for bad in [
        "email",
        "[\"email\"]",
        r#"{"id_token":7}"#,
        r#"{"a":1,"a":2}"#,
    ] {
        assert_eq!(ask(bad).as_deref(), Some("invalid_request"), "{bad}");
    }
    let acr =
        r#"{"id_token":{"acr":{"essential":true,"values":["urn:mace:incommon:iap:silver"]}}}"#;
    assert_eq!(
        ask(acr).as_deref(),
        Some("unmet_authentication_requirements")
    );
    server.log_with("; `claims` is JSON with a name twice (OpenID Connect Core 1.0 section 5.5)\n");
}

/// What clients need that look at the ID token alone.
#[test]
fn a_client_may_have_standard_claims_in_its_id_tokens() {
    let (server, _file) = configured(&format!(
        "[[client]]\nid = \"demo-app\"\nredirect_uris = [\"{CALLBACK}\"]\nid_token_claims = [\"email\", \"name\"]\n"
    ));
    for (scope, email, name) in [
        ("openid", Value::Null, Value::Null),
        ("openid email", json!("alice@example.com"), Value::Null),
        (
            "openid profile email",
            json!("alice@example.com"),
            json!("Alice"),
        ),
    ] {
        let id = payload(&tokens(&server, &[("scope", scope)]).text("id_token"));
        assert_eq!((&id["email"], &id["name"]), (&email, &name), "{scope}");
        assert!(id.get("email_verified").is_none());
    }
}

#[test]
fn a_claim_that_is_told_anyway_is_no_standard_claim() {
    let file = NamedTempFile::new().unwrap();
    for (line, message) in [
        (
            "id_token_claims = [\"roles\"]",
            "3:19: `roles` is not a claim of the scopes profile and email; all other claims are in every ID token anyway",
        ),
        (
            "access_token_typ = \"a b\"",
            "3:20: a `typ` is a media type like JWT or at+jwt, or nothing to leave it out",
        ),
        (
            "claims = { userinfo_claims = [] }",
            "3:12: the claim `userinfo_claims` is set by the server",
        ),
    ] {
        fs::write(file.path(), format!("[[client]]\nid = \"a\"\n{line}\n")).unwrap();
        let run = jott(["serve-demo", "--config", file.path().to_str().unwrap()]).run();
        assert_eq!(run.status, Some(2));
        assert!(run.stderr.contains(message), "{run:?}");
    }
}

/// RFC 7515 section 4.1.9: what does not know at+jwt gets what it knows, and the server takes it from
/// that client alone.
#[test]
fn the_type_of_access_tokens_can_be_chosen() {
    let client = |typ: &str| {
        format!(
            "[[client]]\nid = \"demo-app\"\nredirect_uris = [\"{CALLBACK}\"]\naccess_token_typ = \"{typ}\"\n"
        )
    };
    for (typ, expected) in [
        ("JWT", json!("JWT")),
        ("", Value::Null),
        ("JOSE", json!("JOSE")),
    ] {
        let (server, _file) = configured(&client(typ));
        let answer = tokens(&server, &[]);
        let token = answer.text("access_token");
        assert_eq!(segment(&token, 0)["typ"], expected);
        let ask = |token: &str| server.protected(token).status;
        assert_eq!(ask(&token), 200, "{typ}");
        assert_eq!(userinfo(&server, &answer)["sub"], "alice");
        let told = server.service("/introspect", &[("token", &token)]);
        assert_eq!(told.json()["active"], true);
        // RFC 8725 section 3.11: one kind does not pass for another.
        assert_eq!(ask(&answer.text("id_token")), 401);
        let hint = ("id_token_hint", token.as_str());
        let back = server.get(&format!("/authorize?{}", request(&[hint])));
        assert_eq!(back.back("error").as_deref(), Some("invalid_request"));
        let service = server.service_token();
        assert_eq!(segment(&service, 0)["typ"], "at+jwt");
        assert_eq!(ask(&service), 200);
        assert_eq!(
            server
                .post("/revoke", &[("client_id", "demo-app"), ("token", &token)])
                .status,
            200
        );
        assert_eq!(ask(&token), 401);
    }
}

/// RFC 8725 section 3.11.
#[test]
fn another_type_is_taken_from_the_client_that_has_it() {
    let file = NamedTempFile::new().unwrap();
    fs::write(
        file.path(),
        "[[client]]\nid = \"odd\"\naccess_token_typ = \"JWT\"\n",
    )
    .unwrap();
    let mint = Mint::with(&["--config", file.path().to_str().unwrap()]);
    let ask = |typ: &str, claims: &Value| {
        let header = with(mint.header(), "typ", json!(typ));
        let token = sign(&mint.key, Algorithm::ES256, &header, claims);
        mint.server.protected(&token).status
    };
    let odd = with(mint.claims(), "client_id", json!("odd"));
    assert_eq!(ask("JWT", &odd), 200);
    assert_eq!(ask("jwt", &odd), 200);
    assert_eq!(ask("at+jwt", &odd), 200);
    assert_eq!(ask("JWT", &mint.claims()), 401);
    mint.server.log_with(
        "; the `typ` of the token is `JWT`, not the one of its client (RFC 8725 section 3.11)\n",
    );
    for (name, value) in [
        ("client_id", Value::Null),
        ("iss", json!("https://other.example")),
        ("aud", json!("https://other.example")),
        ("exp", json!(now() - 1)),
        ("jti", Value::Null),
    ] {
        assert_eq!(ask("JWT", &with(odd.clone(), name, value)), 401, "{name}");
    }
    assert_eq!(ask("logout+jwt", &odd), 401);
}

/// With a shared secret `JWT` is what others make, too.
#[test]
fn foreign_tokens_and_those_of_another_type_are_told_apart() {
    let secret = "a-string-secret-at-least-256-bits-long";
    let file = NamedTempFile::new().unwrap();
    let text = "[[client]]\nid = \"odd\"\nsecret = \"odd-secret\"\naccess_token_typ = \"JWT\"\n";
    fs::write(file.path(), text).unwrap();
    let config = file.path().to_str().unwrap();
    let server = Server::spawn(
        &["--key", "env:SECRET_KEY", "--config", config],
        &[("SECRET_KEY", secret)],
    );
    let ask = |token: &str| server.protected(token).status;
    let request = server.request("POST", "/token").basic("odd", "odd-secret");
    let own = request
        .form(&[("grant_type", "client_credentials")])
        .send()
        .text("access_token");
    assert_eq!(
        (segment(&own, 0)["typ"].clone(), ask(&own)),
        (json!("JWT"), 200)
    );
    let key = Key::secret(Zeroizing::new(secret.as_bytes().to_vec()));
    let foreign = |claims: &Value| {
        let header = json!({"alg": "HS256", "typ": "JWT"});
        sign(&key, Algorithm::HS256, &header, claims)
    };
    let claims = json!({"sub": "alice", "exp": now() + 60});
    assert_eq!(ask(&foreign(&claims)), 200);
    assert_eq!(
        ask(&foreign(&with(claims, "iss", json!(server.issuer())))),
        401
    );
}
