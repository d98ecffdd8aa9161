//! The resource server: what a token can be used for.

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use serde::Deserialize;

use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::ErrorCode;
use crate::demo::json_answer::json;
use crate::demo::media_type;
use crate::demo::pages;
use crate::demo::path;
use crate::demo::reference::{
    Content, Field, FieldType, MESSAGE, Method, ObjectSchema, Operation, OperationResponse, Path,
    RequestContent, Security, Tag, field, text,
};
use crate::demo::store::Item;
use crate::token::claims::Members;

/// The answer of a healthy server to a health check.
pub const HEALTHY: &str = "{\"status\":\"ok\"}";

/// The most characters in the name of an item.
const LONGEST_NAME: usize = 200;

pub(super) const ROOT: Operation = Operation {
    method: Method::Get,
    path: Path::Below(path::ROOT),
    handler: |method| on(method, root).layer(map_response(by_accept)),
    tag: Tag::ResourceServer,
    openid: false,
    open: true,
    security: Security::Anybody,
    summary: "Greet the world",
    description: "Answers to anybody. A browser gets the start page.",
    section: "",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "the greeting",
        &[
            Content::Json(&ObjectSchema {
                name: "World",
                description: "the whole world",
                properties: &[text("Hello", "whom")
                    .required()
                    .example(|_| "World".to_owned())],
                open: false,
            }),
            Content::Page,
        ],
    )],
};

pub(super) const HEALTH: Operation = Operation {
    method: Method::Get,
    path: Path::Below(path::HEALTH),
    handler: |method| on(method, health),
    tag: Tag::Metadata,
    openid: false,
    open: true,
    security: Security::Anybody,
    summary: "Say whether the server is up",
    description: "If it answers, the server is up: this is for health checks.",
    section: "",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "it is",
        &[Content::Json(&ObjectSchema {
            name: "Health",
            description: "how the server is",
            properties: &[text("status", "ok").required().example(|_| "ok".to_owned())],
            open: false,
        })],
    )],
};

pub(super) const PROTECTED: Operation = Operation {
    method: Method::Get,
    path: Path::Below(path::PROTECTED),
    handler: |method| on(method, protected),
    tag: Tag::ResourceServer,
    openid: false,
    open: true,
    security: Security::Token(&[]),
    summary: "Greet the subject of the token",
    description: "Answers to any access token of this server, with any scope.",
    section: "RFC 6750 section 2.1",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "the greeting",
        &[Content::Json(&ObjectSchema {
            name: "Greeting",
            description: "a greeting",
            properties: &[text("message", "with the subject of the token")
                .required()
                .example(|examples| {
                    format!("Hello, {}! This is a protected route.", examples.user)
                })],
            open: false,
        })],
    )],
};

pub(super) const ITEMS: Operation = Operation {
    method: Method::Get,
    path: Path::Below(path::ITEMS),
    handler: |method| on(method, items),
    tag: Tag::ResourceServer,
    openid: false,
    open: true,
    security: Security::Token(&["items:read"]),
    summary: "Read your items",
    description: "Gives the items of the token's subject.",
    section: "RFC 6750 section 3.1",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "the items",
        &[Content::Json(&ObjectSchema {
            name: "Items",
            description: "several items",
            properties: &[field(
                "items",
                FieldType::Each(&ITEM),
                "the items, the oldest first",
            )
            .required()],
            open: false,
        })],
    )],
};

pub(super) const ADD_ITEM: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::ITEMS),
    handler: |method| on(method, add_item),
    tag: Tag::ResourceServer,
    openid: false,
    open: true,
    security: Security::Token(&["items:write"]),
    summary: "Add an item",
    description: "Adds an item for the token's subject. The last 100 items of all users are kept.",
    section: "RFC 6750 section 3.1",
    request: RequestContent::Json(&ObjectSchema {
        name: "NewItem",
        description: "a new item",
        properties: &[NAME],
        open: false,
    }),
    responses: &[
        OperationResponse::new(201, "the item", &[Content::Json(&ITEM)]),
        OperationResponse::new(
            400,
            "the request is malformed, or that is not an item",
            &[
                Content::Json(&MESSAGE),
                Content::Error(&[ErrorCode::InvalidRequest]),
            ],
        ),
        OperationResponse::new(415, "that is not JSON", &[Content::Json(&MESSAGE)]),
    ],
};

const ITEM: ObjectSchema = ObjectSchema {
    name: "Item",
    description: "an item",
    properties: &[
        field("id", FieldType::Integer, "its number")
            .required()
            .example(|_| "1".to_owned()),
        NAME,
        text("owner", "whose it is")
            .required()
            .example(|examples| examples.user.to_owned()),
    ],
    open: false,
};

const NAME: Field = field("name", FieldType::Bounded(1, LONGEST_NAME), "what it is")
    .required()
    .example(|_| "a pen".to_owned());

/// `GET /`: a greeting for programs, and a page for browsers.
async fn root(
    State(demo): State<DemoServer>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    match media_type::wants_page(&headers) {
        true => pages::start(&demo, uri.path()).into_response(),
        false => json(StatusCode::OK, "{\"Hello\":\"World\"}".to_owned()),
    }
}

/// Says that the answer depends on `Accept` (RFC 9110 section 12.5.5).
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
async fn items(State(demo): State<DemoServer>, bearer: Bearer) -> Result<Response, Challenge> {
    let bearer = bearer.require("items:read")?;
    let owner = bearer.subject();
    let store = demo.store();
    let own = store.items.iter().filter(|item| item.owner == owner);
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
    State(demo): State<DemoServer>,
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
    if !media_type::is(&headers, "application/json") {
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
    let made = object(&demo.store().add_item(bearer.subject(), name));
    Ok(bearer.entry().with(json(StatusCode::CREATED, made)))
}

fn object(item: &Item) -> String {
    let mut members = Members::new();
    members.set("id", item.id);
    members.set_text("name", &item.name);
    members.set_text("owner", &item.owner);
    members.text()
}
