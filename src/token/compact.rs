//! The compact serialization: segments of base64url between dots (RFC 7515 section 7.1).

use std::fmt;
use std::ops::Range;

use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeError, Engine as _};

use crate::text::count::counted;
use crate::text::escape;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::json::{NotObject, Object};
use crate::token::{base64url, no_token, swar};

/// Why a text is not a token, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// What is wrong, in words safe for a terminal.
    pub message: String,
    /// What to try, where that is known.
    pub hint: Option<Advice>,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Malformed {}

impl Malformed {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Malformed {
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: Advice) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// The three segments of a JWS, still encoded.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Jws<'a> {
    /// The first segment.
    pub header: &'a str,
    /// The second segment.
    pub payload: &'a str,
    /// The third segment; empty in an unsecured JWS.
    pub signature: &'a str,
    /// What is signed: the first two segments and the dot between them (RFC 7515 section 5.1).
    pub signing_input: &'a str,
}

impl Jws<'_> {
    /// Whether a segment keeps its padding.
    pub(crate) fn is_padded(&self) -> bool {
        let segments = [self.header, self.payload, self.signature];
        segments.iter().any(|s| without_padding(s).len() < s.len())
    }

    /// Whether a segment keeps its padding while another that needs some has none: a program that writes
    /// padding writes it everywhere, so this text was changed on its way.
    pub(crate) fn is_padded_in_part(&self) -> bool {
        let segments = [self.header, self.payload, self.signature];
        self.is_padded() && segments.iter().any(|s| !s.len().is_multiple_of(4))
    }
}

/// A token by its outer shape.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Compact<'a> {
    /// Three segments.
    Jws(Jws<'a>),
    /// Five segments and `enc` in the header: encrypted (RFC 7516 sections 4.1.2 and 7.1).
    Jwe {
        /// What the first segment says.
        header: Object,
    },
    /// A JWS and disclosures after tildes (RFC 9901 section 4).
    SdJwt {
        /// The issuer's part.
        jws: Jws<'a>,
        /// What follows the first tilde.
        rest: &'a str,
    },
}

impl<'a> Compact<'a> {
    /// Tells the shape of a token from its dots and tildes; with five segments, the header is read too.
    ///
    /// # Errors
    /// [`Malformed`] for any other shape, naming what the text seems to be.
    pub fn split(token: &'a str) -> Result<Compact<'a>, Malformed> {
        let (dots, tilde) = marks(token.as_bytes());
        if let Some((issuer, rest)) = tilde
            .filter(|tilde| *tilde > 0)
            .and_then(|tilde| token.split_at_checked(tilde))
            && let Compact::Jws(jws) = Compact::split(issuer)?
        {
            let rest = rest.strip_prefix('~').unwrap_or_default();
            return Ok(Compact::SdJwt { jws, rest });
        }
        let part = |range: Range<usize>| token.get(range).unwrap_or_default();
        let after = |dot: usize| dot.saturating_add(1);
        match dots {
            [None, ..] if token.is_empty() => {
                Err(Malformed::new("the token is empty").hint(Advice::Token(TokenAdvice::Give)))
            }
            // A header begins with a brace, which is an `e` in base64url, or with white space; a session of Flask
            // too, but it has four bytes where the payload of a token is.
            [Some(first), Some(second), None, ..]
                if (!token.starts_with('e') || second.saturating_sub(first) == 7)
                    && let Some(other) = no_token::of_another_kind(token) =>
            {
                Err(other)
            }
            [Some(first), Some(second), None, ..] => {
                let jws = Jws {
                    header: part(0..first),
                    payload: part(after(first)..second),
                    signature: part(after(second)..token.len()),
                    signing_input: part(0..second),
                };
                match no_token::left_out([jws.header, jws.payload, jws.signature]) {
                    Some(left_out) => Err(left_out),
                    None => Ok(Compact::Jws(jws)),
                }
            }
            [Some(first), _, _, Some(_), None] => {
                let header = decode_header(part(0..first))?;
                match header.get("enc") {
                    Some(_) => Ok(Compact::Jwe { header }),
                    None => Err(no_token::diagnose(token)),
                }
            }
            _ => Err(no_token::diagnose(token)),
        }
    }
}

/// Where the first five dots and the first tilde of a token stand; the search ends at the tilde or the fifth
/// dot.
fn marks(token: &[u8]) -> ([Option<usize>; 5], Option<usize>) {
    let mut dots = [None; 5];
    let mut free = dots.iter_mut();
    let mut from = 0;
    loop {
        let rest = token.get(from..).unwrap_or_default();
        let clear = swar::without(rest, *b".~");
        let found = swar::find(rest.get(clear..).unwrap_or_default(), |word| {
            swar::marks(word, *b".~", 0)
        });
        let at = from.saturating_add(clear).saturating_add(found);
        match (token.get(at), free.next()) {
            (Some(b'.'), Some(dot)) => *dot = Some(at),
            (Some(b'~'), _) => return (dots, Some(at)),
            _ => return (dots, None),
        }
        from = at.saturating_add(1);
    }
}

/// Decodes one segment: base64url, unpadded, canonical (RFC 7515 section 2).
///
/// # Errors
/// [`Malformed`], naming the segment and the place.
pub fn decode_segment(segment: &str, name: &str) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    decode_segment_into(segment, name, &mut bytes)?;
    Ok(bytes)
}

/// As [`decode_segment`], at the end of a buffer.
pub(crate) fn decode_segment_into(
    segment: impl AsRef<[u8]>,
    name: &str,
    bytes: &mut Vec<u8>,
) -> Result<(), Malformed> {
    let segment = segment.as_ref();
    base64url::push_decoded(segment, bytes).map_err(|error| {
        let segment = &*String::from_utf8_lossy(segment);
        if without_padding(segment).len() < segment.len() {
            // The segments before a signature were read already, so they have no padding.
            if name == "signature" {
                return Malformed::new("the signature keeps its padding (`=`), which a token does not have (RFC 7515 section 2)")
                    .hint(Advice::Token(TokenAdvice::TakeOffPadding));
            }
            let padded = Malformed::new(format!("the {name} keeps its padding (`=`), which a token does not have (RFC 7515 section 2)"));
            // Nobody signs the other segments with their padding.
            return match matches!(name, "header" | "payload") {
                true => padded.hint(Advice::AllowPadding),
                false => padded,
            };
        }
        if let Some((offset, found)) = segment.char_indices().find(|(_, c)| !is_base64url(*c)) {
            return foreign_character(name, segment.get(..offset).unwrap_or_default(), found);
        }
        match error {
            DecodeError::InvalidLastSymbol { .. } => Malformed::new(format!(
                "the {name} is not canonical base64url: the unused bits of its last character are not zero"
            ))
            .hint(Advice::Token(TokenAdvice::Distrust)),
            _ => Malformed::new(format!(
                "the {name} has a length that base64url cannot have ({})",
                counted(segment.len(), "character")
            ))
            .hint(Advice::Token(TokenAdvice::CopyToEnd)),
        }
    })
}

/// A segment without the padding of base64 (RFC 4648 section 4), if it has exactly that.
pub(crate) fn without_padding(segment: &str) -> &str {
    let bare = segment
        .strip_suffix("==")
        .or_else(|| segment.strip_suffix('='));
    match bare {
        Some(bare) if segment.len().is_multiple_of(4) && !bare.ends_with('=') => bare,
        _ => segment,
    }
}

/// Encodes bytes as a segment.
#[must_use]
pub fn encode_segment(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The same for display, for bytes that may be many.
#[must_use]
pub fn shown_segment(bytes: &[u8]) -> impl fmt::Display {
    Base64Display::new(bytes, &URL_SAFE_NO_PAD)
}

/// Encodes bytes as a segment, at the end of a token.
pub(super) fn push_segment(bytes: impl AsRef<[u8]>, token: &mut Vec<u8>) {
    base64url::push_encoded(bytes.as_ref(), token);
}

fn is_base64url(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn foreign_character(name: &str, before: &str, found: char) -> Malformed {
    let shown = escape::terminal(found.encode_utf8(&mut [0; 4])).into_owned();
    let place = before.chars().count().saturating_add(1);
    let message = if found.is_whitespace() && !found.is_ascii() {
        format!(
            "the {name} has the white space U+{:04X} at character {place}",
            u32::from(found)
        )
    } else if found == ' ' {
        format!("the {name} has a space at character {place}")
    } else {
        format!("the {name} has `{shown}` at character {place}, which base64url does not use")
    };
    Malformed::new(message).hint(Advice::Token(TokenAdvice::Correct(found)))
}

/// Decodes the first segment of a token.
///
/// # Errors
/// [`Malformed`] where it is not base64url of a JSON object.
pub fn decode_header(segment: &str) -> Result<Object, Malformed> {
    let bytes = decode_segment(segment, "header")?;
    Object::parse(bytes).map_err(|why| {
        let malformed = Malformed::new(format!("the header is {why}"));
        match why {
            NotObject::NotJson(_) => malformed.hint(Advice::Token(TokenAdvice::CopyBeginning)),
            NotObject::Kind(_) => malformed,
        }
    })
}
