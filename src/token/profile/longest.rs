//! Who takes no token that ends later than in a time that they name.

use crate::text::time::{self, Span, Timestamp};
use crate::token::claims::{Registered, numeric_date};
use crate::token::json::Json;

/// An audience that takes no token which ends later, and the sentence of its documentation.
const LONGEST: &[(&str, Span, &str)] = &[(
    "https://appleid.apple.com",
    Span::from_seconds(15_777_000),
    "Apple takes no client secret that ends more than six months, or 15777000 seconds, from now (developer.apple.com, Creating a client secret)",
)];

/// Why a token ends too late for whom it is for, in a sentence.
pub(crate) fn too_late(registered: &Registered<'_>, now: Timestamp) -> Option<String> {
    let aud = registered.aud.and_then(Json::as_str)?;
    let exp = registered.exp.and_then(|exp| numeric_date(exp).ok())?;
    let (_, longest, why) = LONGEST.iter().find(|(of, ..)| *of == aud)?;
    (exp > now.saturating_add(*longest))
        .then(|| format!("the token ends {}: {why}", time::relative(exp, now)))
}
