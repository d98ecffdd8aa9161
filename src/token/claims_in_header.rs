//! What is odd about claims that stand in the header of a token.

use crate::token::json::Object;
use crate::token::warning::Warning;

/// Warns of a time that stands only in the header, or differs there: verifiers look for it among the claims
/// (RFC 7519 section 4.1).
pub(super) fn times(header: &Object, claims: Option<&Object>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let names = ["exp", "nbf", "iat"];
    for (name, value) in names.into_iter().zip(header.get_all(names)) {
        let Some(value) = value else {
            continue;
        };
        let message = match claims.map(|claims| claims.get(name)) {
            Some(Some(claim)) if claim.same(value) => continue,
            Some(Some(_)) => {
                format!(
                    "the header has another `{name}` than the claims: the one in the claims counts"
                )
            }
            _ => format!("`{name}` stands in the header, where verifiers do not look for it"),
        };
        warnings.push(Warning::new("header_time", message));
    }
    warnings
}

/// Warns of parties that the header of an encrypted token names otherwise than the claims inside: what is
/// replicated there has to be identical (RFC 7519 section 5.3).
pub(super) fn parties(header: &Object, claims: &Object) -> Vec<Warning> {
    let names = ["iss", "sub", "aud"];
    let outside = header.get_all(names);
    // Most have none, and the claims are not looked through for it.
    if outside.iter().all(Option::is_none) {
        return Vec::new();
    }
    let both = names.into_iter().zip(outside).zip(claims.get_all(names));
    let differing = both.filter_map(|((name, outside), inside)| {
        let outside = outside?;
        let message = match inside {
            Some(inside) if inside.same(outside) => return None,
            Some(_) => format!(
                "the header of the encrypted token has another `{name}` than the claims inside, and it has to be the same (RFC 7519 section 5.3)"
            ),
            None => format!(
                "the header of the encrypted token has `{name}`, which is not among the claims inside: it can only repeat one (RFC 7519 section 5.3)"
            ),
        };
        Some(Warning::new("replicated_claim", message))
    });
    differing.collect()
}
