//! Private keys under a passphrase: `EncryptedPrivateKeyInfo` (RFC 5958 section 3), encrypted by
//! PBES2 (RFC 8018 section 6.2).
//!
//! The content says how much work and memory it takes to derive the key that opens it, so that is
//! bounded before anything is derived. PBKDF2 and AES are those of aws-lc; scrypt and triple DES,
//! which aws-lc does not offer to Rust, are those of crates. What is encrypted by triple DES is
//! opened, since key services told people to make such keys, and nothing is encrypted by it.

use std::fmt;
use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    self, AES_128, AES_192, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use der::Tag::{Integer, ObjectIdentifier, OctetString, Sequence};
use des::TdesEde3;
use des::cipher::{BlockCipherDecrypt, KeyInit};
use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::der::tlv::{Element, damaged, dotted, elements, unsigned};
use crate::token::encoding::without_line_break;

use crate::token::key_fault::{KeyFault, KeyReason};

/// How often PBKDF2 may hash, and how many bytes scrypt may fill.
const MOST_ROUNDS: u32 = 10_000_000;
const MOST_MEMORY: u64 = 64 << 20;

/// How often scrypt may fill them, and in blocks of what size: others use 1 and 8.
const MOST_LANES: u32 = 16;
const LARGEST_BLOCK: u32 = 256;

/// No salt is longer: others use 8 to 32 bytes.
const MOST_SALT: usize = 1024;

/// What opens an encrypted private key, wiped when it is dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Passphrase").finish_non_exhaustive()
    }
}

impl Passphrase {
    /// The passphrase in the content of its place; of text that comes from a file, a descriptor or
    /// standard input, without one final line break.
    #[must_use]
    pub fn new(content: &[u8], text_source: bool) -> Self {
        let bytes = match text_source {
            true => without_line_break(content),
            false => content,
        };
        Passphrase(Zeroizing::new(bytes.to_vec()))
    }
}

/// What was encrypted.
pub(super) struct Opened {
    pub(super) der: Zeroizing<Vec<u8>>,
    /// What the user may want to know about how it was.
    pub(super) note: Option<&'static str>,
}

/// Opens what is encrypted. That it is PKCS#8 is for the caller to see: of wrong passphrases, one
/// in 256 leads to bytes that look like an end.
pub(super) fn open(
    algorithm: &[u8],
    encrypted: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<Opened, KeyFault> {
    let scheme = Scheme::read(algorithm)?;
    if encrypted.is_empty() || !encrypted.len().is_multiple_of(scheme.cipher.block_len()) {
        return Err(damaged());
    }
    let Some(Passphrase(bytes)) = passphrase else {
        let message = "the private key is encrypted, and its passphrase is not given";
        return Err(KeyFault::new(KeyReason::Encrypted, message));
    };
    let der = scheme.decrypt(bytes, encrypted);
    Ok(Opened {
        der: der.ok_or_else(|| unopened(passphrase))?,
        note: scheme.cipher.note(),
    })
}

/// The fault of a passphrase that is not that of the key.
pub(super) fn unopened(passphrase: Option<&Passphrase>) -> KeyFault {
    match passphrase {
        Some(Passphrase(bytes)) if bytes.is_empty() => {
            KeyFault::rejected("the passphrase is empty, and does not open the private key")
                .hint(Advice::CheckEmptyPassphrase)
        }
        _ => KeyFault::rejected("the passphrase does not open the private key")
            .hint(Advice::CheckPassphrase),
    }
}

/// The fault of a key in a PEM block that is encrypted as they were before PKCS#8 (RFC 1421 section
/// 4.6), where the passphrase is hashed once, by MD5.
pub(super) fn traditional(block: &str) -> KeyFault {
    let is_old = ["DES-CBC,", "RC2-", "IDEA-", "BF-", "SEED-"]
        .iter()
        .any(|cipher| block.contains(&format!("DEK-Info: {cipher}")));
    KeyFault::rejected("the private key is encrypted in the traditional way of PEM (`Proc-Type`)")
        .hint(Advice::Convert(Foreign::EncryptedPem { is_old }))
}

fn unsupported(what: &str) -> KeyFault {
    KeyFault::rejected(format!(
        "the private key is encrypted with {what}, which is not supported"
    ))
    .hint(Advice::Convert(Foreign::EncryptedPem { is_old: false }))
}

/// The fault of what OpenSSL 3 reads with its legacy provider only.
fn old(what: &str) -> KeyFault {
    unsupported(what).hint(Advice::Convert(Foreign::EncryptedPem { is_old: true }))
}

fn excessive(what: &str) -> KeyFault {
    KeyFault::rejected(format!("the encrypted private key asks for {what}"))
        .hint(Advice::Convert(Foreign::EncryptedPem { is_old: false }))
}

/// `PBES2-params` (RFC 8018 appendix A.4).
struct Scheme<'a> {
    derivation: Derivation,
    salt: &'a [u8],
    cipher: Cipher,
}

enum Derivation {
    Pbkdf2 {
        hash: pbkdf2::Algorithm,
        rounds: NonZeroU32,
    },
    Scrypt(scrypt::Params),
}

/// A block cipher in the mode CBC, and its initialization vector.
enum Cipher {
    Aes {
        cipher: &'static cipher::Algorithm,
        key_len: usize,
        iv: [u8; AES_BLOCK],
    },
    TripleDes([u8; DES_BLOCK]),
}

/// FIPS 197 section 3.1, and FIPS 46-3.
const AES_BLOCK: usize = 16;
const DES_BLOCK: usize = 8;

impl Cipher {
    const fn key_len(&self) -> usize {
        match self {
            Cipher::Aes { key_len, .. } => *key_len,
            Cipher::TripleDes(_) => 24,
        }
    }

    const fn block_len(&self) -> usize {
        match self {
            Cipher::Aes { .. } => AES_BLOCK,
            Cipher::TripleDes(_) => DES_BLOCK,
        }
    }

    const fn note(&self) -> Option<&'static str> {
        match self {
            Cipher::Aes { .. } => None,
            Cipher::TripleDes(_) => Some(
                "the key is encrypted with triple DES, which is out of date: `openssl pkey -in key.pem -aes256 -out new.pem` encrypts it again",
            ),
        }
    }

    /// Decrypts in place; `None` where what comes out does not end in padding (RFC 8018 appendix
    /// B.2.2, B.2.5).
    fn decrypt(&self, key: &[u8], content: &mut Vec<u8>) -> Option<()> {
        let len = match self {
            Cipher::Aes { cipher, iv, .. } => {
                let key = UnboundCipherKey::new(cipher, key).ok()?;
                let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
                let iv = DecryptionContext::Iv128(FixedLength::from(iv));
                key.decrypt(content, iv).ok()?.len()
            }
            Cipher::TripleDes(iv) => {
                triple_des(&TdesEde3::new_from_slice(key).ok()?, *iv, content);
                let padding = usize::from(*content.last()?);
                let len = content.len().checked_sub(padding)?;
                let padded = content.get(len..)?;
                let is_padding = (1..=DES_BLOCK).contains(&padding)
                    && padded.iter().all(|byte| usize::from(*byte) == padding);
                is_padding.then_some(len)?
            }
        };
        content.truncate(len);
        Some(())
    }
}

fn triple_des(cipher: &TdesEde3, mut previous: [u8; DES_BLOCK], content: &mut [u8]) {
    let (blocks, _) = content.as_chunks_mut::<DES_BLOCK>();
    for block in blocks {
        let encrypted = *block;
        cipher.decrypt_block(block.into());
        for (byte, before) in block.iter_mut().zip(previous) {
            *byte ^= before;
        }
        previous = encrypted;
    }
}

impl<'a> Scheme<'a> {
    fn read(algorithm: &'a [u8]) -> Result<Self, KeyFault> {
        let (oid, parameters) = identifier(algorithm)?;
        if oid != "1.2.840.113549.1.5.13" {
            return Err(match oid.rsplit_once('.') {
                Some(("1.2.840.113549.1.5", _)) => old("PBES1"),
                Some(("1.2.840.113549.1.12.1", _)) => old("a cipher of PKCS#12"),
                _ => unsupported(&format!("an unknown scheme (OID {oid})")),
            });
        }
        let parts = only_sequence(&parameters)?;
        let [(Sequence, derivation), (Sequence, cipher)] = parts.as_slice() else {
            return Err(damaged());
        };
        let cipher = cbc(cipher)?;
        let (oid, parameters) = identifier(derivation)?;
        let parameters = only_sequence(&parameters)?;
        let [(OctetString, salt), parameters @ ..] = parameters.as_slice() else {
            return Err(damaged());
        };
        if salt.len() > MOST_SALT {
            return Err(excessive(&format!("a salt of more than {MOST_SALT} bytes")));
        }
        let derivation = match oid.as_str() {
            "1.2.840.113549.1.5.12" => pbkdf2(parameters, cipher.key_len())?,
            "1.3.6.1.4.1.11591.4.11" => scrypt(parameters, cipher.key_len())?,
            oid => {
                return Err(unsupported(&format!(
                    "an unknown key derivation (OID {oid})"
                )));
            }
        };
        Ok(Scheme {
            derivation,
            salt,
            cipher,
        })
    }

    /// `None` where the passphrase is wrong, or what is encrypted was changed.
    fn decrypt(&self, passphrase: &[u8], encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut key = Zeroizing::new(vec![0; self.cipher.key_len()]);
        match &self.derivation {
            Derivation::Pbkdf2 { hash, rounds } => {
                pbkdf2::derive(*hash, *rounds, self.salt, passphrase, &mut key);
            }
            Derivation::Scrypt(parameters) => {
                scrypt::scrypt(passphrase, self.salt, parameters, &mut key).ok()?;
            }
        }
        let mut content = Zeroizing::new(encrypted.to_vec());
        self.cipher.decrypt(&key, &mut content)?;
        Some(content)
    }
}

/// The object identifier of an `AlgorithmIdentifier`, and its parameters.
fn identifier(algorithm: &[u8]) -> Result<(String, Vec<Element<'_>>), KeyFault> {
    let mut parts = elements(algorithm).ok_or_else(damaged)?.into_iter();
    match parts.next() {
        Some((ObjectIdentifier, oid)) => Ok((dotted(oid)?, parts.collect())),
        _ => Err(damaged()),
    }
}

fn only_sequence<'a>(parameters: &[Element<'a>]) -> Result<Vec<Element<'a>>, KeyFault> {
    match parameters {
        [(Sequence, content)] => elements(content).ok_or_else(damaged),
        _ => Err(damaged()),
    }
}

/// RFC 8018 appendix B.2.
fn cbc(algorithm: &[u8]) -> Result<Cipher, KeyFault> {
    let (oid, parameters) = identifier(algorithm)?;
    let (cipher, key_len) = match oid.as_str() {
        "2.16.840.1.101.3.4.1.2" => (Some(&AES_128), 16),
        "2.16.840.1.101.3.4.1.22" => (Some(&AES_192), 24),
        "2.16.840.1.101.3.4.1.42" => (Some(&AES_256), 32),
        "1.2.840.113549.3.7" => (None, 24),
        "1.3.14.3.2.7" => return Err(old("DES")),
        "1.2.840.113549.3.2" => return Err(old("RC2")),
        oid => return Err(unsupported(&format!("an unknown cipher (OID {oid})"))),
    };
    let [(OctetString, iv)] = parameters.as_slice() else {
        return Err(damaged());
    };
    Ok(match cipher {
        Some(cipher) => Cipher::Aes {
            cipher,
            key_len,
            iv: (*iv).try_into().map_err(|_| damaged())?,
        },
        None => Cipher::TripleDes((*iv).try_into().map_err(|_| damaged())?),
    })
}

/// `PBKDF2-params` behind the salt (RFC 8018 appendix A.2).
fn pbkdf2(parameters: &[Element], key_len: usize) -> Result<Derivation, KeyFault> {
    let [(Integer, rounds), rest @ ..] = parameters else {
        return Err(damaged());
    };
    let hash = match without_key_len(rest, key_len)? {
        [] => pbkdf2::PBKDF2_HMAC_SHA1,
        [(Sequence, function)] => hash(function)?,
        _ => return Err(damaged()),
    };
    let rounds = u32::try_from(number(rounds)?).unwrap_or(u32::MAX);
    if rounds > MOST_ROUNDS {
        return Err(excessive(&format!(
            "more than {MOST_ROUNDS} rounds of PBKDF2"
        )));
    }
    let rounds = NonZeroU32::new(rounds).ok_or_else(damaged)?;
    Ok(Derivation::Pbkdf2 { hash, rounds })
}

/// RFC 8018 appendix B.1.
fn hash(function: &[u8]) -> Result<pbkdf2::Algorithm, KeyFault> {
    let (oid, _) = identifier(function)?;
    Ok(match oid.as_str() {
        "1.2.840.113549.2.7" => pbkdf2::PBKDF2_HMAC_SHA1,
        "1.2.840.113549.2.9" => pbkdf2::PBKDF2_HMAC_SHA256,
        "1.2.840.113549.2.10" => pbkdf2::PBKDF2_HMAC_SHA384,
        "1.2.840.113549.2.11" => pbkdf2::PBKDF2_HMAC_SHA512,
        oid => return Err(unsupported(&format!("an unknown hash (OID {oid})"))),
    })
}

/// `scrypt-params` behind the salt (RFC 7914 section 7.1).
fn scrypt(parameters: &[Element], key_len: usize) -> Result<Derivation, KeyFault> {
    let [
        (Integer, cost),
        (Integer, block),
        (Integer, lanes),
        rest @ ..,
    ] = parameters
    else {
        return Err(damaged());
    };
    let (cost, block, lanes) = (number(cost)?, number(block)?, number(lanes)?);
    let is_power = cost.is_power_of_two() && cost > 1;
    if !is_power || block == 0 || lanes == 0 || !without_key_len(rest, key_len)?.is_empty() {
        return Err(damaged());
    }
    if cost.saturating_mul(block).saturating_mul(128) > MOST_MEMORY {
        let most = MOST_MEMORY >> 20;
        return Err(excessive(&format!("more than {most} MiB for scrypt")));
    }
    let (block, lanes) = (u32::try_from(block), u32::try_from(lanes));
    match (u8::try_from(cost.ilog2()), block, lanes) {
        (Ok(log), Ok(block @ ..=LARGEST_BLOCK), Ok(lanes @ ..=MOST_LANES)) => {
            let parameters = scrypt::Params::new(log, block, lanes).map_err(|_| damaged())?;
            Ok(Derivation::Scrypt(parameters))
        }
        _ => Err(excessive(&format!(
            "blocks of scrypt beyond {LARGEST_BLOCK}, or more than {MOST_LANES} lanes"
        ))),
    }
}

/// What follows a `keyLength`, which may be absent and can only be that of the cipher.
fn without_key_len<'a, 'b>(
    parameters: &'a [Element<'b>],
    key_len: usize,
) -> Result<&'a [Element<'b>], KeyFault> {
    match parameters {
        [(Integer, len), rest @ ..] if usize::try_from(number(len)?) == Ok(key_len) => Ok(rest),
        [(Integer, _), ..] => Err(damaged()),
        rest => Ok(rest),
    }
}

/// The value of an INTEGER that is not negative; of a huge one, the greatest there is.
fn number(integer: &[u8]) -> Result<u64, KeyFault> {
    let digits = unsigned(integer)?;
    let add = |number: u64, digit: &u8| number << 8 | u64::from(*digit);
    Ok(match digits.len() {
        0..=8 => digits.iter().fold(0, add),
        _ => u64::MAX,
    })
}

#[cfg(test)]
mod tests;
