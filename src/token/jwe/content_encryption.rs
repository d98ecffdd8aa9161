//! The algorithms of content encryption, one row each (RFC 7518 section 5), and what they do.

use std::fmt;

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    self, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{hmac, rand};

use crate::text::count::counted;
use crate::token::compact::Malformed;
use crate::token::jwe::NoRandom;
use crate::token::registered::registered;

use Engine::{CbcHmac, Gcm};

/// What is known of an algorithm; lengths in bytes.
struct Known {
    key_len: usize,
    tag_len: usize,
    iv_len: usize,
    engine: Engine,
}

/// What computes an algorithm.
enum Engine {
    /// AES-GCM (RFC 7518 section 5.3).
    Gcm(&'static aead::Algorithm),
    /// AES in CBC, with an HMAC over all of it (RFC 7518 section 5.2).
    CbcHmac(&'static cipher::Algorithm, hmac::Algorithm),
}

const fn known(key_len: usize, tag_len: usize, iv_len: usize, engine: Engine) -> Known {
    Known {
        key_len,
        tag_len,
        iv_len,
        engine,
    }
}

registered! {
    /// An algorithm that encrypts the content of a JWE, by its name in the IANA registry
    /// (RFC 7518 section 5.1). Its key, tag and initialization vector have fixed lengths.
    #[non_exhaustive]
    pub enum ContentEncryption;
    const fn known(self) -> Known;

    A128Gcm = "A128GCM", "AES-128 in GCM", known(16, 16, 12, Gcm(&aead::AES_128_GCM));
    A192Gcm = "A192GCM", "AES-192 in GCM", known(24, 16, 12, Gcm(&aead::AES_192_GCM));
    A256Gcm = "A256GCM", "AES-256 in GCM", known(32, 16, 12, Gcm(&aead::AES_256_GCM));
    A128CbcHs256 = "A128CBC-HS256", "AES-128 in CBC with HMAC SHA-256",
        known(32, 16, 16, CbcHmac(&cipher::AES_128, hmac::HMAC_SHA256));
    A192CbcHs384 = "A192CBC-HS384", "AES-192 in CBC with HMAC SHA-384",
        known(48, 24, 16, CbcHmac(&cipher::AES_192, hmac::HMAC_SHA384));
    A256CbcHs512 = "A256CBC-HS512", "AES-256 in CBC with HMAC SHA-512",
        known(64, 32, 16, CbcHmac(&cipher::AES_256, hmac::HMAC_SHA512));
}

impl ContentEncryption {
    /// The length of a key in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        self.known().key_len
    }

    /// The length of an authentication tag in bytes.
    #[must_use]
    pub const fn tag_len(self) -> usize {
        self.known().tag_len
    }

    /// The length of an initialization vector in bytes.
    #[must_use]
    pub const fn iv_len(self) -> usize {
        self.known().iv_len
    }

    /// AES-GCM with a key of `key_len` bytes.
    pub(super) fn gcm(key_len: usize) -> Option<ContentEncryption> {
        let is_it = |enc: &ContentEncryption| {
            matches!(enc.known().engine, Engine::Gcm(_)) && enc.key_len() == key_len
        };
        Self::ALL.iter().copied().find(is_it)
    }

    /// Refuses a vector or a tag that does not have the length for this algorithm; `whose` names
    /// where they stand.
    pub(super) fn check_lengths(self, iv: &[u8], tag: &[u8], whose: &str) -> Result<(), Malformed> {
        for (what, found, needed) in [
            ("initialization vector", iv.len(), self.iv_len()),
            ("authentication tag", tag.len(), self.tag_len()),
        ] {
            if found != needed {
                let (found, name) = (counted(found, "byte"), self.name());
                return Err(Malformed::new(format!(
                    "the {whose}{what} has {found}, and that of {name} has {needed}"
                )));
            }
        }
        Ok(())
    }

    /// Makes a key ready; `None` where it has another length.
    pub(super) fn key(self, key: &[u8]) -> Option<ContentKey> {
        let Known {
            key_len, engine, ..
        } = self.known();
        if key.len() != key_len {
            return None;
        }
        Some(ContentKey(match engine {
            Engine::Gcm(algorithm) => {
                Ready::Gcm(LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?))
            }
            Engine::CbcHmac(cipher, mac) => {
                let (mac_key, cipher_key) = key.split_at(key_len / 2);
                Ready::CbcHmac {
                    mac: Box::new(hmac::Key::new(mac, mac_key)),
                    encrypting: Box::new(
                        PaddedBlockEncryptingKey::cbc_pkcs7(
                            UnboundCipherKey::new(cipher, cipher_key).ok()?,
                        )
                        .ok()?,
                    ),
                    decrypting: Box::new(
                        PaddedBlockDecryptingKey::cbc_pkcs7(
                            UnboundCipherKey::new(cipher, cipher_key).ok()?,
                        )
                        .ok()?,
                    ),
                    tag_len: self.tag_len(),
                }
            }
        }))
    }
}

/// A content encryption key, made ready.
pub(super) struct ContentKey(Ready);

enum Ready {
    Gcm(LessSafeKey),
    CbcHmac {
        mac: Box<hmac::Key>,
        encrypting: Box<PaddedBlockEncryptingKey>,
        decrypting: Box<PaddedBlockDecryptingKey>,
        tag_len: usize,
    },
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentKey").finish_non_exhaustive()
    }
}

/// The result of encryption: the ciphertext, and what belongs to it.
#[derive(Clone, Default)]
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl ContentKey {
    /// Opens a ciphertext in place. A failure does not say why: nobody may learn whether the
    /// padding or the tag was wrong (RFC 7516 section 11.5).
    pub(super) fn open(
        &self,
        iv: &[u8],
        aad: &[u8],
        ciphertext: &mut Vec<u8>,
        tag: &[u8],
    ) -> Option<()> {
        match &self.0 {
            Ready::Gcm(key) => {
                let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
                key.open_in_place_separate_tag(nonce, Aad::from(aad), tag, ciphertext)
                    .ok()?;
            }
            Ready::CbcHmac {
                mac,
                decrypting,
                tag_len,
                ..
            } => {
                let authentic = authentication(mac, aad, iv, ciphertext);
                verify_slices_are_equal(authentic.as_ref().get(..*tag_len)?, tag).ok()?;
                let iv: [u8; 16] = iv.try_into().ok()?;
                let iv = DecryptionContext::Iv128(FixedLength::from(&iv));
                let len = decrypting.decrypt(ciphertext, iv).ok()?.len();
                ciphertext.truncate(len);
            }
        }
        Some(())
    }

    /// Encrypts with a new random vector.
    pub(super) fn seal(&self, aad: &[u8], plaintext: &[u8]) -> Result<Sealed, NoRandom> {
        let mut ciphertext = plaintext.to_vec();
        match &self.0 {
            Ready::Gcm(key) => {
                let mut iv = [0; 12];
                rand::fill(&mut iv).map_err(|_| NoRandom)?;
                let nonce = Nonce::assume_unique_for_key(iv);
                let tag = key
                    .seal_in_place_separate_tag(nonce, Aad::from(aad), &mut ciphertext)
                    .map_err(|_| NoRandom)?;
                Ok(Sealed {
                    iv: iv.to_vec(),
                    ciphertext,
                    tag: tag.as_ref().to_vec(),
                })
            }
            Ready::CbcHmac {
                mac,
                encrypting,
                tag_len,
                ..
            } => {
                let mut iv = [0; 16];
                rand::fill(&mut iv).map_err(|_| NoRandom)?;
                let context = EncryptionContext::Iv128(FixedLength::from(&iv));
                encrypting
                    .less_safe_encrypt(&mut ciphertext, context)
                    .map_err(|_| NoRandom)?;
                let tag = authentication(mac, aad, &iv, &ciphertext);
                let tag = tag.as_ref().get(..*tag_len).unwrap_or_default().to_vec();
                Ok(Sealed {
                    iv: iv.to_vec(),
                    ciphertext,
                    tag,
                })
            }
        }
    }
}

/// RFC 7518 section 5.2.2.1, steps 4 and 5; the tag is the beginning of the result.
fn authentication(mac: &hmac::Key, aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> hmac::Tag {
    let bits = u64::try_from(aad.len()).map_or(u64::MAX, |len| len.saturating_mul(8));
    let mut context = hmac::Context::with_key(mac);
    context.update(aad);
    context.update(iv);
    context.update(ciphertext);
    context.update(&bits.to_be_bytes());
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::encoding::Encoding;

    #[test]
    fn the_vectors_of_wycheproof_and_webcrypto_are_judged_as_they_say() {
        const WYCHEPROOF: &str =
            include_str!("../../../tests/vectors/jwe/wycheproof-content-encryption.jsonl");
        const WEBCRYPTO: &str =
            include_str!("../../../tests/vectors/jwe/webcrypto-content-encryption.jsonl");
        let mut count = 0;
        for line in WYCHEPROOF.lines().chain(WEBCRYPTO.lines()) {
            let row: (u32, String, String, [String; 6]) = serde_json::from_str(line).unwrap();
            let (id, result, enc, parts) = row;
            let [key, iv, aad, plaintext, ciphertext, tag] =
                parts.map(|hex| Encoding::Hex.undo(hex.as_bytes()).unwrap_or_default());
            let mut content = ciphertext.to_vec();
            let key = ContentEncryption::parse(&enc).unwrap().key(&key).unwrap();
            let opened = key.open(&iv, &aad, &mut content, &tag);
            let is_whole = opened.is_some() && content == *plaintext;
            // What is acceptable has a tag that is shorter than that of a JWE, or a longer IV.
            assert_eq!(is_whole, result == "valid", "{enc} {id}");
            assert_eq!(opened.is_some(), is_whole, "{enc} {id}");
            count += 1;
        }
        assert_eq!(count, 192);
    }
}
