//! The error codes, and where each is specified.

/// A code that says why a request is refused, as the RFCs have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
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
    /// RFC 9396 section 5.
    InvalidAuthorizationDetails,
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
    /// OpenID Connect Core 1.0 section 3.1.2.6, RFC 9101 section 7.
    InvalidRequestUri,
    /// OpenID Connect Core Error Code `unmet_authentication_requirements` 1.0 section 2.
    UnmetAuthenticationRequirements,
    /// RFC 6750 section 3.1.
    InvalidToken,
    /// RFC 6750 section 3.1.
    InsufficientScope,
    /// RFC 9470 section 3.
    InsufficientUserAuthentication,
    /// RFC 8628 section 3.5.
    AuthorizationPending,
    /// RFC 8628 section 3.5.
    SlowDown,
    /// RFC 8628 section 3.5.
    ExpiredToken,
    /// RFC 9449 section 5.
    InvalidDpopProof,
    /// RFC 9449 section 8.
    UseDpopNonce,
    /// RFC 7591 section 3.2.2.
    InvalidRedirectUri,
    /// RFC 7591 section 3.2.2.
    InvalidClientMetadata,
    /// RFC 6749 section 4.1.2.1.
    ServerError,
}

impl ErrorCode {
    /// The code as it goes over the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ErrorCode::InvalidRequest => "invalid_request",
            ErrorCode::InvalidClient => "invalid_client",
            ErrorCode::InvalidGrant => "invalid_grant",
            ErrorCode::UnauthorizedClient => "unauthorized_client",
            ErrorCode::UnsupportedGrantType => "unsupported_grant_type",
            ErrorCode::UnsupportedResponseType => "unsupported_response_type",
            ErrorCode::InvalidScope => "invalid_scope",
            ErrorCode::InvalidTarget => "invalid_target",
            ErrorCode::InvalidAuthorizationDetails => "invalid_authorization_details",
            ErrorCode::AccessDenied => "access_denied",
            ErrorCode::LoginRequired => "login_required",
            ErrorCode::ConsentRequired => "consent_required",
            ErrorCode::RequestNotSupported => "request_not_supported",
            ErrorCode::RequestUriNotSupported => "request_uri_not_supported",
            ErrorCode::InvalidRequestUri => "invalid_request_uri",
            ErrorCode::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            ErrorCode::InvalidToken => "invalid_token",
            ErrorCode::InsufficientScope => "insufficient_scope",
            ErrorCode::InsufficientUserAuthentication => "insufficient_user_authentication",
            ErrorCode::AuthorizationPending => "authorization_pending",
            ErrorCode::SlowDown => "slow_down",
            ErrorCode::ExpiredToken => "expired_token",
            ErrorCode::InvalidDpopProof => "invalid_dpop_proof",
            ErrorCode::UseDpopNonce => "use_dpop_nonce",
            ErrorCode::InvalidRedirectUri => "invalid_redirect_uri",
            ErrorCode::InvalidClientMetadata => "invalid_client_metadata",
            ErrorCode::ServerError => "server_error",
        }
    }

    /// The sentence that goes with it. It repeats nothing of the request, so it has no character
    /// that RFC 6749 section 5.2 forbids.
    #[must_use]
    pub fn description(self) -> &'static str {
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
            ErrorCode::InvalidAuthorizationDetails => {
                "the details of the authorization are unknown or malformed"
            }
            ErrorCode::AccessDenied => "the resource owner denied the request",
            ErrorCode::LoginRequired => "the resource owner has to log in",
            ErrorCode::ConsentRequired => "the resource owner has to consent",
            ErrorCode::RequestNotSupported => "request objects are not supported",
            ErrorCode::RequestUriNotSupported => "request_uri is not supported",
            ErrorCode::InvalidRequestUri => {
                "the request_uri is unknown, used, expired or not this client's"
            }
            ErrorCode::UnmetAuthenticationRequirements => "there is no such way to log in",
            ErrorCode::InvalidToken => "the access token is malformed, expired, revoked or invalid",
            ErrorCode::InsufficientScope => "the access token lacks a scope",
            ErrorCode::InsufficientUserAuthentication => "the log-in is too weak, or too long ago",
            ErrorCode::AuthorizationPending => "the resource owner has not decided yet",
            ErrorCode::SlowDown => {
                "the client asks too often, and has to wait 5 seconds longer each time"
            }
            ErrorCode::ExpiredToken => "the device code has expired",
            ErrorCode::InvalidDpopProof => "the DPoP proof is missing, malformed or invalid",
            ErrorCode::UseDpopNonce => "the DPoP proof has to have the nonce of the server",
            ErrorCode::InvalidRedirectUri => "a redirect URI is missing, malformed or not allowed",
            ErrorCode::InvalidClientMetadata => {
                "the metadata of the client is malformed, or has a value that is not supported"
            }
            ErrorCode::ServerError => "the server could not answer",
        }
    }
}
