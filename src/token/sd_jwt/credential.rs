//! Which claims of a credential are shown in any case (draft-ietf-oauth-sd-jwt-vc, Registered JWT Claims; the
//! numbers of its sections change from draft to draft).

use crate::token::compact::Malformed;
use crate::token::json::Json;
use crate::token::sd_jwt::reassembled::places;

/// The claims that are never disclosed by themselves, nor is anything within them: a holder who left one out
/// would present an expired or revoked credential as a good one, or that of another as his own.
const ALWAYS_SHOWN: [&str; 8] = [
    "iss",
    "nbf",
    "exp",
    "cnf",
    "vct",
    "vct#integrity",
    "aka_vcts",
    "status",
];

/// The claim that a name or a pointer (RFC 6901) names or leads into, if a credential has to show it.
#[must_use]
pub fn always_shown(name: &str) -> Option<&'static str> {
    let first = name.strip_prefix('/').map(|pointer| {
        let end = pointer.find('/').unwrap_or(pointer.len());
        pointer.get(..end).unwrap_or_default()
    });
    let first = first.unwrap_or(name);
    ALWAYS_SHOWN.into_iter().find(|claim| *claim == first)
}

/// The first claim that disclosures of a credential have or lead into, and that it has to show.
pub(in crate::token) fn disclosed_in_spite(
    payload: Json<'_>,
    disclosures: &[&str],
) -> Result<Option<&'static str>, Malformed> {
    let places = places(payload, disclosures)?;
    Ok(places.iter().find_map(|place| always_shown(place)))
}
