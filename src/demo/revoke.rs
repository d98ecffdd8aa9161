//! `/revoke`: an end to a token (RFC 7009). A refresh token takes its family along, an access token
//! goes alone.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use crate::demo::bearer::{Audience, judge};
use crate::demo::client_authentication::require;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::event::Entry;
use crate::demo::grant::find_refresh_token;
use crate::demo::json_answer::answer;
use crate::demo::parameters::Parameters;
use crate::demo::reference::{Answer, Body, Caller, Method, Operation, Part, Place, Takes, text};
use crate::demo::service::Demo;
use crate::demo::signing::Keys;
use crate::token::json::Json;

pub(super) const REVOKE: Operation = Operation {
    method: Method::Post,
    place: Place::Below("/revoke"),
    handler: |method| on(method, revoke),
    part: Part::AuthorizationServer,
    openid: false,
    open: false,
    caller: Caller::Client,
    title: "Put an end to a token",
    about: "Revokes a token of the client. A refresh token takes all of its family along.",
    section: "RFC 7009 section 2",
    takes: Takes::Form(&[
        text("token", "an access token or a refresh token")
            .required()
            .such_as(|_| "TOKEN".to_owned()),
        text(
            "token_type_hint",
            "which of the two it is; both are tried anyway",
        ),
    ]),
    answers: &[
        Answer::new(200, "the token is no good, or was none before", &[]),
        Answer::new(
            400,
            "the request is malformed, or the token is another client's",
            &[Body::Error(&[
                ErrorCode::InvalidGrant,
                ErrorCode::InvalidRequest,
            ])],
        ),
    ],
};

async fn revoke(State(demo): State<Demo>, headers: HeaderMap, body: Bytes) -> Response {
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
    let section = "RFC 7009 section 2.1";
    let parameters = Parameters::of_form(headers, body)?;
    parameters.none_repeated(section)?;
    let client = require(demo, headers, &parameters)?;
    entry.client = Some(client.id.clone());
    let token = parameters.require("token", section)?;
    let own = |owner: &str| {
        if owner == client.id {
            return Ok(());
        }
        let reason = format!("the token was issued to {owner}");
        Err(Refusal::new(ErrorCode::InvalidGrant, reason, section))
    };
    let (now, lives) = (demo.now(), &demo.settings().lifetimes);
    // `token_type_hint` could only make the search shorter (section 2.1).
    let mut state = demo.state();
    if let Some((_, refresh)) = find_refresh_token(&state, token, now) {
        own(&refresh.granted.client_id)?;
        let family = refresh.family.clone();
        state.revoke_family(&family, now, lives);
        return Ok(StatusCode::OK.into_response());
    }
    drop(state);
    match judge(demo, keys, token, Audience::Any) {
        Ok(verified) => {
            let text = |name: &str| verified.claims().get(name).and_then(Json::as_str);
            own(text("client_id").as_deref().unwrap_or("nobody"))?;
            if let Some(jti) = text("jti") {
                demo.state().revoke(&jti, now, lives);
            }
        }
        // The client wanted it to be no good, and it is (section 2.2).
        Err(refusal) => entry.remark(
            format!("there was nothing to revoke: {}", refusal.remark.text),
            "RFC 7009 section 2.2",
        ),
    }
    Ok(StatusCode::OK.into_response())
}
