//! Where a job asks for its tokens, with the credential that it was given for that.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

use crate::demo::demo_server::DemoServer;
use crate::demo::event::Entry;
use crate::demo::federation::identity_token::make;
use crate::demo::json_answer::json;
use crate::demo::parameters::Parameters;
use crate::demo::workload::Workload;
use crate::token::claims::Members;

/// `GET /workload/token?audience=…`, as a job of GitHub Actions asks, and any shell can.
pub(super) async fn github(
    State(demo): State<DemoServer>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let workload = match asked_by(&demo, &headers, "bearer") {
        Ok(workload) => workload,
        Err(refused) => return refused,
    };
    let query = query.unwrap_or_default();
    let asked = Parameters::parse(query.as_bytes());
    let audience = asked
        .ok()
        .and_then(|all| all.get("audience").map(str::to_owned));
    let (token, mut entry) = match made(&demo, &workload, audience).await {
        Ok(made) => made,
        Err(refused) => return refused,
    };
    let mut members = Members::new();
    members.set("count", i64::try_from(token.len()).unwrap_or_default());
    members.set_text("value", &token);
    entry.grant = Some("identity token");
    entry.with(json(StatusCode::OK, members.text()))
}

/// `POST /workload/buildkite/jobs/JOB/oidc/tokens`, as the agent of Buildkite asks.
pub(super) async fn buildkite(
    State(demo): State<DemoServer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let workload = match asked_by(&demo, &headers, "token") {
        Ok(workload) => workload,
        Err(refused) => return refused,
    };
    let order: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_asked = |name: &&&str| order.get(**name).is_some_and(|value| !is_empty(value));
    if let Some(name) = NOT_KNOWN.iter().find(is_asked) {
        let reason =
            format!("`{name}` is not known here: the configuration says what is in a token");
        return refused(StatusCode::UNPROCESSABLE_ENTITY, &reason);
    }
    let audience = order.get("audience").and_then(Value::as_str);
    let audience = audience.filter(|text| !text.is_empty()).map(str::to_owned);
    let (token, entry) = match made(&demo, &workload, audience).await {
        Ok(made) => made,
        Err(refused) => return refused,
    };
    let mut members = Members::new();
    members.set_text("token", &token);
    entry.with(json(StatusCode::OK, members.text()))
}

/// What the agent can ask for beside an audience, and gets nothing without here.
const NOT_KNOWN: &[&str] = &["lifetime", "claims", "aws_session_tags", "subject_claim"];

/// Whether a member says no more than one that is not there.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    }
}

/// The workload, if the request has the credential that it was given.
fn asked_by(demo: &DemoServer, headers: &HeaderMap, scheme: &str) -> Result<Workload, Response> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = given.and_then(|text| text.split_once(' '));
    let given = given.filter(|(own, _)| own.eq_ignore_ascii_case(scheme));
    let workload = demo.settings().workload.clone();
    let known = workload
        .filter(|workload| given.is_some_and(|(_, given)| workload.secret.is(given.trim_ascii())));
    known.ok_or_else(|| {
        refused(
            StatusCode::UNAUTHORIZED,
            "the request needs the token that the job was given for it",
        )
    })
}

/// A token for an audience, or for whom it is where nobody says it.
async fn made(
    demo: &DemoServer,
    workload: &Workload,
    audience: Option<String>,
) -> Result<(String, Entry), Response> {
    let usual = || {
        let all = workload.audiences(demo.settings().issuer.as_str());
        all.into_iter().next().unwrap_or_default()
    };
    let audience = audience.unwrap_or_else(usual);
    let keys = demo.keys().await;
    let (token, faults) = make(demo, &keys, workload, &audience, None)
        .map_err(|refusal| refused(StatusCode::INTERNAL_SERVER_ERROR, &refusal.remark.text))?;
    let mut entry = Entry::default();
    for fault in faults {
        entry.fault(fault);
    }
    Ok((token, entry))
}

pub(super) fn refused(status: StatusCode, reason: &str) -> Response {
    let mut entry = Entry::default();
    entry.remark(reason, "RFC 9110 section 15.5");
    let mut members = Members::new();
    members.set_text("message", reason);
    entry.with(json(status, members.text()))
}
