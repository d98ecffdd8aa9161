//! Access tokens that are bound to the certificate of a client (RFC 8705 section 3), by curl and openssl.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::tempdir;

use super::mint::payload;
use super::signer::Signer;
use crate::peer;
use crate::support::jott;

const CLIENT: &str = "[[client]]\nid = \"bound\"\nsecret = \"its-secret\"\ntls_client_certificate_bound_access_tokens = true\n";

/// What a script prints beside a server that knows the client. It finds two certificates, `a` and `b`, and `ask`,
/// which gets a token.
#[track_caller]
fn said(script: &str) -> String {
    let folder = tempdir().unwrap();
    let config = folder.path().join("demo.toml");
    let signer = Signer::new();
    let issuer = format!("{CLIENT}\n[[issuer]]\nissuer = \"bound-ci\"\njwks = \"ci.json\"\n");
    fs::write(&config, issuer).unwrap();
    fs::write(folder.path().join("ci.json"), signer.jwks()).unwrap();
    fs::write(
        folder.path().join("bound.key"),
        signer.key.whole_jwk().unwrap().as_bytes(),
    )
    .unwrap();
    let all = format!(
        r#"cd "$FOLDER"
curl() {{ command curl --cacert "$JOTT_CA_FILE" "$@"; }}
for name in a b; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.crt -subj /CN=$name -days 1 2>/dev/null
done
ask() {{ curl -s -u bound:its-secret -d grant_type=client_credentials -d scope=items:read "$@" "$JOTT_ISSUER/token"; }}
token() {{ ask "$@" | sed 's/.*"access_token":"\([^"]*\).*/\1/'; }}
a="--cert a.crt --key a.key" b="--cert b.crt --key b.key"
{script}"#
    );
    let mut server = Command::new(env!("CARGO_BIN_EXE_jott"));
    server
        .args(["serve-demo", "-q", "--alg", "ES256", "--tls", "self-signed"])
        .arg("--config")
        .arg(&config)
        .args(["--", "sh", "-c", &all])
        .env("FOLDER", folder.path())
        .env("JOTT", env!("CARGO_BIN_EXE_jott"))
        .env("NO_PROXY", "127.0.0.1");
    let output = peer::output(&mut server, &[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Section 3.1: `x5t#S256` is the hash of the certificate in DER; TLS 1.2 and 1.3.
#[test]
fn a_token_has_the_thumbprint_of_the_certificate_that_asked_for_it() {
    for version in ["", "--tls-max 1.2"] {
        let script = format!(
            "token $a {version}; echo; openssl x509 -in a.crt -outform der | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d ="
        );
        let said = said(&script);
        let (token, thumbprint) = said.split_once('\n').unwrap();
        assert_eq!(
            payload(token)["cnf"],
            json!({"x5t#S256": thumbprint.trim()})
        );
    }
}

/// Section 3: the resource server compares the certificate of the connection, and the type of the token stays Bearer.
#[test]
fn a_token_is_good_over_connections_of_its_certificate_alone() {
    let script = r#"T=$(token $a)
for own in "$a" "$b" ""; do
    for place in protected items; do
        curl -s $own -o /dev/null -w '%{http_code} ' -H "Authorization: Bearer $T" "$JOTT_ISSUER/$place"
    done
done
curl -s $b -o /dev/null -D - -H "Authorization: Bearer $T" "$JOTT_ISSUER/protected" | grep -c 'error="invalid_token"'"#;
    assert_eq!(said(script), "200 200 401 401 401 401 1");
    let introspected = r#"curl -s -u demo-service:demo-service-secret -d "token=$(token $a)" "$JOTT_ISSUER/introspect""#;
    let told: Value = serde_json::from_str(&said(introspected)).unwrap();
    assert_eq!(
        (&told["active"], &told["token_type"]),
        (&json!(true), &json!("Bearer"))
    );
    assert!(told["cnf"]["x5t#S256"].is_string(), "{told}");
}

/// Section 3.4: who is to have bound tokens gets no others, and no exchange makes one of a bound token.
#[test]
fn a_bound_token_is_not_had_without_the_certificate() {
    let refused: Value = serde_json::from_str(&said("ask")).unwrap();
    assert_eq!(refused["error"], "invalid_request");
    let exchange = |own: &str| {
        format!(
            "curl -s {own} -u demo-service:demo-service-secret -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange -d subject_token_type=urn:ietf:params:oauth:token-type:access_token -d \"subject_token=$(token $a)\" \"$JOTT_ISSUER/token\""
        )
    };
    for (own, found) in [
        ("", "invalid_request"),
        ("$b", "invalid_request"),
        ("$a", "access_token"),
    ] {
        let answer = said(&exchange(own));
        assert!(answer.contains(&format!("\"{found}\"")), "{own}: {answer}");
    }
    // Other clients may come with a certificate, and are bound to nothing.
    let other = "curl -s $a -u demo-service:demo-service-secret -d grant_type=client_credentials \"$JOTT_ISSUER/token\"";
    let answer: Value = serde_json::from_str(&said(other)).unwrap();
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(payload(token).get("cnf"), None);
}

/// Section 3: by whatever grant a token comes, and by whatever it was exchanged for.
#[test]
fn each_grant_binds_its_tokens_to_the_certificate() {
    let script = r#"grant() { curl -s $a -u bound:its-secret "$@" "$JOTT_ISSUER/token" | sed 's/.*"access_token":"\([^"]*\).*/\1/'; }
grant -d grant_type=password -d username=alice -d password=wonderland; echo
urn=urn:ietf:params:oauth
grant -d grant_type=$urn:grant-type:token-exchange -d subject_token_type=$urn:token-type:access_token -d "subject_token=$(token $a)"; echo
assertion=$("$JOTT" issue -q --key ./bound.key --alg ES256 --iss bound-ci --sub alice --aud "$JOTT_ISSUER" --jti --exp 1m)
grant -d grant_type=$urn:grant-type:jwt-bearer -d "assertion=$assertion""#;
    let said = said(script);
    let tokens: Vec<&str> = said.lines().collect();
    assert_eq!(tokens.len(), 3, "{said}");
    for token in tokens {
        assert!(payload(token)["cnf"]["x5t#S256"].is_string(), "{token}");
    }
}

/// Section 3.3: the metadata say so where there is a client of this kind.
#[test]
fn the_metadata_has_it_where_there_is_such_a_client() {
    let name = "tls_client_certificate_bound_access_tokens";
    let document = "curl -s \"$JOTT_ISSUER/.well-known/oauth-authorization-server\"";
    let with: Value = serde_json::from_str(&said(document)).unwrap();
    assert_eq!(with[name], true);
    let without = super::server::Server::start();
    let document = without
        .get("/.well-known/oauth-authorization-server")
        .json();
    assert_eq!(document[name], false);
}

#[test]
fn what_cannot_be_bound_is_refused_at_the_start() {
    let folder = tempdir().unwrap();
    let config = folder.path().join("demo.toml");
    let config = config.to_str().unwrap();
    for (text, found) in [
        (
            CLIENT.to_owned(),
            "the tokens of `bound` are bound to its certificate, and there is no TLS\nhint: `--tls self-signed` speaks it",
        ),
        (
            CLIENT.replace("secret = \"its-secret\"\n", ""),
            "`bound` is a public client, and those with a secret or `jwks` alone have tokens bound to a certificate here",
        ),
    ] {
        fs::write(config, text).unwrap();
        let run = jott(["serve-demo", "--config", config]).run();
        assert_eq!(run.status, Some(2));
        assert!(run.stderr.contains(found), "{}", run.stderr);
    }
}
