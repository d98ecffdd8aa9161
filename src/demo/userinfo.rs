//! `/userinfo`: who has logged in (OpenID Connect Core 1.0 section 5.3).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::on;

use crate::demo::bearer::{Bearer, Challenge};
use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::fault::Stage;
use crate::demo::json_answer::json;
use crate::demo::path;
use crate::demo::reference::{
    Content, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::scope::OPENID;
use crate::demo::tokens::USERINFO_CLAIMS;
use crate::demo::user::scope_of;
use crate::token::claims::Members;

pub(super) const BY_GET: Operation = Operation {
    method: Method::Get,
    path: Path::Below(path::USERINFO),
    handler: |method| on(method, userinfo),
    tag: Tag::AuthorizationServer,
    openid: true,
    open: true,
    security: Security::Token(&[OPENID]),
    summary: "Say who has logged in",
    description: "Gives the claims that the scopes `profile` and `email` of the token allow, and those that were asked for by name.",
    section: "OpenID Connect Core 1.0 section 5.3",
    request: RequestContent::Nothing,
    responses: &[OperationResponse::new(
        200,
        "who it is",
        &[Content::Json(&USERINFO)],
    )],
};

pub(super) const BY_POST: Operation = Operation {
    method: Method::Post,
    summary: "Say who has logged in, too",
    description: "The same as with GET: a client may use either.",
    ..BY_GET
};

/// OpenID Connect Core 1.0 section 5.3.2.
const USERINFO: ObjectSchema = ObjectSchema {
    name: "UserInfo",
    description: "the claims about somebody, and any others that the configuration gives them",
    properties: &[
        text("sub", "the same as in the ID token")
            .required()
            .example(|examples| examples.user.to_owned()),
        text("name", "a name to show (`profile`)"),
        text("email", "an e-mail address (`email`)"),
        field(
            "email_verified",
            FieldType::Boolean,
            "whether it is known to be theirs (`email`)",
        ),
    ],
    open: true,
};

async fn userinfo(State(demo): State<DemoServer>, bearer: Bearer) -> Result<Response, Challenge> {
    let bearer = bearer.require(OPENID)?;
    let sub = bearer.subject();
    let user = demo.user(&sub);
    let mut members = Members::new();
    if let Some(user) = &user {
        let asked = bearer.texts(USERINFO_CLAIMS);
        let told = |name: &String| {
            let allowed = scope_of(name).is_none_or(|scope| bearer.has_scope(scope));
            allowed || asked.contains(name)
        };
        for (name, value) in user.claims.iter().filter(|(name, _)| told(name)) {
            members.set(name, value);
        }
    }
    let mut entry = bearer.entry();
    let client = entry.client.clone();
    let faults = demo.faults();
    let faults = faults.take(
        Stage::UserInfo,
        Endpoint::UserInfo,
        client.as_deref(),
        Some(&sub),
    );
    for taken in &faults {
        entry.fault(taken.fault);
    }
    members.set_text("sub", if faults.is_empty() { &sub } else { "wrong" });
    Ok(entry.with(json(StatusCode::OK, members.text())))
}
