//! Encrypted tokens: JSON Web Encryption (RFC 7516), with the algorithms of RFC 7518 and RFC 8037.
//!
//! The cryptography is that of aws-lc. Which algorithms open a token, the key says and whoever asks
//! for it, never the token. Whatever is wrong with what is secret in a token is told in the same
//! words and after the same work (RFC 7516 section 11.5): no one learns from a refusal how to write a
//! token that is opened.

mod agreement;
mod content_encryption;
pub mod derivation;
mod fit;
pub(in crate::token) mod key_management;
mod message;
mod open;
mod password;
mod recipient;
mod seal;
mod sender;
mod wrap;
mod zip;

use std::fmt;

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::token::key_fault::{KeyFault, KeyReason};

pub use content_encryption::ContentEncryption;
pub(in crate::token) use fit::Binding;
pub use key_management::KeyManagement;
pub(in crate::token) use open::header_of;
pub use open::{DecryptionKeys, Opened, is_json};
pub use seal::{Recipient, RecipientAsked};
pub use zip::MOST_INFLATED;

/// So many times a token is taken out of another.
pub(in crate::token) const MOST_NESTED: usize = 4;

/// The system gives no random numbers, which nothing can be encrypted without.
#[derive(Clone, Copy, Debug)]
pub(in crate::token) struct NoRandom;

impl fmt::Display for NoRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing can be encrypted: the system gives no random numbers")
    }
}

impl From<NoRandom> for KeyFault {
    fn from(why: NoRandom) -> Self {
        KeyFault::new(KeyReason::System, why.to_string())
    }
}

fn random(len: usize) -> Result<Zeroizing<Vec<u8>>, NoRandom> {
    let mut bytes = Zeroizing::new(vec![0; len]);
    rand::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
