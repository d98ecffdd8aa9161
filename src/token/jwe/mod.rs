//! Encrypted tokens: JSON Web Encryption (RFC 7516), with the algorithms of RFC 7518 and RFC 8037.
//!
//! The cryptography is that of aws-lc. The key and the caller decide which algorithms may open a
//! token, never the token. All faults in the secret parts of a token give the same message after
//! the same work (RFC 7516 section 11.5), so nobody can learn from a refusal how to forge a token
//! that opens.

mod agreement;
mod content_encryption;
mod decryption_keys;
pub mod derivation;
mod fit;
pub(in crate::token) mod key_management;
mod message;
mod misfit;
mod open;
mod password;
mod recipient;
mod seal;
mod sender;
mod wrap;
mod wrapping;
mod zip;

use std::fmt;

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::token::key_fault::{KeyFault, KeyReason};

pub use content_encryption::ContentEncryption;
pub use decryption_keys::DecryptionKeys;
pub(in crate::token) use fit::Binding;
pub use key_management::KeyManagement;
pub use message::MOST_RECIPIENTS;
pub(crate) use open::Opener;
pub use open::{Opened, is_json};
pub(in crate::token) use open::{begins_as_token, headers_of, is_encrypted, nested_without_cty};
pub use seal::{Recipient, RecipientAsked, encrypt_to_all};
pub use zip::MOST_INFLATED;

/// How many encrypted tokens may be nested.
pub(in crate::token) const MOST_NESTED: usize = 4;

/// The system gives no random numbers; without them nothing can be encrypted.
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
