//! Signatures of ECDSA: the two numbers side by side (RFC 7518 section 3.4), and the forms of
//! others.

use der::asn1::UintRef;
use der::{Decode as _, Reader as _, SliceReader};

use crate::token::algorithm::Curve;
use crate::token::material::without_zeros;

/// The r and s of a DER signature (RFC 3279 section 2.2.3), each as wide as the curve's order.
pub(super) fn from_der(signature: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let mut der = SliceReader::new(signature).ok()?;
    let (r, s) = der
        .sequence(|inside| {
            Ok::<_, der::Error>((UintRef::decode(inside)?, UintRef::decode(inside)?))
        })
        .ok()?;
    side_by_side(r.as_bytes(), s.as_bytes(), curve.coordinate_len())
}

/// Two numbers, each in `width` bytes.
pub(super) fn side_by_side(r: &[u8], s: &[u8], width: usize) -> Option<Vec<u8>> {
    Some([wide(r, width)?, wide(s, width)?].concat())
}

/// A number in `width` bytes.
pub(super) fn wide(number: &[u8], width: usize) -> Option<Vec<u8>> {
    let number = without_zeros(number);
    let mut fixed = vec![0; width.checked_sub(number.len())?];
    fixed.extend_from_slice(number);
    Some(fixed)
}
