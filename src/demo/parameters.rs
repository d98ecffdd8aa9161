//! The parameters of a request, `application/x-www-form-urlencoded` (RFC 6749 appendix B).

use axum::http::{HeaderMap, HeaderValue, header};
use percent_encoding::percent_decode;

use crate::demo::error::Refusal;
use crate::demo::redact::quoted;

/// More parameters than this are no request of this protocol.
const MOST: usize = 64;

/// The parameter that may be given more than once (RFC 8707 section 2).
const MAY_REPEAT: &str = "resource";

/// Parameters in the order in which they came, without those that have no value: they count as
/// omitted (RFC 6749 section 3.1).
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the body of a request that has to be a form (RFC 6749 section 3.2).
    pub(super) fn of_form(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        if !is_form(headers) {
            return Err(Refusal::request(
                "the body is not application/x-www-form-urlencoded",
                "RFC 6749 section 3.2",
            ));
        }
        Self::parse(body)
    }

    /// Reads a query or a form. Nothing is guessed: what is not UTF-8 or not well encoded is
    /// refused.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let malformed = |what: &str| Refusal::request(what, "RFC 6749 appendix B");
        let mut parameters = Vec::new();
        for pair in text.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            if parameters.len() == MOST {
                return Err(malformed("there are too many parameters"));
            }
            let equals = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(equals);
            let value = value.get(1..).unwrap_or_default();
            let decoded = decode(name).zip(decode(value));
            let (name, value) = decoded
                .ok_or_else(|| malformed("a parameter is not well encoded, or not UTF-8"))?;
            if !value.is_empty() {
                parameters.push((name, value));
            }
        }
        Ok(Parameters(parameters))
    }

    /// A parameter, if it was given once.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.all(name);
        found.next().filter(|_| found.next().is_none())
    }

    /// Every value of a parameter.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that has to be there.
    pub(super) fn require(&self, name: &str, section: &'static str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::request(format!("there is no `{name}`"), section))
    }

    /// Refuses a parameter that is given more than once (RFC 6749 sections 3.1 and 3.2).
    pub(super) fn none_repeated(&self, section: &'static str) -> Result<(), Refusal> {
        let repeated = self.0.iter().enumerate().find(|(index, (name, _))| {
            name != MAY_REPEAT && self.0.iter().take(*index).any(|(n, _)| n == name)
        });
        match repeated {
            None => Ok(()),
            Some((_, (name, _))) => Err(Refusal::request(
                format!("{} is given more than once", quoted(name, 40)),
                section,
            )),
        }
    }
}

/// Whether a body is said to be a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let essence = content_type
        .unwrap_or_default()
        .split(|b| *b == b';')
        .next();
    essence.is_some_and(|essence| {
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    })
}

/// Undoes the encoding of a name or a value; `None` where a `%` is followed by anything but two
/// hexadecimal digits, or the bytes are not UTF-8.
pub(super) fn decode(text: &[u8]) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parameters {
        Parameters::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn values_are_decoded() {
        let parameters = parse("a=1+2%2B3&b=%C3%A9&&c&d=&e=f=g");
        assert_eq!(parameters.get("a"), Some("1 2+3"));
        assert_eq!(parameters.get("b"), Some("é"));
        assert_eq!(parameters.get("c"), None);
        assert_eq!(parameters.get("d"), None);
        assert_eq!(parameters.get("e"), Some("f=g"));
    }

    #[test]
    fn what_is_badly_encoded_is_refused() {
        for text in ["a=%", "a=%1", "a=%zz", "a=%ff", "%c3=1", "a=%+1"] {
            assert!(Parameters::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Parameters::parse(b"a=\xff").is_err());
    }

    #[test]
    fn only_resource_may_be_repeated() {
        assert!(parse("resource=a&resource=b").none_repeated("").is_ok());
        assert!(parse("a=&a=1").none_repeated("").is_ok());
        assert!(parse("x=1&a=1&a=1").none_repeated("").is_err());
        assert_eq!(parse("a=1&a=2").get("a"), None);
    }

    #[test]
    fn there_is_a_bound_on_their_number() {
        assert!(Parameters::parse("a=1&".repeat(65).as_bytes()).is_err());
    }
}
