//! The two tools: one tells who is asking; the other writes a note, and needs another scope.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::demo_server::DemoServer;
use crate::demo::mcp::message::{Failure, INVALID_PARAMS};
use crate::demo::mcp::tool::Tool;
use crate::demo::redact::quoted;

/// The most characters of a note.
const LONGEST_NOTE: usize = 200;

/// What `tools/list` says of them.
pub(super) fn list() -> Value {
    json!([
        {
            "name": Tool::Whoami.name(),
            "title": "Who am I",
            "description": "Tells the subject of the access token, the client that it was issued to, and its scopes.",
            "inputSchema": {"type": "object", "properties": {}, "additionalProperties": false},
            "annotations": {"readOnlyHint": true, "openWorldHint": false},
        },
        {
            "name": Tool::WriteNote.name(),
            "title": "Write a note",
            "description": "Adds a note to the items of the token's subject. It needs the scope mcp:write.",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "The note.", "minLength": 1, "maxLength": LONGEST_NOTE},
                },
                "required": ["text"],
                "additionalProperties": false,
            },
            "annotations": {"readOnlyHint": false, "destructiveHint": false, "openWorldHint": false},
        },
    ])
}

/// Why a tool gives no result.
pub(super) enum ToolError {
    /// The token lacks a scope.
    Scope(Box<Challenge>),
    /// There is no such tool.
    Call(Failure),
}

/// Calls a tool by the `params` of `tools/call`. A mistake in its arguments is reported in the
/// result, so that a model can learn from it.
pub(super) fn call(
    demo: &DemoServer,
    bearer: Bearer,
    params: &Map<String, Value>,
) -> Result<Value, ToolError> {
    let scope = |challenge: Challenge| ToolError::Scope(Box::new(challenge));
    let name = params
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let empty = Map::new();
    let arguments = match params.get("arguments") {
        None => Some(&empty),
        Some(arguments) => arguments.as_object(),
    };
    let Some(tool) = Tool::named(name) else {
        let message = format!("there is no tool {}", quoted(name, 40));
        let section = "MCP 2026-07-28 Tools section Error Handling";
        let failure = Failure::new(INVALID_PARAMS, message, section);
        return Err(ToolError::Call(failure.with_status(StatusCode::OK)));
    };
    let bearer = bearer.require(tool.scope()).map_err(scope)?;
    let bearer = bearer.at_tool(tool).map_err(scope)?;
    Ok(match tool {
        Tool::Whoami => match arguments.is_some_and(Map::is_empty) {
            true => whoami(&bearer),
            false => mistake("whoami takes no arguments"),
        },
        Tool::WriteNote => {
            let text = arguments
                .filter(|arguments| arguments.len() == 1)
                .and_then(|arguments| arguments.get("text")?.as_str())
                .filter(|text| (1..=LONGEST_NOTE).contains(&text.chars().count()));
            match text {
                Some(text) => write_note(demo, &bearer, text),
                None => {
                    mistake("write_note takes `text`, of 1 to 200 characters, and nothing else")
                }
            }
        }
    })
}

fn whoami(bearer: &Bearer) -> Value {
    let text = |claim: &str| bearer.text(claim).unwrap_or_default();
    let (subject, client, scope) = (bearer.subject(), text("client_id"), text("scope"));
    let words = format!("You are {subject}, by the client {client}, with the scopes {scope}.");
    json!({
        "content": [{"type": "text", "text": words}],
        "structuredContent": {"sub": subject, "client_id": client, "scope": scope},
        "isError": false,
    })
}

fn write_note(demo: &DemoServer, bearer: &Bearer, text: &str) -> Value {
    let id = demo.store().add_item(bearer.subject(), text.to_owned()).id;
    let words = format!("That is note {id}.");
    json!({"content": [{"type": "text", "text": words}], "structuredContent": {"id": id}, "isError": false})
}

fn mistake(words: &str) -> Value {
    json!({"content": [{"type": "text", "text": words}], "isError": true})
}
