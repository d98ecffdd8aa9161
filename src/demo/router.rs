//! What is where. Nothing listens here: a router takes a request and gives an answer.

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, post};

use crate::demo::json_answer::json;
use crate::demo::reference::{self, Operation, operations};
use crate::demo::service::Demo;
use crate::demo::{
    authorize, consent, cors, end_session, introspect, login, metadata, pages, resource, revoke,
    token_endpoint, userinfo,
};

pub(super) const AUTHORIZE: &str = "/authorize";
pub(super) const LOGIN: &str = "/login";
pub(super) const CONSENT: &str = "/consent";
pub(super) const END_SESSION: &str = "/end_session";
pub(super) const PLAYGROUND: &str = "/playground";
pub(super) const DOCS: &str = "/docs";

/// What programs can ask for, in the order of the reference.
pub(super) const OPERATIONS: &[Operation] = &[
    resource::ROOT,
    resource::PROTECTED,
    resource::ITEMS,
    resource::ADD_ITEM,
    authorize::BY_QUERY,
    authorize::BY_FORM,
    token_endpoint::TOKEN,
    userinfo::BY_GET,
    userinfo::BY_POST,
    introspect::INTROSPECT,
    revoke::REVOKE,
    end_session::BY_QUERY,
    end_session::BY_FORM,
    metadata::AUTHORIZATION_SERVER,
    metadata::OPENID_PROVIDER,
    metadata::PROTECTED_RESOURCE,
    metadata::JWKS,
    reference::OPENAPI,
    resource::HEALTH,
];

/// The routes of a server.
pub(super) fn router(demo: Demo) -> Router {
    let issuer = &demo.settings().issuer;
    let there = |open: bool, below: bool| {
        let chosen = operations(&demo).filter(|row| row.open == open && row.is_below() == below);
        chosen.fold(Router::new(), |routes, row| {
            routes.route(&row.path(issuer), (row.handler)(row.method.filter()))
        })
    };
    let own = there(false, true)
        .route(LOGIN, post(login::login))
        .route(CONSENT, get(consent::show).post(consent::decide))
        .route(PLAYGROUND, get(pages::playground))
        .route(DOCS, get(pages::reference))
        .merge(pages::assets())
        .method_not_allowed_fallback(not_allowed);
    let opened = |routes: Router<Demo>| {
        routes
            .method_not_allowed_fallback(not_allowed)
            .layer(from_fn(cors::open))
    };
    let below = own.merge(opened(there(true, true)));
    let routes = match issuer.path() {
        "" => below,
        // The root is there with and without a slash at its end.
        path => {
            let slash = (resource::ROOT.handler)(resource::ROOT.method.filter());
            let slash = Router::new().route(&format!("{path}/"), slash);
            Router::new().nest(path, below).merge(opened(slash))
        }
    };
    routes
        .merge(opened(there(true, false)))
        .fallback(not_found)
        .with_state(demo)
}

async fn not_found() -> Response {
    json(
        StatusCode::NOT_FOUND,
        "{\"message\":\"there is nothing here\"}".to_owned(),
    )
}

/// The header that says what is allowed is added by the router.
async fn not_allowed() -> Response {
    json(
        StatusCode::METHOD_NOT_ALLOWED,
        "{\"message\":\"this method is not allowed here\"}".to_owned(),
    )
}
