//! The keys of others: public ones only, and nothing secret.
//!
//! Everybody can sign with a published secret. So an entry that holds one is refused as a whole: a
//! secret for HS256, and a private key with its public half.

use crate::token::advice::{Advice, JsonPlace};
use crate::token::json::Json;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::key_json;
use crate::token::keys::Keys;
use crate::token::{jwk, jwks};

/// The members that only a private or secret key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC
/// 8037 section 2, RFC 9964 section 3).
const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Reads a JWK Set, a map of certificates by `kid`, or a public key or certificate in PEM.
///
/// # Errors
/// [`KeyFault`], whose message is a noun that follows "answered with".
pub fn read(text: &str) -> Result<Keys, KeyFault> {
    if jwks::has_block(text) && !text.trim_start().starts_with(['{', '[', '"']) {
        if !jwks::is_public(text) {
            return Err(KeyFault::rejected(
                "a private key in PEM, which everybody can read there",
            ));
        }
        let key = jwks::published(text);
        return match key {
            Ok(key) => Ok(Keys::from(key)),
            Err(fault) => Err(fault.after("PEM that is not a key:")),
        };
    }
    let parsed = Json::parse_str(text)
        .map_err(|_| KeyFault::rejected("something that is neither JSON nor PEM"))?;
    if key_json::is_jwk(parsed.value) {
        return Err(KeyFault::rejected("a single JWK, not a set").hint(Advice::SaveKey));
    }
    jwks::read(&parsed, entry)
        .unwrap_or_else(|| Err(key_json::no_key(parsed.value, JsonPlace::Answer)))
}

/// Reads an entry of a set as a public key, and what is odd about it.
///
/// # Errors
/// [`KeyFault`] that says why it is not one.
pub fn entry(entry: Json<'_>) -> Result<(Key, Option<String>), KeyFault> {
    if entry.get("kty").is_some_and(|kty| kty.is("oct")) {
        return Err(KeyFault::rejected("it is a secret that everybody can read"));
    }
    let private = entry
        .members()
        .find(|(name, _)| PRIVATE.contains(&name.as_ref()));
    if let Some((name, _)) = private {
        return Err(KeyFault::rejected(format!(
            "everybody can read its private half (`{name}`)"
        )));
    }
    let (key, oddity) = jwk::read(entry)?;
    // Whatever kinds of key are added, no key that can sign passes here.
    match key.has_private() {
        true => Err(KeyFault::rejected("it is not a public key")),
        false => Ok((key, oddity)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::advice::JsonEdit;
    use crate::token::json::quote;
    use crate::token::key_fault::KeyReason;
    use crate::token::pem::samples::{EC_CERTIFICATE, EC_ENCRYPTED, EC_PKCS8, EC_SEC1, EC_SPKI};

    #[test]
    fn a_public_key_and_a_certificate_in_pem_are_read() {
        for text in [
            EC_SPKI.to_owned(),
            EC_CERTIFICATE.to_owned(),
            format!("\n {}", EC_SPKI.replace('\n', "\r\n")),
            format!("Subject: a\n{EC_CERTIFICATE}"),
        ] {
            let keys = read(&text).unwrap();
            assert!(!keys.is_set && !keys.keys[0].has_private(), "{text}");
        }
    }

    #[test]
    fn no_private_key_is_taken_in_whatever_form() {
        let private = "a private key in PEM, which everybody can read there";
        for text in [
            EC_PKCS8.to_owned(),
            EC_SEC1.to_owned(),
            EC_ENCRYPTED.to_owned(),
            format!("{EC_SPKI}{EC_PKCS8}"),
            format!("{EC_CERTIFICATE}{EC_ENCRYPTED}"),
        ] {
            let fault = read(&text).unwrap_err();
            assert_eq!(
                (fault.reason, fault.message.as_str()),
                (KeyReason::Rejected, private)
            );
        }
        let map = format!(r#"{{"a":{},"b":{}}}"#, quote(EC_SPKI), quote(EC_PKCS8));
        assert!(read(&map).is_err());
        for text in [
            "a secret of at least 32 characters",
            "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "",
        ] {
            assert_eq!(
                read(text).unwrap_err().message,
                "something that is neither JSON nor PEM"
            );
        }
    }

    #[test]
    fn pem_that_is_damaged_is_said_so() {
        assert_eq!(
            read("-----BEGIN PUBLIC KEY-----\nMII\n")
                .unwrap_err()
                .message,
            "PEM that is not a key: the PEM block is cut off: its END line is missing"
        );
    }

    #[test]
    fn the_way_into_an_answer_begins_with_the_request() {
        let fault = read(&format!(
            r#"{{"realm":"a","public_key":{}}}"#,
            quote(EC_SPKI)
        ))
        .unwrap_err();
        assert_eq!(
            fault.hint.unwrap(),
            Advice::EditJson(
                JsonPlace::Answer,
                JsonEdit::TakeMember {
                    path: ".public_key".into(),
                    is_text: true,
                    is_key: true,
                }
            )
        );
        let fault = read(r#"{"error":"x","error_description":"a\u001b"}"#).unwrap_err();
        assert_eq!(fault.message, "an error: x: a\\u001b");
    }
}
