//! `/consent`: the page by which a resource owner says yes or no. Showing it grants nothing.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::authorization_response::{AuthorizationError, answer, see_other};
use crate::demo::browser_session::BrowserSession;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::ErrorCode;
use crate::demo::pages::{self, REQUEST_FIELD};
use crate::demo::path;

/// How many consents are remembered for a log-in.
const MOST_CONSENTS: usize = 32;

/// `GET /consent`, which follows a log-in.
pub(super) async fn show(State(demo): State<DemoServer>, headers: HeaderMap, uri: Uri) -> Response {
    let text = uri.query().unwrap_or_default();
    answer(&demo, page(&demo, &headers, text).await)
}

async fn page(
    demo: &DemoServer,
    headers: &HeaderMap,
    text: &str,
) -> Result<Response, AuthorizationError> {
    let request = AuthorizationRequest::read(demo, text)?;
    let browser = BrowserSession::of(demo, headers)?;
    let Some(logged_in) = browser.logged_in(demo) else {
        return Ok(log_in_first(demo, &request));
    };
    request.check_user(demo, &logged_in.user).await?;
    let page = pages::consent(&request, &logged_in.user, &browser.csrf_token());
    Ok(request.entry().with(page))
}

fn log_in_first(demo: &DemoServer, request: &AuthorizationRequest) -> Response {
    let path = demo.settings().pages().path();
    let location = format!("{path}{}?{}", path::AUTHORIZE, request.text);
    request.entry().with(see_other(&location))
}

/// `POST /consent`
pub(super) async fn decide(
    State(demo): State<DemoServer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&demo, respond(&demo, &headers, &body).await)
}

async fn respond(
    demo: &DemoServer,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, AuthorizationError> {
    let (browser, form) = BrowserSession::form(demo, headers, body)?;
    let request = AuthorizationRequest::read(demo, form.get(REQUEST_FIELD).unwrap_or_default())?;
    let Some(logged_in) = browser.logged_in(demo) else {
        return Ok(log_in_first(demo, &request));
    };
    if form.get("decision") != Some("allow") {
        return Err(request.refuse(ErrorCode::AccessDenied, "the resource owner said no"));
    }
    request.check_user(demo, &logged_in.user).await?;
    if let Some(login) = demo.store().logins.get_mut(browser.key(), demo.now()) {
        login.consents.truncate(MOST_CONSENTS.saturating_sub(1));
        login.consents.insert(0, request.consent());
    }
    request.grant(demo, &logged_in)
}
