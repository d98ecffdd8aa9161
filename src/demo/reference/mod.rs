//! What the server can be asked, said once: each operation says of itself what it takes and gives,
//! and the router, `/openapi.json` and `/docs` are made of that.

mod document;
mod field;
mod known;
mod openapi;
mod operation;

use crate::demo::router::OPERATIONS;
use crate::demo::service::Demo;

pub(super) use document::{OPENAPI, error_example, json};
pub(super) use field::{Field, Kind, Shape, example, field, text};
pub(super) use known::Known;
pub(super) use operation::{
    Answer, Body, CLIENT_ID, CLIENT_SECRET, Caller, MESSAGE, Method, Operation, Part, Place, Takes,
};

/// The operations of a server.
pub(super) fn operations(demo: &Demo) -> impl Iterator<Item = &'static Operation> {
    let openid = demo.has_openid();
    OPERATIONS
        .iter()
        .filter(move |operation| openid || !operation.openid)
}

/// The shapes of all that operations take and give, none twice.
pub(super) fn shapes(demo: &Demo) -> Vec<&'static Shape> {
    let mut shapes: Vec<&'static Shape> = Vec::new();
    for shape in operations(demo).flat_map(Operation::shapes) {
        if shapes.iter().all(|known| known.name != shape.name) {
            shapes.push(shape);
        }
    }
    shapes
}

/// A name that generated clients can have for an operation, and a page.
pub(super) fn id(operation: &Operation) -> String {
    let (path, part) = match operation.place {
        Place::Below("/") => ("root", ""),
        Place::Below(path) => (path, ""),
        Place::WellKnown(name, part) => (name, part),
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
    let own = match operation.takes {
        Takes::Form(fields) | Takes::Query(fields) => fields,
        Takes::Nothing | Takes::Json(_) | Takes::Grant => &[],
    };
    [&operation.client_fields(), own].concat()
}

/// Where a section can be read: of an RFC, or of one of OpenID's specifications.
pub(super) fn specified(section: &str) -> Option<String> {
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
