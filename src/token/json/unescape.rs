//! The text of a string without its escapes (RFC 8259 section 7).

use std::borrow::Cow;

use crate::text::hex;
use crate::token::swar;

pub(super) fn code_of(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |n, d| {
        let digit = hex::digit(*d).unwrap_or_default();
        (n << 4) | u32::from(digit)
    })
}

/// Takes the escapes out of the inside of a checked JSON string.
pub(super) fn unescape(inside: &str) -> Cow<'_, str> {
    let plain = swar::find(inside.as_bytes(), |word| swar::marks(word, *b"\\", 0));
    if plain == inside.len() {
        return Cow::Borrowed(inside);
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        match chars.next() {
            Some('u') => {
                let (c, read) = unicode_escape(after);
                out.push(c);
                rest = after.get(read..).unwrap_or_default();
                continue;
            }
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(c) => out.push(c),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character of `uXXXX` or `uXXXX\\uXXXX` at the front, and how many bytes spell it.
fn unicode_escape(text: &str) -> (char, usize) {
    let unit = |from: usize| {
        let end = from.saturating_add(4);
        text.as_bytes().get(from..end).map_or(0, code_of)
    };
    let (code, read) = match unit(1) {
        high @ 0xD800..=0xDBFF => {
            let offset = ((high & 0x3FF) << 10) | (unit(7) & 0x3FF);
            (offset.saturating_add(0x1_0000), 11)
        }
        code => (code, 5),
    };
    (
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        read,
    )
}
