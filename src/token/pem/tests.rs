use super::samples::*;
use super::{find as find_with, *};

fn find(text: &str) -> Option<Result<Keys, KeyFault>> {
    find_with(text, None)
}

fn keys(text: &str) -> Keys {
    find(text).unwrap().unwrap()
}

fn thumbprint(text: &str) -> String {
    keys(text).keys[0].thumbprint()
}

fn refusal(text: &str) -> String {
    find(text).unwrap().err().unwrap().message
}

#[test]
fn every_kind_of_block_is_read() {
    let parameters_first = [EC_PARAMETERS, EC_SEC1].concat();
    for text in [
        &parameters_first,
        EC_SEC1,
        EC_SEC1_BARE,
        EC_PKCS8,
        EC_SPKI,
        EC_SPKI_COMPRESSED,
        EC_CERTIFICATE,
        EC_TRUSTED_CERTIFICATE,
    ] {
        assert_eq!(thumbprint(text), thumbprint(EC_SPKI));
        assert_eq!(
            keys(text).keys[0].has_private(),
            text.contains("PRIVATE KEY")
        );
        assert!(keys(text).notes.is_empty());
    }
    assert_eq!(thumbprint(RSA_PKCS8), thumbprint(RSA_SPKI));
    assert_eq!(thumbprint(ED25519), thumbprint(ED25519_SPKI));
}

#[test]
fn a_block_on_one_line_is_read() {
    let lines: Vec<&str> = EC_PKCS8.lines().collect();
    for line_break in ["", " ", "\t", "\r\n", r"\n", r"\r\n", r"\\n", r"\\\\n"] {
        assert_eq!(thumbprint(&lines.join(line_break)), thumbprint(EC_SPKI));
    }
    assert_eq!(thumbprint(&format!("{EC_PKCS8:?}")), thumbprint(EC_SPKI));
}

#[test]
fn text_around_a_block_is_no_part_of_it() {
    let text = format!("Bag Attributes\n  friendlyName: ssh-rsa\n{EC_PKCS8}\n# the end\n");
    assert_eq!(thumbprint(&text), thumbprint(EC_SPKI));
}

#[test]
fn a_private_key_goes_before_its_certificate_and_its_public_half() {
    for text in [
        [EC_CERTIFICATE, EC_PKCS8].concat(),
        [EC_PKCS8, EC_SPKI].concat(),
        [EC_SPKI, EC_PARAMETERS, EC_SEC1, EC_CERTIFICATE].concat(),
    ] {
        let keys = keys(&text);
        assert!(keys.keys[0].has_private());
        assert_eq!(keys.keys.len(), 1);
        assert_eq!(keys.notes.len(), usize::from(text.contains("CERTIFICATE")));
    }
}

#[test]
fn the_first_certificate_of_a_chain_is_used_with_a_note() {
    let keys = keys(&[EC_CERTIFICATE, EC_TRUSTED_CERTIFICATE].concat());
    assert_eq!(keys.notes, ["the first of 2 certificates is used"]);
    assert!(!keys.is_set);
}

#[test]
fn two_keys_are_refused() {
    assert_eq!(
        refusal(&[EC_PKCS8, RSA_PKCS8].concat()),
        "the content holds two private keys, and one key is wanted"
    );
    assert_eq!(
        refusal(&[EC_SPKI, RSA_SPKI].concat()),
        "the content holds two public keys, and one key is wanted"
    );
    assert_eq!(
        refusal(&[EC_PKCS8, RSA_SPKI].concat()),
        "the content holds a private key and the public half of another, and one key is wanted"
    );
}

#[test]
fn blocks_that_are_no_key_are_refused_by_name() {
    let block = |label: &str| format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
    for (text, message) in [
        (
            EC_ENCRYPTED_TRADITIONAL,
            "the private key is encrypted in the traditional way of PEM (`Proc-Type`)",
        ),
        (
            EC_REQUEST,
            "the content is a certificate request, not a certificate",
        ),
        (
            EC_PARAMETERS,
            "the content is parameters for making keys, not a key",
        ),
        (
            &block("DH PARAMETERS"),
            "the content is parameters for making keys, not a key",
        ),
        (
            &block("OPENSSH PRIVATE KEY"),
            "the SSH key is cut off or damaged",
        ),
        (
            &block("DSA PRIVATE KEY"),
            "the content is a DSA key, which no algorithm of a JWT takes",
        ),
        (
            &block("X509 CRL"),
            "the content is a certificate revocation list, which holds no key",
        ),
        (
            &block("PKCS7"),
            "the content is a PKCS#7 message, not a key",
        ),
        (
            &[TPM, EC_SPKI].concat(),
            "the content is a key of a TPM (TSS2), which nothing else can use",
        ),
        (
            &block("PKCS12"),
            "the content is a PKCS#12 file, in which keys are encrypted",
        ),
        (
            &block("PGP PUBLIC KEY BLOCK"),
            "the content is PGP data, not a key for a JWT",
        ),
        (&block("HUNTER2"), "the PEM block is of an unknown kind"),
    ] {
        assert_eq!(refusal(text), message);
    }
}

/// A key in the form of `tpm2-openssl`, of zeros.
const TPM: &str = "\
-----BEGIN TSS2 PRIVATE KEY-----
MBYGBmeBBQoBAwIEQAAAAQQCAAAEAgAA
-----END TSS2 PRIVATE KEY-----
";

#[test]
fn an_encrypted_key_is_not_passed_over_for_the_certificate_beside_it() {
    assert_eq!(
        refusal(&[EC_CERTIFICATE, EC_ENCRYPTED].concat()),
        "the private key is encrypted, and its passphrase is not given"
    );
}

#[test]
fn damaged_blocks_are_refused_by_what_is_damaged() {
    let cut = "the PEM block is cut off: its END line is missing";
    assert_eq!(refusal(&EC_PKCS8[..80]), cut);
    assert_eq!(
        refusal(&EC_PKCS8.replace("END PRIVATE KEY-----", "END PRIVATE KEY")),
        cut
    );
    assert_eq!(refusal(&[EC_PKCS8, &EC_SPKI[..60]].concat()), cut);
    assert_eq!(refusal(&[&EC_PKCS8[..60], EC_SPKI].concat()), cut);
    assert_eq!(
        refusal(&EC_PKCS8.replace("END PRIVATE", "END RSA PRIVATE")),
        "the BEGIN and END lines of the PEM block name different things"
    );
    for not_base64 in ["\n*", "\nProc-Type: 4,CLEAR\n\nM"] {
        assert_eq!(
            refusal(&EC_PKCS8.replace("\nM", not_base64)),
            "the PEM block is damaged: what it holds is not base64"
        );
    }
    assert_eq!(
        refusal(&EC_PKCS8.replace("\nM", "\n")),
        "the key is cut off or damaged: its DER is incomplete"
    );
    let no_begin = "the PEM block is damaged: it has no proper BEGIN line";
    assert_eq!(refusal(&EC_PKCS8[28..]), no_begin);
    assert_eq!(
        refusal(&EC_PKCS8.replace("-----BEGIN", "----- BEGIN")),
        no_begin
    );
    assert_eq!(refusal(&EC_PKCS8.to_lowercase()), no_begin);
}

#[test]
fn a_mark_is_one_whatever_its_dashes() {
    for line in [
        "—–BEGIN PUBLIC KEY—–",
        "–––––BEGIN CERTIFICATE–––––",
        "−−−−−BEGIN EC PRIVATE KEY−−−−−",
        "--BEGIN HUNTER2--",
        "– BEGIN HUNTER2 –",
        "BEGIN PUBLIC KEY",
        "# begin rsa public key",
        "BEGIN X509 CRL",
        "%2D%2D%2D%2D%2DBEGIN%20TRUSTED%20CERTIFICATE%2D%2D%2D%2D%2D",
        "&#45;&#45;&#45;&#45;&#45;BEGIN&#32;PRIVATE&#32;KEY&#45;",
        "*****BEGIN_ENCRYPTED_PRIVATE_KEY*****",
        "-----END PUBLIC KEY-----",
    ] {
        let text = format!("key: {line}\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\n");
        assert!(refusal(&text).contains("no proper BEGIN line"), "{line}");
        assert_eq!(
            find(&text).unwrap().err().unwrap().hint,
            Some(Advice::CopyKey)
        );
    }
}

#[test]
fn a_block_that_is_not_used_is_not_passed_over_without_a_word() {
    let block =
        |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}-----END {label}-----\n");
    let body = |sample: &str| {
        let lines = sample.lines().filter(|line| !line.contains('-'));
        lines.flat_map(|line| [line, "\n"]).collect::<String>()
    };
    // By its structure, a block of any label is the key that it is.
    for (label, sample, is_private) in [
        ("UNKNOWN", ED25519, true),
        ("UNKNOWN", ED25519_SPKI, false),
        ("RSA-PSS PRIVATE KEY", RSA_PKCS8, true),
    ] {
        let keys = keys(&block(label, &body(sample)));
        assert_eq!(keys.keys[0].has_private(), is_private, "{label}");
        let is_pss = keys.keys[0].kind_words().contains("RSA-PSS");
        assert_eq!(is_pss, label.contains("PSS"));
    }
    let public = block("UNKNOWN", &body(ED25519_SPKI));
    assert!(keys(&[ED25519, &public].concat()).keys[0].has_private());
    let encrypted = block("UNKNOWN", &body(EC_ENCRYPTED));
    assert_eq!(
        refusal(&[&encrypted, EC_SPKI].concat()),
        "the private key is encrypted, and its passphrase is not given"
    );
    let unknown = block("STRANGE PRIVATE KEY BLOCK", "AAAA\n");
    assert_eq!(
        keys(&[&unknown, EC_SPKI].concat()).notes,
        ["the block `STRANGE PRIVATE KEY BLOCK` beside the key is skipped"]
    );
    let hostile = block("\u{1b}[31m", "AAAA\n");
    assert_eq!(
        keys(&[EC_SPKI, &hostile].concat()).notes,
        ["a block without a proper label beside the key is skipped"]
    );
    let parameters = block("DH PARAMETERS", "MAA=\n");
    assert_eq!(
        keys(&[EC_PARAMETERS, EC_SEC1, &parameters].concat()).notes,
        ["the block `DH PARAMETERS` beside the key is skipped"]
    );
    // A private key beside a public one is the key, or else a fault.
    assert_eq!(
        refusal(&[&block("UNKNOWN", &body(ED25519)), EC_SPKI].concat()),
        "the content holds a private key and the public half of another, and one key is wanted"
    );
    assert!(
        find(&[&block("FOO PRIVATE KEY", "AAAA\n"), EC_SPKI].concat())
            .unwrap()
            .is_err()
    );
}

#[test]
fn a_secret_is_no_pem() {
    for secret in [
        "",
        "a secret -- of at least -- 32 bytes ----",
        "a secret ---- of at least 32 bytes",
        "where we begin and where we end",
        "--begin HUNTER2--",
        "--BEGIN hunter2--",
        "BEGIN HUNTER2",
    ] {
        assert!(find(secret).is_none(), "{secret}");
    }
}

#[test]
fn every_cut_is_survived() {
    for sample in samples::ALL {
        for len in (0..sample.len()).step_by(3) {
            assert!(
                find(&sample[..len]).is_none_or(|found| found.is_err())
                    || len + 2 > sample.trim_end().len()
            );
        }
    }
}
