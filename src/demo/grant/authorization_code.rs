//! A code for tokens (RFC 6749 section 4.1.3), with the verifier of PKCE (RFC 7636 section 4.5).

use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::dpop;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::{Grant, RESOURCE, TokenRequest, refresh_token};
use crate::demo::handle::{self, HandleKind};
use crate::demo::lifetimes::Lifetimes;
use crate::demo::pkce;
use crate::demo::redact::quoted;
use crate::demo::reference::text;
use crate::demo::secret::{fingerprint, random};
use crate::demo::store::{Authorization, AuthorizationCode, Standing};
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::oauth::grant_type;
use crate::text::time::Timestamp;

pub(super) const GRANT: Grant = Grant {
    name: grant_type::AUTHORIZATION_CODE,
    without_client: false,
    confidential: false,
    description: "the code that the resource owner's browser brought back from `/authorize`",
    section: "RFC 6749 section 4.1.3",
    fields: &[
        text("code", "the code").required(),
        text("redirect_uri", "as at `/authorize`")
            .required()
            .example(|examples| examples.redirect_uri.clone()),
        text(
            "code_verifier",
            "the verifier of PKCE (RFC 7636 section 4.5)",
        )
        .example(|_| pkce::EXAMPLE.verifier.to_owned()),
        RESOURCE,
    ],
    run,
};

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let section = "RFC 6749 section 4.1.3";
    let none = || invalid("there is no such code, or it has expired", section);
    let given = request.parameters.require("code", section)?;
    let code = fingerprint(given);
    let redirect_uri = request.parameters.require("redirect_uri", section)?;
    let verifier = request.parameters.get("code_verifier");
    let asked = resources(request.parameters)?;
    let (now, lives) = (request.now, request.demo.longest_lifetimes());
    let family = handle::family(given).ok_or_else(none)?;

    let mut store = request.demo.store();
    let Some(issued) = store.codes.get_mut(code, now) else {
        let is_used = store.redeemed.get(code, now).is_some();
        let handles = request.demo.handles();
        if !is_used && !handles.know(HandleKind::Code, given, &request.client.id, now) {
            return Err(none());
        }
        if store.standing(family, now, now) != Standing::Revoked {
            store.revoke_family(family, now, lives);
        }
        let what = match is_used {
            true => "has been used already",
            false => "has been used already, or has expired",
        };
        return Err(invalid(
            format!("the code {what}: the tokens that came from it are revoked"),
            "RFC 6749 section 4.1.2",
        ));
    };
    check(issued, request, redirect_uri, verifier)?;
    let authorization = Authorization {
        resources: narrow(&issued.authorization.resources, asked)?,
        ..issued.authorization.clone()
    };
    let nonce = issued.nonce.take();
    if issued.challenge.is_none() {
        request.entry.remarks.push(pkce::left_out());
    }
    store.codes.remove(code);
    store.redeemed.insert(code, (), now, outlived(now, lives));
    drop(store);
    let refreshes = request.client.may_use(refresh_token::GRANT.name);
    request.tokens_of(&authorization, nonce.as_deref(), family, refreshes)
}

/// A code for a client. It is recognized until the last token that came from it has expired.
pub(in crate::demo) fn make_code(demo: &DemoServer, client: &Client) -> Result<String, OAuthError> {
    let lives = demo.longest_lifetimes();
    let redeemed = demo.now().saturating_add(Lifetimes::MAX_CODE);
    let until = outlived(redeemed, lives);
    demo.handles()
        .make(HandleKind::Code, &random()?, &client.id, until)
}

/// When all tokens of a code that is redeemed at a time have expired.
fn outlived(redeemed: Timestamp, lives: &Lifetimes) -> Timestamp {
    redeemed.saturating_add(lives.access_token.max(lives.refresh_token))
}

/// Checks that a code is this client's, in time, for this redirect URI, and fits this verifier.
fn check(
    code: &AuthorizationCode,
    request: &TokenRequest<'_>,
    redirect_uri: &str,
    verifier: Option<&str>,
) -> Result<(), OAuthError> {
    let Authorization { client_id, .. } = &code.authorization;
    if code.expires <= request.now {
        return Err(invalid("the code has expired", "RFC 6749 section 4.1.2"));
    }
    if *client_id != request.client.id {
        return Err(invalid(
            format!("the code was issued to {client_id}"),
            "RFC 6749 section 4.1.3",
        ));
    }
    if code.redirect_uri != redirect_uri {
        return Err(invalid(
            format!(
                "`redirect_uri` is {}, but was {}",
                quoted(redirect_uri, 80),
                quoted(&code.redirect_uri, 80)
            ),
            "RFC 6749 section 4.1.3",
        ));
    }
    dpop::check_binding(code.jkt.as_deref(), request.jkt.as_deref())?;
    pkce::check(code.challenge.as_deref(), verifier)
}

fn invalid(reason: impl Into<String>, section: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, reason, section)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use axum::http::StatusCode;
    use serde_json::Value;

    use super::*;
    use crate::demo::claims_request::ClaimsRequest;
    use crate::demo::demo_server::DemoServer;
    use crate::demo::router::Routes;
    use crate::demo::scope::Scope;
    use crate::demo::signing::KeyChoice;
    use crate::token::algorithm::Algorithm;

    const REDIRECT_URI: &str = "http://127.0.0.1/callback";

    /// A code of demo-web for alice.
    fn issue(demo: &DemoServer) -> String {
        let now = demo.now();
        let code = make_code(demo, &demo.client("demo-web").unwrap()).unwrap();
        let issued = AuthorizationCode {
            authorization: Authorization {
                claims: ClaimsRequest::default(),
                client_id: "demo-web".to_owned(),
                user: demo.user("alice").unwrap(),
                scope: Scope::default(),
                resources: Vec::new(),
                auth_time: now,
                acr: None,
                sid: None,
            },
            redirect_uri: REDIRECT_URI.to_owned(),
            challenge: None,
            nonce: None,
            jkt: None,
            expires: now.saturating_add(Lifetimes::MAX_CODE),
        };
        let until = now.saturating_add(Lifetimes::MAX_CODE);
        let mut store = demo.store();
        store
            .codes
            .insert(fingerprint(&code), Box::new(issued), now, until);
        drop(store);
        code
    }

    fn redeem(code: &str) -> String {
        format!("grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}")
    }

    fn refresh(answer: &Value) -> String {
        let token = answer["refresh_token"].as_str().unwrap();
        format!("grant_type=refresh_token&refresh_token={token}")
    }

    async fn token(demo: &DemoServer, form: String) -> (StatusCode, Value) {
        let form = format!("{form}&client_id=demo-web&client_secret=demo-web-secret");
        let answer = Routes::of(demo.clone()).post("/token", form).await;
        (answer.status, answer.body)
    }

    /// RFC 6749 section 4.1.2: however late a code comes again, what came of it is revoked.
    #[tokio::test]
    async fn a_code_that_comes_again_late_ends_its_family() {
        let time = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&time);
        let (demo, _events) =
            DemoServer::built_in(move || Timestamp::from_seconds(clock.load(Ordering::Relaxed)));
        let key = KeyChoice::Fresh(Algorithm::ES256);
        demo.prepare(key).await.unwrap();
        let redeem = redeem(&issue(&demo));
        let (status, answer) = token(&demo, redeem.clone()).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        time.store(24 * 3600, Ordering::Relaxed);
        let (status, answer) = token(&demo, refresh(&answer)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let (status, _) = token(&demo, redeem).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let (status, answer) = token(&demo, refresh(&answer)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    }

    /// The same however many codes came after it.
    #[tokio::test]
    async fn a_code_that_was_forgotten_ends_its_family_all_the_same() {
        let (demo, _events) = DemoServer::built_in(|| Timestamp::from_seconds(0));
        let key = KeyChoice::Fresh(Algorithm::ES256);
        demo.prepare(key).await.unwrap();
        let code = issue(&demo);
        let (status, answer) = token(&demo, redeem(&code)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let (now, until) = (demo.now(), Timestamp::from_seconds(60));
        for n in 0..4096 {
            let other = fingerprint(&format!("code {n}"));
            demo.store().redeemed.insert(other, (), now, until);
        }
        let (status, _) = token(&demo, redeem(&code)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let (status, answer) = token(&demo, refresh(&answer)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
        let family = handle::family(&code).unwrap();
        assert_eq!(demo.store().standing(family, now, now), Standing::Revoked);
    }

    /// The name of a family, which an access token tells, makes no code that could end it.
    #[tokio::test]
    async fn a_code_that_nobody_issued_ends_no_family() {
        let (demo, _events) = DemoServer::built_in(|| Timestamp::from_seconds(0));
        let key = KeyChoice::Fresh(Algorithm::ES256);
        demo.prepare(key).await.unwrap();
        let code = issue(&demo);
        let family = handle::family(&code).unwrap();
        let forged = format!("{family}{}", "A".repeat(32));
        for _ in 0..2 {
            let (status, answer) = token(&demo, redeem(&forged)).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
        }
        let now = demo.now();
        assert_eq!(demo.store().standing(family, now, now), Standing::Good);
        let (status, answer) = token(&demo, redeem(&code)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
}
