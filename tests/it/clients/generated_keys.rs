//! Keys that jott makes, as JWK and as PEM, in the hands of others, and back.

use std::fs;
use std::path::{Path, PathBuf};

use jott::token::algorithm::{Algorithm, Family};
use serde_json::json;
use tempfile::TempDir;

use crate::peer::{ask, run, tool};
use crate::support::jott;

/// The folder tells a library the kind of key; the script is one that knows the algorithm.
fn peer(algorithm: Algorithm) -> (&'static str, &'static str) {
    match algorithm.family() {
        Family::RsaPkcs1 | Family::RsaPss => ("RSA", "with_joserfc.py"),
        Family::Ecdsa(curve) => (curve.name(), "with_joserfc.py"),
        Family::Ed25519 => ("Ed25519", "with_joserfc.py"),
        Family::MlDsa(_) => (algorithm.name(), "with_cryptography.py"),
        Family::Hmac { .. } => ("secret", "with_joserfc.py"),
        other => panic!("no library is named for {other:?}"),
    }
}

fn done(args: &[&str]) -> String {
    let run = jott(args).run();
    assert_eq!(run.status, Some(0), "{args:?}\n{}", run.stderr);
    run.stdout
}

/// A key for an algorithm in four files: private and public, as JWK and as PEM.
fn files(folder: &Path, algorithm: Algorithm) -> [PathBuf; 4] {
    let files =
        ["private.jwk", "pkcs8.pem", "public.jwk", "spki.pem"].map(|name| folder.join(name));
    fs::create_dir_all(folder).unwrap();
    let made = files[0].to_string_lossy().into_owned();
    let public = done(&["key", "generate", "--alg", algorithm.name(), "--out", &made]);
    let show = |form: &[&str]| done(&[&["key", "show", "--key", &made], form].concat());
    assert_eq!(public, show(&[]));
    fs::write(&files[1], show(&["--pem", "--private"])).unwrap();
    fs::write(&files[2], public).unwrap();
    fs::write(&files[3], show(&["--pem"])).unwrap();
    files
}

fn asymmetric() -> impl Iterator<Item = Algorithm> {
    let is_pair = |a: &Algorithm| !matches!(a.family(), Family::Hmac { .. });
    Algorithm::ALL.iter().copied().filter(is_pair)
}

#[test]
fn tokens_under_keys_that_jott_makes_go_both_ways() {
    for algorithm in asymmetric() {
        let home = TempDir::new().unwrap();
        let (folder, script) = peer(algorithm);
        let [private_jwk, private_pem, public_jwk, public_pem] =
            files(&home.path().join(folder), algorithm);
        let (name, claims) = (
            algorithm.name(),
            json!({"sub": "alice", "exp": 4_102_444_800_u64}),
        );
        let mut jobs = Vec::new();
        for private in [&private_jwk, &private_pem] {
            let place = private.to_string_lossy();
            let token = done(&["issue", "--key", &place, "--alg", name, "--sub", "alice"]);
            for public in [&public_jwk, &public_pem] {
                jobs.push(json!({"alg": name, "key": public, "token": token.trim()}));
            }
            jobs.push(json!({"alg": name, "key": private, "kid": "k", "claims": claims}));
        }
        for answer in ask(script, &jobs) {
            assert_eq!(answer.get("error"), None, "{name}");
            let Some(token) = answer.get("token") else {
                continue;
            };
            for public in [&public_jwk, &public_pem] {
                let place = public.to_string_lossy();
                let sub = done(&[
                    "verify",
                    "--key",
                    &place,
                    "--get",
                    "sub",
                    token.as_str().unwrap(),
                ]);
                assert_eq!(sub, "alice\n", "{name}");
            }
        }
    }
}

/// openssl 3.0 does not know ML-DSA yet.
#[test]
fn openssl_reads_keys_that_jott_makes_and_jott_reads_what_it_writes() {
    for algorithm in asymmetric().filter(|a| !matches!(a.family(), Family::MlDsa(_))) {
        let home = TempDir::new().unwrap();
        let [_, private, _, public] = files(home.path(), algorithm);
        let openssl = |args: &[&str]| run(tool("openssl").args(args), &[]);
        let place = private.to_string_lossy().into_owned();
        assert_eq!(
            openssl(&["pkey", "-in", &place, "-pubout"]),
            fs::read_to_string(&public).unwrap(),
            "{}",
            algorithm.name()
        );
        let again = home.path().join("again.pem").to_string_lossy().into_owned();
        openssl(&["pkey", "-in", &place, "-out", &again]);
        let thumbprint = |key: &str| done(&["key", "show", "--key", key, "--thumbprint"]);
        assert_eq!(thumbprint(&again), thumbprint(&place));
        assert_eq!(
            done(&["key", "show", "--key", &again, "--pem", "--private"]),
            fs::read_to_string(&private).unwrap()
        );
    }
}
