//! The tables of the configuration file.

use serde::Deserialize;
use serde_json::Value;

use crate::demo::config::values::{
    BackchannelUri, Claims, CodeDuration, Duration, FaultRule, GrantName, Name, ScopeName,
    StandardClaim, TokenType, WorkloadClaims,
};
use crate::demo::redirect_uri::RedirectUri;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) user: Vec<UserTable>,
    pub(super) faults: Vec<FaultRule>,
    pub(super) dpop_nonces: bool,
    pub(super) client: Vec<ClientTable>,
    pub(super) issuer: Vec<IssuerTable>,
    pub(super) scope: Vec<ScopeTable>,
    pub(super) lifetimes: LifetimesTable,
    pub(super) workload: WorkloadTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserTable {
    pub(super) name: Name,
    pub(super) password: Name,
    #[serde(default)]
    pub(super) claims: Claims,
    #[serde(default)]
    pub(super) faults: Vec<FaultRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientTable {
    pub(super) id: Name,
    pub(super) name: Option<Name>,
    pub(super) secret: Option<Name>,
    pub(super) jwks: Option<JwksTable>,
    #[serde(default)]
    pub(super) redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub(super) post_logout_redirect_uris: Vec<RedirectUri>,
    pub(super) backchannel_logout_uri: Option<BackchannelUri>,
    pub(super) grants: Option<Vec<GrantName>>,
    pub(super) scopes: Option<Vec<ScopeName>>,
    #[serde(default)]
    pub(super) audience: Vec<Name>,
    #[serde(default)]
    pub(super) claims: Claims,
    #[serde(default)]
    pub(super) id_token_claims: Vec<StandardClaim>,
    pub(super) access_token_typ: Option<TokenType>,
    #[serde(default)]
    pub(super) opaque_access_tokens: bool,
    #[serde(default)]
    pub(super) lifetimes: ClientLifetimesTable,
    #[serde(default)]
    pub(super) introspects: bool,
    #[serde(default)]
    pub(super) dpop_bound_access_tokens: bool,
    #[serde(default)]
    pub(super) tls_client_certificate_bound_access_tokens: bool,
    #[serde(default)]
    pub(super) require_pushed_authorization_requests: bool,
    #[serde(default)]
    pub(super) faults: Vec<FaultRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuerTable {
    pub(super) issuer: Name,
    pub(super) jwks: JwksTable,
    pub(super) client: Option<Name>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WorkloadTable {
    pub(super) audience: Vec<Name>,
    pub(super) client: Option<Name>,
    pub(super) claims: WorkloadClaims,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeTable {
    pub(super) name: ScopeName,
    #[serde(default)]
    pub(super) claims: Claims,
}

/// The lifetimes that a client has of its own.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ClientLifetimesTable {
    pub(super) access_token: Option<Duration>,
    pub(super) refresh_token: Option<Duration>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LifetimesTable {
    pub(super) access_token: Option<Duration>,
    pub(super) refresh_token: Option<Duration>,
    pub(super) code: Option<CodeDuration>,
    pub(super) session: Option<Duration>,
}

/// Public keys: the name of a file, or a JWK Set as a table.
#[derive(Deserialize)]
#[serde(try_from = "Value")]
pub(super) enum JwksTable {
    File(String),
    Here(Value),
}

impl TryFrom<Value> for JwksTable {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::String(path) => Ok(JwksTable::File(path)),
            Value::Object(_) => Ok(JwksTable::Here(value)),
            _ => Err("`jwks` is the name of a file, or a table with `keys`"),
        }
    }
}
