//! Why a request is refused: one value feeds the answer and the line of the log.
//!
//! The answer has the error code and a sentence that is the same for all. What was found, and the
//! section of the RFC behind it, is only in the log.

use axum::http::StatusCode;

use crate::demo::advice::Advice;
use crate::demo::event::Remark;
pub(super) use crate::oauth::error::ErrorCode;

/// The status of an answer to the client itself (RFC 6749 section 5.2, RFC 6750 section 3.1).
pub(super) fn status_of(error: ErrorCode) -> StatusCode {
    match error {
        ErrorCode::InvalidToken | ErrorCode::InsufficientUserAuthentication => {
            StatusCode::UNAUTHORIZED
        }
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// A request that is refused, with an error code of OAuth.
#[derive(Clone, Debug)]
pub(super) struct OAuthError {
    /// The error that the client gets.
    pub(super) error: ErrorCode,
    /// The remark for the log.
    pub(super) remark: Remark,
}

impl OAuthError {
    /// A refusal with what was found, and the section that forbids it.
    pub(super) fn new(
        error: ErrorCode,
        reason: impl Into<String>,
        section: &'static str,
    ) -> OAuthError {
        OAuthError {
            error,
            remark: Remark::new(reason, section),
        }
    }

    /// A malformed request.
    pub(super) fn request(reason: impl Into<String>, section: &'static str) -> OAuthError {
        OAuthError::new(ErrorCode::InvalidRequest, reason, section)
    }

    /// Adds what would allow it, or why nothing would.
    pub(super) fn advise(mut self, advice: Result<Advice, &'static str>) -> OAuthError {
        self.remark = self.remark.advise(advice);
        self
    }

    /// A failure of the system.
    pub(super) fn server_error(reason: impl Into<String>) -> OAuthError {
        OAuthError::new(ErrorCode::ServerError, reason, "RFC 6749 section 4.1.2.1")
    }
}
