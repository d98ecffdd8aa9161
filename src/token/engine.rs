//! Keys made ready to sign and to check, and which library computes what.
//!
//! jsonwebtoken makes the signatures of HS256, HS384 and HS512. Its prepared keys belong to one thread and
//! hide the key, so each thread prepares its own, which is cheap for an HMAC. For all other algorithms each
//! thread would parse the key again, and jsonwebtoken parses a public key for every message; it lacks ES512,
//! ES256K and ML-DSA. Their signatures, and every check, are made by aws-lc-rs, which jsonwebtoken uses too:
//! a key is made ready once, for all threads.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::RsaParameters;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, PqdsaKeyPair, RsaEncoding,
    RsaKeyPair,
};
use jsonwebtoken::crypto::JwtSigner;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as Jwt, EncodingKey};

use crate::token::key_fault::KeyFault;
use crate::token::material::Material;

/// What computes an algorithm; the material of a key names the curve of ECDSA and the parameters of ML-DSA.
pub(super) enum Engine {
    Hmac(Jwt, hmac::Algorithm),
    Rsa(&'static dyn RsaEncoding, &'static RsaParameters),
    Ecdsa,
    Ed25519,
    MlDsa,
}

/// Something that signs: it takes a message and gives the bytes of a JWS signature (RFC 7515 section 5.1).
/// Several threads may use it at once.
pub(super) trait Signer: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault>;
}

/// A key made ready to check: it takes a message and the bytes of a JWS signature. Several threads may use it
/// at once.
pub struct Verifier(Check);

enum Check {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl Verifier {
    /// Whether the signature of the message is valid (RFC 7515 section 5.2).
    #[must_use]
    pub fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Check::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Check::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

impl Engine {
    /// Makes a key ready to sign, `None` for a public key or one of another kind.
    pub(super) fn signing(&self, material: &Material) -> Option<Signing> {
        let signer: Box<dyn Signer> = match (self, material) {
            (Engine::Hmac(algorithm, _), Material::Secret(secret)) => {
                return Some(Signing::Hmac(*algorithm, EncodingKey::from_secret(secret)));
            }
            (Engine::Rsa(encoding, _), Material::Rsa { pair, .. }) => Box::new(RsaSigner {
                pair: pair.clone()?,
                encoding: *encoding,
            }),
            (Engine::Ecdsa, Material::Ec { pair, .. }) => Box::new(EcdsaSigner(pair.clone()?)),
            (Engine::Ed25519, Material::Ed25519 { pair, .. }) => {
                Box::new(Ed25519Signer(pair.clone()?))
            }
            (Engine::MlDsa, Material::MlDsa { pair, .. }) => Box::new(MlDsaSigner(pair.clone()?)),
            _ => return None,
        };
        Some(Signing::Shared(signer))
    }

    /// Makes a key ready to check signatures, `None` for a key of another kind.
    pub(super) fn verifier(&self, material: &Material) -> Option<Verifier> {
        let parsed = match (self, material) {
            (Engine::Hmac(_, algorithm), Material::Secret(secret)) => {
                let key = hmac::Key::new(*algorithm, secret);
                return Some(Verifier(Check::Hmac(Box::new(key))));
            }
            (Engine::Rsa(_, parameters), Material::Rsa { public, .. }) => {
                public.to_parsed_public_key(parameters)
            }
            (Engine::Ecdsa, Material::Ec { curve, point, .. }) => {
                ParsedPublicKey::new(curve.verifying(), point)
            }
            (Engine::Ed25519, Material::Ed25519 { public, .. }) => {
                ParsedPublicKey::new(&aws::ED25519, public)
            }
            (Engine::MlDsa, Material::MlDsa { set, public, .. }) => {
                ParsedPublicKey::new(set.verifying(), public)
            }
            _ => return None,
        };
        Some(Verifier(Check::Public(parsed.ok()?)))
    }
}

/// A key made ready to sign, for all threads.
pub(super) enum Signing {
    Hmac(Jwt, EncodingKey),
    Shared(Box<dyn Signer>),
}

/// The same, for one thread.
pub(super) enum SigningHere<'k> {
    Hmac(Box<dyn JwtSigner>),
    Shared(&'k dyn Signer),
    /// A key that jsonwebtoken does not take.
    Unfit,
}

impl Signing {
    pub(super) fn here(&self) -> SigningHere<'_> {
        match self {
            Signing::Hmac(algorithm, key) => {
                match (DEFAULT_PROVIDER.signer_factory)(algorithm, key) {
                    Ok(signer) => SigningHere::Hmac(signer),
                    Err(_) => SigningHere::Unfit,
                }
            }
            Signing::Shared(signer) => SigningHere::Shared(signer.as_ref()),
        }
    }
}

impl SigningHere<'_> {
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        match self {
            SigningHere::Hmac(signer) => signer.try_sign(message).map_err(|_| cannot_sign()),
            SigningHere::Shared(signer) => signer.sign(message),
            SigningHere::Unfit => Err(cannot_sign()),
        }
    }
}

pub(super) fn cannot_sign() -> KeyFault {
    KeyFault::rejected("the key cannot sign")
}

struct RsaSigner {
    pair: RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
}

impl Signer for RsaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(self.encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| cannot_sign())?;
        Ok(signature)
    }
}

struct EcdsaSigner(EcdsaKeyPair);

impl Signer for EcdsaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let signature = self.0.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| cannot_sign())?.as_ref().to_vec())
    }
}

struct Ed25519Signer(Ed25519KeyPair);

impl Signer for Ed25519Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let signature = self.0.try_sign(message);
        Ok(signature.map_err(|_| cannot_sign())?.as_ref().to_vec())
    }
}

struct MlDsaSigner(PqdsaKeyPair);

impl Signer for MlDsaSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let mut signature = vec![0; self.0.algorithm().signature_len()];
        self.0
            .sign(message, &mut signature)
            .map_err(|_| cannot_sign())?;
        Ok(signature)
    }
}
