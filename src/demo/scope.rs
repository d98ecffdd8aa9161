//! What a client may do, in words (RFC 6749 section 3.3).

use std::fmt;

use crate::demo::error::{ErrorCode, Refusal};
use crate::text::escape;

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
];

/// Those of OpenID Connect, which are unknown where there is none.
pub(super) const OF_OPENID: &[&str] = &[OPENID, "profile", "email", "offline_access"];

/// Those that are never given without being asked for.
const ONLY_WHEN_ASKED: &[&str] = &[OPENID, "offline_access"];

/// Scopes in the order in which they were asked for, none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope(Vec<String>);

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Scope {
    /// Reads a list, by the grammar of RFC 6749 section 3.3.
    fn parse(text: &str) -> Result<Scope, Refusal> {
        let mut scopes: Vec<String> = Vec::new();
        for word in text.split(' ') {
            if !is_scope(word) {
                return Err(invalid(format!(
                    "`scope` is not a list of words with one space between: `{}`",
                    escape::shorten(text, 80)
                )));
            }
            if scopes.iter().all(|known| known != word) {
                scopes.push(word.to_owned());
            }
        }
        Ok(Scope(scopes))
    }

    /// The scopes that a request is for: those that it names, each of which has to be allowed, or
    /// without a name all that are allowed.
    pub(super) fn resolve(asked: Option<&str>, allowed: &[String]) -> Result<Scope, Refusal> {
        let Some(asked) = asked else {
            let usual = |scope: &&String| !ONLY_WHEN_ASKED.contains(&scope.as_str());
            return Ok(Scope(allowed.iter().filter(usual).cloned().collect()));
        };
        Scope::parse(asked)?.within(allowed)
    }

    /// The scopes of a refresh: those of the grant, or fewer (RFC 6749 section 6).
    pub(super) fn narrow(&self, asked: Option<&str>) -> Result<Scope, Refusal> {
        match asked {
            None => Ok(self.clone()),
            Some(asked) => Scope::parse(asked)?.within(&self.0),
        }
    }

    fn within(self, allowed: &[String]) -> Result<Scope, Refusal> {
        match self.0.iter().find(|scope| !allowed.contains(scope)) {
            None => Ok(self),
            Some(other) => Err(invalid(format!(
                "the scope `{}` is not one of: {}",
                escape::shorten(other, 40),
                allowed.join(" ")
            ))),
        }
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|s| s == scope)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every scope of this one is in another.
    pub(super) fn is_within(&self, other: &Scope) -> bool {
        self.0.iter().all(|scope| other.has(scope))
    }
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

fn invalid(reason: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidScope, reason, "RFC 6749 section 3.3")
}
