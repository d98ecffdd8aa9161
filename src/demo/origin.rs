//! Where a form was posted from.

use axum::http::{HeaderMap, header};

use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::redact::quoted;
use crate::text::url::{HttpUrl, is_loopback};

/// Refuses a form of another origin (RFC 6749 section 10.12). Browsers send its origin in `Origin`,
/// or at least `Sec-Fetch-Site`; a client that sends neither is not a current browser.
pub(super) fn check(demo: &DemoServer, headers: &HeaderMap) -> Result<(), OAuthError> {
    let text = |name| {
        headers
            .get(name)
            .map(|v: &header::HeaderValue| v.to_str().unwrap_or("?"))
    };
    let from = match (text("origin"), text("sec-fetch-site")) {
        (Some(origin), _) if is_own(demo, headers, origin) => return Ok(()),
        (Some(origin), _) => origin,
        (None, None | Some("same-origin")) => return Ok(()),
        (None, Some(site)) => site,
    };
    Err(OAuthError::new(
        ErrorCode::AccessDenied,
        format!("the form was posted from elsewhere: {}", quoted(from, 80)),
        "RFC 6749 section 10.12",
    ))
}

/// The origin of a page that makes a request, if the page is from another machine: not one of this
/// server, and not of this machine, where pages are served for trying things.
pub(super) fn of_another_machine(demo: &DemoServer, headers: &HeaderMap) -> Option<String> {
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or("?");
    let is_local = HttpUrl::split(origin).is_some_and(|url| is_loopback(url.host));
    let is_known = is_local || is_own(demo, headers, origin);
    (!is_known).then(|| origin.to_owned())
}

/// Whether an origin is the server's own: one of its URLs, or the one under which this request
/// came; its host has been checked.
fn is_own(demo: &DemoServer, headers: &HeaderMap, origin: &str) -> bool {
    let settings = demo.settings();
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    origin == settings.issuer.origin()
        || origin == settings.pages().origin()
        || host.is_some_and(|host| origin.split_once("://") == Some((settings.scheme(), host)))
}
