//! The routes. Nothing listens here: a router takes a request and gives an answer.

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
use crate::demo::operations::operations;
use crate::demo::path::{CONSENT, DEVICE, DOCS, LOGIN, MCP, PLAYGROUND};
use crate::demo::redact::quoted;
use crate::demo::reference::Operation;
use crate::demo::{consent, control, device_verification, federation, login, mcp, pages, resource};

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
            StatusCode::METHOD_NOT_ALLOWED if !has_reason(&response) => {
                explained(&method, response)
            }
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
        .route(
            DEVICE,
            get(device_verification::show).post(device_verification::decide),
        )
        .route(PLAYGROUND, get(pages::playground))
        .route(DOCS, pages::reference())
        .route(MCP, get(mcp::nothing_to_listen_to))
        .merge(control::routes())
        .merge(federation::routes(&demo))
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

/// Whether the log knows already why it is refused.
fn has_reason(response: &Response) -> bool {
    let entry = response.extensions().get::<Entry>();
    entry.is_some_and(|entry| !entry.remarks.is_empty())
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
            "the method is {}; supported: {}",
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

/// An answer in JSON, with what the log is told.
#[cfg(test)]
pub(super) struct JsonAnswer {
    pub(super) status: StatusCode,
    pub(super) body: serde_json::Value,
    pub(super) remarks: Vec<crate::demo::event::Remark>,
}

#[cfg(test)]
impl Routes {
    /// Posts a form.
    pub(super) async fn post(&mut self, path: &str, form: String) -> JsonAnswer {
        use axum::body::{Body, to_bytes};
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        let mut answer = self.answer(request.unwrap()).await;
        let entry: Entry = answer.extensions_mut().remove().unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        JsonAnswer {
            status,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            remarks: entry.remarks,
        }
    }
}
