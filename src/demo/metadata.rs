//! The endpoints with the metadata and the keys of the server.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::{Map, Value, json};

use crate::demo::NAME;
use crate::demo::demo_server::DemoServer;
use crate::demo::dpop;
use crate::demo::endpoint::Endpoint;
use crate::demo::event::Entry;
use crate::demo::fault::{Fault, Stage};
use crate::demo::grant;
use crate::demo::metadata_document;
use crate::demo::path;
use crate::demo::protected::Resource;
use crate::demo::reference::{
    Content, Field, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path,
    RequestContent, Security, Tag, field, text,
};
use crate::oauth::well_known;

pub(super) const AUTHORIZATION_SERVER: Operation = Operation {
    method: Method::Get,
    path: Path::WellKnown(well_known::AUTHORIZATION_SERVER, ""),
    handler: authorization_server,
    tag: Tag::Metadata,
    openid: false,
    open: true,
    security: Security::Anybody,
    summary: "Describe the authorization server",
    description: "Clients find all endpoints here, and what can be asked of them.",
    section: "RFC 8414 section 3",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "the metadata",
        &[Content::Json(&SERVER)],
    )],
};

pub(super) const OPENID_PROVIDER: Operation = Operation {
    path: Path::Below(path::OPENID_CONFIGURATION),
    handler: openid_provider,
    openid: true,
    summary: "Describe the OpenID provider",
    description: "The same for clients of OpenID Connect, with what it adds.",
    section: "OpenID Connect Discovery 1.0 section 4",
    ..AUTHORIZATION_SERVER
};

pub(super) const RESOURCE_SERVER: Operation = Operation {
    path: Path::WellKnown(well_known::PROTECTED_RESOURCE, Resource::Whole.path()),
    handler: |method| on(method, of_resource_server),
    summary: "Describe the resource server",
    description: "Clients that were refused find here who gives tokens for it.",
    section: "RFC 9728 section 3",
    responses: &[OperationResponse::new(
        200,
        "the metadata",
        &[Content::Json(&RESOURCE)],
    )],
    ..AUTHORIZATION_SERVER
};

pub(super) const PROTECTED: Operation = Operation {
    path: Path::WellKnown(well_known::PROTECTED_RESOURCE, Resource::Protected.path()),
    handler: |method| on(method, of_protected),
    summary: "Describe what needs a token",
    description: "The same for `/protected` alone, whose challenge leads here.",
    section: "RFC 9728 section 3.1",
    ..RESOURCE_SERVER
};

pub(super) const ITEMS: Operation = Operation {
    path: Path::WellKnown(well_known::PROTECTED_RESOURCE, Resource::Items.path()),
    handler: |method| on(method, of_items),
    summary: "Describe the items",
    description: "The same for `/items` alone, whose challenge leads here.",
    ..PROTECTED
};

pub(super) const MCP: Operation = Operation {
    path: Path::WellKnown(well_known::PROTECTED_RESOURCE, Resource::Mcp.path()),
    handler: |method| on(method, of_mcp),
    summary: "Describe the tools",
    description: "The same for `/mcp` alone, whose challenge leads here.",
    ..PROTECTED
};

pub(super) const USER_INFO: Operation = Operation {
    path: Path::WellKnown(well_known::PROTECTED_RESOURCE, Resource::UserInfo.path()),
    handler: |method| on(method, of_user_info),
    openid: true,
    summary: "Describe who has logged in",
    description: "The same for `/userinfo` alone, whose challenge leads here.",
    ..PROTECTED
};

pub(super) const JWKS: Operation = Operation {
    path: Path::Below(path::JWKS),
    handler: |method| on(method, jwks),
    openid: true,
    summary: "Publish the keys",
    description: "The public keys that check the signatures of tokens. They change with each start of the server.",
    section: "RFC 7517 section 5",
    responses: &[OperationResponse::new(
        200,
        "the keys",
        &[Content::Json(&KEY_SET)],
    )],
    ..AUTHORIZATION_SERVER
};

const ISSUER: Field = text("issuer", "`iss` of all tokens")
    .required()
    .example(|examples| examples.issuer.to_owned());
const SCOPES_SUPPORTED: Field = field(
    "scopes_supported",
    FieldType::Texts,
    "what can be asked for",
)
.required()
.example(|_| "items:read items:write".to_owned());

/// RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3.
const SERVER: ObjectSchema = ObjectSchema {
    name: "AuthorizationServer",
    description: "the endpoints, and what they support; some more members have the details",
    properties: &[
        ISSUER,
        text("authorization_endpoint", "where browsers are sent")
            .required()
            .example(|examples| format!("{}/authorize", examples.issuer)),
        text("token_endpoint", "where tokens are given")
            .required()
            .example(|examples| format!("{}/token", examples.issuer)),
        text("jwks_uri", "where the keys are, if there is OpenID Connect"),
        text(
            "userinfo_endpoint",
            "who has logged in, if there is OpenID Connect",
        ),
        text("introspection_endpoint", "what is in a token"),
        text("revocation_endpoint", "the end of a token"),
        text("end_session_endpoint", "the end of a log-in"),
        SCOPES_SUPPORTED,
        field(
            "response_types_supported",
            FieldType::Texts,
            "what `/authorize` gives",
        )
        .required()
        .example(|_| "code".to_owned()),
        field(
            "grant_types_supported",
            FieldType::Texts,
            "what `/token` takes",
        )
        .required()
        .example(|_| grant::names().join(" ")),
        field(
            "code_challenge_methods_supported",
            FieldType::Texts,
            "the methods of PKCE",
        )
        .required()
        .example(|_| "S256".to_owned()),
    ],
    open: true,
};

/// RFC 9728 section 2.
const RESOURCE: ObjectSchema = ObjectSchema {
    name: "ProtectedResource",
    description: "what a resource server is, and who gives tokens for it",
    properties: &[
        text(
            "resource",
            "its own URL, which may be `aud` of the tokens for it",
        )
        .required()
        .example(|examples| examples.issuer.to_owned()),
        field(
            "authorization_servers",
            FieldType::Texts,
            "who gives tokens",
        )
        .required()
        .example(|examples| examples.issuer.to_owned()),
        field(
            "scopes_supported",
            FieldType::Texts,
            "what it asks for, if anything",
        )
        .example(|_| "items:read items:write".to_owned()),
        field(
            "bearer_methods_supported",
            FieldType::Texts,
            "how they are sent to it",
        )
        .required()
        .example(|_| "header".to_owned()),
        text("resource_name", "a name for people"),
    ],
    open: true,
};

/// RFC 7517 sections 4 and 5.
const KEY_SET: ObjectSchema = ObjectSchema {
    name: "KeySet",
    description: "a JWK Set",
    properties: &[field("keys", FieldType::Each(&KEY), "the keys").required()],
    open: false,
};

const KEY: ObjectSchema = ObjectSchema {
    name: "Key",
    description: "a public key, with the members that its kind has",
    properties: &[
        text("kty", "its kind")
            .required()
            .example(|_| "RSA".to_owned()),
        text("use", "what it is for")
            .required()
            .example(|_| "sig".to_owned()),
        text("alg", "the algorithm that it is for")
            .required()
            .example(|_| "RS256".to_owned()),
        text("kid", "its name, as in the headers of tokens")
            .required()
            .example(|_| "1".to_owned()),
    ],
    open: true,
};

/// How long a document may be kept, in seconds: keys change with each run.
const FOR_A_MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// A document that is made on the first request for it.
#[derive(Clone, Default)]
pub(super) struct Made(Arc<OnceLock<Bytes>>);

impl Made {
    pub(super) fn get(&self, make: impl FnOnce() -> Bytes) -> &Bytes {
        self.0.get_or_init(make)
    }
}

/// A document in two versions.
#[derive(Clone, Default)]
struct MadeTwice {
    without: Made,
    with: Made,
}

impl MadeTwice {
    fn get(&self, is_with: bool, make: impl FnOnce(bool) -> Bytes) -> &Bytes {
        let made = if is_with { &self.with } else { &self.without };
        made.get(|| make(is_with))
    }
}

fn authorization_server(method: MethodFilter) -> MethodRouter<DemoServer> {
    let made = MadeTwice::default();
    let handler = async move |State(demo): State<DemoServer>, headers: HeaderMap| {
        let (settings, openid) = (demo.settings(), demo.has_openid());
        let make = |takes_documents| {
            let document =
                metadata_document::authorization_server(settings, openid, takes_documents);
            bytes(document)
        };
        described(
            &demo,
            &headers,
            made.get(demo.takes_documents(), make),
            false,
        )
    };
    on(method, handler)
}

fn openid_provider(method: MethodFilter) -> MethodRouter<DemoServer> {
    let made = MadeTwice::default();
    let handler = async move |State(demo): State<DemoServer>, headers: HeaderMap| {
        let (settings, algorithm) = (demo.settings(), demo.algorithm());
        let make = |takes_documents| {
            let document = metadata_document::openid_provider(settings, algorithm, takes_documents);
            bytes(document)
        };
        described(
            &demo,
            &headers,
            made.get(demo.takes_documents(), make),
            true,
        )
    };
    on(method, handler)
}

/// The metadata of the server, in which faults may act.
fn described(demo: &DemoServer, headers: &HeaderMap, own: &Bytes, openid: bool) -> Response {
    let faults = demo
        .faults()
        .take(Stage::Metadata, Endpoint::Metadata, None, None);
    if faults.is_empty() {
        return document(demo, headers, own);
    }
    let mut entry = Entry::default();
    let mut members: Map<String, Value> = serde_json::from_slice(own).unwrap_or_default();
    let mut is_there = true;
    for taken in faults {
        entry.fault(taken.fault);
        match taken.fault {
            Fault::MetadataWrongIssuer => {
                members.insert("issuer".to_owned(), "https://wrong.example".into());
            }
            Fault::MetadataNoPkce => {
                members.remove("code_challenge_methods_supported");
            }
            Fault::MetadataNoIss => {
                members.remove("authorization_response_iss_parameter_supported");
            }
            Fault::MetadataOpenidOnly => is_there &= openid,
            _ => is_there = false,
        }
    }
    entry.with(match is_there {
        true => document(demo, headers, &bytes(members)),
        false => StatusCode::NOT_FOUND.into_response(),
    })
}

fn bytes(document: Map<String, Value>) -> Bytes {
    Bytes::from(Value::Object(document).to_string())
}

async fn of_resource_server(State(demo): State<DemoServer>, headers: HeaderMap) -> Response {
    resource_document(&demo, &headers, Resource::Whole)
}

async fn of_protected(State(demo): State<DemoServer>, headers: HeaderMap) -> Response {
    resource_document(&demo, &headers, Resource::Protected)
}

async fn of_items(State(demo): State<DemoServer>, headers: HeaderMap) -> Response {
    resource_document(&demo, &headers, Resource::Items)
}

async fn of_mcp(State(demo): State<DemoServer>, headers: HeaderMap) -> Response {
    resource_document(&demo, &headers, Resource::Mcp)
}

async fn of_user_info(State(demo): State<DemoServer>, headers: HeaderMap) -> Response {
    resource_document(&demo, &headers, Resource::UserInfo)
}

/// RFC 9728 section 2, for the URL under which the client came: it compares the two (section 3.3).
fn resource_document(demo: &DemoServer, headers: &HeaderMap, resource: Resource) -> Response {
    let (base, known) = demo.base_of(headers.get(header::HOST));
    let mut document = Map::new();
    let mut add = |name: &str, value: Value| document.insert(name.to_owned(), value);
    add("resource", resource.url(base).into());
    add(
        "authorization_servers",
        json!([demo.settings().issuer.as_str()]),
    );
    // Empty members are left out (section 3.2).
    if !resource.scopes().is_empty() {
        add("scopes_supported", json!(resource.scopes()));
    }
    add("bearer_methods_supported", json!(["header"]));
    add(
        "dpop_signing_alg_values_supported",
        json!(dpop::algorithms()),
    );
    add("resource_name", NAME.into());
    let mut entry = Entry::default();
    let mut is_there = true;
    let faults = demo.faults();
    for taken in faults.take(
        Stage::ResourceMetadata,
        Endpoint::ResourceMetadata,
        None,
        None,
    ) {
        entry.fault(taken.fault);
        let elsewhere = "https://wrong.example";
        match taken.fault {
            Fault::ResourceMetadataWrongResource => {
                document.insert("resource".to_owned(), elsewhere.into());
            }
            Fault::ResourceMetadataOtherServer => {
                document.insert("authorization_servers".to_owned(), json!([elsewhere]));
            }
            _ => is_there = false,
        }
    }
    if !is_there {
        return entry.with(StatusCode::NOT_FOUND);
    }
    let answer = entry.with(sent(&bytes(document)));
    match known {
        true => answer,
        false => another_name(demo, "RFC 9728 section 3.3").with(answer),
    }
}

async fn jwks(State(demo): State<DemoServer>) -> Response {
    let Some(own) = demo.keys().await.jwks(demo.now()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut entry = Entry::default();
    let mut answer = None;
    for taken in demo.faults().take(Stage::Jwks, Endpoint::Jwks, None, None) {
        entry.fault(taken.fault);
        answer = Some(match taken.fault {
            Fault::JwksEmpty => sent(&Bytes::from_static(b"{\"keys\":[]}")),
            Fault::JwksRotated | Fault::JwksLate => match demo.other_jwks().await {
                Ok(jwks) => sent(jwks),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            },
            _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        });
    }
    entry.with(answer.unwrap_or_else(|| sent(&own)))
}

/// A document; a client that came under another name than the issuer's will refuse it (RFC 8414
/// section 3.3), and the log says so.
fn document(demo: &DemoServer, headers: &HeaderMap, bytes: &Bytes) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let settings = demo.settings();
    let answer = sent(bytes);
    if host.is_none_or(|host| host == settings.issuer.authority()) || settings.public_url.is_some()
    {
        return answer;
    }
    another_name(demo, "RFC 8414 section 3.3").with(answer)
}

fn another_name(demo: &DemoServer, section: &'static str) -> Entry {
    let mut entry = Entry::default();
    let issuer = demo.settings().issuer.as_str();
    let reason = format!("the client came under another name than that of the issuer, {issuer}");
    entry.remark(reason, section);
    entry
}

pub(super) fn sent(bytes: &Bytes) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (header::CACHE_CONTROL, FOR_A_MINUTE),
    ];
    (headers, bytes.clone()).into_response()
}
