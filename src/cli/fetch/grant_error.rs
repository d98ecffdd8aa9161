//! Why there are no tokens, and what may be changed.

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::oauth::dpop;
use crate::oauth::token_answer::ErrorAnswer;

/// Why there are no tokens.
pub(super) enum GrantError {
    /// The server says so.
    Server(ErrorAnswer),
    /// Anything else.
    Failure(Failure),
}

impl From<Failure> for GrantError {
    fn from(failure: Failure) -> Self {
        GrantError::Failure(failure)
    }
}

impl From<GrantError> for Failure {
    fn from(refused: GrantError) -> Self {
        let error = match refused {
            GrantError::Failure(failure) => return failure,
            GrantError::Server(error) => error,
        };
        let failure = Failure::new(Exit::Refused, format!("the server refused: {}", error.code));
        let failure = match &error.description {
            Some(said) => failure.cause(said),
            None => failure,
        };
        match hint(&error.code) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// What may be changed, by the code of a refusal (RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section
/// 3.5, RFC 8707 section 2).
fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "invalid_client" => {
            "check `--client`, and the secret or the key: `--client-secret SOURCE`, `--client-key SOURCE`"
        }
        "invalid_scope" => {
            "check `--scope`: the server does not know one, or the client may not have it"
        }
        "invalid_target" => "check `--resource`: the server does not know it",
        "unauthorized_client" => {
            "the client may not use this `--grant`: the server has to allow it"
        }
        "unsupported_grant_type" => "the server does not have this `--grant`",
        "access_denied" => {
            "whoever was asked said no, or the server gives this client no such token"
        }
        "expired_token" => "the code was not entered in time: run the command again",
        dpop::USE_NONCE => "the server does not take the nonce that it gave (RFC 9449 section 8)",
        "invalid_dpop_proof" => {
            "compare the clock of this machine with that of the server: `jott doctor URL` does"
        }
        "invalid_grant" => "what was given is wrong, expired or used: `--fresh` logs in anew",
        _ => return None,
    })
}
