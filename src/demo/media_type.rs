//! Of which media type the body of a request is said to be (RFC 9110 section 8.3.1).

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether a body is said to be of a media type, whatever its parameters.
pub(super) fn is(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let mut parts = content_type.unwrap_or_default().split(|b| *b == b';');
    parts.next().is_some_and(|essence| {
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(media_type.as_bytes())
    })
}
