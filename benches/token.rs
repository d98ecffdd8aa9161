//! What a token costs in the library: to issue, decode and verify it, by algorithm, beside the bare
//! cryptography of aws-lc-rs over the same message and beside jsonwebtoken with the same claims.
//! Keys are ready, as in a batch, wherever the interface lets them be.
//!
//! ```sh
//! cargo bench --bench token                   # everything, in two minutes
//! cargo bench --bench token -- verify/RS256   # a part of it
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what fails here is the benchmark, and should end it"
)]

use std::time::Duration;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::RsaParameters;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair,
    KeyPair as _, ParsedPublicKey, PqdsaKeyPair, RsaEncoding, RsaKeyPair, VerificationAlgorithm,
};
use aws_lc_rs::{hmac, rsa};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::Criterion;
use jott::text::time::Timestamp;
use jott::token::algorithm::Algorithm;
use jott::token::claims::Members;
use jott::token::content::{Reading, read};
use jott::token::decode::decode;
use jott::token::issue::{SigningKey, TokenSigner, issue};
use jott::token::json::Object;
use jott::token::key::Key;
use jott::token::keyset::VerifyingKeys;
use jott::token::policy::Policy;
use jott::token::verify::TokenVerifier;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

const SECRET: &[u8] = b"a-string-secret-at-least-256-bits-long";
const ISSUED_AT: i64 = 1_700_000_000;

/// What access tokens say, in the order in which both libraries write it.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Vec<String>,
    scope: String,
    name: String,
    email: String,
    jti: String,
    iat: i64,
    exp: i64,
}

fn claims() -> Claims {
    Claims {
        iss: "https://issuer.example.com/tenant".into(),
        sub: "user-00000001".into(),
        aud: vec!["api".into(), "web".into()],
        scope: "openid profile items:read".into(),
        name: "Alice Example".into(),
        email: "alice000001@example.com".into(),
        jti: "000000000000000000000001".into(),
        iat: ISSUED_AT,
        exp: 4_102_444_800,
    }
}

/// A signature is made of a message.
type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A message and a signature belong together.
type Check = Box<dyn Fn(&[u8], &[u8]) -> bool>;

/// The keys of jsonwebtoken, which makes them ready anew for each token.
struct Peer {
    algorithm: jsonwebtoken::Algorithm,
    signing: EncodingKey,
    verifying: DecodingKey,
}

/// An algorithm and one key of it, as each side has it.
struct Subject {
    algorithm: Algorithm,
    key: Key,
    sign: Sign,
    check: Check,
    /// `None` where jsonwebtoken does not know the algorithm.
    peer: Option<Peer>,
}

fn key(content: &[u8]) -> Key {
    read(content, &Reading::default()).unwrap().keys.remove(0)
}

fn check(algorithm: &'static dyn VerificationAlgorithm, public: &[u8]) -> Check {
    let public = ParsedPublicKey::new(algorithm, public).unwrap();
    Box::new(move |message, signature| public.verify_sig(message, signature).is_ok())
}

fn hmac_subject() -> Subject {
    let signing = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    let checking = signing.clone();
    Subject {
        algorithm: Algorithm::HS256,
        key: key(SECRET),
        sign: Box::new(move |message| hmac::sign(&signing, message).as_ref().to_vec()),
        check: Box::new(move |message, mac| hmac::verify(&checking, message, mac).is_ok()),
        peer: Some(Peer {
            algorithm: jsonwebtoken::Algorithm::HS256,
            signing: EncodingKey::from_secret(SECRET),
            verifying: DecodingKey::from_secret(SECRET),
        }),
    }
}

fn rsa_subject(
    algorithm: Algorithm,
    peer: jsonwebtoken::Algorithm,
    encoding: &'static dyn RsaEncoding,
    parameters: &'static RsaParameters,
) -> Subject {
    let generated = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
    let pkcs8: Pkcs8V1Der<'_> = generated.as_der().unwrap();
    let pkcs8 = pkcs8.as_ref();
    let pair = RsaKeyPair::from_pkcs8(pkcs8).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    Subject {
        algorithm,
        key: key(pkcs8),
        sign: Box::new(move |message| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &SystemRandom::new(), message, &mut signature)
                .unwrap();
            signature
        }),
        check: check(parameters, &public),
        peer: Some(Peer {
            algorithm: peer,
            // It takes PKCS#1, which at this size begins after 26 bytes of PKCS#8.
            signing: EncodingKey::from_rsa_der(&pkcs8[26..]),
            verifying: DecodingKey::from_rsa_der(&public),
        }),
    }
}

fn ecdsa_subject(
    algorithm: Algorithm,
    peer: Option<jsonwebtoken::Algorithm>,
    signing: &'static EcdsaSigningAlgorithm,
    checking: &'static EcdsaVerificationAlgorithm,
) -> Subject {
    let pair = EcdsaKeyPair::generate(signing).unwrap();
    let pkcs8 = pair.to_pkcs8v1().unwrap();
    let public = pair.public_key().as_ref().to_vec();
    Subject {
        algorithm,
        key: key(pkcs8.as_ref()),
        sign: Box::new(move |message| {
            let signature = pair.sign(&SystemRandom::new(), message).unwrap();
            signature.as_ref().to_vec()
        }),
        check: check(checking, &public),
        peer: peer.map(|algorithm| Peer {
            algorithm,
            signing: EncodingKey::from_ec_der(pkcs8.as_ref()),
            verifying: DecodingKey::from_ec_der(&public),
        }),
    }
}

fn ed25519_subject() -> Subject {
    let pair = Ed25519KeyPair::generate().unwrap();
    let pkcs8 = pair.to_pkcs8v1().unwrap();
    let public = pair.public_key().as_ref().to_vec();
    Subject {
        algorithm: Algorithm::EdDSA,
        key: key(pkcs8.as_ref()),
        sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()),
        check: check(&aws::ED25519, &public),
        peer: Some(Peer {
            algorithm: jsonwebtoken::Algorithm::EdDSA,
            signing: EncodingKey::from_ed_der(pkcs8.as_ref()),
            verifying: DecodingKey::from_ed_der(&public),
        }),
    }
}

fn ml_dsa_subject() -> Subject {
    let pair = PqdsaKeyPair::generate(&aws::ML_DSA_65_SIGNING).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    Subject {
        algorithm: Algorithm::MlDsa65,
        key: key(pair.to_pkcs8v1().unwrap().as_ref()),
        sign: Box::new(move |message| {
            let mut signature = vec![0; pair.algorithm().signature_len()];
            pair.sign(message, &mut signature).unwrap();
            signature
        }),
        check: check(&aws::ML_DSA_65, &public),
        peer: None,
    }
}

/// Measures the three operations, each in a group of its own.
fn measure(criterion: &mut Criterion, subject: Subject) {
    let Subject {
        algorithm,
        key,
        sign,
        check,
        peer,
    } = subject;
    let name = algorithm.name();
    let said = claims();
    let json = Object::parse(serde_json::to_vec(&said).unwrap()).unwrap();
    let mut members = Members::new();
    members.extend(&json);
    let mut header = Members::new();
    header.set_text("typ", "JWT");
    header.set_text("alg", name);

    let signing = SigningKey::new(&key, algorithm, false).unwrap();
    let token = issue(&members, &header, &signing).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let message = message.as_bytes();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();

    let mut group = criterion.benchmark_group(format!("issue/{name}"));
    group.bench_function("aws-lc-rs", |b| b.iter(|| sign(message)));
    let mut signer = TokenSigner::new(&header, &signing);
    group.bench_function("jott", |b| b.iter(|| signer.issue(&members).unwrap()));
    if let Some(peer) = &peer {
        let header = Header::new(peer.algorithm);
        let encode = || jsonwebtoken::encode(&header, &said, &peer.signing).unwrap();
        assert!(encode().starts_with(str::from_utf8(message).unwrap()));
        group.bench_function("jsonwebtoken", |b| b.iter(encode));
    }
    group.finish();

    let mut group = criterion.benchmark_group(format!("decode/{name}"));
    group.bench_function("jott", |b| b.iter(|| decode(&token).unwrap()));
    if peer.is_some() {
        group.bench_function("jsonwebtoken", |b| {
            b.iter(|| jsonwebtoken::dangerous::insecure_decode::<Claims>(&token).unwrap());
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group(format!("verify/{name}"));
    group.bench_function("aws-lc-rs", |b| {
        b.iter(|| assert!(check(message, &signature)));
    });
    let keys = VerifyingKeys::of("bench", key.public().unwrap_or(key).into());
    let mut policy = Policy::default();
    policy.audiences = vec!["api".into()];
    let now = Timestamp::from_seconds(ISSUED_AT);
    let mut verifier = TokenVerifier::new(&keys, &policy, now).without_report();
    group.bench_function("jott", |b| b.iter(|| verifier.verify(&token).unwrap()));
    if let Some(peer) = &peer {
        let mut validation = Validation::new(peer.algorithm);
        validation.set_audience(&["api"]);
        group.bench_function("jsonwebtoken", |b| {
            b.iter(|| {
                jsonwebtoken::decode::<Claims>(&token, &peer.verifying, &validation).unwrap()
            });
        });
    }
    group.finish();
}

fn main() {
    use jsonwebtoken::Algorithm as Jwt;
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(250))
        .measurement_time(Duration::from_millis(750))
        .sample_size(20)
        .nresamples(10_000)
        .configure_from_args();
    let subjects: [fn() -> Subject; 8] = [
        hmac_subject,
        || {
            rsa_subject(
                Algorithm::RS256,
                Jwt::RS256,
                &aws::RSA_PKCS1_SHA256,
                &aws::RSA_PKCS1_2048_8192_SHA256,
            )
        },
        || {
            rsa_subject(
                Algorithm::PS256,
                Jwt::PS256,
                &aws::RSA_PSS_SHA256,
                &aws::RSA_PSS_2048_8192_SHA256,
            )
        },
        || {
            ecdsa_subject(
                Algorithm::ES256,
                Some(Jwt::ES256),
                &aws::ECDSA_P256_SHA256_FIXED_SIGNING,
                &aws::ECDSA_P256_SHA256_FIXED,
            )
        },
        || {
            ecdsa_subject(
                Algorithm::ES384,
                Some(Jwt::ES384),
                &aws::ECDSA_P384_SHA384_FIXED_SIGNING,
                &aws::ECDSA_P384_SHA384_FIXED,
            )
        },
        || {
            ecdsa_subject(
                Algorithm::ES512,
                None,
                &aws::ECDSA_P521_SHA512_FIXED_SIGNING,
                &aws::ECDSA_P521_SHA512_FIXED,
            )
        },
        ed25519_subject,
        ml_dsa_subject,
    ];
    for subject in subjects {
        measure(&mut criterion, subject());
    }
    criterion.final_summary();
}
