//! The fixtures of the tests of the Web Cryptography API and of JOSE libraries: `tests/vectors/suites`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jott::token::algorithm::Algorithm;
use jott::token::content::{Reading, read};
use jott::token::jwe::{ContentEncryption, DecryptionKeys, KeyManagement};
use jott::token::key::Key;
use jott::token::keyset::{KeySource, VerifyingKeys};
use jott::token::policy::{Policy, SignatureChoice};
use jott::token::verify_signature;
use serde_json::Value;

const KEYS: &str = include_str!("../../vectors/suites/keys.jsonl");
const SIGNATURES: &str = include_str!("../../vectors/suites/signatures.jsonl");
const JWS: &str = include_str!("../../vectors/suites/jws.jsonl");
const JWE: &str = include_str!("../../vectors/suites/jwe.jsonl");

/// What is refused here and good there, and why.
const STRICTER: &[(&str, &[&str])] = &[
    (
        "RSA has at least 2048 bits (RFC 7518 section 3.3)",
        &[
            "wpt: RSA 1024 spki",
            "wpt: RSA 1024 pkcs8",
            "wpt: RSA 1024 jwk",
            "go-jose: RSA of 512 bits",
        ],
    ),
    (
        "the secret of an HMAC is as long as its hash (RFC 7518 section 3.2)",
        &[
            "wpt: HMAC SHA-384 jwk, 256 bits",
            "wpt: HMAC SHA-512 jwk, 256 bits",
        ],
    ),
    (
        "JOSE has no such algorithm for tokens: of some of these its registry says that they are prohibited",
        &[
            "wpt: AES-CTR 128 jwk",
            "wpt: AES-CTR 192 jwk",
            "wpt: AES-CTR 256 jwk",
            "wpt: AES-CBC 128 jwk",
            "wpt: AES-CBC 192 jwk",
            "wpt: AES-CBC 256 jwk",
            "wpt: HMAC SHA-1 jwk, 256 bits",
        ],
    ),
    (
        "a key whose `alg` is not known is for nothing that is",
        &[
            "wpt: P-256 ECDH jwk, alg: any alg works here",
            "wpt: P-256 ECDH jwk (public), alg: any alg works here",
            "go-jose: x5t of the hexadecimal digits of the hash, alg foo",
        ],
    ),
    (
        "Curve448 is not supported",
        &[
            "wpt: Ed448 spki",
            "wpt: Ed448 pkcs8",
            "wpt: Ed448 jwk",
            "wpt: X448 spki",
            "wpt: X448 pkcs8",
            "wpt: X448 jwk",
            "jose: Ed448 x509",
        ],
    ),
    (
        "the salt is as long as the hash (RFC 7518 section 3.5)",
        &[
            "wpt: PS256, without a salt",
            "wpt: PS384, without a salt",
            "wpt: PS512, without a salt",
        ],
    ),
    (
        "what is not signed is never accepted",
        &["jose: compact: not signed, as asked for"],
    ),
    (
        "RSA1_5 is never accepted",
        &[
            "go-jose: made by nimbus-jose-jwt: RSA1_5 A128GCM",
            "jwcrypto: RFC 7519 appendix A.2: nested, RSA1_5",
        ],
    ),
];

/// What is taken here and bad there, and why.
const LAXER: &[(&str, &[&str])] = &[
    (
        "`ext` says what a browser may give away, and not what a key is for",
        &[
            "wpt: P-256 jwk: ext false",
            "wpt: Ed25519 jwk: ext false",
            "wpt: X25519 jwk: ext false",
        ],
    ),
    (
        "the key of a JWK with numbers is these: its certificate and what is said of that are not used",
        &[
            "go-jose: x5u is no URL",
            "go-jose: x5t is too short, its alg left off",
            "go-jose: x5t is of another certificate, its alg left off",
        ],
    ),
    (
        "RFC 8032 section 5.1.7 lets R be of small order, and the key is not",
        &["wpt: small order 2"],
    ),
];

fn rows(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Judges fixtures, each by its name: whether it is good there, and whether it is taken here.
fn judge(fixtures: impl IntoIterator<Item = (String, bool, bool)>, count: usize) {
    let is_known = |list: &[(&str, &[&str])], name: &str| {
        let mut all = list.iter().flat_map(|(_, names)| names.iter());
        all.any(|known| name == *known)
    };
    let (mut judged, mut wrong) = (0, Vec::new());
    for (name, good, taken) in fixtures {
        let known = (is_known(STRICTER, &name), is_known(LAXER, &name));
        if known != (good && !taken, taken && !good) {
            wrong.push((name, good, taken));
        }
        judged += 1;
    }
    assert_eq!(wrong, []);
    assert_eq!(judged, count);
}

/// The name of a fixture: that of its suite, and what it is.
fn name(group: &Value, what: &Value) -> String {
    let from = group["from"].as_str().unwrap();
    let repository = from.split(' ').next().unwrap();
    let (_, suite) = repository.split_once('/').unwrap();
    format!("{suite}: {}", what.as_str().unwrap())
}

/// A key as a JWK, PEM, or DER in base64; `None` where it is refused.
fn key(row: &Value, allow_weak: bool) -> Option<KeySource> {
    let content = match &row["key"] {
        Value::String(pem) if pem.starts_with("-----") => pem.clone().into_bytes(),
        der @ Value::String(_) => bytes(der),
        jwk => jwk.to_string().into_bytes(),
    };
    let mut reading = Reading::default();
    reading.allow_weak = allow_weak;
    Some(KeySource::new("here", read(&content, &reading).ok()?))
}

/// Whether a key may be used with what its fixture names.
fn is_for(key: &Key, algorithm: &str) -> bool {
    if let Some(alg) = Algorithm::parse(algorithm) {
        return key.verifier(alg, false).is_ok();
    }
    let (alg, enc) = match ContentEncryption::parse(algorithm) {
        Some(enc) => (Some(KeyManagement::Dir), enc),
        None => (KeyManagement::parse(algorithm), ContentEncryption::A256Gcm),
    };
    alg.is_some_and(|alg| key.fits(alg, enc)) && (key.may_open() || key.may_be_encrypted_to())
}

#[test]
fn keys_are_taken_or_refused_as_the_suites_do_but_for_what_is_known() {
    let fixtures = rows(KEYS).into_iter().map(|row| {
        let name = name(&row, &row["what"]);
        let source = key(&row, false);
        let key = source.as_ref().map(|source| &source.keys[0]);
        if let Some(key) = key {
            // What only looks like a key is no secret.
            assert_eq!(key.is_secret(), row["key"]["kty"] == "oct", "{name}");
        }
        if let (Some(key), Some(thumbprint)) = (key, row["thumbprint"].as_str()) {
            assert_eq!(key.thumbprint(), thumbprint, "{name}");
        }
        let is_taken = key.is_some_and(|key| is_for(key, row["for"].as_str().unwrap()));
        (name, row["good"].as_bool().unwrap(), is_taken)
    });
    judge(fixtures, 147);
}

fn bytes(base64: &Value) -> Vec<u8> {
    STANDARD.decode(base64.as_str().unwrap()).unwrap()
}

#[test]
fn signatures_are_judged_as_the_suites_do_but_for_what_is_known() {
    let groups = rows(SIGNATURES);
    let fixtures = groups.iter().flat_map(|group| {
        let source = key(group, false);
        let alg = Algorithm::parse(group["alg"].as_str().unwrap()).unwrap();
        let verifier = source.and_then(|source| source.keys[0].verifier(alg, false).ok());
        let message = bytes(&group["message"]);
        let tests = group["tests"].as_array().unwrap();
        tests.iter().map(move |test| {
            let signature = bytes(&test[2]);
            let accepts = |message: &[u8]| {
                let verifier = verifier.as_ref();
                verifier.is_some_and(|verifier| verifier.accepts(message, &signature))
            };
            let name = name(group, &test[0]);
            (name, test[1].as_bool().unwrap(), accepts(&message))
        })
    });
    judge(fixtures, 45);
}

/// The fixtures of tokens: those of each group have its key. A content is a text, `true` where the suite
/// does not say which, `false` where it refuses the token.
fn judge_tokens(text: &str, count: usize, content: impl Fn(KeySource, &str) -> Option<Vec<u8>>) {
    let groups = rows(text);
    let fixtures = groups.iter().flat_map(|group| {
        let tests = group["tests"].as_array().unwrap();
        tests.iter().map(|test| {
            let token = match &test[2] {
                Value::String(text) => text.clone(),
                json => json.to_string(),
            };
            let name = name(group, &test[0]);
            let found = content(key(group, true).unwrap(), &token);
            if let (Some(found), Some(expected)) = (&found, test[1].as_str()) {
                assert_eq!(String::from_utf8_lossy(found), expected, "{name}");
            }
            (name, test[1] != false, found.is_some())
        })
    });
    judge(fixtures, count);
}

#[test]
fn signed_tokens_are_judged_as_the_suites_do_but_for_what_is_known() {
    let mut policy = Policy::default();
    policy.signature = Some(SignatureChoice::Any);
    judge_tokens(JWS, 32, |key, token| {
        let keys = VerifyingKeys::new(vec![key], false);
        let signed = verify_signature(token, &keys, &policy).ok()?;
        Some(signed.payload().to_vec())
    });
}

#[test]
fn encrypted_tokens_are_judged_as_the_suites_do_but_for_what_is_known() {
    judge_tokens(JWE, 93, |key, token| {
        let keys = DecryptionKeys::new(vec![key]);
        let opened = keys.open(token).ok()?;
        Some(opened.content)
    });
}
