//! Clients: who may ask for tokens, and for which.

use serde_json::{Map, Value};

use crate::demo::lifetimes::Lifetimes;
use crate::demo::public_keys::PublicKeys;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::secret::Secret;
use crate::text::time::Span;

/// An application that asks for tokens.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its name on the consent page; `None` shows its id.
    pub name: Option<String>,
    /// Its secret; a public client has none (RFC 6749 section 2.1).
    pub secret: Option<Secret>,
    /// The keys that it signs assertions with (RFC 7523 section 2.2).
    pub keys: Option<PublicKeys>,
    /// Where answers may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where browsers may be sent after a log-out (OpenID Connect RP-Initiated Logout 1.0 section 3).
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where it is told of log-outs (OpenID Connect Back-Channel Logout 1.0 section 2.2).
    pub backchannel_logout_uri: Option<String>,
    /// The grants that it may use, as the metadata names them.
    pub grants: Vec<String>,
    /// The scopes that it may ask for.
    pub scopes: Vec<String>,
    /// The scopes that it gets if it asks for none; without a list, all but those of a log-in.
    pub usual_scopes: Option<Vec<String>>,
    /// How it authenticates itself, as RFC 7591 section 2 names it; without a name, in any way that it can.
    pub method: Option<String>,
    /// `aud` of its access tokens where it names no `resource`; the issuer, if this is empty.
    pub audience: Vec<String>,
    /// Additional claims of its access tokens.
    pub claims: Map<String, Value>,
    /// The standard claims that its ID tokens have if a scope allows them; otherwise only `/userinfo` gives
    /// them.
    pub id_token_claims: Vec<String>,
    /// The `typ` of its access tokens, if it is not that of RFC 9068; nothing leaves it out.
    pub access_token_typ: Option<String>,
    /// Whether its access tokens are opaque: only a name by which the server finds what it has granted (RFC
    /// 6749 section 1.4).
    pub opaque_access_tokens: bool,
    /// How long its access tokens and ID tokens live, if not as long as those of others.
    pub access_token_lifetime: Option<Span>,
    /// The same for its refresh tokens.
    pub refresh_token_lifetime: Option<Span>,
    /// Whether it may inspect the tokens of other clients, as a resource server has to.
    pub introspects: bool,
    /// Whether it always asks for tokens that are bound to a key (RFC 9449 section 5.2).
    pub binds_tokens: bool,
    /// Whether its access tokens are bound to the certificate that it sends over TLS (RFC 8705 section 3.4).
    pub binds_to_certificate: bool,
    /// Whether it always pushes its authorization requests (RFC 9126 section 6).
    pub pushes: bool,
    /// Whether it is one that everybody knows, with its secret.
    pub is_built_in: bool,
}

impl Client {
    /// A client without grants, scopes and redirect URIs.
    #[must_use]
    pub fn new(id: &str, secret: Option<Secret>) -> Client {
        Client {
            id: id.to_owned(),
            name: None,
            secret,
            keys: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            grants: Vec::new(),
            scopes: Vec::new(),
            usual_scopes: None,
            method: None,
            audience: Vec::new(),
            claims: Map::new(),
            id_token_claims: Vec::new(),
            access_token_typ: None,
            opaque_access_tokens: false,
            access_token_lifetime: None,
            refresh_token_lifetime: None,
            introspects: false,
            binds_tokens: false,
            binds_to_certificate: false,
            pushes: false,
            is_built_in: false,
        }
    }

    /// How long its tokens live, with the defaults of the server.
    pub(super) fn lifetimes(&self, server: &Lifetimes) -> Lifetimes {
        Lifetimes {
            access_token: self.access_token_lifetime.unwrap_or(server.access_token),
            refresh_token: self.refresh_token_lifetime.unwrap_or(server.refresh_token),
            ..*server
        }
    }

    /// Whether it has described itself (RFC 7591).
    pub(super) fn has_described_itself(&self) -> bool {
        self.method.is_some()
    }

    /// What people read.
    pub(super) fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// Whether it has nothing to prove itself with.
    pub(super) fn is_public(&self) -> bool {
        self.secret.is_none() && self.keys.is_none()
    }

    /// The grants that it may use, in words.
    pub(super) fn shown_grants(&self) -> String {
        match self.grants.as_slice() {
            [] => "no grant".to_owned(),
            grants => {
                // People say only the last part of a URN.
                let short = grants.iter().filter_map(|name| name.rsplit(':').next());
                short.collect::<Vec<_>>().join(", ")
            }
        }
    }

    pub(super) fn may_use(&self, grant: &str) -> bool {
        self.grants.iter().any(|g| g == grant)
    }
}
