//! What programs can ask for: a list, which describes itself.

use axum::extract::State;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::demo::demo_server::{DemoServer, PLAYGROUND_CLIENT};
use crate::demo::grant::CLIENT_CREDENTIALS;
use crate::demo::metadata::Made;
use crate::demo::path::{self, PLAYGROUND};
use crate::demo::reference::{
    self, Content, Examples, Method, ObjectSchema, Operation, OperationResponse, Path,
    RequestContent, Security, Tag, text,
};
use crate::demo::{
    authorize, client_configuration, device_authorization, end_session, introspect, mcp, metadata,
    pushed_request, registration, resource, revoke, token_endpoint, userinfo,
};

/// What programs can ask for, in the order of the reference.
pub(super) const OPERATIONS: &[Operation] = &[
    resource::ROOT,
    resource::PROTECTED,
    resource::ITEMS,
    resource::ADD_ITEM,
    mcp::CALL,
    authorize::BY_QUERY,
    authorize::BY_FORM,
    pushed_request::PUSH,
    registration::ADD,
    client_configuration::READ,
    client_configuration::UPDATE,
    client_configuration::REMOVE,
    device_authorization::BEGIN,
    token_endpoint::TOKEN,
    userinfo::BY_GET,
    userinfo::BY_POST,
    introspect::INTROSPECT,
    revoke::REVOKE,
    end_session::BY_QUERY,
    end_session::BY_FORM,
    metadata::AUTHORIZATION_SERVER,
    metadata::OPENID_PROVIDER,
    metadata::RESOURCE_SERVER,
    metadata::PROTECTED,
    metadata::ITEMS,
    metadata::MCP,
    metadata::USER_INFO,
    metadata::JWKS,
    OPENAPI,
    resource::HEALTH,
];

const OPENAPI: Operation = Operation {
    method: Method::Get,
    path: Path::Below(path::OPENAPI),
    handler: openapi,
    tag: Tag::Metadata,
    openid: false,
    open: true,
    security: Security::Anybody,
    summary: "Describe all operations",
    description: "This reference for programs, in OpenAPI 3.1.",
    section: "",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "the description",
        &[Content::Json(&ObjectSchema {
            name: "OpenAPI",
            description: "an OpenAPI document",
            properties: &[text("openapi", "the version")
                .required()
                .example(|_| "3.1.0".to_owned())],
            open: true,
        })],
    )],
};

fn openapi(method: MethodFilter) -> MethodRouter<DemoServer> {
    let made = Made::default();
    let handler = async move |State(demo): State<DemoServer>| {
        let make = || {
            reference::json(
                &demo,
                &examples(&demo),
                &operations(&demo).collect::<Vec<_>>(),
            )
        };
        metadata::sent(made.get(make))
    };
    on(method, handler)
}

/// The operations of a server.
pub(super) fn operations(demo: &DemoServer) -> impl Iterator<Item = &'static Operation> {
    let openid = demo.has_openid();
    OPERATIONS
        .iter()
        .filter(move |operation| openid || !operation.openid)
}

/// Whom the examples of a server speak of.
pub(super) fn examples(demo: &DemoServer) -> Examples<'_> {
    let settings = demo.settings();
    let mut clients = settings.clients.iter().filter(|client| client.is_built_in);
    let service = clients.find(|client| client.may_use(CLIENT_CREDENTIALS));
    let (user, password) = demo.known_user().unwrap_or(("NAME", "PASSWORD"));
    Examples {
        issuer: settings.issuer.as_str(),
        user,
        password,
        app: PLAYGROUND_CLIENT,
        redirect_uri: settings.pages().join(PLAYGROUND),
        service: service.map_or("CLIENT", |client| &client.id),
        secret: service
            .and_then(|client| client.secret.as_ref())
            .map_or("SECRET", |secret| secret.expose()),
    }
}
