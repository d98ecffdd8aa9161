//! Google's Security Token Service, as its libraries call it for credentials of the type `external_account`
//! (cloud.google.com, "Method: token" and "Method: projects.serviceAccounts.generateAccessToken").

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use crate::demo::bearer::{Audience, judge};
use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Entry;
use crate::demo::federation::requests::refused;
use crate::demo::federation::subject;
use crate::demo::json_answer::json;
use crate::demo::path;
use crate::demo::redact::quoted;
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::tokens::{Contents, TokenAnswer, make};
use crate::oauth::grant_type::TOKEN_EXCHANGE;
use crate::oauth::token_type::{ACCESS_TOKEN, ID_TOKEN, JWT};
use crate::text::time::{Span, Timestamp, rfc3339};
use crate::token::claims::Members;
use crate::token::json::JsonText;

const SECTION: &str = "RFC 8693 section 2.1";

/// The longest lifetime of a token of a service account, which is also the default.
const HOUR: u64 = 3600;

/// `POST /sts/v1/token`: a token for that of a workload, without any authentication of a client.
pub(super) async fn exchange(request: FormRequest) -> Response {
    request
        .respond(SECTION, |form| {
            let answer = exchanged(&form)?;
            for fault in &answer.faults {
                form.entry.fault(*fault);
            }
            Ok(json(StatusCode::OK, answer.json()))
        })
        .await
}

fn exchanged(form: &ClientForm<'_>) -> Result<TokenAnswer, OAuthError> {
    let parameters = &form.parameters;
    let one_of = |name: &str, known: &[&str]| {
        let given = parameters.require(name, SECTION)?;
        match known.contains(&given) {
            true => Ok(()),
            false => Err(OAuthError::request(
                format!(
                    "`{name}` is {}; supported: {}",
                    quoted(given, 80),
                    known.join(", ")
                ),
                SECTION,
            )),
        }
    };
    one_of("grant_type", &[TOKEN_EXCHANGE])?;
    one_of("subject_token_type", &[JWT, ID_TOKEN])?;
    one_of("requested_token_type", &[ACCESS_TOKEN])?;
    let audience = parameters.require("audience", SECTION)?;
    let token = parameters.require("subject_token", SECTION)?;
    let demo = form.demo;
    let issuer = &demo.settings().issuer;
    // A provider accepts tokens for itself, under its name with a scheme.
    let mut audiences = vec![
        audience.to_owned(),
        format!("https:{audience}"),
        issuer.as_str().to_owned(),
        issuer.join(path::STS_TOKEN),
    ];
    audiences.extend(subject::audiences(demo));
    let (sub, _) = subject::subject(demo, form.keys, token, &audiences, ErrorCode::InvalidGrant)?;
    let client = subject::client(demo)?;
    // The scopes are those of a cloud, not of a client.
    let asked: Vec<String> = parameters
        .get("scope")
        .unwrap_or_default()
        .split_ascii_whitespace()
        .map(str::to_owned)
        .collect();
    let scope = Scope::resolve(parameters.get("scope"), &asked)?;
    let family = random()?;
    let contents = Contents {
        subject: Some(&sub),
        ..Contents::of_client(&client, &scope, &[], &family)
    };
    let answer = make(demo, form.keys, &contents, demo.now())?;
    Ok(answer.with("issued_token_type", JsonText::of_text(ACCESS_TOKEN)))
}

/// `POST …/serviceAccounts/ACCOUNT:generateAccessToken`: a token of a service account, in exchange for a
/// valid token.
pub(super) async fn impersonate(
    State(demo): State<DemoServer>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(account) = account.strip_suffix(":generateAccessToken") else {
        return refused(
            StatusCode::NOT_FOUND,
            "only `:generateAccessToken` of a service account is supported",
        );
    };
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = given else {
        return refused(StatusCode::UNAUTHORIZED, "there is no access token");
    };
    let keys = demo.keys().await;
    if let Err(refusal) = judge(&demo, &keys, token.trim_ascii(), Audience::Any) {
        return refused(StatusCode::UNAUTHORIZED, &refusal.remark.text);
    }
    let order: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some((scope, lifetime)) = order_of(&order) else {
        return refused(
            StatusCode::BAD_REQUEST,
            "`scope` is a list of texts, and `lifetime` like 3600s, of an hour at most",
        );
    };
    let now = demo.now();
    let until = now.saturating_add(lifetime);
    let made = || {
        let client = subject::client(&demo)?;
        let joined = scope.join(" ");
        let resolved = Scope::resolve(Some(joined.as_str()), &scope)?;
        let family = random()?;
        let contents = Contents {
            subject: Some(account),
            until: Some(until),
            ..Contents::of_client(&client, &resolved, &[], &family)
        };
        make(&demo, &keys, &contents, now)
    };
    match made() {
        Err(refusal) => refused(StatusCode::BAD_REQUEST, &refusal.remark.text),
        Ok(answer) => generated(&answer, now),
    }
}

/// The scopes and the lifetime that are asked for.
fn order_of(order: &Value) -> Option<(Vec<String>, Span)> {
    let scope = order.get("scope")?.as_array()?;
    let words = scope.iter().map(|one| one.as_str().map(str::to_owned));
    let words: Vec<String> = words.collect::<Option<_>>()?;
    let seconds = match order.get("lifetime") {
        None => HOUR,
        Some(text) => text.as_str()?.strip_suffix('s')?.parse().ok()?,
    };
    let is_allowed = (1..=HOUR).contains(&seconds) && !words.is_empty();
    is_allowed.then(|| (words, Span::from_seconds(seconds)))
}

/// The answer, by the names that this API has.
fn generated(answer: &TokenAnswer, now: Timestamp) -> Response {
    let mut entry = Entry::default();
    for fault in &answer.faults {
        entry.fault(*fault);
    }
    let (token, lifetime) = answer.access_token();
    let expires = now.saturating_add(Span::from_seconds(lifetime));
    // The libraries do not accept fractions of a second.
    let expires = Timestamp::from_seconds(expires.seconds());
    let mut members = Members::new();
    members.set_text("accessToken", &token);
    members.set_text("expireTime", &rfc3339(expires).unwrap_or_default());
    entry.with(json(StatusCode::OK, members.text()))
}
