//! The order of the certificates in `x5c` (RFC 7515 section 4.1.6).

use crate::token::chain::brought;
use crate::token::chain::certificate::Certificate;
use crate::token::json::Object;
use crate::token::warning::Warning;

/// Warns of certificates, in DER, of which one did not issue that before it. A path is found in any order here,
/// but other verifiers take the certificates as they stand.
#[must_use]
pub fn out_of_order(chain: &[Vec<u8>]) -> Option<Warning> {
    let chain = chain.iter().map(|der| Certificate::read(der));
    let chain: Vec<Certificate<'_>> = chain.collect::<Option<_>>()?;
    let mut pairs = chain.windows(2);
    let is_turned =
        |pair: &[Certificate<'_>]| matches!(pair, [below, above] if below.issuer != above.subject);
    let number = pairs.position(is_turned)?.saturating_add(2);
    Some(Warning::new(
        "x5c_order",
        format!(
            "`x5c` is not in its order (RFC 7515 section 4.1.6), and other verifiers may refuse it: certificate {number} did not issue the one before"
        ),
    ))
}

/// Warns of the certificates of a header.
pub(in crate::token) fn out_of_order_in(header: &Object) -> Option<Warning> {
    out_of_order(&brought(header).ok().flatten()?)
}
