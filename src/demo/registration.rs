//! `/register`: a client registers itself (RFC 7591).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::on;
use serde_json::{Map, Value};

use crate::demo::backchannel_uri;
use crate::demo::client::Client;
use crate::demo::client_metadata::{ClientMetadata, check_method};
use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Entry;
use crate::demo::fault::{Fault, Stage};
use crate::demo::json_answer::{answer, error_body, json};
use crate::demo::media_type;
use crate::demo::path::{self, REGISTER};
use crate::demo::reference::{
    Content, Field, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path,
    RequestContent, Security, Tag, field, text,
};
use crate::demo::registered::Registration;
use crate::demo::scope::{OF_OPENID, supported};
use crate::demo::secret::{Secret, fingerprint, random};
use crate::token::json::Json;

pub(super) const ADD: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::REGISTER),
    handler: |method| on(method, add),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: true,
    security: Security::Anybody,
    summary: "Register a client",
    description: "Takes the description of a client, and gives it a `client_id` and, if it authenticates itself with one, a secret. Members that it leaves out have the defaults of the RFC: only the grant `authorization_code`, and `client_secret_basic`. The last 256 clients are kept.",
    section: "RFC 7591 section 3",
    request: RequestContent::Json(&METADATA),
    responses: &[
        OperationResponse::new(201, "the client", &[Content::Json(&INFORMATION)]),
        MALFORMED,
        NOT_JSON,
        TOO_LARGE,
    ],
};

pub(super) const MALFORMED: OperationResponse = OperationResponse::new(
    400,
    "the description of the client is malformed, or not supported",
    &[Content::Error(&[
        ErrorCode::InvalidClientMetadata,
        ErrorCode::InvalidRedirectUri,
        ErrorCode::InvalidRequest,
    ])],
);
pub(super) const NOT_JSON: OperationResponse = OperationResponse::new(
    415,
    "that is not JSON",
    &[Content::Error(&[ErrorCode::InvalidClientMetadata])],
);
pub(super) const TOO_LARGE: OperationResponse = OperationResponse::new(
    413,
    "the description of the client is larger than 16 KiB",
    &[Content::Error(&[
        ErrorCode::InvalidClientMetadata,
        ErrorCode::InvalidRequest,
    ])],
);

pub(super) const REDIRECT_URIS: Field = field(
    "redirect_uris",
    FieldType::Texts,
    "where answers may be sent: https, http on this machine with any port, or a scheme of the client's own",
)
.example(|_| "http://127.0.0.1/callback".to_owned());
pub(super) const CLIENT_NAME: Field =
    text("client_name", "what people read").example(|_| "A client".to_owned());
pub(super) const SCOPE: Field = text(
    "scope",
    "the scopes that it gets if it asks for none, with spaces between; it may ask for these and for those of the metadata",
);
pub(super) const GRANT_TYPES: Field = field(
    "grant_types",
    FieldType::Texts,
    "the grants that it may use; `authorization_code` if it does not say",
);
pub(super) const METHOD: Field = text(
    "token_endpoint_auth_method",
    "how it authenticates itself; `client_secret_basic` if it does not say",
);

/// RFC 7591 section 2.
const METADATA: ObjectSchema = ObjectSchema {
    name: "ClientMetadata",
    description: "the description of a client; some more members are understood, and others are ignored",
    properties: &[REDIRECT_URIS, CLIENT_NAME, SCOPE, GRANT_TYPES, METHOD],
    open: true,
};

pub(super) const CLIENT: Field =
    text("client_id", "its name").example(|_| "client-NAME".to_owned());

/// RFC 7591 section 3.2.1, RFC 7592 section 3.
pub(super) const INFORMATION: ObjectSchema = ObjectSchema {
    name: "ClientInformation",
    description: "a client as it is registered, with its description",
    properties: &[
        CLIENT.required(),
        field(
            "client_id_issued_at",
            FieldType::Integer,
            "when it was registered, in seconds since 1970",
        )
        .required()
        .example(|_| "1767225600".to_owned()),
        text("client_secret", "its secret, if it has one"),
        field(
            "client_secret_expires_at",
            FieldType::Integer,
            "0: the secret does not expire",
        ),
        text(
            "registration_access_token",
            "the token with which it manages its registration",
        )
        .required()
        .example(|_| "TOKEN".to_owned()),
        text("registration_client_uri", "the URL where it does that")
            .required()
            .example(|examples| format!("{}/register?client_id=client-NAME", examples.issuer)),
        field(
            "grant_types",
            FieldType::Texts,
            "the grants that it may use",
        )
        .required()
        .example(|_| "authorization_code".to_owned()),
        text("token_endpoint_auth_method", "how it authenticates itself")
            .required()
            .example(|_| "client_secret_basic".to_owned()),
    ],
    open: true,
};

/// The largest description of a client.
const LARGEST: usize = 16 << 10;

const SECTION: &str = "RFC 7591 section 3.1";
/// The prefix of registered clients' names, which tells them from the configured ones in the log.
const PREFIX: &str = "client-";
/// How many random characters follow the prefix: 72 bits. They are not a secret.
const RANDOM: usize = 12;

/// `POST /register`
async fn add(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let mut entry = Entry::default();
    let mut acting = Vec::new();
    for taken in demo
        .faults()
        .take(Stage::Registration, Endpoint::Register, None, None)
    {
        entry.fault(taken.fault);
        acting.push(taken.fault);
    }
    if let Some(response) = acting.iter().find_map(|fault| refused(*fault)) {
        return entry.with(response);
    }
    let result = register(&demo, &headers, &body, &acting, &mut entry);
    respond(&headers, result, entry)
}

/// The refusals that are faults.
fn refused(fault: Fault) -> Option<Response> {
    let (status, error) = match fault {
        Fault::RegistrationRefused => (StatusCode::FORBIDDEN, ErrorCode::AccessDenied),
        Fault::RegistrationRedirectRefused => {
            (StatusCode::BAD_REQUEST, ErrorCode::InvalidRedirectUri)
        }
        Fault::RegistrationMethodRefused => {
            (StatusCode::BAD_REQUEST, ErrorCode::InvalidClientMetadata)
        }
        _ => return None,
    };
    Some(json(status, error_body(error)))
}

fn register(
    demo: &DemoServer,
    headers: &HeaderMap,
    body: &Bytes,
    acting: &[Fault],
    entry: &mut Entry,
) -> Result<Response, Unregistered> {
    let mut metadata = read_metadata(demo, object(headers, body)?)?;
    if acting.contains(&Fault::RegistrationOtherMethod) {
        metadata.set_method(match metadata.method() {
            "client_secret_post" => "client_secret_basic",
            _ => "client_secret_post",
        });
    }
    let id: String = random()?.chars().take(RANDOM).collect();
    let id = format!("{PREFIX}{id}");
    let secret = match metadata.has_secret() {
        // The longest HMAC wants 64 bytes (RFC 7518 section 3.2).
        true => Some(Secret::new(format!("{}{}", random()?, random()?))),
        false => None,
    };
    let client = client(demo, &metadata, &id, secret)?;
    let token = random()?;
    let registration = Registration {
        client: Arc::new(client),
        metadata: metadata.members().clone(),
        issued: demo.now(),
        token: fingerprint(&token),
    };
    entry.client = Some(id);
    entry.remarks.extend(metadata.ignored());
    let told = information(demo, &registration, &token);
    demo.register(registration);
    Ok(json(StatusCode::CREATED, told))
}

pub(super) fn read_metadata(
    demo: &DemoServer,
    given: Map<String, Value>,
) -> Result<ClientMetadata, OAuthError> {
    let mut metadata = ClientMetadata::read(given, "client_secret_basic")?;
    check_method(metadata.method())?;
    if !demo.has_openid() {
        metadata.drop_scopes(OF_OPENID);
    }
    Ok(metadata)
}

/// The client that this makes.
pub(super) fn client(
    demo: &DemoServer,
    metadata: &ClientMetadata,
    id: &str,
    secret: Option<Secret>,
) -> Result<Client, OAuthError> {
    let scopes = supported(demo.settings(), demo.has_openid());
    let client = metadata.client(id, scopes)?;
    backchannel_uri::check_described(demo.settings(), &client)?;
    Ok(Client { secret, ..client })
}

/// The answer to a registration (RFC 7591 section 3.2.1, RFC 7592 section 3).
pub(super) fn information(demo: &DemoServer, registration: &Registration, token: &str) -> String {
    let Registration {
        client,
        metadata,
        issued,
        ..
    } = registration;
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("client_id", client.id.as_str().into());
    set("client_id_issued_at", issued.seconds().into());
    if let Some(secret) = &client.secret {
        set("client_secret", secret.expose().into());
        set("client_secret_expires_at", 0.into());
    }
    set("registration_access_token", token.into());
    let place = demo.settings().issuer.join(REGISTER);
    let place = format!("{place}?client_id={}", client.id);
    set("registration_client_uri", place.into());
    members.extend(metadata.clone());
    Value::Object(members).to_string()
}

/// The object in a body.
pub(super) fn object(
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Map<String, Value>, Unregistered> {
    let refusal =
        |reason: String| OAuthError::new(ErrorCode::InvalidClientMetadata, reason, SECTION);
    if !media_type::is(headers, "application/json") {
        let reason = "a registration is sent as application/json".to_owned();
        return Err(Unregistered::Body(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            refusal(reason),
        ));
    }
    if body.len() > LARGEST {
        let reason = "the registration is larger than 16 KiB".to_owned();
        return Err(Unregistered::Body(
            StatusCode::PAYLOAD_TOO_LARGE,
            refusal(reason),
        ));
    }
    Ok(members(body).map_err(refusal)?)
}

/// The members of an object in JSON. No name may occur twice: readers would not agree on which
/// counts.
///
/// # Errors
/// What is wrong, in a clause.
pub(super) fn members(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    let parsed = Json::parse(bytes).map_err(|error| format!("that is not JSON: {error}"))?;
    if parsed.duplicate.is_some() {
        return Err("a member is there twice".to_owned());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err("that is not a JSON object".to_owned()),
    }
}

/// Why nothing was registered.
pub(super) enum Unregistered {
    /// The description is refused.
    Request(OAuthError),
    /// The body is refused.
    Body(StatusCode, OAuthError),
    /// It has not proven to be the client.
    Token(OAuthError),
}

impl From<OAuthError> for Unregistered {
    fn from(refusal: OAuthError) -> Unregistered {
        Unregistered::Request(refusal)
    }
}

pub(super) fn respond(
    headers: &HeaderMap,
    result: Result<Response, Unregistered>,
    entry: Entry,
) -> Response {
    match result {
        Ok(response) => entry.with(response),
        Err(Unregistered::Request(refusal)) => answer(headers, Err(refusal), entry),
        Err(Unregistered::Body(status, refusal)) => {
            let mut response = answer(headers, Err(refusal), entry);
            *response.status_mut() = status;
            response
        }
        Err(Unregistered::Token(refusal)) => {
            let mut response = answer(headers, Err(refusal), entry);
            let challenge = match headers.contains_key(header::AUTHORIZATION) {
                true => "Bearer realm=\"jott\", error=\"invalid_token\"",
                false => "Bearer realm=\"jott\"",
            };
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
            response
        }
    }
}
