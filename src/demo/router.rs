//! What is where. Nothing listens here: a router takes a request and gives an answer.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tower_service::Service as _;

use crate::demo::demo_server::DemoServer;
use crate::demo::event::Entry;
use crate::demo::json_answer::json;
use crate::demo::not_found::not_found;
use crate::demo::redact::quoted;
use crate::demo::reference::{self, Operation, operations};
use crate::demo::{
    authorize, consent, end_session, introspect, login, metadata, pages, resource, revoke,
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
    metadata::RESOURCE_SERVER,
    metadata::PROTECTED,
    metadata::ITEMS,
    metadata::USER_INFO,
    metadata::JWKS,
    reference::OPENAPI,
    resource::HEALTH,
];

/// The routes of a server, and which paths scripts of other origins may call.
#[derive(Clone)]
pub(super) struct Routes {
    router: Router,
    open: Arc<HashSet<String>>,
}

impl Routes {
    pub(super) fn of(demo: DemoServer) -> Self {
        let issuer = &demo.settings().issuer;
        let open = operations(&demo).filter(|row| row.open);
        let mut paths: HashSet<String> = open.map(|row| row.whole_path(issuer)).collect();
        // The root is there with and without a slash at its end.
        paths.insert(format!("{}/", issuer.path()));
        Routes {
            open: Arc::new(paths),
            router: router(demo),
        }
    }

    pub(super) fn is_open(&self, path: &str) -> bool {
        self.open.contains(path)
    }

    pub(super) async fn answer(&mut self, request: Request) -> Response {
        let method = request.method().clone();
        let response = self.router.call(request).await.into_response();
        match response.status() {
            StatusCode::METHOD_NOT_ALLOWED => explained(&method, response),
            _ => response,
        }
    }
}

fn router(demo: DemoServer) -> Router {
    let issuer = &demo.settings().issuer;
    let add = |routes: Router<DemoServer>, row: &Operation| {
        routes.route(&row.path(issuer), (row.handler)(row.method.filter()))
    };
    let (below, beside): (Vec<_>, Vec<_>) = operations(&demo).partition(|row| row.is_below());
    let below = below
        .into_iter()
        .fold(Router::new(), add)
        .route(LOGIN, post(login::login))
        .route(CONSENT, get(consent::show).post(consent::decide))
        .route(PLAYGROUND, get(pages::playground))
        .route(DOCS, get(pages::reference))
        .merge(pages::assets());
    let routes = match issuer.path() {
        "" => below,
        path => {
            let slash = (resource::ROOT.handler)(resource::ROOT.method.filter());
            let slash = Router::new().route(&format!("{path}/"), slash);
            Router::new().nest(path, below).merge(slash)
        }
    };
    beside
        .into_iter()
        .fold(routes, add)
        .method_not_allowed_fallback(not_allowed)
        .fallback(not_found)
        .with_state(demo)
}

/// Says in the log what the header tells the client (RFC 9110 section 15.5.6).
fn explained(method: &Method, response: Response) -> Response {
    let allow = response.headers().get(header::ALLOW);
    let allowed = allow
        .and_then(|allow| allow.to_str().ok())
        .unwrap_or("nothing");
    let mut entry = Entry::default();
    entry.remark(
        format!(
            "the method is {}, and there is {}",
            quoted(method.as_str(), 20),
            allowed.replace(',', ", ")
        ),
        "RFC 9110 section 15.5.6",
    );
    entry.with(response)
}

/// The header that says what is allowed is added by the router.
async fn not_allowed() -> Response {
    json(
        StatusCode::METHOD_NOT_ALLOWED,
        "{\"message\":\"this method is not allowed here\"}".to_owned(),
    )
}
