//! The protocol revision of a request. With 2026-07-28, every message names it, and headers repeat
//! it; earlier revisions name it once, in `initialize`.

use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::demo::mcp::message::{
    Failure, HEADER_MISMATCH, INVALID_PARAMS, Message, UNSUPPORTED_VERSION,
};
use crate::demo::redact::quoted;

/// The revision without sessions.
pub(super) const NEWEST: &str = "2026-07-28";
/// Those that begin with `initialize`, the newest first.
const BEFORE: &[&str] = &["2025-11-25", "2025-06-18", "2025-03-26"];

const HEADERS: &str = "MCP 2026-07-28 Streamable HTTP section Server Validation";
const VERSIONS: &str = "MCP 2026-07-28 Versioning section Protocol Version Negotiation";

/// How a request is to be answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// By the revision 2026-07-28.
    Modern,
    /// By one before it.
    Legacy,
}

impl Era {
    /// Finds the revision of a request, and compares its headers with its body.
    pub(super) fn of(message: &Message, headers: &HeaderMap) -> Result<Era, Failure> {
        let header = text(headers, "mcp-protocol-version");
        let meta = message.params.get("_meta");
        let member = |name: &str| meta.and_then(|meta| meta.get(name));
        let version = member("io.modelcontextprotocol/protocolVersion").and_then(Value::as_str);
        if version.is_none() && header != Some(NEWEST) {
            return match header {
                Some(other) if !BEFORE.contains(&other) => Err(unsupported(other)),
                _ => Ok(Era::Legacy),
            };
        }
        same("MCP-Protocol-Version", header, version.unwrap_or_default())?;
        match version {
            Some(NEWEST) => {}
            other => return Err(unsupported(other.unwrap_or_default())),
        }
        same("Mcp-Method", text(headers, "mcp-method"), &message.method)?;
        if message.method == "tools/call" {
            let name = message.params.get("name").and_then(Value::as_str);
            let header = text(headers, "mcp-name").and_then(decoded);
            same("Mcp-Name", header.as_deref(), name.unwrap_or_default())?;
        }
        let capabilities = member("io.modelcontextprotocol/clientCapabilities");
        if !capabilities.is_some_and(Value::is_object) {
            let message = "`_meta` has no io.modelcontextprotocol/clientCapabilities";
            let section = "MCP 2026-07-28 Overview section _meta";
            return Err(Failure::new(INVALID_PARAMS, message, section));
        }
        Ok(Era::Modern)
    }
}

/// All revisions, the newest first.
pub(super) fn supported() -> Vec<&'static str> {
    [NEWEST].into_iter().chain(BEFORE.iter().copied()).collect()
}

/// The revision that `initialize` agrees on: the one that the client asks for, or the newest with
/// that handshake.
pub(super) fn agreed(asked: Option<&str>) -> &'static str {
    let found = BEFORE.iter().find(|version| Some(**version) == asked);
    found.or(BEFORE.first()).copied().unwrap_or_default()
}

fn unsupported(version: &str) -> Failure {
    let message = format!("there is no revision {}", quoted(version, 40));
    let data = json!({"supported": supported(), "requested": version});
    Failure {
        data: Some(data),
        ..Failure::new(UNSUPPORTED_VERSION, message, VERSIONS)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    headers.get(HeaderName::from_static(name))?.to_str().ok()
}

fn same(name: &str, header: Option<&str>, body: &str) -> Result<(), Failure> {
    let reason = match header {
        Some(header) if header == body => return Ok(()),
        Some(header) => format!(
            "{name} is {}, but the body has another value",
            quoted(header, 40)
        ),
        None => format!("{name} is missing, or cannot be read"),
    };
    Err(Failure::new(HEADER_MISMATCH, reason, HEADERS))
}

/// The value of a header that had to be encoded in base64 (section Value Encoding).
fn decoded(value: &str) -> Option<String> {
    let encoded = value
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="));
    match encoded {
        None => Some(value.to_owned()),
        Some(encoded) => String::from_utf8(STANDARD.decode(encoded).ok()?).ok(),
    }
}
