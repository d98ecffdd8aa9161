//! ML-DSA against the examples of the RFCs: the JWKs and JWSs of RFC 9964 appendix A, and the keys,
//! certificates and inconsistent private keys of RFC 9881 appendix C.

use std::fs;

use crate::support::{Run, jott};

const VARIANTS: [&str; 3] = ["44", "65", "87"];

fn path(name: &str) -> String {
    format!("./tests/vectors/ml-dsa/{name}")
}

fn vector(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The value of a member of an object that has it once.
fn member(json: &str, name: &str) -> String {
    let (_, rest) = json.split_once(&format!("\"{name}\"")).unwrap();
    rest.split('"').nth(1).unwrap().to_owned()
}

fn show(name: &str, args: &[&str]) -> Run {
    let path = path(name);
    let args = [&["key", "show", "-q", "--key", &path], args].concat();
    jott(args).run()
}

fn shown(name: &str, args: &[&str]) -> String {
    let run = show(name, args);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{name}");
    run.stdout
}

/// The sentence with which a key is refused.
fn refusal(key: &str) -> String {
    let run = jott(["key", "show", "--key", "env:KEY"])
        .env("KEY", key)
        .run();
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (Some(3), ""),
        "{}",
        run.stderr
    );
    let first = run.stderr.lines().next().unwrap();
    first.strip_prefix("error: ").unwrap().to_owned()
}

#[test]
fn the_signatures_of_rfc_9964_are_good_and_with_one_bit_changed_bad() {
    for v in VARIANTS {
        let key = path(&format!("rfc9964-{v}.jwk"));
        let jws = vector(&format!("rfc9964-{v}.jws"));
        let verify = |token: &str| {
            let run = jott(["verify", "--signature-only", "-q", "--key", &key]);
            run.stdin(token).run().status
        };
        assert_eq!(verify(&jws), Some(0));
        let (signed, signature) = jws.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { 'B' } else { 'A' };
        let rest = &signature[1..];
        assert_eq!(verify(&format!("{signed}.{other}{rest}")), Some(1));
        assert_eq!(verify(&format!("{signed}.{}", &signature[4..])), Some(1));
    }
}

#[test]
fn the_thumbprints_of_rfc_9964_are_its_key_ids() {
    for v in VARIANTS {
        let name = format!("rfc9964-{v}.jwk");
        let kid = member(&vector(&name), "kid");
        assert_eq!(shown(&name, &["--thumbprint"]), format!("{kid}\n"));
    }
}

#[test]
fn the_keys_of_rfc_9964_are_shown_as_they_were_given() {
    for v in VARIANTS {
        let name = format!("rfc9964-{v}.jwk");
        let (jwk, whole) = (vector(&name), shown(&name, &["--private"]));
        for wanted in ["kty", "alg", "pub", "priv", "kid"] {
            assert_eq!(member(&whole, wanted), member(&jwk, wanted));
        }
        assert!(!shown(&name, &[]).contains("priv"));
    }
}

#[test]
fn every_form_of_rfc_9881_is_the_same_key_and_is_written_as_it_was() {
    for v in VARIANTS {
        let name = |form: &str| format!("rfc9881-{v}-{form}.pem");
        let thumbprint = |form: &str| shown(&name(form), &["--thumbprint"]);
        let public = vector(&name("public"));
        for form in ["seed", "both", "expanded", "certificate"] {
            assert_eq!(thumbprint(form), thumbprint("public"), "{v} {form}");
            assert_eq!(shown(&name(form), &["--pem"]), public);
        }
        for (form, written) in [("seed", "seed"), ("both", "seed"), ("expanded", "expanded")] {
            let pem = shown(&name(form), &["--pem", "--private"]);
            assert_eq!(pem, vector(&name(written)), "{v} {form}");
        }
    }
}

#[test]
fn every_form_of_rfc_9881_signs() {
    for v in VARIANTS {
        for form in ["seed", "both", "expanded"] {
            let key = path(&format!("rfc9881-{v}-{form}.pem"));
            let issued = jott(["issue", "--sub", "alice", "--key", &key]).run();
            assert_eq!(issued.status, Some(0), "{}", issued.stderr);
            let certificate = path(&format!("rfc9881-{v}-certificate.pem"));
            let alg = format!("ML-DSA-{v}");
            let verify = ["verify", "--get", "sub", "--alg", &alg, "-k", &certificate];
            let verified = jott(verify).stdin(&issued.stdout).run();
            assert_eq!(verified.stdout, "alice\n", "{}", verified.stderr);
        }
    }
}

#[test]
fn a_key_whose_seed_is_lost_has_no_private_jwk() {
    let run = show("rfc9881-65-expanded.pem", &["--private"]);
    assert_eq!(run.status, Some(3));
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.starts_with(
            "error: there is no JWK of an ML-DSA-65 private key without its seed\nhint: "
        ),
        "{}",
        run.stderr
    );
    assert!(shown("rfc9881-65-expanded.pem", &[]).contains("\"alg\":\"ML-DSA-65\""));
}

#[test]
fn the_inconsistent_private_keys_of_rfc_9881_are_refused() {
    for (bad, message) in [
        (
            "1",
            "the expanded form of the ML-DSA-44 private key does not belong to its seed",
        ),
        ("2", "the ML-DSA-44 private key is damaged"),
        ("3", "the ML-DSA-44 private key is damaged"),
    ] {
        let pem = vector(&format!("rfc9881-44-bad-{bad}.pem"));
        assert_eq!(refusal(&pem), message, "{bad}");
    }
}

#[test]
fn a_jwk_that_says_something_wrong_is_refused_by_name() {
    let jwk = vector("rfc9964-44.jwk");
    let other = member(&vector("rfc9964-65.jwk"), "pub");
    let public = member(&jwk, "pub");
    let seed = member(&jwk, "priv");
    let with = |from: &str, to: &str| {
        assert!(jwk.contains(from), "{from}");
        jwk.replace(from, to)
    };
    let foreign_seed = format!("B{}", &seed[1..]);
    let expanded = "A".repeat(2560 / 3 * 4 + 2);
    for (jwk, message) in [
        (
            with(&format!("\"{seed}\""), &format!("\"{foreign_seed}\"")),
            "the public half of the key does not belong to its private half",
        ),
        (with(r#""alg""#, r#""x-alg""#), "the JWK has no `alg`"),
        (with(r#""pub""#, r#""x-pub""#), "the JWK has no `pub`"),
        (
            with("ML-DSA-44", "ML-DSA-45"),
            "the JWK has an `alg` `ML-DSA-45` that is not supported",
        ),
        (
            with("ML-DSA-44", "ES256"),
            "the `alg` of the JWK is ES256, which does not fit a key of the type AKP",
        ),
        (
            with("ML-DSA-44", "ML-DSA-65"),
            "`pub` of the JWK has 1312 bytes, and 1952 are needed",
        ),
        (
            with(&public, &other),
            "`pub` of the JWK has 1952 bytes, and 1312 are needed",
        ),
        (
            with(&seed, "AAAA"),
            "`priv` of the JWK has 3 bytes, and 32 are needed",
        ),
        (
            with(&seed, &expanded),
            "`priv` of the JWK has 2560 bytes, and 32 are needed",
        ),
        (
            with(&seed, ""),
            "`priv` of the JWK has 0 bytes, and 32 are needed",
        ),
    ] {
        assert_eq!(refusal(&jwk), message);
    }
}

#[test]
fn a_signature_of_one_parameter_set_is_refused_under_another() {
    let key = path("rfc9881-65-seed.pem");
    let token = jott(["issue", "--key", &key]).run().stdout;
    let other = path("rfc9881-87-public.pem");
    let run = jott(["verify", "--key", &other]).stdin(token).run();
    assert_eq!(run.status, Some(1));
    assert!(run.stdout.contains(
        "the token says ML-DSA-65, and the key is an ML-DSA-87 public key, for ML-DSA-87"
    ));
}

#[test]
fn a_generated_key_is_kept_as_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    for (v, file) in [("44", "key.jwk"), ("65", "key.pem"), ("87", "key.json")] {
        let path = folder.path().join(file);
        let path = path.to_str().unwrap();
        let alg = format!("ML-DSA-{v}");
        let made = jott(["key", "generate", "--alg", &alg, "--out", path]).run();
        assert_eq!(made.status, Some(0), "{}", made.stderr);
        assert_eq!(member(&made.stdout, "kty"), "AKP");
        assert_eq!(member(&made.stdout, "alg"), alg);
        assert!(fs::metadata(path).unwrap().len() < 4000);
        let thumbprint = jott(["key", "show", "--thumbprint", "-k", path]).run();
        assert_eq!(
            thumbprint.stdout.trim_end(),
            member(&made.stdout, "kid"),
            "{}",
            thumbprint.stderr
        );
    }
}
