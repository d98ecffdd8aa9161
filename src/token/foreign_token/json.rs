//! JSON that is not a token.

use crate::token::advice::{Advice, TokenAdvice};
use crate::token::foreign_token::{Foreign, foreign, opaque};
use crate::token::json::{Json, Kind};
use crate::token::{error_answer, find};

/// The names under which an answer has a token.
const MEMBERS: [&str; 3] = ["access_token", "id_token", "token"];

/// What JSON is that is not a token.
pub(super) fn json(text: &str) -> Foreign {
    let parsed = Json::parse_str(text).ok().map(|parsed| parsed.value);
    let object = parsed.filter(|json| json.kind() == Kind::Object);
    object.and_then(known).unwrap_or_else(|| {
        // It may hold tokens somewhere.
        let hint = match find::tokens(text.as_bytes()).tokens.is_empty() {
            true => TokenAdvice::LookForShape,
            false => TokenAdvice::FindInText,
        };
        foreign("JSON that is not a token", hint)
    })
}

fn known(json: Json<'_>) -> Option<Foreign> {
    let with = |what: String, hint| Some(Foreign { what, hint });
    if let Some(member) = member_with_token(json) {
        let hint = Advice::TakeTokenOut { member };
        return with("JSON that is not a token".into(), Some(hint));
    }
    let has = |name: &&str| json.get(name).is_some();
    if ["error", "errors"].iter().any(has)
        && let Some(said) = error_answer::said(json)
    {
        let what = "the error answer of a server, and no token";
        return with(what.into(), Some(Advice::ReadError(said)));
    }
    let text = |name| Some((name, json.get(name)?.as_str()?));
    if let Some((name, text)) = MEMBERS.into_iter().find_map(text) {
        let what = opaque(&text).map_or_else(String::new, |what| format!("{what}, "));
        let what =
            format!("the `{name}` in the JSON is {what}not a JWT: only its issuer can read it");
        return Some(foreign(what, TokenAdvice::AskIssuer));
    }
    if has(&"kty") || has(&"keys") {
        let what = "a key in JSON (RFC 7517), and not a token";
        return Some(foreign(what, TokenAdvice::GiveAsKey));
    }
    let claims = ["iss", "sub", "aud", "exp", "iat"];
    (claims.iter().filter(|name| has(name)).count() > 1).then(|| {
        let what = "claims that nobody has signed, and not a token";
        foreign(what, TokenAdvice::SignClaims)
    })
}

/// The first member of an object that is a token, as `value` of the answer of GitHub Actions; its name needs no
/// quotes.
fn member_with_token(object: Json<'_>) -> Option<String> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let is_plain = |name: &str| {
        name.bytes().all(is_word)
            && name.starts_with(|c: char| !c.is_ascii_digit())
            && name.len() <= 40
    };
    let is_token = |value: Json<'_>| {
        value.as_str().is_some_and(|text| {
            let found = find::tokens(text.as_bytes()).tokens;
            matches!(found.as_slice(), [only] if only.place == (0..text.len()))
        })
    };
    let mut members = object.members();
    let (name, _) = members.find(|(name, value)| is_plain(name) && is_token(*value))?;
    Some(name.into_owned())
}
