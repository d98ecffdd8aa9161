//! A message of JSON-RPC 2.0, one in each request, and the answers to it.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::demo::redact::quoted;

/// The codes of JSON-RPC 2.0 section 5.1, and of MCP's schema of 2026-07-28.
pub(super) const PARSE_ERROR: i64 = -32700;
pub(super) const INVALID_REQUEST: i64 = -32600;
pub(super) const METHOD_NOT_FOUND: i64 = -32601;
pub(super) const INVALID_PARAMS: i64 = -32602;
pub(super) const HEADER_MISMATCH: i64 = -32020;
pub(super) const UNSUPPORTED_VERSION: i64 = -32022;

pub(super) const JSON_RPC: &str = "JSON-RPC 2.0 section 4";

/// A request, or without an id a notification.
pub(super) struct Message {
    pub(super) id: Option<Value>,
    pub(super) method: String,
    pub(super) params: Map<String, Value>,
}

/// Why there is no result for a message.
pub(super) struct Failure {
    pub(super) status: StatusCode,
    pub(super) code: i64,
    pub(super) message: String,
    pub(super) data: Option<Value>,
    pub(super) section: &'static str,
}

impl Failure {
    /// A message that is malformed.
    pub(super) fn new(code: i64, message: impl Into<String>, section: &'static str) -> Failure {
        Failure {
            status: StatusCode::BAD_REQUEST,
            code,
            message: message.into(),
            data: None,
            section,
        }
    }

    /// With another status, where the HTTP request itself is fine.
    pub(super) fn with_status(self, status: StatusCode) -> Failure {
        Failure { status, ..self }
    }

    /// The answer to a message of an id; `null` where it has none that could be read.
    pub(super) fn body(&self, id: Option<&Value>) -> Value {
        let mut error = json!({"code": self.code, "message": self.message});
        if let (Some(data), Some(members)) = (&self.data, error.as_object_mut()) {
            members.insert("data".to_owned(), data.clone());
        }
        json!({"jsonrpc": "2.0", "id": id, "error": error})
    }
}

impl Message {
    /// Reads the body of a request. A failure comes with the id, if there is one.
    pub(super) fn read(body: &[u8]) -> Result<Message, (Failure, Option<Value>)> {
        let wrong = |message: &str| Failure::new(INVALID_REQUEST, message, JSON_RPC);
        let value = serde_json::from_slice(body).map_err(|_| {
            let failure = Failure::new(PARSE_ERROR, "the body is not JSON", JSON_RPC);
            (failure, None)
        })?;
        let Value::Object(mut members) = value else {
            return Err((wrong("a body has one message, which is an object"), None));
        };
        let id = match members.remove("id") {
            None => None,
            Some(id) if is_id(&id) => Some(id),
            Some(_) => return Err((wrong("`id` is a string or an integer"), None)),
        };
        let fail = |message: &str| (wrong(message), id.clone());
        if members.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Err(fail("`jsonrpc` is not \"2.0\""));
        }
        let method = members.remove("method");
        let Some(Value::String(method)) = method.filter(|method| method != "") else {
            return Err(fail(
                "there is no `method`: this server has asked for no response",
            ));
        };
        let params = match members.remove("params") {
            None => Map::new(),
            Some(Value::Object(params)) => params,
            Some(_) => return Err(fail("`params` is not an object")),
        };
        Ok(Message { id, method, params })
    }

    /// The failure of a method that is not there.
    pub(super) fn unknown_method(&self) -> Failure {
        let message = format!("there is no method {}", quoted(&self.method, 40));
        Failure::new(METHOD_NOT_FOUND, message, "JSON-RPC 2.0 section 5.1")
    }
}

/// The id of a request: a text, or a number without a fraction.
fn is_id(value: &Value) -> bool {
    let is_whole = |number: f64| number.fract() == 0.0;
    value.is_string() || value.is_i64() || value.is_u64() || value.as_f64().is_some_and(is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_object_of_json_rpc() {
        let read = |text: &str| Message::read(text.as_bytes());
        let request = read(r#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#);
        assert!(request.is_ok_and(|one| one.id == Some(json!("a")) && one.params.is_empty()));
        let notification = read(r#"{"jsonrpc":"2.0","method":"x","params":{"a":1}}"#);
        assert!(notification.is_ok_and(|one| one.id.is_none() && one.params["a"] == 1));
        for (text, code, id) in [
            ("", PARSE_ERROR, Value::Null),
            ("{", PARSE_ERROR, Value::Null),
            ("[]", INVALID_REQUEST, Value::Null),
            (r#"{"id":1,"method":"x"}"#, INVALID_REQUEST, json!(1)),
            (
                r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#,
                INVALID_REQUEST,
                Value::Null,
            ),
            (
                r#"{"jsonrpc":"2.0","id":2,"result":{}}"#,
                INVALID_REQUEST,
                json!(2),
            ),
            (
                r#"{"jsonrpc":"2.0","id":3,"method":"x","params":[]}"#,
                INVALID_REQUEST,
                json!(3),
            ),
        ] {
            let (failure, found) = read(text).err().unwrap();
            let body = failure.body(found.as_ref());
            assert_eq!(
                (&body["id"], &body["error"]["code"]),
                (&id, &json!(code)),
                "{text}"
            );
        }
    }
}
