//! The names of token types in a token exchange (RFC 8693 section 3).

/// An access token.
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// An ID token.
pub const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
/// A grant of one authorization server for another (draft-ietf-oauth-identity-assertion-authz-grant-04).
pub const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
/// A JWT, whatever it is for.
pub const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
