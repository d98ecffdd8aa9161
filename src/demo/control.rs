//! `/_control`: faults, the clock, keys, tokens and the requests seen, for testing a client.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, routing};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::demo::client_document;
use crate::demo::control_document::control_document;
use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::event::Entry;
use crate::demo::fault::{Active, Fault, Rule, RuleError};
use crate::demo::json_answer;
use crate::demo::media_type;
use crate::demo::mint::mint;
use crate::demo::pages;
use crate::demo::parameters::Parameters;
use crate::demo::path::CONTROL;
use crate::demo::requests_seen::Filter;
use crate::text::escape;
use crate::text::time::{Span, parse_time, rfc3339};

/// The longest wait for a request.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The routes below the issuer.
pub(super) fn routes() -> Router<DemoServer> {
    let at = |path: &str| format!("{CONTROL}{path}");
    Router::new()
        .route(CONTROL, get(overview))
        .route(&at("/openapi.json"), get(openapi))
        .route(&at("/faults"), faults())
        .route(&at("/clock"), get(clock).post(set_clock))
        .route(&at("/keys"), get(keys).post(rotate))
        .route(&at("/tokens"), post(tokens))
        .route(&at("/client-metadata"), documents())
        .route(&at("/requests"), get(requests).delete(forget_requests))
        .route(&at("/reset"), post(reset))
}

fn faults() -> MethodRouter<DemoServer> {
    routing::get(list_faults)
        .post(add_fault)
        .delete(remove_faults)
}

fn documents() -> MethodRouter<DemoServer> {
    routing::get(list_documents)
        .post(add_document)
        .delete(remove_documents)
}

/// `GET /_control/openapi.json`
async fn openapi(State(demo): State<DemoServer>) -> Response {
    let document = control_document(&demo.settings().issuer);
    said(StatusCode::OK, &Value::Object(document))
}

/// `GET /_control`: the page for a browser, or where things are.
async fn overview(State(demo): State<DemoServer>, headers: HeaderMap) -> Response {
    let mut response = match media_type::wants_page(&headers) {
        true => pages::control(&demo).into_response(),
        false => paths(),
    };
    let accept = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, accept);
    response
}

fn paths() -> Response {
    let below = [
        "faults",
        "clock",
        "keys",
        "tokens",
        "client-metadata",
        "requests",
        "reset",
        "openapi.json",
    ];
    let paths: Vec<String> = below
        .iter()
        .map(|name| format!("{CONTROL}/{name}"))
        .collect();
    said(StatusCode::OK, &json!({ "control": paths }))
}

/// `GET /_control/faults`: those that there are, and those that are on.
async fn list_faults(State(demo): State<DemoServer>) -> Response {
    let all = Fault::ALL.iter().map(|fault| {
        let names = |endpoints: &[Endpoint]| -> Value {
            endpoints.iter().map(|endpoint| endpoint.name()).collect()
        };
        json!({
            "name": fault.name(),
            "argument": fault.argument().placeholder(),
            "about": fault.about(),
            "section": fault.section(),
            "check": fault.check(),
            "acts_at": names(fault.usual_endpoints()),
            "can_act_at": names(fault.endpoints()),
        })
    });
    let all: Value = all.collect();
    said(
        StatusCode::OK,
        &json!({ "faults": all, "active": active(&demo) }),
    )
}

fn active(demo: &DemoServer) -> Value {
    demo.faults().all().iter().map(shown).collect()
}

/// A fault that is on, as it was asked for, with its number and how often it has acted.
fn shown(active: &Active) -> Value {
    let mut members = Map::new();
    members.insert("id".to_owned(), active.id.into());
    members.extend(active.rule.json());
    members.insert("acted".to_owned(), active.acted.into());
    Value::Object(members)
}

/// `POST /_control/faults`: switches one on, or each of a list.
async fn add_fault(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let result = read(&headers, &body).and_then(|value| match value {
        Value::Array(rules) => {
            let rules: Result<Vec<Rule>, RuleError> = rules.into_iter().map(Rule::read).collect();
            let rules = rules.map_err(|error| malformed(error.to_string()))?;
            let added: Option<Vec<Value>> = rules
                .into_iter()
                .map(|rule| demo.faults().add(rule).as_ref().map(shown))
                .collect();
            added.map(Value::Array).ok_or_else(too_many)
        }
        rule => {
            let rule = Rule::read(rule).map_err(|error| malformed(error.to_string()))?;
            let added = demo.faults().add(rule).ok_or_else(too_many)?;
            Ok(shown(&added))
        }
    });
    answer(StatusCode::CREATED, result)
}

/// `DELETE /_control/faults`: switches all off, or those that the body or the query means.
async fn remove_faults(
    State(demo): State<DemoServer>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Response {
    let wanted = match body.is_empty() {
        false => read(&headers, &body),
        true => parameters(&uri, &["id", "fault", "endpoint", "client", "user"]).map(Value::Object),
    };
    let result = wanted.and_then(|wanted| {
        let Value::Object(wanted) = wanted else {
            return Err(malformed("that is not an object".to_owned()));
        };
        let known = ["id", "fault", "endpoint", "client", "user"];
        if let Some(other) = wanted.keys().find(|key| !known.contains(&key.as_str())) {
            let other = escape::shorten(other, 40);
            let message = format!(
                "`{other}` does not select a fault; known: {}",
                known.join(", ")
            );
            return Err(malformed(message));
        }
        let is_meant = |active: &Active| {
            let Value::Object(own) = shown(active) else {
                return false;
            };
            let text = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            wanted.iter().all(|(name, value)| {
                let same = own.get(name).is_some_and(|own| text(own) == text(value));
                same || (name == "fault" && text(value) == active.rule.fault.name())
            })
        };
        let removed = demo.faults().remove(is_meant);
        Ok(json!({ "removed": removed, "active": active(&demo) }))
    });
    answer(StatusCode::OK, result)
}

/// `GET /_control/clock`
async fn clock(State(demo): State<DemoServer>) -> Response {
    said(StatusCode::OK, &time(&demo))
}

fn time(demo: &DemoServer) -> Value {
    let now = demo.now();
    json!({ "now": rfc3339(now), "unix": now.seconds(), "frozen": demo.clock().is_frozen() })
}

/// `POST /_control/clock`: `{"freeze":TIME}`, `{"advance":DUR}` or `{"reset":true}`.
async fn set_clock(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let result = read(&headers, &body).and_then(|value| {
        let form = "the clock takes {\"freeze\":TIME}, {\"advance\":DUR} or {\"reset\":true}";
        let Value::Object(members) = value else {
            return Err(malformed(form.to_owned()));
        };
        let mut members = members.into_iter();
        let (Some((name, value)), None) = (members.next(), members.next()) else {
            return Err(malformed(form.to_owned()));
        };
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let wrong = |error: crate::text::time::TimeError| malformed(error.message);
        match (name.as_str(), value) {
            ("freeze", Value::Bool(true)) => demo.clock().freeze(demo.now()),
            ("freeze", _) => demo
                .clock()
                .freeze(parse_time(&text, demo.now()).map_err(wrong)?),
            ("advance", Value::Number(number)) if number.is_u64() => {
                let seconds = number.as_u64().unwrap_or_default();
                demo.clock().advance(Span::from_seconds(seconds));
            }
            ("advance", _) => demo.clock().advance(Span::parse(&text).map_err(wrong)?),
            ("reset", Value::Bool(true)) => demo.clock().reset(),
            _ => return Err(malformed(form.to_owned())),
        }
        Ok(time(&demo))
    });
    answer(StatusCode::OK, result)
}

/// `GET /_control/keys`: the names of the keys, the signing key first.
async fn keys(State(demo): State<DemoServer>) -> Response {
    said(StatusCode::OK, &key_names(&demo).await)
}

async fn key_names(demo: &DemoServer) -> Value {
    let keys = demo.keys().await;
    let names = keys.names(demo.now());
    json!({ "signing": names.first(), "published": names })
}

/// `POST /_control/keys`: `{"rotate":"graceful"}` or `{"rotate":"emergency"}`.
async fn rotate(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let order = read(&headers, &body).and_then(|value| {
        let form = "the keys take {\"rotate\":\"graceful\"} or {\"rotate\":\"emergency\"}";
        let members = value.as_object().filter(|members| members.len() == 1);
        match members
            .and_then(|members| members.get("rotate"))
            .and_then(Value::as_str)
        {
            Some("graceful") => Ok(false),
            Some("emergency") => Ok(true),
            _ => Err(malformed(form.to_owned())),
        }
    });
    let result = match order {
        Ok(_) if !demo.has_openid() => Err((
            StatusCode::CONFLICT,
            "tokens are signed with a secret, which would have to be given to others".to_owned(),
        )),
        Ok(emergency) => match demo.rotate(emergency).await {
            Ok(()) => Ok(key_names(&demo).await),
            Err(fault) => Err((StatusCode::INTERNAL_SERVER_ERROR, fault.message)),
        },
        Err(problem) => Err(problem),
    };
    answer(StatusCode::OK, result)
}

/// `POST /_control/tokens`: a token with any claims.
async fn tokens(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let keys = demo.keys().await;
    let order = read(&headers, &body);
    let result = order.and_then(|order| mint(&demo, &keys, order).map_err(malformed));
    answer(StatusCode::CREATED, result)
}

/// `GET /_control/client-metadata`: the URLs of the documents, without those that the server was started
/// with.
async fn list_documents(State(demo): State<DemoServer>) -> Response {
    let [given, fetched] = demo.registered().documents(demo.now());
    said(
        StatusCode::OK,
        &json!({ "given": given, "fetched": fetched }),
    )
}

/// `POST /_control/client-metadata`: a Client ID Metadata Document, whose `client_id` is its URL.
async fn add_document(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let result = read(&headers, &body).and_then(|_| {
        let added = client_document::add(&demo, &body);
        let url = added.map_err(malformed)?;
        Ok(json!({ "client_id": url }))
    });
    answer(StatusCode::CREATED, result)
}

/// `DELETE /_control/client-metadata`: removes all documents, or that of a `client_id`.
async fn remove_documents(State(demo): State<DemoServer>, uri: Uri) -> Response {
    let result = parameters(&uri, &["client_id"]).map(|wanted| {
        let url = wanted.get("client_id").and_then(Value::as_str);
        json!({ "removed": demo.registered().forget_documents(url, demo.now()) })
    });
    answer(StatusCode::OK, result)
}

/// `GET /_control/requests`, with `endpoint`, `client` and `after` to select requests, and `count` and `wait`
/// to wait for a number of them.
async fn requests(State(demo): State<DemoServer>, uri: Uri) -> Response {
    let wanted =
        parameters(&uri, &["endpoint", "client", "after", "count", "wait"]).and_then(|wanted| {
            let text = |name: &str| wanted.get(name).and_then(Value::as_str);
            let number = |name: &str| match text(name) {
                None => Ok(None),
                Some(text) => text
                    .parse::<u64>()
                    .map(Some)
                    .map_err(|_| malformed(format!("`{name}` is a number"))),
            };
            let endpoint = match text("endpoint") {
                None => None,
                Some(name) => Some(Endpoint::parse(name).ok_or_else(|| {
                    let names: Vec<&str> = Endpoint::ALL.iter().map(|one| one.name()).collect();
                    malformed(format!("`endpoint` is one of {}", names.join(", ")))
                })?),
            };
            let wait = match text("wait") {
                None => Duration::ZERO,
                Some(text) => {
                    let span = Span::parse(text).or_else(|error| {
                        let seconds = text.parse().map(Span::from_seconds);
                        seconds.map_err(|_| error)
                    });
                    Duration::from_secs(span.map_err(|error| malformed(error.message))?.seconds())
                }
            };
            let filter = Filter {
                endpoint,
                client: text("client").map(str::to_owned),
                after: number("after")?.unwrap_or_default(),
            };
            let count = number("count")?.unwrap_or(1);
            Ok((
                filter,
                usize::try_from(count).unwrap_or(usize::MAX),
                wait.min(LONGEST_WAIT),
            ))
        });
    let (filter, count, wait) = match wanted {
        Ok(wanted) => wanted,
        Err(problem) => return answer(StatusCode::OK, Err(problem)),
    };
    let seen = demo.requests();
    let found = match wait.is_zero() {
        true => seen.found(&filter),
        false => match timeout(wait, seen.wait(&filter, count)).await {
            Ok(found) => found,
            Err(_) => seen.found(&filter),
        },
    };
    said(
        StatusCode::OK,
        &json!({ "count": found.len(), "requests": found }),
    )
}

/// `DELETE /_control/requests`
async fn forget_requests(State(demo): State<DemoServer>) -> Response {
    demo.requests().clear();
    said(StatusCode::OK, &json!({ "count": 0, "requests": [] }))
}

/// `POST /_control/reset`: everything as it was at the start.
async fn reset(State(demo): State<DemoServer>) -> Response {
    demo.reset();
    said(
        StatusCode::OK,
        &json!({ "reset": true, "active": active(&demo) }),
    )
}

/// Why a request is refused: a status, and a sentence.
type Problem = (StatusCode, String);

fn malformed(message: String) -> Problem {
    (StatusCode::BAD_REQUEST, message)
}

fn too_many() -> Problem {
    let message = "there are too many faults: 10000 can be on at once";
    (StatusCode::CONFLICT, message.to_owned())
}

/// Reads a body that has to be JSON: a form of another origin never is.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<Value, Problem> {
    if !media_type::is(headers, "application/json") {
        let message = "the control takes application/json".to_owned();
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    serde_json::from_slice(body).map_err(|error| malformed(format!("that is not JSON: {error}")))
}

/// The parameters of a query, each of which has to be known.
fn parameters(uri: &Uri, known: &[&str]) -> Result<Map<String, Value>, Problem> {
    let text = uri.query().unwrap_or_default();
    let query =
        Parameters::parse(text.as_bytes()).map_err(|refusal| malformed(refusal.remark.text))?;
    let mut wanted = Map::new();
    for (name, value) in query.iter() {
        if !known.contains(&name) || wanted.contains_key(name) {
            let name = escape::shorten(name, 40);
            let message = format!(
                "`{name}` is unknown, or given twice; known: {}",
                known.join(", ")
            );
            return Err(malformed(message));
        }
        wanted.insert(name.to_owned(), value.into());
    }
    Ok(wanted)
}

fn said(status: StatusCode, value: &Value) -> Response {
    json_answer::json(status, value.to_string())
}

fn answer(status: StatusCode, result: Result<Value, Problem>) -> Response {
    match result {
        Ok(value) => said(status, &value),
        Err((status, message)) => {
            let mut entry = Entry::default();
            entry.remark(message.as_str(), "RFC 9110 section 15.5");
            entry.with(said(status, &json!({ "message": message })))
        }
    }
}
