//! `/login`: the form by which a resource owner says who they are.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::demo::acr::Acr;
use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::authorization_response::{AuthorizationError, answer, see_other};
use crate::demo::browser_session::BrowserSession;
use crate::demo::demo_server::DemoServer;
use crate::demo::pages::{self, REQUEST_FIELD};
use crate::demo::path;

pub(super) async fn login(
    State(demo): State<DemoServer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&demo, respond(&demo, &headers, &body))
}

fn respond(
    demo: &DemoServer,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, AuthorizationError> {
    let (browser, form) = BrowserSession::form(demo, headers, body)?;
    let request = AuthorizationRequest::read(demo, form.get(REQUEST_FIELD).unwrap_or_default())?;
    let name = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let Some(user) = demo.log_in(name, password) else {
        let mut entry = request.entry();
        entry.remark(
            "there is no user of this name and password",
            "OpenID Connect Core 1.0 section 3.1.2.3",
        );
        let page = pages::login(demo, &request, &browser.csrf_token(), Some(name));
        return Ok(entry.with((StatusCode::BAD_REQUEST, page)));
    };
    let acr = Acr::shown(form.get("otp"));
    if !request.is_met_by(acr) {
        let mut entry = request.entry();
        entry.remark(
            "the log-in must be by two factors, but the code is not six digits",
            "OpenID Connect Core 1.0 section 3.1.2.3",
        );
        let page = pages::login(demo, &request, &browser.csrf_token(), Some(name));
        return Ok(entry.with((StatusCode::BAD_REQUEST, page)));
    }
    let browser = browser.log_in(demo, user, acr)?;
    // The demands of `/authorize`, such as a new log-in, are met now.
    let next = format!(
        "{}{}?{}",
        demo.settings().pages().path(),
        path::CONSENT,
        request.text
    );
    Ok(browser.keep(demo, request.entry().with(see_other(&next))))
}
