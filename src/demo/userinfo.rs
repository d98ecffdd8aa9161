//! `/userinfo`: who has logged in (OpenID Connect Core 1.0 section 5.3).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::json_answer::json;
use crate::demo::scope::OPENID;
use crate::demo::service::Demo;
use crate::demo::user::scope_of;
use crate::token::claims::Members;

pub(super) async fn userinfo(
    State(demo): State<Demo>,
    bearer: Result<Bearer, Challenge>,
) -> Result<Response, Response> {
    if !demo.has_openid() {
        return Err(StatusCode::NOT_FOUND.into_response());
    }
    let bearer = bearer
        .and_then(|bearer| bearer.require(OPENID))
        .map_err(Challenge::into_response)?;
    let sub = bearer.subject();
    let user = demo.user(&sub);
    let mut members = Members::new();
    if let Some(user) = &user {
        let told = user
            .claims
            .iter()
            .filter(|(name, _)| scope_of(name).is_none_or(|scope| bearer.has_scope(scope)));
        for (name, value) in told {
            members.set(name, value.to_string());
        }
    }
    members.set_text("sub", &sub);
    Ok(bearer.entry().with(json(StatusCode::OK, members.text())))
}
