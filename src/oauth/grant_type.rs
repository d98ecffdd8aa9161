//! The values of `grant_type`: the ways to get a token.

/// A code of a log-in (RFC 6749 section 4.1.3).
pub const AUTHORIZATION_CODE: &str = "authorization_code";
/// A client for itself (RFC 6749 section 4.4.2).
pub const CLIENT_CREDENTIALS: &str = "client_credentials";
/// The code of a device (RFC 8628 section 3.4).
pub const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// A JWT of an issuer that the server trusts, in `assertion` (RFC 7523 section 2.1).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A user's name and password (RFC 6749 section 4.3.2).
pub const PASSWORD: &str = "password";
/// A refresh token from an earlier answer (RFC 6749 section 6).
pub const REFRESH_TOKEN: &str = "refresh_token";
/// One token for another (RFC 8693 section 2.1).
pub const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
