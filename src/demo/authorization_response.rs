//! The way back to a client: a redirect, or a form that the browser posts.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::demo::demo_server::DemoServer;
use crate::demo::event::Entry;
use crate::demo::pages;
use crate::demo::response_mode::ResponseMode;

/// What stays as it is in a query (RFC 3986 section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How an answer gets to the client, once it is known to be the client's place.
#[derive(Clone)]
pub(super) struct AuthorizationResponse {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) mode: ResponseMode,
}

impl AuthorizationResponse {
    /// Sends parameters to the client, with its `state` and our `iss` (RFC 9207 section 2).
    pub(super) fn send(&self, demo: &DemoServer, parameters: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        let iss = ("iss", demo.settings().issuer.as_str());
        let all: Vec<(&str, &str)> = parameters
            .iter()
            .copied()
            .chain(state)
            .chain([iss])
            .collect();
        match self.mode {
            ResponseMode::FormPost => pages::form_post(&self.redirect_uri, &all).into_response(),
            ResponseMode::Query => self.redirect(&all),
        }
    }

    fn redirect(&self, parameters: &[(&str, &str)]) -> Response {
        let location = parameters
            .iter()
            .fold(self.redirect_uri.clone(), |uri, (name, value)| {
                with_parameter(&uri, name, value)
            });
        see_other(&location)
    }
}

/// A URI with one more parameter in its query.
pub(super) fn with_parameter(uri: &str, name: &str, value: &str) -> String {
    let separator = if uri.contains('?') { '&' } else { '?' };
    let value = utf8_percent_encode(value, RESERVED);
    format!("{uri}{separator}{name}={value}")
}

/// A redirect after which the browser forgets what it posted (RFC 9700 section 4.12).
pub(super) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        let mut entry = Entry::default();
        entry.remark(
            "there is a character in it that no URL has",
            "RFC 3986 section 2",
        );
        return entry.with(StatusCode::BAD_REQUEST);
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
