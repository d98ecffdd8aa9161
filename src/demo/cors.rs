//! What scripts of other origins may call (the Fetch standard, section 3.2): everything that needs
//! a token or a secret anyway, and nothing that uses cookies.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

const STAR: HeaderValue = HeaderValue::from_static("*");
/// The header lines that a script may read in addition to the usual ones.
const EXPOSED: HeaderValue = HeaderValue::from_static("WWW-Authenticate, DPoP-Nonce, Retry-After");

/// The answer to a preflight.
const PREFLIGHT: &[(HeaderName, &str)] = &[
    (
        header::ACCESS_CONTROL_ALLOW_METHODS,
        "GET, HEAD, POST, PUT, DELETE",
    ),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, dpop, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// The answer to a script that asks whether it may call.
pub(super) fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, STAR);
    for (name, value) in PREFLIGHT {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Opens an answer to all origins, unless it is a page, which is for people.
pub(super) fn open(response: &mut Response) {
    let headers = response.headers_mut();
    if !headers.contains_key(header::X_FRAME_OPTIONS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, STAR);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
