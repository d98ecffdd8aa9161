//! The names that metadata has for endpoints.

/// Where browsers are sent (RFC 8414 section 2).
pub const AUTHORIZATION: &str = "authorization_endpoint";
/// Where tokens are given (RFC 8414 section 2).
pub const TOKEN: &str = "token_endpoint";
/// Where clients push their authorization requests (RFC 9126 section 5).
pub const PUSHED_AUTHORIZATION_REQUEST: &str = "pushed_authorization_request_endpoint";
/// Where devices begin (RFC 8628 section 4).
pub const DEVICE_AUTHORIZATION: &str = "device_authorization_endpoint";
/// Where a token is inspected (RFC 8414 section 2).
pub const INTROSPECTION: &str = "introspection_endpoint";
/// Where a token is revoked (RFC 8414 section 2).
pub const REVOCATION: &str = "revocation_endpoint";
/// Where a client registers itself (RFC 7591 section 3, RFC 8414 section 2).
pub const REGISTRATION: &str = "registration_endpoint";
/// Where the public keys are (RFC 8414 section 2).
pub const JWKS: &str = "jwks_uri";
/// Where a client asks who has logged in (OpenID Connect Discovery 1.0 section 3).
pub const USERINFO: &str = "userinfo_endpoint";
/// Where a log-in ends (OpenID Connect RP-Initiated Logout 1.0 section 2.1).
pub const END_SESSION: &str = "end_session_endpoint";
