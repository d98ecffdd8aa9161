//! How the content of a private key is encrypted: a key that is derived from a passphrase, and a cipher.

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{AES_128, AES_192, AES_256};
use aws_lc_rs::pbkdf2;
use der::Tag::{Integer, ObjectIdentifier, OctetString, Sequence};
use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::der::tlv::{Element, damaged, dotted, elements, unsigned};
use crate::token::key_fault::KeyFault;
use crate::token::passphrase::cipher::Cipher;

/// How often PBKDF2 may hash; and below, how many bytes scrypt may fill.
pub(in crate::token) const MOST_ROUNDS: u32 = 10_000_000;

const MOST_MEMORY: u64 = 64 << 20;

/// How often scrypt may fill its memory, and in blocks of which size: others use 1 and 8.
const MOST_LANES: u32 = 16;

const LARGEST_BLOCK: u32 = 256;

/// The longest salt: others use 8 to 32 bytes.
const MOST_SALT: usize = 1024;

fn unsupported(what: &str) -> KeyFault {
    KeyFault::rejected(format!(
        "the private key is encrypted with {what}, which is not supported"
    ))
    .hint(Advice::Convert(Foreign::EncryptedPem { is_old: false }))
}

/// The fault of a scheme that OpenSSL 3 reads only with its legacy provider.
fn old(what: &str) -> KeyFault {
    unsupported(what).hint(Advice::Convert(Foreign::EncryptedPem { is_old: true }))
}

fn excessive(what: &str) -> KeyFault {
    KeyFault::rejected(format!("the encrypted private key asks for {what}"))
        .hint(Advice::Convert(Foreign::EncryptedPem { is_old: false }))
}

/// `PBES2-params` (RFC 8018 appendix A.4).
pub(super) struct Scheme<'a> {
    derivation: Derivation,
    pub(super) salt: &'a [u8],
    pub(super) cipher: Cipher,
}

enum Derivation {
    Pbkdf2 {
        hash: pbkdf2::Algorithm,
        rounds: NonZeroU32,
    },
    Scrypt(scrypt::Params),
}

impl<'a> Scheme<'a> {
    pub(super) fn read(algorithm: &'a [u8]) -> Result<Self, KeyFault> {
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

    /// Decrypts a key; `None` where the passphrase is wrong, or the content was changed.
    pub(super) fn decrypt(
        &self,
        passphrase: &[u8],
        encrypted: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
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
pub(super) fn cbc(algorithm: &[u8]) -> Result<Cipher, KeyFault> {
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

/// The rest of `PBKDF2-params` after the salt (RFC 8018 appendix A.2).
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
pub(super) fn hash(function: &[u8]) -> Result<pbkdf2::Algorithm, KeyFault> {
    let (oid, _) = identifier(function)?;
    Ok(match oid.as_str() {
        "1.2.840.113549.2.7" => pbkdf2::PBKDF2_HMAC_SHA1,
        "1.2.840.113549.2.9" => pbkdf2::PBKDF2_HMAC_SHA256,
        "1.2.840.113549.2.10" => pbkdf2::PBKDF2_HMAC_SHA384,
        "1.2.840.113549.2.11" => pbkdf2::PBKDF2_HMAC_SHA512,
        oid => return Err(unsupported(&format!("an unknown hash (OID {oid})"))),
    })
}

/// The rest of `scrypt-params` after the salt (RFC 7914 section 7.1).
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

/// What follows a `keyLength`, which may be absent and must be that of the cipher.
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

/// The value of an INTEGER that is not negative; a huge one gives the greatest number.
pub(super) fn number(integer: &[u8]) -> Result<u64, KeyFault> {
    let digits = unsigned(integer)?;
    let add = |number: u64, digit: &u8| number << 8 | u64::from(*digit);
    Ok(match digits.len() {
        0..=8 => digits.iter().fold(0, add),
        _ => u64::MAX,
    })
}
