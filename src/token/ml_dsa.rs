//! ML-DSA, the lattice signatures of FIPS 204, which a quantum computer is not known to break.

use aws_lc_rs::signature::{self as aws, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm};

use crate::token::algorithm::Algorithm;

/// A parameter set of ML-DSA: a key belongs to one, and so has one algorithm (RFC 9964 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MlDsa {
    /// ML-DSA-44, as hard to break as a search for SHA-256 collisions.
    V44,
    /// ML-DSA-65, as hard to break as AES-192.
    V65,
    /// ML-DSA-87, as hard to break as AES-256.
    V87,
}

/// The length in bytes of the seed of a private key, for every parameter set (FIPS 204 section
/// 3.6.3).
pub(super) const SEED_LEN: usize = 32;

struct ParameterRow {
    algorithm: Algorithm,
    /// Its object identifier (RFC 9881 section 2).
    oid: &'static str,
    public_len: usize,
    signing: &'static PqdsaSigningAlgorithm,
    verifying: &'static PqdsaVerificationAlgorithm,
}

impl MlDsa {
    /// Every parameter set.
    pub const ALL: &[MlDsa] = &[MlDsa::V44, MlDsa::V65, MlDsa::V87];

    const fn row(self) -> ParameterRow {
        match self {
            MlDsa::V44 => ParameterRow {
                algorithm: Algorithm::MlDsa44,
                oid: "2.16.840.1.101.3.4.3.17",
                public_len: 1312,
                signing: &aws::ML_DSA_44_SIGNING,
                verifying: &aws::ML_DSA_44,
            },
            MlDsa::V65 => ParameterRow {
                algorithm: Algorithm::MlDsa65,
                oid: "2.16.840.1.101.3.4.3.18",
                public_len: 1952,
                signing: &aws::ML_DSA_65_SIGNING,
                verifying: &aws::ML_DSA_65,
            },
            MlDsa::V87 => ParameterRow {
                algorithm: Algorithm::MlDsa87,
                oid: "2.16.840.1.101.3.4.3.19",
                public_len: 2592,
                signing: &aws::ML_DSA_87_SIGNING,
                verifying: &aws::ML_DSA_87,
            },
        }
    }

    /// The name, which is that of its algorithm.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.algorithm().name()
    }

    /// The parameter set that an object identifier names, written with dots.
    pub(super) fn of_oid(oid: &str) -> Option<MlDsa> {
        Self::ALL.iter().copied().find(|set| set.oid() == oid)
    }

    pub(super) const fn oid(self) -> &'static str {
        self.row().oid
    }

    /// The one algorithm that signs with it.
    pub(super) const fn algorithm(self) -> Algorithm {
        self.row().algorithm
    }

    /// The length of a public key in bytes (FIPS 204 table 2).
    pub(super) const fn public_len(self) -> usize {
        self.row().public_len
    }

    pub(super) const fn signing(self) -> &'static PqdsaSigningAlgorithm {
        self.row().signing
    }

    pub(super) const fn verifying(self) -> &'static PqdsaVerificationAlgorithm {
        self.row().verifying
    }
}
