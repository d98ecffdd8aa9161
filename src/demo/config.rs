//! The configuration: users, clients and lifetimes as a file has them.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::demo::backchannel_uri;
use crate::demo::client::Client;
use crate::demo::fault::Rule;
use crate::demo::grant;
use crate::demo::lifetimes::Lifetimes;
use crate::demo::public_keys::PublicKeys;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::scope::{SCOPES, is_scope};
use crate::demo::secret::Secret;
use crate::demo::settings::{ConfiguredScope, TrustedIssuer};
use crate::demo::tokens::USERINFO_CLAIMS;
use crate::demo::user::{User, scope_of};
use crate::demo::workload::WorkloadConfig;
use crate::text::escape;
use crate::text::time::Span;

/// What there is without a configuration, as a configuration with comments.
const BUILT_IN: &str = include_str!("built_in.toml");

/// A client that uses what the built-in ones do not.
const MORE: &str = include_str!("example.toml");

/// Claims that the server sets itself.
const OWN_CLAIMS: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "scope",
    "auth_time",
    "nonce",
    "active",
    "token_type",
    "username",
    "cnf",
    "act",
    USERINFO_CLAIMS,
];

/// What a file configures.
#[derive(Debug, Default)]
pub struct Config {
    /// Users.
    pub users: Vec<User>,
    /// Clients.
    pub clients: Vec<Client>,
    /// Whose assertions count.
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Scopes by which access tokens say more.
    pub scopes: Vec<ConfiguredScope>,
    /// Lifetimes.
    pub lifetimes: Lifetimes,
    /// Faults that are on from the start.
    pub faults: Vec<Rule>,
    /// Whether proofs of possession have to repeat a nonce.
    pub dpop_nonces: bool,
    /// The job or the workload that may run beside the server.
    pub workload: WorkloadConfig,
}

/// Why a file is no configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong; nothing that may be a secret.
    pub message: String,
    /// Where: line and column, from 1.
    pub place: Option<(usize, usize)>,
    /// What may have been meant.
    pub hint: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    user: Vec<UserTable>,
    faults: Vec<FaultRule>,
    dpop_nonces: bool,
    client: Vec<ClientTable>,
    issuer: Vec<IssuerTable>,
    scope: Vec<ScopeTable>,
    lifetimes: LifetimesTable,
    workload: WorkloadTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserTable {
    name: Name,
    password: Name,
    #[serde(default)]
    claims: Claims,
    #[serde(default)]
    faults: Vec<FaultRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientTable {
    id: Name,
    name: Option<Name>,
    secret: Option<Name>,
    jwks: Option<JwksTable>,
    #[serde(default)]
    redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<RedirectUri>,
    backchannel_logout_uri: Option<BackchannelUri>,
    grants: Option<Vec<GrantName>>,
    scopes: Option<Vec<ScopeName>>,
    #[serde(default)]
    audience: Vec<Name>,
    #[serde(default)]
    claims: Claims,
    #[serde(default)]
    id_token_claims: Vec<StandardClaim>,
    access_token_typ: Option<TokenType>,
    #[serde(default)]
    opaque_access_tokens: bool,
    #[serde(default)]
    lifetimes: ClientLifetimesTable,
    #[serde(default)]
    introspects: bool,
    #[serde(default)]
    dpop_bound_access_tokens: bool,
    #[serde(default)]
    require_pushed_authorization_requests: bool,
    #[serde(default)]
    faults: Vec<FaultRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerTable {
    issuer: Name,
    jwks: JwksTable,
    client: Option<Name>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WorkloadTable {
    audience: Vec<Name>,
    client: Option<Name>,
    claims: WorkloadClaims,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeTable {
    name: ScopeName,
    #[serde(default)]
    claims: Claims,
}

/// The lifetimes that a client has of its own.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ClientLifetimesTable {
    access_token: Option<Duration>,
    refresh_token: Option<Duration>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LifetimesTable {
    access_token: Option<Duration>,
    refresh_token: Option<Duration>,
    code: Option<CodeDuration>,
    session: Option<Duration>,
}

/// Public keys: the name of a file, or a JWK Set as a table.
#[derive(Deserialize)]
#[serde(try_from = "Value")]
enum JwksTable {
    File(String),
    Here(Value),
}

/// A text that is not empty and has no control characters.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Name(String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct GrantName(String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct ScopeName(String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct StandardClaim(String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct TokenType(String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct BackchannelUri(String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Duration(Span);

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct CodeDuration(Span);

#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct FaultRule(Rule);

#[derive(Default, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
struct Claims(Map<String, Value>);

/// What a job or a workload says: everything but when, by whom and for whom.
#[derive(Default, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
struct WorkloadClaims(Map<String, Value>);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        check_name(&text)?;
        Ok(Name(text))
    }
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

impl TryFrom<String> for GrantName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match grant::meant(&text) {
            Some(grant) => Ok(GrantName(grant.name.to_owned())),
            None => Err(format!(
                "there is no grant `{}`; there is {}",
                escape::shorten(&text, 60),
                grant::names().join(", ")
            )),
        }
    }
}

impl TryFrom<String> for ScopeName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match is_scope(&text) {
            true => Ok(ScopeName(text)),
            false => Err("a scope is one word of ASCII without `\"` and `\\`"),
        }
    }
}

impl TryFrom<String> for StandardClaim {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match scope_of(&text) {
            Some(_) => Ok(StandardClaim(text)),
            None => Err(format!(
                "`{}` is no claim of the scopes profile and email; any other is in each ID token anyway",
                escape::shorten(&text, 60)
            )),
        }
    }
}

impl TryFrom<String> for BackchannelUri {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match backchannel_uri::check(&text) {
            Ok(()) => Ok(BackchannelUri(text)),
            Err(why) => Err(format!("`backchannel_logout_uri` {why}")),
        }
    }
}

impl TryFrom<String> for TokenType {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // RFC 7515 section 4.1.9, RFC 6838 section 4.2.
        let may = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+/".contains(&b);
        match text.bytes().all(may) && text.len() < 128 {
            true => Ok(TokenType(text)),
            false => Err("a `typ` is a media type like JWT or at+jwt, or nothing to leave it out"),
        }
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        RedirectUri::parse(&text).map_err(|why| format!("the redirect URI {why}"))
    }
}

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let span = Span::parse(&text).map_err(|error| error.message)?;
        match span.seconds() {
            0 => Err("a lifetime is longer than nothing".to_owned()),
            _ => Ok(Duration(span)),
        }
    }
}

impl TryFrom<String> for CodeDuration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let Duration(span) = Duration::try_from(text)?;
        match span <= Lifetimes::MAX_CODE {
            true => Ok(CodeDuration(span)),
            false => Err("a code lives for 10 minutes at most (RFC 6749 section 4.1.2)".to_owned()),
        }
    }
}

impl TryFrom<String> for FaultRule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let rule = Rule::parse(&text).map_err(|error| error.to_string())?;
        Ok(FaultRule(rule))
    }
}

impl TryFrom<Map<String, Value>> for Claims {
    type Error = String;

    fn try_from(claims: Map<String, Value>) -> Result<Self, Self::Error> {
        match claims
            .keys()
            .find(|name| OWN_CLAIMS.contains(&name.as_str()))
        {
            Some(name) => Err(format!("the claim `{name}` is the server's to set")),
            None => Ok(Claims(claims)),
        }
    }
}

impl TryFrom<Map<String, Value>> for WorkloadClaims {
    type Error = String;

    fn try_from(claims: Map<String, Value>) -> Result<Self, Self::Error> {
        let own = ["iss", "aud", "exp", "nbf", "iat", "jti"];
        match claims.keys().find(|name| own.contains(&name.as_str())) {
            Some(name) => Err(format!("the claim `{name}` is the server's to set")),
            None => Ok(WorkloadClaims(claims)),
        }
    }
}

/// What the name of a scope has to be (RFC 6749 section 3.3).
///
/// # Errors
/// What is wrong with it; the text itself is not in it.
pub fn check_scope(text: &str) -> Result<(), &'static str> {
    match is_scope(text) {
        true => Ok(()),
        false => Err("takes a word of printable ASCII, without spaces, `\"` and `\\`"),
    }
}

/// What a name, a password or a secret has to be.
///
/// # Errors
/// What is wrong with it; the text itself is not in it.
pub fn check_name(text: &str) -> Result<(), &'static str> {
    match text {
        "" => Err("it is empty"),
        _ if !escape::is_plain(text) => Err("it has control characters, or ones that do not show"),
        _ if text.chars().count() > 200 => Err("it has more than 200 characters"),
        _ => Ok(()),
    }
}

impl Config {
    /// An example with all there is.
    #[must_use]
    pub fn example() -> String {
        format!("{BUILT_IN}{MORE}")
    }

    /// The users and clients that exist from the start.
    #[must_use]
    pub fn built_in() -> Config {
        // A test reads it.
        let mut config = Config::read(BUILT_IN, &mut no_file).unwrap_or_default();
        for user in &mut config.users {
            user.is_built_in = true;
        }
        for client in &mut config.clients {
            client.is_built_in = true;
        }
        config
    }

    /// Adds what another has; one of the same name takes the place of its predecessor.
    #[must_use]
    pub fn and(mut self, other: Config) -> Config {
        for user in other.users {
            self.users.retain(|known| known.name != user.name);
            self.users.push(user);
        }
        for client in other.clients {
            self.clients.retain(|known| known.id != client.id);
            self.clients.push(client);
        }
        for issuer in other.trusted_issuers {
            self.trusted_issuers
                .retain(|known| known.issuer != issuer.issuer);
            self.trusted_issuers.push(issuer);
        }
        self.scopes.extend(other.scopes);
        self.lifetimes = other.lifetimes;
        self.dpop_nonces = other.dpop_nonces;
        self.workload = other.workload;
        self.faults.extend(other.faults);
        self
    }

    /// Reads TOML; `file` reads a file that it names, or says why not.
    ///
    /// # Errors
    /// [`ConfigError`] for what is no TOML, for an unknown name, a value that is none, a user or
    /// client that is there twice, and keys that are none.
    pub fn read(
        text: &str,
        file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Config, ConfigError> {
        let read_file = file;
        let file: File = toml::from_str(text).map_err(|error| explain(text, &error))?;
        let twice = |table: &str, key: &str, names: Vec<&str>| {
            let mut seen = HashSet::new();
            let index = names.iter().position(|name| !seen.insert(*name))?;
            let name = escape::shorten(names.get(index)?, 60);
            Some(ConfigError {
                message: format!("there are two {table}s with the {key} `{name}`"),
                place: place_of_table(text, table, index),
                hint: None,
            })
        };
        let users = file.user.iter().map(|user| user.name.0.as_str()).collect();
        let clients = file
            .client
            .iter()
            .map(|client| client.id.0.as_str())
            .collect();
        let scopes = file.scope.iter().map(|one| one.name.0.as_str()).collect();
        let twice = twice("user", "name", users)
            .or_else(|| twice("client", "id", clients))
            .or_else(|| twice("scope", "name", scopes));
        match twice {
            Some(error) => Err(error),
            None => Config::of(file, text, read_file),
        }
    }
}

/// What is built in names no file.
fn no_file(_: &str) -> Result<Vec<u8>, String> {
    Err("no file can be read here".to_owned())
}

impl Config {
    fn of(
        file: File,
        text: &str,
        read_file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Config, ConfigError> {
        let usual = Lifetimes::default();
        let LifetimesTable {
            access_token,
            refresh_token,
            code,
            session,
        } = file.lifetimes;
        let faults = faults(&file.user, &file.client, file.faults);
        let mut clients = Vec::new();
        for (index, table) in file.client.into_iter().enumerate() {
            let client = client(table, read_file).map_err(|message| ConfigError {
                message,
                place: place_of_table(text, "client", index),
                hint: None,
            })?;
            clients.push(client);
        }
        let mut trusted_issuers = Vec::new();
        for (index, table) in file.issuer.into_iter().enumerate() {
            let issuer = table.issuer.0;
            let keys = keys(table.jwks, &issuer, read_file).map_err(|message| ConfigError {
                message,
                place: place_of_table(text, "issuer", index),
                hint: None,
            })?;
            trusted_issuers.push(TrustedIssuer {
                issuer,
                keys,
                client: table.client.map(|Name(id)| id),
            });
        }
        let scopes = file.scope.into_iter().map(|table| ConfiguredScope {
            name: table.name.0,
            claims: table.claims.0,
        });
        Ok(Config {
            scopes: scopes.collect(),
            faults,
            workload: WorkloadConfig {
                claims: file.workload.claims.0,
                audience: (file.workload.audience.into_iter())
                    .map(|Name(text)| text)
                    .collect(),
                client: file.workload.client.map(|Name(id)| id),
            },
            dpop_nonces: file.dpop_nonces,
            users: file.user.into_iter().map(User::from).collect(),
            clients,
            trusted_issuers,
            lifetimes: Lifetimes {
                access_token: access_token.map_or(usual.access_token, |Duration(span)| span),
                refresh_token: refresh_token.map_or(usual.refresh_token, |Duration(span)| span),
                code: code.map_or(usual.code, |CodeDuration(span)| span),
                session: session.map_or(usual.session, |Duration(span)| span),
            },
        })
    }
}

/// The faults of a file: for all, for its users and for its clients.
fn faults(users: &[UserTable], clients: &[ClientTable], all: Vec<FaultRule>) -> Vec<Rule> {
    let of_users = users.iter().flat_map(|table| {
        let user = Some(table.name.0.clone());
        let rules = table.faults.iter().cloned();
        rules.map(move |FaultRule(rule)| Rule {
            user: user.clone(),
            ..rule
        })
    });
    let of_clients = clients.iter().flat_map(|table| {
        let client = Some(table.id.0.clone());
        let rules = table.faults.iter().cloned();
        rules.map(move |FaultRule(rule)| Rule {
            client: client.clone(),
            ..rule
        })
    });
    let all = all.into_iter().map(|FaultRule(rule)| rule);
    all.chain(of_users).chain(of_clients).collect()
}

impl From<UserTable> for User {
    fn from(table: UserTable) -> User {
        User {
            claims: table.claims.0,
            ..User::new(&table.name.0, Secret::new(table.password.0))
        }
    }
}

/// The keys of somebody, from where a table has them.
fn keys(
    jwks: JwksTable,
    owner: &str,
    read_file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<PublicKeys, String> {
    let shown = escape::shorten(owner, 60);
    let content = match jwks {
        JwksTable::Here(value) => Ok(value.to_string().into_bytes()),
        JwksTable::File(path) => read_file(&path),
    };
    content
        .and_then(|content| PublicKeys::read(&content, &shown))
        .map_err(|why| format!("the `jwks` of `{shown}` cannot be used: {why}"))
}

fn client(
    table: ClientTable,
    read_file: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<Client, String> {
    let id = table.id.0;
    if table.opaque_access_tokens && table.access_token_typ.is_some() {
        let shown = escape::shorten(&id, 60);
        return Err(format!(
            "the access tokens of `{shown}` are opaque, and have no `typ`: leave out `access_token_typ`"
        ));
    }
    let jwks = table.jwks.map(|jwks| keys(jwks, &id, read_file));
    let client = Client {
        keys: jwks.transpose()?,
        ..Client::new(&id, table.secret.map(|Name(text)| Secret::new(text)))
    }
    .with_usual_rights();
    let grants = |names: Vec<GrantName>| names.into_iter().map(|g| g.0).collect();
    let scopes = |names: Vec<ScopeName>| names.into_iter().map(|s| s.0).collect();
    Ok(Client {
        name: table.name.map(|Name(text)| text),
        redirect_uris: table.redirect_uris,
        post_logout_redirect_uris: table.post_logout_redirect_uris,
        backchannel_logout_uri: table.backchannel_logout_uri.map(|BackchannelUri(uri)| uri),
        grants: table.grants.map_or(client.grants, grants),
        scopes: table.scopes.map_or(client.scopes, scopes),
        audience: table.audience.into_iter().map(|Name(text)| text).collect(),
        claims: table.claims.0,
        id_token_claims: table.id_token_claims.into_iter().map(|c| c.0).collect(),
        access_token_typ: table.access_token_typ.map(|TokenType(typ)| typ),
        opaque_access_tokens: table.opaque_access_tokens,
        access_token_lifetime: (table.lifetimes.access_token).map(|Duration(span)| span),
        refresh_token_lifetime: (table.lifetimes.refresh_token).map(|Duration(span)| span),
        introspects: table.introspects,
        binds_tokens: table.dpop_bound_access_tokens,
        pushes: table.require_pushed_authorization_requests,
        ..client
    })
}

impl Client {
    /// Gives it what a client has of which nothing else is said: every scope, the grants of a
    /// resource owner, and client credentials where it has a secret.
    #[must_use]
    pub fn with_usual_rights(self) -> Client {
        let public = self.is_public();
        let usual = grant::GRANTS
            .iter()
            .filter(|grant| !(public && grant.confidential));
        Client {
            grants: usual.map(|grant| grant.name.to_owned()).collect(),
            scopes: SCOPES.iter().map(|(name, _)| (*name).to_owned()).collect(),
            ..self
        }
    }
}

/// An error of the TOML reader in our words, with its place.
fn explain(text: &str, error: &toml::de::Error) -> ConfigError {
    let names: Vec<&str> = error.message().split('`').skip(1).step_by(2).collect();
    let (message, hint) = match (
        error.message().starts_with("unknown field"),
        names.as_slice(),
    ) {
        (true, [unknown, known @ ..]) => {
            let near = known
                .iter()
                .map(|name| (strsim::jaro_winkler(unknown, name), *name))
                .filter(|(likeness, _)| *likeness > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = match near {
                Some((_, name)) => format!("did you mean `{name}`?"),
                None => format!("there is {}", known.join(", ")),
            };
            (
                format!("there is no key `{}`", escape::shorten(unknown, 40)),
                Some(hint),
            )
        }
        _ => (without_values(error.message()), None),
    };
    ConfigError {
        place: error.span().and_then(|span| place(text, span.start)),
        message,
        hint,
    }
}

/// The reader's message; a value that it repeats may be a secret.
fn without_values(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    match message.split_once("string \"") {
        Some((before, _)) => format!("{before}a string is not what belongs here"),
        None => message.to_owned(),
    }
}

/// The line and column of a byte.
fn place(text: &str, offset: usize) -> Option<(usize, usize)> {
    let before = text.get(..offset)?;
    let line = before.matches('\n').count().saturating_add(1);
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start..)?.chars().count().saturating_add(1);
    Some((line, column))
}

/// Where the table of an index begins.
fn place_of_table(text: &str, table: &str, index: usize) -> Option<(usize, usize)> {
    let heading = format!("[[{table}]]");
    let (line, text) = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with(&heading))
        .nth(index)?;
    let indent = text.len().saturating_sub(text.trim_start().len());
    Some((line.saturating_add(1), indent.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_configuration() {
        let config = Config::read(&Config::example(), &mut no_file).unwrap();
        assert_eq!(config.users.len(), 2);
        assert_eq!(config.clients.len(), 5);
        assert_eq!(
            Config::read(BUILT_IN, &mut no_file).unwrap().clients.len(),
            3
        );
    }
}
