//! `/introspect`: what a token says, for those who may know (RFC 7662).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::on;

use crate::demo::advice::{INTROSPECTS, client_flag};
use crate::demo::client_authentication::require;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::event::Entry;
use crate::demo::json_answer::{answer, json};
use crate::demo::parameters::Parameters;
use crate::demo::presented::Presented;
use crate::demo::reference::{
    Answer, Body, Caller, Kind, Method, Operation, Part, Place, Shape, Takes, field, text,
};
use crate::demo::service::Demo;
use crate::demo::signing::Keys;
use crate::demo::state::Granted;
use crate::token::claims::Members;
use crate::token::json::Json;
use crate::token::verify::Verified;

/// All that is said of a token that is not good, or not the caller's to know (section 2.2).
const INACTIVE: &str = "{\"active\":false}";

pub(super) const INTROSPECT: Operation = Operation {
    method: Method::Post,
    place: Place::Below("/introspect"),
    handler: |method| on(method, introspect),
    part: Part::AuthorizationServer,
    openid: false,
    open: false,
    caller: Caller::ClientWithSecret,
    title: "Look into a token",
    about: "Says whether a token is good and what is in it, to its own client and to resource servers.",
    section: "RFC 7662 section 2",
    takes: Takes::Form(&[
        text("token", "an access token or a refresh token")
            .required()
            .such_as(|_| "TOKEN".to_owned()),
        text(
            "token_type_hint",
            "which of the two it is; both are tried anyway",
        ),
    ]),
    answers: &[Answer::new(
        200,
        "what there is to know; of a token that is no good, or not the caller's to know, only that",
        &[Body::Json(&INTROSPECTION)],
    )],
};

/// RFC 7662 section 2.2.
const INTROSPECTION: Shape = Shape {
    name: "Introspection",
    about: "what a token says, with all its claims",
    members: &[
        field("active", Kind::Boolean, "whether it is good")
            .required()
            .such_as(|_| "true".to_owned()),
        text("scope", "what it may be used for").such_as(|_| "items:read".to_owned()),
        text("client_id", "which client it was issued to").such_as(|known| known.app.to_owned()),
        text("username", "the name of the resource owner").such_as(|known| known.user.to_owned()),
        text("token_type", "how it is sent").such_as(|_| "Bearer".to_owned()),
        field("exp", Kind::Integer, "until when it is good"),
        field("iat", Kind::Integer, "when it was issued"),
        text("sub", "whom it is about").such_as(|known| known.user.to_owned()),
        field("aud", Kind::TextOrTexts, "for whom it is"),
        text("iss", "who issued it").such_as(|known| known.issuer.to_owned()),
        text("jti", "its own name"),
    ],
    open: true,
};

async fn introspect(State(demo): State<Demo>, headers: HeaderMap, body: Bytes) -> Response {
    let keys = demo.keys().await;
    let mut entry = Entry::default();
    let result = respond(&demo, keys, &headers, &body, &mut entry);
    answer(result, entry)
}

fn respond(
    demo: &Demo,
    keys: &Keys,
    headers: &HeaderMap,
    body: &[u8],
    entry: &mut Entry,
) -> Result<Response, Refusal> {
    let section = "RFC 7662 section 2.1";
    let parameters = Parameters::of_form(headers, body)?;
    parameters.none_repeated(section)?;
    let client = require(demo, headers, &parameters)?;
    if client.is_public() {
        let reason = format!(
            "{} is a public client, which anybody can say it is",
            client.id
        );
        return Err(Refusal::new(ErrorCode::InvalidClient, reason, section));
    }
    entry.client = Some(client.id.clone());
    let token = parameters.require("token", section)?;
    let presented = Presented::of(demo, keys, token);
    let owner = presented.owner();
    let may_know = client.introspects || owner.as_ref() == Some(&client.id);
    let body = match presented {
        Presented::Nothing(why) => Err((why.text, why.section)),
        Presented::Refresh { is_last: false, .. } => Err((
            "the refresh token has been used already".to_owned(),
            "RFC 9700 section 4.14.2",
        )),
        _ if !may_know => Err((
            format!(
                "it is good, but was issued to {}, and {} is told of its own tokens alone; {} lets it know of all",
                owner.as_deref().unwrap_or("nobody"),
                client.id,
                client_flag(&client.id, INTROSPECTS),
            ),
            "RFC 7662 section 2.2",
        )),
        Presented::Access(verified) => Ok(of_access_token(demo, &verified)),
        Presented::Refresh { granted, .. } => Ok(of_refresh_token(demo, &granted)),
    };
    let body = body.unwrap_or_else(|(why, section)| {
        entry.remark(format!("the token is not active: {why}"), section);
        INACTIVE.to_owned()
    });
    Ok(json(StatusCode::OK, body))
}

fn of_access_token(demo: &Demo, verified: &Verified) -> String {
    let claims = verified.claims();
    let mut members = Members::new();
    for (name, value) in claims.members() {
        members.set(name, value);
    }
    members.set("active", true);
    members.set_text("token_type", "Bearer");
    let sub = claims.get("sub").and_then(Json::as_str);
    if let Some(user) = sub.and_then(|sub| demo.user(&sub)) {
        members.set_text("username", &user.name);
    }
    members.text()
}

fn of_refresh_token(demo: &Demo, granted: &Granted) -> String {
    let mut members = Members::new();
    members.set("active", true);
    members.set_text("iss", demo.settings().issuer.as_str());
    members.set_text("sub", &granted.user.name);
    members.set_text("username", &granted.user.name);
    members.set_text("client_id", &granted.client_id);
    members.set_text("scope", &granted.scope.to_string());
    members.text()
}
