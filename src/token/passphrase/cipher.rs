//! The ciphers of an encrypted private key, in CBC.

use aws_lc_rs::cipher::{self, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use des::TdesEde3;
use des::cipher::{BlockCipherDecrypt, KeyInit};

/// A block cipher in the mode CBC, and its initialization vector.
pub(super) enum Cipher {
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
    pub(super) const fn key_len(&self) -> usize {
        match self {
            Cipher::Aes { key_len, .. } => *key_len,
            Cipher::TripleDes(_) => 24,
        }
    }

    pub(super) const fn block_len(&self) -> usize {
        match self {
            Cipher::Aes { .. } => AES_BLOCK,
            Cipher::TripleDes(_) => DES_BLOCK,
        }
    }

    pub(super) const fn note(&self) -> Option<&'static str> {
        match self {
            Cipher::Aes { .. } => None,
            Cipher::TripleDes(_) => Some(
                "the key is encrypted with triple DES, which is out of date: `openssl pkey -in key.pem -aes256 -out new.pem` encrypts it again",
            ),
        }
    }

    /// Decrypts in place; `None` where the result does not end in padding (RFC 8018 appendix B.2.2,
    /// B.2.5).
    pub(super) fn decrypt(&self, key: &[u8], content: &mut Vec<u8>) -> Option<()> {
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

pub(super) fn triple_des(cipher: &TdesEde3, mut previous: [u8; DES_BLOCK], content: &mut [u8]) {
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
