//! What JSON in the place of a key is: a JWK, a set of them, or something else that has a name.

use std::borrow::Cow;

use crate::text::escape;
use crate::token::advice::{Advice, JsonEdit, JsonPlace};
use crate::token::content::Keys;
use crate::token::encoding::Encoding;
use crate::token::error_answer;
use crate::token::json::{Json, Kind, Parsed};
use crate::token::key_fault::KeyFault;
use crate::token::{der, jwk, jwks};

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

/// JWKs one after the other, a line each.
fn lines(text: &str) -> Option<KeyFault> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_key = |line: &str| Json::parse_str(line).is_ok_and(|parsed| is_jwk(parsed.value));
    lines.all(is_key).then(|| {
        KeyFault::rejected("the content is several JWKs, a line each, and no set of them")
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

/// A JSON string that holds JSON, as one comes out of a secret store or a variable of CI.
fn in_a_string(text: &str) -> Option<KeyFault> {
    let string = Json::parse_str(text).ok()?.value.as_str()?;
    let inside = string.trim();
    let holds_json = inside.starts_with(['{', '[']) && Json::parse_str(inside).is_ok();
    holds_json.then(|| {
        KeyFault::rejected("the content is a JSON string that holds JSON")
            .hint(Advice::EditJson(JsonPlace::File, JsonEdit::Parse))
    })
}

/// The fault of JSON that is neither JWK nor JWK Set: what it is as a noun, and where a key is in
/// it if one is.
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

/// Whether a name is one of those for the address of a JWK Set, in whatever style it is written.
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

/// Keys beside each other, and not in the form of a set.
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
            KeyFault::rejected("JSON whose `keys` is an array inside of a string")
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

/// A step into JSON.
#[derive(Clone, Debug)]
enum Step<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

/// JSON that has a key in a member.
fn member(json: Json<'_>, place: JsonPlace) -> Option<KeyFault> {
    let mut search = Search::default();
    search.walk(json, &mut Vec::new());
    let is_key = search.certain.is_some();
    let (steps, is_text) = search.certain.or(search.likely)?;
    let take = JsonEdit::TakeMember {
        path: jq_path(&steps)?,
        is_text,
        is_key,
    };
    let fault = KeyFault::rejected(match is_key {
        true => "JSON that is no JWK, with a key in a member",
        false => "JSON that is neither a JWK nor a JWK Set",
    });
    Some(fault.hint(Advice::EditJson(place, take)))
}

/// A way into JSON, and whether a string stands there.
type Way<'a> = (Vec<Step<'a>>, bool);

/// Looks for the first member that is a key, and for the first that is called one.
#[derive(Default)]
struct Search<'a> {
    certain: Option<Way<'a>>,
    likely: Option<Way<'a>>,
    looked_at: usize,
}

impl<'a> Search<'a> {
    /// Deeper than that no key is kept.
    const MOST_STEPS: usize = 5;
    /// Nor among more members.
    const MOST_MEMBERS: usize = 1_000;

    fn walk(&mut self, json: Json<'a>, steps: &mut Vec<Step<'a>>) {
        if steps.len() == Search::MOST_STEPS {
            return;
        }
        let names = json
            .members()
            .map(|(name, value)| (Step::Name(name), value));
        let elements = json.elements().enumerate();
        let elements = elements.map(|(index, value)| (Step::Index(index), value));
        for (step, value) in names.chain(elements) {
            self.looked_at = self.looked_at.saturating_add(1);
            if self.certain.is_some() || self.looked_at > Search::MOST_MEMBERS {
                return;
            }
            let is_label = matches!(&step, Step::Name(name) if jwks::is_label(name));
            steps.push(step);
            match value.as_str() {
                Some(text) if is_key(&text) => self.certain = Some((steps.clone(), true)),
                Some(text) if is_label && !text.is_empty() && self.likely.is_none() => {
                    self.likely = Some((steps.clone(), true));
                }
                None if is_jwk(value) || is_set(value) => {
                    self.certain = Some((steps.clone(), false));
                }
                _ => self.walk(value, steps),
            }
            steps.pop();
        }
    }
}

fn is_set(json: Json<'_>) -> bool {
    json.get("keys")
        .is_some_and(|keys| keys.elements().any(is_jwk))
}

/// Whether text is a key for sure: PEM, a JWK or a set, or base64 of PEM or DER.
fn is_key(text: &str) -> bool {
    const PEM: &str = "-----BEGIN ";
    let text = text.trim();
    if text.starts_with('{') {
        let parsed = Json::parse_str(text).map(|parsed| parsed.value);
        return parsed.is_ok_and(|json| is_jwk(json) || is_set(json));
    }
    text.contains(PEM)
        || Encoding::Base64
            .undo(text.as_bytes())
            .is_some_and(|bytes| bytes.starts_with(PEM.as_bytes()) || der::begins_as_key(&bytes))
}

/// The way to a member as jq writes it; `None` where a name is not plain enough to be repeated.
fn jq_path(steps: &[Step<'_>]) -> Option<String> {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Name(name) => {
                let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
                let is_plain = (1..=64).contains(&name.len())
                    && name.bytes().all(|b| is_word(b) || matches!(b, b'-' | b'.'));
                let starts_well = !name.starts_with(|c: char| c.is_ascii_digit());
                match is_plain {
                    true if starts_well && name.bytes().all(is_word) => {
                        path.push_str(&format!(".{name}"));
                    }
                    true => path.push_str(&format!("[\"{name}\"]")),
                    false => return None,
                }
            }
        }
    }
    match path.starts_with('[') {
        true => Some(format!(".{path}")),
        false => Some(path),
    }
}

/// The error of a server. In a file nothing of it is repeated.
fn other_error(json: Json<'_>, place: JsonPlace) -> Option<KeyFault> {
    let said = error_answer::said(json)?;
    Some(KeyFault::rejected(match place {
        JsonPlace::Answer => format!("an error: {said}"),
        JsonPlace::File => "the error of a server, and no key".to_owned(),
    }))
}

#[cfg(test)]
mod tests;
