//! A refresh token for new tokens (RFC 6749 section 6). It changes with each use, and the use of an
//! old one revokes the family: two parties have it (RFC 9700 section 4.14.2).

use crate::demo::demo_server::DemoServer;
use crate::demo::dpop;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Remark;
use crate::demo::fault::{Fault, Stage};
use crate::demo::grant::{Grant, RESOURCE, SCOPE, TokenRequest};
use crate::demo::handle::{self, HandleKind};
use crate::demo::reference::text;
use crate::demo::secret::{fingerprint, random};
use crate::demo::store::{Authorization, Refresh, Standing, Store};
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::oauth::grant_type;

pub(super) const GRANT: Grant = Grant {
    name: grant_type::REFRESH_TOKEN,
    without_client: false,
    confidential: false,
    description: "a refresh token, for the next tokens of its family",
    section: SECTION,
    fields: &[
        text("refresh_token", "the last one that was given").required(),
        SCOPE,
        RESOURCE,
    ],
    run,
};

const SECTION: &str = "RFC 6749 section 6";
const REUSED: &str = "RFC 9700 section 4.14.2";

/// The remark when a refresh token comes whose family had to make room.
pub(in crate::demo) const FORGOTTEN: &str =
    "the refresh token is not remembered any more: its whole family is revoked";

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let demo = request.demo;
    let token = request.parameters.require("refresh_token", SECTION)?;
    let asked = resources(request.parameters)?;
    let (now, client_id) = (request.now, request.client.id.as_str());

    let mut store = demo.store();
    let (family, authorization, jkt, is_last) = match find(demo, &store, token, client_id) {
        RefreshTokenState::Known {
            family,
            refresh,
            is_last,
        } => (
            family,
            refresh.authorization.clone(),
            refresh.jkt.clone(),
            is_last,
        ),
        RefreshTokenState::Forgotten { family } => {
            store.revoke_family(family, now, demo.longest_lifetimes());
            return Err(invalid(FORGOTTEN, REUSED));
        }
        RefreshTokenState::Nothing(remark) => return Err(invalid(remark.text, remark.section)),
    };
    if authorization.client_id != client_id {
        let reason = format!(
            "the refresh token was issued to {}",
            authorization.client_id
        );
        return Err(invalid(reason, SECTION));
    }
    dpop::check_binding(jkt.as_deref(), request.jkt.as_deref())?;
    if !is_last {
        store.revoke_family(family, now, demo.longest_lifetimes());
        let reason = "the refresh token has been used already: its whole family is revoked";
        return Err(invalid(reason, REUSED));
    }
    let user = Some(authorization.user.name.as_str());
    let faults = demo.faults();
    let faults = faults.take(Stage::Refresh, Endpoint::Token, Some(client_id), user);
    let mut rotates = true;
    for taken in faults {
        request.entry.fault(taken.fault);
        match taken.fault {
            Fault::NoRotation => rotates = false,
            Fault::SiblingRevoked => {
                store.revoke_family(family, now, demo.longest_lifetimes());
                return Err(invalid("a fault has revoked the family", SECTION));
            }
            _ => return Err(invalid("a fault refuses the refresh token", SECTION)),
        }
    }
    let authorization = Authorization {
        scope: authorization
            .scope
            .narrow(request.parameters.get("scope"))?,
        resources: narrow(&authorization.resources, asked)?,
        ..authorization
    };
    let next = random()?;
    let kept = store.refreshes.get_mut(fingerprint(family), now);
    if let Some(refresh) = kept.filter(|_| rotates) {
        refresh.current = fingerprint(&next);
    }
    drop(store);
    let answer = request.tokens(&authorization, None, family)?;
    let handle = token.split('.').next().unwrap_or_default();
    Ok(match rotates {
        true => answer.with_refresh_token(handle, &next),
        false => answer,
    })
}

/// What a refresh token is.
pub(in crate::demo) enum RefreshTokenState<'s, 't> {
    /// One of a family that can be refreshed.
    Known {
        family: &'t str,
        refresh: &'s Refresh,
        /// Whether it is the last one; only that is valid.
        is_last: bool,
    },
    /// One that the client was given, of a family that had to make room.
    Forgotten { family: &'t str },
    /// None, and why not.
    Nothing(Remark),
}

/// Finds out what a refresh token from a client is.
pub(in crate::demo) fn find<'s, 't>(
    demo: &DemoServer,
    store: &'s Store,
    token: &'t str,
    client_id: &str,
) -> RefreshTokenState<'s, 't> {
    let now = demo.now();
    let nothing = |reason: &str| RefreshTokenState::Nothing(Remark::new(reason, SECTION));
    let none = || nothing("there is no such refresh token, or it has expired");
    let Some((handle, last)) = token.split_once('.') else {
        return none();
    };
    let Some(family) = handle::family(handle) else {
        return none();
    };
    let is_of = |client_id: &str| {
        let handles = demo.handles();
        handles.know(HandleKind::RefreshToken, handle, client_id, now)
    };
    match store.refreshes.get(fingerprint(family), now) {
        Some(refresh) if is_of(&refresh.authorization.client_id) => RefreshTokenState::Known {
            family,
            refresh,
            is_last: refresh.current.is(last),
        },
        None if is_of(client_id) => match store.standing(family, now, now) {
            Standing::Revoked => nothing("the refresh token has been revoked"),
            Standing::Good | Standing::Forgotten => RefreshTokenState::Forgotten { family },
        },
        _ => none(),
    }
}

fn invalid(reason: impl Into<String>, section: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, reason, section)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::StatusCode;
    use serde_json::Value;

    use super::*;
    use crate::demo::lifetimes::Lifetimes;
    use crate::demo::router::Routes;
    use crate::demo::signing::KeyChoice;
    use crate::text::time::Timestamp;
    use crate::token::algorithm::Algorithm;

    const PASSWORD: &str = "grant_type=password&username=alice&password=wonderland";

    fn refresh(token: &str) -> String {
        format!("grant_type=refresh_token&refresh_token={token}")
    }

    /// A server with a clock that is set.
    async fn demo() -> (DemoServer, Arc<AtomicI64>) {
        let time = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&time);
        let (demo, _events) =
            DemoServer::built_in(move || Timestamp::from_seconds(clock.load(Ordering::Relaxed)));
        let key = KeyChoice::Fresh(Algorithm::ES256);
        demo.prepare(key).await.unwrap();
        (demo, time)
    }

    /// What a form of demo-app is answered, and the last reason for that.
    async fn post(demo: &DemoServer, path: &str, form: &str) -> (StatusCode, Value, String) {
        let form = format!("client_id=demo-app&{form}");
        let answer = Routes::of(demo.clone()).post(path, form).await;
        let reason = answer.remarks.last().map(|remark| remark.text.clone());
        (answer.status, answer.body, reason.unwrap_or_default())
    }

    async fn good(demo: &DemoServer, form: &str) -> (String, String) {
        let (status, body, reason) = post(demo, "/token", form).await;
        assert_eq!(status, StatusCode::OK, "{reason}");
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    async fn refused(demo: &DemoServer, token: &str) -> String {
        let (status, _, reason) = post(demo, "/token", &refresh(token)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        reason
    }

    /// Whether an access token is still good.
    async fn opens(demo: &DemoServer, token: &str) -> bool {
        let request = Request::get("/protected")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty());
        let answer = Routes::of(demo.clone()).answer(request.unwrap()).await;
        answer.status() == StatusCode::OK
    }

    /// Forgets all refresh tokens for others, which are like one of them.
    fn make_room(demo: &DemoServer, like: &str) {
        let mut store = demo.store();
        let (now, until) = (demo.now(), Timestamp::from_seconds(60));
        let RefreshTokenState::Known { refresh, .. } = find(demo, &store, like, "demo-app") else {
            panic!("{like}");
        };
        let (authorization, current) = (refresh.authorization.clone(), refresh.current);
        for n in 0..2048 {
            let authorization = authorization.clone();
            let other = Refresh {
                authorization,
                current,
                jkt: None,
            };
            let family = fingerprint(&format!("family {n}"));
            store.refreshes.insert(family, other, now, until);
        }
    }

    /// RFC 6749 section 1.5, RFC 9700 section 4.14.2: it expires, and those that it was exchanged for
    /// expire with it.
    #[tokio::test]
    async fn a_refresh_token_expires_with_all_of_its_family() {
        let (demo, time) = demo().await;
        let (_, first) = good(&demo, PASSWORD).await;
        let lifetime = Lifetimes::default().refresh_token.seconds();
        let lifetime = i64::try_from(lifetime).unwrap();
        time.store(lifetime - 1, Ordering::Relaxed);
        let (access, second) = good(&demo, &refresh(&first)).await;
        time.store(lifetime, Ordering::Relaxed);
        let reason = refused(&demo, &second).await;
        assert_eq!(reason, "there is no such refresh token, or it has expired");
        assert!(opens(&demo, &access).await, "it lives longer");
    }

    /// RFC 9700 section 4.14.2 and RFC 7009 section 2, however many families came after it.
    #[tokio::test]
    async fn a_refresh_token_that_was_forgotten_ends_its_family_all_the_same() {
        let (demo, _) = demo().await;
        let (replayed_access, replayed) = good(&demo, PASSWORD).await;
        let (revoked_access, revoked) = good(&demo, PASSWORD).await;
        let (other_access, other) = good(&demo, PASSWORD).await;
        // The name that its access token tells is not enough, before the family is forgotten and after.
        let (handle, last) = other.split_once('.').unwrap();
        let forged = format!("{}{}.{last}", &handle[..32], "A".repeat(32));
        let guessed = format!("{}{}.x", &handle[..32], "A".repeat(32));
        let none = "there is no such refresh token, or it has expired";
        assert_eq!(refused(&demo, &forged).await, none);
        assert_eq!(refused(&demo, &guessed).await, none);
        make_room(&demo, &other);
        assert!(opens(&demo, &replayed_access).await);
        let reason = refused(&demo, &replayed).await;
        assert_eq!(reason, FORGOTTEN);
        assert!(!opens(&demo, &replayed_access).await);
        let reason = refused(&demo, &replayed).await;
        assert_eq!(reason, "the refresh token has been revoked");
        assert!(opens(&demo, &revoked_access).await);
        let (status, ..) = post(&demo, "/revoke", &format!("token={revoked}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!opens(&demo, &revoked_access).await);
        assert_eq!(refused(&demo, &forged).await, none);
        assert!(opens(&demo, &other_access).await);
    }
}
