//! What is where. Nothing listens here: a router takes a request and gives an answer.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, map_response};
use axum::response::Response;
use axum::routing::{get, post};

use crate::demo::json_answer::json;
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

/// The routes of a server.
pub(super) fn router(demo: Demo) -> Router {
    let issuer = demo.settings().issuer.clone();
    let open = Router::new()
        .route("/", get(resource::root).layer(map_response(by_accept)))
        .route("/healthz", get(resource::health))
        .route("/protected", get(resource::protected))
        .route("/items", get(resource::items).post(resource::add_item))
        .route("/token", post(token_endpoint::token))
        .route(
            "/userinfo",
            get(userinfo::userinfo).post(userinfo::userinfo),
        )
        .route("/jwks.json", get(metadata::jwks))
        .route(
            "/.well-known/openid-configuration",
            get(metadata::openid_document),
        );
    let well_known = Router::new()
        .route(
            &issuer.well_known("oauth-authorization-server"),
            get(metadata::authorization_server_document),
        )
        .route(
            &issuer.well_known("oauth-protected-resource"),
            get(metadata::protected_resource_document),
        );
    let own = Router::new()
        .route(AUTHORIZE, get(authorize::by_query).post(authorize::by_form))
        .route(LOGIN, post(login::login))
        .route(CONSENT, get(consent::show).post(consent::decide))
        .route(
            END_SESSION,
            get(end_session::by_query).post(end_session::by_form),
        )
        .route(PLAYGROUND, get(pages::playground))
        .merge(pages::assets())
        .route("/introspect", post(introspect::introspect))
        .route("/revoke", post(revoke::revoke))
        .method_not_allowed_fallback(not_allowed);
    let opened = |routes: Router<Demo>| {
        routes
            .method_not_allowed_fallback(not_allowed)
            .layer(from_fn(cors::open))
    };
    let below = own.merge(opened(open));
    let routes = match issuer.path() {
        "" => below,
        path => Router::new().nest(path, below),
    };
    routes
        .merge(opened(well_known))
        .fallback(not_found)
        .with_state(demo)
}

/// Says that the answer depends on what the client would like (RFC 9110 section 12.5.5).
async fn by_accept(mut response: Response) -> Response {
    let accept = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, accept);
    response
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
