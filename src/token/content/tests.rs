use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;
use crate::token::algorithm::Algorithm;
use crate::token::engine::Verifier;
use crate::token::key_fault::KeyReason;
use crate::token::material::Material;
use crate::token::pem::samples;

fn keys(content: impl AsRef<[u8]>, encoding: Encoding) -> Result<Keys, KeyFault> {
    let reading = Reading {
        encoding,
        text_source: true,
        ..Reading::default()
    };
    read(content.as_ref(), &reading)
}

fn key(content: impl AsRef<[u8]>) -> Key {
    keys(content, Encoding::Utf8).unwrap().keys.remove(0)
}

fn secret(content: impl AsRef<[u8]>, encoding: Encoding) -> Vec<u8> {
    match &keys(content, encoding).unwrap().keys[0].material {
        Material::Secret(secret) => secret.to_vec(),
        _ => panic!("not a secret"),
    }
}

fn fault(content: impl AsRef<[u8]>) -> KeyFault {
    keys(content, Encoding::Utf8).unwrap_err()
}

const TEXT: &str = "a secret, of at least 32 characters";

#[test]
fn text_loses_one_line_break_and_nothing_else() {
    for (content, expected) in [
        (TEXT.to_owned(), TEXT.to_owned()),
        (format!("{TEXT}\n"), TEXT.to_owned()),
        (format!("{TEXT}\r\n"), TEXT.to_owned()),
        (format!("{TEXT}\n\n"), format!("{TEXT}\n")),
        (format!(" {TEXT} \n"), format!(" {TEXT} ")),
    ] {
        assert_eq!(secret(content, Encoding::Utf8), expected.as_bytes());
    }
    let content = format!("{TEXT}\n");
    assert_eq!(secret(&content, Encoding::Raw), content.as_bytes());
    let from_variable = read(content.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(from_variable.keys[0].kind_words(), "a secret of 36 bytes");
}

#[test]
fn encoded_secrets_bear_white_space_and_padding() {
    let bytes: Vec<u8> = (200..=233).collect();
    for content in [
        "yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5ufo6Q==",
        "yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5ufo6Q",
        " yMnKy8zNzs/Q0dLT1NXW\r\n19jZ2tvc3d7f4OHi4+Tl5ufo6Q== \n",
    ] {
        assert_eq!(secret(content, Encoding::Base64), bytes);
        let url = content.replace('/', "_").replace('+', "-");
        assert_eq!(secret(url, Encoding::Base64url), bytes);
    }
    let hex = "c8c9cacbcccdcecfd0d1d2d3d4d5d6d7 D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9\n";
    assert_eq!(secret(hex, Encoding::Hex), bytes);
}

#[test]
fn the_place_of_a_wrong_character_is_named_and_not_the_character() {
    let message = |content, encoding| keys(content, encoding).unwrap_err().message;
    assert_eq!(
        message("yMnK ?8zN", Encoding::Base64),
        "the secret is not base64: byte 6 is not one of its characters"
    );
    assert_eq!(
        message("yMnK/8zN", Encoding::Base64url),
        "the secret is not base64url: byte 5 is not one of its characters"
    );
    assert_eq!(
        message("+f", Encoding::Hex),
        "the secret is not hex: byte 1 is not one of its characters"
    );
    assert_eq!(
        message("abc", Encoding::Hex),
        "the secret is not hex: it is incomplete"
    );
    assert_eq!(
        message("abcde", Encoding::Base64),
        "the secret is not base64: it is incomplete"
    );
    assert_eq!(
        message("ab=cdefg", Encoding::Base64),
        "the secret is not base64: it is incomplete"
    );
}

#[test]
fn a_secret_must_be_text_unless_every_byte_is_asked_for() {
    let bytes = [0xf0; 32];
    assert_eq!(fault(bytes).message, "the secret is not UTF-8 text");
    assert_eq!(secret(bytes, Encoding::Raw), bytes);
    let notes = keys(format!("{TEXT}\0"), Encoding::Utf8).unwrap().notes;
    assert_eq!(notes, ["the secret has a NUL byte in it"]);
    let notes = keys(format!("\u{feff}{TEXT}"), Encoding::Utf8)
        .unwrap()
        .notes;
    assert_eq!(notes, ["the secret begins with a byte order mark"]);
}

#[test]
fn utf_16_is_refused() {
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>()
    };
    let message = "the key is UTF-16 text, and should be UTF-8";
    for text in [TEXT, samples::EC_SPKI] {
        assert_eq!(fault(utf16(text)).message, message);
        assert_eq!(fault(utf16(&format!("\u{feff}{text}"))).message, message);
        assert_eq!(
            keys(utf16(text), Encoding::Raw).unwrap_err().message,
            message
        );
    }
    let random = [&[0xff, 0xfe][..], &[0x9d; 30]].concat();
    assert!(keys(&random, Encoding::Raw).is_ok());
}

#[test]
fn a_key_of_ssh2_is_named_with_the_file_that_it_is_to_become() {
    for (label, is_private) in [("PUBLIC KEY", false), ("ENCRYPTED PRIVATE KEY", true)] {
        let text = format!("---- BEGIN SSH2 {label} ----\nAAAA\n---- END SSH2 {label} ----\n");
        let fault = fault(text);
        assert_eq!(fault.message, "the content is an SSH2 key");
        let hint = Advice::Convert(Foreign::Ssh2 { is_private });
        assert_eq!(fault.hint, Some(hint));
    }
}

#[test]
fn text_in_another_character_set_around_a_key_hides_nothing() {
    let latin1 = b"friendlyName: caf\xe9\n";
    let ssh = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpjnKy+MdHQC8FaSxlmeDfnEX4CMIAwEQhzwiYemu1o Ren\xe9\n";
    for content in [
        [latin1, samples::EC_PKCS8.as_bytes()].concat(),
        [samples::EC_PKCS8.as_bytes(), latin1].concat(),
        [latin1, samples::EC_PKCS8.as_bytes(), latin1].concat(),
        [latin1, samples::EC_CERTIFICATE.as_bytes()].concat(),
        ssh.to_vec(),
    ] {
        let found = keys(&content, Encoding::Utf8).unwrap().keys;
        assert!(!found[0].is_secret());
        let wrapped = STANDARD.encode(&content);
        assert!(!key(wrapped).is_secret());
    }
    let cut = [latin1, &samples::EC_PKCS8.as_bytes()[..90]].concat();
    assert_eq!(
        fault(cut).message,
        "the PEM block is cut off: its END line is missing"
    );
    let inside = samples::EC_PKCS8.replace("\nM", "\n\u{e9}M");
    let inside: Vec<u8> = inside.chars().map(|c| c as u8).collect();
    assert_eq!(
        fault(inside).message,
        "the PEM block is damaged: what it holds is not base64"
    );
}

#[test]
fn a_short_secret_is_weak_and_an_empty_one_always() {
    let lax = Reading {
        allow_weak: true,
        text_source: true,
        ..Reading::default()
    };
    let weak = fault(&TEXT[..31]);
    assert_eq!(weak.reason, KeyReason::Weak);
    assert_eq!(
        weak.message,
        "the secret has 31 bytes, and HS256 needs at least 32"
    );
    let hint = weak.hint.unwrap();
    assert!(
        matches!(hint, Advice::MakeSecret { bytes: 32, .. }),
        "{hint:?}"
    );
    assert!(key(&TEXT[..32]).signing(Algorithm::HS256, false).is_ok());
    let short = read(b"x", &lax).unwrap().keys.remove(0);
    assert!(short.signing(Algorithm::HS512, true).is_ok());
    assert_eq!(short.algorithms(), [Algorithm::HS256]);
    for empty in ["", "\n", "\r\n"] {
        assert_eq!(
            read(empty.as_bytes(), &lax).unwrap_err().message,
            "the secret is empty"
        );
    }
}

#[test]
fn how_long_a_secret_for_encryption_is_asked_where_it_is_used() {
    for (members, is) in [
        (
            r#""alg":"A128KW","#,
            "for encryption: its `alg` is `A128KW`",
        ),
        (
            r#""alg":"A128GCM","#,
            "for encryption: its `alg` is `A128GCM`",
        ),
        (
            r#""use":"enc","#,
            "not for signatures: its `use` is `enc`, not `sig`",
        ),
    ] {
        let key = key(format!(
            r#"{{"kty":"oct",{members}"k":"GawgguFyGrWKav7AX4VKUg"}}"#
        ));
        let fault = key.verifier(Algorithm::HS256, false).err().unwrap();
        assert_eq!(fault.message, format!("the key is {is}"));
    }
    for members in ["", r#""use":"sig","#, r#""alg":"HS256","#] {
        let jwk = format!(r#"{{"kty":"oct",{members}"k":"GawgguFyGrWKav7AX4VKUg"}}"#);
        assert_eq!(
            keys(jwk, Encoding::Utf8).unwrap_err().message,
            "the secret has 16 bytes, and HS256 needs at least 32"
        );
    }
}

#[test]
fn a_longer_hash_needs_a_longer_secret() {
    let key = key(&TEXT[..32]);
    let weak = key.verifier(Algorithm::HS512, false).err().unwrap();
    assert_eq!(
        weak.message,
        "the secret has 32 bytes, and HS512 needs at least 64"
    );
    let hint = weak.hint.unwrap();
    assert!(
        matches!(hint, Advice::MakeSecret { bytes: 64, .. }),
        "{hint:?}"
    );
    assert!(key.verifier(Algorithm::HS512, true).is_ok());
    assert_eq!(key.algorithms(), [Algorithm::HS256]);
    assert_eq!(
        Key::secret(Zeroizing::new(vec![1; 48])).algorithms().len(),
        2
    );
    let bound = r#"{"kty":"oct","alg":"HS512","k":"MTIzNDU2NzgxMjM0NTY3ODEyMzQ1Njc4MTIzNDU2Nzg"}"#;
    assert_eq!(
        fault(bound).message,
        "the secret has 32 bytes, and HS512 needs at least 64"
    );
}

#[test]
fn public_keys_are_never_secrets_in_whatever_dress() {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(String::new(), |hex, b| format!("{hex}{b:02x}"))
    };
    let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    for sample in [
        samples::RSA_SPKI,
        samples::EC_SPKI,
        samples::EC_CERTIFICATE,
        samples::ED25519_SPKI,
        jwk,
    ] {
        let body: String = sample
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        let mut spellings = vec![
            sample.as_bytes().to_vec(),
            format!("\u{feff}\r\n {}", sample.replace('\n', "\r\n")).into_bytes(),
            base64(sample.as_bytes()).into_bytes(),
            base64(base64(sample.as_bytes()).as_bytes()).into_bytes(),
            URL_SAFE_NO_PAD.encode(sample).into_bytes(),
            hex(sample.as_bytes()).into_bytes(),
        ];
        if let Some(der) = Encoding::Base64.undo(body.as_bytes()) {
            spellings.extend([der.to_vec(), body.into_bytes(), hex(&der).into_bytes()]);
        }
        for spelling in spellings {
            for encoding in Encoding::ALL {
                let keys = keys(&spelling, *encoding).unwrap();
                assert!(
                    keys.keys
                        .iter()
                        .all(|key| !key.is_secret() && !key.has_private())
                );
            }
        }
    }
}

#[test]
fn one_line_with_an_equals_sign_is_a_secret_unless_it_is_in_a_file() {
    let line = "JWT_SECRET=0123456789012345678901234567890123456789";
    assert!(fault(line).message.contains("a .env file"));
    let keys = read(line.as_bytes(), &Reading::default()).unwrap();
    assert!(keys.keys[0].is_secret());
}

#[test]
fn a_secret_of_a_jwk_is_held_to_the_same() {
    let jwk = |k: &[u8]| format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(k));
    assert_eq!(
        secret(jwk(TEXT.as_bytes()), Encoding::Utf8),
        TEXT.as_bytes()
    );
    let body: String = samples::EC_SPKI
        .lines()
        .filter(|line| !line.contains('-'))
        .collect();
    let der = Encoding::Base64.undo(body.as_bytes()).unwrap();
    for k in [samples::EC_SPKI.as_bytes(), body.as_bytes(), &der] {
        let fault = fault(jwk(k));
        assert!(
            fault
                .message
                .starts_with("`k` of the JWK is not a secret: "),
            "{fault}"
        );
    }
}

#[test]
fn thumbprints_are_those_of_the_rfcs() {
    let rfc7638 = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
    assert_eq!(
        key(rfc7638).thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    let rfc8037 =
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(
        key(rfc8037).thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

#[test]
fn the_default_algorithm_is_the_keys() {
    for (content, algorithm, count) in [
        (TEXT, Algorithm::HS256, 1),
        (samples::RSA_SPKI, Algorithm::RS256, 6),
        (samples::EC_SPKI, Algorithm::ES256, 1),
        (samples::ED25519, Algorithm::EdDSA, 2),
    ] {
        let key = key(content);
        assert_eq!(key.default_algorithm(), Some(algorithm));
        assert_eq!(key.algorithms().len(), count);
        assert!(key.algorithms().contains(&algorithm));
    }
}

#[test]
fn a_key_does_only_what_its_kind_can() {
    let message = |result: Result<Verifier, KeyFault>| result.err().unwrap().message;
    let public = key(samples::RSA_SPKI);
    assert_eq!(
        public
            .signing(Algorithm::RS256, false)
            .err()
            .unwrap()
            .message,
        "signing needs a private key, and this is an RSA public key of 2048 bits"
    );
    assert_eq!(
        message(public.verifier(Algorithm::HS256, true)),
        "HS256 cannot be used with an RSA public key of 2048 bits"
    );
    let bound = key(
        r#"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#,
    );
    assert_eq!(
        message(bound.verifier(Algorithm::HS512, true)),
        "the key is bound to HS256 by its `alg`, not HS512"
    );
}

#[test]
fn a_weak_key_of_a_set_is_refused_when_it_is_used() {
    let set = r#"{"keys":[{"kty":"oct","k":"AQ"},{"kty":"RSA","n":"AQ","e":"AQAB"}]}"#;
    let keys = keys(set, Encoding::Utf8).unwrap().keys;
    let weak = |key: &Key, algorithm| key.verifier(algorithm, false).err().unwrap().reason;
    assert_eq!(weak(&keys[0], Algorithm::HS256), KeyReason::Weak);
    assert_eq!(weak(&keys[1], Algorithm::RS256), KeyReason::Weak);
    assert!(keys[0].verifier(Algorithm::HS256, true).is_ok());
    assert!(keys[1].verifier(Algorithm::RS256, true).is_err());
}

#[test]
fn the_public_half_has_no_private_parts() {
    for sample in [samples::RSA_PKCS8, samples::EC_PKCS8, samples::ED25519] {
        let public = key(sample).public().unwrap();
        assert!(key(sample).has_private() && !public.has_private());
        assert_eq!(public.thumbprint(), key(sample).thumbprint());
    }
    assert!(key(TEXT).public().is_none());
}

#[test]
fn debug_output_and_faults_tell_nothing_of_the_key() {
    assert_eq!(format!("{:?}", key(TEXT)), "Key { .. }");
    for encoding in Encoding::ALL {
        if let Err(fault) = keys("hunter2?hunter2?hunter2?", *encoding) {
            assert!(!format!("{fault:?}").contains("hunter2"));
        }
    }
}

#[test]
fn random_bytes_in_any_encoding_are_survived() {
    let mut state: u32 = 2024;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    for len in 0..2_000 {
        let mut content: Vec<u8> = (0..len % 90).map(|_| next()).collect();
        if let Some(first) = content.first_mut() {
            *first = [0x30, b'{', b'[', b'-', 0xff][len % 5];
        }
        for encoding in Encoding::ALL {
            let _ = keys(&content, *encoding);
        }
    }
}
