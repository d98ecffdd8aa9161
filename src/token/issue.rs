//! Makes a token: takes header, claims and key, and gives text.

use crate::token::algorithm::Algorithm;
use crate::token::claims::Members;
use crate::token::compact::{encode_segment, push_segment};
use crate::token::engine::{Signing, SigningHere, cannot_sign};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

/// A key made ready to sign with one algorithm. Several threads may use it at once.
#[expect(missing_debug_implementations, reason = "it holds a private key")]
pub struct SigningKey {
    algorithm: Algorithm,
    signing: Signing,
}

impl SigningKey {
    /// Takes a key and an algorithm that it allows.
    ///
    /// # Errors
    /// [`KeyFault`] where the key is public, too weak, or for another algorithm.
    pub fn new(key: &Key, algorithm: Algorithm, allow_weak: bool) -> Result<Self, KeyFault> {
        Ok(SigningKey {
            algorithm,
            signing: key.signing(algorithm, allow_weak)?,
        })
    }

    /// Signs a message: gives the bytes of a JWS signature (RFC 7515 section 5.1).
    ///
    /// # Errors
    /// [`KeyFault`] where the key turns out unable to sign.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        self.signing.here().sign(message)
    }

    /// The algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Signs a header and claims into a JWS in compact form (RFC 7515 section 5.1).
///
/// # Errors
/// [`KeyFault`] where the key turns out unable to sign.
pub fn issue(
    claims: &Members<'_>,
    header: &Members<'_>,
    key: &SigningKey,
) -> Result<String, KeyFault> {
    TokenSigner::new(header, key).issue(claims)
}

/// Signs the claims of many tokens with the same header, one after the other, on one thread.
#[expect(missing_debug_implementations, reason = "it holds a private key")]
pub struct TokenSigner<'k> {
    header: String,
    signing: SigningHere<'k>,
    /// Memory for the text of claims.
    claims: String,
}

impl<'k> TokenSigner<'k> {
    /// Takes the header and the key of the tokens.
    #[must_use]
    pub fn new(header: &Members<'_>, key: &'k SigningKey) -> Self {
        TokenSigner {
            header: encode_segment(header.text()),
            signing: key.signing.here(),
            claims: String::new(),
        }
    }

    /// Signs claims, as [`issue`] does.
    ///
    /// # Errors
    /// [`KeyFault`] where the key turns out unable to sign.
    pub fn issue(&mut self, claims: &Members<'_>) -> Result<String, KeyFault> {
        let mut token = Vec::new();
        self.push_signing_input(claims, &mut token);
        let signature = self.sign(&token)?;
        push_signature(&signature, &mut token);
        // Letters of base64url and dots are UTF-8.
        String::from_utf8(token).map_err(|_| cannot_sign())
    }

    /// Appends the signing input of a token, its header and claims, to a buffer.
    pub(crate) fn push_signing_input(&mut self, claims: &Members<'_>, to: &mut Vec<u8>) {
        self.claims.clear();
        claims.push_text(&mut self.claims);
        to.extend_from_slice(self.header.as_bytes());
        to.push(b'.');
        push_segment(&self.claims, to);
    }

    /// The signature over the signing input of a token.
    ///
    /// # Errors
    /// [`KeyFault`] where the key turns out unable to sign.
    pub fn sign(&self, signing_input: &[u8]) -> Result<Vec<u8>, KeyFault> {
        self.signing.sign(signing_input)
    }
}

/// Completes the token whose signing input ends a buffer.
pub(crate) fn push_signature(signature: &[u8], token: &mut Vec<u8>) {
    token.push(b'.');
    push_segment(signature, token);
}
