use aws_lc_rs::cipher::{self, AES_256, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use der::Tag::{Integer, OctetString, Sequence};
use der::asn1::{AnyRef, ObjectIdentifier as Oid};
use der::{Encode, Tag};

use std::num::NonZeroU32;

use super::cipher::Cipher;
use super::*;
use crate::token::content::{Reading, read};
use crate::token::pem::samples;

const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
const SHA256: &str = "1.2.840.113549.2.9";
const AES256: &str = "2.16.840.1.101.3.4.1.42";

fn tlv(tag: Tag, content: &[u8]) -> Vec<u8> {
    AnyRef::new(tag, content).unwrap().to_der().unwrap()
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(Sequence, &parts.concat())
}

fn octets(content: &[u8]) -> Vec<u8> {
    tlv(OctetString, content)
}

fn int(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let digits: Vec<u8> = bytes.into_iter().skip_while(|b| *b == 0).collect();
    let sign: &[u8] = match digits.first() {
        Some(0..=0x7f) => &[],
        _ => &[0],
    };
    tlv(Integer, &[sign, &digits].concat())
}

fn oid(dotted: &str) -> Vec<u8> {
    Oid::new(dotted).unwrap().to_der().unwrap()
}

fn named(dotted: &str, parameters: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[vec![oid(dotted)], parameters.to_vec()].concat())
}

fn aes256() -> Vec<u8> {
    named(AES256, &[octets(&[7; 16])])
}

fn sha256() -> Vec<u8> {
    named(SHA256, &[tlv(Tag::Null, &[])])
}

fn encrypted(scheme: &str, parts: &[Vec<u8>], data: &[u8]) -> Vec<u8> {
    sequence(&[named(scheme, &[sequence(parts)]), octets(data)])
}

fn derived_by(derivation: &str, parameters: &[Vec<u8>]) -> Vec<u8> {
    let derivation = named(derivation, &[sequence(parameters)]);
    encrypted(PBES2, &[derivation, aes256()], &[0; 32])
}

fn with(content: &[u8], passphrase: Option<&str>) -> KeyFault {
    let reading = Reading {
        passphrase: passphrase.map(|text| Passphrase::new(text.as_bytes(), false)),
        ..Reading::default()
    };
    read(content, &reading).unwrap_err()
}

/// What is said of the key before there is a passphrase: so nothing was derived.
fn fault(content: &[u8]) -> KeyFault {
    with(content, None)
}

#[test]
fn what_can_be_opened_wants_a_passphrase() {
    for content in [
        derived_by(PBKDF2, &[octets(&[1; 8]), int(1)]),
        derived_by(PBKDF2, &[octets(&[]), int(10_000_000), int(32), sha256()]),
        derived_by(PBKDF2, &[octets(&[1; 1024]), int(1), sha256()]),
        derived_by(SCRYPT, &[octets(&[1; 8]), int(1 << 16), int(8), int(1)]),
        derived_by(
            SCRYPT,
            &[octets(&[1; 8]), int(2), int(256), int(16), int(32)],
        ),
        samples::EC_ENCRYPTED.as_bytes().to_vec(),
    ] {
        let fault = fault(&content);
        assert_eq!(fault.reason, KeyReason::Encrypted, "{fault}");
        assert_eq!(fault.advice(), Advice::NamePassphrase);
    }
}

#[test]
fn what_asks_for_too_much_is_refused_before_anything_is_derived() {
    let salt = || octets(&[1; 8]);
    for (content, what) in [
        (
            derived_by(PBKDF2, &[salt(), int(10_000_001)]),
            "more than 10000000 rounds of PBKDF2",
        ),
        (
            derived_by(PBKDF2, &[salt(), int(u64::MAX), sha256()]),
            "more than 10000000 rounds of PBKDF2",
        ),
        (
            derived_by(PBKDF2, &[salt(), tlv(Integer, &[1; 40])]),
            "more than 10000000 rounds of PBKDF2",
        ),
        (
            derived_by(PBKDF2, &[octets(&[1; 1025]), int(1)]),
            "a salt of more than 1024 bytes",
        ),
        (
            derived_by(SCRYPT, &[salt(), int(1 << 17), int(8), int(1)]),
            "more than 64 MiB for scrypt",
        ),
        (
            derived_by(SCRYPT, &[salt(), int(1 << 63), int(u64::MAX), int(1)]),
            "more than 64 MiB for scrypt",
        ),
        (
            derived_by(SCRYPT, &[salt(), int(2), int(257), int(1)]),
            "blocks of scrypt beyond 256, or more than 16 lanes",
        ),
        (
            derived_by(SCRYPT, &[salt(), int(2), int(1), int(u64::MAX)]),
            "blocks of scrypt beyond 256, or more than 16 lanes",
        ),
    ] {
        let fault = fault(&content);
        assert_eq!(
            fault.message,
            format!("the encrypted private key asks for {what}")
        );
        assert_eq!(fault.reason, KeyReason::Rejected);
    }
}

#[test]
fn what_is_not_supported_is_named_with_a_way_out() {
    let pbkdf2 = || named(PBKDF2, &[sequence(&[octets(&[1]), int(1)])]);
    let sha224 = named("1.2.840.113549.2.8", &[tlv(Tag::Null, &[])]);
    let des = named("1.3.14.3.2.7", &[octets(&[0; 8])]);
    for (content, what, is_old) in [
        (
            encrypted("1.2.840.113549.1.5.3", &[octets(&[0; 8]), int(1)], &[0; 8]),
            "PBES1",
            true,
        ),
        (
            encrypted("1.2.840.113549.1.12.1.3", &[octets(&[0; 8])], &[0; 8]),
            "a cipher of PKCS#12",
            true,
        ),
        (
            encrypted("1.2.840.113549.1.50", &[octets(&[0; 8])], &[0; 8]),
            "an unknown scheme (OID 1.2.840.113549.1.50)",
            false,
        ),
        (encrypted(PBES2, &[pbkdf2(), des], &[0; 8]), "DES", true),
        (
            encrypted(PBES2, &[pbkdf2(), named("1.2.3", &[])], &[0; 16]),
            "an unknown cipher (OID 1.2.3)",
            false,
        ),
        (
            derived_by("1.2.3", &[octets(&[])]),
            "an unknown key derivation (OID 1.2.3)",
            false,
        ),
        (
            derived_by(PBKDF2, &[octets(&[]), int(1), sha224]),
            "an unknown hash (OID 1.2.840.113549.2.8)",
            false,
        ),
    ] {
        let fault = fault(&content);
        assert_eq!(
            fault.message,
            format!("the private key is encrypted with {what}, which is not supported")
        );
        assert_eq!(
            fault.hint.unwrap(),
            Advice::Convert(Foreign::EncryptedPem { is_old })
        );
    }
}

#[test]
fn damaged_structures_are_refused() {
    let salt = || octets(&[1; 8]);
    let pbkdf2 = || named(PBKDF2, &[sequence(&[salt(), int(1)])]);
    let iv = |len: usize| named(AES256, &[octets(&vec![0; len])]);
    let triple_des = |len: usize| named("1.2.840.113549.3.7", &[octets(&vec![0; len])]);
    for content in [
        derived_by(PBKDF2, &[]),
        derived_by(PBKDF2, &[salt()]),
        derived_by(PBKDF2, &[int(1), salt()]),
        derived_by(PBKDF2, &[salt(), int(0)]),
        derived_by(PBKDF2, &[salt(), tlv(Integer, &[0xff])]),
        derived_by(PBKDF2, &[salt(), tlv(Integer, &[])]),
        derived_by(PBKDF2, &[salt(), int(1), int(16)]),
        derived_by(PBKDF2, &[salt(), int(1), int(u64::MAX)]),
        derived_by(PBKDF2, &[salt(), int(1), sha256(), sha256()]),
        derived_by(SCRYPT, &[salt(), int(1024), int(8)]),
        derived_by(SCRYPT, &[salt(), int(1023), int(8), int(1)]),
        derived_by(SCRYPT, &[salt(), int(1), int(8), int(1)]),
        derived_by(SCRYPT, &[salt(), int(0), int(8), int(1)]),
        derived_by(SCRYPT, &[salt(), int(2), int(0), int(1)]),
        derived_by(SCRYPT, &[salt(), int(2), int(1), int(0)]),
        derived_by(SCRYPT, &[salt(), int(2), int(1), int(1), sha256()]),
        encrypted(PBES2, &[pbkdf2()], &[0; 16]),
        encrypted(PBES2, &[pbkdf2(), iv(15)], &[0; 16]),
        encrypted(PBES2, &[pbkdf2(), iv(17)], &[0; 16]),
        encrypted(PBES2, &[pbkdf2(), aes256()], &[]),
        encrypted(PBES2, &[pbkdf2(), aes256()], &[0; 15]),
        encrypted(PBES2, &[pbkdf2(), triple_des(7)], &[0; 16]),
        encrypted(PBES2, &[pbkdf2(), triple_des(16)], &[0; 16]),
        encrypted(PBES2, &[pbkdf2(), triple_des(8)], &[0; 12]),
    ] {
        for passphrase in [None, Some("x")] {
            assert_eq!(with(&content, passphrase).message, damaged().message);
        }
    }
}

#[test]
fn what_is_inside_is_a_private_key_or_the_passphrase_is_wrong() {
    let seal = |content: &[u8]| {
        let mut key = [0; 32];
        let rounds = NonZeroU32::new(1).unwrap();
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA1, rounds, &[1; 8], b"x", &mut key);
        let key = UnboundCipherKey::new(&AES_256, &key).unwrap();
        let mut data = content.to_vec();
        let iv = cipher::EncryptionContext::Iv128(FixedLength::from(&[7; 16]));
        let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).unwrap();
        key.less_safe_encrypt(&mut data, iv).unwrap();
        let derivation = named(PBKDF2, &[sequence(&[octets(&[1; 8]), int(1)])]);
        encrypted(PBES2, &[derivation, aes256()], &data)
    };
    let twice = seal(&seal(b""));
    for inside in [&b""[..], b"\x30", b"a secret of many bytes", &twice] {
        let fault = with(&seal(inside), Some("x"));
        assert_eq!(
            fault.message,
            "the passphrase does not open the private key"
        );
        assert_eq!(fault.reason, KeyReason::Rejected);
    }
    let foreign = sequence(&[int(0), named("1.2.3", &[]), octets(&[0])]);
    assert_eq!(
        with(&seal(&foreign), Some("x")).message,
        "the content is a key of a kind that is not supported (OID 1.2.3)"
    );
}

#[test]
fn an_empty_passphrase_is_named_as_that() {
    let content = derived_by(PBKDF2, &[octets(&[1; 8]), int(1)]);
    assert_eq!(
        with(&content, Some("")).message,
        "the passphrase is empty, and does not open the private key"
    );
}

/// NIST SP 800-67 has no vectors for the mode; these are of `openssl enc -des-ede3-cbc`, with
/// the key 00 01 … 17 and the vector of zeros.
#[test]
fn triple_des_in_cbc_is_that_of_openssl() {
    let key: Vec<u8> = (0..24).collect();
    let decrypt = |data: &[u8]| {
        let mut content = data.to_vec();
        Cipher::TripleDes([0; 8])
            .decrypt(&key, &mut content)
            .map(|()| content)
    };
    let encrypted = [
        0x28, 0x00, 0xa3, 0x27, 0x53, 0x39, 0xd4, 0x50, 0xaa, 0x2b, 0x0c, 0x14, 0x98, 0x6a, 0x90,
        0xee,
    ];
    assert_eq!(decrypt(&encrypted).unwrap(), b"two blocks");
    let mut changed = encrypted;
    changed[15] ^= 1;
    assert_eq!(decrypt(&changed), None);
    assert_eq!(decrypt(&encrypted[..8]), None);
}

#[test]
fn a_passphrase_loses_one_line_break_of_a_file_and_is_not_shown() {
    let bytes = |content: &[u8], text_source| Passphrase::new(content, text_source).0.to_vec();
    assert_eq!(bytes(b" x \r\n", true), b" x ");
    assert_eq!(bytes(b"x\n\n", true), b"x\n");
    assert_eq!(bytes(b"x\n", false), b"x\n");
    assert_eq!(bytes(b"\xff\0", true), b"\xff\0");
    assert_eq!(
        format!("{:?}", Passphrase::new(b"hunter2", true)),
        "Passphrase(..)"
    );
}
