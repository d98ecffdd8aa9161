//! The key of a recipient, made ready to encrypt to: makes a new key for a content, and the
//! encrypted key that lets the recipient get it.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};
use zeroize::Zeroizing;

use crate::token::compact::encode_segment;
use crate::token::json::quote;
use crate::token::jwe::agreement::{self, Group, Purpose};
use crate::token::jwe::key_management::Family;
use crate::token::jwe::{ContentEncryption, KeyManagement, NoRandom, password, random, wrap};
use crate::token::key::Key;
use crate::token::material::Material;

/// A new key for a content, and what its recipient needs to get it.
pub(super) struct NewKey {
    pub(super) key: Zeroizing<Vec<u8>>,
    pub(super) encrypted: Vec<u8>,
    /// Parameters of the header, each with its value as JSON text.
    pub(super) parameters: Vec<(&'static str, String)>,
}

/// Makes a key for a content, for a recipient whose key fits both algorithms. A key that is shared with other
/// recipients is taken as it is, by an algorithm that does not itself decide on it.
pub(super) fn new_key(
    recipient: &Key,
    alg: KeyManagement,
    enc: ContentEncryption,
    shared: Option<&Zeroizing<Vec<u8>>>,
) -> Result<NewKey, NoRandom> {
    let mut parameters = Vec::new();
    let content_key = || shared.map_or_else(|| random(enc.key_len()), |key| Ok(key.clone()));
    let wrapping = match (alg.family(), &recipient.material) {
        (Family::Direct, Material::Secret(secret)) => {
            return Ok(NewKey {
                key: secret.clone(),
                encrypted: Vec::new(),
                parameters,
            });
        }
        (Family::Oaep(algorithm), Material::Rsa { public, .. }) => {
            let key = content_key()?;
            let spki = public.as_der().map_err(|_| NoRandom)?;
            let public = PublicEncryptingKey::from_der(spki.as_ref()).map_err(|_| NoRandom)?;
            let public = OaepPublicEncryptingKey::new(public).map_err(|_| NoRandom)?;
            let mut encrypted = vec![0; public.ciphertext_size()];
            public
                .encrypt(algorithm, &key, &mut encrypted, None)
                .map_err(|_| NoRandom)?;
            return Ok(NewKey {
                key,
                encrypted,
                parameters,
            });
        }
        (Family::Agreement(wrapping), material) => {
            let (group, public) = match material {
                Material::Ec { curve, point, .. } => (Group::Curve(*curve), point),
                Material::X25519 { public, .. } => (Group::X25519, public),
                _ => return Err(NoRandom),
            };
            let (key, epk) = agreement::begin(group, public, Purpose::of(alg, enc, wrapping))?;
            parameters.push(("epk", epk));
            if wrapping.is_none() {
                return Ok(NewKey {
                    key,
                    encrypted: Vec::new(),
                    parameters,
                });
            }
            key
        }
        (Family::Password(hash, len), Material::Secret(secret)) => {
            let (key, made) = password::begin(alg, hash, len, secret)?;
            parameters.extend(made);
            key
        }
        (_, Material::Secret(secret)) => secret.clone(),
        _ => return Err(NoRandom),
    };
    let key = content_key()?;
    let encrypted = match alg.family() {
        Family::GcmWrap(len) => {
            let gcm = ContentEncryption::gcm(len).and_then(|gcm| gcm.key(&wrapping));
            let sealed = gcm.ok_or(NoRandom)?.seal(&[], &key)?;
            parameters.push(("iv", quote(&encode_segment(&sealed.iv))));
            parameters.push(("tag", quote(&encode_segment(&sealed.tag))));
            sealed.ciphertext
        }
        _ => wrap::wrap(&wrapping, &key).ok_or(NoRandom)?,
    };
    Ok(NewKey {
        key,
        encrypted,
        parameters,
    })
}
