//! The resources that tokens are for: the resource server as a whole, and its parts, each with a URL and
//! metadata of its own (RFC 9728).

use axum::http::{HeaderValue, Method};

use crate::demo::base_url::BaseUrl;
use crate::demo::endpoint::Endpoint;
use crate::demo::path;
use crate::demo::scope::OPENID;
use crate::demo::settings::Settings;
use crate::oauth::well_known;

/// The resource server, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    Whole,
    Protected,
    Items,
    Mcp,
    UserInfo,
}

impl Resource {
    pub(super) const ALL: &'static [Resource] = &[
        Resource::Whole,
        Resource::Protected,
        Resource::Items,
        Resource::Mcp,
        Resource::UserInfo,
    ];

    /// Its path below the issuer; nothing for the whole.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Resource::Whole => "",
            Resource::Protected => path::PROTECTED,
            Resource::Items => path::ITEMS,
            Resource::Mcp => path::MCP,
            Resource::UserInfo => path::USERINFO,
        }
    }

    /// The endpoint at which its tokens are used.
    pub(super) const fn endpoint(self) -> Endpoint {
        match self {
            Resource::UserInfo => Endpoint::UserInfo,
            Resource::Items => Endpoint::Items,
            Resource::Mcp => Endpoint::Mcp,
            Resource::Whole | Resource::Protected => Endpoint::Protected,
        }
    }

    /// The scopes that it asks for; `/protected` asks for none.
    pub(super) fn scopes(self) -> &'static [&'static str] {
        match self {
            Resource::Whole => &["items:read", "items:write", "mcp:read", "mcp:write"],
            Resource::Items => &["items:read", "items:write"],
            Resource::Mcp => &["mcp:read", "mcp:write"],
            Resource::Protected => &[],
            Resource::UserInfo => &["openid", "profile", "email"],
        }
    }

    /// The scope that a token needs for a request, as far as this is known without a token: a client should
    /// ask for it first.
    pub(super) fn first_scope(self, method: &Method) -> Option<&'static str> {
        match self {
            Resource::Items if method == Method::POST => Some("items:write"),
            Resource::Items => Some("items:read"),
            Resource::Mcp => Some("mcp:read"),
            Resource::UserInfo => Some(OPENID),
            Resource::Whole | Resource::Protected => None,
        }
    }

    /// Whether it exists only with OpenID Connect.
    pub(super) fn is_of_openid(self) -> bool {
        self == Resource::UserInfo
    }

    /// The resource at a path below the issuer.
    pub(super) fn at(path: &str) -> Resource {
        let mut parts = Resource::ALL.iter().copied();
        let found = parts.find(|resource| resource.path() == path);
        found.unwrap_or(Resource::Whole)
    }

    /// Its URL (RFC 9728 section 1.2).
    pub(super) fn url(self, base: &BaseUrl) -> String {
        match self {
            Resource::Whole => base.as_str().to_owned(),
            part => base.join(part.path()),
        }
    }

    /// Where its metadata is: between the host and the path of its URL (RFC 9728 section 3.1).
    pub(super) fn metadata_url(self, base: &BaseUrl) -> String {
        let place = base.well_known(well_known::PROTECTED_RESOURCE);
        format!("{}{place}{}", base.origin(), self.path())
    }

    /// The audiences that a token for it may have: its own URL, or that of the whole. Clients may add a slash
    /// to an origin, since both are the same URL (RFC 3986 section 6.2.3).
    pub(super) fn audiences(self, bases: &[BaseUrl]) -> Vec<String> {
        let of_base = |base: &BaseUrl| {
            let slash = base.path().is_empty().then(|| base.join("/"));
            let whole = [base.as_str().to_owned(), base.join("")];
            whole.into_iter().chain(slash).chain([self.url(base)])
        };
        bases.iter().flat_map(of_base).collect()
    }
}

/// The URLs under which the server may be asked, the issuer first: a client compares the one that it has used
/// with `resource` (RFC 9728 section 3.3). Where the issuer is this machine at the port of the server, every
/// name of this machine is accepted. Other names may lead here too, but a token for one of them may be meant
/// for another server.
pub(super) fn bases(settings: &Settings) -> Vec<BaseUrl> {
    let issuer = &settings.issuer;
    let local = settings.local_origins();
    let local = local
        .iter()
        .filter(|_| local.iter().any(|name| name == issuer.origin()));
    let local = local.map(|origin| BaseUrl::parse(&format!("{origin}{}", issuer.path())));
    let public = settings.public_url.clone();
    let mut bases = vec![issuer.clone()];
    bases.extend(public.filter(|url| url.path() == issuer.path()));
    bases.extend(local.filter_map(Result::ok));
    bases
}

/// The one of them under which a request with this Host has come, if it is one.
pub(super) fn base_of<'a>(bases: &'a [BaseUrl], host: Option<&HeaderValue>) -> Option<&'a BaseUrl> {
    let host = host?.to_str().ok()?;
    bases
        .iter()
        .find(|base| base.authority().eq_ignore_ascii_case(host))
}
