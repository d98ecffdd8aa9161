//! The configuration: users, clients and lifetimes as a file has them.

mod error;
mod tables;
mod values;

use std::collections::HashSet;

use crate::demo::client::Client;
use crate::demo::config::error::{explain, place_of_table};
use crate::demo::config::tables::{ClientTable, File, JwksTable, LifetimesTable, UserTable};
use crate::demo::config::values::{
    BackchannelUri, CodeDuration, Duration, FaultRule, GrantName, Name, ScopeName, TokenType,
};
use crate::demo::fault::Rule;
use crate::demo::grant;
use crate::demo::lifetimes::Lifetimes;
use crate::demo::public_keys::PublicKeys;
use crate::demo::scope::SCOPES;
use crate::demo::secret::Secret;
use crate::demo::settings::{ConfiguredScope, TrustedIssuer};
use crate::demo::user::User;
use crate::demo::workload::WorkloadConfig;
use crate::text::escape;

pub use crate::demo::config::error::ConfigError;
pub use crate::demo::config::values::{check_name, check_scope};

/// The defaults, as a configuration with comments.
const BUILT_IN: &str = include_str!("built_in.toml");

/// A client that uses the keys that the built-in ones do not use.
const MORE: &str = include_str!("example.toml");

/// What a file configures.
#[derive(Debug, Default)]
pub struct Config {
    /// Users.
    pub users: Vec<User>,
    /// Clients.
    pub clients: Vec<Client>,
    /// The issuers whose assertions are accepted.
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Scopes that add claims to access tokens.
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

impl Config {
    /// An example with all keys.
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

    /// Adds the entries of another configuration; an entry replaces one of the same name.
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
    /// [`ConfigError`] for text that is not TOML, an unknown name, a malformed value, a user or
    /// client that is there twice, and keys that cannot be read.
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

/// The built-in configuration names no file.
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

/// The keys of a client or an issuer, from the place that a table names.
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
            "the access tokens of `{shown}` are opaque and have no `typ`: leave out `access_token_typ`"
        ));
    }
    let jwks = table.jwks.map(|jwks| keys(jwks, &id, read_file));
    let client = Client {
        keys: jwks.transpose()?,
        ..Client::new(&id, table.secret.map(|Name(text)| Secret::new(text)))
    }
    .with_usual_rights();
    if table.tls_client_certificate_bound_access_tokens && client.is_public() {
        let shown = escape::shorten(&id, 60);
        return Err(format!(
            "`{shown}` is a public client, and those with a secret or `jwks` alone have tokens bound to a certificate here"
        ));
    }
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
        binds_to_certificate: table.tls_client_certificate_bound_access_tokens,
        pushes: table.require_pushed_authorization_requests,
        ..client
    })
}

impl Client {
    /// Gives it the usual rights: every scope, the grants of a resource owner, and client
    /// credentials if it has a secret.
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
