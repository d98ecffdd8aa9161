//! Making a token: header, claims and key in, text out.

use crate::token::algorithm::{Algorithm, Signer};
use crate::token::claims::Members;
use crate::token::compact::{encode_segment, push_segment};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

/// A key made ready to sign with one algorithm.
#[expect(missing_debug_implementations, reason = "it holds a private key")]
pub struct SigningKey {
    algorithm: Algorithm,
    signer: Signer,
}

impl SigningKey {
    /// Takes a key and an algorithm that it allows.
    ///
    /// # Errors
    /// [`KeyFault`] where the key is public, too weak, or for another algorithm.
    pub fn new(key: &Key, algorithm: Algorithm, allow_weak: bool) -> Result<Self, KeyFault> {
        Ok(SigningKey {
            algorithm,
            signer: key.signer(algorithm, allow_weak)?,
        })
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

/// Signs the claims of one token after the other under the same header.
#[expect(missing_debug_implementations, reason = "it holds a private key")]
pub struct TokenSigner<'k> {
    header: String,
    key: &'k SigningKey,
}

impl<'k> TokenSigner<'k> {
    /// Takes the header and the key of the tokens.
    #[must_use]
    pub fn new(header: &Members<'_>, key: &'k SigningKey) -> Self {
        TokenSigner {
            header: encode_segment(header.text()),
            key,
        }
    }

    /// Signs claims, as [`issue`] does.
    ///
    /// # Errors
    /// [`KeyFault`] where the key turns out unable to sign.
    pub fn issue(&self, claims: &Members<'_>) -> Result<String, KeyFault> {
        let claims = claims.text();
        // The claims take a third more in base64, and few signatures more than these bytes.
        let room = claims.len().saturating_mul(4) / 3;
        let room = room.saturating_add(self.header.len()).saturating_add(360);
        let mut token = Vec::with_capacity(room);
        token.extend_from_slice(self.header.as_bytes());
        token.push(b'.');
        push_segment(claims, &mut token);
        let cannot = || KeyFault::rejected("the key cannot sign");
        let signature = self.key.signer.try_sign(&token).map_err(|_| cannot())?;
        token.push(b'.');
        push_segment(signature, &mut token);
        // Letters of base64url and dots are UTF-8.
        String::from_utf8(token).map_err(|_| cannot())
    }
}
