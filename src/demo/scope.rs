//! What a client may do, in words (RFC 6749 section 3.3).

use std::fmt;

use crate::demo::client::Client;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::redact::quoted;
use crate::demo::settings::Settings;

/// The scope that makes a request one of OpenID Connect (Core 1.0 section 3.1.2.1).
pub(super) const OPENID: &str = "openid";

/// The scopes that are known without a configuration, and what each lets a client do.
pub(super) const SCOPES: &[(&str, &str)] = &[
    (OPENID, "know who you are"),
    ("profile", "see your name"),
    ("email", "see your e-mail address"),
    ("offline_access", "act for you while you are away"),
    ("items:read", "read your items"),
    ("items:write", "add items of yours"),
    ("mcp:read", "ask who you are by a tool"),
    ("mcp:write", "write notes of yours by a tool"),
];

/// The scopes of OpenID Connect, which are unknown without it.
pub(super) const OF_OPENID: &[&str] = &[OPENID, "profile", "email", "offline_access"];

/// The scopes that are given only if they are asked for, since they belong to a log-in.
pub(super) const ONLY_WHEN_ASKED: &[&str] = &[OPENID, "offline_access"];

/// Scopes in the order in which they were asked for, none twice; kept as the text that a token has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope(Box<str>);

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Scope {
    /// Reads a list, by the grammar of RFC 6749 section 3.3.
    pub(super) fn parse(text: &str) -> Result<Scope, OAuthError> {
        let mut scopes: Vec<&str> = Vec::new();
        for word in text.split(' ') {
            if !is_scope(word) {
                return Err(invalid(format!(
                    "`scope` is not a list of words with one space between: {}",
                    quoted(text, 80)
                )));
            }
            if !scopes.contains(&word) {
                scopes.push(word);
            }
        }
        Ok(Scope(scopes.join(" ").into()))
    }

    /// The scopes that a request of a client is for.
    pub(super) fn of(asked: Option<&str>, client: &Client) -> Result<Scope, OAuthError> {
        let usual = client.usual_scopes.as_ref().filter(|_| asked.is_none());
        Scope::resolve(asked, usual.unwrap_or(&client.scopes))
    }

    /// The scopes of a request: those that it names, each of which must be allowed, or all that are
    /// allowed if it names none.
    pub(super) fn resolve(asked: Option<&str>, allowed: &[String]) -> Result<Scope, OAuthError> {
        let Some(asked) = asked else {
            let allowed = allowed.iter().map(String::as_str);
            let usual: Vec<&str> = allowed.filter(|s| !ONLY_WHEN_ASKED.contains(s)).collect();
            return Ok(Scope(usual.join(" ").into()));
        };
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        Scope::parse(asked)?.within(&allowed)
    }

    /// The scopes of a refresh: those of the grant, or fewer (RFC 6749 section 6).
    pub(super) fn narrow(&self, asked: Option<&str>) -> Result<Scope, OAuthError> {
        match asked {
            None => Ok(self.clone()),
            Some(asked) => Scope::parse(asked)?.within(&self.iter().collect::<Vec<_>>()),
        }
    }

    fn within(self, allowed: &[&str]) -> Result<Scope, OAuthError> {
        let other = self.iter().find(|scope| !allowed.contains(scope));
        let refusal = other.map(|other| {
            invalid(format!(
                "the scope {} is not one of: {}",
                quoted(other, 40),
                allowed.join(" ")
            ))
        });
        refusal.map_or(Ok(self), Err)
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.iter().any(|s| s == scope)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|scope| !scope.is_empty())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every scope of this one is in another.
    pub(super) fn is_within(&self, other: &Scope) -> bool {
        self.iter().all(|scope| other.has(scope))
    }
}

/// Every scope that some client may ask for, those that are known first.
pub(super) fn supported(settings: &Settings, openid: bool) -> Vec<String> {
    let known = SCOPES.iter().map(|(name, _)| (*name).to_owned());
    let asked = settings
        .clients
        .iter()
        .flat_map(|client| client.scopes.clone());
    let mut scopes: Vec<String> = Vec::new();
    for scope in known.chain(asked) {
        let exists = openid || !OF_OPENID.contains(&scope.as_str());
        if exists && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// What a scope lets a client do, in words.
pub(super) fn meaning(scope: &str) -> &'static str {
    let known = SCOPES.iter().find(|(name, _)| *name == scope);
    known.map_or("use", |(_, meaning)| meaning)
}

/// Whether a text is a scope-token (RFC 6749 section 3.3).
pub(super) fn is_scope(text: &str) -> bool {
    let may = |b: u8| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    !text.is_empty() && text.bytes().all(may)
}

fn invalid(reason: String) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidScope, reason, "RFC 6749 section 3.3")
}
