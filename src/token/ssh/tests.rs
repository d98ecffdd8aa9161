use super::*;
use crate::token::content::{Reading, read};
use crate::token::key::Key;

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../../../tests/vectors/ssh/", $name))
    };
}

/// Private keys, public keys, and those in PEM, as `ssh-keygen` and `openssl` wrote them.
const KEYS: &[(&str, &str, &str)] = &[
    (vector!("rsa"), vector!("rsa.pub"), vector!("rsa.pem")),
    (vector!("ecdsa"), vector!("ecdsa.pub"), vector!("ecdsa.pem")),
    (
        vector!("ecdsa384"),
        vector!("ecdsa384.pub"),
        vector!("ecdsa384.pem"),
    ),
    (
        vector!("ecdsa521"),
        vector!("ecdsa521.pub"),
        vector!("ecdsa521.pem"),
    ),
    (
        vector!("ed25519"),
        vector!("ed25519.pub"),
        vector!("ed25519.pem"),
    ),
    // Its private number is a byte short.
    (
        vector!("ecdsa-short"),
        vector!("ecdsa-short.pem"),
        vector!("ecdsa-short.pem"),
    ),
];

fn key(content: impl AsRef<[u8]>) -> Result<Key, KeyFault> {
    read(content.as_ref(), &Reading::default()).map(|mut keys| keys.keys.remove(0))
}

fn refusal(content: impl AsRef<[u8]>) -> String {
    key(content).unwrap_err().message
}

fn blob(line: &str) -> Zeroizing<Vec<u8>> {
    let word = line.split_whitespace().nth(1).unwrap();
    Encoding::Base64.undo(word.as_bytes()).unwrap()
}

#[test]
fn keys_of_openssh_are_those_that_they_are_in_pem() {
    for (private, public, pem) in KEYS {
        let pem = key(pem).unwrap();
        for (text, is_private) in [(private, true), (public, false)] {
            let key = key(text).unwrap();
            assert_eq!(key.thumbprint(), pem.thumbprint());
            assert_eq!(key.has_private(), is_private);
        }
        let algorithm = pem.default_algorithm().unwrap();
        let signer = key(private).unwrap().signing(algorithm, false).unwrap();
        let signature = signer.here().sign(b"x").unwrap();
        let verifier = pem.verifier(algorithm, false).unwrap();
        assert!(verifier.accepts(b"x", &signature));
    }
}

#[test]
fn a_public_key_is_read_with_what_stands_around_it() {
    let line = KEYS[4].1.trim();
    let bare = line.split_whitespace().nth(1).unwrap();
    for text in [
        format!("no-pty,command=\"echo ssh\" {line}\n"),
        format!("# ours\r\nhost.example {line}\r\n"),
        format!("\u{feff}  {line}"),
        format!("'{line}'"),
        bare.to_owned(),
    ] {
        assert_eq!(
            key(&text).unwrap().kind_words(),
            "an Ed25519 public key",
            "{text}"
        );
    }
    assert!(key(blob(line)).is_ok());
    assert_eq!(
        refusal([line, "\n", KEYS[1].1].concat()),
        "the content holds several SSH public keys, and one key is wanted"
    );
}

#[test]
fn other_keys_of_ssh_are_refused_by_name() {
    for (text, message) in [
        (
            vector!("dsa"),
            "the content is a DSA key, which no algorithm of a JWT takes",
        ),
        (
            vector!("dsa.pub"),
            "the content is a DSA key, which no algorithm of a JWT takes",
        ),
        (
            vector!("certificate.pub"),
            "the content is an OpenSSH certificate, and the key alone is wanted",
        ),
        (
            vector!("encrypted"),
            "the OpenSSH private key is encrypted, which is not supported",
        ),
        (
            "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA",
            "the content is a key of a security key, which signs for SSH and the web only",
        ),
        (
            "no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI",
            "the SSH key is cut off or damaged",
        ),
        (
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlz",
            "the SSH key is cut off or damaged",
        ),
        (
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA",
            "the content is an SSH2 key",
        ),
        (
            "PuTTY-User-Key-File-3: ssh-ed25519\n",
            "the content is a PuTTY key",
        ),
    ] {
        assert_eq!(refusal(text), message);
    }
}

#[test]
fn every_cut_and_every_changed_byte_is_survived() {
    for (private, public, _) in KEYS {
        let body: String = private.lines().filter(|line| !line.contains('-')).collect();
        let mut blobs = vec![Encoding::Base64.undo(body.as_bytes()).unwrap()];
        if !public.contains("BEGIN") {
            blobs.push(blob(public));
        }
        for blob in blobs {
            let step = if blob.len() > 600 { 37 } else { 3 };
            for at in (0..blob.len()).step_by(step) {
                assert!(find(&blob[..at]).is_none_or(|key| key.is_err()));
                let mut changed = blob.clone();
                changed[at] ^= 0x80;
                let _ = find(&changed);
            }
        }
    }
}

#[test]
fn a_number_modulo_the_predecessor_of_another_is_that() {
    for number in [0_u32, 1, 5, 250, 251, 4_000_000_000] {
        for prime in [3_u32, 7, 251, 65_537] {
            let rest = modulo_predecessor(&number.to_be_bytes(), &prime.to_be_bytes());
            let expected = u64::from(number % (prime - 1)).to_be_bytes();
            assert_eq!(without_zeros(&rest), without_zeros(&expected));
        }
    }
}
