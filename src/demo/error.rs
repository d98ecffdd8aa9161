//! Why a request is refused: one value feeds the answer and the line of the log.
//!
//! The answer has the error code and a sentence that is the same for all; what was found, and which
//! section of which RFC says so, stands in the log alone.

use axum::http::StatusCode;

use crate::demo::event::Remark;

/// The error codes of the RFCs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorCode {
    /// RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1.
    InvalidRequest,
    /// RFC 6749 section 5.2.
    InvalidClient,
    /// RFC 6749 section 5.2.
    InvalidGrant,
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    UnauthorizedClient,
    /// RFC 6749 section 5.2.
    UnsupportedGrantType,
    /// RFC 6749 section 4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    InvalidScope,
    /// RFC 8707 section 2.
    InvalidTarget,
    /// RFC 6749 section 4.1.2.1.
    AccessDenied,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    LoginRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    ConsentRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RequestNotSupported,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RequestUriNotSupported,
    /// OpenID Connect Core Error Code `unmet_authentication_requirements` 1.0 section 2.
    UnmetAuthenticationRequirements,
    /// RFC 6750 section 3.1.
    InvalidToken,
    /// RFC 6750 section 3.1.
    InsufficientScope,
    /// RFC 6749 section 4.1.2.1.
    ServerError,
}

impl ErrorCode {
    /// The code as it goes over the wire.
    pub(super) fn code(self) -> &'static str {
        match self {
            ErrorCode::InvalidRequest => "invalid_request",
            ErrorCode::InvalidClient => "invalid_client",
            ErrorCode::InvalidGrant => "invalid_grant",
            ErrorCode::UnauthorizedClient => "unauthorized_client",
            ErrorCode::UnsupportedGrantType => "unsupported_grant_type",
            ErrorCode::UnsupportedResponseType => "unsupported_response_type",
            ErrorCode::InvalidScope => "invalid_scope",
            ErrorCode::InvalidTarget => "invalid_target",
            ErrorCode::AccessDenied => "access_denied",
            ErrorCode::LoginRequired => "login_required",
            ErrorCode::ConsentRequired => "consent_required",
            ErrorCode::RequestNotSupported => "request_not_supported",
            ErrorCode::RequestUriNotSupported => "request_uri_not_supported",
            ErrorCode::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            ErrorCode::InvalidToken => "invalid_token",
            ErrorCode::InsufficientScope => "insufficient_scope",
            ErrorCode::ServerError => "server_error",
        }
    }

    /// The sentence that goes with it: nothing of the request, so no character that RFC 6749
    /// section 5.2 forbids.
    pub(super) fn description(self) -> &'static str {
        match self {
            ErrorCode::InvalidRequest => "a parameter is missing, repeated or malformed",
            ErrorCode::InvalidClient => "the client could not be authenticated",
            ErrorCode::InvalidGrant => {
                "the grant is invalid, expired, revoked or not this client's"
            }
            ErrorCode::UnauthorizedClient => "the client may not use this grant",
            ErrorCode::UnsupportedGrantType => "there is no such grant",
            ErrorCode::UnsupportedResponseType => "there is no such response type",
            ErrorCode::InvalidScope => "the scope is unknown, malformed or not the client's",
            ErrorCode::InvalidTarget => "the resource is unknown or malformed",
            ErrorCode::AccessDenied => "the resource owner denied the request",
            ErrorCode::LoginRequired => "the resource owner has to log in",
            ErrorCode::ConsentRequired => "the resource owner has to consent",
            ErrorCode::RequestNotSupported => "request objects are not supported",
            ErrorCode::RequestUriNotSupported => "request_uri is not supported",
            ErrorCode::UnmetAuthenticationRequirements => "there is no such way to log in",
            ErrorCode::InvalidToken => "the access token is malformed, expired, revoked or invalid",
            ErrorCode::InsufficientScope => "the access token lacks a scope",
            ErrorCode::ServerError => "the server could not answer",
        }
    }

    /// The status of an answer to the client itself (RFC 6749 section 5.2, RFC 6750 section 3.1).
    pub(super) fn status(self) -> StatusCode {
        match self {
            ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
            ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
            ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// A request that is refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// What the client hears.
    pub(super) error: ErrorCode,
    /// What the log says.
    pub(super) remark: Remark,
}

impl Refusal {
    /// A refusal with what was found, and the section that forbids it.
    pub(super) fn new(
        error: ErrorCode,
        reason: impl Into<String>,
        section: &'static str,
    ) -> Refusal {
        Refusal {
            error,
            remark: Remark::new(reason, section),
        }
    }

    /// A malformed request.
    pub(super) fn request(reason: impl Into<String>, section: &'static str) -> Refusal {
        Refusal::new(ErrorCode::InvalidRequest, reason, section)
    }

    /// What is nobody's fault but the system's.
    pub(super) fn server_error(reason: impl Into<String>) -> Refusal {
        Refusal::new(ErrorCode::ServerError, reason, "RFC 6749 section 4.1.2.1")
    }
}
