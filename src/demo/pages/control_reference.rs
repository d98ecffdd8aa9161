//! The part of `/docs` that is about the control, made of its OpenAPI document.

use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::demo::base_url::BaseUrl;
use crate::demo::control_document::control_document;
use crate::demo::pages::words;

/// Something that can be asked of the control.
pub(super) struct ControlOperation {
    id: String,
    method: String,
    path: String,
    about: Value,
}

/// All of them, by path.
pub(super) fn control_operations(issuer: &BaseUrl) -> Vec<ControlOperation> {
    let document = control_document(issuer);
    let paths = members(document.get("paths"));
    let operations = paths.into_iter().flat_map(|(path, item)| {
        let of_path = move |(method, about): (String, Value)| ControlOperation {
            id: format!("control-{}", text(&about, "operationId")),
            method: method.to_ascii_uppercase(),
            path: path.clone(),
            about,
        };
        members(Some(&item)).into_iter().map(of_path)
    });
    operations.collect()
}

fn members(value: Option<&Value>) -> Map<String, Value> {
    let members = value.and_then(Value::as_object).cloned();
    members.unwrap_or_default()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl ControlOperation {
    /// A line of the list of operations.
    pub(super) fn link(&self, issuer: &BaseUrl) -> Markup {
        html! { a href={ "#" (self.id) } { (self.heading(issuer)) } }
    }

    fn heading(&self, issuer: &BaseUrl) -> Markup {
        html! { span.method { (self.method) } " " code { (issuer.path()) (self.path) } }
    }

    /// All that is said of it, and where it is tried.
    pub(super) fn section(&self, issuer: &BaseUrl) -> Markup {
        let description = text(&self.about, "description");
        html! {
            section.operation id=(self.id) aria-labelledby={ (self.id) "-title" } {
                h3 id={ (self.id) "-title" } { (self.heading(issuer)) }
                p { strong { (text(&self.about, "summary")) } ". " (words(description)) }
                (self.query())
                (self.attempt())
                (self.answers())
            }
        }
    }

    fn query(&self) -> Markup {
        let parameters = self.about.get("parameters").and_then(Value::as_array);
        html! {
            @if let Some(parameters) = parameters {
                table.claims {
                    caption { "Query" }
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Value" } th scope="col" { "What it is" } } }
                    tbody {
                        @for parameter in parameters {
                            tr {
                                th scope="row" { code { (text(parameter, "name")) } }
                                td { (parameter.get("schema").map_or("", |schema| text(schema, "type"))) }
                                td { (words(text(parameter, "description"))) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The body of a request, as an example.
    fn body(&self) -> Option<String> {
        let example = self
            .about
            .pointer("/requestBody/content/application~1json/example")?;
        Some(example.to_string())
    }

    /// What a script sends, and is hidden until it is there.
    fn attempt(&self) -> Markup {
        let body = self.body();
        let takes = body.as_ref().map_or("", |_| "json");
        html! {
            details.attempt hidden {
                summary { "Try it" }
                form data-method=(self.method) data-way=(self.path) data-takes=(takes) {
                    @if let Some(body) = body {
                        label for={ (self.id) "-json" } { "Body" }
                        textarea id={ (self.id) "-json" } name="json" rows="3" spellcheck="false" { (body) }
                    }
                    button type="submit" { "Send" }
                    div.results {}
                }
            }
        }
    }

    fn answers(&self) -> Markup {
        let answers = members(self.about.get("responses"));
        let statuses: Vec<&str> = answers.keys().map(String::as_str).collect();
        html! {
            details {
                summary { "Answers: " (statuses.join(", ")) }
                table.claims {
                    thead { tr { th scope="col" { "Status" } th scope="col" { "When" } } }
                    tbody {
                        @for (status, answer) in &answers {
                            tr {
                                th scope="row" { (status) }
                                td { (words(text(answer, "description"))) }
                            }
                        }
                    }
                }
            }
        }
    }
}
