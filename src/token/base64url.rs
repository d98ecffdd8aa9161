//! Base64url in its one canonical form (RFC 4648 section 5, RFC 7515 section 2), as fast as it goes
//! without wide instructions: decoding is what a batch of tokens does most beside checking them.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Marks what is no letter of the alphabet, above the bits of four that are.
const FOREIGN: u32 = 1 << 24;

/// The six bits of each letter where they stand in a group of four: by the place, then the letter.
static BITS: [[u32; 256]; 4] = bits();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "computed when compiled: a mistake would not build"
)]
const fn bits() -> [[u32; 256]; 4] {
    let mut bits = [[FOREIGN; 256]; 4];
    let mut place = 0;
    while place < 4 {
        let mut value = 0;
        while value < 64 {
            bits[place][ALPHABET[value as usize] as usize] = value << (18 - 6 * place);
            value += 1;
        }
        place += 1;
    }
    bits
}

/// The 24 bits of four letters, or more where one is foreign.
fn group([a, b, c, d]: [u8; 4]) -> u32 {
    let [first, second, third, fourth] = &BITS;
    let bits = |table: &[u32; 256], letter: u8| table.get(usize::from(letter)).copied();
    // No letter is beyond the end of a table.
    bits(first, a).unwrap_or(FOREIGN)
        | bits(second, b).unwrap_or(FOREIGN)
        | bits(third, c).unwrap_or(FOREIGN)
        | bits(fourth, d).unwrap_or(FOREIGN)
}

/// Decodes a text to the end of a buffer; false, with the buffer as it was, where the text is not
/// base64url, is padded, or is not the one spelling of its bytes.
pub(super) fn push_decoded(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    let before = bytes.len();
    let (pairs, rest) = text.as_chunks::<8>();
    let (groups, rest) = rest.as_chunks::<4>();
    let whole = pairs.len().saturating_mul(6);
    bytes.resize(before.saturating_add(whole), 0);
    let decoded = bytes.get_mut(before..).unwrap_or_default();
    let mut seen = 0;
    for ([a, b, c, d, e, f, g, h], six) in pairs.iter().zip(decoded.as_chunks_mut::<6>().0) {
        let (high, low) = (group([*a, *b, *c, *d]), group([*e, *f, *g, *h]));
        seen |= high | low;
        let bits = u64::from(high) << 24 | u64::from(low & 0xFF_FFFF);
        let [_, _, six_bytes @ ..] = bits.to_be_bytes();
        *six = six_bytes;
    }
    for letters in groups {
        let bits = group(*letters);
        seen |= bits;
        let [_, three @ ..] = bits.to_be_bytes();
        bytes.extend_from_slice(&three);
    }
    // `A` stands for no bits: the missing letters add none, and those left over must be none.
    let (bits, missing, count) = match rest {
        [] => (0, 0, 0),
        [a, b] => (group([*a, *b, b'A', b'A']), 0xFFFF, 1),
        [a, b, c] => (group([*a, *b, *c, b'A']), 0xFF, 2),
        _ => (FOREIGN, 0, 0),
    };
    if (seen | bits) & FOREIGN != 0 || bits & missing != 0 {
        bytes.truncate(before);
        return false;
    }
    let [_, last @ ..] = bits.to_be_bytes();
    bytes.extend_from_slice(last.get(..count).unwrap_or_default());
    true
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = b"before".to_vec();
        let is_good = push_decoded(text, &mut bytes);
        assert!(bytes.starts_with(b"before"));
        assert!(is_good || bytes == b"before");
        is_good.then(|| bytes.split_off(6))
    }

    #[test]
    fn every_pair_of_letters_is_judged_as_the_library_does() {
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                for text in [&[a, b][..], &[b'A', a, b], &[b'A', b'Q', a, b]] {
                    assert_eq!(decoded(text), URL_SAFE_NO_PAD.decode(text).ok(), "{text:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let text = URL_SAFE_NO_PAD.encode(&bytes);
            prop_assert_eq!(decoded(text.as_bytes()), Some(bytes));
        }

        #[test]
        fn any_text_is_judged_as_the_library_does(text in "[A-Za-z0-9_+/=-]{0,40}") {
            prop_assert_eq!(decoded(text.as_bytes()), URL_SAFE_NO_PAD.decode(&text).ok());
        }
    }
}
