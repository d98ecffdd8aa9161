//! What `openssl` makes is read: private keys sign, public keys and certificates verify, and the
//! rest is refused with a sentence, and a hint that works.

use std::path::Path;

use tempfile::TempDir;

use crate::peer::{run, tool};
use crate::support::{Run, jott};

/// Algorithms, each with a command that makes its key in the file `source`.
const SOURCES: &[(&str, &str)] = &[
    ("RS256", "genpkey -algorithm RSA -out source"),
    (
        "ES256",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out source",
    ),
    (
        "ES384",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out source",
    ),
    (
        "ES512",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out source",
    ),
    (
        "ES256K",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out source",
    ),
    ("EdDSA", "genpkey -algorithm ED25519 -out source"),
];

/// A folder in which `openssl` is at work.
struct Workshop(TempDir);

impl Workshop {
    fn new() -> Self {
        Workshop(TempDir::new().unwrap())
    }

    /// Runs a command of `openssl`, the words of which have no spaces in them.
    fn openssl(&self, command: &str) {
        let mut openssl = tool("openssl");
        run(openssl.args(command.split(' ')).current_dir(&self.0), &[]);
    }

    fn file(&self, name: &str) -> String {
        let path: &Path = self.0.path();
        path.join(name).to_str().unwrap().to_owned()
    }

    fn issue(&self, key: &str) -> Run {
        let args = ["issue", "--key", &self.file(key), "--passphrase", "env:P"];
        jott(args).env("P", "open").run()
    }

    /// Issues a token, which has to be of the algorithm.
    fn token(&self, key: &str, algorithm: &str, why: &str) -> String {
        let run = self.issue(key);
        assert_eq!(run.status, Some(0), "{why}: {}", run.stderr);
        let token = run.stdout.trim_end().to_owned();
        let alg = jott(["decode", "--get", "header.alg", &token]).run();
        assert_eq!(alg.stdout.trim_end(), algorithm, "{why}");
        token
    }

    fn verify(&self, key: &str, token: &str, why: &str) {
        let run = jott(["verify", "--key", &self.file(key), token]).run();
        assert_eq!(run.status, Some(0), "{why}: {}{}", run.stdout, run.stderr);
    }
}

/// Every command makes the file `key`; it signs, and its public half verifies.
fn sign_with<'a>(
    workshop: &Workshop,
    algorithm: &str,
    commands: impl IntoIterator<Item = &'a str>,
) {
    for command in commands {
        workshop.openssl(command);
        workshop.openssl("pkey -in key -pubout -out public");
        let token = workshop.token("key", algorithm, command);
        workshop.verify("key", &token, command);
        workshop.verify("public", &token, command);
    }
}

#[test]
fn rsa_keys_that_openssl_makes_sign() {
    sign_with(
        &Workshop::new(),
        "RS256",
        [
            "genrsa -out key 2048",
            "genrsa -traditional -out key 2048",
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key",
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_pubexp:3 -out key",
            "genpkey -algorithm RSA -outform DER -out key",
        ],
    );
}

#[test]
fn ec_keys_that_openssl_makes_sign() {
    let curves = [
        ("ES256", "prime256v1"),
        ("ES384", "secp384r1"),
        ("ES512", "secp521r1"),
        ("ES256K", "secp256k1"),
    ];
    let commands = [
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:CURVE -out key",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:CURVE -outform DER -out key",
        "ecparam -name CURVE -genkey -out key",
        "ecparam -name CURVE -genkey -noout -out key",
        "ecparam -name CURVE -genkey -noout -outform DER -out key",
        "ecparam -name CURVE -param_enc named_curve -conv_form compressed -genkey -out key",
    ];
    for (algorithm, curve) in curves {
        let commands = commands.map(|command| command.replace("CURVE", curve));
        sign_with(
            &Workshop::new(),
            algorithm,
            commands.iter().map(String::as_str),
        );
    }
}

#[test]
fn ed25519_keys_that_openssl_makes_sign() {
    sign_with(
        &Workshop::new(),
        "EdDSA",
        [
            "genpkey -algorithm ED25519 -out key",
            "genpkey -algorithm ED25519 -outform DER -out key",
        ],
    );
}

#[test]
fn private_keys_that_openssl_converts_sign() {
    let general = [
        "pkcs8 -topk8 -nocrypt -in source -out key",
        "pkcs8 -topk8 -nocrypt -in source -outform DER -out key",
        "pkey -in source -out key",
        "pkey -in source -text -out key",
    ];
    let traditional = ["pkey -in source -traditional -out key"];
    let rsa = [
        "rsa -in source -out key",
        "rsa -in source -traditional -out key",
        "rsa -in source -traditional -outform DER -out key",
    ];
    let ec = [
        "ec -in source -out key",
        "ec -in source -outform DER -out key",
        "ec -in source -conv_form compressed -out key",
        "ec -in source -no_public -out key",
    ];
    for (algorithm, make) in SOURCES {
        let workshop = Workshop::new();
        workshop.openssl(make);
        let own: &[&[&str]] = match *algorithm {
            "RS256" => &[&traditional, &rsa],
            "EdDSA" => &[],
            _ => &[&traditional, &ec],
        };
        sign_with(
            &workshop,
            algorithm,
            [&general, own.concat().as_slice()].concat(),
        );
    }
}

#[test]
fn public_keys_and_certificates_that_openssl_makes_verify() {
    let general = [
        "pkey -in source -pubout -out public",
        "pkey -in source -pubout -outform DER -out public",
        "req -x509 -new -key source -subj /CN=jott -out public",
        "req -x509 -new -key source -subj /CN=jott -outform DER -out public",
        "req -x509 -new -key source -subj /CN=jott -text -out public",
        "req -x509 -new -key source -subj /CN=jott -out certificate",
        "x509 -in certificate -trustout -addtrust clientAuth -out public",
    ];
    let rsa = [
        "rsa -in source -pubout -out public",
        "rsa -in source -RSAPublicKey_out -out public",
        "rsa -in source -RSAPublicKey_out -outform DER -out public",
    ];
    let ec = [
        "ec -in source -pubout -out public",
        "ec -in source -pubout -outform DER -out public",
        "ec -in source -pubout -conv_form compressed -out public",
    ];
    for (algorithm, make) in SOURCES {
        let workshop = Workshop::new();
        workshop.openssl(make);
        let token = workshop.token("source", algorithm, make);
        let own: &[&str] = match *algorithm {
            "RS256" => &rsa,
            "EdDSA" => &[],
            _ => &ec,
        };
        for command in general.iter().chain(own) {
            workshop.openssl(command);
            if command.ends_with("-out public") {
                workshop.verify("public", &token, command);
            }
        }
    }
}

#[test]
fn a_key_made_along_with_its_certificate_signs() {
    let keys = ["rsa:2048", "ed25519"];
    for (algorithm, key) in ["RS256", "EdDSA"].into_iter().zip(keys) {
        let workshop = Workshop::new();
        workshop.openssl(&format!(
            "req -x509 -newkey {key} -nodes -subj /CN=jott -keyout key -out certificate"
        ));
        let token = workshop.token("key", algorithm, key);
        workshop.verify("certificate", &token, key);
    }
}

#[test]
fn a_key_with_bag_attributes_and_certificate_around_it_signs() {
    let workshop = Workshop::new();
    for command in [
        "genpkey -algorithm RSA -out source",
        "req -x509 -new -key source -subj /CN=jott -out certificate",
        "pkcs12 -export -in certificate -inkey source -name jott -passout pass: -out bundle",
        "pkcs12 -in bundle -nodes -passin pass: -out key",
    ] {
        workshop.openssl(command);
    }
    let token = workshop.token("key", "RS256", "pkcs12 -nodes");
    workshop.verify("key", &token, "pkcs12 -nodes");
    workshop.verify("certificate", &token, "pkcs12 -nodes");
}

/// Makes `key.pem`, which has to be refused with exactly this, and gives the hint.
fn refuse(workshop: &Workshop, commands: &[&str], sentence: &str) -> Option<String> {
    for command in commands {
        workshop.openssl(command);
    }
    let run = workshop.issue("key.pem");
    assert_eq!(run.status, Some(3), "{commands:?}: {run:?}");
    assert_eq!(run.stdout, "", "{commands:?}");
    let mut lines = run.stderr.lines();
    assert_eq!(
        lines.next(),
        Some(format!("error: {sentence}").as_str()),
        "{commands:?}"
    );
    lines
        .find_map(|line| line.strip_prefix("hint: "))
        .map(str::to_owned)
}

#[test]
fn keys_that_cannot_be_used_are_refused_by_what_they_are() {
    let cases = [
        (
            "genpkey -algorithm ED448 -out key.pem",
            "the content is an Ed448 key, which is not supported",
        ),
        (
            "genpkey -algorithm X25519 -out key.pem",
            "the key is for X25519, which agrees on secrets and does not sign",
        ),
        (
            "genpkey -algorithm X448 -outform DER -out key.pem",
            "the content is an X448 key, which agrees on secrets and does not sign",
        ),
        (
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-224 -out key.pem",
            "the EC key is on P-224, which no algorithm of a JWT uses",
        ),
        (
            "ecparam -name brainpoolP256r1 -genkey -out key.pem",
            "the EC key is on brainpoolP256r1, which no algorithm of a JWT uses",
        ),
        (
            "ecparam -name prime256v1 -out key.pem",
            "the content is parameters for making keys, not a key",
        ),
        (
            "genrsa -out key.pem 1024",
            "the RSA key has 1024 bits, and at least 2048 are needed",
        ),
    ];
    for (command, sentence) in cases {
        refuse(&Workshop::new(), &[command], sentence);
    }
}

/// The command in a hint, without `openssl`.
fn advised(hint: Option<String>) -> String {
    let hint = hint.unwrap();
    let command = hint.split('`').nth(1).unwrap();
    command.strip_prefix("openssl ").unwrap().to_owned()
}

#[test]
fn a_key_whose_curve_is_spelt_out_is_refused_with_a_command_that_names_it() {
    let explicit = "the EC key spells out its curve instead of naming it";
    let cases = [
        (
            "ES256",
            "ecparam -name prime256v1 -param_enc explicit -genkey -out key.pem",
            explicit,
            "named.pem",
        ),
        (
            "ES384",
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:explicit -out key.pem",
            explicit,
            "named.pem",
        ),
    ];
    for (algorithm, command, sentence, result) in cases {
        let workshop = Workshop::new();
        workshop.openssl(&advised(refuse(&workshop, &[command], sentence)));
        workshop.token(result, algorithm, command);
    }
}

#[test]
fn an_encrypted_key_is_opened_by_its_passphrase() {
    for (algorithm, commands) in [
        (
            "RS256",
            ["genrsa -aes256 -passout pass:open -out key.pem 2048"].as_slice(),
        ),
        (
            "EdDSA",
            &["genpkey -algorithm ED25519 -aes128 -pass pass:open -out key.pem"],
        ),
        (
            "EdDSA",
            &[
                "genpkey -algorithm ED25519 -out plain",
                "pkcs8 -topk8 -v2 des3 -in plain -passout pass:open -out key.pem",
            ],
        ),
        (
            "ES512",
            &[
                "ecparam -name secp521r1 -genkey -noout -out plain",
                "pkcs8 -topk8 -in plain -passout pass:open -out key.pem",
            ],
        ),
        (
            "ES384",
            &[
                "ecparam -name secp384r1 -genkey -noout -out plain",
                "pkcs8 -topk8 -in plain -passout pass:open -outform DER -out key.pem",
            ],
        ),
        (
            "ES256K",
            &[
                "ecparam -name secp256k1 -genkey -noout -out plain",
                "pkcs8 -topk8 -scrypt -in plain -passout pass:open -out key.pem",
            ],
        ),
    ] {
        let workshop = Workshop::new();
        for command in commands {
            workshop.openssl(command);
        }
        workshop.token("key.pem", algorithm, commands[0]);
    }
}

#[test]
fn a_key_in_an_encryption_of_the_past_is_refused_with_a_command_that_encrypts_it_anew() {
    let traditional = "the private key is encrypted in the traditional way of PEM (`Proc-Type`)";
    for (algorithm, commands, sentence) in [
        (
            "RS256",
            ["genrsa -traditional -aes128 -passout pass:open -out key.pem 2048"].as_slice(),
            traditional,
        ),
        (
            "ES256",
            &[
                "ecparam -name prime256v1 -genkey -noout -out plain",
                "ec -in plain -aes256 -passout pass:open -out key.pem",
            ],
            traditional,
        ),
        (
            "EdDSA",
            &[
                "genpkey -algorithm ED25519 -out plain",
                "pkcs8 -topk8 -v1 PBE-SHA1-3DES -in plain -passout pass:open -out key.pem",
            ],
            "the private key is encrypted with a cipher of PKCS#12, which is not supported",
        ),
    ] {
        let workshop = Workshop::new();
        let anew = advised(refuse(&workshop, commands, sentence));
        workshop.openssl(&format!("{anew} -passin pass:open -passout pass:open"));
        workshop.token("new.pem", algorithm, commands[0]);
    }
}
