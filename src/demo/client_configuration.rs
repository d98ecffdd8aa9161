//! `/register?client_id=…`: a client manages its registration, with the token that it was given for
//! that (RFC 7592).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::on;
use serde_json::Value;

use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Entry;
use crate::demo::json_answer::json;
use crate::demo::parameters::Parameters;
use crate::demo::reference::{
    Content, Field, Method, ObjectSchema, Operation, OperationResponse, RequestContent, Security,
    text,
};
use crate::demo::registered::Registration;
use crate::demo::registration::{
    ADD, CLIENT, CLIENT_NAME, GRANT_TYPES, INFORMATION, MALFORMED, METHOD, NOT_JSON, REDIRECT_URIS,
    SCOPE, TOO_LARGE, Unregistered, client, information, object, read_metadata, respond,
};
use crate::demo::secret::{Secret, fingerprint, random};

pub(super) const READ: Operation = Operation {
    method: Method::Get,
    handler: |method| on(method, read),
    security: Security::RegistrationToken,
    summary: "Read a registration",
    description: "Gives a client its registration. It authenticates itself with its `registration_access_token`.",
    section: "RFC 7592 section 2.1",
    request: RequestContent::Query(QUERY),
    responses: &[OperationResponse::new(
        200,
        "the client",
        &[Content::Json(&INFORMATION)],
    )],
    ..ADD
};

pub(super) const UPDATE: Operation = Operation {
    method: Method::Put,
    handler: |method| on(method, update),
    summary: "Replace a registration",
    description: "Takes the new description of the client, with its `client_id` and, if it has one, its secret. It keeps both.",
    section: "RFC 7592 section 2.2",
    request: RequestContent::Json(&NEW_METADATA),
    responses: &[
        OperationResponse::new(200, "the client", &[Content::Json(&INFORMATION)]),
        MALFORMED,
        NOT_JSON,
        TOO_LARGE,
    ],
    ..READ
};

pub(super) const REMOVE: Operation = Operation {
    method: Method::Delete,
    handler: |method| on(method, remove),
    summary: "End a registration",
    description: "Forgets the client. Its tokens are not valid any more.",
    section: "RFC 7592 section 2.3",
    responses: &[OperationResponse::new(204, "it is forgotten", &[])],
    ..READ
};

/// Which registration is meant; the token alone would be enough.
const QUERY: &[Field] = &[text(
    "client_id",
    "the client, as its `registration_client_uri` has it",
)];

const NEW_METADATA: ObjectSchema = ObjectSchema {
    name: "NewClientMetadata",
    description: "the same of a client that is there",
    properties: &[
        CLIENT.required(),
        REDIRECT_URIS,
        CLIENT_NAME,
        SCOPE,
        GRANT_TYPES,
        METHOD,
    ],
    open: true,
};

const MANAGEMENT: &str = "RFC 7592 section 2";

/// `GET /register?client_id=…`
async fn read(
    State(demo): State<DemoServer>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let mut entry = Entry::default();
    let result = known(&demo, &headers, uri.query(), &mut entry).map(|known| {
        let told = information(&demo, &known.registration, &known.token);
        json(StatusCode::OK, told)
    });
    respond(&headers, result, entry)
}

/// `PUT /register?client_id=…`
async fn update(
    State(demo): State<DemoServer>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut entry = Entry::default();
    let result = replace(&demo, &headers, uri.query(), &body, &mut entry);
    respond(&headers, result, entry)
}

fn replace(
    demo: &DemoServer,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &Bytes,
    entry: &mut Entry,
) -> Result<Response, Unregistered> {
    let Known {
        registration,
        token,
    } = known(demo, headers, query, entry)?;
    let mut given = object(headers, body)?;
    let own = &registration.client;
    if given.remove("client_id").as_ref().and_then(Value::as_str) != Some(&own.id) {
        return Err(request("`client_id` is not that of the client").into());
    }
    // It may repeat its secret, but not choose one.
    if let Some(secret) = given.remove("client_secret") {
        let known = own.secret.as_ref();
        let is_own = secret
            .as_str()
            .is_some_and(|secret| known.is_some_and(|known| known.is(secret)));
        if !is_own {
            return Err(request("`client_secret` is not that of the client").into());
        }
    }
    // Section 2.2 of RFC 7592.
    let of_the_server = [
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ];
    if let Some(name) = of_the_server.iter().find(|name| given.contains_key(**name)) {
        return Err(request(format!("`{name}` is set by the server")).into());
    }
    let metadata = read_metadata(demo, given)?;
    let secret = match (metadata.has_secret(), &own.secret) {
        (false, _) => None,
        (true, Some(secret)) => Some(secret.clone()),
        (true, None) => Some(Secret::new(format!("{}{}", random()?, random()?))),
    };
    let registration = Registration {
        client: Arc::new(client(demo, &metadata, &own.id, secret)?),
        metadata: metadata.members().clone(),
        ..registration
    };
    entry.remarks.extend(metadata.ignored());
    let told = information(demo, &registration, &token);
    demo.register(registration);
    Ok(json(StatusCode::OK, told))
}

/// `DELETE /register?client_id=…`
async fn remove(
    State(demo): State<DemoServer>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let mut entry = Entry::default();
    let result = known(&demo, &headers, uri.query(), &mut entry).map(|known| {
        demo.unregister(&known.registration.client.id);
        let mut response = json(StatusCode::NO_CONTENT, String::new());
        response.headers_mut().remove(header::CONTENT_TYPE);
        response
    });
    respond(&headers, result, entry)
}

/// An authenticated client, and the token that it used.
struct Known {
    registration: Registration,
    token: String,
}

/// The client of a registration access token (RFC 7592 section 2); the query names it as well.
fn known(
    demo: &DemoServer,
    headers: &HeaderMap,
    query: Option<&str>,
    entry: &mut Entry,
) -> Result<Known, Unregistered> {
    let refuse = |reason: &str| {
        Unregistered::Token(OAuthError::new(ErrorCode::InvalidToken, reason, MANAGEMENT))
    };
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes())?;
    parameters.none_repeated(MANAGEMENT)?;
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (scheme, token) = header
        .and_then(|header| header.split_once(' '))
        .ok_or_else(|| refuse("there is no registration access token"))?;
    let token = token.trim_start_matches(' ');
    let id = parameters
        .get("client_id")
        .ok_or_else(|| refuse("the URL names no client: `registration_client_uri` does"))?;
    let found = demo.registered().get(id, demo.now());
    // This takes as long as with a known client.
    let is_right = found
        .as_ref()
        .map_or(fingerprint(demo.nobody().expose()), |one| one.token)
        .is(token);
    match found {
        Some(registration) if is_right && scheme.eq_ignore_ascii_case("bearer") => {
            entry.client = Some(registration.client.id.clone());
            Ok(Known {
                registration,
                token: token.to_owned(),
            })
        }
        _ => Err(refuse(
            "that is not the registration access token of a client of this name",
        )),
    }
}

fn request(reason: impl Into<String>) -> OAuthError {
    OAuthError::request(reason, "RFC 7592 section 2.2")
}
