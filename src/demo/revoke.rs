//! `/revoke`: revokes a token (RFC 7009): a refresh token with its whole family, an access token
//! alone.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use crate::demo::claim_time::time;
use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::FORGOTTEN;
use crate::demo::path;
use crate::demo::presented::Presented;
use crate::demo::reference::{
    Content, Method, Operation, OperationResponse, Path, RequestContent, Security, Tag, text,
};
use crate::token::json::Json;

pub(super) const REVOKE: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::REVOKE),
    handler: |method| on(method, revoke),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: false,
    security: Security::Client,
    summary: "Revoke a token",
    description: "Revokes a token of the client. With a refresh token, its whole family is revoked.",
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
        OperationResponse::new(200, "the token is not valid any more, or never was", &[]),
        OperationResponse::new(
            400,
            "the request is malformed, or the token is another client's",
            &[Content::Error(&[
                ErrorCode::InvalidGrant,
                ErrorCode::InvalidRequest,
                ErrorCode::InvalidClient,
            ])],
        ),
    ],
};

const SECTION: &str = "RFC 7009 section 2.1";

async fn revoke(request: FormRequest) -> Response {
    request.respond(SECTION, respond).await
}

fn respond(mut form: ClientForm<'_>) -> Result<Response, OAuthError> {
    let client = form.require_client()?;
    let ClientForm { demo, entry, .. } = form;
    let token = form.parameters.require("token", SECTION)?;
    let presented = Presented::of(demo, form.keys, token, &client);
    let owner = presented.owner();
    let (now, lives) = (demo.now(), demo.longest_lifetimes());
    match presented {
        // The client wanted it to be invalid, and it is (section 2.2).
        Presented::Nothing(why) => entry.remark(
            format!("there was nothing to revoke: {}", why.text),
            "RFC 7009 section 2.2",
        ),
        _ if owner.as_ref() != Some(&client.id) => {
            let owner = owner.as_deref().unwrap_or("nobody");
            let reason = format!("the token was issued to {owner}");
            return Err(OAuthError::new(ErrorCode::InvalidGrant, reason, SECTION));
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
        Presented::Forgotten { family, .. } => {
            entry.remark(FORGOTTEN, SECTION);
            demo.store().revoke_family(&family, now, lives);
        }
    }
    Ok(StatusCode::OK.into_response())
}
