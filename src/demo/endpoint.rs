//! The endpoints, by the names that faults and the requests seen use.

use crate::demo::base_url::BaseUrl;
use crate::demo::path;
use crate::oauth::well_known;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/authorize`, and the pages that follow it; `/device`, too.
    Authorize,
    /// `/token`
    Token,
    /// `/par`
    Par,
    /// `/device_authorization`
    DeviceAuthorization,
    /// `/introspect`
    Introspect,
    /// `/revoke`
    Revoke,
    /// `/register`
    Register,
    /// `/userinfo`
    UserInfo,
    /// `/jwks.json`
    Jwks,
    /// The metadata of the authorization server and of the OpenID provider.
    Metadata,
    /// The metadata of the resources.
    ResourceMetadata,
    /// `/protected`
    Protected,
    /// `/items`
    Items,
    /// `/mcp`
    Mcp,
    /// `/end_session`
    EndSession,
}

use Endpoint::{
    Authorize, DeviceAuthorization, EndSession, Introspect, Items, Jwks, Mcp, Metadata, Par,
    Protected, Register, ResourceMetadata, Revoke, Token, UserInfo,
};

impl Endpoint {
    /// All of them.
    pub const ALL: &'static [Endpoint] = &[
        Authorize,
        Token,
        Par,
        DeviceAuthorization,
        Introspect,
        Revoke,
        Register,
        UserInfo,
        Jwks,
        Metadata,
        ResourceMetadata,
        Protected,
        Items,
        Mcp,
        EndSession,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Authorize => "authorize",
            Token => "token",
            Par => "par",
            DeviceAuthorization => "device_authorization",
            Introspect => "introspect",
            Revoke => "revoke",
            Register => "register",
            UserInfo => "userinfo",
            Jwks => "jwks",
            Metadata => "metadata",
            ResourceMetadata => "resource-metadata",
            Protected => "protected",
            Items => "items",
            Mcp => "mcp",
            EndSession => "end_session",
        }
    }

    /// The endpoint of a name, which may be written as its path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Endpoint> {
        let name = text.trim_start_matches('/');
        let name = name.strip_suffix(".json").unwrap_or(name);
        Endpoint::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// Where a request with this path goes, if it is to one of them.
    pub(super) fn of(path: &str, issuer: &BaseUrl) -> Option<Endpoint> {
        if let Some(document) = path.strip_prefix("/.well-known/") {
            let name = document.split('/').next().unwrap_or_default();
            match name {
                well_known::AUTHORIZATION_SERVER => return Some(Metadata),
                well_known::PROTECTED_RESOURCE => return Some(ResourceMetadata),
                _ => {}
            }
        }
        Some(match path.strip_prefix(issuer.path())? {
            path::AUTHORIZE | path::LOGIN | path::CONSENT | path::DEVICE => Authorize,
            path::TOKEN | path::STS_TOKEN | path::AWS_STS => Token,
            path::PAR => Par,
            path::DEVICE_AUTHORIZATION => DeviceAuthorization,
            path::INTROSPECT => Introspect,
            path::REVOKE => Revoke,
            path::REGISTER => Register,
            path::USERINFO => UserInfo,
            path::JWKS => Jwks,
            path::OPENID_CONFIGURATION => Metadata,
            path::PROTECTED => Protected,
            path::ITEMS => Items,
            path::MCP => Mcp,
            path::END_SESSION => EndSession,
            below if below.ends_with(path::AZURE_TOKEN) => Token,
            _ => return None,
        })
    }
}
