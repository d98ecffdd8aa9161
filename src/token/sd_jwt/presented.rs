//! An SD-JWT as its holder presents it: the issuer's token, disclosures, and perhaps a proof of the holder's
//! key, with a tilde after each but the last (RFC 9901 section 4).

use std::collections::HashSet;

use crate::token::compact::{Compact, Malformed, decode_segment};
use crate::token::json::{Json, Object, quote};
use crate::token::jws_json;
use crate::token::sd_jwt::disclosure::{Content, content, json_of};
use crate::token::sd_jwt::reassembled::{places, reachable};

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
/// those that only they lead to. A proof of the holder's key is left out too, since it covers all disclosures.
/// Also gives the names that no disclosure has.
///
/// # Errors
/// [`Malformed`] where the text is not an SD-JWT, or its disclosures do not belong to it.
pub fn without<'n>(token: &str, names: &[&'n str]) -> Result<(String, Vec<&'n str>), Malformed> {
    if jws_json::is_one(token) {
        return without_in_json(token, names);
    }
    let Compact::SdJwt { jws, .. } = Compact::split(token)? else {
        return Err(nothing_to_leave_out());
    };
    let payload = decode_segment(jws.payload, "payload")?;
    let all: Vec<&str> = Presented::of(token).disclosures().collect();
    let (kept, unknown) = kept(payload, all, names)?;
    let (header, issued) = (jws.signing_input, jws.signature);
    let mut text = format!("{header}.{issued}~");
    for segment in kept {
        text.push_str(segment);
        text.push('~');
    }
    Ok((text, unknown))
}

/// The same for a token in a JSON form (RFC 9901 section 8), which stays in it.
fn without_in_json<'n>(
    token: &str,
    names: &[&'n str],
) -> Result<(String, Vec<&'n str>), Malformed> {
    let message = jws_json::Message::read(token)?;
    let presented = message.presented()?.ok_or_else(nothing_to_leave_out)?;
    let all: Vec<&str> = Presented::of(&presented).disclosures().collect();
    let (kept, unknown) = kept(message.payload_bytes()?, all, names)?;
    let text = Json::parse_str(token).map(|parsed| with_disclosures(parsed.value, &kept));
    Ok((text.unwrap_or_default(), unknown))
}

fn nothing_to_leave_out() -> Malformed {
    Malformed::new("the token is not an SD-JWT: it has no disclosures to leave out")
}

/// The disclosures of a payload that are left without those of these names, and the names that none has.
fn kept<'d, 'n>(
    payload: Vec<u8>,
    all: Vec<&'d str>,
    names: &[&'n str],
) -> Result<(Vec<&'d str>, Vec<&'n str>), Malformed> {
    let payload =
        Object::parse(payload).map_err(|why| Malformed::new(format!("the payload is {why}")))?;
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
    let kept = reachable(payload.json(), &kept)?;
    let unknown = names.iter().copied();
    let unknown = unknown.filter(|name| !left_out.contains(*name));
    Ok((kept, unknown.collect()))
}

/// A token in a JSON form, or the first of its signatures, with these disclosures and without a proof.
fn with_disclosures(token: Json<'_>, kept: &[&str]) -> String {
    changed(token, &|name, value| match name {
        "header" => Some(changed(value, &|name, value| match name {
            "kb_jwt" => None,
            "disclosures" => Some(array(kept.iter().map(|segment| quote(segment)))),
            _ => Some(value.text().to_owned()),
        })),
        "signatures" => {
            let all = value.elements().enumerate();
            Some(array(all.map(|(index, signature)| match index {
                0 => with_disclosures(signature, kept),
                _ => signature.text().to_owned(),
            })))
        }
        _ => Some(value.text().to_owned()),
    })
}

/// An object with other values, or without some of them.
fn changed(object: Json<'_>, value_of: &dyn Fn(&str, Json<'_>) -> Option<String>) -> String {
    let members = object.members().filter_map(|(name, value)| {
        let value = value_of(&name, value)?;
        Some(format!("{}:{value}", quote(&name)))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn array(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<_>>().join(","))
}
