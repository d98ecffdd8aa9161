//! The values of the configuration file, each checked as it is read.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::demo::backchannel_uri;
use crate::demo::fault::Rule;
use crate::demo::grant;
use crate::demo::lifetimes::Lifetimes;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::scope::is_scope;
use crate::demo::tokens::USERINFO_CLAIMS;
use crate::demo::user::scope_of;
use crate::text::escape;
use crate::text::time::Span;

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

/// A text that is not empty and has no control characters.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Name(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct GrantName(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ScopeName(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct StandardClaim(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct TokenType(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct BackchannelUri(pub(super) String);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Duration(pub(super) Span);

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct CodeDuration(pub(super) Span);

#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct FaultRule(pub(super) Rule);

#[derive(Default, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub(super) struct Claims(pub(super) Map<String, Value>);

/// The claims of a job or a workload, without times, issuer and audience.
#[derive(Default, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub(super) struct WorkloadClaims(pub(super) Map<String, Value>);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        check_name(&text)?;
        Ok(Name(text))
    }
}

impl TryFrom<String> for GrantName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match grant::meant(&text) {
            Some(grant) => Ok(GrantName(grant.name.to_owned())),
            None => Err(format!(
                "there is no grant `{}`; supported: {}",
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
                "`{}` is not a claim of the scopes profile and email; all other claims are in every ID token anyway",
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
            0 => Err("a lifetime must be longer than 0".to_owned()),
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
            Some(name) => Err(format!("the claim `{name}` is set by the server")),
            None => Ok(Claims(claims)),
        }
    }
}

impl TryFrom<Map<String, Value>> for WorkloadClaims {
    type Error = String;

    fn try_from(claims: Map<String, Value>) -> Result<Self, Self::Error> {
        let own = ["iss", "aud", "exp", "nbf", "iat", "jti"];
        match claims.keys().find(|name| own.contains(&name.as_str())) {
            Some(name) => Err(format!(
                "the claim `{name}` is set by the server: `[workload.claims]` has any but {}, and `audience` of `[workload]` says for whom the tokens are",
                own.join(", ")
            )),
            None => Ok(WorkloadClaims(claims)),
        }
    }
}

/// Checks the name of a scope (RFC 6749 section 3.3).
///
/// # Errors
/// What is wrong with it; the text itself is not in it.
pub fn check_scope(text: &str) -> Result<(), &'static str> {
    match is_scope(text) {
        true => Ok(()),
        false => Err("takes a word of printable ASCII, without spaces, `\"` and `\\`"),
    }
}

/// Checks a name, a password or a secret.
///
/// # Errors
/// What is wrong with it; the text itself is not in it.
pub fn check_name(text: &str) -> Result<(), &'static str> {
    match text {
        "" => Err("it is empty"),
        _ if !escape::is_plain(text) => Err("it has control characters, or invisible ones"),
        _ if text.chars().count() > 200 => Err("it has more than 200 characters"),
        _ => Ok(()),
    }
}
