//! Recipients whose keys are ready, and the header that a token for them begins with.

use crate::cli::issue::order::Content;
use crate::token::claims::Members;
use crate::token::jwe::{Recipient, encrypt_to_all};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

/// The first key of a source that may be a recipient's.
pub(super) fn first<'s>(
    source: &'s KeySource,
    recipient: impl Fn(&'s Key) -> Result<Recipient<'s>, KeyFault>,
) -> Result<(&'s Key, Recipient<'s>), KeyFault> {
    let mut fault = None;
    for key in &source.keys {
        match recipient(key) {
            Ok(recipient) => return Ok((key, recipient)),
            Err(why) => fault = fault.or(Some(why)),
        }
    }
    Err(match fault {
        Some(fault) if !source.is_set => fault,
        Some(_) => KeyFault::rejected(format!(
            "the set from {} has no key to encrypt to",
            source.label
        )),
        None => KeyFault::rejected(format!("{} holds no key", source.label)),
    })
}

/// Recipients, ready to be encrypted to.
pub(in crate::cli) enum Sealer<'s> {
    /// One, in the compact form.
    One {
        key: &'s Key,
        recipient: Recipient<'s>,
    },
    /// Several, in the general JSON form.
    Several(Vec<Recipient<'s>>),
}

impl Sealer<'_> {
    /// Encrypts claims.
    pub(in crate::cli) fn claims(
        &self,
        content: &Content<'_>,
        claims: &Members<'_>,
    ) -> Result<String, KeyFault> {
        let text = claims.text();
        match self {
            Sealer::One { key, recipient } => {
                let header = content.complete(recipient.header(), key.kid.as_deref());
                recipient.encrypt(text.as_bytes(), header)
            }
            Sealer::Several(recipients) => {
                let header = content.complete(Members::new(), None);
                encrypt_to_all(recipients, text.as_bytes(), header)
            }
        }
    }

    /// Encrypts a token that was signed (RFC 7519 section 5.2).
    pub(in crate::cli) fn token(&self, token: &str) -> Result<String, KeyFault> {
        match self {
            Sealer::One { key, recipient } => {
                let mut header = recipient.header();
                header.set_text("cty", "JWT");
                if let Some(kid) = &key.kid {
                    header.set_text("kid", kid);
                }
                recipient.encrypt(token.as_bytes(), header)
            }
            Sealer::Several(recipients) => {
                let mut header = Members::new();
                header.set_text("cty", "JWT");
                encrypt_to_all(recipients, token.as_bytes(), header)
            }
        }
    }
}
