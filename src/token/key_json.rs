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
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::token::json::quote;
    use crate::token::pem::samples::{EC_PKCS8, EC_SPKI};

    const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

    /// Message and hint for a file, without the words that are the same in front of all.
    fn fault(text: &str) -> (String, Option<Advice>) {
        let fault = find(text).unwrap().unwrap_err();
        let message = fault.message.strip_prefix("the content is ").unwrap();
        (message.to_owned(), fault.hint)
    }

    fn hint(text: &str) -> Option<Advice> {
        fault(text).1
    }

    #[expect(clippy::unnecessary_wraps, reason = "compared with what may be none")]
    fn edit(edit: JsonEdit) -> Option<Advice> {
        Some(Advice::EditJson(JsonPlace::File, edit))
    }

    #[test]
    fn one_key_and_a_set_are_read() {
        assert!(!find(OCT).unwrap().unwrap().is_set);
        assert!(
            find(&format!(r#"{{"keys":[{OCT}]}}"#))
                .unwrap()
                .unwrap()
                .is_set
        );
    }

    #[test]
    fn the_member_that_holds_a_key_is_named() {
        let (pem, public) = (quote(EC_PKCS8), quote(EC_SPKI));
        let base64: String = EC_SPKI
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        let pem_in_base64 = STANDARD.encode(EC_PKCS8);
        let jwk_in_string = quote(OCT);
        for (text, is_text, path) in [
            (
                format!(r#"{{"type":"service_account","private_key_id":"1","private_key":{pem}}}"#),
                true,
                ".private_key",
            ),
            (
                format!(r#"{{"type":"RS256","key":{public}}}"#),
                true,
                ".key",
            ),
            (
                format!(
                    r#"{{"realm":"a","public_key":"{base64}","token-service":"https://a.test"}}"#
                ),
                true,
                ".public_key",
            ),
            (
                format!(
                    r#"{{"kind":"Secret","data":{{"ca.crt":"eA==","tls.key":"{pem_in_base64}"}}}}"#
                ),
                true,
                ".data[\"tls.key\"]",
            ),
            (
                format!(r#"{{"data":{{"keys":{{"1":{{"public_key":{public}}}}}}}}}"#),
                true,
                ".data.keys[\"1\"].public_key",
            ),
            (
                format!(r#"[{{"name":"a"}},{{"pem":{public}}}]"#),
                true,
                ".[1].pem",
            ),
            (
                format!(r#"{{"SecretString":{jwk_in_string}}}"#),
                true,
                ".SecretString",
            ),
            (format!(r#"{{"a":1,"jwk":{OCT}}}"#), false, ".jwk"),
            (
                format!(r#"{{"a":{{"jwks":{{"keys":[{OCT}]}}}}}}"#),
                false,
                ".a.jwks",
            ),
        ] {
            let take = JsonEdit::TakeMember {
                path: path.to_owned(),
                is_text,
                is_key: true,
            };
            assert_eq!(hint(&text), edit(take));
            assert_eq!(
                fault(&text).0,
                "JSON that is no JWK, with a key in a member"
            );
        }
    }

    #[test]
    fn a_member_that_is_called_a_key_may_be_one() {
        for (text, path) in [
            (
                r#"{"type":"HS256","key":"a secret that Hasura takes"}"#,
                ".key",
            ),
            (
                r#"{"web":{"client_id":"x","client_secret":"y"}}"#,
                ".web.client_secret",
            ),
            (r#"{"app":{"jwtSecret":"y"}}"#, ".app.jwtSecret"),
        ] {
            let take = JsonEdit::TakeMember {
                path: path.to_owned(),
                is_text: true,
                is_key: false,
            };
            assert_eq!(hint(text), edit(take));
        }
    }

    #[test]
    fn a_name_that_a_terminal_could_misread_is_not_repeated() {
        let public = quote(EC_SPKI);
        for name in ["a\\u001b", "it is long and has blanks", "", &"n".repeat(65)] {
            let (message, hint) = fault(&format!(r#"{{"a":1,"{name}":{public}}}"#));
            assert_eq!(
                (message.as_str(), hint),
                ("JSON that is neither a JWK nor a JWK Set", None)
            );
        }
    }

    #[test]
    fn keys_that_are_no_set_are_made_one() {
        for (text, message, advice) in [
            (
                format!("[{OCT}]"),
                "an array of JWKs",
                edit(JsonEdit::WrapArray),
            ),
            (
                format!(r#"{{"a":{OCT},"b":{OCT}}}"#),
                "JWKs by name",
                edit(JsonEdit::WrapMembers),
            ),
            (
                format!(r#"{{"keys":{{"a":{OCT}}}}}"#),
                "JSON whose `keys` is an object, and in a JWK Set it is an array (RFC 7517 section 5.1)",
                edit(JsonEdit::ListKeys),
            ),
            (
                format!(r#"{{"keys":{OCT}}}"#),
                "JSON whose `keys` is an object, and in a JWK Set it is an array (RFC 7517 section 5.1)",
                edit(JsonEdit::ListKey),
            ),
            (
                format!(r#"{{"keys":{}}}"#, quote(&format!("[{OCT}]"))),
                "JSON whose `keys` is an array inside of a string",
                edit(JsonEdit::ParseKeys),
            ),
            (
                format!("{OCT}\n\n{OCT}\n"),
                "several JWKs, a line each, and no set of them",
                edit(JsonEdit::JoinLines),
            ),
            (
                r#"{"AdditionalData":{},"Alg":null,"Kty":"RSA","N":"AQAB","E":"AQAB"}"#.to_owned(),
                "a JWK whose names are in capitals, as .NET writes it",
                edit(JsonEdit::LowerNames),
            ),
            (
                r#"{"keys":7}"#.to_owned(),
                "JSON whose `keys` is a number, and in a JWK Set it is an array (RFC 7517 section 5.1)",
                None,
            ),
        ] {
            assert_eq!(
                (fault(&text).0.as_str(), hint(&text)),
                (message, advice),
                "{text}"
            );
        }
    }

    #[test]
    fn a_document_that_says_where_the_keys_are_is_named() {
        const METADATA: &str = "the metadata of an issuer, whose keys are where `jwks_uri` says";
        let address = |member: &str| Advice::NameAddress {
            member: member.to_owned(),
            url: "https://a.test/jwks".to_owned(),
        };
        for (text, message, way) in [
            (
                r#"{"issuer":"https://a.test","jwks_uri":"https://a.test/jwks"}"#,
                METADATA,
                Advice::NameIssuer(Some("https://a.test".to_owned())),
            ),
            (
                r#"{"issuer":"https://u:p@a.test","jwks_uri":7}"#,
                METADATA,
                Advice::NameIssuer(None),
            ),
            (
                r#"{"jwk_url":"https://a.test/jwks?token=hunter2"}"#,
                "JSON that says where the keys are",
                address(".jwk_url"),
            ),
            (
                r#"{"jwksUri":"https://a.test/jwks"}"#,
                "JSON that says where the keys are",
                address(".jwksUri"),
            ),
        ] {
            assert_eq!(fault(text), (message.to_owned(), Some(way)));
        }
    }

    #[test]
    fn the_error_of_a_server_is_no_key() {
        let kubernetes = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: User \"system:anonymous\" cannot get path \"/openid/v1/jwks\"","reason":"Forbidden","details":{},"code":403}"#;
        let (message, hint) = fault(kubernetes);
        assert_eq!(
            message,
            "an error of Kubernetes: forbidden: User \"system:anonymous\" cannot get path \"/openid/v1/jwks\""
        );
        assert_eq!(hint, Some(Advice::AskKubernetes));
        for text in [
            r#"{"error":"invalid_token","error_description":"hunter2"}"#,
            r#"{"message":"Not Found hunter2"}"#,
            r#"{"error":{"code":404,"message":"hunter2"}}"#,
            r#"{"errors":[{"message":"hunter2"}]}"#,
        ] {
            let (message, hint) = fault(text);
            assert_eq!(message, "the error of a server, and no key");
            assert_eq!(hint, None, "nothing of a file is repeated");
        }
    }

    #[test]
    fn json_in_a_json_string_is_named_and_other_strings_may_be_secrets() {
        let set = format!(r#"{{"keys":[{OCT}]}}"#);
        for text in [
            quote(OCT),
            quote(&set),
            quote(&format!("\n {OCT}\n")),
            quote("[]"),
        ] {
            let (message, hint) = fault(&text);
            assert_eq!(message, "a JSON string that holds JSON");
            assert_eq!(hint, edit(JsonEdit::Parse));
        }
        for text in [
            "\"a secret of at least 32 characters\"",
            "\"{a secret}\"",
            "\"{",
            "\"",
        ] {
            assert!(find(text).is_none(), "{text}");
        }
    }

    #[test]
    fn other_json_is_refused_and_nothing_of_it_repeated() {
        for text in [
            "{}",
            "[]",
            "[[[[[[[[[7]]]]]]]]]",
            r#"{"apiVersion":"v1","kind":"Config"}"#,
            r#"{"a":"hunter2"}"#,
        ] {
            let (message, hint) = fault(text);
            assert_eq!(
                (message.as_str(), hint),
                ("JSON that is neither a JWK nor a JWK Set", None)
            );
        }
    }

    #[test]
    fn what_begins_as_an_object_is_no_secret_but_other_text_may_be() {
        assert!(find(&OCT[..60]).unwrap().is_err());
        assert!(find("{a secret of at least 32 bytes}}}").is_none());
        assert!(find("a secret of at least 32 characters").is_none());
    }

    #[test]
    fn a_hostile_document_is_left_after_a_thousand_members() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        let wide = vec![r#"{"a":{"b":{"c":{"d":"LS0tLS1CRUdJTiA"}}}}"#; 20_000].join(",");
        for text in [deep, format!("[{wide}]"), format!(r#"{{"x":[{wide}]}}"#)] {
            assert!(find(&text).unwrap().is_err());
        }
    }
}
