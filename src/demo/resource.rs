//! The resource server: what a token is good for.

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use serde::Deserialize;

use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::error::ErrorCode;
use crate::demo::json_answer::json;
use crate::demo::pages;
use crate::demo::reference::{
    Answer, Body, Caller, Field, Kind, MESSAGE, Method, Operation, Part, Place, Shape, Takes,
    field, text,
};
use crate::demo::service::Demo;
use crate::demo::state::Item;
use crate::token::claims::Members;

/// What a server that is up answers to who asks for its health.
pub const HEALTHY: &str = "{\"status\":\"ok\"}";

/// So many items are kept, over all users.
const MOST_ITEMS: usize = 100;
/// An item has a name of so many characters at most.
const LONGEST_NAME: usize = 200;

pub(super) const ROOT: Operation = Operation {
    method: Method::Get,
    place: Place::Below("/"),
    handler: |method| on(method, root).layer(map_response(by_accept)),
    part: Part::ResourceServer,
    openid: false,
    open: true,
    caller: Caller::Anybody,
    title: "Greet the world",
    about: "Answers to anybody. A browser gets the start page.",
    section: "",
    takes: Takes::Nothing,
    answers: &[Answer::new(
        200,
        "the greeting",
        &[
            Body::Json(&Shape {
                name: "World",
                about: "the whole world",
                members: &[text("Hello", "whom")
                    .required()
                    .such_as(|_| "World".to_owned())],
                open: false,
            }),
            Body::Page,
        ],
    )],
};

pub(super) const HEALTH: Operation = Operation {
    method: Method::Get,
    place: Place::Below("/healthz"),
    handler: |method| on(method, health),
    part: Part::Metadata,
    openid: false,
    open: true,
    caller: Caller::Anybody,
    title: "Say whether the server is up",
    about: "What answers is up. `jott serve-demo --check URL` asks this.",
    section: "",
    takes: Takes::Nothing,
    answers: &[Answer::new(
        200,
        "it is",
        &[Body::Json(&Shape {
            name: "Health",
            about: "how the server is",
            members: &[text("status", "ok").required().such_as(|_| "ok".to_owned())],
            open: false,
        })],
    )],
};

pub(super) const PROTECTED: Operation = Operation {
    method: Method::Get,
    place: Place::Below("/protected"),
    handler: |method| on(method, protected),
    part: Part::ResourceServer,
    openid: false,
    open: true,
    caller: Caller::Token(&[]),
    title: "Greet whom the token is about",
    about: "Answers to whoever brings an access token of this server, whatever its scope.",
    section: "RFC 6750 section 2.1",
    takes: Takes::Nothing,
    answers: &[Answer::new(
        200,
        "the greeting",
        &[Body::Json(&Shape {
            name: "Greeting",
            about: "a greeting",
            members: &[text("message", "with the subject of the token")
                .required()
                .such_as(|known| format!("Hello, {}! This is a protected route.", known.user))],
            open: false,
        })],
    )],
};

pub(super) const ITEMS: Operation = Operation {
    method: Method::Get,
    place: Place::Below("/items"),
    handler: |method| on(method, items),
    part: Part::ResourceServer,
    openid: false,
    open: true,
    caller: Caller::Token(&["items:read"]),
    title: "Read your items",
    about: "Gives the items of whom the token is about.",
    section: "RFC 6750 section 3.1",
    takes: Takes::Nothing,
    answers: &[Answer::new(
        200,
        "the items",
        &[Body::Json(&Shape {
            name: "Items",
            about: "several items",
            members: &[field("items", Kind::Each(&ITEM), "the items, the oldest first").required()],
            open: false,
        })],
    )],
};

pub(super) const ADD_ITEM: Operation = Operation {
    method: Method::Post,
    place: Place::Below("/items"),
    handler: |method| on(method, add_item),
    part: Part::ResourceServer,
    openid: false,
    open: true,
    caller: Caller::Token(&["items:write"]),
    title: "Add an item",
    about: "Adds an item of whom the token is about. The last 100 of all are kept.",
    section: "RFC 6750 section 3.1",
    takes: Takes::Json(&Shape {
        name: "NewItem",
        about: "an item to be",
        members: &[NAME],
        open: false,
    }),
    answers: &[
        Answer::new(201, "the item", &[Body::Json(&ITEM)]),
        Answer::new(
            400,
            "the request is malformed, or that is no item",
            &[
                Body::Json(&MESSAGE),
                Body::Error(&[ErrorCode::InvalidRequest]),
            ],
        ),
        Answer::new(415, "that is not JSON", &[Body::Json(&MESSAGE)]),
    ],
};

const ITEM: Shape = Shape {
    name: "Item",
    about: "an item",
    members: &[
        field("id", Kind::Integer, "its number")
            .required()
            .such_as(|_| "1".to_owned()),
        NAME,
        text("owner", "whose it is")
            .required()
            .such_as(|known| known.user.to_owned()),
    ],
    open: false,
};

const NAME: Field = field("name", Kind::Bounded(1, LONGEST_NAME), "what it is")
    .required()
    .such_as(|_| "a pen".to_owned());

/// `GET /`: for programs what the seed says, for browsers a page.
async fn root(
    State(demo): State<Demo>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    match accept.is_some_and(|accept| accept.contains("text/html")) {
        true => pages::start(&demo, uri.path()).into_response(),
        false => json(StatusCode::OK, "{\"Hello\":\"World\"}".to_owned()),
    }
}

/// Says that the answer depends on what the client would like (RFC 9110 section 12.5.5).
async fn by_accept(mut response: Response) -> Response {
    let accept = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, accept);
    response
}

/// `GET /healthz`
async fn health() -> Response {
    json(StatusCode::OK, HEALTHY.to_owned())
}

/// `GET /protected`
async fn protected(bearer: Bearer) -> Response {
    let mut body = Members::new();
    let greeting = format!("Hello, {}! This is a protected route.", bearer.subject());
    body.set_text("message", &greeting);
    bearer.entry().with(json(StatusCode::OK, body.text()))
}

/// `GET /items`
async fn items(State(demo): State<Demo>, bearer: Bearer) -> Result<Response, Challenge> {
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
async fn add_item(
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
    members.set("id", item.id);
    members.set_text("name", &item.name);
    members.set_text("owner", &item.owner);
    members.text()
}
