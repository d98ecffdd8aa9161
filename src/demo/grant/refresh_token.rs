//! A refresh token for new tokens (RFC 6749 section 6). It changes with each use, and the use of an
//! old one revokes the family: it is in two hands (RFC 9700 section 4.14.2).

use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::grant::{Grant, RESOURCE, RefreshToken, SCOPE, TokenRequest};
use crate::demo::reference::text;
use crate::demo::secret::{fingerprint, random};
use crate::demo::store::{Authorization, Refresh, Store};
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::text::time::Timestamp;

pub(super) const GRANT: Grant = Grant {
    name: "refresh_token",
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

    let mut store = request.demo.store();
    let refresh = store
        .refreshes
        .get_mut(fingerprint(first), now)
        .ok_or_else(|| invalid("there is no such refresh token, or it has expired", SECTION))?;
    if refresh.authorization.client_id != request.client.id {
        let reason = format!(
            "the refresh token was issued to {}",
            refresh.authorization.client_id
        );
        return Err(invalid(reason, SECTION));
    }
    if !refresh.current.is(last) {
        let family = refresh.family.clone();
        store.revoke_family(&family, now, &request.demo.settings().lifetimes);
        return Err(invalid(
            "the refresh token has been used already: its whole family is revoked",
            "RFC 9700 section 4.14.2",
        ));
    }
    let authorization = Authorization {
        scope: refresh
            .authorization
            .scope
            .narrow(request.parameters.get("scope"))?,
        resources: narrow(&refresh.authorization.resources, asked)?,
        ..refresh.authorization.clone()
    };
    refresh.current = fingerprint(&next.last);
    let family = refresh.family.name.clone();
    drop(store);
    let answer = request.tokens(&authorization, None, &family)?;
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
    store: &'a Store,
    token: &str,
    now: Timestamp,
) -> Option<Found<'a>> {
    let (first, last) = token.split_once('.')?;
    let refresh = store.refreshes.get(fingerprint(first), now)?;
    Some(Found {
        refresh,
        is_last: refresh.current.is(last),
    })
}

fn invalid(reason: impl Into<String>, section: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidGrant, reason, section)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use axum::http::StatusCode;

    use crate::demo::demo_server::DemoServer;
    use crate::demo::router::Routes;
    use crate::demo::settings::Lifetimes;
    use crate::demo::signing::KeyChoice;
    use crate::text::time::Timestamp;
    use crate::token::algorithm::Algorithm;

    /// RFC 6749 section 1.5, RFC 9700 section 4.14.2: it expires, and those that it was exchanged for
    /// expire with it.
    #[tokio::test]
    async fn a_refresh_token_expires_with_all_of_its_family() {
        let time = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&time);
        let (demo, _events) =
            DemoServer::built_in(move || Timestamp::from_seconds(clock.load(Ordering::Relaxed)));
        let key = KeyChoice::Fresh(Algorithm::ES256);
        demo.prepare(key).await.unwrap();
        let mut routes = Routes::of(demo);
        let mut token = async |form: String| {
            let form = format!("client_id=demo-app&{form}");
            let answer = routes.post("/token", form).await;
            let refresh = answer.body["refresh_token"].as_str().map(str::to_owned);
            (answer.status, refresh.unwrap_or_default(), answer.remarks)
        };
        let password = "grant_type=password&username=alice&password=wonderland";
        let (status, first, _) = token(password.to_owned()).await;
        assert_eq!(status, StatusCode::OK);
        let refresh = |token: &str| format!("grant_type=refresh_token&refresh_token={token}");
        let lifetime = Lifetimes::default().refresh_token.seconds();
        let lifetime = i64::try_from(lifetime).unwrap();
        time.store(lifetime - 1, Ordering::Relaxed);
        let (status, second, _) = token(refresh(&first)).await;
        assert_eq!(status, StatusCode::OK);
        time.store(lifetime, Ordering::Relaxed);
        let (status, _, remarks) = token(refresh(&second)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let reason = "there is no such refresh token, or it has expired";
        assert_eq!(remarks.last().unwrap().text, reason);
    }
}
