//! One disclosure, and the digest that it belongs to (RFC 9901 sections 4.2 and 4.2.3).

use std::borrow::Cow;

use aws_lc_rs::digest::{self, Algorithm, SHA256, SHA384, SHA512};

use crate::token::compact::{Malformed, decode_segment, encode_segment};
use crate::token::json::{Json, Kind};

/// The hashes that may be used for digests, by their names in the IANA registry "Named Information
/// Hash Algorithm" (RFC 9901 section 4.1.1).
const HASHES: &[(&str, &Algorithm)] = &[
    ("sha-256", &SHA256),
    ("sha-384", &SHA384),
    ("sha-512", &SHA512),
];

/// The hash that a payload names in `_sd_alg`; without one it is SHA-256.
pub(super) fn hash_of(payload: Json<'_>) -> Result<&'static Algorithm, Malformed> {
    let Some(named) = payload.get("_sd_alg") else {
        return Ok(&SHA256);
    };
    let found = HASHES.iter().find(|(name, _)| named.is(name));
    found.map(|(_, hash)| *hash).ok_or_else(|| {
        let shown = crate::text::escape::shorten(named.text(), 40);
        Malformed::new(format!(
            "the digests are made with an unknown hash: `_sd_alg` is {shown}"
        ))
    })
}

/// The digest of a text, as it stands in a token.
pub(super) fn digest_of(hash: &'static Algorithm, text: &str) -> String {
    encode_segment(digest::digest(hash, text.as_bytes()))
}

/// The JSON of a disclosure.
pub(super) fn json_of(segment: &str) -> Result<String, Malformed> {
    if segment.is_empty() {
        return Err(Malformed::new("there is nothing between two tildes"));
    }
    let bytes = decode_segment(segment, "disclosure")?;
    let text = String::from_utf8(bytes).map_err(|_| Malformed::new("it is not UTF-8 text"))?;
    let parsed =
        Json::parse_str(&text).map_err(|why| Malformed::new(format!("it is not JSON: {why}")))?;
    match parsed.value.kind() {
        Kind::Array => Ok(text),
        kind => Err(Malformed::new(format!("it is {kind}, not an array"))),
    }
}

/// What a disclosure discloses.
pub(super) enum Content<'a> {
    /// A member of an object.
    Claim(Cow<'a, str>, Json<'a>),
    /// An element of an array.
    Element(Json<'a>),
}

/// Takes apart the JSON of a disclosure: salt, name if there is one, and value.
pub(super) fn content(json: Json<'_>) -> Option<Content<'_>> {
    let parts: Vec<Json<'_>> = json.elements().take(4).collect();
    parts.first().filter(|salt| salt.kind() == Kind::String)?;
    match parts.as_slice() {
        [_, name, value] => Some(Content::Claim(name.as_str()?, *value)),
        [_, value] => Some(Content::Element(*value)),
        _ => None,
    }
}
