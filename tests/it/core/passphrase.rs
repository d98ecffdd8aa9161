//! Encrypted private keys as OpenSSL 3 writes them, and the places a passphrase comes from. All
//! the vectors are of one key, which is there in the plain as well.

use crate::support::{Jott, Run, jott};

const PASSPHRASE: &str = "correct horse";

fn path(name: &str) -> String {
    format!("./tests/vectors/encrypted/{name}")
}

/// `jott` with the passphrase in `$P`.
fn with_passphrase(args: &[&str]) -> Jott {
    let args = [args, &["--passphrase", "env:P"]].concat();
    jott(args).env("P", PASSPHRASE)
}

fn thumbprint(name: &str) -> Run {
    with_passphrase(&["key", "show", "-q", "--thumbprint", "-k", &path(name)]).run()
}

fn error(run: &Run) -> &str {
    let first = run.stderr.lines().next().unwrap_or_default();
    first.strip_prefix("error: ").unwrap_or(first)
}

#[test]
fn every_derivation_and_cipher_is_opened() {
    let plain = thumbprint("plain.pem");
    assert_eq!(plain.status, Some(0), "{}", plain.stderr);
    for name in [
        "pbkdf2-sha1-aes128.pem",
        "pbkdf2-sha256-aes192.pem",
        "pbkdf2-sha256-aes256.der",
        "pbkdf2-sha384-aes256.pem",
        "pbkdf2-sha512-aes256.pem",
        "scrypt-aes128.pem",
        "scrypt-aes256.pem",
    ] {
        assert_eq!(thumbprint(name), plain, "{name}");
    }
}

#[test]
fn other_encryption_is_refused_by_name_with_a_way_out() {
    for (name, message) in [
        (
            "pkcs12-pbe.pem",
            "the private key is encrypted with a cipher of PKCS#12, which is not supported",
        ),
        (
            "pbes1.pem",
            "the private key is encrypted with PBES1, which is not supported",
        ),
        (
            "sha224.pem",
            "the private key is encrypted with an unknown hash (OID 1.2.840.113549.2.8), which is not supported",
        ),
        (
            "traditional.pem",
            "the private key is encrypted in the traditional way of PEM (`Proc-Type`)",
        ),
    ] {
        let run = thumbprint(name);
        assert_eq!(run.status, Some(3));
        assert_eq!(error(&run), message);
        // What OpenSSL 3 opens with its legacy provider only.
        let options = match name {
            "pkcs12-pbe.pem" | "pbes1.pem" => "-provider legacy -provider default ",
            _ => "",
        };
        let hint = format!(
            "\nhint: `openssl pkey {options}-in key.pem -aes256 -out new.pem` encrypts it again\n"
        );
        assert!(run.stderr.ends_with(&hint), "{}", run.stderr);
    }
}

#[test]
fn triple_des_is_opened_with_a_note() {
    let run =
        with_passphrase(&["key", "show", "--thumbprint", "-k", &path("triple-des.pem")]).run();
    assert_eq!(run.stdout, thumbprint("plain.pem").stdout);
    let note = "note: ./tests/vectors/encrypted/triple-des.pem: the key is encrypted with triple DES, which is out of date: `openssl pkey -in key.pem -aes256 -out new.pem` encrypts it again\n";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    let wrong = jott([
        "key",
        "show",
        "-k",
        &path("triple-des.pem"),
        "--passphrase",
        "env:P",
    ]);
    let run = wrong.env("P", "Correct horse").run();
    assert_eq!(error(&run), "the passphrase does not open the private key");
}

#[test]
fn an_empty_passphrase_is_named_as_that() {
    let key = path("scrypt-aes128.pem");
    let show = |source: &str| jott(["key", "show", "-k", &key, "--passphrase", source]);
    let run = show("stdin").run();
    assert_eq!(run.status, Some(3));
    assert_eq!(
        error(&run),
        "the passphrase is empty, and does not open the private key"
    );
    let run = show("env:P").env("P", "").run();
    assert_eq!(run.status, Some(3));
    assert_eq!(error(&run), "the environment variable P is empty");
    assert!(
        run.stderr
            .contains("hint: put the passphrase there, or write env:NAME")
    );
}

#[test]
fn a_token_is_issued_and_verified_with_an_encrypted_key() {
    let key = path("pbkdf2-sha256-aes192.pem");
    let issued = with_passphrase(&["issue", "--sub", "alice", "-k", &key]).run();
    assert_eq!(issued.status, Some(0), "{}", issued.stderr);
    let verify = with_passphrase(&["verify", "--get", "sub", "-k", &key]);
    assert_eq!(verify.stdin(issued.stdout).run().stdout, "alice\n");
}

#[test]
fn a_wrong_passphrase_is_a_rejected_key() {
    let key = path("scrypt-aes256.pem");
    let args = ["verify", "--json", "-k", &key, "--passphrase", "env:P", "x"];
    for wrong in ["correct horse\n", "Correct horse", "hunter2"] {
        let run = jott(args).env("P", wrong).run();
        assert_eq!(run.status, Some(3), "{}", run.stderr);
        let refusal = r#"{"reason":"key_rejected","claim":null,"expected":null,"found":null,"message":"the passphrase does not open the private key""#;
        assert!(run.stdout.contains(refusal), "{}", run.stdout);
        assert!(!run.stdout.contains("hunter2"));
    }
}

#[test]
fn one_line_break_of_a_file_or_standard_input_is_no_part_of_a_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("passphrase");
    let key = path("pbkdf2-sha512-aes256.pem");
    for (text, status) in [
        ("correct horse", 0),
        ("correct horse\n", 0),
        ("correct horse\r\n", 0),
        ("correct horse\n\n", 3),
        (" correct horse", 3),
        ("", 3),
    ] {
        std::fs::write(&file, text).unwrap();
        let show = |source: &str| jott(["key", "show", "-k", &key, "--passphrase", source]);
        let from_file = show(file.to_str().unwrap()).run();
        assert_eq!(from_file.status, Some(status), "{}", from_file.stderr);
        let from_stdin = show("stdin").stdin(text).run();
        assert_eq!(from_stdin.status, Some(status), "{}", from_stdin.stderr);
    }
}

#[test]
fn two_things_on_standard_input_are_a_wrong_command_line() {
    let key = path("scrypt-aes128.pem");
    for (args, message) in [
        (
            &["issue", "-k", "stdin", "--passphrase", "stdin"][..],
            "standard input cannot be both the key and the passphrase",
        ),
        (
            &["verify", "-k", &key, "--passphrase", "fd:0"],
            "standard input cannot be both the passphrase and the token",
        ),
        (
            &[
                "issue",
                "-k",
                &key,
                "--passphrase",
                "stdin",
                "--claims",
                "-",
            ],
            "standard input cannot be both the passphrase and the claims",
        ),
    ] {
        let run = jott(args).stdin(PASSPHRASE).run();
        assert_eq!(run.status, Some(2));
        assert_eq!(error(&run), message);
    }
}

#[test]
fn a_passphrase_on_the_command_line_is_refused_and_not_repeated() {
    let key = path("scrypt-aes128.pem");
    for source in ["hunter2", "env:hunter2=", "-hunter2", "hunter2:x", ""] {
        let run = jott(["issue", "-k", &key, "--passphrase", source]).run();
        assert_eq!(run.status, Some(2));
        assert_eq!(
            error(&run),
            "`--passphrase` takes the place of a passphrase, not the passphrase itself"
        );
        assert!(!run.stderr.contains("hunter2"));
    }
    let run = jott(["issue", "-k", &key, "--passphrase", "https://a.test/p"]).run();
    assert_eq!(run.status, Some(2));
    assert_eq!(error(&run), "a passphrase is not fetched from the network");
}

#[test]
fn a_place_without_a_passphrase_says_so() {
    let key = path("scrypt-aes128.pem");
    let run = jott(["issue", "-k", &key, "--passphrase", "env:NONE"]).run();
    assert_eq!(run.status, Some(3));
    assert_eq!(error(&run), "the environment variable NONE is not set");
}

#[test]
fn the_place_of_a_passphrase_that_is_not_needed_is_not_read() {
    let key = path("plain.pem");
    let run = jott(["issue", "-q", "-k", &key, "--passphrase", "./not-there"]).run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_passphrase_is_in_no_output() {
    for name in ["scrypt-aes128.pem", "triple-des.pem", "plain.pem"] {
        let key = path(name);
        for args in [
            &["issue", "-v", "-k", &key][..],
            &["verify", "-v", "-k", &key, "x"],
            &["key", "show", "-v", "-k", &key, "--private"],
        ] {
            let run = with_passphrase(args).run();
            let text = run.stdout + &run.stderr;
            assert!(
                !text.contains("correct") && !text.contains("horse"),
                "{text}"
            );
        }
    }
}
