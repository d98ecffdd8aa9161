//! Somebody with a key: signs assertions and proofs, also wrong ones.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jott::oauth::assertion::Assertion;
use jott::oauth::dpop::Proof;
use jott::{Algorithm, Key, Members, SigningKey, Timestamp, generate, issue};

/// A key of its own.
pub(super) struct Signer {
    pub(super) key: Key,
    pub(super) signing: SigningKey,
}

impl Signer {
    pub(super) fn new() -> Signer {
        Signer::with(generate(Algorithm::ES256, None).unwrap())
    }

    pub(super) fn with(key: Key) -> Signer {
        let signing = SigningKey::new(&key, key.signing_algorithm().unwrap(), false).unwrap();
        Signer { key, signing }
    }

    /// One whose secret may be short.
    pub(super) fn with_weak(key: Key) -> Signer {
        let signing = SigningKey::new(&key, Algorithm::HS256, true).unwrap();
        Signer { key, signing }
    }

    /// Its public key as a JWK Set.
    pub(super) fn jwks(&self) -> String {
        format!("{{\"keys\":[{}]}}", self.key.public_jwk().unwrap())
    }

    /// The assertion of a client, as it should be.
    pub(super) fn assertion(&self, client: &str, audience: &str) -> String {
        let jti = jti();
        let assertion = Assertion::of_client(client, audience, &jti, now());
        assertion.sign(&self.signing, None).unwrap()
    }

    /// A token with these claims and, beside `alg`, these members of the header.
    pub(super) fn token(&self, header: &[(&str, &str)], claims: &Members<'_>) -> String {
        let mut members = Members::new();
        members.set_text("alg", self.signing.algorithm().name());
        for (name, value) in header {
            members.set_text(*name, value);
        }
        issue(claims, &members, &self.signing).unwrap()
    }

    /// A proof for a request, as it should be.
    pub(super) fn proof(&self, method: &str, url: &str) -> String {
        self.proof_with(method, url, None, None)
    }

    pub(super) fn proof_with(
        &self,
        method: &str,
        url: &str,
        access_token: Option<&str>,
        nonce: Option<&str>,
    ) -> String {
        let jti = jti();
        let proof = Proof {
            method,
            url,
            jti: &jti,
            issued: now(),
            access_token,
            nonce,
        };
        proof.sign(&self.signing, &self.key).unwrap()
    }
}

/// A text that was not there before.
pub(super) fn jti() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("n-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(since.as_nanos().try_into().unwrap())
}

/// The form of a client that says who it is by an assertion.
pub(super) fn by_assertion<'a>(
    assertion: &'a str,
    form: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kind = (
        "client_assertion_type",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
    [&[kind, ("client_assertion", assertion)], form].concat()
}
