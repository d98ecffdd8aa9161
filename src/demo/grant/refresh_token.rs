//! A refresh token for new tokens (RFC 6749 section 6). It changes with each use, and the use of an
//! old one revokes the family: it is in two hands (RFC 9700 section 4.14.2).

use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::grant::{Grant, RESOURCE, RefreshToken, SCOPE, TokenRequest};
use crate::demo::reference::text;
use crate::demo::secret::{fingerprint, random};
use crate::demo::state::{Granted, Refresh, State};
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::text::time::Timestamp;

pub(super) const GRANT: Grant = Grant {
    name: "refresh_token",
    without_client: false,
    confidential: false,
    about: "a refresh token, for the next tokens of its family",
    section: SECTION,
    fields: &[
        text("refresh_token", "the last one that was given").required(),
        SCOPE,
        RESOURCE,
    ],
    run,
};

const SECTION: &str = "RFC 6749 section 6";

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, Refusal> {
    let (first, last) = request
        .parameters
        .require("refresh_token", SECTION)?
        .split_once('.')
        .ok_or_else(|| invalid("there is no such refresh token", SECTION))?;
    let next = RefreshToken {
        first: first.to_owned(),
        last: random()?,
    };
    let now = request.now;
    let asked = resources(request.parameters)?;

    let mut state = request.demo.state();
    let refresh = state
        .refreshes
        .get_mut(fingerprint(first), now)
        .ok_or_else(|| invalid("there is no such refresh token, or it has expired", SECTION))?;
    if refresh.granted.client_id != request.client.id {
        let reason = format!(
            "the refresh token was issued to {}",
            refresh.granted.client_id
        );
        return Err(invalid(reason, SECTION));
    }
    if !refresh.current.is(last) {
        let family = refresh.family.clone();
        state.revoke_family(&family, now, &request.demo.settings().lifetimes);
        return Err(invalid(
            "the refresh token has been used already: its whole family is revoked",
            "RFC 9700 section 4.14.2",
        ));
    }
    let granted = Granted {
        scope: refresh
            .granted
            .scope
            .narrow(request.parameters.get("scope"))?,
        resources: narrow(&refresh.granted.resources, asked)?,
        ..refresh.granted.clone()
    };
    refresh.current = fingerprint(&next.last);
    let family = refresh.family.name.clone();
    drop(state);
    let answer = request.tokens(&granted, None, &family)?;
    Ok(answer.with_refresh_token(&next.text()))
}

/// The family of a refresh token.
pub(in crate::demo) struct Found<'a> {
    pub(in crate::demo) refresh: &'a Refresh,
    /// Whether it is the last one, which alone is good.
    pub(in crate::demo) is_last: bool,
}

/// What is known of a refresh token that has not expired, for introspection and revocation.
pub(in crate::demo) fn find<'a>(
    state: &'a State,
    token: &str,
    now: Timestamp,
) -> Option<Found<'a>> {
    let (first, last) = token.split_once('.')?;
    let refresh = state.refreshes.get(fingerprint(first), now)?;
    Some(Found {
        refresh,
        is_last: refresh.current.is(last),
    })
}

fn invalid(reason: impl Into<String>, section: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidGrant, reason, section)
}
