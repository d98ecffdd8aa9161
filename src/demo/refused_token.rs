//! A refused token, in the words of the log.

use crate::demo::error::{ErrorCode, OAuthError};
use crate::token::refusal::Reason;
use crate::token::verify::Refused;

/// A verdict as a refusal; `claims` is the section that says which claims a token of this kind has.
pub(super) fn refusal(refused: &Refused, error: ErrorCode, claims: &'static str) -> OAuthError {
    let section = refused.refusals.first().map_or(claims, |r| match r.reason {
        Reason::MissingClaim => claims,
        Reason::KeyWeak => "RFC 7518 section 3.2",
        reason => reason.section(),
    });
    OAuthError::new(error, refused.to_string(), section)
}
