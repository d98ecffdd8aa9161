//! Incoming assertions: JWTs by which a client authenticates itself, or a trusted issuer says for whom a
//! token is asked (RFC 7523 section 3).

use crate::demo::claim_time::time;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::path;
use crate::demo::redact::quoted;
use crate::demo::refused_token::refusal;
use crate::demo::used_once::Use;
use crate::text::time::Span;
use crate::token::claims::Registered;
use crate::token::decode::decode;
use crate::token::json::Json;
use crate::token::name::Name;
use crate::token::policy::Policy;
use crate::token::verify::{ReadyKeys, Verified};

/// The longest lifetime: an assertion is remembered that long.
const LONGEST: Span = Span::from_seconds(3600);

/// What an assertion has to say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) subject: Option<&'a str>,
    /// Whether it has to be for the issuer, by that name alone.
    pub(super) for_issuer: bool,
    /// The claims that it has to have beside the usual ones.
    pub(super) required: &'static [&'static str],
    /// The error that a client gets for an invalid one.
    pub(super) error: ErrorCode,
}

/// The issuer that an assertion names. It only selects the keys that have to match.
pub(super) fn issuer_of(token: &str) -> Option<String> {
    let unverified = decode(token).ok()?;
    let issuer = unverified.claims()?.get("iss").and_then(Json::as_str)?;
    Some(issuer.into_owned())
}

/// What an assertion may have as its audience: the issuer, the token endpoint, or where requests are
/// pushed to (RFC 7523 section 3, RFC 9126 section 2); some have to be for the issuer.
fn audiences(demo: &DemoServer, for_issuer: bool) -> Vec<String> {
    let issuer = &demo.settings().issuer;
    let mut own = vec![issuer.as_str().to_owned(), issuer.join("/")];
    if !for_issuer {
        own.extend([issuer.join(path::TOKEN), issuer.join(path::PAR)]);
    }
    own
}

/// Checks an assertion, which may be used once.
pub(super) fn check(
    demo: &DemoServer,
    token: &str,
    keys: &ReadyKeys,
    expected: &Expected<'_>,
) -> Result<Verified, OAuthError> {
    let section = "RFC 7523 section 3";
    let refused = |reason: &str| Err(OAuthError::new(expected.error, reason, section));
    let policy = Policy {
        issuers: vec![expected.issuer.to_owned()],
        subject: expected.subject.map(str::to_owned),
        require: expected
            .required
            .iter()
            .map(|name| Name::parse(name))
            .collect(),
        ..Policy::default()
    };
    let now = demo.now();
    let verified = keys
        .verify(token, &policy, now)
        .map_err(|refused| refusal(&refused, expected.error, section))?;
    let registered = Registered::of(verified.claims());
    let own = audiences(demo, expected.for_issuer);
    let is_own = |aud: Json<'_>| own.iter().any(|own| aud.is(own));
    // What is for the issuer alone is for nobody beside it.
    let are_few = |aud: Json<'_>| !expected.for_issuer || aud.one_or_many().nth(1).is_none();
    if !registered
        .aud
        .is_some_and(|aud| aud.one_or_many().any(is_own) && are_few(aud))
    {
        let found = registered.aud.map(|aud| quoted(aud.text(), 120));
        let issuer = &demo.settings().issuer;
        // Some clients send the URL of the endpoint that they call, which is accepted too.
        let below = issuer.join("/");
        let is_below = |aud: Json<'_>| aud.as_str().is_some_and(|aud| aud.starts_with(&below));
        let is_endpoint = registered
            .aud
            .is_some_and(|aud| aud.one_or_many().any(is_below));
        return refused(&format!(
            "the assertion is for {}, but this is {}, with its token endpoint {}{}",
            found.as_deref().unwrap_or("nobody"),
            issuer.as_str(),
            issuer.join(path::TOKEN),
            match is_endpoint {
                true => "; the issuer is right at every endpoint",
                false => "",
            },
        ));
    }
    let text = |value: Option<Json<'_>>| {
        value
            .and_then(Json::as_str)
            .unwrap_or_default()
            .into_owned()
    };
    let (jti, sub) = (text(registered.jti), text(registered.sub));
    if jti.is_empty() || sub.is_empty() {
        return refused("the assertion has no `sub`, or an empty one, or its `jti` is empty");
    }
    let Some(until) = time(&verified, "exp") else {
        return refused("the assertion has no `exp`");
    };
    if until > now.saturating_add(LONGEST) {
        return refused("the assertion is valid for longer than an hour");
    }
    let name = format!("{} {jti}", expected.issuer);
    match demo.store().assertions.take(&name, now, until) {
        Use::First => Ok(verified),
        Use::Again => refused("the assertion has been used already"),
        Use::Forgotten => refused(
            "the assertion may have been used already: it is as old as others that are not remembered any more",
        ),
    }
}
