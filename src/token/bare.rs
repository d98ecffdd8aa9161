//! Keys that are bare bytes. One part proves the other, so random bytes are never taken for a key.

use crate::token::algorithm::Curve;
use crate::token::key_fault::KeyFault;
use crate::token::material::Material;

/// Reads bytes that are the seed and the public key of Ed25519, as `NaCl`, libsodium and Go write a
/// private key, or that are a point on a curve (SEC 1 section 2.3.3), with or without the byte in
/// front that says so; `None` for others.
pub(super) fn find(bytes: &[u8]) -> Option<Result<Material, KeyFault>> {
    // A hash in hexadecimal is as long; it is ruled out without a calculation.
    if bytes.is_ascii() {
        return None;
    }
    ed25519_pair(bytes).or_else(|| point(bytes)).map(Ok)
}

fn ed25519_pair(bytes: &[u8]) -> Option<Material> {
    let (seed, public) = bytes.split_at_checked(32)?;
    match public.len() {
        32 => Material::ed25519_pair(seed, Some(public)).ok(),
        _ => None,
    }
}

fn point(bytes: &[u8]) -> Option<Material> {
    let read = |curve: &Curve| {
        let len = curve.point_len();
        match (bytes.len(), bytes) {
            (own, [4, ..]) if own == len => Material::ec(*curve, bytes).ok(),
            (own, _) if own.checked_add(1) == Some(len) => {
                Material::ec(*curve, &[&[4], bytes].concat()).ok()
            }
            _ => None,
        }
    };
    Curve::ALL.iter().find_map(read)
}
