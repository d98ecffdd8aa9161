//! Where everything is, below the issuer.

pub(super) const ROOT: &str = "/";
pub(super) const AUTHORIZE: &str = "/authorize";
pub(super) const LOGIN: &str = "/login";
pub(super) const CONSENT: &str = "/consent";
pub(super) const TOKEN: &str = "/token";
pub(super) const PAR: &str = "/par";
pub(super) const DEVICE_AUTHORIZATION: &str = "/device_authorization";
/// Where people enter the code that a device shows.
pub(super) const DEVICE: &str = "/device";
pub(super) const INTROSPECT: &str = "/introspect";
pub(super) const REVOKE: &str = "/revoke";
/// Where clients register themselves, and manage their registrations.
pub(super) const REGISTER: &str = "/register";
pub(super) const USERINFO: &str = "/userinfo";
pub(super) const END_SESSION: &str = "/end_session";
pub(super) const JWKS: &str = "/jwks.json";
pub(super) const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
pub(super) const PROTECTED: &str = "/protected";
pub(super) const ITEMS: &str = "/items";
pub(super) const MCP: &str = "/mcp";
/// Whether the server is up.
pub const HEALTH: &str = "/healthz";
pub(super) const OPENAPI: &str = "/openapi.json";
/// What controls the server while it runs.
pub const CONTROL: &str = "/_control";
/// The API reference, for people.
pub const DOCS: &str = "/docs";
/// Where a job asks for its identity tokens.
pub const IDENTITY_TOKEN: &str = "/workload/token";
/// Where the agent of Buildkite finds its API.
pub(super) const BUILDKITE_AGENT: &str = "/workload/buildkite";
/// Google's Security Token Service.
pub const STS_TOKEN: &str = "/sts/v1/token";
/// Google's service accounts, which a token is made for.
pub(super) const SERVICE_ACCOUNTS: &str = "/iam/v1/projects/-/serviceAccounts";
/// AWS's Security Token Service.
pub const AWS_STS: &str = "/workload/aws/";
/// The token endpoint of Microsoft Entra ID, below a tenant.
pub(super) const AZURE_TOKEN: &str = "/oauth2/v2.0/token";
/// The page that plays a client.
pub const PLAYGROUND: &str = "/playground";

#[cfg(test)]
#[test]
fn the_path_of_the_openid_provider_is_that_of_its_specification() {
    use crate::oauth::well_known;
    let path = well_known::behind("", well_known::OPENID_CONFIGURATION);
    assert_eq!(OPENID_CONFIGURATION, path);
}
