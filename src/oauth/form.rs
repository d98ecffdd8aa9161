//! `application/x-www-form-urlencoded`, as OAuth has it (RFC 6749 appendix B).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// No request of this protocol has more parameters.
const MOST: usize = 64;

/// What stays as it is in a query (RFC 3986 section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reads a query or a form: names and values in their order. Parameters without a value are left
/// out, since they count as omitted (RFC 6749 section 3.1). Nothing is guessed.
///
/// # Errors
/// What is wrong: too many parameters, or one that is not well encoded or not UTF-8.
pub fn parse(text: &[u8]) -> Result<Vec<(String, String)>, &'static str> {
    let mut parameters = Vec::new();
    for pair in text.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
        if parameters.len() == MOST {
            return Err("there are too many parameters");
        }
        let equals = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(equals);
        let value = value.get(1..).unwrap_or_default();
        let (name, value) = decode(name)
            .zip(decode(value))
            .ok_or("a parameter is not well encoded, or not UTF-8")?;
        if !value.is_empty() {
            parameters.push((name, value));
        }
    }
    Ok(parameters)
}

/// Undoes the encoding of a name or a value; `None` where a `%` is followed by anything but two
/// hexadecimal digits, or the bytes are not UTF-8.
#[must_use]
pub fn decode(text: &[u8]) -> Option<String> {
    if !text.iter().any(|b| matches!(b, b'%' | b'+')) {
        return String::from_utf8(text.to_vec()).ok();
    }
    let escapes = text.split(|b| *b == b'%').skip(1);
    for rest in escapes {
        if !rest.get(..2)?.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|b| if *b == b'+' { b' ' } else { *b })
        .collect();
    let bytes: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(bytes).ok()
}

/// Encodes a name or a value; a space becomes `%20`, which is right in a form and in a URL.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A URI with one more parameter in its query.
#[must_use]
pub fn with_parameter(uri: &str, name: &str, value: &str) -> String {
    let separator = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{separator}{name}={}", encode(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded() {
        let parameters = parse("a=1+2%2B3&b=%C3%A9&&c&d=&e=f=g".as_bytes()).unwrap();
        let expected = [("a", "1 2+3"), ("b", "é"), ("e", "f=g")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parameters, expected);
    }

    #[test]
    fn what_is_badly_encoded_is_refused() {
        for text in ["a=%", "a=%1", "a=%zz", "a=%ff", "%c3=1", "a=%+1"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(b"a=\xff").is_err());
    }

    #[test]
    fn there_is_a_bound_on_their_number() {
        assert!(parse("a=1&".repeat(65).as_bytes()).is_err());
    }

    #[test]
    fn what_is_encoded_is_read_as_it_was() {
        let value = "a b+c%/?&=é~";
        let uri = with_parameter("https://a.test/cb?x=1", "state", value);
        let (_, query) = uri.split_once('?').unwrap();
        let read = parse(query.as_bytes()).unwrap();
        assert_eq!(read[1], ("state".to_owned(), value.to_owned()));
    }
}
