//! Looks for a key in the members of JSON that is not a key itself.

use std::borrow::Cow;

use crate::token::advice::{Advice, JsonEdit, JsonPlace};
use crate::token::encoding::Encoding;
use crate::token::json::Json;
use crate::token::key_fault::KeyFault;
use crate::token::key_json::is_jwk;
use crate::token::{der, jwks};

/// A step into JSON.
#[derive(Clone, Debug)]
pub(super) enum Step<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

/// JSON that has a key in a member.
pub(super) fn member(json: Json<'_>, place: JsonPlace) -> Option<KeyFault> {
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
        true => "JSON that is not a JWK, with a key in a member",
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
    /// No key is kept deeper.
    const MOST_STEPS: usize = 5;
    /// No key is kept among more members.
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

pub(super) fn is_set(json: Json<'_>) -> bool {
    json.get("keys")
        .is_some_and(|keys| keys.elements().any(is_jwk))
}

/// Whether text is certainly a key: PEM, a JWK or a set, or base64 of PEM or DER.
pub(super) fn is_key(text: &str) -> bool {
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
pub(super) fn jq_path(steps: &[Step<'_>]) -> Option<String> {
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
