//! PKCE, which ties a code to the client that asked for it (RFC 7636): S256 alone.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The one method that does not reveal the verifier (RFC 7636 section 4.2, RFC 9700 section 2.1.1).
pub const S256: &str = "S256";

/// The pair of RFC 7636 appendix B.
pub const EXAMPLE: Pair = Pair {
    verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
};

/// A verifier and its challenge.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The verifier, which the client keeps.
    pub verifier: &'static str,
    /// The challenge, which it sends.
    pub challenge: &'static str,
}

/// Whether a text can be a verifier (RFC 7636 section 4.1).
#[must_use]
pub fn is_verifier(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Whether a text can be a challenge of S256: the base64url of a SHA-256 (RFC 7636 section 4.2).
#[must_use]
pub fn is_challenge(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    text.len() == 43 && text.bytes().all(plain)
}

/// The challenge of a verifier by S256 (RFC 7636 section 4.2).
#[must_use]
pub fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_of_the_rfc_belongs_together() {
        assert!(is_verifier(EXAMPLE.verifier) && is_challenge(EXAMPLE.challenge));
        assert_eq!(challenge_of(EXAMPLE.verifier), EXAMPLE.challenge);
    }
}
