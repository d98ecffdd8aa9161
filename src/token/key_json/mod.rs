//! Reads JSON in the place of a key: a JWK, a set of them, or something else that a fault can name.

mod search;

use crate::text::escape;
use crate::token::advice::{Advice, JsonEdit, JsonPlace};
use crate::token::error_answer;
use crate::token::json::{Json, Kind, Parsed};
use crate::token::key_fault::KeyFault;
use crate::token::key_json::search::{Step, jq_path, member};
use crate::token::keys::Keys;
use crate::token::{jwk, jwks};

/// Reads text that is a JSON object or array, or begins as an object does; `None` for any other
/// text. JSON inside of a JSON string is a fault.
pub(super) fn find(text: &str) -> Option<Result<Keys, KeyFault>> {
    if text.starts_with('"') {
        return in_a_string(text).map(Err);
    }
    let json = text
        .starts_with(['{', '['])
        .then(|| Json::parse_str(text))?;
    match json {
        Ok(parsed) => Some(read(&parsed)),
        Err(error) => text.starts_with("{\"").then(|| {
            Err(lines(text).unwrap_or_else(|| {
                KeyFault::rejected(format!("the content is damaged JSON: {error}"))
                    .hint(Advice::EditJson(JsonPlace::File, JsonEdit::FindDamage))
            }))
        }),
    }
}

/// JWKs one after the other, one on each line.
fn lines(text: &str) -> Option<KeyFault> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_key = |line: &str| Json::parse_str(line).is_ok_and(|parsed| is_jwk(parsed.value));
    lines.all(is_key).then(|| {
        KeyFault::rejected("the content is several JWKs, one on each line, not a JWK Set")
            .hint(Advice::EditJson(JsonPlace::File, JsonEdit::JoinLines))
    })
}

fn read(parsed: &Parsed<'_>) -> Result<Keys, KeyFault> {
    if is_jwk(parsed.value) {
        let (key, oddity) = jwk::read(parsed.value)?;
        let notes = oddity.into_iter().collect();
        return Ok(Keys {
            notes,
            ..Keys::from(key)
        });
    }
    jwks::read(parsed, jwk::read)
        .unwrap_or_else(|| Err(no_key(parsed.value, JsonPlace::File)))
        .map_err(|fault| fault.after("the content is"))
}

/// Whether JSON is meant as one key.
pub(super) fn is_jwk(json: Json<'_>) -> bool {
    json.members()
        .any(|(name, _)| name == "kty" || name == "x5c")
}

/// A JSON string that holds JSON, as secret stores and CI variables may give it.
fn in_a_string(text: &str) -> Option<KeyFault> {
    let string = Json::parse_str(text).ok()?.value.as_str()?;
    let inside = string.trim();
    let holds_json = inside.starts_with(['{', '[']) && Json::parse_str(inside).is_ok();
    holds_json.then(|| {
        KeyFault::rejected("the content is a JSON string that holds JSON")
            .hint(Advice::EditJson(JsonPlace::File, JsonEdit::Parse))
    })
}

/// The fault of JSON that is neither JWK nor JWK Set. It names what it is as a noun, and where a
/// key is in it, if there is one.
pub(super) fn no_key(json: Json<'_>, place: JsonPlace) -> KeyFault {
    named(json, place)
        .or_else(|| collection(json, place))
        .or_else(|| member(json, place))
        .or_else(|| other_error(json, place))
        .unwrap_or_else(|| KeyFault::rejected("JSON that is neither a JWK nor a JWK Set"))
}

/// Documents that say where the keys are, or why they are not given.
fn named(json: Json<'_>, place: JsonPlace) -> Option<KeyFault> {
    let text = |name| json.get(name).and_then(Json::as_str);
    if json.get("jwks_uri").is_some() {
        let fault =
            KeyFault::rejected("the metadata of an issuer, whose keys are where `jwks_uri` says");
        let issuer = text("issuer").unwrap_or_default();
        return Some(fault.hint(Advice::NameIssuer(bare_url(&issuer))));
    }
    if json.get("Kty").is_some() {
        return Some(
            KeyFault::rejected("a JWK whose names are in capitals, as .NET writes it")
                .hint(Advice::EditJson(place, JsonEdit::LowerNames)),
        );
    }
    if error_answer::is_kubernetes(json) {
        let said = escape::shorten(&text("message").unwrap_or_default(), 200);
        return Some(
            KeyFault::rejected(format!("an error of Kubernetes: {said}"))
                .hint(Advice::AskKubernetes),
        );
    }
    let (name, url) = json.members().find_map(|(name, value)| {
        let url = value.as_str().filter(|_| names_an_address(&name))?;
        Some((name, bare_url(&url)?))
    })?;
    let name = jq_path(&[Step::Name(name)])?;
    let what = match place {
        JsonPlace::File => "JSON that says where the keys are",
        JsonPlace::Answer => "JSON that names another address of the keys",
    };
    Some(KeyFault::rejected(what).hint(Advice::NameAddress { member: name, url }))
}

/// Whether a name is one for the address of a JWK Set, in any style of writing.
fn names_an_address(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let starts = ["jwk", "jwks", "jwkset"];
    let ends = ["url", "uri", "endpoint"];
    starts
        .iter()
        .filter_map(|start| plain.strip_prefix(start))
        .any(|rest| ends.contains(&rest))
}

/// A URL without its query and fragment, which may be secret; none with a user name.
fn bare_url(url: &str) -> Option<String> {
    let bare = url.split(['?', '#']).next()?;
    let rest = bare
        .strip_prefix("https://")
        .or_else(|| bare.strip_prefix("http://"))?;
    (!rest.contains('@')).then(|| escape::shorten(bare, 200))
}

/// Several keys, but not in the form of a set.
fn collection(json: Json<'_>, place: JsonPlace) -> Option<KeyFault> {
    let are_jwks = |values: &mut dyn Iterator<Item = Json<'_>>| {
        let mut values = values.peekable();
        values.peek().is_some() && values.all(is_jwk)
    };
    if json.elements().any(is_jwk) {
        return Some(
            KeyFault::rejected("an array of JWKs")
                .hint(Advice::EditJson(place, JsonEdit::WrapArray)),
        );
    }
    let Some(keys) = json.get("keys") else {
        let by_name = are_jwks(&mut json.members().map(|(_, value)| value));
        return by_name.then(|| {
            KeyFault::rejected("JWKs by name").hint(Advice::EditJson(place, JsonEdit::WrapMembers))
        });
    };
    if let Some(text) = keys.as_str()
        && Json::parse_str(text.trim()).is_ok_and(|parsed| parsed.value.elements().any(is_jwk))
    {
        return Some(
            KeyFault::rejected("JSON whose `keys` is an array inside a string")
                .hint(Advice::EditJson(place, JsonEdit::ParseKeys)),
        );
    }
    let fault = KeyFault::rejected(format!(
        "JSON whose `keys` is {}, and in a JWK Set it is an array (RFC 7517 section 5.1)",
        keys.kind()
    ));
    if are_jwks(&mut keys.members().map(|(_, value)| value)) {
        return Some(fault.hint(Advice::EditJson(place, JsonEdit::ListKeys)));
    }
    match is_jwk(keys) {
        true => Some(fault.hint(Advice::EditJson(place, JsonEdit::ListKey))),
        false => (keys.kind() != Kind::Object).then_some(fault),
    }
}

/// The error of a server. If it is in a file, nothing of it is repeated.
fn other_error(json: Json<'_>, place: JsonPlace) -> Option<KeyFault> {
    let said = error_answer::said(json)?;
    Some(KeyFault::rejected(match place {
        JsonPlace::Answer => format!("an error: {said}"),
        JsonPlace::File => "the error of a server, not a key".to_owned(),
    }))
}

#[cfg(test)]
mod tests;
