//! Several keys in JSON: the JWK Set (RFC 7517 section 5), and the map of certificates by `kid`
//! that Google publishes instead.
//!
//! There is one reader for the user's own sets and for those of others: the caller says what an
//! entry may be.

use crate::token::json::{Json, Kind, Parsed};
use crate::token::jwk::Entry;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keys::Keys;
use crate::token::pem;

/// How many keys a set may hold.
const MOST_KEYS: usize = 10_000;

/// How many notes of a kind are worth reading.
const MOST_NOTES: usize = 5;

/// Reads a set entry by entry; `None` for JSON that is not a set. An entry that cannot be read is
/// skipped with a note (RFC 7517 section 5).
///
/// The error names what it is instead, as a noun that follows "the content is".
pub(super) fn read(
    parsed: &Parsed<'_>,
    entry: fn(Json<'_>) -> Result<Entry, KeyFault>,
) -> Option<Result<Keys, KeyFault>> {
    let json = parsed.value;
    if let Some(entries) = json.get("keys") {
        let set = json.members().filter(|(name, _)| name == "keys");
        return match entries.kind() {
            Kind::Array if set.count() > 1 => {
                Some(Err(KeyFault::rejected("a JWK Set that has `keys` twice")))
            }
            Kind::Array => Some(all(entries.elements().map(entry))),
            _ => None,
        };
    }
    if !is_map(json) {
        return None;
    }
    if parsed.duplicate.is_some() {
        return Some(Err(KeyFault::rejected(
            "a map of certificates that has a name twice",
        )));
    }
    Some(all(json.members().map(|(kid, value)| {
        let key = published(&value.as_str().unwrap_or_default())?;
        let kid = Some(kid.into_owned());
        Ok((Key { kid, ..key }, None))
    })))
}

/// Whether every value is a certificate or public key in PEM, and the names are not labels for
/// keys.
fn is_map(json: Json<'_>) -> bool {
    let is_public = |value: Json<'_>| value.as_str().is_some_and(|text| is_public(&text));
    let mut members = json.members();
    match (members.next(), members.next()) {
        (None, _) => false,
        (Some((name, value)), None) => !is_label(&name) && is_public(value),
        _ => json.members().all(|(_, value)| is_public(value)),
    }
}

/// Whether a name says that its value is a key, in any style of writing.
pub(super) fn is_label(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let ends = ["key", "secret", "pem", "cert", "certificate", "x509"];
    ends.iter().any(|end| plain.ends_with(end))
}

/// Whether text has a PEM block, and no private one.
pub(super) fn is_public(text: &str) -> bool {
    has_block(text) && !text.contains("PRIVATE KEY")
}

/// Whether text has a PEM block.
pub(super) fn has_block(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

/// The public key or certificate of a PEM text.
pub(super) fn published(text: &str) -> Result<Key, KeyFault> {
    let keys = match is_public(text) {
        true => pem::find(text, None),
        false => None,
    };
    let key = keys.and_then(|keys| keys.map(|keys| keys.keys.into_iter().next()).transpose());
    match key {
        Some(Ok(key)) if !key.has_private() => Ok(key),
        Some(Err(fault)) => Err(fault),
        _ => Err(KeyFault::rejected("it is not a public key in PEM")),
    }
}

fn all(entries: impl Iterator<Item = Result<Entry, KeyFault>>) -> Result<Keys, KeyFault> {
    let (mut keys, mut passed_over, mut odd) = (Vec::new(), Notes::default(), Notes::default());
    let mut first_fault = None;
    for (number, entry) in (1_usize..).zip(entries) {
        if number > MOST_KEYS {
            return Err(KeyFault::rejected(format!(
                "a JWK Set of more than {MOST_KEYS} keys"
            )));
        }
        match entry {
            Ok((key, oddity)) => {
                keys.push(key);
                if let Some(oddity) = oddity {
                    odd.add(|| format!("key {number} of the set: {oddity}"));
                }
            }
            Err(fault) => {
                let why = &fault.message;
                passed_over.add(|| format!("key {number} of the set is skipped: {why}"));
                first_fault = first_fault.or(Some(fault));
            }
        }
    }
    if keys.is_empty() {
        return Err(match first_fault {
            Some(first) => first.after("a JWK Set without a usable key:"),
            None => KeyFault::rejected("an empty JWK Set"),
        });
    }
    let mut notes = passed_over.ended("more keys of the set are skipped");
    notes.extend(odd.ended("more keys of the set have such oddities"));
    Ok(Keys {
        keys,
        is_set: true,
        notes,
    })
}

/// The first notes of a kind, and how many more there would be.
#[derive(Default)]
struct Notes {
    first: Vec<String>,
    more: usize,
}

impl Notes {
    fn add(&mut self, note: impl FnOnce() -> String) {
        if self.first.len() < MOST_NOTES {
            self.first.push(note());
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    fn ended(mut self, words: &str) -> Vec<String> {
        if self.more > 0 {
            self.first.push(format!("{} {words}", self.more));
        }
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::jwk;
    use crate::token::pem::samples::{EC_CERTIFICATE, EC_PKCS8, EC_SPKI};

    const ED: &str =
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn found(text: &str) -> Option<Result<Keys, KeyFault>> {
        read(&Json::parse_str(text).unwrap(), jwk::read)
    }

    fn refusal(text: &str) -> String {
        found(text).unwrap().unwrap_err().message
    }

    fn pem_in_json(pem: &str) -> String {
        crate::token::json::quote(pem)
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_passed_over_with_a_note() {
        let set = format!(r#"{{"keys":[{ED},{{"kty":"XYZ"}},7,{ED}]}}"#);
        let keys = found(&set).unwrap().unwrap();
        assert!(keys.is_set);
        assert_eq!(keys.keys.len(), 2);
        assert_eq!(
            keys.notes,
            [
                "key 2 of the set is skipped: the JWK has a `kty` `XYZ` that is not supported",
                "key 3 of the set is skipped: the JWK has no `kty`",
            ]
        );
    }

    #[test]
    fn there_are_five_notes_of_a_kind_and_then_their_number() {
        let padded = r#"{"kty":"RSA","n":"AAEB","e":"AQAB"}"#;
        for (count, more) in [(5, false), (6, true), (3_000, true)] {
            let entries = format!(
                "{},{}",
                vec!["7"; count].join(","),
                vec![padded; count].join(",")
            );
            let notes = found(&format!(r#"{{"keys":[{entries}]}}"#))
                .unwrap()
                .unwrap()
                .notes;
            assert_eq!(notes.len(), if more { 12 } else { 10 });
            if more {
                let left = count - 5;
                assert_eq!(notes[5], format!("{left} more keys of the set are skipped"));
                assert_eq!(
                    notes[11],
                    format!("{left} more keys of the set have such oddities")
                );
            }
            assert!(
                notes
                    .iter()
                    .any(|note| note.contains("begins with a zero byte"))
            );
        }
    }

    #[test]
    fn a_set_without_a_single_readable_key_is_refused() {
        assert_eq!(refusal(r#"{"keys":[]}"#), "an empty JWK Set");
        assert_eq!(
            refusal(r#"{"keys":[{"kty":"XYZ"}]}"#),
            "a JWK Set without a usable key: the JWK has a `kty` `XYZ` that is not supported"
        );
        assert_eq!(
            refusal(r#"{"keys":[],"keys":[]}"#),
            "a JWK Set that has `keys` twice"
        );
        let many = format!(r#"{{"keys":[{}7]}}"#, "7,".repeat(MOST_KEYS));
        assert_eq!(refusal(&many), "a JWK Set of more than 10000 keys");
    }

    #[test]
    fn a_map_of_certificates_by_kid_is_a_set() {
        let (certificate, public) = (pem_in_json(EC_CERTIFICATE), pem_in_json(EC_SPKI));
        let map = format!(r#"{{"a1":{certificate},"b-2":{public}}}"#);
        let keys = found(&map).unwrap().unwrap();
        assert!(keys.is_set && keys.notes.is_empty());
        let kids: Vec<_> = keys
            .keys
            .iter()
            .map(|key| key.kid.as_deref().unwrap())
            .collect();
        assert_eq!(kids, ["a1", "b-2"]);
        assert!(
            found(&format!(r#"{{"a1":{certificate}}}"#))
                .unwrap()
                .is_ok()
        );

        let damaged = pem_in_json("-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----");
        let keys = found(&format!(r#"{{"a":{damaged},"b":{public}}}"#))
            .unwrap()
            .unwrap();
        assert_eq!(keys.keys.len(), 1);
        assert_eq!(
            keys.notes,
            ["key 1 of the set is skipped: the key is cut off or damaged: its DER is incomplete"]
        );
        assert_eq!(
            refusal(&format!(r#"{{"a":{public},"\u0061":{public}}}"#)),
            "a map of certificates that has a name twice"
        );
    }

    #[test]
    fn what_holds_a_key_among_other_things_is_no_map() {
        let (public, private) = (pem_in_json(EC_SPKI), pem_in_json(EC_PKCS8));
        for text in [
            "{}".to_owned(),
            "[]".to_owned(),
            "7".to_owned(),
            r#"{"a":"b"}"#.to_owned(),
            format!(r#"{{"a":{private}}}"#),
            format!(r#"{{"a":{public},"b":{private}}}"#),
            format!(r#"{{"a":{public},"type":"RS256"}}"#),
            format!(r#"{{"a":{public},"b":7}}"#),
            // The name is that of a member, and no `kid`.
            format!(r#"{{"public_key":{public}}}"#),
            format!(r#"{{"PublicKey":{public}}}"#),
            format!(r#"{{"signing-cert":{public}}}"#),
        ] {
            assert!(found(&text).is_none(), "{text}");
        }
    }
}
