//! The whole of a token in a JSON form, around its signature.

use std::ops::Range;

use memchr::{memchr2_iter, memmem, memrchr2_iter};

use crate::token::find::serialized::{REACH, unmatched};
use crate::token::json::Json;
use crate::token::{jwe, jws_json};

/// The token whose signature stands in an object, if all of it is there as it was written: what is around the
/// list of signatures of which it is the first, or the object.
pub(super) fn whole(text: &[u8], object: &Range<usize>) -> Option<String> {
    let inner = part(text, object.start..object.end.saturating_add(1))?;
    let outer = around(text, object).unwrap_or_default();
    // Most are in no list, and what is around them is not read for it.
    let may_list = memmem::find(outer.as_bytes(), b"signatures").map(|_| outer);
    let list = may_list.and_then(|outer| Json::parse_str(outer).ok());
    let list = list.and_then(|outer| outer.value.get("signatures"));
    let place = list.and_then(|list| list.elements().position(|one| one.text() == inner));
    let token = match place {
        Some(0) => outer,
        // It is taken once.
        Some(_) => return None,
        None => inner,
    };
    is_token(token).then(|| token.to_owned())
}

/// The object around another one.
fn around<'t>(text: &'t [u8], object: &Range<usize>) -> Option<&'t str> {
    let end = object.end.saturating_add(1);
    let near = object.start.saturating_sub(REACH);
    let before = text.get(near..object.start)?;
    let after = text.get(end..text.len().min(end.saturating_add(REACH)))?;
    let from = unmatched(memrchr2_iter(b'{', b'}', before), before, b'{')?;
    let to = unmatched(memchr2_iter(b'{', b'}', after), after, b'}')?;
    let to = end.saturating_add(to).saturating_add(1);
    part(text, near.saturating_add(from)..to)
}

fn part(text: &[u8], range: Range<usize>) -> Option<&str> {
    std::str::from_utf8(text.get(range)?).ok()
}

fn is_token(text: &str) -> bool {
    jws_json::is_one(text) || jwe::is_json(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::find::serialized::{Look, is_name, look};

    const PROTECTED: &str = "eyJhbGciOiJFUzI1NiJ9";

    fn token(text: &str) -> Vec<Option<String>> {
        let names = (0..text.len()).filter(|at| is_name(text.as_bytes(), *at));
        let looks = names.map(|at| look(text.as_bytes(), at, 0, true));
        let wholes = looks.map(|look| match look {
            Look::Secret { object, .. } => whole(text.as_bytes(), &object),
            _ => None,
        });
        wholes.collect()
    }

    #[test]
    fn a_token_is_taken_out_as_a_whole_and_once() {
        let flat = format!(r#"{{"payload":"e30","protected":"{PROTECTED}","signature":"c2ln"}}"#);
        let list = format!(
            r#"{{"payload": "e30", "signatures": [{{"protected": "{PROTECTED}", "signature": "AA"}}, {{"protected": "{PROTECTED}", "signature": "AQ"}}]}}"#
        );
        for text in [
            format!("log {{a}} {flat}, {{b}}"),
            format!(r#"{{"a":{{}},"token":{flat},"b":[{{}}]}}"#),
        ] {
            assert_eq!(token(&text), [Some(flat.clone())], "{text}");
        }
        for text in [format!("x {list}"), format!(r#"{{"a":[{list}]}}"#)] {
            assert_eq!(token(&text), [Some(list.clone()), None], "{text}");
        }
        let escaped = flat.replace('"', "\\\"");
        assert_eq!(token(&format!("\"{escaped}\"")), [None]);
        // A payload that is no text is not that of a token.
        let other = flat.replace("\"e30\"", "{}");
        assert_eq!(token(&other), [None]);
    }
}
