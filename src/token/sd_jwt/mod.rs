//! Tokens whose claims are disclosed one by one: SD-JWT (RFC 9901), and the credentials made of them.
//!
//! The issuer signs digests; the holder hands out the claims that belong to some of them, and may
//! prove that the token is its own. A digest that no disclosure belongs to says nothing: it may be a
//! decoy.

mod disclosure;
mod issue;
mod presented;
mod reassembled;

use crate::token::compact::Malformed;
use crate::token::json::Json;

pub use issue::disclosable;
pub(in crate::token) use presented::Presented;
pub use presented::without;
pub(in crate::token) use reassembled::reassemble;

/// The hash of an SD-JWT that a proof of its holder's key has, as `sd_hash` (RFC 9901 section 4.3.1).
pub(in crate::token) fn key_binding_hash(
    payload: Json<'_>,
    issued: &str,
) -> Result<String, Malformed> {
    Ok(disclosure::digest_of(disclosure::hash_of(payload)?, issued))
}

#[cfg(test)]
mod tests;
