//! Where metadata is: below `/.well-known/` (RFC 8615).

/// The metadata of an authorization server (RFC 8414 section 3).
pub const AUTHORIZATION_SERVER: &str = "oauth-authorization-server";
/// The metadata of an OpenID provider (OpenID Connect Discovery 1.0 section 4).
pub const OPENID_CONFIGURATION: &str = "openid-configuration";
/// The metadata of a protected resource (RFC 9728 section 3).
pub const PROTECTED_RESOURCE: &str = "oauth-protected-resource";

/// The path of a document about a URL, with the well-known part before the path of the URL, which
/// is given without a slash at its end (RFC 8414 section 3.1, RFC 9728 section 3.1).
#[must_use]
pub fn before(path: &str, name: &str) -> String {
    format!("/.well-known/{name}{path}")
}

/// The same with the well-known part after the path (OpenID Connect Discovery 1.0 section 4.1).
#[must_use]
pub fn behind(path: &str, name: &str) -> String {
    format!("{path}/.well-known/{name}")
}
