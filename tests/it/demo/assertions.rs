//! Clients that say who they are by an assertion: `private_key_jwt` and `client_secret_jwt` (RFC 7523), row
//! T19.

use std::fs;

use jott::oauth::assertion::Assertion;
use jott::{Key, Members};
use tempfile::{TempDir, tempdir};
use zeroize::Zeroizing;

use super::http::Answer;
use super::server::Server;
use super::signer::{Signer, by_assertion, jti, now};

const SECRET: &str = "a secret of at least thirty-two bytes";

/// A server with the client `signer`, whose key lies in a file, and `hmac`, which has a secret that is long
/// enough.
fn server(signer: &Signer) -> (Server, TempDir) {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("keys.json"), signer.jwks()).unwrap();
    let config = format!(
        "[[client]]\nid = \"signer\"\njwks = \"keys.json\"\n\n[[client]]\nid = \"hmac\"\nsecret = \"{SECRET}\"\n"
    );
    let path = folder.path().join("demo.toml");
    fs::write(&path, config).unwrap();
    let args = ["--alg", "ES256", "--config", path.to_str().unwrap()];
    (Server::with(&args), folder)
}

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[track_caller]
fn token(server: &Server, assertion: &str) -> Answer {
    server.post("/token", &by_assertion(assertion, &[GRANT]))
}

/// RFC 7523 section 3: the issuer or the token endpoint, and RFC 9126 section 2.
#[test]
fn an_assertion_is_for_the_issuer_or_an_endpoint() {
    let signer = Signer::new();
    let (server, _folder) = server(&signer);
    let issuer = server.issuer();
    for audience in ["", "/", "/token", "/par"] {
        let assertion = signer.assertion("signer", &format!("{issuer}{audience}"));
        let answer = token(&server, &assertion);
        assert_eq!(answer.status, 200, "{audience} {answer:?}");
    }
    for audience in ["/authorize", "/token/", ":1"] {
        let assertion = signer.assertion("signer", &format!("{issuer}{audience}"));
        token(&server, &assertion).is_error(400, "invalid_client");
    }
    server.log_with(&format!(
        "; the assertion is for `\"{issuer}/token/\"`, but this is {issuer}, with its token endpoint {issuer}/token; the issuer is right at every endpoint (RFC 7523 section 3)"
    ));
}

/// RFC 7523 section 3 has the token endpoint and no other, and what is to come of it (rfc7523bis) the issuer
/// alone: an endpoint that calls itself the audience would take what was made for another server that names
/// it.
#[test]
fn the_url_of_another_endpoint_is_no_audience_there_either() {
    let signer = Signer::new();
    let (server, _folder) = server(&signer);
    let issuer = server.issuer();
    let access = token(&server, &signer.assertion("signer", &issuer)).text("access_token");
    for path in ["/introspect", "/revoke", "/device_authorization"] {
        let send = |audience: &str| {
            let assertion = signer.assertion("signer", audience);
            let form = by_assertion(&assertion, &[("token", &access), ("scope", "items:read")]);
            server.post(path, &form)
        };
        send(&format!("{issuer}{path}")).is_error(400, "invalid_client");
        let known = send(&issuer);
        assert!(!known.body.contains("invalid_client"), "{path} {known:?}");
    }
    server.log_with("/introspect\"`, but this is");
    server.log_with("; the issuer is right at every endpoint (RFC 7523 section 3)");
}

/// RFC 7523 section 3: `jti` once.
#[test]
fn an_assertion_is_used_once_wherever_that_is() {
    let signer = Signer::new();
    let (server, _folder) = server(&signer);
    let access = token(&server, &signer.assertion("signer", &server.issuer()));
    let access = access.text("access_token");
    for (path, form) in [
        ("/token", vec![GRANT]),
        ("/introspect", vec![("token", access.as_str())]),
        ("/revoke", vec![("token", access.as_str())]),
    ] {
        let assertion = signer.assertion("signer", &server.issuer());
        let form = by_assertion(&assertion, &form);
        let first = server.post(path, &form);
        assert_eq!(first.status, 200, "{path} {first:?}");
        server.post(path, &form).is_error(400, "invalid_client");
        token(&server, &assertion).is_error(400, "invalid_client");
    }
    server.log_with("; the assertion has been used already (RFC 7523 section 3)");
}

/// OpenID Connect Core 1.0 section 9.
#[test]
fn a_secret_signs_an_assertion_where_it_is_long_enough() {
    let (server, _folder) = server(&Signer::new());
    let with = |id: &str, secret: &str| {
        let key = Key::secret(Zeroizing::new(secret.as_bytes().to_vec()));
        let assertion = Signer::with_weak(key).assertion(id, &server.issuer());
        token(&server, &assertion)
    };
    assert_eq!(with("hmac", SECRET).status, 200);
    with("hmac", "another secret of at least 32 bytes").is_error(400, "invalid_client");
    // RFC 7518 section 3.2.
    with("demo-service", "demo-service-secret").is_error(400, "invalid_client");
    with("demo-app", SECRET).is_error(400, "invalid_client");
    // A public key is no secret (RFC 8725 section 2.1).
    with("signer", SECRET).is_error(400, "invalid_client");
    let log = server.whole_log();
    assert!(!log.contains(SECRET), "{log}");
}

/// RFC 7521 section 4.2, RFC 7523 section 3, RFC 8725.
#[test]
fn what_is_wrong_with_an_assertion_is_said_in_the_log_alone() {
    let signer = Signer::new();
    let (server, _folder) = server(&signer);
    let (issuer, made) = (server.issuer(), now());
    let id = jti();
    let right = || Assertion::of_client("signer", &issuer, &id, made).claims();
    let seconds = made.seconds();
    let changed = |change: &dyn Fn(&mut Members<'static>)| {
        let mut claims = right();
        claims.set_text("jti", &jti());
        change(&mut claims);
        signer.token(&[("typ", "JWT")], &claims)
    };
    for (assertion, reason) in [
        (changed(&|claims| claims.remove("exp")), "it has no `exp`"),
        (changed(&|claims| claims.remove("jti")), "jti"),
        (
            changed(&|claims| claims.set_text("jti", "")),
            "its `jti` is empty",
        ),
        (changed(&|claims| claims.remove("aud")), "is for nobody"),
        (changed(&|claims| claims.remove("sub")), "sub"),
        (
            changed(&|claims| claims.set_text("sub", "alice")),
            "`sub` does not match",
        ),
        (changed(&|claims| claims.set("exp", seconds - 1)), "expired"),
        (
            changed(&|claims| claims.set("exp", seconds + 3700)),
            "longer than an hour",
        ),
        (
            changed(&|claims| claims.set("nbf", seconds + 60)),
            "not valid yet",
        ),
        (
            changed(&|claims| claims.set_text("iss", "nobody")),
            "there is no such client",
        ),
        (
            changed(&|claims| claims.set_text("iss", "demo-service")),
            "the server has no keys of it",
        ),
        (
            Signer::new().assertion("signer", &issuer),
            "the signature does not match",
        ),
        ("a.b.c".to_owned(), "is not a JWT with an `iss`"),
        (String::from("x"), "is not a JWT with an `iss`"),
    ] {
        let answer = token(&server, &assertion);
        answer.is_error(400, "invalid_client");
        assert!(!answer.body.contains(reason), "{reason}");
        server.log_with(reason);
    }
}

/// RFC 7521 section 4.2, RFC 6749 section 2.3.
#[test]
fn an_assertion_stands_alone_and_says_what_it_is() {
    let signer = Signer::new();
    let (server, _folder) = server(&signer);
    let assertion = || signer.assertion("signer", &server.issuer());
    let (one, two, three, four) = (assertion(), assertion(), assertion(), assertion());
    let same = by_assertion(&one, &[GRANT, ("client_id", "signer")]);
    assert_eq!(server.post("/token", &same).status, 200);
    let other = by_assertion(&two, &[GRANT, ("client_id", "hmac")]);
    server
        .post("/token", &other)
        .is_error(400, "invalid_client");
    let secret = [GRANT, ("client_id", "signer"), ("client_secret", "x")];
    let both = by_assertion(&three, &secret);
    server
        .post("/token", &both)
        .is_error(400, "invalid_request");
    let header = server.service("/token", &by_assertion(&four, &[GRANT]));
    header.is_error(400, "invalid_request");
    let kind = (
        "client_assertion_type",
        "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
    );
    let assertion = ("client_assertion", four.as_str());
    for form in [
        vec![GRANT, assertion],
        vec![GRANT, kind, assertion],
        vec![GRANT, kind],
    ] {
        server.post("/token", &form).is_error(400, "invalid_client");
    }
    // What has keys has to use them.
    let none = [GRANT, ("client_id", "signer")];
    server.post("/token", &none).is_error(400, "invalid_client");
    server.log_with("; signer has keys, but sent no assertion (");
    let basic = server
        .request("POST", "/token")
        .basic("signer", "x")
        .form(&[GRANT]);
    basic.send().is_error(401, "invalid_client");
    server.log_with("; signer has keys, but no secret to send (");
}

/// RFC 8414 section 2.
#[test]
fn the_metadata_has_the_ways_by_assertion_and_their_algorithms() {
    let server = Server::start();
    let document = server.get("/.well-known/oauth-authorization-server").json();
    for endpoint in ["token", "introspection", "revocation"] {
        let methods = &document[format!("{endpoint}_endpoint_auth_methods_supported")];
        let methods = methods.as_array().unwrap();
        for method in ["private_key_jwt", "client_secret_jwt"] {
            assert!(
                methods.iter().any(|one| one == method),
                "{endpoint} {method}"
            );
        }
        let algorithms =
            &document[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
        let algorithms = algorithms.as_array().unwrap();
        assert!(algorithms.iter().any(|one| one == "ES256"));
        assert!(algorithms.iter().all(|one| one != "none"));
    }
}

/// RFC 7517 section 9.2: what is public is published, and nothing else belongs into a configuration.
#[test]
fn keys_that_will_not_do_are_refused_at_the_start() {
    let signer = Signer::new();
    let folder = tempdir().unwrap();
    let path = folder.path().join("demo.toml");
    let private = signer.key.whole_jwk().unwrap();
    fs::write(folder.path().join("private.json"), &*private).unwrap();
    for (jwks, reason) in [
        ("\"missing.json\"", "missing.json cannot be read"),
        ("\"private.json\"", "there is a private key in it"),
        ("{ keys = [] }", "an empty JWK Set"),
        ("7", "`jwks` is the name of a file, or a table with `keys`"),
    ] {
        fs::write(&path, format!("[[client]]\nid = \"a\"\njwks = {jwks}\n")).unwrap();
        let run = crate::support::jott(["serve-demo", "--config", path.to_str().unwrap()]).run();
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.contains(reason), "{reason}: {}", run.stderr);
        assert!(run.stderr.contains("demo.toml:"), "{}", run.stderr);
    }
}
