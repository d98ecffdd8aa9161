//! `/revoke`: an end to a token (RFC 7009). A refresh token takes its family along, an access token
//! goes alone.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use crate::demo::bearer::time;
use crate::demo::client_authentication::require;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::event::Entry;
use crate::demo::json_answer::answer;
use crate::demo::parameters::Parameters;
use crate::demo::presented::Presented;
use crate::demo::reference::{
    Content, Method, Operation, OperationResponse, Path, RequestContent, Security, Tag, text,
};
use crate::demo::signing::Keys;
use crate::token::json::Json;

pub(super) const REVOKE: Operation = Operation {
    method: Method::Post,
    path: Path::Below("/revoke"),
    handler: |method| on(method, revoke),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: false,
    security: Security::Client,
    summary: "Put an end to a token",
    description: "Revokes a token of the client. A refresh token takes all of its family along.",
    section: "RFC 7009 section 2",
    request: RequestContent::Form(&[
        text("token", "an access token or a refresh token")
            .required()
            .example(|_| "TOKEN".to_owned()),
        text(
            "token_type_hint",
            "which of the two it is; both are tried anyway",
        ),
    ]),
    responses: &[
        OperationResponse::new(200, "the token is no good, or was none before", &[]),
        OperationResponse::new(
            400,
            "the request is malformed, or the token is another client's",
            &[Content::Error(&[
                ErrorCode::InvalidGrant,
                ErrorCode::InvalidRequest,
            ])],
        ),
    ],
};

async fn revoke(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let keys = demo.keys().await;
    let mut entry = Entry::default();
    let result = respond(&demo, keys, &headers, &body, &mut entry);
    answer(result, entry)
}

fn respond(
    demo: &DemoServer,
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
    let presented = Presented::of(demo, keys, token);
    let owner = presented.owner();
    let (now, lives) = (demo.now(), &demo.settings().lifetimes);
    match presented {
        // The client wanted it to be no good, and it is (section 2.2).
        Presented::Nothing(why) => entry.remark(
            format!("there was nothing to revoke: {}", why.text),
            "RFC 7009 section 2.2",
        ),
        _ if owner.as_ref() != Some(&client.id) => {
            let owner = owner.as_deref().unwrap_or("nobody");
            let reason = format!("the token was issued to {owner}");
            return Err(Refusal::new(ErrorCode::InvalidGrant, reason, section));
        }
        Presented::Access(verified) => {
            let jti = verified.claims().get("jti");
            let issued = time(&verified, "iat").unwrap_or(now);
            let until = time(&verified, "exp").unwrap_or(now);
            if let Some(jti) = jti.and_then(Json::as_str) {
                demo.store().revoke(&jti, issued, now, until);
            }
        }
        Presented::Refresh {
            family, is_last, ..
        } => {
            if !is_last {
                entry.remark(
                    "the refresh token has been used already: its whole family is revoked",
                    "RFC 9700 section 4.14.2",
                );
            }
            demo.store().revoke_family(&family, now, lives);
        }
    }
    Ok(StatusCode::OK.into_response())
}
