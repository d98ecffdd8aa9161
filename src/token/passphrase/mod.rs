//! Private keys under a passphrase: `EncryptedPrivateKeyInfo` (RFC 5958 section 3), encrypted by
//! PBES2 (RFC 8018 section 6.2).
//!
//! The content says how much work and memory it takes to derive the key that opens it, so both are
//! bounded before anything is derived. PBKDF2 and AES are those of aws-lc; scrypt and triple DES,
//! which aws-lc does not offer to Rust, come from other crates. Keys under triple DES are opened,
//! since key services told people to make such keys, but nothing is encrypted with it.

mod cipher;
mod scheme;

use std::fmt;

use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::der::tlv::damaged;
use crate::token::encoding::without_line_break;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::passphrase::scheme::Scheme;

pub(super) use crate::token::passphrase::scheme::MOST_ROUNDS;

/// What opens an encrypted private key, wiped when it is dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Passphrase").finish_non_exhaustive()
    }
}

impl Passphrase {
    /// The passphrase in the content of its place. One final line break is removed from text that
    /// comes from a file, a descriptor or standard input.
    #[must_use]
    pub fn new(content: &[u8], text_source: bool) -> Self {
        let bytes = match text_source {
            true => without_line_break(content),
            false => content,
        };
        Passphrase(Zeroizing::new(bytes.to_vec()))
    }
}

/// A key after decryption.
pub(super) struct Opened {
    pub(super) der: Zeroizing<Vec<u8>>,
    /// A note for the user about how it was encrypted.
    pub(super) note: Option<&'static str>,
}

/// Opens an encrypted key. The caller has to check that the result is PKCS#8: with one wrong
/// passphrase in 256, the result ends in bytes that look like padding.
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

/// The fault of a passphrase that does not open the key.
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

/// The fault of a key in a PEM block that is encrypted in the way before PKCS#8 (RFC 1421 section
/// 4.6), where the passphrase is hashed once, with MD5.
pub(super) fn traditional(block: &str) -> KeyFault {
    let is_old = ["DES-CBC,", "RC2-", "IDEA-", "BF-", "SEED-"]
        .iter()
        .any(|cipher| block.contains(&format!("DEK-Info: {cipher}")));
    KeyFault::rejected("the private key is encrypted in the traditional way of PEM (`Proc-Type`)")
        .hint(Advice::Convert(Foreign::EncryptedPem { is_old }))
}

#[cfg(test)]
mod tests;
