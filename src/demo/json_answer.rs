//! Answers in JSON, with tokens or errors, which may not be cached (RFC 6749 sections 5.1 and 5.2).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::demo::error::{ErrorCode, OAuthError, status_of};
use crate::demo::event::Entry;
use crate::token::claims::Members;

/// An answer in JSON that may not be cached.
pub(super) fn json(status: StatusCode, body: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, body).into_response()
}

/// The body of an error (RFC 6749 section 5.2, RFC 6750 section 3).
pub(super) fn error_body(error: ErrorCode) -> String {
    let mut members = Members::new();
    members.set_text("error", error.code());
    members.set_text("error_description", error.description());
    members.text()
}

/// The answer to a client, with what the log is to say.
pub(super) fn answer(
    asked: &HeaderMap,
    result: Result<Response, OAuthError>,
    mut entry: Entry,
) -> Response {
    match result {
        Ok(response) => entry.with(response),
        Err(OAuthError { error, remark }) => {
            entry.remarks.push(remark);
            let mut response = json(status_of(error), error_body(error));
            if error == ErrorCode::InvalidClient && asked.contains_key(header::AUTHORIZATION) {
                // A client that used that header gets a 401 (RFC 6749 section 5.2), which names the scheme
                // (RFC 9110 section 11.6.1). To others it would look like a question to a person.
                *response.status_mut() = StatusCode::UNAUTHORIZED;
                let basic = HeaderValue::from_static("Basic realm=\"jott\"");
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, basic);
            }
            entry.with(response)
        }
    }
}
