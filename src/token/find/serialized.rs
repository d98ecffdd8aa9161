//! A token in the JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2): its signature or
//! authentication tag is a member of an object.

use std::ops::Range;

use memchr::{memchr2, memchr2_iter, memmem, memrchr2_iter};

use crate::token::find::header;
use crate::token::find::reader::{Equals, Folds, Reader};

/// How far from each other the members may stand.
pub(super) const REACH: usize = 1 << 15;

/// The most braces between a member and the ends of its object.
const MAX_BRACES: usize = 256;

/// What the name of a member belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// A token: where its signature or authentication tag stands, and the object that has it.
    Secret {
        place: Range<usize>,
        object: Range<usize>,
    },
    /// It may be one, and goes on after the text that is there so far.
    Open,
    /// It may be one, and what would have to be replaced is out of reach.
    Far,
    Nothing,
}

/// The members that mark such a token: the first holds a signature, and beside the second stands an
/// authentication tag.
const SIGNATURE: &[u8] = b"signature";
const CIPHERTEXT: &[u8] = b"ciphertext";

/// Whether the name of such a member stands there, in quotation marks.
pub(super) fn is_name(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let is_named = |name: &[u8]| matches!(rest.strip_prefix(name), Some([b'"' | b'\\', ..] | []));
    at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'"')
        && (is_named(SIGNATURE) || is_named(CIPHERTEXT))
}

/// Looks at the object around such a name.
pub(super) fn look(text: &[u8], at: usize, floor: usize, last: bool) -> Look {
    let after = text.get(at..text.len().min(at.saturating_add(REACH)));
    let after = after.unwrap_or_default();
    let unclear = match last || after.len() >= REACH {
        true => Look::Nothing,
        false => Look::Open,
    };
    let near = at.saturating_sub(REACH);
    let before = text.get(near..at).unwrap_or_default();
    // Of a long payload or ciphertext only a part is in reach, and the end of its object is not.
    let is_long = |side: &[u8]| side.len() >= REACH && memchr2(b'{', b'}', side).is_none();
    let is_beside_long = is_long(before) || is_long(after);
    let start = unmatched(memrchr2_iter(b'{', b'}', before), before, b'{');
    let end = unmatched(memchr2_iter(b'{', b'}', after), after, b'}');
    let (start, end) = match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (None, None) if unclear == Look::Open && is_beside_long => return Look::Open,
        _ if is_beside_long => return beside_long(text, at, last),
        (None, _) => return Look::Nothing,
        (_, None) => return unclear,
    };
    let object = near.saturating_add(start)..at.saturating_add(end);
    let inside = text.get(object.clone()).unwrap_or_default();
    let is_token = values(inside, b"protected").any(|value| is_header(inside, value))
        || values(inside, b"header").any(|value| has_algorithm(inside, value));
    let is_signature = text.get(at..).is_some_and(|t| t.starts_with(SIGNATURE));
    let (name, from) = match is_signature {
        true => (SIGNATURE, at.max(floor)),
        false => (&b"tag"[..], floor),
    };
    let mut secrets = values(inside, name)
        .map(|quote| object.start.saturating_add(quote).saturating_add(1))
        .filter(|secret| *secret > from);
    let Some(secret) = secrets.next().filter(|_| is_token) else {
        return Look::Nothing;
    };
    secret_at(text, secret, last, object)
}

/// The signature or tag that begins at a place, unless there is nothing.
fn secret_at(text: &[u8], secret: usize, last: bool, object: Range<usize>) -> Look {
    let mut reader = Reader::new(text, secret, last);
    reader.word(usize::MAX, Folds::Stop, Equals::Padding);
    match reader.len() {
        0 => Look::Nothing,
        _ => Look::Secret {
            place: secret..reader.at(),
            object,
        },
    }
}

/// The signature beside a string that is so long that the header may be behind it. That it is one of a token is
/// not known: it is replaced to be safe.
fn beside_long(text: &[u8], name: usize, last: bool) -> Look {
    let from = name.saturating_sub(1);
    let near = text.get(from..).unwrap_or_default();
    let is_signature = near
        .get(1..)
        .is_some_and(|near| near.starts_with(SIGNATURE));
    let near = near.get(..near.len().min(64)).unwrap_or_default();
    let Some(quote) = values(near, SIGNATURE).next().filter(|_| is_signature) else {
        return Look::Far;
    };
    let secret = from.saturating_add(quote).saturating_add(1);
    secret_at(text, secret, last, name..name)
}

/// Whether the string at a place is the member of an object in which its header would be.
pub(super) fn is_protected(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(32)..at).unwrap_or_default();
    let quote = before.len().checked_sub(1);
    quote.is_some() && values(before, b"protected").any(|value| Some(value) == quote)
}

/// The first of some braces without a match on this side.
pub(super) fn unmatched(
    braces: impl Iterator<Item = usize>,
    text: &[u8],
    wanted: u8,
) -> Option<usize> {
    let mut depth = 0_usize;
    for brace in braces.take(MAX_BRACES) {
        match (text.get(brace) == Some(&wanted), depth) {
            (true, 0) => return Some(brace),
            (true, _) => depth = depth.saturating_sub(1),
            (false, _) => depth = depth.saturating_add(1),
        }
    }
    None
}

/// Where the values of the members of a name begin, however often they were escaped.
fn values(object: &[u8], name: &'static [u8]) -> impl Iterator<Item = usize> {
    memmem::find_iter(object, name).filter_map(move |at| {
        let quoted = object.get(at.checked_sub(1)?) == Some(&b'"');
        let mut rest = object.get(at.saturating_add(name.len())..)?;
        let mut skip = |skipped: fn(u8) -> bool| {
            let count = rest.iter().take_while(|byte| skipped(**byte)).count();
            rest = rest.get(count..).unwrap_or_default();
            rest.first().copied()
        };
        skip(|byte| byte == b'\\').filter(|byte| quoted && *byte == b'"')?;
        skip(|byte| byte == b'"' || byte.is_ascii_whitespace()).filter(|byte| *byte == b':')?;
        skip(|byte| byte == b':' || byte.is_ascii_whitespace())?;
        skip(|byte| byte == b'\\')?;
        Some(object.len().saturating_sub(rest.len()))
    })
}

/// Whether the string at a place is a header in base64.
fn is_header(object: &[u8], quote: usize) -> bool {
    let mut reader = Reader::new(object, quote.saturating_add(1), true);
    reader.word(header::MAX_HEADER, Folds::Stop, Equals::Padding);
    header::read(reader.bytes()).is_some_and(|header| header.named)
}

/// Whether the object at a place, which is not protected by a signature, names an algorithm. A key in it may
/// name one too.
fn has_algorithm(object: &[u8], brace: usize) -> bool {
    let header = object.get(brace..);
    let header = header.and_then(|header| header.strip_prefix(b"{"));
    let header = header.map(|header| {
        let end = unmatched(memchr2_iter(b'{', b'}', header), header, b'}');
        header
            .get(..end.unwrap_or(header.len()))
            .unwrap_or_default()
    });
    header.is_some_and(|header| values(header, b"alg").next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROTECTED: &str = "eyJhbGciOiJFUzI1NiJ9";

    fn secret(text: &str) -> Option<&str> {
        let at = (0..text.len()).find(|at| is_name(text.as_bytes(), *at))?;
        match look(text.as_bytes(), at, 0, true) {
            Look::Secret { place, .. } => Some(&text[place]),
            _ => None,
        }
    }

    #[test]
    fn a_signature_is_found_on_either_side_of_its_header() {
        for text in [
            format!(r#"{{"payload":"e30","protected":"{PROTECTED}","signature":"c2ln"}}"#),
            format!(r#"{{"signature" : "c2ln", "protected" : "{PROTECTED}"}}"#),
            format!(
                r#"{{"signatures":[{{"protected":"{PROTECTED}","header":{{}},"signature":"c2ln"}}]}}"#
            ),
            r#"{"payload":"e30","header":{"kid":"1","alg":"ES256"},"signature":"c2ln"}"#.to_owned(),
            r#"{"payload":"e30","header":{"jwk":{"kty":"EC"},"alg":"ES256"},"signature":"c2ln"}"#
                .to_owned(),
            r#"{"protected":"eyJraWQiOiJ4In0","header":{"a":{"b":{}},"alg":"ES256"},"signature":"c2ln"}"#
                .to_owned(),
        ] {
            assert_eq!(secret(&text), Some("c2ln"), "{text}");
            let escaped = text.replace('"', "\\\"");
            assert_eq!(secret(&escaped), Some("c2ln"), "{escaped}");
            let twice = escaped.replace('\\', "\\\\").replace('"', "\\\"");
            assert_eq!(secret(&twice), Some("c2ln"), "{twice}");
        }
    }

    #[test]
    fn a_signature_is_found_beside_a_payload_that_is_longer_than_the_reach() {
        let long = "A".repeat(2 * REACH);
        for text in [
            format!(r#"{{"protected":"{PROTECTED}","payload":"{long}","signature":"c2ln"}}"#),
            format!(r#"{{"signature":"c2ln","payload":"{long}","protected":"{PROTECTED}"}}"#),
            format!(r#"{{"protected":"{PROTECTED}","signature":"c2ln","payload":"{long}"}}"#),
        ] {
            assert_eq!(secret(&text), Some("c2ln"));
        }
        let header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0";
        let sealed = format!(r#"{{"protected":"{header}","ciphertext":"{long}","tag":"dGFn"}}"#);
        let at = sealed.find("ciphertext").unwrap();
        assert_eq!(look(sealed.as_bytes(), at, 0, true), Look::Far);
        let other = format!("{}{}", "a {} ".repeat(REACH), r#""signature":"c2ln""#);
        assert_eq!(secret(&other), None);
    }

    #[test]
    fn of_what_is_encrypted_it_is_the_tag() {
        let header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0";
        let text =
            format!(r#"{{"protected":"{header}","iv":"aXY","ciphertext":"Y3Q","tag":"dGFn"}}"#);
        assert_eq!(secret(&text), Some("dGFn"));
    }

    #[test]
    fn other_signatures_are_left() {
        for text in [
            r#"{"signature":"c2ln"}"#,
            r#"{"signature":"c2ln","header":{"kid":"1"}}"#,
            r#"{"protected":"eyJhIjoxfQ","signature":"c2ln"}"#,
            r#"{"a":{"protected":"eyJhbGciOiJFUzI1NiJ9"},"b":{"signature":"c2ln"}}"#,
            r#"{"ciphertext":"Y3Q","tag":"dGFn"}"#,
        ] {
            assert_eq!(secret(text), None, "{text}");
        }
    }
}
