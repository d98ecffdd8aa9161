//! Given claims, and the values to use where they are missing.

use serde_json::{Map, Value};

/// A claim that is a text; the other text where it is not given.
pub(super) fn text(given: &Map<String, Value>, name: &str, usual: &str) -> String {
    given
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or(usual)
        .to_owned()
}

/// The parts before and after the last slash.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or((path, path))
}

/// An object of JSON as claims.
pub(super) fn claims(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}
