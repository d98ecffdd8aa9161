//! The ID tokens that a server gives, at the log-in and at the refresh.

use std::sync::{Arc, OnceLock};

use jott::Members;
use serde_json::json;

use super::many::PLAIN;
use super::played::{Played, answer};
use super::{Home, token};
use crate::demo::signer::{Signer, now};

/// What an ID token has beside what is always right.
#[derive(Clone, Copy)]
struct Claims {
    /// In seconds from now.
    exp: i64,
    nonce: Option<&'static str>,
    issuer: Option<&'static str>,
}

const GOOD: Claims = Claims {
    exp: 600,
    nonce: None,
    issuer: None,
};

impl Claims {
    fn signed(self, signer: &Signer, issuer: &str) -> String {
        let now = now().seconds();
        let mut claims = Members::new();
        claims.set_text("iss", self.issuer.unwrap_or(issuer));
        claims.set_text("aud", "app");
        claims.set_text("sub", "alice");
        claims.set("iat", now);
        claims.set("exp", now + self.exp);
        if let Some(nonce) = self.nonce {
            claims.set_text("nonce", nonce);
        }
        signer.token(&[], &claims)
    }
}

/// A server whose first tokens are for a log-in, and whose second ones are for a refresh.
fn giving(at_log_in: Claims, at_refresh: Claims) -> Played {
    let (signer, issuer) = (Signer::new(), Arc::new(OnceLock::new()));
    let own: Arc<OnceLock<String>> = Arc::clone(&issuer);
    let played = Played::start(move |asked| {
        if asked.what == "GET /jwks" {
            return answer(200, &signer.jwks());
        }
        let (which, claims) = match asked.body.contains("refresh_token=") {
            false => ("first", at_log_in),
            true => ("second", at_refresh),
        };
        let tokens = json!({
            "access_token": which,
            "token_type": "Bearer",
            "expires_in": 600,
            "refresh_token": format!("refresh-{which}"),
            "id_token": claims.signed(&signer, own.get().unwrap()),
        });
        answer(200, &tokens.to_string())
    });
    issuer.set(played.issuer.clone()).unwrap();
    played
}

/// What is said of the ID token of a log-in; nothing of one that is taken.
fn refused(claims: Claims) -> Option<String> {
    let played = giving(claims, GOOD);
    let run = Home::new().fetch_from(&played.issuer, PLAIN).run();
    if run.status == Some(0) {
        assert_eq!(run.stdout, "first\n");
        return None;
    }
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    let head = "error: the ID token of the server is refused: nothing was kept\ncause: ";
    let (_, cause) = run.stderr.split_once(head).unwrap();
    Some(cause.replace(&played.issuer, "ISSUER"))
}

#[test]
fn the_clock_of_a_server_may_be_a_minute_off() {
    assert_eq!(refused(GOOD), None);
    assert_eq!(refused(Claims { exp: -30, ..GOOD }), None);
    let late = refused(Claims { exp: -90, ..GOOD }).unwrap();
    assert!(late.starts_with("the token expired "), "{late}");
}

#[test]
fn an_id_token_is_of_the_issuer_that_was_asked_and_of_the_log_in() {
    let other = Claims {
        issuer: Some("https://other.test"),
        ..GOOD
    };
    assert_eq!(refused(other).unwrap(), "`iss` does not match\n");
    // Nobody asked for a nonce.
    let replayed = Claims {
        nonce: Some("of-another"),
        ..GOOD
    };
    assert_eq!(
        refused(replayed).unwrap(),
        "its `nonce` is not that of the request: it is of another log-in\n"
    );
    // At the refresh it may be that of the log-in (OpenID Connect Core 1.0 section 12.2).
    let (played, home) = (giving(GOOD, replayed), Home::new());
    let fetch = || home.fetch_from(&played.issuer, PLAIN).run();
    assert_eq!(token(&fetch()), "first");
    home.expire();
    assert_eq!(token(&fetch()), "second");
}

/// The old refresh token may not be good any more.
#[test]
fn the_next_refresh_token_is_kept_although_its_id_token_is_refused() {
    let (played, home) = (giving(GOOD, Claims { exp: -600, ..GOOD }), Home::new());
    let fetch = || home.fetch_from(&played.issuer, PLAIN).run();
    assert_eq!(token(&fetch()), "first");
    home.expire();
    assert_eq!(fetch().status, Some(1));
    let kept = home.kept();
    assert_eq!(
        (&kept["access_token"], &kept["refresh_token"]),
        (&json!("first"), &json!("refresh-second"))
    );
}
