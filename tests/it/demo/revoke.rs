//! Introspection and revocation: rows O4 and O5.

use serde_json::json;

use super::browser::{refreshing, tokens};
use super::mint::payload;
use super::server::Server;

/// RFC 7662 section 2.2.
#[test]
fn introspection_says_what_a_token_is() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    let told = server.service("/introspect", &[("token", &answer.text("access_token"))]);
    assert_eq!(told.status, 200);
    assert_eq!(told.header("cache-control"), "no-store");
    let json = told.json();
    for (name, value) in [
        ("active", json!(true)),
        ("scope", json!("openid items:read")),
        ("client_id", json!("demo-app")),
        ("username", json!("alice")),
        ("token_type", json!("Bearer")),
        ("sub", json!("alice")),
        ("aud", json!(server.issuer())),
        ("iss", json!(server.issuer())),
    ] {
        assert_eq!(json[name], value, "{name}");
    }
    assert!(json["exp"].is_u64() && json["iat"].is_u64() && json["jti"].is_string());
    let refresh = [
        ("token", answer.text("refresh_token")),
        ("token_type_hint", "access_token".to_owned()),
    ];
    let refresh = refresh
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let json = server.service("/introspect", &refresh).json();
    assert_eq!(json["active"], true);
    assert_eq!(json["client_id"], "demo-app");
    assert!(json.get("token_type").is_none());
}

/// A token for another resource is the authorization server's all the same.
#[test]
fn introspection_knows_tokens_for_any_resource() {
    let server = Server::start();
    let form = [
        ("grant_type", "client_credentials"),
        ("resource", "https://api.example"),
    ];
    let token = server.service("/token", &form).text("access_token");
    let json = server.service("/introspect", &[("token", &token)]).json();
    assert_eq!(json["active"], true);
    assert_eq!(json["aud"], "https://api.example");
    assert_eq!(server.protected(&token).status, 401);
}

/// RFC 7662 section 2.2: nothing else is said, and no reason.
#[test]
fn what_is_not_active_is_only_that() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    let id_token = answer.text("id_token");
    let service = server.service_token();
    for token in ["x", "a.b", "a.b.c", id_token.as_str()] {
        let told = server.service("/introspect", &[("token", token)]);
        assert_eq!(
            (told.status, told.body.as_str()),
            (200, r#"{"active":false}"#),
            "{token}"
        );
    }
    let order = json!({"user": "alice", "client": "demo-app", "faults": ["expired"]});
    let minted = server.request("POST", "/_control/tokens");
    let minted = minted.body("application/json", order.to_string()).send();
    let expired = [("token", minted.text("access_token"))];
    let expired = expired
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let told = server.service("/introspect", &expired);
    assert_eq!(told.body, r#"{"active":false}"#, "expired");
    let web = |token: &str| {
        let request = server
            .request("POST", "/introspect")
            .basic("demo-web", "demo-web-secret");
        request.form(&[("token", token)]).send().body
    };
    assert_eq!(web(&service), r#"{"active":false}"#, "another's");
    assert_eq!(
        web(&answer.text("refresh_token")),
        r#"{"active":false}"#,
        "another's"
    );
}

/// RFC 9701 sections 4 and 5: what is said of a token, signed for who asks; it passes for no token itself.
#[test]
fn introspection_is_signed_where_that_is_asked_for() {
    let server = Server::start();
    let token = server.alice_token("items:read");
    let form = [("token", token.as_str())];
    let ask = |accept: &str| {
        server
            .service_request("/introspect", &form)
            .header("Accept", accept)
            .send()
    };
    let plain = ask("application/json, */*");
    for accept in [
        "application/token-introspection+jwt",
        "text/html, Application/Token-Introspection+JWT;q=0.5",
    ] {
        let answer = ask(accept);
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-type"),
            "application/token-introspection+jwt"
        );
        let claims = payload(&answer.body);
        assert_eq!(claims["iss"], server.issuer());
        assert_eq!(claims["aud"], "demo-service");
        assert_eq!(claims["token_introspection"], plain.json());
        assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
        assert_eq!(server.protected(&answer.body).status, 401);
    }
    let document = server.get("/.well-known/openid-configuration").json();
    assert_eq!(
        document["introspection_signing_alg_values_supported"],
        serde_json::json!(["ES256"])
    );
}

/// RFC 7662 sections 2.1 and 2.3.
#[test]
fn introspection_is_for_clients_that_prove_themselves() {
    let server = Server::start();
    let token = server.service_token();
    let form = [("token", token.as_str())];
    let app = [("token", token.as_str()), ("client_id", "demo-app")];
    for answer in [
        server.post("/introspect", &form),
        server.post("/introspect", &app),
    ] {
        answer.is_error(400, "invalid_client");
        assert!(answer.headers("www-authenticate").is_empty());
    }
    for answer in [
        server
            .request("POST", "/introspect")
            .basic("demo-service", "wrong")
            .form(&form)
            .send(),
        server
            .request("POST", "/introspect")
            .bearer(&token)
            .form(&form)
            .send(),
    ] {
        answer.is_error(401, "invalid_client");
        assert!(answer.header("www-authenticate").starts_with("Basic "));
    }
    server
        .service("/introspect", &[])
        .is_error(400, "invalid_request");
    assert_eq!(server.get("/introspect").status, 405);
}

/// RFC 7009 sections 2.1 and 2.2.
#[test]
fn a_revoked_access_token_is_refused_everywhere() {
    let server = Server::start();
    let (token, other) = (server.service_token(), server.service_token());
    let ask = |token: &str| server.protected(token).status;
    assert_eq!(ask(&token), 200);
    let answer = server.service(
        "/revoke",
        &[("token", &token), ("token_type_hint", "refresh_token")],
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(ask(&token), 401);
    assert_eq!(ask(&other), 200);
    server.log_with("the token has been revoked");
    let told = server.service("/introspect", &[("token", &token)]);
    assert_eq!(told.body, r#"{"active":false}"#);
    assert_eq!(server.service("/revoke", &[("token", &token)]).status, 200);
}

/// RFC 7009 section 2.1: a refresh token takes its access tokens along.
#[test]
fn a_revoked_refresh_token_takes_its_family_along() {
    let server = Server::start();
    let first = tokens(&server, &[]);
    let second = server.post("/token", &refreshing(&first.text("refresh_token")));
    let token = second.text("refresh_token");
    let form = [("client_id", "demo-app"), ("token", token.as_str())];
    assert_eq!(server.post("/revoke", &form).status, 200);
    for answer in [&first, &second] {
        let access = answer.text("access_token");
        assert_eq!(server.protected(&access).status, 401);
    }
    server
        .post("/token", &refreshing(&token))
        .is_error(400, "invalid_grant");
}

/// RFC 9700 section 4.14.2: a refresh token that was used already is in two hands, wherever it comes
/// up again; and its client wants no more of its tokens.
#[test]
fn a_refresh_token_that_was_used_takes_its_family_along_too() {
    let server = Server::start();
    let first = tokens(&server, &[]);
    let used = first.text("refresh_token");
    let second = server.post("/token", &refreshing(&used));
    let told = server.service("/introspect", &[("token", &used)]);
    assert_eq!(told.body, r#"{"active":false}"#);
    server.log_with("the token is not active: the refresh token has been used already (RFC 9700");
    // Another client learns nothing and ends nothing.
    server
        .service("/revoke", &[("token", &used)])
        .is_error(400, "invalid_grant");
    let form = [("client_id", "demo-app"), ("token", used.as_str())];
    assert_eq!(server.post("/revoke", &form).status, 200);
    server.log_with("POST /revoke demo-app 200 ");
    server.log_with(
        "; the refresh token has been used already: its whole family is revoked (RFC 9700 section 4.14.2)\n",
    );
    server
        .post("/token", &refreshing(&second.text("refresh_token")))
        .is_error(400, "invalid_grant");
    for answer in [&first, &second] {
        let access = answer.text("access_token");
        let request = server.request("GET", "/protected").bearer(&access);
        assert_eq!(request.send().status, 401);
    }
}

/// RFC 7009 section 2.2: what is unknown is called what it is like.
#[test]
fn an_unknown_refresh_token_is_called_that() {
    let server = Server::start();
    assert_eq!(server.service("/revoke", &[("token", "a.b")]).status, 200);
    server.log_with(
        "there was nothing to revoke: there is no such refresh token, or it has expired (",
    );
    server.service("/introspect", &[("token", "a.b")]);
    server.log_with("the token is not active: there is no such refresh token, or it has expired (");
}

/// RFC 7009 section 2.2: an unknown token is as good as revoked; section 2.1: the client's own.
#[test]
fn revocation_is_for_ones_own_tokens_and_unknown_ones_are_no_error() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    for token in ["x", "a.b", &answer.text("id_token")] {
        assert_eq!(server.service("/revoke", &[("token", token)]).status, 200);
    }
    for name in ["access_token", "refresh_token"] {
        let token = answer.text(name);
        server
            .service("/revoke", &[("token", &token)])
            .is_error(400, "invalid_grant");
    }
    let access = answer.text("access_token");
    assert_eq!(server.protected(&access).status, 200);
    server
        .post("/revoke", &[("token", "x")])
        .is_error(400, "invalid_client");
    let wrong = server
        .request("POST", "/revoke")
        .basic("demo-service", "wrong");
    wrong
        .form(&[("token", "x")])
        .send()
        .is_error(401, "invalid_client");
    server
        .service("/revoke", &[])
        .is_error(400, "invalid_request");
    assert_eq!(server.get("/revoke").status, 405);
}
