//! `/mcp`: a server of the Model Context Protocol with two tools, for its clients to log in to and to
//! call. It speaks the revision 2026-07-28, which has no sessions, and those since 2025-03-26, which begin
//! with `initialize`; no answer here needs an event stream.

mod message;
pub(in crate::demo) mod tool;
mod tools;
mod version;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::on;
use serde_json::{Value, json};

use crate::demo::NAME;
use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::ErrorCode;
use crate::demo::event::Entry;
use crate::demo::json_answer;
use crate::demo::mcp::message::{Failure, INVALID_REQUEST, Message};
use crate::demo::mcp::tools::ToolError;
use crate::demo::mcp::version::Era;
use crate::demo::media_type;
use crate::demo::origin;
use crate::demo::path;
use crate::demo::redact::quoted;
use crate::demo::reference::{
    Content, Field, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path,
    RequestContent, Security, Tag, field, text,
};

const SENDING: &str = "MCP 2026-07-28 Streamable HTTP section Sending Messages";
const SECURITY: &str = "MCP 2026-07-28 Streamable HTTP section Security & Endpoint";

pub(super) const CALL: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::MCP),
    handler: |method| on(method, call),
    tag: Tag::ResourceServer,
    openid: false,
    open: true,
    security: Security::Token(&["mcp:read"]),
    summary: "Call a tool of the Model Context Protocol",
    description: "Takes one message of JSON-RPC: `server/discover`, `tools/list` and `tools/call` of the revision 2026-07-28, and `initialize` and `ping` of those before it. The tool `whoami` needs the scope `mcp:read`, `write_note` needs `mcp:write`.",
    section: SENDING,
    request: RequestContent::Json(&MESSAGE),
    responses: &[
        OperationResponse::new(
            200,
            "the result, or why there is none",
            &[Content::Json(&ANSWER)],
        ),
        OperationResponse::new(202, "the notification was accepted", &[]),
        OperationResponse::new(
            400,
            "the message is malformed, or its headers say something else",
            &[
                Content::Json(&ANSWER),
                Content::Error(&[ErrorCode::InvalidRequest]),
            ],
        ),
        OperationResponse::new(404, "there is no such method", &[Content::Json(&ANSWER)]),
        OperationResponse::new(
            406,
            "the client does not accept the type of the answer",
            &[Content::Json(&ANSWER)],
        ),
        OperationResponse::new(415, "that is not JSON", &[Content::Json(&ANSWER)]),
    ],
};

const JSON_RPC: Field = field(
    "jsonrpc",
    FieldType::Word(&["2.0"]),
    "the version of JSON-RPC",
)
.required();
const ID: Field =
    field("id", FieldType::TextOrInteger, "the name of the request").example(|_| "1".to_owned());

const MESSAGE: ObjectSchema = ObjectSchema {
    name: "McpMessage",
    description: "a message of JSON-RPC, without `id` a notification",
    properties: &[
        JSON_RPC,
        ID,
        text("method", "what is to be done")
            .required()
            .example(|_| "tools/list".to_owned()),
    ],
    open: true,
};

const ANSWER: ObjectSchema = ObjectSchema {
    name: "McpAnswer",
    description: "an answer of JSON-RPC, with a `result` or an `error`",
    properties: &[JSON_RPC],
    open: true,
};

/// `GET /mcp`: there is no event stream.
pub(super) async fn nothing_to_listen_to(bearer: Bearer) -> Response {
    let mut entry = bearer.entry();
    let section = "MCP 2026-07-28 Streamable HTTP section Earlier Streamable HTTP Revisions";
    entry.remark(
        "the server sends nothing by itself: messages are posted",
        section,
    );
    let body = "{\"message\":\"messages are posted here\"}".to_owned();
    let allow = [(header::ALLOW, HeaderValue::from_static("POST"))];
    entry.with((
        allow,
        json_answer::json(StatusCode::METHOD_NOT_ALLOWED, body),
    ))
}

/// `POST /mcp`
async fn call(
    State(demo): State<DemoServer>,
    bearer: Bearer,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Challenge> {
    let entry = bearer.entry();
    if let Err(failure) = admit(&demo, &headers) {
        return Ok(failed(entry, &failure, None));
    }
    let message = match Message::read(&body) {
        Ok(message) => message,
        Err((failure, id)) => return Ok(failed(entry, &failure, id.as_ref())),
    };
    let Some(id) = &message.id else {
        return Ok(entry.with(StatusCode::ACCEPTED));
    };
    let result = Era::of(&message, &headers).and_then(|era| Ok((era, own_result(&message, era)?)));
    let (era, result) = match result {
        Ok((era, Some(result))) => (era, result),
        Ok((era, None)) => match tools::call(&demo, bearer, &message.params) {
            Ok(result) => (era, result),
            Err(ToolError::Scope(challenge)) => return Err(*challenge),
            Err(ToolError::Call(failure)) => return Ok(failed(entry, &failure, Some(id))),
        },
        Err(failure) => return Ok(failed(entry, &failure, Some(id))),
    };
    let mut result = result;
    if let (Era::Modern, Some(members)) = (era, result.as_object_mut()) {
        members.insert("resultType".to_owned(), "complete".into());
    }
    let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
    Ok(entry.with(json_answer::json(StatusCode::OK, answer.to_string())))
}

/// Checks the HTTP header lines of a message.
fn admit(demo: &DemoServer, headers: &HeaderMap) -> Result<(), Failure> {
    let refuse = |status, message: String, section| {
        Err(Failure::new(INVALID_REQUEST, message, section).with_status(status))
    };
    if let Some(origin) = origin::of_another_machine(demo, headers) {
        let message = format!("a page of {} may not call this", quoted(&origin, 80));
        return refuse(StatusCode::FORBIDDEN, message, SECURITY);
    }
    if !media_type::is(headers, "application/json") {
        let message = "a message is sent as application/json".to_owned();
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, SENDING);
    }
    let missing = ["application/json", "text/event-stream"]
        .into_iter()
        .find(|media_type| !media_type::is_accepted(headers, media_type));
    match missing {
        Some(missing) => {
            let message = format!("`Accept` has to list {missing}");
            refuse(StatusCode::NOT_ACCEPTABLE, message, SENDING)
        }
        None => Ok(()),
    }
}

/// The result of a method that does not call a tool; `None` for `tools/call`.
fn own_result(message: &Message, era: Era) -> Result<Option<Value>, Failure> {
    let server = json!({"name": NAME, "version": env!("CARGO_PKG_VERSION")});
    let capabilities = json!({"tools": {}});
    let asked = |name: &str| message.params.get(name).and_then(Value::as_str);
    let result = match (era, message.method.as_str()) {
        (_, "tools/call") => return Ok(None),
        (Era::Modern, "tools/list") => {
            json!({"tools": tools::list(), "ttlMs": 60_000, "cacheScope": "public"})
        }
        (Era::Legacy, "tools/list") => json!({"tools": tools::list()}),
        (Era::Modern, "server/discover") => json!({
            "supportedVersions": version::supported(),
            "capabilities": capabilities,
            "_meta": {"io.modelcontextprotocol/serverInfo": server},
            "ttlMs": 60_000,
            "cacheScope": "public",
        }),
        (Era::Legacy, "initialize") => json!({
            "protocolVersion": version::agreed(asked("protocolVersion")),
            "capabilities": capabilities,
            "serverInfo": server,
        }),
        (Era::Legacy, "ping") => json!({}),
        (Era::Modern, _) => {
            return Err(message.unknown_method().with_status(StatusCode::NOT_FOUND));
        }
        (Era::Legacy, _) => return Err(message.unknown_method().with_status(StatusCode::OK)),
    };
    Ok(Some(result))
}

/// An answer that has an error, which the log is told too.
fn failed(mut entry: Entry, failure: &Failure, id: Option<&Value>) -> Response {
    entry.remark(failure.message.as_str(), failure.section);
    entry.with(json_answer::json(
        failure.status,
        failure.body(id).to_string(),
    ))
}
