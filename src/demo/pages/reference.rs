//! `/docs`: what can be asked of the server, made of the same rows as `/openapi.json`, and where it
//! can be tried. All but the trying can be read without scripts.

use axum::extract::State;
use maud::{Markup, PreEscaped, html};

use crate::demo::base_url::BaseUrl;
use crate::demo::error::ErrorCode;
use crate::demo::grant::{self, Grant};
use crate::demo::pages::{Page, wide, words};
use crate::demo::reference::{
    Answer, Body, Caller, Field, Kind, Known, Operation, Part, Shape, Takes, error_example,
    example, form_of, id, operations, shapes, specified,
};
use crate::demo::service::Demo;

/// A body of a request, as it is tried: the rest of a heading, the fields, and where to read of it.
struct Form {
    name: &'static str,
    about: &'static str,
    section: &'static str,
    fields: Vec<Field>,
}

/// `GET /docs`
pub(in crate::demo) async fn reference(State(demo): State<Demo>) -> Page {
    demo.reference().clone()
}

/// The page, which is the same for all.
pub(in crate::demo) fn describe(demo: &Demo) -> Page {
    let issuer = &demo.settings().issuer;
    let known = Known::of(demo);
    let of = |part: Part| operations(demo).filter(move |operation| operation.part == part);
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
                    @for operation in operations(demo) {
                        li { a href={ "#" (id(operation)) } { (heading(operation, issuer)) } }
                    }
                }
            }
            (authorize(demo, &known))
            @for &part in Part::ALL {
                h2 id=(part.name().replace(' ', "-")) { (capital(part.name())) }
                p { (part.about()) }
                @for operation in of(part) { (section(operation, issuer, &known)) }
            }
            h2 { "Objects" }
            p { "What the answers are made of, and the bodies of requests." }
            @for shape in shapes(demo) { (object(shape)) }
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

fn authorize(demo: &Demo, known: &Known<'_>) -> Markup {
    let app = demo.client(known.app);
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
            p { "What asks for a token is sent with this one. It is kept in this page, and gone when you leave." }
            p #authorized role="status" { "There is no token yet." }
            button #forget .quiet type="button" hidden { "Forget the token" }
            div.columns {
                form data-grant="password" {
                    h3 { "With a password" }
                    (input("password", "username", "Name", known.user))
                    (hidden_input("password", "Password", known.password))
                    (input("password", "scope", "Scope", &scope))
                    button type="submit" { "Get a token" }
                    div.results {}
                }
                form data-grant="client_credentials" {
                    h3 { "As a client" }
                    (input("client", "client_id", "Client", known.service))
                    (hidden_input("client_secret", "Secret", known.secret))
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

fn section(operation: &'static Operation, issuer: &BaseUrl, known: &Known<'_>) -> Markup {
    let id = id(operation);
    html! {
        section.operation id=(id) aria-labelledby={ (id) "-title" } {
            h3 id={ (id) "-title" } { (heading(operation, issuer)) }
            p { strong { (operation.title) } ". " (words(operation.about)) " " (read(operation.section)) }
            p { "Who may call: " (caller(operation.caller)) }
            (body(operation, known))
            (tries(operation, issuer, known))
            (answers(operation, known))
        }
    }
}

/// Where it is specified.
fn read(section: &str) -> Markup {
    html! {
        @if let Some(url) = specified(section) {
            "(" a href=(url) rel="noreferrer" { (section) } ")"
        }
    }
}

fn caller(caller: Caller) -> Markup {
    html! {
        @match caller {
            Caller::Anybody => "anybody",
            Caller::Token([]) => "whoever has an access token",
            Caller::Token(scopes) => {
                "whoever has an access token with the scope "
                @for scope in scopes { code { (scope) } }
            },
            Caller::Client => "a client, which says who it is in the form or by HTTP Basic; with its secret, if it has one",
            Caller::ClientWithSecret => "a client that has a secret, and sends it in the form or by HTTP Basic",
            Caller::ByGrant => "a client, which says who it is in the form or by HTTP Basic; with its secret, if it has one. By a password also nobody in particular",
        }
    }
}

/// The forms of an operation: one, or one for each grant.
fn forms(operation: &Operation) -> Vec<Form> {
    match operation.takes {
        Takes::Nothing | Takes::Json(_) => Vec::new(),
        Takes::Query(_) | Takes::Form(_) => vec![Form {
            name: "",
            about: "",
            section: "",
            fields: form_of(operation),
        }],
        Takes::Grant => grant::GRANTS.iter().map(of_grant).collect(),
    }
}

fn of_grant(grant: &'static Grant) -> Form {
    Form {
        name: grant.name,
        about: grant.about,
        section: grant.section,
        fields: grant.form(),
    }
}

fn body(operation: &Operation, known: &Known<'_>) -> Markup {
    let what = match operation.takes {
        Takes::Query(_) => "Query",
        _ => "Form",
    };
    html! {
        @if let Takes::Json(shape) = operation.takes {
            p { "Body: JSON, " (link(shape)) }
            (json(&example(shape.members, known).to_string(), "The body"))
        }
        @for form in forms(operation) {
            (fields(&html! {
                @if form.name.is_empty() { (what) }
                @else { "Form of " code { (form.name) } ": " (words(form.about)) " " (read(form.section)) }
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
                            @if let Kind::Each(shape) = field.kind { "list of " (link(shape)) }
                            @else { (field.kind_in_words()) }
                            @if field.required { ", required" }
                        }
                        td { (words(field.about)) }
                    }
                }
            }
        }
    }
}

fn link(shape: &Shape) -> Markup {
    html! { a href={ "#" (shape.name) } { (shape.name) } }
}

fn object(shape: &Shape) -> Markup {
    html! {
        section.operation id=(shape.name) aria-labelledby={ (shape.name) "-title" } {
            h3 id={ (shape.name) "-title" } { (shape.name) }
            p { (capital(shape.about)) "." @if shape.open { " There may be other members." } }
            (fields(&html! { "Members of " (shape.name) }, shape.members))
        }
    }
}

fn answers(operation: &Operation, known: &Known<'_>) -> Markup {
    let answers = operation.all_answers();
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
                                (capital(answer.about))
                                @if let Some((name, about)) = answer.header {
                                    "; " code { (name) } " says " (about)
                                }
                                @for code in codes(&answer) {
                                    br; code { (code.code()) } " " (code.description())
                                }
                            }
                            td { (bodies(&answer, known)) }
                        }
                    }
                }
            }
        }
    }
}

fn codes(answer: &Answer) -> impl Iterator<Item = &'static ErrorCode> {
    answer.bodies.iter().flat_map(|body| match body {
        Body::Error(codes) => *codes,
        Body::Json(_) | Body::Page => &[],
    })
}

fn bodies(answer: &Answer, known: &Known<'_>) -> Markup {
    html! {
        @for (index, body) in answer.bodies.iter().enumerate() {
            @if index > 0 { ", or " }
            @match body {
                Body::Json(shape) => (link(shape)),
                Body::Error(_) => a href="#Error" { "Error" },
                Body::Page => "a page",
            }
        }
        @if answer.bodies.is_empty() { "none" }
        @if let Some(example) = first_example(answer, known) {
            details {
                summary { "Example" }
                (json(&example, "An example of the answer"))
            }
        }
    }
}

fn first_example(answer: &Answer, known: &Known<'_>) -> Option<String> {
    let value = answer.bodies.iter().find_map(|body| match body {
        Body::Json(shape) => Some(example(shape.members, known)),
        Body::Error(codes) => Some(error_example(codes)),
        Body::Page => None,
    })?;
    serde_json::to_string_pretty(&value).ok()
}

fn json(text: &str, label: &str) -> Markup {
    html! { pre tabindex="0" role="group" aria-label=(label) { (text) } }
}

/// What tries an operation: for those that give pages, forms that open them; else forms for the
/// script, which are hidden until it is there.
fn tries(operation: &Operation, issuer: &BaseUrl, known: &Known<'_>) -> Markup {
    let way = way(operation, issuer);
    let gives_a_page = operation.answers.iter().all(|answer| {
        answer
            .bodies
            .iter()
            .all(|body| !matches!(body, Body::Json(_)))
    }) && operation
        .answers
        .iter()
        .flat_map(|answer| answer.bodies)
        .any(|body| matches!(body, Body::Page));
    let id = id(operation);
    html! {
        @if gives_a_page {
            @for form in forms(operation) {
                details {
                    summary { "Try it" }
                    form method=(operation.method.name()) action={ "." (way) } target="_blank" rel="noopener" {
                        p.note { "This opens a page of its own." }
                        (inputs(&id, &form, known))
                        button type="submit" { "Open it" }
                    }
                }
            }
        } @else if let Takes::Json(shape) = operation.takes {
            (attempt(operation, &way, "json", "Try it", &html! {
                label for={ (id) "-json" } { "Body" }
                textarea id={ (id) "-json" } name="json" rows="3" spellcheck="false" { (example(shape.members, known)) }
            }))
        } @else if matches!(operation.takes, Takes::Nothing) {
            (attempt(operation, &way, "", "Try it", &PreEscaped(String::new())))
        } @else {
            @for form in forms(operation) {
                @let title = match form.name { "" => "Try it".to_owned(), name => format!("Try it: {name}") };
                (attempt(operation, &way, "form", &title, &inputs(&id, &form, known)))
            }
        }
    }
}

fn attempt(operation: &Operation, way: &str, takes: &str, title: &str, inputs: &Markup) -> Markup {
    let token = matches!(operation.caller, Caller::Token(_));
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

fn inputs(operation: &str, form: &Form, known: &Known<'_>) -> Markup {
    html! {
        @for field in &form.fields {
            @let id = [operation, form.name, field.name].join("-");
            @let value = field.example_text(known).unwrap_or_default();
            label for=(id) { code { (field.name) } @if field.required { " (required)" } }
            @match field.kind {
                Kind::Word(words) => select id=(id) name=(field.name) {
                    @if !field.required { option value="" { "none" } }
                    @for word in words { option value=(word) selected[*word == value] { (word) } }
                },
                _ => input id=(id) name=(field.name) value=(value) autocomplete="off" autocapitalize="none" spellcheck="false"
                    type=(if field.name == "password" { "password" } else { "text" });
            }
        }
    }
}
