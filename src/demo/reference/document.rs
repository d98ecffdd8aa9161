//! The reference for programs: OpenAPI 3.1 of what runs.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::demo::NAME;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::ErrorCode;
use crate::demo::grant;
use crate::demo::path;
use crate::demo::reference::examples::Examples;
use crate::demo::reference::field::{Field, example, object};
use crate::demo::reference::openapi::{
    self, Components, Example, ExternalDocs, Flow, Header, Info, Map, MediaType, OpenApi,
    Parameter, PathItem, RequestBody, Response as ResponseObject, Schema, SecurityScheme, Server,
};
use crate::demo::reference::operation::{
    Content, ERROR, Operation, OperationResponse, RequestContent, Security, Tag,
};
use crate::demo::reference::{documentation_url, form_of, operation_id, schemas};
use crate::demo::scope::{meaning, supported};

/// The names of the security schemes.
const OAUTH: &str = "oauth";
const BEARER: &str = "bearer";
const CLIENT: &str = "client";

/// The document, as it is sent.
pub(in crate::demo) fn json(
    demo: &DemoServer,
    examples: &Examples<'_>,
    operations: &[&'static Operation],
) -> Bytes {
    let text = serde_json::to_vec(&document(demo, examples, operations));
    // Serializing these types cannot fail.
    text.unwrap_or_default().into()
}

fn document(
    demo: &DemoServer,
    examples: &Examples<'_>,
    operations: &[&'static Operation],
) -> OpenApi {
    let settings = demo.settings();
    let mut paths = Map::default();
    for operation in operations {
        add(&mut paths, demo, operation, examples);
    }
    let servers = [Some(&settings.issuer), settings.public_url.as_ref()];
    let servers = servers.into_iter().flatten();
    OpenApi {
        openapi: "3.1.0",
        info: Info {
            title: NAME,
            version: env!("CARGO_PKG_VERSION"),
            description: "An OAuth 2.0 and OpenID Connect server to try clients against, and an API to call with its tokens.",
        },
        servers: servers.map(|url| Server { url: url.join("") }).collect(),
        tags: Tag::ALL
            .iter()
            .map(|tag| openapi::Tag {
                name: tag.name(),
                description: tag.description(),
            })
            .collect(),
        paths,
        components: components(demo, operations),
    }
}

fn components(demo: &DemoServer, operations: &[&'static Operation]) -> Components {
    let endpoint = |path: &str| demo.settings().issuer.join(path);
    let scopes = || {
        let names = supported(demo.settings(), demo.has_openid());
        let pairs = names.into_iter().map(|name| {
            let meaning = meaning(&name).to_owned();
            (name, meaning)
        });
        pairs.collect()
    };
    let flow = |authorization_url| Flow {
        authorization_url,
        token_url: endpoint(path::TOKEN),
        scopes: scopes(),
    };
    let authorize = demo.settings().pages().join(path::AUTHORIZE);
    let oauth = SecurityScheme::OAuth2 {
        description: "An access token of this server.",
        flows: Map::from_iter([
            ("authorizationCode", flow(Some(authorize))),
            ("password", flow(None)),
            ("clientCredentials", flow(None)),
        ]),
    };
    let bearer = SecurityScheme::Http {
        scheme: "bearer",
        bearer_format: Some("JWT"),
        description: "An access token from any source.",
    };
    let client = SecurityScheme::Http {
        scheme: "basic",
        bearer_format: None,
        description: "The id and the secret of a client.",
    };
    let schemas = schemas(operations).into_iter();
    Components {
        schemas: schemas
            .map(|schema| (schema.name, schema.schema()))
            .collect(),
        security_schemes: Map::from_iter([(OAUTH, oauth), (BEARER, bearer), (CLIENT, client)]),
    }
}

fn add(
    paths: &mut Map<PathItem>,
    demo: &DemoServer,
    operation: &Operation,
    examples: &Examples<'_>,
) {
    let issuer = &demo.settings().issuer;
    let path = operation.path(issuer);
    let method = operation.method.name().to_ascii_lowercase();
    let described = described(operation, examples);
    match paths.0.iter_mut().find(|(there, _)| *there == path) {
        Some((_, item)) => item.operations.0.push((method, described)),
        None => paths.0.push((
            path,
            PathItem {
                servers: (!operation.is_below()).then(|| {
                    [Server {
                        url: issuer.origin().to_owned(),
                    }]
                }),
                operations: Map::from_iter([(method, described)]),
            },
        )),
    }
}

fn described(operation: &Operation, examples: &Examples<'_>) -> openapi::Operation {
    let parameters = match operation.request {
        RequestContent::Query(fields) => fields,
        _ => &[],
    };
    let answers = operation.all_responses().into_iter();
    openapi::Operation {
        tags: [operation.tag.name()],
        summary: operation.summary,
        description: operation.description,
        id: operation_id(operation),
        external_docs: documentation_url(operation.section).map(|url| ExternalDocs {
            url,
            description: operation.section,
        }),
        parameters: parameters
            .iter()
            .map(|field| Parameter {
                name: field.name,
                location: "query",
                description: field.description,
                required: field.required,
                schema: field.schema(),
                example: field.example_value(examples),
            })
            .collect(),
        request_body: request_body(operation, examples),
        responses: answers
            .map(|answer| (answer.status.to_string(), response(&answer, examples)))
            .collect(),
        security: requirements(operation.security),
    }
}

fn requirements(security: Security) -> Vec<Map<&'static [&'static str]>> {
    let none: &[&str] = &[];
    match security {
        Security::Anybody => Vec::new(),
        Security::RegistrationToken => vec![Map::from_iter([(BEARER, none)])],
        Security::Token(scopes) => vec![
            Map::from_iter([(OAUTH, scopes)]),
            Map::from_iter([(BEARER, none)]),
        ],
        // A client that does not use the header uses the form.
        Security::Client | Security::ClientWithSecret | Security::ByGrant => {
            vec![Map::from_iter([(CLIENT, none)]), Map::default()]
        }
    }
}

fn request_body(operation: &Operation, examples: &Examples<'_>) -> Option<RequestBody> {
    let (content_type, content) = match operation.request {
        RequestContent::Nothing | RequestContent::Query(_) => return None,
        RequestContent::Json(schema) => (
            "application/json",
            media_type(
                schema.reference(),
                Some(example(schema.properties, examples)),
            ),
        ),
        RequestContent::Form(_) => {
            let fields = form_of(operation);
            (
                FORM,
                media_type(object(&fields), Some(example(&fields, examples))),
            )
        }
        RequestContent::Grant => (FORM, grants(examples)),
    };
    Some(RequestBody {
        content: Map::from_iter([(content_type, content)]),
        required: true,
    })
}

const FORM: &str = "application/x-www-form-urlencoded";

fn media_type(schema: Schema, example: Option<Value>) -> MediaType {
    MediaType {
        schema,
        example,
        examples: Map::default(),
    }
}

/// The form of each grant.
fn grants(examples: &Examples<'_>) -> MediaType {
    let forms = || grant::GRANTS.iter().map(|grant| (grant, grant.form()));
    let schemas = forms().map(|(grant, form)| Schema {
        title: Some(grant.name),
        description: Some(grant.description),
        ..object(&form)
    });
    let examples = forms().map(|(grant, form): (_, Vec<Field>)| {
        let example = Example {
            summary: grant.description,
            value: example(&form, examples),
        };
        (grant.name, example)
    });
    MediaType {
        examples: examples.collect(),
        ..media_type(Schema::one_of(schemas), None)
    }
}

fn response(answer: &OperationResponse, examples: &Examples<'_>) -> ResponseObject {
    let json = answer.contents.iter().filter_map(|content| match content {
        Content::Json(schema) => Some((schema.reference(), example(schema.properties, examples))),
        Content::Error(codes) => Some((ERROR.reference(), error_example(codes))),
        Content::Page => None,
    });
    let (mut schemas, mut examples): (Vec<Schema>, Vec<Value>) = json.unzip();
    let mut content = Map::default();
    if let Some(last) = schemas.pop() {
        let schema = match schemas.is_empty() {
            true => last,
            false => Schema::one_of(schemas.into_iter().chain([last])),
        };
        let first = examples.swap_remove(0);
        content.0.push((
            "application/json".to_owned(),
            media_type(schema, Some(first)),
        ));
    }
    if answer
        .contents
        .iter()
        .any(|content| matches!(content, Content::Page))
    {
        content.0.push((
            "text/html; charset=utf-8".to_owned(),
            media_type(Schema::of("string"), None),
        ));
    }
    let header = answer.header.map(|(name, description)| {
        let schema = Schema::of("string");
        (
            name,
            Header {
                schema,
                description,
            },
        )
    });
    ResponseObject {
        description: answer.description,
        headers: header.into_iter().collect(),
        content,
    }
}

/// An example of an error.
pub(in crate::demo) fn error_example(codes: &[ErrorCode]) -> Value {
    let code = codes.first().copied().unwrap_or(ErrorCode::InvalidRequest);
    json!({"error": code.code(), "error_description": code.description()})
}
