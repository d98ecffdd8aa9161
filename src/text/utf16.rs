//! Tells text in UTF-16, as programs of Windows write it, from other bytes.

/// What follows a byte order mark (RFC 2781 section 3.2), of either byte order.
#[must_use]
pub fn after_mark(bytes: &[u8]) -> Option<&[u8]> {
    bytes
        .strip_prefix(b"\xff\xfe")
        .or_else(|| bytes.strip_prefix(b"\xfe\xff"))
}

/// Whether each pair of bytes has its NUL on the same side, as in text of plain letters; a single
/// pair may be anything.
#[must_use]
pub fn is_plain(bytes: &[u8]) -> bool {
    let pairs = bytes.chunks(2);
    let side = |nul: fn(&[u8]) -> bool| pairs.len() > 1 && pairs.clone().all(nul);
    side(|pair| matches!(pair, [1..=255, 0])) || side(|pair| matches!(pair, [0, 1..=255]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_utf_16_is_told_by_its_mark_or_its_nuls() {
        let little: Vec<u8> = "eyJ0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "eyJ0".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for text in [little, big] {
            assert!(is_plain(&text));
            assert!(!is_plain(&text[1..]), "an odd number of bytes");
            assert!(!is_plain(&text[..2]), "one pair");
            assert_eq!(after_mark(&text), None);
        }
        for text in [&b""[..], b"eyJ0", b"\0\0\0\0", b"e\0\0y"] {
            assert!(!is_plain(text), "{text:?}");
        }
        assert_eq!(after_mark(b"\xff\xfee\0"), Some(&b"e\0"[..]));
        assert_eq!(after_mark(b"\xfe\xff"), Some(&b""[..]));
        assert_eq!(after_mark(b"\xef\xbb\xbf"), None);
    }
}
