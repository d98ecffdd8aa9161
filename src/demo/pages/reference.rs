//! `/docs`: the operations of the server, made from the same rows as `/openapi.json`, with forms to
//! try them. Only trying needs scripts.

use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::routing::{MethodRouter, get};
use maud::{Markup, PreEscaped, html};

use crate::demo::base_url::BaseUrl;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::ErrorCode;
use crate::demo::grant::{self, Grant};
use crate::demo::operations::{examples, operations};
use crate::demo::pages::control_reference::control_operations;
use crate::demo::pages::{Page, wide, words};
use crate::demo::reference::{
    Content, Examples, Field, FieldType, ObjectSchema, Operation, OperationResponse,
    RequestContent, Security, Tag, documentation_url, error_example, example, form_of,
    operation_id, schemas,
};
use crate::demo::settings::Control;

/// The body of a request to try: the rest of a heading, the fields, and where to read about it.
struct RequestForm {
    name: &'static str,
    description: &'static str,
    section: &'static str,
    fields: Vec<Field>,
}

/// `GET /docs`, which is made when it is first asked for.
pub(in crate::demo) fn reference() -> MethodRouter<DemoServer> {
    let made: Arc<OnceLock<Page>> = Arc::default();
    get(async move |State(demo): State<DemoServer>| made.get_or_init(|| describe(&demo)).clone())
}

/// The page, which is the same for all.
fn describe(demo: &DemoServer) -> Page {
    let operations: Vec<_> = operations(demo).collect();
    let operations = operations.as_slice();
    let issuer = &demo.settings().issuer;
    let examples = examples(demo);
    let control = match demo.settings().control {
        Control::Off => Vec::new(),
        Control::ThisMachine | Control::Token(_) => control_operations(issuer),
    };
    let of = |tag: Tag| {
        operations
            .iter()
            .filter(move |operation| operation.tag == tag)
    };
    wide(
        "API reference",
        ".",
        Some("reference.js"),
        &html! {
            h1 { "API reference" }
            p.lead {
                "Everything that programs can ask of " code { (issuer.as_str()) } ", as it runs here. "
                "The same for tools is at " a href="./openapi.json" { "/openapi.json" } ", in OpenAPI 3.1."
            }
            nav aria-label="Operations" {
                ul.operations {
                    @for operation in operations {
                        li { a href={ "#" (operation_id(operation)) } { (heading(operation, issuer)) } }
                    }
                    @for operation in &control { li { (operation.link(issuer)) } }
                }
            }
            (authorize(demo, &examples))
            @for &tag in Tag::ALL {
                h2 id=(tag.name().replace(' ', "-")) { (capital(tag.name())) }
                p { (tag.description()) }
                @for operation in of(tag) { (section(operation, issuer, &examples)) }
            }
            h2 { "Objects" }
            p { "The objects in answers and in the bodies of requests." }
            @for schema in schemas(operations) { (object(schema)) }
            @if !control.is_empty() {
                h2 #control { "Control" }
                p {
                    "What changes the server while it runs: faults, the clock, keys, tokens of any claims, and the requests that were seen. "
                    a href="./_control" { "A page" } " has it for people, and "
                    a href="./_control/openapi.json" { "/_control/openapi.json" } ", a document of its own, describes it for tools. "
                    "From this machine it is open; from others it takes the control token. No page of another origin may use it."
                }
                @for operation in &control { (operation.section(issuer)) }
            }
        },
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

fn heading(operation: &Operation, issuer: &BaseUrl) -> Markup {
    let path = operation.path(issuer);
    let above = if operation.is_below() {
        issuer.path()
    } else {
        ""
    };
    html! { span.method { (operation.method.name()) } " " code { (above) (path) } }
}

/// The path from the folder of this page, with a slash before it.
fn way(operation: &Operation, issuer: &BaseUrl) -> String {
    let up = match operation.is_below() {
        true => 0,
        false => issuer.path().matches('/').count(),
    };
    "/..".repeat(up) + &operation.path(issuer)
}

fn authorize(demo: &DemoServer, examples: &Examples<'_>) -> Markup {
    let app = demo.client(examples.app);
    let scope = app
        .map(|client| client.scopes.join(" "))
        .unwrap_or_default();
    let hidden_input = |name: &str, label: &str, value: &str| {
        html! {
            label for={ "authorize-" (name) } { (label) }
            input id={ "authorize-" (name) } name=(name) value=(value) type="password" autocomplete="off";
        }
    };
    let input = |form: &str, name: &str, label: &str, value: &str| {
        html! {
            label for={ "authorize-" (form) "-" (name) } { (label) }
            input id={ "authorize-" (form) "-" (name) } name=(name) value=(value)
                autocomplete="off" autocapitalize="none" spellcheck="false";
        }
    };
    html! {
        section #authorize aria-labelledby="authorize-title" hidden {
            h2 #authorize-title { "Authorize" }
            p { "Requests that need a token are sent with this one. It is kept in this page, and gone when you leave." }
            p #authorized role="status" { "There is no token yet." }
            button #forget .quiet type="button" hidden { "Forget the token" }
            div.columns {
                form data-grant="password" {
                    h3 { "With a password" }
                    (input("password", "username", "Name", examples.user))
                    (hidden_input("password", "Password", examples.password))
                    (input("password", "scope", "Scope", &scope))
                    button type="submit" { "Get a token" }
                    div.results {}
                }
                form data-grant="client_credentials" {
                    h3 { "As a client" }
                    (input("client", "client_id", "Client", examples.service))
                    (hidden_input("client_secret", "Secret", examples.secret))
                    (input("client", "scope", "Scope", ""))
                    button type="submit" { "Get a token for the client" }
                    div.results {}
                }
                form data-grant="" {
                    h3 { "With a token of yours" }
                    (input("pasted", "token", "Access token", ""))
                    button type="submit" { "Use this token" }
                    div.results {}
                }
            }
        }
    }
}

fn section(operation: &'static Operation, issuer: &BaseUrl, examples: &Examples<'_>) -> Markup {
    let id = operation_id(operation);
    html! {
        section.operation id=(id) aria-labelledby={ (id) "-title" } {
            h3 id={ (id) "-title" } { (heading(operation, issuer)) }
            p { strong { (operation.summary) } ". " (words(operation.description)) " " (read(operation.section)) }
            p { "Who may call: " (security(operation.security)) }
            (body(operation, examples))
            (tries(operation, issuer, examples))
            (answers(operation, examples))
        }
    }
}

/// Where it is specified.
fn read(section: &str) -> Markup {
    html! {
        @if let Some(url) = documentation_url(section) {
            "(" a href=(url) rel="noreferrer" { (section) } ")"
        }
    }
}

fn security(security: Security) -> Markup {
    html! {
        @match security {
            Security::Anybody => "anybody",
            Security::Token([]) => "whoever has an access token",
            Security::Token(scopes) => {
                "whoever has an access token with the scope "
                @for scope in scopes { code { (scope) } }
            },
            Security::RegistrationToken => "a client that has registered itself, with its registration access token",
            Security::Client => "a client, which says who it is in the form or by HTTP Basic; with its secret, if it has one",
            Security::ClientWithSecret => "a client that has a secret, and sends it in the form or by HTTP Basic",
            Security::ByGrant => "a client, which says who it is in the form or by HTTP Basic; with its secret, if it has one; with the password grant, also a request that names no client",
        }
    }
}

/// The forms of an operation: one, or one for each grant.
fn forms(operation: &Operation) -> Vec<RequestForm> {
    match operation.request {
        RequestContent::Nothing | RequestContent::Json(_) => Vec::new(),
        RequestContent::Query(_) | RequestContent::Form(_) => vec![RequestForm {
            name: "",
            description: "",
            section: "",
            fields: form_of(operation),
        }],
        RequestContent::Grant => grant::GRANTS.iter().map(of_grant).collect(),
    }
}

fn of_grant(grant: &'static Grant) -> RequestForm {
    RequestForm {
        name: grant.name,
        description: grant.description,
        section: grant.section,
        fields: grant.form(),
    }
}

fn body(operation: &Operation, examples: &Examples<'_>) -> Markup {
    let what = match operation.request {
        RequestContent::Query(_) => "Query",
        _ => "RequestForm",
    };
    html! {
        @if let RequestContent::Json(schema) = operation.request {
            p { "Body: JSON, " (link(schema)) }
            (json(&example(schema.properties, examples).to_string(), "The body"))
        }
        @for form in forms(operation) {
            (fields(&html! {
                @if form.name.is_empty() { (what) }
                @else { "RequestForm of " code { (form.name) } ": " (words(form.description)) " " (read(form.section)) }
            }, &form.fields))
        }
    }
}

fn fields(caption: &Markup, fields: &[Field]) -> Markup {
    html! {
        table.claims {
            caption { (caption) }
            thead { tr { th scope="col" { "Name" } th scope="col" { "Value" } th scope="col" { "What it is" } } }
            tbody {
                @for field in fields {
                    tr {
                        th scope="row" { code { (field.name) } }
                        td {
                            @if let FieldType::Each(schema) = field.of_type { "list of " (link(schema)) }
                            @else { (field.type_in_words()) }
                            @if field.required { ", required" }
                        }
                        td { (words(field.description)) }
                    }
                }
            }
        }
    }
}

fn link(schema: &ObjectSchema) -> Markup {
    html! { a href={ "#" (schema.name) } { (schema.name) } }
}

fn object(schema: &ObjectSchema) -> Markup {
    html! {
        section.operation id=(schema.name) aria-labelledby={ (schema.name) "-title" } {
            h3 id={ (schema.name) "-title" } { (schema.name) }
            p { (capital(schema.description)) "." @if schema.open { " There may be other members." } }
            (fields(&html! { "Members of " (schema.name) }, schema.properties))
        }
    }
}

fn answers(operation: &Operation, examples: &Examples<'_>) -> Markup {
    let answers = operation.all_responses();
    let statuses = answers.iter().map(|answer| answer.status.to_string());
    html! {
        details {
            summary { "Answers: " (statuses.collect::<Vec<_>>().join(", ")) }
            table.claims {
                thead { tr { th scope="col" { "Status" } th scope="col" { "When" } th scope="col" { "Body" } } }
                tbody {
                    @for answer in answers {
                        tr {
                            th scope="row" { (answer.status) }
                            td {
                                (capital(answer.description))
                                @if let Some((name, description)) = answer.header {
                                    "; " code { (name) } " says " (description)
                                }
                                @for code in codes(&answer) {
                                    br; code { (code.code()) } " " (code.description())
                                }
                            }
                            td { (contents(&answer, examples)) }
                        }
                    }
                }
            }
        }
    }
}

fn codes(answer: &OperationResponse) -> impl Iterator<Item = &'static ErrorCode> {
    answer.contents.iter().flat_map(|content| match content {
        Content::Error(codes) => *codes,
        Content::Json(_) | Content::Page => &[],
    })
}

fn contents(answer: &OperationResponse, examples: &Examples<'_>) -> Markup {
    html! {
        @for (index, body) in answer.contents.iter().enumerate() {
            @if index > 0 { ", or " }
            @match body {
                Content::Json(schema) => (link(schema)),
                Content::Error(_) => a href="#Error" { "Error" },
                Content::Page => "a page",
            }
        }
        @if answer.contents.is_empty() { "none" }
        @if let Some(example) = first_example(answer, examples) {
            details {
                summary { "Example" }
                (json(&example, "An example of the answer"))
            }
        }
    }
}

fn first_example(answer: &OperationResponse, examples: &Examples<'_>) -> Option<String> {
    let value = answer.contents.iter().find_map(|content| match content {
        Content::Json(schema) => Some(example(schema.properties, examples)),
        Content::Error(codes) => Some(error_example(codes)),
        Content::Page => None,
    })?;
    serde_json::to_string_pretty(&value).ok()
}

fn json(text: &str, label: &str) -> Markup {
    html! { pre tabindex="0" role="group" aria-label=(label) { (text) } }
}

/// The forms that try an operation: for pages, forms that open them; for others, forms for the
/// script, which are hidden until it is loaded.
fn tries(operation: &Operation, issuer: &BaseUrl, examples: &Examples<'_>) -> Markup {
    let way = way(operation, issuer);
    let gives_a_page = operation.responses.iter().all(|answer| {
        answer
            .contents
            .iter()
            .all(|body| !matches!(body, Content::Json(_)))
    }) && operation
        .responses
        .iter()
        .flat_map(|answer| answer.contents)
        .any(|content| matches!(content, Content::Page));
    let id = operation_id(operation);
    html! {
        @if gives_a_page {
            @for form in forms(operation) {
                details {
                    summary { "Try it" }
                    form method=(operation.method.name()) action={ "." (way) } target="_blank" rel="noopener" {
                        p.note { "This opens a page of its own." }
                        (inputs(&id, &form, examples))
                        button type="submit" { "Open it" }
                    }
                }
            }
        } @else if let RequestContent::Json(schema) = operation.request {
            (attempt(operation, &way, "json", "Try it", &html! {
                label for={ (id) "-json" } { "Body" }
                textarea id={ (id) "-json" } name="json" rows="3" spellcheck="false" { (example(schema.properties, examples)) }
            }))
        } @else if matches!(operation.request, RequestContent::Nothing) {
            (attempt(operation, &way, "", "Try it", &PreEscaped(String::new())))
        } @else {
            // A request that is read or deleted has no body.
            @let takes = if matches!(operation.request, RequestContent::Query(_)) { "query" } else { "form" };
            @for form in forms(operation) {
                @let title = match form.name { "" => "Try it".to_owned(), name => format!("Try it: {name}") };
                (attempt(operation, &way, takes, &title, &inputs(&id, &form, examples)))
            }
        }
    }
}

fn attempt(operation: &Operation, way: &str, takes: &str, title: &str, inputs: &Markup) -> Markup {
    let token = matches!(
        operation.security,
        Security::Token(_) | Security::RegistrationToken
    );
    html! {
        details.attempt hidden {
            summary { (title) }
            form data-method=(operation.method.name()) data-way=(way) data-takes=(takes) data-token[token] {
                @if token { p.note.with { "This is sent without a token: authorize first, or see how it is refused." } }
                (inputs)
                button type="submit" { "Send" }
                div.results {}
            }
        }
    }
}

fn inputs(operation: &str, form: &RequestForm, examples: &Examples<'_>) -> Markup {
    html! {
        @for field in &form.fields {
            @let id = [operation, form.name, field.name].join("-");
            @let value = field.example_text(examples).unwrap_or_default();
            label for=(id) { code { (field.name) } @if field.required { " (required)" } }
            @match field.of_type {
                FieldType::Word(words) => select id=(id) name=(field.name) {
                    @if !field.required { option value="" { "none" } }
                    @for word in words { option value=(word) selected[*word == value] { (word) } }
                },
                _ => input id=(id) name=(field.name) value=(value) autocomplete="off" autocapitalize="none" spellcheck="false"
                    type=(if field.name == "password" { "password" } else { "text" });
            }
        }
    }
}
