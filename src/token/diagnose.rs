//! Why a signature does not match: what is asked most of every JWT library, and answered by trying.

use der::asn1::UintRef;
use der::{Decode as _, Reader as _, SliceReader};

use crate::text::escape;
use crate::token::algorithm::{Algorithm, Curve, Family};
use crate::token::key::Key;
use crate::token::keyset::{Candidate, Selected, VerifyingKeys};

/// Keys of a set that did not seem to fit are tried up to this many, so that a large set costs no minutes.
const MAX_OTHERS: usize = 1_000;

/// A signature that no selected key matched.
pub(crate) struct Mismatch<'a> {
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a Vec<u8>,
    pub(crate) keys: &'a VerifyingKeys,
    pub(crate) selected: &'a Selected<'a>,
}

impl Mismatch<'_> {
    /// A hint that says what would make the signature good, where trying finds it.
    pub(crate) fn hint(&self) -> Option<String> {
        let candidates = &self.selected.candidates;
        candidates
            .iter()
            .find_map(|c| self.other_reading(c.key))
            .or_else(|| candidates.iter().find_map(|c| self.other_algorithm(c.key)))
            .or_else(|| candidates.iter().find_map(|c| self.der_signature(c)))
            .or_else(|| self.other_key())
    }

    /// The secret may have been meant as base64, or without its line break.
    fn other_reading(&self, key: &Key) -> Option<String> {
        key.other_readings()
            .into_iter()
            .find(|(_, secret)| self.matches(&Key::secret(secret.clone()), self.selected.algorithm))
            .map(|(how, _)| format!("it does match when the secret is read {how}"))
    }

    /// The header may name another algorithm of the same key than the one that was used.
    fn other_algorithm(&self, key: &Key) -> Option<String> {
        let kin = |a: &Algorithm| {
            a.hash_len().is_some() == key.is_secret() && !a.same_as(self.selected.algorithm)
        };
        Algorithm::ALL
            .iter()
            .copied()
            .filter(kin)
            .find(|a| self.matches(key, *a))
            .map(|a| {
                let (made, says) = (a.name(), self.selected.algorithm.name());
                format!("it does match as {made}: whoever made the token signed with {made} and wrote {says} into the header")
            })
    }

    /// Many libraries give an ECDSA signature in DER; a JWS has r and s side by side (RFC 7518 section 3.4).
    fn der_signature(&self, candidate: &Candidate<'_>) -> Option<String> {
        let Family::Ecdsa(curve) = self.selected.algorithm.family() else {
            return None;
        };
        let fixed = fixed_width(self.signature, curve)?;
        candidate
            .verifier
            .verify(self.message, &fixed)
            .ok()
            .map(|()| "it does match, but is written in DER: a token has r and s side by side (RFC 7518 section 3.4)".to_owned())
    }

    /// The `kid` may name the wrong key.
    fn other_key(&self) -> Option<String> {
        self.keys
            .all()
            .filter(|(_, key)| key.allows(self.selected.algorithm))
            .take(MAX_OTHERS)
            .find(|(_, key)| self.matches(key, self.selected.algorithm))
            .map(|(source, key)| match &key.kid {
                Some(kid) => format!(
                    "it does match another key of {}: its `kid` is `{}`",
                    source.label,
                    escape::shorten(kid, 40)
                ),
                None => format!("it does match another key of {}", source.label),
            })
    }

    fn matches(&self, key: &Key, algorithm: Algorithm) -> bool {
        key.verifier(algorithm, true)
            .is_ok_and(|v| v.verify(self.message, self.signature).is_ok())
    }
}

/// The r and s of a DER signature (RFC 3279 section 2.2.3), each as wide as the curve's order.
fn fixed_width(signature: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let mut der = SliceReader::new(signature).ok()?;
    let (r, s) = der
        .sequence(|inside| {
            Ok::<_, der::Error>((UintRef::decode(inside)?, UintRef::decode(inside)?))
        })
        .ok()?;
    let width = curve.coordinate_len();
    let mut fixed = Vec::with_capacity(width.saturating_mul(2));
    for number in [r.as_bytes(), s.as_bytes()] {
        let padding = width.checked_sub(number.len())?;
        fixed.resize(fixed.len().saturating_add(padding), 0);
        fixed.extend_from_slice(number);
    }
    Some(fixed)
}
