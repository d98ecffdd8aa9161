//! The media types in the header of a request (RFC 9110 section 8.3.1).

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether the answer may be of a media type (RFC 9110 section 12.5.1): without a header, any is
/// accepted. Of the weights only 0 counts.
pub(super) fn is_accepted(headers: &HeaderMap, media_type: &str) -> bool {
    let mut given = headers.get_all(header::ACCEPT).iter().peekable();
    if given.peek().is_none() {
        return true;
    }
    let kind = media_type.split('/').next().unwrap_or_default();
    given
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default().to_ascii_lowercase();
            let fits = range == media_type || range == format!("{kind}/*") || range == "*/*";
            let is_unwanted =
                |weight: &str| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            fits && !parts.any(is_unwanted)
        })
}

/// Whether the header gives a body this media type, with any parameters.
pub(super) fn is(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let mut parts = content_type.unwrap_or_default().split(|b| *b == b';');
    parts.next().is_some_and(|essence| {
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(media_type.as_bytes())
    })
}

/// Whether the client prefers a page, as browsers do (RFC 9110 section 12.5.1).
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
