//! Tokens for other tokens: token exchange (RFC 8693) and JWT bearer (RFC 7523 section 2.1), rows T18 and T19.

use std::fs;

use jott::Members;
use jott::oauth::assertion::Assertion;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use super::browser::tokens;
use super::http::Answer;
use super::mint::payload;
use super::server::Server;
use super::signer::{Signer, by_assertion, jti, now};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// demo-service exchanges an access token.
#[track_caller]
fn exchange(server: &Server, subject: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", EXCHANGE),
        ("subject_token", subject),
        ("subject_token_type", ACCESS),
    ];
    form.retain(|(name, _)| more.iter().all(|(changed, _)| name != changed));
    form.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    server.service("/token", &form)
}

/// A token with any claims.
#[track_caller]
fn minted(server: &Server, order: &Value) -> String {
    let request = server.request("POST", "/_control/tokens");
    let answer = request.body("application/json", order.to_string()).send();
    answer.text("access_token")
}

/// Sections 1.1 and 2.2.1: impersonation.
#[test]
fn a_service_gets_a_token_about_the_same_user_with_no_more_rights() {
    let server = Server::start();
    let alice = tokens(&server, &[]).text("access_token");
    let clock = server.request("POST", "/_control/clock");
    let later = clock.body("application/json", r#"{"advance":"1m"}"#);
    assert_eq!(later.send().status, 200);
    let answer = exchange(&server, &alice, &[]);
    let json = answer.json();
    assert_eq!(json["issued_token_type"], ACCESS);
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["scope"], "items:read");
    assert!(json.get("refresh_token").is_none() && json.get("id_token").is_none());
    let (before, claims) = (payload(&alice), payload(&answer.text("access_token")));
    assert_eq!(claims["sub"], "alice");
    assert_eq!(claims["client_id"], "demo-service");
    assert_eq!(claims["auth_time"], before["auth_time"]);
    assert_eq!(claims["exp"], before["exp"], "it lives no longer");
    assert!(claims.get("act").is_none());
    assert_eq!(server.protected(&answer.text("access_token")).status, 200);
    exchange(&server, &alice, &[("scope", "items:write")]).is_error(400, "invalid_scope");
    exchange(&server, &alice, &[("scope", "openid")]).is_error(400, "invalid_scope");
    let jwt = exchange(&server, &alice, &[("requested_token_type", JWT)]);
    assert_eq!(jwt.json()["issued_token_type"], JWT);
}

/// Section 2.1: for whom it is.
#[test]
fn the_new_token_is_for_the_service_that_was_named() {
    let server = Server::start();
    let alice = tokens(&server, &[]).text("access_token");
    let aud = |more: &[(&str, &str)]| {
        let answer = exchange(&server, &alice, more);
        payload(&answer.text("access_token"))["aud"].clone()
    };
    assert_eq!(aud(&[]), server.issuer());
    assert_eq!(
        aud(&[("resource", "https://api.example/x")]),
        "https://api.example/x"
    );
    let items = format!("{}/items", server.issuer());
    assert_eq!(aud(&[("audience", &items)]), items);
    assert_eq!(
        aud(&[("audience", "demo-web"), ("audience", "demo-app")]),
        json!(["demo-web", "demo-app"])
    );
    for target in [
        ("audience", "nobody"),
        ("resource", "x"),
        ("resource", "https://a.example/#x"),
    ] {
        exchange(&server, &alice, &[target]).is_error(400, "invalid_target");
    }
    // What was for another stays so.
    let narrow = exchange(&server, &alice, &[("resource", "https://api.example")]);
    let again = exchange(&server, &narrow.text("access_token"), &[]);
    assert_eq!(
        payload(&again.text("access_token"))["aud"],
        "https://api.example"
    );
}

/// Sections 1.1 and 4.1: delegation.
#[test]
fn who_acts_is_named_and_who_acted_before() {
    let server = Server::start();
    let alice = tokens(&server, &[]).text("access_token");
    let service = server.service_token();
    let actor = [
        ("actor_token", service.as_str()),
        ("actor_token_type", ACCESS),
    ];
    let first = exchange(&server, &alice, &actor).text("access_token");
    assert_eq!(payload(&first)["sub"], "alice");
    assert_eq!(payload(&first)["act"], json!({"sub": "demo-service"}));
    let order = json!({"user": "bob", "client": "demo-service"});
    let bob = minted(&server, &order);
    let second = exchange(
        &server,
        &first,
        &[("actor_token", &bob), ("actor_token_type", ACCESS)],
    );
    let second = second.text("access_token");
    let chain = json!({"sub": "bob", "act": {"sub": "demo-service"}});
    assert_eq!(payload(&second)["act"], chain);
    // Nobody drops out by an exchange without an actor.
    let third = exchange(&server, &second, &[]).text("access_token");
    assert_eq!(payload(&third)["act"], chain);
    let introspected = server.service("/introspect", &[("token", &third)]).json();
    assert_eq!(introspected["act"], chain);
}

/// Section 4.4.
#[test]
fn a_token_says_who_may_act() {
    let server = Server::start();
    let order = |may_act: &str| {
        json!({
            "user": "alice", "client": "demo-app", "scope": "items:read",
            "claims": {"may_act": {"sub": may_act}},
        })
    };
    let service = server.service_token();
    let actor = [
        ("actor_token", service.as_str()),
        ("actor_token_type", ACCESS),
    ];
    let mine = minted(&server, &order("demo-service"));
    assert_eq!(exchange(&server, &mine, &actor).status, 200);
    assert_eq!(exchange(&server, &mine, &[]).status, 200);
    let anothers = minted(&server, &order("another"));
    exchange(&server, &anothers, &actor).is_error(400, "invalid_request");
    exchange(&server, &anothers, &[]).is_error(400, "invalid_request");
    server.log_with("act, not demo-service (RFC 8693 section 4.4)");
}

/// Sections 2.1 and 2.2.2.
#[test]
fn what_cannot_be_exchanged_is_refused() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    let (alice, id_token) = (answer.text("access_token"), answer.text("id_token"));
    let refresh = answer.text("refresh_token");
    let expired = json!({"user": "alice", "client": "demo-app", "faults": ["expired"]});
    let expired = minted(&server, &expired);
    for (more, reason) in [
        (
            vec![("subject_token", "")],
            "there is a `subject_token_type`, but no `subject_token`",
        ),
        (
            vec![("subject_token_type", "")],
            "there is no `subject_token_type`",
        ),
        (
            vec![("subject_token", ""), ("subject_token_type", "")],
            "there is no `subject_token`",
        ),
        (
            vec![("subject_token_type", "urn:x")],
            "`subject_token_type` is `urn:x`",
        ),
        (
            vec![("subject_token", "x")],
            "the `subject_token` is not valid",
        ),
        (
            vec![("subject_token", &expired)],
            "the `subject_token` is not valid: the token expired",
        ),
        (
            vec![("subject_token", &refresh)],
            "the `subject_token` is not valid",
        ),
        (
            vec![("subject_token", &id_token)],
            "the `subject_token` is not valid",
        ),
        (
            vec![("subject_token_type", ID)],
            "is not an ID token of this server",
        ),
        (
            vec![("subject_token", &id_token), ("subject_token_type", ID)],
            "the `subject_token` was issued to `demo-app`",
        ),
        (vec![("actor_token", "x")], "there is no `actor_token_type`"),
        (vec![("actor_token_type", ACCESS)], "but no `actor_token`"),
        (
            vec![("actor_token", "x"), ("actor_token_type", ACCESS)],
            "the `actor_token` is not valid",
        ),
        (
            vec![("requested_token_type", ID)],
            "`requested_token_type` is",
        ),
    ] {
        exchange(&server, &alice, &more).is_error(400, "invalid_request");
        server.log_with(reason);
    }
    let form = [
        ("grant_type", EXCHANGE),
        ("client_id", "demo-app"),
        ("subject_token", &alice),
        ("subject_token_type", ACCESS),
    ];
    server
        .post("/token", &form)
        .is_error(400, "unauthorized_client");
}

/// RFC 7009 section 2.1: what comes of a token ends with it, and a token that is bound needs its key.
#[test]
fn what_comes_of_a_token_ends_with_it_and_is_bound_as_it_is() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    let exchanged = exchange(&server, &answer.text("access_token"), &[]).text("access_token");
    let revoke = [
        ("client_id", "demo-app"),
        ("token", &answer.text("refresh_token")),
    ];
    assert_eq!(server.post("/revoke", &revoke).status, 200);
    assert_eq!(server.protected(&exchanged).status, 401);
    let signer = Signer::new();
    let url = format!("{}/token", server.issuer());
    let grant = [("grant_type", "client_credentials")];
    let bound = server
        .service_request("/token", &grant)
        .header("DPoP", &signer.proof("POST", &url));
    let bound = bound.send().text("access_token");
    exchange(&server, &bound, &[]).is_error(400, "invalid_request");
    let form = [
        ("grant_type", EXCHANGE),
        ("subject_token", &bound),
        ("subject_token_type", ACCESS),
    ];
    let request = server.service_request("/token", &form);
    let answer = request.header("DPoP", &signer.proof("POST", &url)).send();
    assert_eq!(answer.json()["token_type"], "DPoP", "{answer:?}");
}

const BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A server that trusts an issuer, and has a client with keys.
fn trusting(issuer: &Signer, client: &Signer) -> (Server, TempDir) {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ci.json"), issuer.jwks()).unwrap();
    fs::write(folder.path().join("signer.json"), client.jwks()).unwrap();
    let config = "[[client]]\nid = \"signer\"\njwks = \"signer.json\"\nscopes = [\"items:read\"]\n\n[[issuer]]\nissuer = \"https://ci.example\"\njwks = \"ci.json\"\nclient = \"demo-service\"\n\n[[user]]\nname = \"carol\"\npassword = \"sesame\"\n\n[user.claims]\nteam = \"blue\"\n";
    let path = folder.path().join("demo.toml");
    fs::write(&path, config).unwrap();
    let args = ["--alg", "ES256", "--config", path.to_str().unwrap()];
    (Server::with(&args), folder)
}

fn asserted(signer: &Signer, issuer: &str, subject: &str, audience: &str) -> String {
    let id = jti();
    let assertion = Assertion {
        issuer,
        subject,
        audience,
        jti: &id,
        issued: now(),
    };
    assertion.sign(&signer.signing, None).unwrap()
}

/// RFC 7523 sections 2.1 and 3: of a client about a user, and of an issuer that is trusted.
#[test]
fn an_assertion_of_somebody_who_is_trusted_brings_a_token() {
    let (ci, client) = (Signer::new(), Signer::new());
    let (server, _folder) = trusting(&ci, &client);
    let issuer = server.issuer();
    let ask = |assertion: &str| {
        server.post(
            "/token",
            &[("grant_type", BEARER), ("assertion", assertion)],
        )
    };
    let answer = ask(&asserted(&client, "signer", "alice", &issuer));
    let json = answer.json();
    assert_eq!(json["scope"], "items:read");
    assert!(json.get("refresh_token").is_none() && json.get("id_token").is_none());
    let claims = payload(&answer.text("access_token"));
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&"alice".into(), &"signer".into())
    );
    assert!(claims.get("auth_time").is_none(), "nobody logged in");
    // With the client's own authentication, too, and about itself.
    let (who, about) = (
        client.assertion("signer", &issuer),
        asserted(&client, "signer", "signer", &issuer),
    );
    let form = by_assertion(&who, &[("grant_type", BEARER), ("assertion", &about)]);
    assert_eq!(
        payload(&server.post("/token", &form).text("access_token"))["sub"],
        "signer"
    );
    // A job that is no user.
    let job = "repo:octo/demo:ref:refs/heads/main";
    let audience = format!("{issuer}/token");
    let token = ask(&asserted(&ci, "https://ci.example", job, &audience)).text("access_token");
    let claims = payload(&token);
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&job.into(), &"demo-service".into())
    );
    // It stays the subject of what the token is exchanged for.
    let exchanged = exchange(&server, &token, &[]).text("access_token");
    assert_eq!(payload(&exchanged)["sub"], job);
    // A user has the claims that all their tokens have.
    let carol = asserted(&client, "signer", "carol", &issuer);
    let claims = payload(&ask(&carol).text("access_token"));
    assert_eq!(
        (&claims["sub"], &claims["team"]),
        (&"carol".into(), &"blue".into())
    );
    let assertion = asserted(&ci, "https://ci.example", "alice", &issuer);
    let named = server.service(
        "/token",
        &[
            ("grant_type", BEARER),
            ("assertion", &assertion),
            ("scope", "items:write"),
        ],
    );
    assert_eq!(named.json()["scope"], "items:write");
}

/// RFC 7523 section 3.1.
#[test]
fn an_assertion_that_is_no_good_is_an_invalid_grant() {
    let (ci, client) = (Signer::new(), Signer::new());
    let (server, _folder) = trusting(&ci, &client);
    let issuer = server.issuer();
    let ask = |assertion: &str| {
        server.post(
            "/token",
            &[("grant_type", BEARER), ("assertion", assertion)],
        )
    };
    let once = asserted(&client, "signer", "alice", &issuer);
    assert_eq!(ask(&once).status, 200);
    let without = |claim: &str| {
        let id = jti();
        let assertion = Assertion::of_client("signer", &issuer, &id, now());
        let mut claims: Members<'static> = assertion.claims();
        claims.remove(claim);
        client.token(&[], &claims)
    };
    for (assertion, reason) in [
        (once, "has been used already"),
        (
            asserted(&client, "signer", "nobody", &issuer),
            "there is no user `nobody`",
        ),
        (
            asserted(&client, "signer", "alice", "https://other.example"),
            "the assertion is for",
        ),
        (
            asserted(&Signer::new(), "signer", "alice", &issuer),
            "the signature does not match",
        ),
        (
            asserted(&client, "https://ci.example", "alice", &issuer),
            "the signature does not match",
        ),
        (
            asserted(&client, "demo-web", "alice", &issuer),
            "no trusted issuer or client is `demo-web`",
        ),
        (
            asserted(&client, "https://evil.example", "alice", &issuer),
            "no trusted issuer or client is",
        ),
        (without("jti"), "`jti`"),
        (without("exp"), "`exp`"),
        ("x".to_owned(), "not a JWT with an `iss`"),
    ] {
        ask(&assertion).is_error(400, "invalid_grant");
        server.log_with(reason);
    }
    ask("").is_error(400, "invalid_request");
    let anothers = asserted(&client, "signer", "alice", &issuer);
    let form = [("grant_type", BEARER), ("assertion", &anothers)];
    server
        .service("/token", &form)
        .is_error(400, "invalid_grant");
    let scope = asserted(&client, "signer", "alice", &issuer);
    let form = [
        ("grant_type", BEARER),
        ("assertion", &scope),
        ("scope", "items:write"),
    ];
    server.post("/token", &form).is_error(400, "invalid_scope");
}
