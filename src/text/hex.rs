//! Bytes and numbers in hexadecimal digits (RFC 4648 section 8).

/// Bytes as digits, two of each, in lower case.
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut digits = String::with_capacity(bytes.len().saturating_mul(2));
    push(bytes, &mut digits);
    digits
}

/// Appends bytes as digits to a text that has room for them.
pub(crate) fn push(bytes: &[u8], to: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    for half in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        to.extend(DIGITS.get(usize::from(half)));
    }
}

/// The value of a digit.
#[must_use]
pub fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        b'A'..=b'F' => Some(digit.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

/// The byte of two digits; `None` for anything else.
#[must_use]
pub fn byte(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    Some(digit(*high)? << 4 | digit(*low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_two_digits_that_have_its_value() {
        for byte in u8::MIN..=u8::MAX {
            let digits = encode([byte]);
            assert_eq!(digits, format!("{byte:02x}"));
            for digits in [digits.to_uppercase(), digits] {
                assert_eq!(super::byte(digits.as_bytes()), Some(byte));
            }
        }
        assert_eq!([b'g', b'+', b' ', 0].map(digit), [None; 4]);
        for text in ["", "0", "000", "+1", "1 ", "0g"] {
            assert_eq!(super::byte(text.as_bytes()), None, "{text}");
        }
    }
}
