//! The other forms in which a signature may be written.

use crate::token::advice::{Difference, SignatureForm};
use crate::token::algorithm::{Algorithm, Family};
use crate::token::compact::encode_segment;
use crate::token::diagnose::Variant;
use crate::token::ecdsa_signature::{from_der, side_by_side, wide};
use crate::token::encoding::Encoding;

/// In a longer text no signature is looked for.
const MOST_READ: usize = 64 << 10;

/// The signature as it stands, and the others that it may stand for.
pub(super) fn variants(
    signature: &[u8],
    algorithm: Algorithm,
    len: Option<usize>,
) -> Vec<Variant<Vec<u8>>> {
    let mut variants: Vec<Variant<Vec<u8>>> = vec![(Vec::new(), signature.to_vec())];
    if signature.len() > MOST_READ {
        return variants;
    }
    let segment = encode_segment(signature);
    let inside = std::str::from_utf8(signature).ok().map(str::trim);
    // OpenSSL writes the name of the hash and the file in front: `SHA2-256(stdin)= 0f…`.
    let digits = inside.map(|text| text.rsplit_once("= ").map_or(text, |(_, digits)| digits));
    let undo = |encoding: Encoding, text: &str| encoding.undo(text.as_bytes());
    let layers = [
        (SignatureForm::Hex, undo(Encoding::Hex, &segment)),
        (
            SignatureForm::HexInside,
            digits.and_then(|text| undo(Encoding::Hex, text)),
        ),
        (
            SignatureForm::Base64Inside,
            inside.and_then(|text| undo(Encoding::Base64, text)),
        ),
        (
            SignatureForm::Base64Inside,
            inside.and_then(|text| undo(Encoding::Base64url, text)),
        ),
    ];
    for (form, bytes) in layers {
        let differs = vec![Difference::Written(form)];
        variants.extend(bytes.map(|bytes| (differs, bytes.to_vec())));
    }
    let unwritten = |(differs, bytes): &Variant<Vec<u8>>| -> Vec<Variant<Vec<u8>>> {
        let and = |form| [differs.as_slice(), &[Difference::Written(form)]].concat();
        let of_der = match algorithm.family() {
            Family::Ecdsa(curve) => {
                from_der(bytes, curve).map(|fixed| (and(SignatureForm::Der), fixed))
            }
            _ => None,
        };
        let from_zeros = sized(bytes, algorithm, len)
            .into_iter()
            .map(|b| (and(SignatureForm::Zeros), b));
        of_der.into_iter().chain(from_zeros).collect()
    };
    let more: Vec<_> = variants.iter().flat_map(unwritten).collect();
    variants.extend(more);
    variants
}

/// A signature of one or two numbers, each of which may be a byte too short or too long.
fn sized(signature: &[u8], algorithm: Algorithm, len: Option<usize>) -> Vec<Vec<u8>> {
    let wrong = len.filter(|len| *len != signature.len());
    match (algorithm.family(), wrong) {
        (Family::RsaPkcs1 | Family::RsaPss, Some(len)) => {
            wide(signature, len).into_iter().collect()
        }
        (Family::Ecdsa(curve), Some(_)) => {
            let width = curve.coordinate_len();
            (width.saturating_sub(1)..=width.saturating_add(1))
                .filter_map(|r| signature.split_at_checked(r))
                .filter(|(_, s)| s.len().abs_diff(width) <= 1)
                .filter_map(|(r, s)| side_by_side(r, s, width))
                .collect()
        }
        _ => Vec::new(),
    }
}
