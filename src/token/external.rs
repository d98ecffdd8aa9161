//! Keys whose private half never leaves its place: a smart card, an agent, a cloud.

use std::sync::Arc;

use crate::token::advice::Advice;
use crate::token::algorithm::{Algorithm, Family};
use crate::token::ecdsa_signature::from_der;
use crate::token::engine::{Signer, Verifier};
use crate::token::key_fault::KeyFault;

/// Something that signs with a private key that it does not give out. Several threads may use it at once.
pub trait ExternalSigner: Send + Sync {
    /// Signs a message with an algorithm: gives the bytes of a JWS signature (RFC 7515 section 5.1), or for
    /// ECDSA a signature in DER (RFC 3279 section 2.2.3).
    ///
    /// # Errors
    /// [`KeyFault`] where it does not sign, or cannot be reached.
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyFault>;

    /// What to do where its signatures are not good, if there is anything.
    fn advice(&self) -> Option<Advice> {
        None
    }
}

/// A signer whose every signature is checked with the public key before it is given out: its key may have
/// been replaced meanwhile.
pub(super) struct Checked {
    pub(super) signer: Arc<dyn ExternalSigner>,
    pub(super) algorithm: Algorithm,
    pub(super) verifier: Verifier,
}

impl Signer for Checked {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let signature = self.signer.sign(self.algorithm, message)?;
        if self.verifier.accepts(message, &signature) {
            return Ok(signature);
        }
        let turned = match self.algorithm.family() {
            Family::Ecdsa(curve) => from_der(&signature, curve),
            _ => None,
        };
        turned
            .filter(|turned| self.verifier.accepts(message, turned))
            .ok_or_else(|| {
                let name = self.algorithm.name();
                let fault = KeyFault::rejected(format!(
                    "the signature was not made with {name} by the private key that belongs to the public one"
                ));
                match self.signer.advice() {
                    Some(advice) => fault.hint(advice),
                    None => fault,
                }
            })
    }
}
