//! The algorithms of key management, one row each (RFC 7518 section 4, RFC 8037 section 3.2).
//!
//! `RSA1_5` is not among them, and is refused by name: an attacker who sees how it fails can open tokens (RFC
//! 8017 section 7.2).

use aws_lc_rs::pbkdf2;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm,
};

use crate::token::registered::registered;

use Family::{Agreement, Direct, Oaep, Password, Secret};
use Wrapping::{Aes, Gcm};

/// How the content encryption key gets to the recipient.
#[derive(Clone, Copy)]
pub(super) enum Family {
    /// It is the shared secret itself (RFC 7518 section 4.5).
    Direct,
    /// Encrypted with the recipient's RSA key (RFC 7518 section 4.3).
    Oaep(&'static OaepAlgorithm),
    /// Wrapped with a shared secret (RFC 7518 sections 4.4 and 4.7).
    Secret(Wrapping),
    /// Agreed on with the recipient's key (RFC 7518 section 4.6), or wrapped with what was agreed on.
    Agreement(Option<Wrapping>),
    /// Wrapped with a key that is derived from a password (RFC 7518 section 4.8).
    Password(pbkdf2::Algorithm, Wrapping),
}

/// How a secret wraps the key of a content, with the length of the secret in bytes.
#[derive(Clone, Copy)]
pub(super) enum Wrapping {
    /// AES key wrap (RFC 7518 section 4.4).
    Aes(usize),
    /// AES in GCM (RFC 7518 section 4.7).
    Gcm(usize),
}

registered! {
    /// An algorithm by which the recipient of a JWE gets the key of its content, by its name in the IANA
    /// registry (RFC 7518 section 4.1).
    #[non_exhaustive]
    pub enum KeyManagement;
    pub(super) const fn family(self) -> Family;

    Dir = "dir", "the secret itself", Direct;
    RsaOaep256 = "RSA-OAEP-256", "RSA-OAEP with SHA-256", Oaep(&OAEP_SHA256_MGF1SHA256);
    RsaOaep = "RSA-OAEP", "RSA-OAEP with SHA-1", Oaep(&OAEP_SHA1_MGF1SHA1);
    RsaOaep384 = "RSA-OAEP-384", "RSA-OAEP with SHA-384", Oaep(&OAEP_SHA384_MGF1SHA384);
    RsaOaep512 = "RSA-OAEP-512", "RSA-OAEP with SHA-512", Oaep(&OAEP_SHA512_MGF1SHA512);
    EcdhEs = "ECDH-ES", "ephemeral Diffie-Hellman", Agreement(None);
    EcdhEsA128Kw = "ECDH-ES+A128KW", "ephemeral Diffie-Hellman, and key wrap with AES-128", Agreement(Some(Aes(16)));
    EcdhEsA192Kw = "ECDH-ES+A192KW", "ephemeral Diffie-Hellman, and key wrap with AES-192", Agreement(Some(Aes(24)));
    EcdhEsA256Kw = "ECDH-ES+A256KW", "ephemeral Diffie-Hellman, and key wrap with AES-256", Agreement(Some(Aes(32)));
    A128Kw = "A128KW", "key wrap with AES-128", Secret(Aes(16));
    A192Kw = "A192KW", "key wrap with AES-192", Secret(Aes(24));
    A256Kw = "A256KW", "key wrap with AES-256", Secret(Aes(32));
    A128GcmKw = "A128GCMKW", "AES-128 in GCM", Secret(Gcm(16));
    A192GcmKw = "A192GCMKW", "AES-192 in GCM", Secret(Gcm(24));
    A256GcmKw = "A256GCMKW", "AES-256 in GCM", Secret(Gcm(32));
    Pbes2Hs512 = "PBES2-HS512+A256KW", "a password, by PBKDF2 with HMAC SHA-512 and key wrap with AES-256",
        Password(pbkdf2::PBKDF2_HMAC_SHA512, Aes(32));
    Pbes2Hs384 = "PBES2-HS384+A192KW", "a password, by PBKDF2 with HMAC SHA-384 and key wrap with AES-192",
        Password(pbkdf2::PBKDF2_HMAC_SHA384, Aes(24));
    Pbes2Hs256 = "PBES2-HS256+A128KW", "a password, by PBKDF2 with HMAC SHA-256 and key wrap with AES-128",
        Password(pbkdf2::PBKDF2_HMAC_SHA256, Aes(16));
}

impl KeyManagement {
    /// Whether it decides on the key of the content, which then cannot be the one of other recipients too
    /// (RFC 7516 section 5.1).
    #[must_use]
    pub const fn is_direct(self) -> bool {
        matches!(self.family(), Family::Direct | Family::Agreement(None))
    }
}
