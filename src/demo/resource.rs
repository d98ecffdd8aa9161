//! The resource server: what a token is good for.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::json_answer::json;
use crate::demo::pages;
use crate::demo::service::Demo;
use crate::demo::state::Item;
use crate::token::claims::Members;

/// So many items are kept, over all users.
const MOST_ITEMS: usize = 100;
/// An item has a name of so many characters at most.
const LONGEST_NAME: usize = 200;

/// `GET /`: for programs what the seed says, for browsers a page.
pub(super) async fn root(State(demo): State<Demo>, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    match accept.is_some_and(|accept| accept.contains("text/html")) {
        true => pages::start(&demo).into_response(),
        false => json(StatusCode::OK, "{\"Hello\":\"World\"}".to_owned()),
    }
}

/// `GET /healthz`
pub(super) async fn health() -> Response {
    json(StatusCode::OK, "{\"status\":\"ok\"}".to_owned())
}

/// `GET /protected`
pub(super) async fn protected(bearer: Bearer) -> Response {
    let mut body = Members::new();
    let greeting = format!("Hello, {}! This is a protected route.", bearer.subject());
    body.set_text("message", &greeting);
    bearer.entry().with(json(StatusCode::OK, body.text()))
}

/// `GET /items`
pub(super) async fn items(State(demo): State<Demo>, bearer: Bearer) -> Result<Response, Challenge> {
    let bearer = bearer.require("items:read")?;
    let owner = bearer.subject();
    let state = demo.state();
    let own = state.items.iter().filter(|item| item.owner == owner);
    let items: Vec<String> = own.map(object).collect();
    let body = format!("{{\"items\":[{}]}}", items.join(","));
    Ok(bearer.entry().with(json(StatusCode::OK, body)))
}

/// What `POST /items` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewItem {
    name: String,
}

/// `POST /items`
pub(super) async fn add_item(
    State(demo): State<Demo>,
    bearer: Bearer,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Challenge> {
    let bearer = bearer.require("items:write")?;
    let problem = |status, text: &str| {
        let mut entry = bearer.entry();
        entry.remark(text, "RFC 9110 section 15.5");
        let mut members = Members::new();
        members.set_text("message", text);
        Ok(entry.with(json(status, members.text())))
    };
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        return problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "an item is sent as application/json",
        );
    }
    let item = serde_json::from_slice::<NewItem>(&body).ok();
    let length = |item: &NewItem| item.name.chars().count();
    let Some(NewItem { name }) = item.filter(|item| (1..=LONGEST_NAME).contains(&length(item)))
    else {
        return problem(
            StatusCode::BAD_REQUEST,
            "an item is an object with a name of 1 to 200 characters",
        );
    };
    let mut state = demo.state();
    state.items_made = state.items_made.saturating_add(1);
    let item = Item {
        id: state.items_made,
        owner: bearer.subject(),
        name,
    };
    let made = object(&item);
    if state.items.len() >= MOST_ITEMS {
        state.items.pop_front();
    }
    state.items.push_back(item);
    Ok(bearer.entry().with(json(StatusCode::CREATED, made)))
}

fn object(item: &Item) -> String {
    let mut members = Members::new();
    members.set("id", item.id.to_string());
    members.set_text("name", &item.name);
    members.set_text("owner", &item.owner);
    members.text()
}
