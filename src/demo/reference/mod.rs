//! The operations of the server, each described once: what it takes and gives. The router,
//! `/openapi.json` and `/docs` are made from that.

mod document;
mod examples;
mod field;
mod openapi;
mod operation;

pub(super) use document::{error_example, json};
pub(super) use examples::Examples;
pub(super) use field::{Field, FieldType, ObjectSchema, example, field, text};
pub(super) use operation::{
    CLIENT_ID, CLIENT_SECRET, Content, MESSAGE, Method, Operation, OperationResponse, Path,
    RequestContent, Security, Tag,
};

/// The schemas of all that operations take and give, none twice.
pub(super) fn schemas(operations: &[&'static Operation]) -> Vec<&'static ObjectSchema> {
    let mut schemas: Vec<&'static ObjectSchema> = Vec::new();
    for schema in operations.iter().flat_map(|operation| operation.schemas()) {
        if schemas.iter().all(|known| known.name != schema.name) {
            schemas.push(schema);
        }
    }
    schemas
}

/// A name for an operation, for generated clients and for a page.
pub(super) fn operation_id(operation: &Operation) -> String {
    let (path, part) = match operation.path {
        Path::Below("/") => ("root", ""),
        Path::Below(path) => (path, ""),
        Path::WellKnown(name, part) => (name, part),
    };
    let words = [path, part]
        .into_iter()
        .flat_map(|path| path.split(|c: char| !c.is_ascii_alphanumeric()));
    let words = words.filter(|word| !word.is_empty() && *word != "json");
    let method = operation.method.name().to_ascii_lowercase();
    words.fold(method, |id, word| format!("{id}_{word}"))
}

/// The fields of a form: its own, and those of the client.
pub(super) fn form_of(operation: &Operation) -> Vec<Field> {
    let own = match operation.request {
        RequestContent::Form(fields) | RequestContent::Query(fields) => fields,
        RequestContent::Nothing | RequestContent::Json(_) | RequestContent::Grant => &[],
    };
    [&operation.client_fields(), own].concat()
}

/// Where a section can be read: of an RFC, or of one of OpenID's specifications.
pub(super) fn documentation_url(section: &str) -> Option<String> {
    let (title, number) = section.split_once(" section ").unwrap_or((section, ""));
    if let Some(rfc) = title.strip_prefix("RFC ") {
        return Some(format!(
            "https://www.rfc-editor.org/rfc/rfc{rfc}#section-{number}"
        ));
    }
    let name = title
        .strip_prefix("OpenID Connect ")?
        .strip_suffix(" 1.0")?;
    let name = match name {
        "RP-Initiated Logout" => "rpinitiated".to_owned(),
        name => name.to_ascii_lowercase(),
    };
    Some(format!(
        "https://openid.net/specs/openid-connect-{name}-1_0.html"
    ))
}
