//! Tokens that are bound to a key (RFC 9449), rows T20 and R8.

use std::fs;

use jott::oauth::dpop::Proof;
use jott::{Algorithm, Members, Span, generate};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::browser::{Browser, CALLBACK, VERIFIER, code, redemption, refreshing, request};
use super::http::{Answer, query};
use super::mint::payload;
use super::server::Server;
use super::signer::{Signer, jti, now};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// Posts a form to `/token` with a proof.
#[track_caller]
fn with_proof(server: &Server, proof: &str, form: &[(&str, &str)]) -> Answer {
    server
        .request("POST", "/token")
        .header("DPoP", proof)
        .form(form)
        .send()
}

fn endpoint(server: &Server) -> String {
    format!("{}/token", server.issuer())
}

/// A bound access token of demo-service.
#[track_caller]
fn service_token(server: &Server, signer: &Signer) -> Answer {
    let proof = signer.proof("POST", &endpoint(server));
    server
        .service_request("/token", &[GRANT])
        .header("DPoP", &proof)
        .send()
}

/// Calls a resource with a bound token.
#[track_caller]
fn call(server: &Server, path: &str, token: &str, proof: &str) -> Answer {
    server
        .request("GET", path)
        .header("Authorization", &format!("DPoP {token}"))
        .header("DPoP", proof)
        .send()
}

#[track_caller]
fn is_challenged(answer: &Answer, error: &str) {
    assert_eq!(answer.status, 401, "{answer:?}");
    let challenge = answer.header("www-authenticate");
    assert!(
        challenge.starts_with("DPoP realm=\"jott\", algs=\""),
        "{challenge}"
    );
    assert!(
        challenge.contains(&format!(", error=\"{error}\"")),
        "{challenge}"
    );
    assert!(challenge.contains("resource_metadata="), "{challenge}");
    assert_eq!(answer.text("error"), error);
}

/// Sections 5, 6 and 7.
#[test]
fn a_token_is_bound_to_the_key_of_its_proof_and_opens_with_it() {
    let server = Server::start();
    let signer = Signer::new();
    let answer = service_token(&server, &signer);
    assert_eq!(answer.json()["token_type"], "DPoP");
    let token = answer.text("access_token");
    assert_eq!(
        payload(&token)["cnf"],
        json!({"jkt": signer.key.thumbprint()})
    );
    let url = format!("{}/protected", server.issuer());
    let proof = signer.proof_with("GET", &url, Some(&token), None);
    assert_eq!(call(&server, "/protected", &token, &proof).status, 200);
    // Once.
    is_challenged(
        &call(&server, "/protected", &token, &proof),
        "invalid_dpop_proof",
    );
    // By another name of this server, with a query.
    let url = format!("http://localhost:{}/items?x=1", server.port);
    let proof = signer.proof_with("GET", &url, Some(&token), None);
    assert_eq!(call(&server, "/items?x=1", &token, &proof).status, 200);
    // RFC 9449 section 6.2.
    let answer = server.service("/introspect", &[("token", &token)]).json();
    assert_eq!(answer["token_type"], "DPoP");
    assert_eq!(answer["cnf"]["jkt"], signer.key.thumbprint());
}

/// Section 7.1 and 7.2, row R8.
#[test]
fn a_bound_token_without_its_key_is_no_good() {
    let server = Server::start();
    let (signer, thief) = (Signer::new(), Signer::new());
    let token = service_token(&server, &signer).text("access_token");
    let url = format!("{}/protected", server.issuer());
    let proof = |signer: &Signer| signer.proof_with("GET", &url, Some(&token), None);
    is_challenged(&server.protected(&token), "invalid_token");
    server.log_with("; the token is bound to a key, but is sent as Bearer (RFC 9449 section 7.1)");
    is_challenged(
        &call(&server, "/protected", &token, &proof(&thief)),
        "invalid_token",
    );
    let bare = server
        .request("GET", "/protected")
        .header("Authorization", &format!("DPoP {token}"));
    is_challenged(&bare.send(), "invalid_dpop_proof");
    // Sent as Bearer, a proof does not help.
    let bearer = server.request("GET", "/protected").bearer(&token);
    is_challenged(
        &bearer.header("DPoP", &proof(&signer)).send(),
        "invalid_token",
    );
    for wrong in [
        signer.proof("GET", &url),
        signer.proof_with("GET", &url, Some("another"), None),
        signer.proof_with("POST", &url, Some(&token), None),
        signer.proof_with(
            "GET",
            &format!("{}/items", server.issuer()),
            Some(&token),
            None,
        ),
    ] {
        is_challenged(
            &call(&server, "/protected", &token, &wrong),
            "invalid_dpop_proof",
        );
    }
    // What is not bound is sent as Bearer.
    let plain = server.service_token();
    let proof = signer.proof_with("GET", &url, Some(&plain), None);
    is_challenged(
        &call(&server, "/protected", &plain, &proof),
        "invalid_token",
    );
    is_challenged(
        &call(&server, "/protected", "x", &signer.proof("GET", &url)),
        "invalid_token",
    );
    // Nobody who has no token at all hears of it.
    let challenge = server.get("/protected");
    assert!(challenge.header("www-authenticate").starts_with("Bearer "));
}

/// A proof for `/token` with another `typ`, another `jwk` or other claims.
fn by_hand(
    signer: &Signer,
    url: &str,
    (typ, jwk): (&str, &str),
    change: &dyn Fn(&mut Members<'static>),
) -> String {
    let id = jti();
    let proof = Proof {
        method: "POST",
        url,
        jti: &id,
        issued: now(),
        access_token: None,
        nonce: None,
    };
    let mut claims = proof.claims();
    change(&mut claims);
    let mut header = Members::new();
    header.set_text("alg", "ES256");
    header.set_text("typ", typ);
    let jwk: Value = serde_json::from_str(jwk).unwrap();
    header.set("jwk", &jwk);
    jott::issue(&claims, &header, &signer.signing).unwrap()
}

/// Section 4.3.
#[test]
fn a_proof_that_is_wrong_is_refused_and_the_log_says_why() {
    let server = Server::start();
    let signer = Signer::new();
    let (url, made) = (endpoint(&server), now());
    let made_at = |issued| {
        let id = jti();
        let proof = Proof {
            method: "POST",
            url: &url,
            jti: &id,
            issued,
            access_token: None,
            nonce: None,
        };
        proof.sign(&signer.signing, &signer.key).unwrap()
    };
    let jwk = signer.key.required_jwk().unwrap();
    let by_hand = |typ: &str, jwk: &str, change: &dyn Fn(&mut Members<'static>)| {
        by_hand(&signer, &url, (typ, jwk), change)
    };
    let same = |_: &mut Members<'static>| {};
    let private = signer.key.whole_jwk().unwrap();
    let other = Signer::new().key.required_jwk().unwrap();
    let secret = "{\"kty\":\"oct\",\"k\":\"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U\"}";
    let set = signer.jwks();
    for (proof, reason) in [
        ("x".to_owned(), "the proof is not a JWT"),
        ("a.b.c".to_owned(), "the proof is not a JWT"),
        (by_hand("JWT", &jwk, &same), "`typ`"),
        (
            by_hand("dpop+jwt", &other, &same),
            "the signature does not match",
        ),
        (by_hand("dpop+jwt", &private, &same), "not a public key"),
        (by_hand("dpop+jwt", secret, &same), "not a public key"),
        (by_hand("dpop+jwt", &set, &same), "not a public key"),
        (by_hand("dpop+jwt", "7", &same), "has no `jwk`"),
        (
            by_hand("dpop+jwt", &jwk, &|claims| claims.remove("jti")),
            "`jti`",
        ),
        (
            by_hand("dpop+jwt", &jwk, &|claims| claims.set_text("jti", "")),
            "or is empty",
        ),
        (
            by_hand("dpop+jwt", &jwk, &|claims| claims.remove("htm")),
            "`htm`",
        ),
        (
            by_hand("dpop+jwt", &jwk, &|claims| claims.remove("htu")),
            "`htu`",
        ),
        (
            by_hand("dpop+jwt", &jwk, &|claims| claims.remove("iat")),
            "`iat`",
        ),
        (signer.proof("GET", &url), "the method is POST"),
        (signer.proof("post", &url), "the method is POST"),
        (
            signer.proof("POST", "https://evil.example/token"),
            "evil.example",
        ),
        (signer.proof("POST", &format!("{url}/")), "but this is"),
        (
            made_at(made.saturating_sub(Span::from_seconds(61))),
            " seconds ago, and",
        ),
        (
            made_at(made.saturating_add(Span::from_seconds(20))),
            "to 10 ahead",
        ),
    ] {
        let answer = with_proof(
            &server,
            &proof,
            &[
                GRANT,
                ("client_id", "demo-service"),
                ("client_secret", "demo-service-secret"),
            ],
        );
        answer.is_error(400, "invalid_dpop_proof");
        server.log_with(reason);
    }
    let (one, two) = (signer.proof("POST", &url), signer.proof("POST", &url));
    let both = server
        .service_request("/token", &[GRANT])
        .header("DPoP", &one)
        .header("DPoP", &two);
    both.send().is_error(400, "invalid_dpop_proof");
}

/// Section 4.2: any algorithm but those of secrets.
#[test]
fn a_key_of_any_kind_proves() {
    let server = Server::start();
    for algorithm in [Algorithm::EdDSA, Algorithm::ES384, Algorithm::RS256] {
        let bits = (algorithm == Algorithm::RS256).then_some(2048);
        let signer = Signer::with(generate(algorithm, bits).unwrap());
        assert_eq!(service_token(&server, &signer).json()["token_type"], "DPoP");
    }
    let document = server.get("/.well-known/oauth-authorization-server").json();
    let named = document["dpop_signing_alg_values_supported"]
        .as_array()
        .unwrap();
    assert!(named.iter().any(|one| one == "ES256"));
    assert!(
        named
            .iter()
            .all(|one| !one.as_str().unwrap().starts_with("HS"))
    );
    let resource = server.get("/.well-known/oauth-protected-resource").json();
    assert_eq!(
        resource["dpop_signing_alg_values_supported"],
        document["dpop_signing_alg_values_supported"]
    );
}

/// Section 5: the refresh token of a public client is bound, and stays so.
#[test]
fn the_refresh_token_of_a_public_client_needs_its_key() {
    let server = Server::start();
    let (signer, thief, url) = (Signer::new(), Signer::new(), endpoint(&server));
    let proof = |signer: &Signer| signer.proof("POST", &url);
    let first = with_proof(&server, &proof(&signer), &redemption(&code(&server, &[])));
    assert_eq!(first.json()["token_type"], "DPoP");
    let first = first.text("refresh_token");
    server
        .post("/token", &refreshing(&first))
        .is_error(400, "invalid_grant");
    with_proof(&server, &proof(&thief), &refreshing(&first)).is_error(400, "invalid_grant");
    server.log_with("; it is bound to another key than the one in the proof (RFC 9449 section 5)");
    // Neither has used it up.
    let second = with_proof(&server, &proof(&signer), &refreshing(&first));
    assert_eq!(second.json()["token_type"], "DPoP");
    let second = second.text("refresh_token");
    server
        .post("/token", &refreshing(&second))
        .is_error(400, "invalid_grant");
    let third = with_proof(&server, &proof(&signer), &refreshing(&second));
    assert_eq!(third.status, 200);
}

/// Section 5: who has a secret may change the key.
#[test]
fn the_refresh_token_of_another_client_is_bound_by_its_secret() {
    let server = Server::start();
    let changes = [("client_id", "demo-web")];
    let form = |form: &[(&'static str, String)]| {
        let secret = [
            ("client_id", "demo-web".to_owned()),
            ("client_secret", "demo-web-secret".to_owned()),
        ];
        [form, &secret].concat()
    };
    let send = |proof: Option<String>, pairs: Vec<(&'static str, String)>| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let request = server.request("POST", "/token").form(&pairs);
        match proof {
            Some(proof) => request.header("DPoP", &proof).send(),
            None => request.send(),
        }
    };
    let code = code(&server, &changes);
    let pairs = [
        ("grant_type", "authorization_code".to_owned()),
        ("code", code),
        ("redirect_uri", CALLBACK.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
    ];
    let proof = Signer::new().proof("POST", &endpoint(&server));
    let first = send(Some(proof), form(&pairs));
    assert_eq!(first.json()["token_type"], "DPoP", "{first:?}");
    let refresh = |token: String| {
        form(&[
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token),
        ])
    };
    let other = Signer::new();
    let proof = other.proof("POST", &endpoint(&server));
    let second = send(Some(proof), refresh(first.text("refresh_token")));
    let bound = &payload(&second.text("access_token"))["cnf"]["jkt"];
    assert_eq!(bound, &other.key.thumbprint());
    let third = send(None, refresh(second.text("refresh_token")));
    assert_eq!(third.json()["token_type"], "Bearer");
}

/// Section 10: the code is bound from the beginning.
#[test]
fn a_code_is_for_the_key_that_was_named_with_it() {
    let server = Server::start();
    let (signer, url) = (Signer::new(), endpoint(&server));
    let jkt = signer.key.thumbprint();
    let asked = |changes: &[(&str, &str)]| code(&server, changes);
    let bound = [("dpop_jkt", jkt.as_str())];
    let stolen = asked(&bound);
    server
        .post("/token", &redemption(&stolen))
        .is_error(400, "invalid_grant");
    let thief = Signer::new().proof("POST", &url);
    with_proof(&server, &thief, &redemption(&stolen)).is_error(400, "invalid_grant");
    let good = with_proof(&server, &signer.proof("POST", &url), &redemption(&stolen));
    assert_eq!(good.status, 200, "{good:?}");
    let wrong = server.get(&format!("/authorize?{}", request(&[("dpop_jkt", "x")])));
    assert_eq!(wrong.back("error").as_deref(), Some("invalid_request"));
}

/// Section 10.1: a proof of what is pushed binds it, too.
#[test]
fn a_proof_at_the_push_binds_the_code() {
    let server = Server::start();
    let (signer, other) = (Signer::new(), Signer::new());
    let push = |changes: &[(&str, &str)]| {
        let pairs = request(changes);
        let url = format!("{}/par", server.issuer());
        let request = server
            .request("POST", "/par")
            .header("DPoP", &signer.proof("POST", &url));
        request
            .body("application/x-www-form-urlencoded", pairs)
            .send()
    };
    push(&[("dpop_jkt", &other.key.thumbprint())]).is_error(400, "invalid_request");
    let reference = push(&[]).text("request_uri");
    let asked = query(&[("client_id", "demo-app"), ("request_uri", &reference)]);
    let code = Browser::new(&server).allow(&asked).back("code").unwrap();
    server
        .post("/token", &redemption(&code))
        .is_error(400, "invalid_grant");
    let proof = signer.proof("POST", &endpoint(&server));
    assert_eq!(with_proof(&server, &proof, &redemption(&code)).status, 200);
}

fn configured(text: &str) -> (Server, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let args = ["--alg", "ES256", "--config", file.path().to_str().unwrap()];
    (Server::with(&args), file)
}

/// Sections 8 and 9: each side has nonces of its own.
#[test]
fn a_nonce_is_asked_for_where_the_configuration_says_so() {
    let (server, _file) = configured("dpop_nonces = true\n");
    let (signer, url) = (Signer::new(), endpoint(&server));
    let ask = |nonce: Option<&str>| {
        let proof = signer.proof_with("POST", &url, None, nonce);
        server
            .service_request("/token", &[GRANT])
            .header("DPoP", &proof)
            .send()
    };
    let first = ask(None);
    first.is_error(400, "use_dpop_nonce");
    let nonce = first.header("dpop-nonce").to_owned();
    ask(Some("guessed")).is_error(400, "use_dpop_nonce");
    let answer = ask(Some(&nonce));
    let token = answer.text("access_token");
    // Section 8.2: the next one comes along.
    assert_eq!(ask(Some(answer.header("dpop-nonce"))).status, 200);
    let place = format!("{}/protected", server.issuer());
    let call = |nonce: Option<&str>| {
        let proof = signer.proof_with("GET", &place, Some(&token), nonce);
        call(&server, "/protected", &token, &proof)
    };
    let refused = call(None);
    is_challenged(&refused, "use_dpop_nonce");
    is_challenged(&call(Some(&nonce)), "use_dpop_nonce");
    assert_eq!(call(Some(refused.header("dpop-nonce"))).status, 200);
    // Without a proof there is nothing to repeat.
    assert!(
        server
            .service("/token", &[GRANT])
            .headers("dpop-nonce")
            .is_empty()
    );
    let plain = Server::start();
    assert!(
        service_token(&plain, &signer)
            .headers("dpop-nonce")
            .is_empty()
    );
}

/// Section 5.2.
#[test]
fn a_client_can_be_held_to_bound_tokens() {
    let (server, _file) =
        configured("[[client]]\nid = \"bound\"\nsecret = \"s\"\ndpop_bound_access_tokens = true\n");
    let request = || {
        server
            .request("POST", "/token")
            .basic("bound", "s")
            .form(&[GRANT])
    };
    request().send().is_error(400, "invalid_dpop_proof");
    let proof = Signer::new().proof("POST", &endpoint(&server));
    assert_eq!(request().header("DPoP", &proof).send().status, 200);
}

/// The Fetch standard, section 3.2: a script of another origin may send a proof, and read what is to be
/// repeated.
#[test]
fn scripts_may_prove_and_read_the_nonce() {
    let server = Server::start();
    let preflight = server
        .request("OPTIONS", "/protected")
        .header("Origin", "https://app.example");
    let allowed = preflight.send();
    let allowed = allowed.header("access-control-allow-headers");
    assert!(allowed.split(", ").any(|name| name == "dpop"), "{allowed}");
    let answer = server.get("/protected");
    let exposed = answer.header("access-control-expose-headers");
    assert!(
        exposed.split(", ").any(|name| name == "DPoP-Nonce"),
        "{exposed}"
    );
}
