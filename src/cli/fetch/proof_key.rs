//! The key that tokens are bound to, and the proofs of its possession (RFC 9449).

use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::random;
use crate::oauth::dpop::Proof;
use crate::text::time::Timestamp;
use crate::token::algorithm::Algorithm;
use crate::token::content::{self, Reading};
use crate::token::generate::generate;
use crate::token::issue::SigningKey;
use crate::token::key::Key;

/// What a server may want proofs to be signed with, the usual and quick ones first.
const ALGORITHMS: [Algorithm; 7] = [
    Algorithm::ES256,
    Algorithm::EdDSA,
    Algorithm::ES384,
    Algorithm::ES512,
    Algorithm::PS256,
    Algorithm::RS256,
    Algorithm::ES256K,
];

/// The key of one log-in.
pub(super) struct ProofKey {
    key: Key,
    signing: SigningKey,
    /// The nonce of the server (section 8).
    nonce: Option<String>,
}

impl ProofKey {
    /// A new one, for an algorithm that the server takes, by its name.
    pub(super) fn make(takes: impl Fn(&str) -> bool) -> Result<ProofKey, Failure> {
        let mut algorithms = ALGORITHMS.into_iter();
        let taken = algorithms.find(|algorithm| takes(algorithm.name()));
        let algorithm = taken.ok_or_else(|| {
            Failure::new(
                Exit::Refused,
                "the server takes no proof by an algorithm that is known here",
            )
            .hint("its metadata lists them in `dpop_signing_alg_values_supported`")
        })?;
        ProofKey::of(generate(algorithm, None)?, algorithm)
    }

    fn of(key: Key, algorithm: Algorithm) -> Result<ProofKey, Failure> {
        let signing = SigningKey::new(&key, algorithm, false)?;
        Ok(ProofKey {
            key,
            signing,
            nonce: None,
        })
    }

    /// The key that was kept; `None` for a text that is not one.
    pub(super) fn kept(jwk: &str) -> Option<ProofKey> {
        let keys = content::read(jwk.as_bytes(), &Reading::default()).ok()?;
        let key = keys.keys.into_iter().next()?;
        let algorithm = key.default_algorithm()?;
        ProofKey::of(key, algorithm).ok()
    }

    /// The private JWK, to be kept.
    pub(super) fn jwk(&self) -> Result<Zeroizing<String>, Failure> {
        Ok(self.key.whole_jwk()?)
    }

    /// What binds a code to it (section 10).
    pub(super) fn thumbprint(&self) -> String {
        self.key.thumbprint()
    }

    /// Repeats this nonce from now on.
    pub(super) fn repeat(&mut self, nonce: &str) {
        self.nonce = Some(nonce.to_owned());
    }

    pub(super) fn has_nonce(&self) -> bool {
        self.nonce.is_some()
    }

    /// A proof for one request, and for the access token that goes along.
    pub(super) fn proof(
        &self,
        method: &str,
        url: &str,
        access_token: Option<&str>,
        now: Timestamp,
    ) -> Result<String, Failure> {
        let jti = random::uuid()?;
        let proof = Proof {
            method,
            url,
            jti: &jti,
            issued: now,
            access_token,
            nonce: self.nonce.as_deref(),
        };
        Ok(proof.sign(&self.signing, &self.key)?)
    }
}
