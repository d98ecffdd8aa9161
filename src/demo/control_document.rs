//! The description of the control for programs: an OpenAPI document, which `/docs` shows to people.

use serde_json::{Map, Value, json};

use crate::demo::base_url::BaseUrl;

const TEXT: &str = include_str!("control_openapi.json");

/// The document for the server of an issuer.
pub(super) fn control_document(issuer: &BaseUrl) -> Map<String, Value> {
    // A test reads it.
    let mut document: Map<String, Value> = serde_json::from_str(TEXT).unwrap_or_default();
    let server = issuer.join("");
    document.insert("servers".to_owned(), json!([{ "url": server }]));
    document
}
