//! An SD-JWT as its holder presents it: the issuer's token, disclosures, and perhaps a proof of the holder's
//! key, with a tilde after each but the last (RFC 9901 section 4).

use std::collections::HashSet;

use crate::token::compact::{Compact, Malformed, decode_segment};
use crate::token::json::{Json, Object};
use crate::token::sd_jwt::disclosure::{Content, content, json_of};
use crate::token::sd_jwt::reassembled::places;

/// The parts of a text that is an SD-JWT.
#[derive(Clone, Copy)]
pub(in crate::token) struct Presented<'a> {
    /// The issuer's token and the disclosures, up to the last tilde: the text that a proof of the holder's
    /// key covers.
    pub(in crate::token) issued: &'a str,
    disclosures: &'a str,
    /// The proof of the holder's key.
    pub(in crate::token) key_binding: Option<&'a str>,
}

impl<'a> Presented<'a> {
    /// Takes apart a text that has a tilde.
    pub(in crate::token) fn of(token: &'a str) -> Self {
        let end = token.rfind('~').map_or(0, |last| last.saturating_add(1));
        let (issued, last) = token.split_at_checked(end).unwrap_or((token, ""));
        let disclosures = issued.split_once('~').map_or("", |(_, rest)| rest);
        Presented {
            issued,
            disclosures,
            key_binding: (!last.is_empty()).then_some(last),
        }
    }

    /// The disclosures, in base64url.
    pub(in crate::token) fn disclosures(&self) -> impl Iterator<Item = &'a str> {
        self.disclosures.split_terminator('~')
    }
}

/// The token without the disclosures of claims with these names or at these pointers (RFC 6901), and without
/// those that only they lead to. A
/// proof of the holder's key is left out too, since it covers all disclosures. Also gives the names that no
/// disclosure has.
///
/// # Errors
/// [`Malformed`] where the text is not an SD-JWT, or its disclosures do not belong to it.
pub fn without<'n>(token: &str, names: &[&'n str]) -> Result<(String, Vec<&'n str>), Malformed> {
    let Compact::SdJwt { jws, .. } = Compact::split(token)? else {
        return Err(Malformed::new(
            "the token is not an SD-JWT: it has no disclosures to leave out",
        ));
    };
    let payload = decode_segment(jws.payload, "payload")?;
    let payload =
        Object::parse(payload).map_err(|why| Malformed::new(format!("the payload is {why}")))?;
    let presented = Presented::of(token);
    let all: Vec<&str> = presented.disclosures().collect();
    // All of them have to belong to it before some can be left out.
    let places = places(payload.json(), &all)?;
    let mut left_out = HashSet::new();
    let mut kept = Vec::new();
    for (segment, place) in all.into_iter().zip(places) {
        let json = json_of(segment)?;
        let parsed = Json::parse_str(&json).map(|parsed| parsed.value);
        let claim = match parsed.ok().and_then(content) {
            Some(Content::Claim(name, _)) => Some(name),
            _ => None,
        };
        let is_meant = |name: &&&str| claim.as_deref() == Some(**name) || place == **name;
        match names.iter().find(is_meant) {
            Some(name) => drop(left_out.insert(*name)),
            None => kept.push(segment),
        }
    }
    let kept = crate::token::sd_jwt::reassembled::reachable(payload.json(), &kept)?;
    let (header, issued) = (jws.signing_input, jws.signature);
    let mut text = format!("{header}.{issued}~");
    for segment in kept {
        text.push_str(segment);
        text.push('~');
    }
    let unknown = names
        .iter()
        .copied()
        .filter(|name| !left_out.contains(*name));
    Ok((text, unknown.collect()))
}
