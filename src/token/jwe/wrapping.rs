//! How a secret that both sides have, or have agreed on, wraps the key of a content.

use zeroize::Zeroizing;

use crate::token::compact::{Malformed, encode_segment};
use crate::token::header_parts::HeaderParts;
use crate::token::json::quote;
use crate::token::jwe::key_management::Wrapping;
use crate::token::jwe::{ContentEncryption, NoRandom, wrap};

/// A key that was wrapped.
pub(super) struct Wrapped {
    pub(super) key: Vec<u8>,
    /// Parameters of the header, each with its value as JSON text.
    pub(super) parameters: Vec<(&'static str, String)>,
}

impl Wrapping {
    /// The length of the secret.
    pub(super) fn secret_len(self) -> usize {
        match self {
            Wrapping::Aes(len) | Wrapping::Gcm(len) => len,
        }
    }

    /// The length of a key of this length once it is wrapped.
    pub(super) fn wrapped_len(self, len: usize) -> usize {
        match self {
            Wrapping::Aes(_) => len.saturating_add(wrap::ADDED),
            Wrapping::Gcm(_) => len,
        }
    }

    pub(super) fn wrap(self, secret: &[u8], key: &[u8]) -> Result<Wrapped, NoRandom> {
        match self {
            Wrapping::Aes(_) => Ok(Wrapped {
                key: wrap::wrap(secret, key).ok_or(NoRandom)?,
                parameters: Vec::new(),
            }),
            Wrapping::Gcm(len) => {
                let gcm = ContentEncryption::gcm(len).and_then(|gcm| gcm.key(secret));
                let sealed = gcm.ok_or(NoRandom)?.seal(&[], key)?;
                let parameter = |bytes: &[u8]| quote(&encode_segment(bytes));
                Ok(Wrapped {
                    parameters: vec![
                        ("iv", parameter(&sealed.iv)),
                        ("tag", parameter(&sealed.tag)),
                    ],
                    key: sealed.ciphertext,
                })
            }
        }
    }

    /// `None` where the key was wrapped with another secret; a fault tells only what everybody can see.
    pub(super) fn unwrap(
        self,
        secret: &[u8],
        header: &HeaderParts<'_>,
        wrapped: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Malformed> {
        match self {
            Wrapping::Aes(_) => Ok(wrap::unwrap(secret, wrapped)),
            Wrapping::Gcm(len) => {
                let Some(gcm) = ContentEncryption::gcm(len) else {
                    return Ok(None);
                };
                let (iv, tag) = (header.needed_bytes("iv")?, header.needed_bytes("tag")?);
                gcm.check_lengths(&iv, &tag, "header's ")?;
                let mut key = Zeroizing::new(wrapped.to_vec());
                let opened = gcm
                    .key(secret)
                    .and_then(|gcm| gcm.open(&iv, &[], &mut key, &tag));
                Ok(opened.map(|()| key))
            }
        }
    }
}
