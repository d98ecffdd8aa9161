//! Of which media type the body of a request is said to be (RFC 9110 section 8.3.1).

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether the answer may be of a media type (RFC 9110 section 12.5.1): without a header it may be of
/// any. Weights are not looked at, but for what is not wanted at all.
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

/// Whether whoever asks would rather read a page, as browsers say (RFC 9110 section 12.5.1).
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
