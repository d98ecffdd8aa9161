//! `/par`: a client sends its authorization request itself, and the browser brings a reference to
//! it (RFC 9126).

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::on;

use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::dpop::{self, Asker, Proven};
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::json_answer::json;
use crate::demo::path;
use crate::demo::pushed::{LIFETIME, Pushed, URN};
use crate::demo::reference::{
    Content, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::secret::{fingerprint, random};
use crate::oauth::assertion::{CLIENT_ASSERTION, CLIENT_ASSERTION_TYPE};
use crate::oauth::dpop::JKT_PARAMETER;
use crate::oauth::form::encode;
use crate::token::claims::Members;

pub(super) const PUSH: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::PAR),
    handler: |method| on(method, push),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: true,
    security: Security::Client,
    summary: "Push an authorization request",
    description: "Takes the request for `/authorize` from the client itself. The browser is then sent there with `client_id` and the `request_uri` of the answer, once.",
    section: "RFC 9126 section 2",
    request: RequestContent::Form(crate::demo::authorize::PUSHED),
    responses: &[
        OperationResponse::new(201, "where it is kept", &[Content::Json(&ANSWER)]),
        OperationResponse::new(
            400,
            "the request is malformed, or would be refused at `/authorize`",
            &[Content::Error(&[
                ErrorCode::InvalidRequest,
                ErrorCode::InvalidScope,
                ErrorCode::InvalidTarget,
                ErrorCode::UnauthorizedClient,
                ErrorCode::UnsupportedResponseType,
                ErrorCode::InvalidDpopProof,
                ErrorCode::UseDpopNonce,
            ])],
        ),
    ],
};

/// RFC 9126 section 2.2.
const ANSWER: ObjectSchema = ObjectSchema {
    name: "PushedRequest",
    description: "a reference to a request",
    properties: &[
        text("request_uri", "the value that the browser brings")
            .required()
            .example(|_| format!("{URN}REFERENCE")),
        field(
            "expires_in",
            FieldType::Integer,
            "for how many seconds it can be used",
        )
        .required()
        .example(|_| "60".to_owned()),
    ],
    open: false,
};

const SECTION: &str = "RFC 9126 section 2.1";

/// The parameters that authenticate the client, and do not belong to its authorization request.
const OF_THE_CLIENT: &[&str] = &[
    "client_id",
    "client_secret",
    CLIENT_ASSERTION,
    CLIENT_ASSERTION_TYPE,
];

async fn push(request: FormRequest) -> Response {
    request.respond(SECTION, respond).await
}

fn respond(mut form: ClientForm<'_>) -> Result<Response, OAuthError> {
    let client = form.require_client()?;
    let demo = form.demo;
    if form.parameters.get("request_uri").is_some() {
        return Err(OAuthError::request(
            "the pushed request has a `request_uri`",
            SECTION,
        ));
    }
    let jkt = dpop::check(
        demo,
        &Proven {
            asker: Asker::AuthorizationServer,
            headers: form.headers,
            method: "POST",
            path: path::PAR,
            access_token: None,
        },
    )?;
    let wanted = form.parameters.get(JKT_PARAMETER);
    if jkt.is_some() && wanted.is_some() && wanted != jkt.as_deref() {
        return Err(OAuthError::request(
            format!("`{JKT_PARAMETER}` names another key than the one in the proof"),
            "RFC 9449 section 10.1",
        ));
    }
    // A proof counts as much as the parameter.
    let bound = jkt.as_deref().filter(|_| wanted.is_none());
    let own = form
        .parameters
        .iter()
        .filter(|(name, _)| !OF_THE_CLIENT.contains(name));
    let all = [("client_id", client.id.as_str())]
        .into_iter()
        .chain(own)
        .chain(bound.map(|jkt| (JKT_PARAMETER, jkt)));
    let pairs: Vec<String> = all
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    let request = pairs.join("&");
    AuthorizationRequest::check_pushed(demo, &request)?;
    let reference = format!("{URN}{}", random()?);
    let now = demo.now();
    let pushed = Pushed::new(&client.id, request, now);
    demo.store()
        .pushed
        .insert(fingerprint(&reference), pushed, now, Pushed::forgotten(now));
    let mut members = Members::new();
    members.set_text("request_uri", &reference);
    members.set("expires_in", LIFETIME.seconds());
    Ok(json(StatusCode::CREATED, members.text()))
}
