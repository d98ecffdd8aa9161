//! The answer to a client, brought twice: once as a picture or a frame that the page loads, and once as the
//! page that the browser goes to. It is what a reload, a prefetch or a second tab does.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use maud::html;

use crate::demo::pages::form_post::fields;
use crate::demo::pages::{Page, narrow};
use crate::demo::redirect_uri::shown_host;

/// As for every page, except that the picture or the frame comes from the client.
const POLICY: &str = "default-src 'self'; img-src http: https:; frame-src http: https:; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

pub(in crate::demo) fn twice(location: &str) -> Response {
    let page = narrow(
        "Back to the application",
        None,
        &html! {
            h1 { "Back to the application, twice" }
            p { "A fault brings the answer to " code { (shown_host(location)) } " twice." }
            img src=(location) alt="";
            p { a.button href=(location) { "Continue" } }
        },
    );
    let mut response = with_policy(page);
    let headers = response.headers_mut();
    if let Ok(refresh) = HeaderValue::try_from(format!("1; url={location}")) {
        headers.insert(HeaderName::from_static("refresh"), refresh);
    }
    response
}

/// The same for an answer in a form: a script posts it into the frame, and a second later as the page;
/// without scripts, it is posted each time somebody presses the button.
pub(in crate::demo) fn form_post_twice(
    redirect_uri: &str,
    parameters: &[(&str, &str)],
) -> Response {
    with_policy(narrow(
        "Back to the application",
        Some("submit.js"),
        &html! {
            h1 { "Back to the application, twice" }
            p { "A fault brings the answer to " code { (shown_host(redirect_uri)) } " twice." }
            form #answer method="post" action=(redirect_uri) data-first="first" { (fields(parameters)) }
            iframe name="first" title="The first time" hidden {}
        },
    ))
}

fn with_policy(page: Page) -> Response {
    let mut response = page.into_response();
    let policy = HeaderValue::from_static(POLICY);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
