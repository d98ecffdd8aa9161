//! How the text of a secret stands for its bytes: `--key-encoding`.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::NO_PAD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::text::hex;
use crate::token::advice::Advice;
use crate::token::key_fault::KeyFault;

/// How the text of a secret stands for its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// The text itself, without one final line break where it comes from a file.
    #[default]
    Utf8,
    /// Every byte, whatever it is.
    Raw,
    /// Base64 (RFC 4648 section 4).
    Base64,
    /// Base64 with the URL and filename safe alphabet (RFC 4648 section 5).
    Base64url,
    /// Two hexadecimal digits a byte.
    Hex,
}

impl Encoding {
    /// Every encoding, in the order in which they are listed.
    pub const ALL: &[Encoding] = &[
        Encoding::Utf8,
        Encoding::Raw,
        Encoding::Base64,
        Encoding::Base64url,
        Encoding::Hex,
    ];

    /// The name that `--key-encoding` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Raw => "raw",
            Encoding::Base64 => "base64",
            Encoding::Base64url => "base64url",
            Encoding::Hex => "hex",
        }
    }

    /// The bytes that the content stands for.
    pub(super) fn decode(
        self,
        content: &[u8],
        text_source: bool,
    ) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let bytes = match self {
            Encoding::Base64 | Encoding::Base64url | Encoding::Hex => {
                return self.undo(content).ok_or_else(|| self.fault(content));
            }
            Encoding::Utf8 if std::str::from_utf8(content).is_err() => {
                return Err(
                    KeyFault::rejected("the secret is not UTF-8 text").hint(Advice::ReadRaw)
                );
            }
            Encoding::Utf8 if text_source => without_line_break(content),
            Encoding::Utf8 | Encoding::Raw => content,
        };
        Ok(Zeroizing::new(bytes.to_vec()))
    }

    /// Undoes base64, base64url or hex; white space and padding mean nothing in them.
    pub(super) fn undo(self, content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut digits = Zeroizing::new(content.to_vec());
        digits.retain(|b| !b.is_ascii_whitespace());
        let base64 = |engine: GeneralPurpose| {
            let bytes = engine.decode(without_padding(&digits));
            bytes.ok().map(Zeroizing::new)
        };
        match self {
            Encoding::Base64 => base64(BASE64),
            Encoding::Base64url => base64(BASE64URL),
            _ => unhex(&digits),
        }
    }

    /// Why content cannot be decoded.
    fn fault(self, content: &[u8]) -> KeyFault {
        let name = self.name();
        let foreign = |b: &u8| !b.is_ascii_whitespace() && !self.has_digit(*b);
        match content.iter().position(foreign) {
            Some(index) => {
                let place = index.saturating_add(1);
                KeyFault::rejected(format!(
                    "the secret is not {name}: byte {place} is not one of its characters"
                ))
                .hint(Advice::NameEncoding)
            }
            None => KeyFault::rejected(format!("the secret is not {name}: it is incomplete")),
        }
    }

    fn has_digit(self, byte: u8) -> bool {
        match self {
            Encoding::Base64 => byte.is_ascii_alphanumeric() || b"+/=".contains(&byte),
            Encoding::Base64url => byte.is_ascii_alphanumeric() || b"-_=".contains(&byte),
            _ => byte.is_ascii_hexdigit(),
        }
    }
}

/// Decodes the base64 and the hexadecimal in content, wherever a group of digits begins and
/// whatever stands between the digits: one reading for each place where a group may begin.
///
/// Most of the result means nothing. It is for searching, not for use.
pub(super) fn hidden(content: &[u8]) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
    let differ = content.iter().any(|byte| b"+/-_".contains(byte));
    let standard = Some((6, digits(content, |digit| sextet(digit, b'+', b'/'))));
    let url = differ.then(|| (6, digits(content, |digit| sextet(digit, b'-', b'_'))));
    let hex = Some((4, digits(content, nibble)));
    let readings = [standard, url, hex].into_iter().flatten();
    readings.flat_map(|(width, digits)| {
        let places = if width == 6 { 4 } else { 2 };
        (0..places).map(move |place| packed(digits.get(place..).unwrap_or_default(), width))
    })
}

/// The values of the digits in content. The letters of `\n` in a string and of `0x` before a byte
/// are not digits.
fn digits(content: &[u8], value: fn(u8) -> Option<u8>) -> Zeroizing<Vec<u8>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(content.len()));
    let mut previous = 0;
    for byte in content {
        match (previous, byte) {
            (b'\\', b'n' | b'r' | b't' | b'x') => {}
            (b'0', b'x' | b'X') if value(b'x').is_none() => {
                digits.pop();
            }
            _ => digits.extend(value(*byte)),
        }
        previous = *byte;
    }
    digits
}

fn sextet(digit: u8, second_last: u8, last: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(digit.wrapping_sub(b'a').wrapping_add(26)),
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0').wrapping_add(52)),
        _ if digit == second_last => Some(62),
        _ if digit == last => Some(63),
        _ => None,
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        b'A'..=b'F' => Some(digit.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

/// The bytes that digits of `width` bits stand for.
pub(super) fn packed(digits: &[u8], width: u32) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len()));
    let (mut bits, mut count) = (0_u32, 0_u32);
    for digit in digits {
        bits = bits << width | u32::from(*digit);
        count = count.wrapping_add(width);
        if count >= 8 {
            count = count.wrapping_sub(8);
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    bytes
}

/// A secret may be padded or not, and bits left over at its end are ignored: two texts for one key
/// do no harm, while two texts for one token would.
const LENIENT: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

fn without_padding(mut digits: &[u8]) -> &[u8] {
    while let Some(fewer) = digits.strip_suffix(b"=") {
        digits = fewer;
    }
    digits
}

fn unhex(digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for pair in pairs {
        bytes.push(hex::byte(pair)?);
    }
    Some(bytes)
}

/// What a lenient decoder makes of text: characters that are not in the alphabet are dropped, `-_`
/// count as `+/` where they are in it, and an incomplete group at the end is dropped too or decoded.
pub(super) fn lenient_base64(
    text: &[u8],
    specials: &[u8],
    whole_groups: bool,
) -> Zeroizing<Vec<u8>> {
    let is_digit = |b: &&u8| b.is_ascii_alphanumeric() || specials.contains(b);
    let standard = |b: &u8| match b {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    };
    let mut digits: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.iter().filter(is_digit).map(standard).collect());
    let rest = digits.len() % 4;
    // One digit is less than a byte.
    if whole_groups || rest == 1 {
        let whole = digits.len().saturating_sub(rest);
        digits.truncate(whole);
    }
    Zeroizing::new(BASE64.decode(&*digits).unwrap_or_default())
}

/// Content without one final line break.
pub(super) fn without_line_break(content: &[u8]) -> &[u8] {
    match content.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_and_padding_are_no_hexadecimal_digits() {
        for (text, place) in [
            ("+f", 1),
            ("0a+f", 3),
            ("0a0=", 4),
            ("0a==", 3),
            ("0a -1", 4),
        ] {
            let fault = Encoding::Hex.decode(text.as_bytes(), true).unwrap_err();
            assert_eq!(
                fault.message,
                format!("the secret is not hex: byte {place} is not one of its characters")
            );
        }
    }

    #[test]
    fn white_space_means_nothing_and_padding_only_at_the_end() {
        let undo =
            |encoding: Encoding, text: &str| encoding.undo(text.as_bytes()).map(|b| b.to_vec());
        assert_eq!(undo(Encoding::Base64, " +/A\n= = "), Some(vec![0xfb, 0xf0]));
        assert_eq!(undo(Encoding::Base64url, "-_A="), Some(vec![0xfb, 0xf0]));
        assert_eq!(undo(Encoding::Hex, "0a\r\n0B"), Some(vec![10, 11]));
        assert_eq!(undo(Encoding::Base64, "+/=A"), None);
        assert_eq!(undo(Encoding::Base64url, "+/A"), None);
        assert_eq!(undo(Encoding::Hex, "0a0"), None);
    }
}
