//! The JWK Set of somebody else (RFC 7517 section 5): public keys, and nothing that is secret.
//!
//! Who publishes a secret lets everybody sign with it, so an entry that holds one is no key at
//! all: not for HS256, and not its public half either.

use crate::text::escape;
use crate::token::content::Keys;
use crate::token::json::{Json, Kind};
use crate::token::jwk;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

/// How many keys a set may hold.
const MOST_KEYS: usize = 10_000;

/// So many notes are worth reading.
const MOST_NOTES: usize = 5;

/// The members that only a private or secret key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC
/// 8037 section 2, RFC 9964 section 3).
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Reads an answer as a set of public keys; the error says in a clause what came instead.
pub(super) fn read(body: &[u8], is_html: bool) -> Result<Keys, KeyFault> {
    let json = json(body, is_html)?;
    let entries = match json.get("keys") {
        Some(entries) if entries.kind() == Kind::Array => entries,
        _ => return Err(no_set(json)),
    };
    if json.members().filter(|(name, _)| name == "keys").count() > 1 {
        return Err(KeyFault::rejected(
            "answered with a JWK Set that has `keys` twice",
        ));
    }
    if entries.elements().nth(MOST_KEYS).is_some() {
        return Err(KeyFault::rejected(format!(
            "answered with a JWK Set of more than {MOST_KEYS} keys"
        )));
    }
    let (mut keys, mut faults) = (Vec::new(), Vec::new());
    for (number, entry) in (1_u32..).zip(entries.elements()) {
        match public(entry) {
            Ok(key) => keys.push(key),
            Err(fault) => faults.push((number, fault.message)),
        }
    }
    if keys.is_empty() {
        return Err(KeyFault::rejected(match faults.first() {
            Some((_, why)) => format!("answered with a JWK Set that has no usable key: {why}"),
            None => "answered with an empty JWK Set".to_owned(),
        }));
    }
    let more = faults.len().saturating_sub(MOST_NOTES);
    let passed_over = |(number, why)| format!("key {number} of the set is passed over: {why}");
    let mut notes: Vec<String> = faults
        .into_iter()
        .take(MOST_NOTES)
        .map(passed_over)
        .collect();
    if more > 0 {
        notes.push(format!("{more} more keys of the set are passed over"));
    }
    Ok(Keys {
        keys,
        is_set: true,
        notes,
    })
}

/// Reads an answer as JSON.
pub(super) fn json(body: &[u8], is_html: bool) -> Result<Json<'_>, KeyFault> {
    Json::parse(body).map(|parsed| parsed.value).map_err(|_| {
        let text = body.trim_ascii_start();
        KeyFault::rejected(match text.first() {
            None => "answered with nothing",
            Some(b'<') => "answered with HTML",
            _ if is_html => "answered with HTML",
            _ if body.starts_with(b"\x1f\x8b") => "answered with compressed data, unasked",
            _ => "answered with something that is not JSON",
        })
    })
}

fn public(entry: Json<'_>) -> Result<Key, KeyFault> {
    if entry
        .get("kty")
        .and_then(Json::as_str)
        .is_some_and(|kty| kty == "oct")
    {
        return Err(KeyFault::rejected("it is a secret that everybody can read"));
    }
    let private = entry
        .members()
        .find(|(name, _)| PRIVATE.contains(&name.as_ref()));
    if let Some((name, _)) = private {
        return Err(KeyFault::rejected(format!(
            "its private half (`{name}`) is there for everybody to read"
        )));
    }
    let key = jwk::read(entry)?;
    // Whatever kind of key is added, none that signs gets past here.
    match key.has_private() {
        true => Err(KeyFault::rejected("it is not a public key")),
        false => Ok(key),
    }
}

/// The fault of JSON that is no set, with a hint to what may have been meant.
fn no_set(json: Json<'_>) -> KeyFault {
    let fault = KeyFault::rejected("answered with JSON that is no JWK Set");
    let has = |name| json.get(name).is_some();
    if has("jwks_uri") {
        let issuer = json
            .get("issuer")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let issuer = escape::shorten(&issuer, 100);
        fault.hint(format!(
            "it is the metadata of an issuer: `--key issuer:{issuer}`"
        ))
    } else if has("kty") {
        fault.hint("it is a single key, and a set is {\"keys\":[…]}")
    } else {
        fault
    }
}
