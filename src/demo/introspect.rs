//! `/introspect`: the state and content of a token, for those who may know (RFC 7662).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::on;

use crate::demo::advice::Advice;
use crate::demo::bearer::bound_to;
use crate::demo::client::Client;
use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Remark;
use crate::demo::fault::{Spoiled, Stage, Taken, spoil};
use crate::demo::json_answer::json;
use crate::demo::key_ring::KeyRing;
use crate::demo::path;
use crate::demo::presented::Presented;
use crate::demo::reference::{
    Content, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::store::Authorization;
use crate::oauth::dpop::SCHEME;
use crate::token::claims::Members;
use crate::token::json::Json;
use crate::token::verify::Verified;

/// The whole answer for a token that is not valid, or that the caller may not know of (section
/// 2.2).
const INACTIVE: &str = "{\"active\":false}";

pub(super) const INTROSPECT: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::INTROSPECT),
    handler: |method| on(method, introspect),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: false,
    security: Security::ClientWithSecret,
    summary: "Inspect a token",
    description: "Says whether a token is valid and what is in it, to its own client and to resource servers; signed, as a JWT, where `Accept` asks for `application/token-introspection+jwt` (RFC 9701).",
    section: "RFC 7662 section 2",
    request: RequestContent::Form(&[
        text("token", "an access token or a refresh token")
            .required()
            .example(|_| "TOKEN".to_owned()),
        text(
            "token_type_hint",
            "which of the two it is; both are tried anyway",
        ),
    ]),
    responses: &[OperationResponse::new(
        200,
        "the state and claims of the token; if it is not valid, or not the caller's to know, only that it is not active",
        &[Content::Json(&INTROSPECTION)],
    )],
};

/// RFC 7662 section 2.2.
const INTROSPECTION: ObjectSchema = ObjectSchema {
    name: "Introspection",
    description: "what a token says, with all its claims",
    properties: &[
        field("active", FieldType::Boolean, "whether it is valid")
            .required()
            .example(|_| "true".to_owned()),
        text("scope", "what it may be used for").example(|_| "items:read".to_owned()),
        text("client_id", "which client it was issued to")
            .example(|examples| examples.app.to_owned()),
        text("username", "the name of the resource owner")
            .example(|examples| examples.user.to_owned()),
        text("token_type", "how it is sent").example(|_| "Bearer".to_owned()),
        field("exp", FieldType::Integer, "when it expires"),
        field("iat", FieldType::Integer, "when it was issued"),
        text("sub", "its subject").example(|examples| examples.user.to_owned()),
        field("aud", FieldType::TextOrTexts, "its audience"),
        text("iss", "who issued it").example(|examples| examples.issuer.to_owned()),
        text("jti", "its unique identifier"),
    ],
    open: true,
};

const SECTION: &str = "RFC 7662 section 2.1";

/// The media type of an answer that is signed (RFC 9701 section 5).
const SIGNED: &str = "application/token-introspection+jwt";

async fn introspect(request: FormRequest) -> Response {
    request.respond(SECTION, respond).await
}

fn respond(mut form: ClientForm<'_>) -> Result<Response, OAuthError> {
    let client = form.require_client()?;
    if client.is_public() {
        let reason = format!(
            "{} is a public client: anybody could claim to be it",
            client.id
        );
        return Err(OAuthError::new(ErrorCode::InvalidClient, reason, SECTION));
    }
    let ClientForm { demo, entry, .. } = form;
    let token = form.parameters.require("token", SECTION)?;
    let presented = Presented::of(demo, form.keys, token, &client);
    let owner = presented.owner();
    let may_know = client.introspects || owner.as_ref() == Some(&client.id);
    let body = match presented {
        Presented::Nothing(why) => Err(why),
        Presented::Refresh { is_last: false, .. } => Err(Remark::new(
            "the refresh token has been used already",
            "RFC 9700 section 4.14.2",
        )),
        Presented::Forgotten { .. } => Err(Remark::new(
            "the refresh token is not remembered any more",
            "RFC 6749 section 6",
        )),
        _ if !may_know => {
            let remark = Remark::new(
                format!(
                    "it is valid, but was issued to {}, and {} may inspect only its own tokens",
                    owner.as_deref().unwrap_or("nobody"),
                    client.id,
                ),
                "RFC 7662 section 2.2",
            );
            let client = client.id.clone();
            Err(remark.advise(Ok(Advice::AllowIntrospection { client })))
        }
        Presented::Access(verified) => {
            let sub = verified.claims().get("sub").and_then(Json::as_str);
            let faults = demo.faults();
            let faults = faults.take(
                Stage::Token,
                Endpoint::Introspect,
                owner.as_deref(),
                sub.as_deref(),
            );
            for taken in &faults {
                entry.fault(taken.fault);
            }
            Ok(of_access_token(demo, &verified, &faults))
        }
        Presented::Refresh { authorization, .. } => Ok(of_refresh_token(demo, &authorization)),
    };
    let body = body.unwrap_or_else(|why| {
        entry.remarks.push(Remark {
            text: format!("the token is not active: {}", why.text),
            ..why
        });
        INACTIVE.to_owned()
    });
    match demo.has_openid() && wants_jwt(form.headers) {
        true => signed(demo, form.keys, &client, &body),
        false => Ok(json(StatusCode::OK, body)),
    }
}

/// Whether a client wants the answer signed (RFC 9701 section 4).
fn wants_jwt(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut types = accepted
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    types.any(|one| {
        let name = one.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(SIGNED)
    })
}

/// The answer as a JWT for the client that asks. It has no subject and does not expire, so that it
/// cannot be taken for an access token (RFC 9701 section 5).
fn signed(
    demo: &DemoServer,
    keys: &KeyRing,
    client: &Client,
    body: &str,
) -> Result<Response, OAuthError> {
    let mut header = keys.header(true, None);
    header.set_text("typ", "token-introspection+jwt");
    let mut claims = Members::new();
    claims.set_text("iss", demo.settings().issuer.as_str());
    claims.set_text("aud", &client.id);
    claims.set("iat", demo.now().seconds());
    if let Ok(answer) = Json::parse_str(body) {
        claims.set("token_introspection", answer.value);
    }
    let token = keys.sign(&header, &claims)?;
    let mut response = json(StatusCode::OK, token);
    let content_type = HeaderValue::from_static(SIGNED);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    Ok(response)
}

fn of_access_token(demo: &DemoServer, verified: &Verified, faults: &[Taken]) -> String {
    let claims = verified.claims();
    let mut members = Members::new();
    for (name, value) in claims.members() {
        members.set(name, value);
    }
    // A token with a wrong signature is not active; other faults show in the claims.
    let mut active = true;
    for taken in faults {
        let mut header = Members::new();
        let rest = spoil(
            taken.fault,
            taken.argument,
            &mut header,
            &mut members,
            demo.now(),
        );
        active &= rest == Spoiled::BeforeSigning && header.text() == "{}";
    }
    if !active {
        return INACTIVE.to_owned();
    }
    members.set("active", true);
    let token_type = bound_to(verified).map_or("Bearer", |_| SCHEME);
    members.set_text("token_type", token_type);
    let sub = claims.get("sub").and_then(Json::as_str);
    if let Some(user) = sub.and_then(|sub| demo.user(&sub)) {
        members.set_text("username", &user.name);
    }
    members.text()
}

fn of_refresh_token(demo: &DemoServer, authorization: &Authorization) -> String {
    let mut members = Members::new();
    members.set("active", true);
    members.set_text("iss", demo.settings().issuer.as_str());
    members.set_text("sub", &authorization.user.name);
    members.set_text("username", &authorization.user.name);
    members.set_text("client_id", &authorization.client_id);
    members.set_text("scope", &authorization.scope.to_string());
    members.text()
}
