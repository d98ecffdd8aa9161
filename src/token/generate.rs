//! Making keys.

use aws_lc_rs::rand;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, PqdsaKeyPair, RsaKeyPair};
use zeroize::Zeroizing;

use crate::text::hex;
use crate::token::advice::Advice;
use crate::token::algorithm::{Algorithm, Curve, Family};
use crate::token::der;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::material::Material;
use crate::token::ml_dsa::MlDsa;

/// The sizes that RSA keys are made in, in bits; the first is the default.
const RSA_SIZES: &[(u32, KeySize)] = &[
    (3072, KeySize::Rsa3072),
    (2048, KeySize::Rsa2048),
    (4096, KeySize::Rsa4096),
    (8192, KeySize::Rsa8192),
];

/// Makes a key for an algorithm, bound to it, with its thumbprint as `kid`. A secret is text: two
/// hexadecimal digits for each byte of the hash, at least 64.
///
/// # Errors
/// [`KeyFault`] where `bits` is not a size of such a key, or the system has no random numbers.
pub fn generate(algorithm: Algorithm, bits: Option<u32>) -> Result<Key, KeyFault> {
    let material = match algorithm.family() {
        Family::RsaPkcs1 | Family::RsaPss => rsa(bits)?,
        _ if bits.is_some() => {
            return Err(KeyFault::rejected(format!(
                "a key for {} has one size only",
                algorithm.name()
            ))
            .hint(Advice::LeaveSize));
        }
        Family::Hmac { hash_len } => return secret(hash_len),
        Family::Ecdsa(curve) => ec(curve)?,
        Family::Ed25519 => ed25519()?,
        Family::MlDsa(set) => ml_dsa(set)?,
    };
    let mut key = Key::from(material);
    key.alg = Some(algorithm);
    key.kid = Some(key.thumbprint());
    Ok(key)
}

fn secret(len: usize) -> Result<Key, KeyFault> {
    let mut random = Zeroizing::new(vec![0; len]);
    rand::fill(&mut random).map_err(|_| no_random())?;
    let mut digits = Zeroizing::new(String::with_capacity(len.saturating_mul(2)));
    hex::push(&random, &mut digits);
    Ok(Key::secret(Zeroizing::new(
        std::mem::take(&mut *digits).into_bytes(),
    )))
}

fn rsa(bits: Option<u32>) -> Result<Material, KeyFault> {
    let size = RSA_SIZES
        .iter()
        .find(|(size, _)| bits.is_none_or(|bits| bits == *size));
    let (_, size) = size.ok_or_else(|| {
        KeyFault::rejected("RSA keys are made with 2048, 3072, 4096 or 8192 bits")
            .hint(Advice::TakeSize(3072))
    })?;
    let pair = RsaKeyPair::generate(*size).map_err(|_| no_random())?;
    match der::read(pair.public_key().as_ref(), None, None)?.material {
        Material::Rsa { public, .. } => Ok(Material::Rsa {
            public,
            pair: Some(pair),
            restriction: None,
        }),
        other => Ok(other),
    }
}

fn ec(curve: Curve) -> Result<Material, KeyFault> {
    let pair = EcdsaKeyPair::generate(curve.signing()).map_err(|_| no_random())?;
    let point = pair.public_key().as_ref().to_vec();
    Ok(Material::Ec {
        curve,
        point,
        pair: Some(pair),
    })
}

fn ed25519() -> Result<Material, KeyFault> {
    let pair = Ed25519KeyPair::generate().map_err(|_| no_random())?;
    let public = pair.public_key().as_ref().to_vec();
    Ok(Material::Ed25519 {
        public,
        pair: Some(pair),
    })
}

fn ml_dsa(set: MlDsa) -> Result<Material, KeyFault> {
    let pair = PqdsaKeyPair::generate(set.signing()).map_err(|_| no_random())?;
    let public = pair.public_key().as_ref().to_vec();
    Ok(Material::MlDsa {
        set,
        public,
        pair: Some(pair),
    })
}

fn no_random() -> KeyFault {
    KeyFault::new(KeyReason::System, "the system gives no random numbers")
}
