//! The reference for programs: OpenAPI 3.1 of what runs.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::on;
use serde_json::{Value, json};
use utoipa::openapi::external_docs::ExternalDocs;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, OneOfBuilder};
use utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes,
    SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Content, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Required,
    ResponseBuilder, Schema, Server, Type,
};

use crate::demo::error::ErrorCode;
use crate::demo::grant;
use crate::demo::metadata;
use crate::demo::reference::field::{Field, Shape, example, object, text};
use crate::demo::reference::known::Known;
use crate::demo::reference::operation::{
    Answer, Body, Caller, ERROR, Method, Operation, Part, Place, Takes,
};
use crate::demo::reference::{form_of, id, operations, shapes, specified};
use crate::demo::scope::meaning;
use crate::demo::service::Demo;

/// The names of the security schemes.
const OAUTH: &str = "oauth";
const BEARER: &str = "bearer";
const CLIENT: &str = "client";

pub(in crate::demo) const OPENAPI: Operation = Operation {
    method: Method::Get,
    place: Place::Below("/openapi.json"),
    handler: |method| on(method, openapi),
    part: Part::Metadata,
    openid: false,
    open: true,
    caller: Caller::Anybody,
    title: "Describe all operations",
    about: "This reference for programs, in OpenAPI 3.1.",
    section: "",
    takes: Takes::Nothing,
    answers: &[Answer::new(
        200,
        "the description",
        &[Body::Json(&Shape {
            name: "OpenAPI",
            about: "an OpenAPI document",
            members: &[text("openapi", "the version")
                .required()
                .such_as(|_| "3.1.0".to_owned())],
            open: true,
        })],
    )],
};

async fn openapi(State(demo): State<Demo>) -> Response {
    metadata::sent(Some(demo.openapi()))
}

/// The document, as it is sent.
pub(in crate::demo) fn json(demo: &Demo) -> Bytes {
    let text = document(demo).to_json();
    // What the builders make can be written.
    text.unwrap_or_default().into()
}

fn document(demo: &Demo) -> OpenApi {
    let settings = demo.settings();
    let info = InfoBuilder::new()
        .title("jott serve-demo")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "An OAuth 2.0 and OpenID Connect server to try clients against, and an API to call with its tokens.",
        ))
        .build();
    let known = Known::of(demo);
    let mut paths = Paths::new();
    for operation in operations(demo) {
        add(&mut paths, demo, operation, &known);
    }
    let servers = [Some(&settings.issuer), settings.public_url.as_ref()];
    let servers = servers.into_iter().flatten();
    let tags = Part::ALL.iter().map(|part| {
        TagBuilder::new()
            .name(part.name())
            .description(Some(part.about()))
            .build()
    });
    OpenApiBuilder::new()
        .info(info)
        .servers(Some(servers.map(|url| Server::new(url.join("")))))
        .tags(Some(tags))
        .paths(paths)
        .components(Some(components(demo)))
        .build()
}

fn components(demo: &Demo) -> utoipa::openapi::Components {
    let start = ComponentsBuilder::new();
    let components = shapes(demo).into_iter().fold(start, |components, shape| {
        components.schema(shape.name, shape.schema())
    });
    let endpoint = |path: &str| demo.settings().issuer.join(path);
    let all = || scopes(metadata::scopes(demo.settings(), demo.has_openid()));
    let flows = [
        Flow::AuthorizationCode(AuthorizationCode::new(
            demo.settings().pages().join("/authorize"),
            endpoint("/token"),
            all(),
        )),
        Flow::Password(Password::new(endpoint("/token"), all())),
        Flow::ClientCredentials(ClientCredentials::new(endpoint("/token"), all())),
    ];
    let oauth = OAuth2::with_description(flows, "An access token of this server.");
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token, from wherever."))
        .build();
    let client = Http::builder()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("The id and the secret of a client."))
        .build();
    components
        .security_scheme(OAUTH, SecurityScheme::OAuth2(oauth))
        .security_scheme(BEARER, SecurityScheme::Http(bearer))
        .security_scheme(CLIENT, SecurityScheme::Http(client))
        .build()
}

fn scopes(names: Vec<String>) -> Scopes {
    let pairs = names.into_iter().map(|name| {
        let meaning = meaning(&name).to_owned();
        (name, meaning)
    });
    pairs.collect()
}

fn add(paths: &mut Paths, demo: &Demo, operation: &Operation, known: &Known<'_>) {
    let issuer = &demo.settings().issuer;
    let path = operation.path(issuer);
    let mut said = OperationBuilder::new()
        .tag(operation.part.name())
        .summary(Some(operation.title))
        .description(Some(operation.about))
        .operation_id(Some(id(operation)))
        .securities(Some(requirements(operation.caller)));
    if let Takes::Query(fields) = operation.takes {
        said = said.parameters(Some(fields.iter().map(|field| {
            ParameterBuilder::new()
                .name(field.name)
                .parameter_in(ParameterIn::Query)
                .required(match field.required {
                    true => Required::True,
                    false => Required::False,
                })
                .description(Some(field.about))
                .schema(Some(field.schema()))
                .example(field.example(known))
                .build()
        })));
    }
    if let Some(body) = request_body(operation, known) {
        said = said.request_body(Some(body));
    }
    for answer in operation.all_answers() {
        said = said.response(answer.status.to_string(), response(&answer, known));
    }
    let mut said = said.build();
    said.external_docs = specified(operation.section).map(|url| {
        ExternalDocs::builder()
            .url(url)
            .description(Some(operation.section))
            .build()
    });
    let mut item = PathItem::new(operation.method.in_document(), said);
    if !operation.is_below() {
        item.servers = Some(vec![Server::new(issuer.origin())]);
    }
    match paths.paths.get_mut(&path) {
        Some(there) => there.merge_operations(item),
        None => drop(paths.paths.insert(path, item)),
    }
}

fn requirements(caller: Caller) -> Vec<SecurityRequirement> {
    let none = [""; 0];
    match caller {
        Caller::Anybody => Vec::new(),
        Caller::Token(scopes) => vec![
            SecurityRequirement::new(OAUTH, scopes.iter().copied()),
            SecurityRequirement::new(BEARER, none),
        ],
        // What is not in the header is in the form.
        Caller::Client | Caller::ClientWithSecret | Caller::ByGrant => vec![
            SecurityRequirement::new(CLIENT, none),
            SecurityRequirement::default(),
        ],
    }
}

fn request_body(operation: &Operation, known: &Known<'_>) -> Option<RequestBody> {
    let (content_type, content) = match operation.takes {
        Takes::Nothing | Takes::Query(_) => return None,
        Takes::Json(shape) => {
            let content = ContentBuilder::new()
                .schema(Some(shape.reference()))
                .example(Some(example(shape.members, known)));
            ("application/json", content.build())
        }
        Takes::Form(_) => {
            let fields = form_of(operation);
            let content = ContentBuilder::new()
                .schema(Some(object(&fields)))
                .example(Some(example(&fields, known)));
            (FORM, content.build())
        }
        Takes::Grant => (FORM, grants(known)),
    };
    let body = RequestBodyBuilder::new().content(content_type, content);
    Some(body.required(Some(Required::True)).build())
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The form of each grant.
fn grants(known: &Known<'_>) -> Content {
    let forms = || grant::GRANTS.iter().map(|grant| (grant, grant.form()));
    let schema = forms().fold(OneOfBuilder::new(), |schema, (grant, form)| {
        let form = object(&form).title(Some(grant.name));
        schema.item(form.description(Some(grant.about)))
    });
    let examples = forms().map(|(grant, form): (_, Vec<Field>)| {
        let example = utoipa::openapi::example::ExampleBuilder::new()
            .summary(grant.about)
            .value(Some(example(&form, known)));
        (grant.name, example.build())
    });
    ContentBuilder::new()
        .schema(Some(schema))
        .examples_from_iter(examples)
        .build()
}

fn response(answer: &Answer, known: &Known<'_>) -> utoipa::openapi::Response {
    let mut response = ResponseBuilder::new().description(answer.about);
    let json = answer.bodies.iter().filter_map(|body| match body {
        Body::Json(shape) => Some((shape.reference(), example(shape.members, known))),
        Body::Error(codes) => Some((ERROR.reference(), error_example(codes))),
        Body::Page => None,
    });
    let mut json: Vec<_> = json.collect();
    let first = json.first().map(|(_, example)| example.clone());
    let schema: Option<RefOr<Schema>> = match json.len() {
        0 => None,
        1 => json.pop().map(|(reference, _)| reference.into()),
        _ => {
            let one_of = json
                .into_iter()
                .fold(OneOfBuilder::new(), |one_of, (reference, _)| {
                    one_of.item(reference)
                });
            Some(one_of.into())
        }
    };
    if schema.is_some() {
        let content = ContentBuilder::new().schema(schema).example(first);
        response = response.content("application/json", content.build());
    }
    if answer.bodies.iter().any(|body| matches!(body, Body::Page)) {
        let page = ObjectBuilder::new().schema_type(Type::String);
        response = response.content(
            "text/html; charset=utf-8",
            ContentBuilder::new().schema(Some(page)).build(),
        );
    }
    if let Some((name, about)) = answer.header {
        let header = HeaderBuilder::new().description(Some(about));
        response = response.header(name, header.build());
    }
    response.build()
}

/// An error that an answer may be.
pub(in crate::demo) fn error_example(codes: &[ErrorCode]) -> Value {
    let code = codes.first().copied().unwrap_or(ErrorCode::InvalidRequest);
    json!({"error": code.code(), "error_description": code.description()})
}
