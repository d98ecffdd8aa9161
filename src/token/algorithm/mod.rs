//! The algorithms, one row each.

use aws_lc_rs::digest;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self as aws, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm};
use jsonwebtoken::Algorithm as Jwt;

use crate::token::engine::Engine::{self, Ecdsa, Ed25519, Hmac, Rsa};
use crate::token::ml_dsa::MlDsa;
use crate::token::registered::registered;

/// What is known of an algorithm: the kind of its key, its hash, and who computes it.
type Known = (Family, Option<&'static digest::Algorithm>, Engine);

const SHA256: Option<&digest::Algorithm> = Some(&digest::SHA256);
const SHA384: Option<&digest::Algorithm> = Some(&digest::SHA384);
const SHA512: Option<&digest::Algorithm> = Some(&digest::SHA512);

registered! {
    /// A signature algorithm of a JWS, by its name in the IANA registry
    /// (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 8812 section 3.2, RFC 9864, RFC 9964).
    #[non_exhaustive]
    pub enum Algorithm;
    const fn known(self) -> Known;

    HS256 = "HS256", "HMAC with SHA-256", (Family::Hmac { hash_len: 32 }, SHA256, Hmac(Jwt::HS256, hmac::HMAC_SHA256));
    HS384 = "HS384", "HMAC with SHA-384", (Family::Hmac { hash_len: 48 }, SHA384, Hmac(Jwt::HS384, hmac::HMAC_SHA384));
    HS512 = "HS512", "HMAC with SHA-512", (Family::Hmac { hash_len: 64 }, SHA512, Hmac(Jwt::HS512, hmac::HMAC_SHA512));
    RS256 = "RS256", "RSA PKCS#1 v1.5 with SHA-256", (Family::RsaPkcs1, SHA256,
        Rsa(&aws::RSA_PKCS1_SHA256, &aws::RSA_PKCS1_2048_8192_SHA256));
    RS384 = "RS384", "RSA PKCS#1 v1.5 with SHA-384", (Family::RsaPkcs1, SHA384,
        Rsa(&aws::RSA_PKCS1_SHA384, &aws::RSA_PKCS1_2048_8192_SHA384));
    RS512 = "RS512", "RSA PKCS#1 v1.5 with SHA-512", (Family::RsaPkcs1, SHA512,
        Rsa(&aws::RSA_PKCS1_SHA512, &aws::RSA_PKCS1_2048_8192_SHA512));
    PS256 = "PS256", "RSA-PSS with SHA-256", (Family::RsaPss, SHA256,
        Rsa(&aws::RSA_PSS_SHA256, &aws::RSA_PSS_2048_8192_SHA256));
    PS384 = "PS384", "RSA-PSS with SHA-384", (Family::RsaPss, SHA384,
        Rsa(&aws::RSA_PSS_SHA384, &aws::RSA_PSS_2048_8192_SHA384));
    PS512 = "PS512", "RSA-PSS with SHA-512", (Family::RsaPss, SHA512,
        Rsa(&aws::RSA_PSS_SHA512, &aws::RSA_PSS_2048_8192_SHA512));
    ES256 = "ES256", "ECDSA on P-256 with SHA-256", (Family::Ecdsa(Curve::P256), SHA256, Ecdsa);
    ES384 = "ES384", "ECDSA on P-384 with SHA-384", (Family::Ecdsa(Curve::P384), SHA384, Ecdsa);
    ES512 = "ES512", "ECDSA on P-521 with SHA-512", (Family::Ecdsa(Curve::P521), SHA512, Ecdsa);
    ES256K = "ES256K", "ECDSA on secp256k1 with SHA-256", (Family::Ecdsa(Curve::Secp256k1), SHA256, Ecdsa);
    EdDSA = "EdDSA", "Ed25519", (Family::Ed25519, SHA512, Ed25519);
    Ed25519 = "Ed25519", "Ed25519, by its name of RFC 9864", (Family::Ed25519, SHA512, Ed25519);
    MlDsa44 = "ML-DSA-44", "ML-DSA-44, post-quantum", (Family::MlDsa(MlDsa::V44), None, Engine::MlDsa);
    MlDsa65 = "ML-DSA-65", "ML-DSA-65, post-quantum", (Family::MlDsa(MlDsa::V65), None, Engine::MlDsa);
    MlDsa87 = "ML-DSA-87", "ML-DSA-87, post-quantum", (Family::MlDsa(MlDsa::V87), None, Engine::MlDsa);
}

/// The kind of key that an algorithm takes, and what it does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Family {
    /// HMAC with a secret (RFC 7518 section 3.2).
    Hmac {
        /// The output of the hash in bytes: no secret may be shorter.
        hash_len: usize,
    },
    /// RSASSA-PKCS1-v1_5 (RFC 7518 section 3.3).
    RsaPkcs1,
    /// RSASSA-PSS (RFC 7518 section 3.5).
    RsaPss,
    /// ECDSA, on the curve that the algorithm fixes (RFC 7518 section 3.4, RFC 8812 section 3.2).
    Ecdsa(Curve),
    /// Ed25519, by either of its names (RFC 8037 section 3.1, RFC 9864 section 2.2).
    Ed25519,
    /// ML-DSA with the parameters that the algorithm fixes, and an empty context (RFC 9964
    /// section 4).
    MlDsa(MlDsa),
}

impl Algorithm {
    /// The kind of key it takes.
    #[must_use]
    pub const fn family(self) -> Family {
        self.known().0
    }

    /// Whether both are one algorithm, as `EdDSA` and `Ed25519` are (RFC 9864 section 2.2).
    #[must_use]
    pub fn same_as(self, other: Algorithm) -> bool {
        self == other || (self.family(), other.family()) == (Family::Ed25519, Family::Ed25519)
    }

    /// The output of an HMAC's hash in bytes, and so the smallest secret (RFC 7518 section 3.2).
    #[must_use]
    pub const fn hash_len(self) -> Option<usize> {
        match self.family() {
            Family::Hmac { hash_len } => Some(hash_len),
            _ => None,
        }
    }

    /// The hash that it begins with; for Ed25519 that of RFC 8032 section 5.1. ML-DSA has none of a
    /// fixed length.
    pub(crate) const fn hash(self) -> Option<&'static digest::Algorithm> {
        self.known().1
    }

    /// The length of a signature in bytes; `None` for RSA, where it is that of the key's modulus
    /// (RFC 7518 sections 3.2 to 3.5, RFC 8032 section 5.1.6, FIPS 204 table 2).
    #[must_use]
    pub fn signature_len(self) -> Option<usize> {
        match self.family() {
            Family::Hmac { hash_len } => Some(hash_len),
            Family::RsaPkcs1 | Family::RsaPss => None,
            Family::Ecdsa(curve) => Some(curve.coordinate_len().saturating_mul(2)),
            Family::Ed25519 => Some(64),
            Family::MlDsa(set) => Some(set.signing().signature_len()),
        }
    }

    /// Who computes it.
    pub(super) const fn engine(self) -> Engine {
        self.known().2
    }
}

/// An elliptic curve that a signature algorithm is defined for
/// (RFC 7518 section 6.2.1.1, RFC 8812 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// NIST P-256, for ES256.
    P256,
    /// NIST P-384, for ES384.
    P384,
    /// NIST P-521, for ES512.
    P521,
    /// secp256k1, for ES256K.
    Secp256k1,
}

struct CurveRow {
    name: &'static str,
    algorithm: Algorithm,
    coordinate_len: usize,
    signing: &'static EcdsaSigningAlgorithm,
    verifying: &'static EcdsaVerificationAlgorithm,
}

impl Curve {
    /// Every curve.
    pub const ALL: &[Curve] = &[Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1];

    const fn row(self) -> CurveRow {
        match self {
            Curve::P256 => CurveRow {
                name: "P-256",
                algorithm: Algorithm::ES256,
                coordinate_len: 32,
                signing: &aws::ECDSA_P256_SHA256_FIXED_SIGNING,
                verifying: &aws::ECDSA_P256_SHA256_FIXED,
            },
            Curve::P384 => CurveRow {
                name: "P-384",
                algorithm: Algorithm::ES384,
                coordinate_len: 48,
                signing: &aws::ECDSA_P384_SHA384_FIXED_SIGNING,
                verifying: &aws::ECDSA_P384_SHA384_FIXED,
            },
            Curve::P521 => CurveRow {
                name: "P-521",
                algorithm: Algorithm::ES512,
                coordinate_len: 66,
                signing: &aws::ECDSA_P521_SHA512_FIXED_SIGNING,
                verifying: &aws::ECDSA_P521_SHA512_FIXED,
            },
            Curve::Secp256k1 => CurveRow {
                name: "secp256k1",
                algorithm: Algorithm::ES256K,
                coordinate_len: 32,
                signing: &aws::ECDSA_P256K1_SHA256_FIXED_SIGNING,
                verifying: &aws::ECDSA_P256K1_SHA256_FIXED,
            },
        }
    }

    /// The name that stands in a JWK's `crv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The curve of that name, compared exactly.
    #[must_use]
    pub fn parse(name: &str) -> Option<Curve> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }

    /// The length of a coordinate, and of a private key, in bytes (RFC 7518 sections 6.2.1.2
    /// and 6.2.2.1).
    #[must_use]
    pub const fn coordinate_len(self) -> usize {
        self.row().coordinate_len
    }

    /// The length of an uncompressed point in bytes (SEC 1 section 2.3.3).
    pub(super) const fn point_len(self) -> usize {
        self.coordinate_len().saturating_mul(2).saturating_add(1)
    }

    /// The one algorithm that signs on the curve.
    pub(super) const fn algorithm(self) -> Algorithm {
        self.row().algorithm
    }

    pub(super) const fn signing(self) -> &'static EcdsaSigningAlgorithm {
        self.row().signing
    }

    pub(super) const fn verifying(self) -> &'static EcdsaVerificationAlgorithm {
        self.row().verifying
    }
}

#[cfg(test)]
mod tests;
