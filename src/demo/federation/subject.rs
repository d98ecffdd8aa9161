//! A token of a workload, brought to be exchanged for another: one of this server, or one of an issuer that
//! the configuration trusts. It is not an assertion for one use: the same token may be brought again and
//! again.

use std::sync::Arc;

use crate::demo::assertion::issuer_of;
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::key_ring::KeyRing;
use crate::demo::redact::quoted;
use crate::demo::refused_token::refusal;
use crate::oauth::grant_type::TOKEN_EXCHANGE;
use crate::token::json::Json;
use crate::token::policy::Policy;

const SECTION: &str = "RFC 8693 section 2.1";

/// The subject of a token, and its audience, if it is valid and for one of these audiences.
pub(super) fn subject(
    demo: &DemoServer,
    keys: &KeyRing,
    token: &str,
    audiences: &[String],
    error: ErrorCode,
) -> Result<(String, String), OAuthError> {
    let refused = |reason: String| OAuthError::new(error, reason, SECTION);
    let issuer = issuer_of(token)
        .ok_or_else(|| refused("the token is not a JWT with an `iss`".to_owned()))?;
    let now = demo.now();
    let verdict = if issuer == demo.settings().issuer.as_str() {
        keys.own_jwt(token, now)
    } else {
        let mut trusted = demo.settings().trusted_issuers.iter();
        let trusted = trusted
            .find(|trusted| trusted.issuer == issuer)
            .ok_or_else(|| {
                refused(format!(
                    "no trusted issuer is {}: add an `[[issuer]]` to the configuration",
                    quoted(&issuer, 80)
                ))
            })?;
        let policy = Policy {
            issuers: vec![issuer],
            ..Policy::default()
        };
        trusted.keys.ready().verify(token, &policy, now)
    };
    let verified = verdict.map_err(|refused| refusal(&refused, error, SECTION))?;
    let aud = verified.claims().get("aud");
    let is_meant = |own: &&String| aud.is_some_and(|aud| aud.one_or_many().any(|one| one.is(own)));
    let meant = audiences.iter().find(is_meant).ok_or_else(|| {
        let found = aud.map(|aud| quoted(aud.text(), 120));
        refused(format!(
            "the token is for {}, not for {}",
            found.as_deref().unwrap_or("nobody"),
            audiences.join(", ")
        ))
    })?;
    let sub = verified.claims().get("sub").and_then(Json::as_str);
    let sub = sub.filter(|sub| !sub.is_empty());
    let sub = sub.ok_or_else(|| refused("the token is about nobody".to_owned()))?;
    Ok((sub.into_owned(), meant.clone()))
}

/// The audiences of the workload's tokens from the start.
pub(super) fn audiences(demo: &DemoServer) -> Vec<String> {
    let settings = demo.settings();
    let workload = settings.workload.as_ref();
    workload.map_or_else(Vec::new, |workload| {
        workload.audiences(settings.issuer.as_str())
    })
}

/// The client that gets tokens in exchange for those of the workload: the configured one, or the first that
/// may exchange tokens.
#[must_use]
pub fn client_of_workload(demo: &DemoServer) -> Option<&str> {
    let settings = demo.settings();
    let workload = settings.workload.as_ref();
    let named = workload.and_then(|workload| workload.config.client.as_deref());
    let usual = || {
        let mut clients = settings.clients.iter();
        let client = clients.find(|client| client.may_use(TOKEN_EXCHANGE));
        client.map(|client| client.id.as_str())
    };
    named.or_else(usual)
}

/// The same; an error if there is none.
pub(super) fn client(demo: &DemoServer) -> Result<Arc<Client>, OAuthError> {
    let client = client_of_workload(demo).and_then(|id| demo.client(id));
    client.ok_or_else(|| {
        let reason = format!(
            "there is no client that may use {TOKEN_EXCHANGE}: `client` of `[workload]` names one"
        );
        OAuthError::new(ErrorCode::UnauthorizedClient, reason, SECTION)
    })
}
