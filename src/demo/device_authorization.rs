//! `/device_authorization`: where a device without a browser begins (RFC 8628 section 3.1).

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::on;

use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::device::{self, Device, INTERVAL, LIFETIME};
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant;
use crate::demo::json_answer::json;
use crate::demo::path;
use crate::demo::reference::{
    Content, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::scope::Scope;
use crate::demo::secret::{fingerprint, random};
use crate::demo::tokens::resources;
use crate::oauth::form::with_parameter;
use crate::token::claims::Members;

pub(super) const BEGIN: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::DEVICE_AUTHORIZATION),
    handler: |method| on(method, begin),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: true,
    security: Security::Client,
    summary: "Begin on a device",
    description: "A device without a browser gets a code to show, which a person enters at `/device`, and another with which it asks for tokens.",
    section: "RFC 8628 section 3.1",
    request: RequestContent::Form(&[
        text(
            "scope",
            "what the token may be used for, with spaces between",
        )
        .example(|_| "items:read".to_owned()),
        field(
            "resource",
            FieldType::Texts,
            "the URI of the resource that the token is for; it may be given more than once (RFC 8707 section 2)",
        ),
    ]),
    responses: &[
        OperationResponse::new(200, "the codes", &[Content::Json(&CODES)]),
        OperationResponse::new(
            400,
            "the request is malformed, or the client may not use this grant",
            &[Content::Error(&[
                ErrorCode::InvalidRequest,
                ErrorCode::InvalidScope,
                ErrorCode::InvalidTarget,
                ErrorCode::UnauthorizedClient,
            ])],
        ),
    ],
};

/// RFC 8628 section 3.2.
const CODES: ObjectSchema = ObjectSchema {
    name: "DeviceCodes",
    description: "the code that a device shows, and the code with which it asks",
    properties: &[
        text(
            "device_code",
            "the code with which the device asks at `/token`",
        )
        .required()
        .example(|_| "DEVICE_CODE".to_owned()),
        text("user_code", "the code that it shows")
            .required()
            .example(|_| "WDJB-MJHT".to_owned()),
        text("verification_uri", "where a person enters it")
            .required()
            .example(|examples| format!("{}/device", examples.issuer)),
        text("verification_uri_complete", "the same with the code in it")
            .required()
            .example(|examples| format!("{}/device?user_code=WDJB-MJHT", examples.issuer)),
        field(
            "expires_in",
            FieldType::Integer,
            "for how many seconds both are valid",
        )
        .required()
        .example(|_| "600".to_owned()),
        field(
            "interval",
            FieldType::Integer,
            "how many seconds the device waits before it asks again",
        )
        .required()
        .example(|_| "5".to_owned()),
    ],
    open: false,
};

const SECTION: &str = "RFC 8628 section 3.1";

async fn begin(request: FormRequest) -> Response {
    request.respond(SECTION, respond).await
}

fn respond(mut form: ClientForm<'_>) -> Result<Response, OAuthError> {
    let client = form.require_client()?;
    let demo = form.demo;
    if !client.may_use(grant::DEVICE_CODE) {
        let reason = format!(
            "{} may use {}, not {}",
            client.id,
            client.shown_grants(),
            grant::DEVICE_CODE
        );
        let section = "RFC 6749 section 5.2";
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            reason,
            section,
        ));
    }
    let scope = Scope::of(form.parameters.get("scope"), &client)?;
    let resources = resources(&form.parameters)?;
    let (device_code, user_code) = (random()?, device::user_code()?);
    let now = demo.now();
    let (place, until) = (fingerprint(&device_code), Device::forgotten(now));
    let device = Device::new(&client.id, scope, resources, now);
    let mut store = demo.store();
    store.devices.insert(place, Box::new(device), now, until);
    let shown = device::place_of(&user_code);
    store.user_codes.insert(shown, place, now, until);
    drop(store);
    let verification = demo.settings().pages().join(path::DEVICE);
    let complete = with_parameter(&verification, "user_code", &user_code);
    let mut members = Members::new();
    members.set_text("device_code", &device_code);
    members.set_text("user_code", &user_code);
    members.set_text("verification_uri", &verification);
    members.set_text("verification_uri_complete", &complete);
    members.set("expires_in", LIFETIME.seconds());
    members.set("interval", INTERVAL);
    Ok(json(StatusCode::OK, members.text()))
}
