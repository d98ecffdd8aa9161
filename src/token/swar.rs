//! Searches bytes eight at a time, in plain arithmetic. For wider instructions the processor would
//! have to be asked first, and a virtual processor takes longer to answer than all searches in a
//! token.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Sets the high bits of the bytes in a word that are one of some values, or below `n`; the values
/// and `n` are ASCII. The marks are exact up to the first such byte, and only that one is looked
/// for.
pub(super) fn marks<const N: usize>(word: u64, values: [u8; N], n: u8) -> u64 {
    // A byte below `n` borrows, which sets its high bit; bytes that had it set before are not
    // ASCII.
    let below = word.wrapping_sub(ONES.wrapping_mul(u64::from(n)));
    let borrowed = values.iter().fold(below, |all, value| {
        all | (word ^ ONES.wrapping_mul(u64::from(*value))).wrapping_sub(ONES)
    });
    borrowed & !word & HIGH
}

/// The place of the first byte that is marked in its word; the length of the text if there is none.
#[inline]
pub(super) fn find(text: &[u8], mark: impl Fn(u64) -> u64) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    // No offset is beyond the length of the text.
    let mut offset = 0_usize;
    for word in words {
        let marks = mark(u64::from_le_bytes(*word));
        if marks != 0 {
            return offset.wrapping_add((marks.trailing_zeros() >> 3) as usize);
        }
        offset = offset.wrapping_add(8);
    }
    let alone = |byte: &u8| mark(u64::from(*byte)) & 0x80 != 0;
    offset.wrapping_add(rest.iter().position(alone).unwrap_or(rest.len()))
}

/// How many bytes at the front of a text certainly have neither of two values, in steps of 32. No
/// step ends early, so that its bytes are compared at once.
pub(super) fn without(text: &[u8], [a, b]: [u8; 2]) -> usize {
    let (blocks, _) = text.as_chunks::<32>();
    let either = |byte: &u8| u8::from(*byte == a) | u8::from(*byte == b);
    let is_clear = |block: &&[u8; 32]| block.iter().fold(0, |all, byte| all | either(byte)) == 0;
    blocks
        .iter()
        .take_while(is_clear)
        .count()
        .saturating_mul(32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_byte_is_found(
            text in proptest::collection::vec(any::<u8>(), 0..40),
            values in proptest::array::uniform2(0..=127_u8),
            n in 0..=127_u8,
        ) {
            let found = find(&text, |word| marks(word, values, n));
            let first = text.iter().position(|b| values.contains(b) || *b < n);
            prop_assert_eq!(found, first.unwrap_or(text.len()));
        }

        #[test]
        fn what_is_passed_over_has_neither(text in "[a-d.~]{0,99}|[a-d]{90}[.~]?", b in b'a'..=b'd') {
            let text = text.as_bytes();
            let clear = without(text, [b'.', b]);
            let (before, rest) = text.split_at(clear);
            let is_marked = |byte: &u8| *byte == b'.' || *byte == b;
            prop_assert!(!before.iter().any(is_marked));
            prop_assert!(rest.len() < 32 || rest[..32].iter().any(is_marked));
        }
    }
}
