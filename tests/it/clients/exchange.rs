//! Tokens of every algorithm, under keys in every form, go both ways between jott and libraries.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jott::token::algorithm::{Algorithm, Curve, Family};
use serde_json::{Value, json};

use crate::peer::{ask, json_lines, keys};
use crate::support::jott;

/// A library: its script, and the algorithms that it knows.
struct Library {
    script: &'static str,
    algorithms: &'static [&'static str],
}

const PYJWT: Library = Library {
    script: "with_pyjwt.py",
    algorithms: &[
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
        "ES384", "ES512", "ES256K", "EdDSA",
    ],
};

const JOSERFC: Library = Library {
    script: "with_joserfc.py",
    algorithms: &[
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
        "ES384", "ES512", "ES256K", "EdDSA", "Ed25519",
    ],
};

const JOSE: Library = Library {
    script: "with_jose.mjs",
    algorithms: &[
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
        "ES384", "ES512", "EdDSA", "Ed25519",
    ],
};

/// RFC 9964 over another implementation of ML-DSA.
const CRYPTOGRAPHY: Library = Library {
    script: "with_cryptography.py",
    algorithms: &["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"],
};

/// A kind of key: its folder, and the forms of a key that signs and of one that only checks.
struct Kind {
    folder: &'static str,
    private: &'static [&'static str],
    public: &'static [&'static str],
}

const EC_PRIVATE: &[&str] = &[
    "sec1.pem",
    "sec1.der",
    "pkcs8.pem",
    "pkcs8.der",
    "private.jwk",
    "private.jwks",
];

const PUBLIC: &[&str] = &[
    "spki.pem",
    "spki.der",
    "certificate.pem",
    "certificate.der",
    "public.jwk",
    "public.jwks",
];

const fn ec(folder: &'static str) -> Kind {
    Kind {
        folder,
        private: EC_PRIVATE,
        public: PUBLIC,
    }
}

fn kinds(algorithm: Algorithm) -> Vec<Kind> {
    match algorithm.family() {
        Family::Hmac { .. } => vec![
            Kind {
                folder: "secret",
                private: &[
                    "raw",
                    "base64",
                    "base64url",
                    "hex",
                    "private.jwk",
                    "private.jwks",
                ],
                public: &[],
            },
            Kind {
                folder: "text",
                private: &["raw", "utf8", "base64", "private.jwk"],
                public: &[],
            },
        ],
        Family::RsaPkcs1 | Family::RsaPss => vec![Kind {
            folder: "RSA",
            private: &[
                "pkcs1.pem",
                "pkcs1.der",
                "pkcs8.pem",
                "pkcs8.der",
                "private.jwk",
                "private.jwks",
            ],
            public: &[
                "pkcs1-public.pem",
                "pkcs1-public.der",
                "spki.pem",
                "spki.der",
                "certificate.pem",
                "certificate.der",
                "public.jwk",
                "public.jwks",
            ],
        }],
        Family::Ecdsa(Curve::P256) => vec![ec("P-256")],
        Family::Ecdsa(Curve::P384) => vec![ec("P-384")],
        Family::Ecdsa(Curve::P521) => vec![ec("P-521")],
        Family::Ecdsa(Curve::Secp256k1) => vec![ec("secp256k1")],
        Family::Ed25519 => vec![Kind {
            folder: "Ed25519",
            private: &[
                "pkcs8.pem",
                "pkcs8.der",
                "pkcs8-v2.pem",
                "pkcs8-v2.der",
                "private.jwk",
                "private.jwks",
            ],
            public: PUBLIC,
        }],
        Family::MlDsa(set) => vec![Kind {
            folder: set.name(),
            private: &["pkcs8.pem", "pkcs8.der", "private.jwk", "private.jwks"],
            public: PUBLIC,
        }],
        other => panic!("no kinds are named for {other:?}"),
    }
}

impl Kind {
    fn signing(&self, folder: &Path) -> Vec<PathBuf> {
        let folder = folder.join(self.folder);
        self.private.iter().map(|form| folder.join(form)).collect()
    }

    fn checking(&self, folder: &Path) -> Vec<PathBuf> {
        let folder = folder.join(self.folder);
        let public = match self.public {
            [] => self.private,
            public => public,
        };
        public.iter().map(|form| folder.join(form)).collect()
    }
}

fn form(key: &Path) -> &str {
    key.file_name().unwrap().to_str().unwrap()
}

/// Whether libraries read a form at all: to them a secret is bytes, and PKCS#8 has one version.
fn is_common(key: &Path) -> bool {
    !["base64", "base64url", "hex", "utf8"].contains(&form(key)) && !form(key).contains("-v2")
}

/// The options for a key. The form of a secret is the encoding to name.
fn key_options(key: &Path) -> Vec<&str> {
    let mut options = vec!["--key", key.to_str().unwrap()];
    if key.extension().is_none() {
        options.extend(["--key-encoding", form(key)]);
    }
    options
}

fn claims() -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs();
    json!({
        "iss": "https://issuer.test/", "sub": "ünï 🔑", "aud": ["one", "two"], "jti": "\"\\\u{7}",
        "exp": now + 3600, "nbf": now, "iat": now,
        "nested": {"list": [1, -2.5, 1e-7, true, null, []], "": {"é": "\u{2028}"}},
    })
}

fn issue(algorithm: &str, key: &Path, claims: &Value) -> String {
    let args = ["issue", "--alg", algorithm, "--kid", "k-1", "--claims", "-"];
    let run = jott(args.into_iter().chain(key_options(key)))
        .stdin(claims.to_string())
        .run();
    assert_eq!(
        run.status,
        Some(0),
        "{algorithm} {}: {}",
        key.display(),
        run.stderr
    );
    run.stdout.trim_end().to_owned()
}

/// Every algorithm of a library with every kind of key for it.
fn pairs(library: &Library) -> Vec<(&'static str, Kind)> {
    let names = library.algorithms.iter().copied();
    names
        .flat_map(|name| {
            let kinds = kinds(Algorithm::parse(name).unwrap());
            kinds.into_iter().map(move |kind| (name, kind))
        })
        .collect()
}

fn assert_library_reads_what_jott_issues(library: &Library, folder: &Path, claims: &Value) {
    let mut jobs = Vec::new();
    for (algorithm, kind) in pairs(library) {
        for key in kind.signing(folder) {
            let token = issue(algorithm, &key, claims);
            let keys = kind
                .checking(folder)
                .into_iter()
                .filter(|key| is_common(key));
            jobs.extend(keys.map(|key| json!({"alg": algorithm, "key": key, "token": token})));
        }
    }
    for (job, answer) in jobs.iter().zip(ask(library.script, &jobs)) {
        assert_eq!(answer, json!({"claims": claims}), "{job}");
    }
}

fn assert_jott_reads_what_library_issues(library: &Library, folder: &Path, claims: &Value) {
    let jobs = |(algorithm, kind): &(&str, Kind)| -> Vec<Value> {
        let keys = kind
            .signing(folder)
            .into_iter()
            .filter(|key| is_common(key));
        keys.map(|key| json!({"alg": algorithm, "key": key, "kid": "k-1", "claims": claims}))
            .collect()
    };
    let pairs = pairs(library);
    let jobs: Vec<Vec<Value>> = pairs.iter().map(jobs).collect();
    let mut answers = ask(library.script, &jobs.concat()).into_iter();
    for ((algorithm, kind), jobs) in pairs.iter().zip(jobs) {
        let answers: Vec<Value> = answers.by_ref().take(jobs.len()).collect();
        let tokens: Vec<&str> = answers
            .iter()
            .map(|answer| {
                answer["token"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{answer}"))
            })
            .collect();
        assert!(tokens.len() > 1);
        for key in [kind.signing(folder), kind.checking(folder)].concat() {
            let args = ["verify", "--json"].into_iter().chain(key_options(&key));
            let run = jott(args.chain(tokens.iter().copied())).run();
            assert_eq!(
                run.status,
                Some(0),
                "{}: {}{}",
                key.display(),
                run.stdout,
                run.stderr
            );
            let verdicts = json_lines(&run.stdout);
            assert_eq!(verdicts.len(), tokens.len());
            for verdict in verdicts {
                assert_eq!(verdict["alg"], **algorithm);
                assert_eq!(verdict["claims"], *claims, "{}", key.display());
            }
        }
    }
}

fn exchange(library: &Library) {
    let keys = keys();
    let claims = claims();
    assert_library_reads_what_jott_issues(library, keys.path(), &claims);
    assert_jott_reads_what_library_issues(library, keys.path(), &claims);
}

#[test]
fn tokens_go_both_ways_with_pyjwt() {
    exchange(&PYJWT);
}

#[test]
fn tokens_go_both_ways_with_joserfc() {
    exchange(&JOSERFC);
}

#[test]
fn tokens_go_both_ways_with_jose() {
    exchange(&JOSE);
}

#[test]
fn tokens_go_both_ways_with_cryptography() {
    exchange(&CRYPTOGRAPHY);
}

#[test]
fn every_algorithm_is_known_to_a_library() {
    let known = [PYJWT, JOSERFC, JOSE, CRYPTOGRAPHY]
        .map(|library| library.algorithms)
        .concat();
    let unknown: Vec<&str> = Algorithm::ALL
        .iter()
        .map(|algorithm| algorithm.name())
        .filter(|name| !known.contains(name))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_kid_is_the_thumbprint_that_others_compute() {
    let folder = keys();
    for kind in [
        "RSA",
        "P-256",
        "P-384",
        "P-521",
        "secp256k1",
        "Ed25519",
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
    ] {
        let place = folder.path().join(kind);
        let key = place.join("pkcs8.der");
        let token = jott(["issue", "--key", key.to_str().unwrap()]).run().stdout;
        let kid = jott(["decode", "--get", "header.kid", token.trim_end()]).run();
        let thumbprint = std::fs::read_to_string(place.join("thumbprint")).unwrap();
        assert_eq!(kid.stdout.trim_end(), thumbprint, "{kind}: {}", kid.stderr);
    }
}
