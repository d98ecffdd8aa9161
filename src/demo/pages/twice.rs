//! The answer to a client, brought twice: once as a picture that the page loads, and once as the page that
//! the browser goes to. It is what a reload, a prefetch or a second tab does.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use maud::html;

use crate::demo::pages::narrow;
use crate::demo::redirect_uri::shown_host;

/// As for every page, but that the picture is the client's.
const POLICY: &str = "default-src 'self'; img-src http: https:; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

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
    let mut response = page.into_response();
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static(POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if let Ok(refresh) = HeaderValue::try_from(format!("1; url={location}")) {
        headers.insert(HeaderName::from_static("refresh"), refresh);
    }
    response
}
