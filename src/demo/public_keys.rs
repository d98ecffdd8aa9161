//! The public keys of a client or a trusted issuer that signs assertions. They are configured, and
//! never fetched.

use std::fmt;
use std::sync::Arc;

use crate::token::content::{self, Reading};
use crate::token::key::Key;
use crate::token::keyset::VerifyingKeys;
use crate::token::verify::ReadyKeys;

/// Public keys, made ready when they are first used. A copy is cheap.
#[derive(Clone)]
pub struct PublicKeys(Arc<ReadyKeys>);

impl fmt::Debug for PublicKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKeys")
    }
}

impl PublicKeys {
    /// Reads them: a JWK Set, a JWK, or PEM; `owner` names their owner in messages.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn read(content: &[u8], owner: &str) -> Result<PublicKeys, String> {
        let keys = content::read(content, &Reading::default()).map_err(|fault| fault.message)?;
        if keys.keys.is_empty() {
            return Err("there is no key in it".to_owned());
        }
        if keys.keys.iter().any(Key::is_secret) {
            return Err("that is not a public key".to_owned());
        }
        if keys.keys.iter().any(Key::has_private) {
            return Err(
                "there is a private key in it, but only its public half is needed".to_owned(),
            );
        }
        let label = format!("the keys of {owner}");
        Ok(PublicKeys(Arc::new(ReadyKeys::new(VerifyingKeys::of(
            label, keys,
        )))))
    }

    pub(super) fn ready(&self) -> &ReadyKeys {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::algorithm::Algorithm;
    use crate::token::generate::generate;

    #[test]
    fn public_keys_are_taken_and_nothing_else() {
        let key = generate(Algorithm::ES256, None).unwrap();
        let public = key.public_jwk().unwrap();
        for good in [
            &public,
            &format!("{{\"keys\":[{public}]}}"),
            &key.public_pem().unwrap(),
        ] {
            assert!(PublicKeys::read(good.as_bytes(), "app").is_ok(), "{good}");
        }
        let private = key.whole_jwk().unwrap();
        for bad in [
            "{}",
            "{\"keys\":[]}",
            "a text of some forty characters, and more",
            &private,
        ] {
            assert!(PublicKeys::read(bad.as_bytes(), "app").is_err());
        }
    }
}
