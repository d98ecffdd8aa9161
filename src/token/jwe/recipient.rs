//! The key of a recipient, made ready to open: from the encrypted key of a token to the key of its
//! content.

use std::borrow::Cow;

use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _};
use aws_lc_rs::rsa::{OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::compact::Malformed;
use crate::token::header_parts::HeaderParts;
use crate::token::jwe::agreement::{AgreementKey, Group, Purpose};
use crate::token::jwe::content_encryption::ContentKey;
use crate::token::jwe::key_management::{Family, Wrapping};
use crate::token::jwe::{ContentEncryption, KeyManagement, password};
use crate::token::key::Key;
use crate::token::material::Material;

/// A key that opens tokens of one algorithm and one content encryption.
pub(super) struct RecipientKey {
    alg: KeyManagement,
    enc: ContentEncryption,
    /// Whether it was derived from a secret.
    pub(super) is_derived: bool,
    ready: Ready,
}

enum Ready {
    /// The secret is the key of the content.
    Content(Box<ContentKey>),
    Secret(Zeroizing<Vec<u8>>),
    Rsa(Box<OaepPrivateDecryptingKey>, &'static OaepAlgorithm),
    Agreement(AgreementKey, Option<Wrapping>),
}

/// The key of a content, unwrapped for the recipient.
pub(super) enum Unwrapped<'k> {
    Kept(&'k ContentKey),
    New(Zeroizing<Vec<u8>>),
    /// The encrypted key was not made for this recipient.
    Failed,
}

impl RecipientKey {
    /// Makes a key ready that fits both; `None` for one that does not.
    pub(super) fn new(key: &Key, alg: KeyManagement, enc: ContentEncryption) -> Option<Self> {
        let ready = match (alg.family(), &key.material) {
            (Family::Direct, Material::Secret(secret)) => {
                Ready::Content(Box::new(enc.key(secret)?))
            }
            (Family::Secret(_) | Family::Password(..), Material::Secret(secret)) => {
                Ready::Secret(secret.clone())
            }
            (
                Family::Oaep(algorithm),
                Material::Rsa {
                    pair: Some(pair), ..
                },
            ) => {
                let pkcs8 = pair.as_der().ok()?;
                let private = PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).ok()?;
                let private = OaepPrivateDecryptingKey::new(private).ok()?;
                Ready::Rsa(Box::new(private), algorithm)
            }
            (
                Family::Agreement(wrapping),
                Material::Ec {
                    curve,
                    pair: Some(pair),
                    ..
                },
            ) => {
                let private = pair.private_key().as_be_bytes().ok()?;
                let group = Group::Curve(*curve);
                Ready::Agreement(AgreementKey::new(group, private.as_ref())?, wrapping)
            }
            (
                Family::Agreement(wrapping),
                Material::X25519 {
                    private: Some(private),
                    ..
                },
            ) => Ready::Agreement(AgreementKey::new(Group::X25519, private)?, wrapping),
            _ => return None,
        };
        Some(RecipientKey {
            alg,
            enc,
            is_derived: key.is_derived(),
            ready,
        })
    }

    /// The key of the content. A fault tells only what everybody can see; an encrypted key for
    /// another recipient is not a fault, but [`Unwrapped::Failed`].
    pub(super) fn unwrap(
        &self,
        header: &HeaderParts<'_>,
        encrypted_key: &[u8],
        rounds_left: &mut u32,
    ) -> Result<Unwrapped<'_>, Malformed> {
        self.check_length(encrypted_key)?;
        let (wrapping, secret) = match (&self.ready, self.alg.family()) {
            (Ready::Content(key), _) => return Ok(Unwrapped::Kept(key)),
            (Ready::Rsa(private, algorithm), _) => {
                let mut key = Zeroizing::new(vec![0; private.min_output_size()]);
                let found = private.decrypt(algorithm, encrypted_key, &mut key, None);
                let len = found.map(|found| found.len());
                return Ok(match len {
                    Ok(len) if len == self.enc.key_len() => {
                        key.truncate(len);
                        Unwrapped::New(key)
                    }
                    _ => Unwrapped::Failed,
                });
            }
            (Ready::Agreement(key, wrapping), _) => {
                let derived = key.derive(header, Purpose::of(self.alg, self.enc, *wrapping))?;
                let Some(wrapping) = wrapping else {
                    return Ok(Unwrapped::New(derived));
                };
                (*wrapping, Cow::Owned(derived))
            }
            (Ready::Secret(password), Family::Password(hash, wrapping)) => {
                let len = wrapping.secret_len();
                let derived = password::derive(self.alg, hash, len, password, header, rounds_left)?;
                (wrapping, Cow::Owned(derived))
            }
            (Ready::Secret(secret), Family::Secret(wrapping)) => (wrapping, Cow::Borrowed(secret)),
            (Ready::Secret(_), _) => return Ok(Unwrapped::Failed),
        };
        Ok(match wrapping.unwrap(&secret, header, encrypted_key)? {
            Some(key) => Unwrapped::New(key),
            None => Unwrapped::Failed,
        })
    }

    /// The algorithms fix the length of the encrypted key.
    fn check_length(&self, encrypted_key: &[u8]) -> Result<(), Malformed> {
        let len = self.enc.key_len();
        let needed = match (self.alg.family(), &self.ready) {
            (Family::Oaep(_), Ready::Rsa(private, _)) => private.key_size_bytes(),
            (
                Family::Secret(wrapping)
                | Family::Agreement(Some(wrapping))
                | Family::Password(_, wrapping),
                _,
            ) => wrapping.wrapped_len(len),
            (Family::Direct | Family::Agreement(None) | Family::Oaep(_), _) => 0,
        };
        if encrypted_key.len() == needed {
            return Ok(());
        }
        let found = match encrypted_key.len() {
            0 => "no bytes".to_owned(),
            len => counted(len, "byte"),
        };
        let (alg, enc) = (self.alg.name(), self.enc.name());
        Err(Malformed::new(match needed {
            0 => format!("the encrypted key has {found}, and {alg} has none"),
            _ => format!("the encrypted key has {found}, and {alg} with {enc} makes {needed}"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::content::{Reading, read};
    use crate::token::encoding::Encoding;
    use crate::token::json::Json;

    #[test]
    fn the_vectors_of_wycheproof_and_webcrypto_are_judged_as_they_say() {
        const WYCHEPROOF: &str =
            include_str!("../../../tests/vectors/jwe/wycheproof-rsa-oaep.jsonl");
        const WEBCRYPTO: &str = include_str!("../../../tests/vectors/jwe/webcrypto-rsa-oaep.jsonl");
        let mut count = 0;
        for line in WYCHEPROOF.lines().chain(WEBCRYPTO.lines()) {
            let group = Json::parse_str(line).unwrap().value;
            let text = |name: &str| group.get(name).and_then(Json::as_str).unwrap();
            let bytes = |text: &str| Encoding::Hex.undo(text.as_bytes()).unwrap_or_default();
            let key = read(&bytes(&text("key")), &Reading::default()).unwrap();
            let alg = KeyManagement::parse(&text("alg")).unwrap();
            let enc = ContentEncryption::A256Gcm;
            let recipient = RecipientKey::new(&key.keys[0], alg, enc).unwrap();
            let Ready::Rsa(private, algorithm) = &recipient.ready else {
                panic!("{}", alg.name());
            };
            for row in group.get("tests").unwrap().elements() {
                let row: (u32, String, String, String) = serde_json::from_str(row.text()).unwrap();
                let (id, result, message, sealed) = row;
                let sealed = bytes(&sealed);
                let mut room = vec![0; private.min_output_size()];
                let opened = private.decrypt(algorithm, &sealed, &mut room, None);
                let is_whole = opened.is_ok_and(|opened| *opened == **bytes(&message));
                // What is acceptable has a label, which no JWE has.
                assert_eq!(is_whole, result == "valid", "{} {id}", alg.name());
                // None of these messages is as long as the key of a content.
                let header = HeaderParts {
                    protected: None,
                    unprotected: [None, None],
                };
                let unwrapped = recipient.unwrap(&header, &sealed, &mut 0);
                assert!(unwrapped.is_err() || matches!(unwrapped, Ok(Unwrapped::Failed)));
                count += 1;
            }
        }
        assert_eq!(count, 99);
    }
}
