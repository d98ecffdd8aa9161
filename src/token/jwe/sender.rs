//! The key of a recipient, made ready to encrypt to: makes a new key for a content, and the
//! encrypted key that lets the recipient get it.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};
use zeroize::Zeroizing;

use crate::token::jwe::agreement::{self, Group, Purpose};
use crate::token::jwe::key_management::Family;
use crate::token::jwe::{ContentEncryption, KeyManagement, NoRandom, password, random};
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
    let (wrapping, secret) = match (alg.family(), &recipient.material) {
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
            let Some(wrapping) = wrapping else {
                return Ok(NewKey {
                    key,
                    encrypted: Vec::new(),
                    parameters,
                });
            };
            (wrapping, key)
        }
        (Family::Password(hash, wrapping), Material::Secret(password)) => {
            let (key, made) = password::begin(alg, hash, wrapping.secret_len(), password)?;
            parameters.extend(made);
            (wrapping, key)
        }
        (Family::Secret(wrapping), Material::Secret(secret)) => (wrapping, secret.clone()),
        _ => return Err(NoRandom),
    };
    let key = content_key()?;
    let wrapped = wrapping.wrap(&secret, &key)?;
    parameters.extend(wrapped.parameters);
    Ok(NewKey {
        key,
        encrypted: wrapped.key,
        parameters,
    })
}
