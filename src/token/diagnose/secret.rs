//! The other ways in which the content of a secret may have been read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::token::diagnose::SecretReading;
use crate::token::encoding::{Encoding, lenient_base64, without_line_break};
use crate::token::key::{Key, Origin};
use crate::token::material::Material;

type Bytes = Zeroizing<Vec<u8>>;

/// The other secrets that the content may have been read as, each once, and how it was read.
pub(super) fn other_readings(key: &Key) -> Vec<(SecretReading, Bytes)> {
    let Material::Secret(secret) = &key.material else {
        return Vec::new();
    };
    let mut readings: Vec<(SecretReading, Bytes)> = Vec::new();
    let candidates = match &key.origin {
        Some(origin) => of_content(origin),
        None => of_jwk(secret),
    };
    for (reading, bytes) in candidates {
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty() && bytes != secret) else {
            continue;
        };
        if readings.iter().all(|(_, earlier)| *earlier != bytes) {
            readings.push((reading, bytes));
        }
    }
    readings
}

/// Some libraries write the secret into a JWK without encoding it, and read it so.
fn of_jwk(secret: &[u8]) -> Vec<(SecretReading, Option<Bytes>)> {
    let text = URL_SAFE_NO_PAD.encode(secret).into_bytes();
    vec![(SecretReading::TextOfK, Some(Zeroizing::new(text)))]
}

fn of_content(origin: &Origin) -> Vec<(SecretReading, Option<Bytes>)> {
    use SecretReading as R;
    let Origin { content, encoding } = origin;
    let own = |bytes: &[u8]| Some(Zeroizing::new(bytes.to_vec()));
    let line = without_line_break(content);
    let (whole_text, line_text) = match encoding {
        Encoding::Utf8 | Encoding::Raw => (R::WithLineBreak, R::WithoutLineBreak),
        _ => (R::As(Encoding::Raw), R::As(Encoding::Utf8)),
    };
    let twice = |second: Encoding| second.undo(&Encoding::Base64.undo(line)?);
    vec![
        (R::As(Encoding::Base64), Encoding::Base64.undo(content)),
        (
            R::As(Encoding::Base64url),
            Encoding::Base64url.undo(content),
        ),
        (R::As(Encoding::Hex), Encoding::Hex.undo(content)),
        (line_text, own(line)),
        (whole_text, own(content)),
        (R::WithoutQuotes, without_quotes(line).and_then(own)),
        (R::WithoutSpace, own(line.trim_ascii())),
        (
            R::WithoutMark,
            line.strip_prefix(b"\xef\xbb\xbf").and_then(own),
        ),
        (R::BehindName, behind_name(line).and_then(own)),
        (R::Utf16, as_utf16(line)),
        (R::Latin1, as_latin1(line)),
        (R::WithAnotherLineBreak, own(&[line, b"\n"].concat())),
        (R::WithLineBreaks, with_line_breaks(line)),
        (
            R::BehindBase64Mark,
            line.strip_prefix(b"base64:")
                .and_then(|digits| Encoding::Base64.undo(digits)),
        ),
        (
            R::BehindHexMark,
            line.strip_prefix(b"0x")
                .or_else(|| line.strip_prefix(b"0X"))
                .and_then(|digits| Encoding::Hex.undo(digits)),
        ),
        (
            R::HexWithoutColons,
            without_colons(line).and_then(|digits| Encoding::Hex.undo(&digits)),
        ),
        (R::Base64Twice, twice(Encoding::Base64)),
        (R::Base64OfHex, twice(Encoding::Hex)),
        (R::Lenient, Some(lenient_base64(line, b"+/", true))),
        (R::Lenient, Some(lenient_base64(line, b"+/", false))),
        (R::LenientOfBoth, Some(lenient_base64(line, b"+/-_", true))),
        (R::LenientOfBoth, Some(lenient_base64(line, b"+/-_", false))),
    ]
}

fn without_quotes(text: &[u8]) -> Option<&[u8]> {
    [b"\"", b"'"]
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// The value of a line of a .env file.
fn behind_name(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let at = line.iter().position(|byte| *byte == b'=')?;
    let (name, value) = line.split_at_checked(at)?;
    let is_of_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let value = value.get(1..)?;
    let is_name = name.iter().all(is_of_name) && name.first()?.is_ascii_alphabetic();
    is_name.then(|| without_quotes(value).unwrap_or(value))
}

fn as_utf16(text: &[u8]) -> Option<Bytes> {
    let wide = std::str::from_utf8(text).ok()?.encode_utf16();
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len().saturating_mul(2)));
    wide.for_each(|unit| bytes.extend(unit.to_le_bytes()));
    Some(bytes)
}

/// Where all is ASCII, the bytes are the same.
fn as_latin1(text: &[u8]) -> Option<Bytes> {
    let characters = std::str::from_utf8(text).ok()?.chars();
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    for character in characters {
        bytes.push(u8::try_from(u32::from(character)).ok()?);
    }
    Some(bytes)
}

fn without_colons(text: &[u8]) -> Option<Bytes> {
    let mut digits = Zeroizing::new(text.to_vec());
    digits.retain(|byte| *byte != b':');
    (digits.len() < text.len()).then_some(digits)
}

/// Text with a line break for each backslash and `n`.
fn with_line_breaks(text: &[u8]) -> Option<Bytes> {
    let text = std::str::from_utf8(text).ok()?;
    Some(Zeroizing::new(text.replace("\\n", "\n").into_bytes()))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::SecretReading as R;
    use super::*;
    use crate::token::content::{Reading, read};
    use crate::token::pem::samples;

    const TEXT: &str = "a-string-secret-at-least-256-bits-long";

    fn readings(content: &str, encoding: Encoding) -> Vec<(SecretReading, Vec<u8>)> {
        let reading = Reading {
            encoding,
            text_source: true,
            ..Reading::default()
        };
        let keys = read(content.as_bytes(), &reading).unwrap().keys;
        let readings = other_readings(&keys[0]).into_iter();
        readings
            .map(|(what, bytes)| (what, bytes.to_vec()))
            .collect()
    }

    fn names(content: &str, encoding: Encoding) -> Vec<SecretReading> {
        readings(content, encoding)
            .into_iter()
            .map(|(what, _)| what)
            .collect()
    }

    fn read_as(content: &str, what: SecretReading) -> Vec<u8> {
        let readings = readings(content, Encoding::Utf8);
        let found = readings.iter().find(|(name, _)| *name == what);
        found
            .unwrap_or_else(|| panic!("{what:?}: {readings:?}"))
            .1
            .clone()
    }

    #[test]
    fn other_readings_of_a_secret_are_offered_once_each() {
        let hex = "c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7";
        assert_eq!(
            names(&format!("{hex}\n"), Encoding::Utf8),
            [
                R::As(Encoding::Base64),
                R::As(Encoding::Hex),
                R::WithLineBreak,
                R::Utf16,
            ]
        );
        assert_eq!(
            names(&format!("{hex}\n"), Encoding::Hex),
            [
                R::As(Encoding::Base64),
                R::As(Encoding::Utf8),
                R::As(Encoding::Raw),
                R::Utf16,
            ]
        );
        let with_quotes = readings(&format!("\"{TEXT}\""), Encoding::Utf8);
        assert_eq!(with_quotes[0], (R::WithoutQuotes, TEXT.as_bytes().to_vec()));
        assert!(
            other_readings(
                &read(samples::EC_PKCS8.as_bytes(), &Reading::default())
                    .unwrap()
                    .keys[0]
            )
            .is_empty()
        );
    }

    #[test]
    fn a_secret_is_read_as_programs_misread_it() {
        let line = format!("{TEXT}\n");
        assert_eq!(read_as(TEXT, R::WithAnotherLineBreak), line.as_bytes());
        assert_eq!(
            read_as(&format!(" {TEXT}\t"), R::WithoutSpace),
            TEXT.as_bytes()
        );
        assert_eq!(
            read_as(&format!("\u{feff}{TEXT}"), R::WithoutMark),
            TEXT.as_bytes()
        );
        for line in [
            format!("JWT_SECRET={TEXT}"),
            format!("export JWT_SECRET=\"{TEXT}\""),
        ] {
            assert_eq!(behind_name(line.as_bytes()), Some(TEXT.as_bytes()));
        }
        for line in ["=abc", "1A=b", "a b=c", "abc"] {
            assert_eq!(behind_name(line.as_bytes()), None, "{line}");
        }
        let wide: Vec<u8> = TEXT.bytes().flat_map(|byte| [byte, 0]).collect();
        assert_eq!(read_as(TEXT, R::Utf16), wide);
        let latin1 = [b"\xFC".as_slice(), TEXT.as_bytes()].concat();
        assert_eq!(read_as(&format!("ü{TEXT}"), R::Latin1), latin1);
        assert_eq!(
            read_as(&format!("{TEXT}\\n"), R::WithLineBreaks),
            line.as_bytes()
        );
        let twice = STANDARD.encode(STANDARD.encode([b'a'; 32]));
        assert_eq!(read_as(&twice, R::Base64Twice), [b'a'; 32]);
    }

    /// The values are those that Python's `b64decode`, Node's `Buffer.from` and PHP's `base64_decode`
    /// give, which differ in the alphabet and in what stands behind the last whole group.
    #[test]
    fn a_secret_is_read_as_lenient_base64_decoders_read_it() {
        let content = "my-secret_of.some!length$that%is&no(base64)+/";
        let lenient = |n: usize| {
            let readings = readings(content, Encoding::Utf8);
            let mut lenient = readings
                .iter()
                .filter(|(what, _)| matches!(what, R::Lenient | R::LenientOfBoth));
            lenient.nth(n).unwrap().1.clone()
        };
        let decoded = |text: &str| Encoding::Base64.undo(text.as_bytes()).unwrap().to_vec();
        assert_eq!(lenient(0), decoded("mysecretofsomelengththatisnobase64+/"));
        assert_eq!(lenient(1), decoded("my+secret/ofsomelengththatisnobase64"));
        assert_eq!(
            lenient(2),
            decoded("my+secret/ofsomelengththatisnobase64+/")
        );
    }

    #[test]
    fn the_secret_of_a_jwk_may_be_the_text_that_stands_in_it() {
        let jwk = r#"{"kty":"oct","k":"a-string-secret-at-least-256-bits-longer_00"}"#;
        let readings = readings(jwk, Encoding::Utf8);
        assert_eq!(readings.len(), 1);
        assert_eq!(
            readings[0].1,
            b"a-string-secret-at-least-256-bits-longer_00"
        );
    }
}
