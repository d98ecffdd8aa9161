//! Grants of one authorization server for another (draft-ietf-oauth-identity-assertion-authz-grant-04, and the
//! profile Enterprise-Managed Authorization of the Model Context Protocol).

use std::fs;

use jott::Members;
use jott::oauth::assertion::Assertion;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use super::browser::{Browser, redemption, request};
use super::http::Answer;
use super::mint::payload;
use super::server::Server;
use super::signer::{Signer, jti, now};
use crate::peer;

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ELSEWHERE: &str = "https://chat.example";

/// What both servers know of the client, which logs people in at the one and calls the other.
const AGENT: &str = r#"
[[client]]
id = "agent"
secret = "agent-secret"
redirect_uris = ["http://127.0.0.1/callback"]
grants = [
  "authorization_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
]
scopes = ["openid", "email", "items:read", "mcp:read", "mcp:write"]
id_token_claims = ["email"]
"#;

fn with_config(config: &str, folder: &TempDir, more: &[&str]) -> Server {
    let path = folder.path().join("demo.toml");
    fs::write(&path, config).unwrap();
    let args = ["--alg", "ES256", "--config", path.to_str().unwrap()];
    Server::with(&[&args, more].concat())
}

/// A server that logs people in.
fn provider() -> (Server, TempDir) {
    let folder = tempdir().unwrap();
    (with_config(AGENT, &folder, &[]), folder)
}

/// A server that trusts an issuer, by its public keys.
fn trusting(issuer: &str, jwks: &str) -> (Server, TempDir) {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("issuer.json"), jwks).unwrap();
    let trust = format!("\n[[issuer]]\nissuer = \"{issuer}\"\njwks = \"issuer.json\"\n");
    (
        with_config(&(AGENT.to_owned() + &trust), &folder, &[]),
        folder,
    )
}

/// The ID token of alice at the agent.
#[track_caller]
fn id_token(server: &Server) -> String {
    let asked = request(&[
        ("client_id", "agent"),
        ("scope", "openid email"),
        ("acr_values", "pwd"),
    ]);
    let code = Browser::new(server).allow(&asked).back("code").unwrap();
    let form = redemption(&code);
    let form: Vec<_> = form
        .into_iter()
        .filter(|(name, _)| *name != "client_id")
        .collect();
    as_agent(server, &form).text("id_token")
}

#[track_caller]
fn as_agent(server: &Server, form: &[(&str, &str)]) -> Answer {
    let request = server.request("POST", "/token");
    request.basic("agent", "agent-secret").form(form).send()
}

/// What the agent hears that wants a grant for another server; what is empty is left out.
#[track_caller]
fn exchange(server: &Server, subject: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", EXCHANGE),
        ("requested_token_type", ID_JAG),
        ("audience", ELSEWHERE),
        ("subject_token", subject),
        ("subject_token_type", ID),
    ];
    form.retain(|(name, _)| more.iter().all(|(changed, _)| name != changed));
    form.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    as_agent(server, &form)
}

/// Section Token Exchange.
#[test]
fn an_id_token_is_good_for_a_grant_of_another_server() {
    let (server, _folder) = provider();
    let subject = id_token(&server);
    let more = [
        ("scope", "chat:read chat:history"),
        ("resource", "https://api.chat.example/"),
    ];
    let answer = exchange(&server, &subject, &more);
    assert_eq!(answer.header("cache-control"), "no-store");
    let json = answer.json();
    assert_eq!(
        (
            &json["issued_token_type"],
            &json["token_type"],
            &json["expires_in"]
        ),
        (&json!(ID_JAG), &json!("N_A"), &json!(300))
    );
    assert_eq!(json["scope"], "chat:read chat:history");
    assert!(json.get("refresh_token").is_none());
    let token = answer.text("access_token");
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("oauth-id-jag+jwt"));
    let claims = payload(&token);
    for (name, value) in [
        ("iss", json!(server.issuer())),
        ("sub", json!("alice")),
        ("aud", json!(ELSEWHERE)),
        ("client_id", json!("agent")),
        ("resource", json!("https://api.chat.example/")),
        ("scope", json!("chat:read chat:history")),
        ("auth_time", payload(&subject)["auth_time"].clone()),
        ("acr", json!("pwd")),
        ("email", json!("alice@example.com")),
        ("cnf", Value::Null),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert!(claims["jti"].is_string());
    let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(life, 300);
    // It is a grant, and no token of this server.
    assert_eq!(server.protected(&token).status, 401);
    exchange(&server, &token, &[]).is_error(400, "invalid_request");
    let asked = server.service("/introspect", &[("token", &token)]);
    assert_eq!(asked.json(), json!({"active": false}));
    let document = server.get("/.well-known/openid-configuration").json();
    let name = "identity_chaining_requested_token_types_supported";
    assert_eq!(document[name], json!([ID_JAG]));
    assert_eq!(document.get("authorization_grant_profiles_supported"), None);
}

#[test]
fn what_asks_for_a_grant_of_another_server_has_to_say_which_and_for_whom() {
    let (server, _folder) = provider();
    let (subject, own) = (id_token(&server), server.issuer());
    let access = server.alice_token("items:read");
    let own_with_slash = format!("{own}/");
    let own_mcp = format!("{own}/mcp");
    for (more, error) in [
        (vec![("audience", "")], "invalid_request"),
        (
            vec![("audience", ELSEWHERE), ("audience", "https://b.example")],
            "invalid_request",
        ),
        (vec![("audience", "chat")], "invalid_target"),
        (
            vec![("audience", "https://chat.example/?x")],
            "invalid_target",
        ),
        (vec![("audience", own.as_str())], "invalid_target"),
        (
            vec![("audience", own_with_slash.as_str())],
            "invalid_target",
        ),
        (vec![("resource", "x")], "invalid_target"),
        (vec![("resource", own_mcp.as_str())], "invalid_target"),
        (
            vec![("authorization_details", "[{\"type\":\"chat\"}]")],
            "invalid_authorization_details",
        ),
        (vec![("scope", "a  b")], "invalid_scope"),
        (vec![("subject_token_type", ACCESS)], "invalid_request"),
        (
            vec![
                ("subject_token", access.as_str()),
                ("subject_token_type", ACCESS),
            ],
            "invalid_request",
        ),
        (vec![("subject_token", access.as_str())], "invalid_request"),
        (vec![("subject_token", "")], "invalid_request"),
        (
            vec![("actor_token", subject.as_str()), ("actor_token_type", ID)],
            "invalid_request",
        ),
    ] {
        exchange(&server, &subject, &more).is_error(400, error);
    }
    // An ID token of another client.
    let other = super::browser::tokens(&server, &[("scope", "openid")]).text("id_token");
    exchange(&server, &other, &[]).is_error(400, "invalid_request");
}

/// A grant of an issuer, whose claims are changed.
fn granted(signer: &Signer, audience: &str, typ: &str, more: &Value) -> String {
    let id = jti();
    let assertion = Assertion {
        issuer: "https://idp.example",
        subject: "alice",
        audience,
        jti: &id,
        issued: now(),
    };
    let mut claims: Members<'static> = assertion.claims();
    claims.set_text("client_id", "agent");
    for (name, value) in more.as_object().unwrap() {
        claims.set(name.clone(), value);
    }
    signer.token(&[("typ", typ)], &claims)
}

const TYPE: &str = "oauth-id-jag+jwt";

/// Section Access Token Request: what it allows, and no more.
#[test]
fn a_grant_of_an_issuer_who_is_trusted_brings_a_token() {
    let signer = Signer::new();
    let (server, _folder) = trusting("https://idp.example", &signer.jwks());
    let issuer = server.issuer();
    let (mcp, items) = (format!("{issuer}/mcp"), format!("{issuer}/items"));
    let ask = |claims: &Value, more: &[(&str, &str)]| {
        let assertion = granted(&signer, &issuer, TYPE, claims);
        let form = [("grant_type", BEARER), ("assertion", assertion.as_str())];
        as_agent(&server, &[&form, more].concat())
    };
    let answer = ask(&json!({"scope": "mcp:read other", "resource": mcp}), &[]);
    let json = answer.json();
    assert_eq!(
        (&json["token_type"], &json["scope"]),
        (&json!("Bearer"), &json!("mcp:read"))
    );
    assert!(json.get("refresh_token").is_none());
    let claims = payload(&answer.text("access_token"));
    assert_eq!(
        (&claims["sub"], &claims["client_id"], &claims["aud"]),
        (&json!("alice"), &json!("agent"), &json!(mcp))
    );
    // Without a scope and a resource in it, the request decides.
    let answer = ask(&json!({}), &[("scope", "items:read"), ("resource", &items)]);
    assert_eq!(answer.json()["scope"], "items:read");
    assert_eq!(answer.json()["resource"], items);
    assert_eq!(payload(&answer.text("access_token"))["aud"], items);
    let both =
        json!({"resource": [mcp, items, "https://other.example"], "scope": "mcp:read items:read"});
    let answer = ask(&both, &[("scope", "items:read"), ("resource", &items)]);
    assert_eq!(payload(&answer.text("access_token"))["aud"], items);
    // Those that are known, and those that both the grant and the request have.
    let answer = ask(&both, &[("scope", "mcp:write mcp:read")]);
    assert_eq!(answer.json()["scope"], "mcp:read");
    assert_eq!(answer.json()["resource"], json!([mcp, items]));
    // Who acts is still said, and a list of one issuer is one.
    let act = json!({"act": {"sub": "robot"}, "aud": [issuer], "authorization_details": []});
    let claims = payload(&ask(&act, &[]).text("access_token"));
    assert_eq!(claims["act"], json!({"sub": "robot"}));
    // A type has no case, and `application/` is implied.
    let shouted = granted(&signer, &issuer, "application/OAUTH-ID-JAG+JWT", &json!({}));
    let form = [("grant_type", BEARER), ("assertion", shouted.as_str())];
    assert_eq!(as_agent(&server, &form).status, 200);
    let document = server.get("/.well-known/oauth-authorization-server").json();
    assert_eq!(
        document["authorization_grant_profiles_supported"],
        json!(["urn:ietf:params:oauth:grant-profile:id-jag"])
    );
}

#[test]
fn a_grant_that_says_something_else_than_the_request_brings_nothing() {
    let signer = Signer::new();
    let (server, _folder) = trusting("https://idp.example", &signer.jwks());
    let issuer = server.issuer();
    let (mcp, items) = (format!("{issuer}/mcp"), format!("{issuer}/items"));
    for (claims, more, error) in [
        (
            json!({"scope": "mcp:read"}),
            vec![("scope", "mcp:write")],
            "invalid_scope",
        ),
        (json!({}), vec![("scope", "other")], "invalid_scope"),
        (json!({"scope": "other"}), vec![], "invalid_grant"),
        (
            json!({"resource": "https://other.example"}),
            vec![],
            "invalid_grant",
        ),
        (
            json!({"authorization_details": [{"type": "chat"}]}),
            vec![],
            "invalid_authorization_details",
        ),
        (
            json!({"authorization_details": {}}),
            vec![],
            "invalid_authorization_details",
        ),
        (json!({"iat": null}), vec![], "invalid_grant"),
        (
            json!({"aud": [issuer, "https://other.example"]}),
            vec![],
            "invalid_grant",
        ),
        (json!({"scope": 1}), vec![], "invalid_grant"),
        (
            json!({"resource": mcp}),
            vec![("resource", items.as_str())],
            "invalid_target",
        ),
        (json!({"resource": [1]}), vec![], "invalid_grant"),
        (
            json!({"client_id": "demo-service"}),
            vec![],
            "invalid_grant",
        ),
        (json!({"client_id": null}), vec![], "invalid_grant"),
        (
            json!({"client_id": ["agent", "demo-service"]}),
            vec![],
            "invalid_grant",
        ),
        (
            json!({"aud": format!("{issuer}/token")}),
            vec![],
            "invalid_grant",
        ),
        (
            json!({"aud": "https://other.example"}),
            vec![],
            "invalid_grant",
        ),
        (
            json!({"iss": "https://other.example"}),
            vec![],
            "invalid_grant",
        ),
        (json!({"jti": ""}), vec![], "invalid_grant"),
    ] {
        let assertion = granted(&signer, &issuer, TYPE, &claims);
        let form = [("grant_type", BEARER), ("assertion", assertion.as_str())];
        as_agent(&server, &[&form, more.as_slice()].concat()).is_error(400, error);
    }
}

/// Section Proof-of-Possession: a proof binds the grant, and then who redeems it has to have the key.
#[test]
fn a_grant_that_is_asked_for_with_a_proof_is_good_for_its_key_alone() {
    let (key, other) = (Signer::new(), Signer::new());
    let with = |server: &Server, by: Option<&Signer>, form: &[(&str, &str)]| {
        let mut request = server.request("POST", "/token");
        if let Some(by) = by {
            let url = format!("{}/token", server.issuer());
            request = request.header("DPoP", &by.proof("POST", &url));
        }
        request.basic("agent", "agent-secret").form(form).send()
    };
    let (first, _folder) = provider();
    let (second, _other_folder) = trusting(&first.issuer(), &first.get("/jwks.json").body);
    let (subject, audience) = (id_token(&first), second.issuer());
    let asked = [
        ("grant_type", EXCHANGE),
        ("requested_token_type", ID_JAG),
        ("audience", audience.as_str()),
        ("subject_token", subject.as_str()),
        ("subject_token_type", ID),
    ];
    let answer = with(&first, Some(&key), &asked);
    assert_eq!(answer.json()["token_type"], "N_A");
    let grant = answer.text("access_token");
    let bound = payload(&grant)["cnf"].clone();
    assert_eq!(bound, json!({"jkt": key.key.thumbprint()}));
    let fresh = || with(&first, Some(&key), &asked).text("access_token");
    for by in [None, Some(&other)] {
        let grant = fresh();
        let form = [("grant_type", BEARER), ("assertion", grant.as_str())];
        with(&second, by, &form).is_error(400, "invalid_grant");
    }
    second.log_with("the ID-JAG is bound to a key, but the request has no DPoP proof");
    second.log_with("the ID-JAG is bound to another key than the one in the proof");
    let form = [("grant_type", BEARER), ("assertion", grant.as_str())];
    let answer = with(&second, Some(&key), &form);
    assert_eq!(answer.json()["token_type"], "DPoP");
    assert_eq!(payload(&answer.text("access_token"))["cnf"], bound);
    // One that is not bound binds the token of who proves to have a key.
    let grant = with(&first, None, &asked).text("access_token");
    let form = [("grant_type", BEARER), ("assertion", grant.as_str())];
    let token = with(&second, Some(&other), &form).text("access_token");
    let bound = payload(&token)["cnf"].clone();
    assert_eq!(bound, json!({"jkt": other.key.thumbprint()}));
}

/// A key of another kind than the thumbprint of a proof cannot be checked, and so the grant is no good.
#[test]
fn a_grant_that_is_bound_by_something_else_is_no_good() {
    let signer = Signer::new();
    let (server, _folder) = trusting("https://idp.example", &signer.jwks());
    for cnf in [
        json!({"x5t#S256": "x"}),
        json!({}),
        json!("x"),
        json!({"jkt": 1}),
    ] {
        let grant = granted(&signer, &server.issuer(), TYPE, &json!({"cnf": cnf}));
        let form = [("grant_type", BEARER), ("assertion", grant.as_str())];
        as_agent(&server, &form).is_error(400, "invalid_grant");
    }
}

/// Enterprise-Managed Authorization, section Access Token Request: a client that is not registered comes with its
/// document, and may have nothing to prove itself with.
#[test]
fn a_client_with_a_document_brings_a_grant_without_authentication() {
    let (signer, folder) = (Signer::new(), tempdir().unwrap());
    let url = "https://app.example/client.json";
    let document = json!({
        "client_id": url, "redirect_uris": ["http://127.0.0.1/callback"], "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", BEARER],
    });
    let path = folder.path().join("client.json");
    fs::write(&path, document.to_string()).unwrap();
    fs::write(folder.path().join("issuer.json"), signer.jwks()).unwrap();
    let trust = "[[issuer]]\nissuer = \"https://idp.example\"\njwks = \"issuer.json\"\n";
    let flag = format!("--client-metadata={url}={}", path.display());
    let server = with_config(trust, &folder, &[&flag]);
    let mcp = format!("{}/mcp", server.issuer());
    let claims = json!({"client_id": url, "scope": "mcp:read", "resource": mcp});
    let grant = granted(&signer, &server.issuer(), TYPE, &claims);
    let form = [
        ("grant_type", BEARER),
        ("assertion", grant.as_str()),
        ("client_id", url),
    ];
    let answer = server.post("/token", &form);
    assert_eq!(answer.json()["scope"], "mcp:read");
    assert_eq!(payload(&answer.text("access_token"))["aud"], mcp);
    // The public client of the server itself is no such client.
    let grant = granted(
        &signer,
        &server.issuer(),
        TYPE,
        &json!({"client_id": "demo-app"}),
    );
    let form = [
        ("grant_type", BEARER),
        ("assertion", grant.as_str()),
        ("client_id", "demo-app"),
    ];
    server
        .post("/token", &form)
        .is_error(400, "unauthorized_client");
}

#[test]
fn a_grant_is_used_once_by_a_client_that_authenticates_itself() {
    let signer = Signer::new();
    let (server, _folder) = trusting("https://idp.example", &signer.jwks());
    let issuer = server.issuer();
    let grant = || granted(&signer, &issuer, TYPE, &json!({}));
    let once = grant();
    let form = [("grant_type", BEARER), ("assertion", once.as_str())];
    assert_eq!(as_agent(&server, &form).status, 200);
    as_agent(&server, &form).is_error(400, "invalid_grant");
    let fresh = grant();
    let form = [("grant_type", BEARER), ("assertion", fresh.as_str())];
    server.post("/token", &form).is_error(400, "invalid_client");
    let forged = granted(&Signer::new(), &issuer, TYPE, &json!({}));
    let form = [("grant_type", BEARER), ("assertion", forged.as_str())];
    as_agent(&server, &form).is_error(400, "invalid_grant");
}

/// Section Cross-Domain Use: no server takes a grant of its own, whatever its configuration trusts.
#[test]
fn a_grant_of_the_server_itself_brings_nothing() {
    let (signer, folder) = (Signer::new(), tempdir().unwrap());
    fs::write(folder.path().join("issuer.json"), signer.jwks()).unwrap();
    let own = "http://auth.test:1234";
    let trust = format!("\n[[issuer]]\nissuer = \"{own}\"\njwks = \"issuer.json\"\n");
    let config = AGENT.to_owned() + &trust;
    let server = with_config(&config, &folder, &["--issuer", own]);
    let ask = |typ: &str| {
        let assertion = granted(&signer, own, typ, &json!({"iss": own}));
        let form = [("grant_type", BEARER), ("assertion", assertion.as_str())];
        as_agent(&server, &form)
    };
    ask(TYPE).is_error(400, "invalid_grant");
    server.log_with("an ID-JAG has to come from a trusted issuer");
    assert_eq!(ask("JWT").status, 200);
}

/// Authlib signs a grant that is taken here, and takes one that is given here.
#[test]
fn authlib_signs_a_grant_and_takes_one() {
    let (signer, folder) = (Signer::new(), tempdir().unwrap());
    let [key, grant] = ["key.jwk", "grant.jwt"].map(|name| folder.path().join(name));
    fs::write(&key, &*signer.key.whole_jwk().unwrap()).unwrap();
    let (first, _first_folder) = provider();
    let (second, _second_folder) = trusting("https://idp.example", &signer.jwks());
    let given = exchange(&first, &id_token(&first), &[("scope", "chat:read")]);
    fs::write(&grant, given.text("access_token")).unwrap();
    let mut library = peer::script("with_authlib.py");
    library
        .args([&second.issuer(), "id_jag"])
        .args([&key, &grant]);
    library.arg(first.issuer());
    peer::run(library.env("NO_PROXY", "127.0.0.1"), &[]);
}

/// The SDK of the Model Context Protocol finds out about both servers by itself.
#[test]
fn the_sdk_gets_a_grant_at_one_server_and_calls_the_tools_of_another() {
    let folder = tempdir().unwrap();
    let first = with_config(AGENT, &folder, &["--auto-login"]);
    let (second, _folder) = trusting(&first.issuer(), &first.get("/jwks.json").body);
    let mut library = peer::script("with_mcp.mjs");
    library.args([&second.issuer(), "id_jag", &first.issuer()]);
    peer::run(library.env("NO_PROXY", "127.0.0.1"), &[]);
}
