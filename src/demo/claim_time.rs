//! Times in tokens that have been checked.

use crate::text::time::Timestamp;
use crate::token::claims::numeric_date;
use crate::token::verify::Verified;

/// A claim of a token that is a time.
pub(super) fn time(verified: &Verified, claim: &str) -> Option<Timestamp> {
    numeric_date(verified.claims().get(claim)?).ok()
}
