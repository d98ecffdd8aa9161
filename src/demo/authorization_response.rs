//! What goes back to a client with the browser: a redirect, or a form that the browser posts. Where
//! nothing goes back, it is a page.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError, status_of};
use crate::demo::event::Entry;
use crate::demo::fault::{Fault, Stage};
use crate::demo::pages;
use crate::demo::response_mode::ResponseMode;
use crate::oauth::form::with_parameter;

/// How an answer gets to the client, once the redirect URI is known to be the client's.
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
        let issuer = demo.settings().issuer.as_str();
        let (mut state, mut iss, mut twice) = (self.state.as_deref(), Some(issuer), false);
        let near = format!("{issuer}/");
        let mut entry = Entry::default();
        let client = Some(self.client_id.as_str());
        let faults = demo.faults();
        for taken in faults.take(Stage::Redirect, Endpoint::Authorize, client, None) {
            entry.fault(taken.fault);
            match taken.fault {
                Fault::WrongResponseIss => iss = Some("https://wrong.example"),
                Fault::NoResponseIss => iss = None,
                Fault::NearResponseIss => iss = Some(&near),
                Fault::WrongState => state = Some("wrong"),
                Fault::CallbackTwice => twice = true,
                _ => {}
            }
        }
        let state = state.map(|state| ("state", state));
        let iss = iss.map(|iss| ("iss", iss));
        let own = parameters.iter().copied();
        let all: Vec<(&str, &str)> = own.chain(state).chain(iss).collect();
        entry.with(match self.mode {
            ResponseMode::FormPost if twice => pages::form_post_twice(&self.redirect_uri, &all),
            ResponseMode::FormPost => pages::form_post(&self.redirect_uri, &all).into_response(),
            ResponseMode::Query if twice => pages::twice(&self.location(&all)),
            ResponseMode::Query => see_other(&self.location(&all)),
        })
    }

    fn location(&self, parameters: &[(&str, &str)]) -> String {
        parameters
            .iter()
            .fold(self.redirect_uri.clone(), |uri, (name, value)| {
                with_parameter(&uri, name, value)
            })
    }
}

/// A request for authorization that is refused: with a page where the redirect URI is not known, else with an answer
/// to the client (RFC 6749 section 4.1.2.1).
pub(super) enum AuthorizationError {
    Page(OAuthError),
    Back(Box<Return>),
}

/// A refusal on its way back.
pub(super) struct Return {
    response: AuthorizationResponse,
    refusal: OAuthError,
    /// The fault that caused it.
    fault: Option<Fault>,
}

impl From<OAuthError> for AuthorizationError {
    fn from(refusal: OAuthError) -> Self {
        AuthorizationError::Page(refusal)
    }
}

impl AuthorizationError {
    /// A refusal that goes back to the client.
    pub(super) fn back(response: AuthorizationResponse, refusal: OAuthError) -> AuthorizationError {
        AuthorizationError::Back(Box::new(Return {
            response,
            refusal,
            fault: None,
        }))
    }

    /// The refusal alone, for an answer to the client itself.
    pub(super) fn into_refusal(self) -> OAuthError {
        match self {
            AuthorizationError::Page(refusal) => refusal,
            AuthorizationError::Back(refused) => refused.refusal,
        }
    }

    /// The same, caused by a fault.
    pub(super) fn by(mut self, fault: Fault) -> AuthorizationError {
        if let AuthorizationError::Back(refused) = &mut self {
            refused.fault = Some(fault);
        }
        self
    }
}

/// The answer to a browser, a refusal included.
pub(super) fn answer(demo: &DemoServer, result: Result<Response, AuthorizationError>) -> Response {
    match result {
        Ok(response) => response,
        Err(AuthorizationError::Page(refusal)) => {
            let status = match refusal.error {
                ErrorCode::AccessDenied => StatusCode::FORBIDDEN,
                error => status_of(error),
            };
            let mut entry = Entry::default();
            entry.remarks.push(refusal.remark.clone());
            // A challenge would make the browser ask for a password of its own.
            let status = match status {
                StatusCode::UNAUTHORIZED => StatusCode::BAD_REQUEST,
                status => status,
            };
            entry.with((status, pages::refusal(&refusal, demo.settings().advise)))
        }
        Err(AuthorizationError::Back(refused)) => {
            let Return {
                response,
                refusal,
                fault,
            } = *refused;
            let mut entry = Entry::of(&response.client_id);
            match fault {
                Some(fault) => entry.fault(fault),
                None => entry.remarks.push(refusal.remark),
            }
            let error = refusal.error;
            let parameters = [
                ("error", error.code()),
                ("error_description", error.description()),
            ];
            entry.with(response.send(demo, &parameters))
        }
    }
}

/// A redirect after which the browser forgets what it posted (RFC 9700 section 4.12).
pub(super) fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        let mut entry = Entry::default();
        entry.remark(
            "the URL of the redirect has a character that no URL has",
            "RFC 3986 section 2",
        );
        return entry.with(StatusCode::BAD_REQUEST);
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
