//! What PKCE demands of a client (RFC 7636): S256 alone.

use crate::demo::client::Client;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Remark;
use crate::demo::parameters::Parameters;
use crate::demo::redact::quoted;
use crate::demo::secret::Secret;
pub(super) use crate::oauth::pkce::EXAMPLE;
use crate::oauth::pkce::{S256, challenge_of, is_challenge, is_verifier};

/// The challenge of PKCE: S256 alone, and demanded of public clients (RFC 7636 section 4.4.1,
/// RFC 9700 section 2.1.1).
pub(super) fn challenge(
    parameters: &Parameters,
    client: &Client,
) -> Result<Option<String>, OAuthError> {
    let malformed = |reason: &str| OAuthError::request(reason, "RFC 7636 section 4.3");
    let method = parameters.get("code_challenge_method");
    let Some(challenge) = parameters.get("code_challenge") else {
        if method.is_some() {
            return Err(malformed(
                "there is a `code_challenge_method`, but no `code_challenge`",
            ));
        }
        return match client.is_public() {
            true => Err(OAuthError::request(
                "a public client has to send a `code_challenge`",
                "RFC 7636 section 4.4.1",
            )),
            false => Ok(None),
        };
    };
    if method != Some(S256) {
        let found = method.map_or("plain, since it is missing".to_owned(), |m| quoted(m, 40));
        return Err(OAuthError::request(
            format!("`code_challenge_method` is {found}; supported: S256"),
            "RFC 9700 section 2.1.1",
        ));
    }
    match is_challenge(challenge) {
        true => Ok(Some(challenge.to_owned())),
        false => Err(malformed(
            "`code_challenge` is not the base64url of a SHA-256",
        )),
    }
}

/// Whether a verifier is that of a challenge, or there is neither.
pub(super) fn check(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(invalid(
            "there is a `code_verifier`, but there was no `code_challenge`: somebody removed it",
            "RFC 9700 section 4.8.2",
        )),
        (Some(_), None) => Err(invalid(
            "there is no `code_verifier`",
            "RFC 7636 section 4.6",
        )),
        (Some(_), Some(verifier)) if !is_verifier(verifier) => Err(OAuthError::request(
            "`code_verifier` is not 43 to 128 letters, digits, `-`, `.`, `_` and `~`",
            "RFC 7636 section 4.1",
        )),
        (Some(challenge), Some(verifier)) if s256(verifier).is(challenge) => Ok(()),
        (Some(_), Some(_)) => Err(invalid(
            "`code_verifier` does not fit the `code_challenge`",
            "RFC 7636 section 4.6",
        )),
    }
}

/// The remark about a confidential client that leaves it out.
pub(super) fn left_out() -> Remark {
    Remark::new(
        "the code is not protected by PKCE, which every client should use",
        "RFC 9700 section 2.1.1",
    )
}

/// The challenge of a verifier, to be compared in constant time.
fn s256(verifier: &str) -> Secret {
    Secret::new(challenge_of(verifier))
}

fn invalid(reason: &str, section: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, reason, section)
}
