//! Tokens whose claims are disclosed one by one: SD-JWT (RFC 9901), and the credentials that build on it.
//!
//! The issuer signs digests; the holder discloses the claims that belong to some of them, and may prove to
//! own the token. A digest without a disclosure means nothing: it may be a decoy.

mod credential;
mod disclosure;
mod given;
mod issue;
mod presented;
mod reassembled;

use crate::token::compact::Malformed;
use crate::token::json::Json;

pub use credential::always_shown;
pub(in crate::token) use credential::disclosed_in_spite;
pub use issue::{Disclosable, NotDisclosable};
pub(in crate::token) use presented::Presented;
pub use presented::without;
pub(in crate::token) use reassembled::reassemble;

/// The hash of an SD-JWT for `sd_hash` in a proof of its holder's key (RFC 9901 section 4.3.1).
pub(in crate::token) fn key_binding_hash(
    payload: Json<'_>,
    issued: &str,
) -> Result<String, Malformed> {
    Ok(disclosure::digest_of(disclosure::hash_of(payload)?, issued))
}

/// Why what follows the last tilde is no proof of the holder's key, where it may be a disclosure.
pub(in crate::token) fn no_proof() -> Malformed {
    Malformed::new(
        "it has no dots; behind a disclosure there has to be a tilde (RFC 9901 section 4)",
    )
}

/// What is said of a token, where the token is the proof.
pub(in crate::token) fn of_proof(message: &str) -> String {
    let [its, it] = ["the token's ", "the token "].map(|whose| message.strip_prefix(whose));
    match (its, it) {
        (Some(rest), _) => format!("its {rest}"),
        (_, Some(rest)) => format!("it {rest}"),
        (None, None) => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
