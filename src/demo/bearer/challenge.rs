//! The answer that asks for an access token, or for a better one.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::demo::acr::Acr;
use crate::demo::bearer::sent::Scheme;
use crate::demo::demo_server::DemoServer;
use crate::demo::dpop::algorithms;
use crate::demo::error::{ErrorCode, status_of};
use crate::demo::event::{Entry, Remark};
use crate::demo::json_answer::{error_body, json};
use crate::demo::protected::Resource;
use crate::oauth::dpop::SCHEME;

/// How many seconds ago the log-in may be where a stronger log-in is wanted.
pub(super) const STEP_UP_AGE: i64 = 300;

/// The resource that a request is for.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) demo: DemoServer,
    pub(super) resource: Resource,
    pub(super) host: Option<HeaderValue>,
    /// The scope to ask for first, for what was asked there.
    pub(super) scope: Option<&'static str>,
    /// How the token came.
    pub(super) scheme: Scheme,
}

/// An answer that asks for a token, or for a better one (RFC 6750 section 3).
pub(in crate::demo) struct Challenge {
    pub(super) door: Door,
    pub(super) entry: Entry,
    /// `None` where nothing was sent: then no error is named (section 3.1).
    pub(super) error: Option<ErrorCode>,
    /// The scope that is missing.
    pub(super) scope: Option<&'static str>,
    /// How many challenges there are, which only faults change.
    pub(super) challenges: Challenges,
    pub(super) scheme: Scheme,
}

/// How a challenge is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Challenges {
    None,
    One,
    Several,
}

impl Door {
    /// Asks for a token, or for a better one.
    pub(super) fn challenge(self, error: Option<ErrorCode>, remark: Remark) -> Challenge {
        let mut entry = Entry::default();
        entry.remarks.push(remark);
        Challenge {
            entry,
            error,
            scope: self.scope,
            challenges: Challenges::One,
            scheme: self.scheme,
            door: self,
        }
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let Challenge {
            door,
            entry,
            error,
            scope,
            challenges,
            scheme,
        } = self;
        let (base, _) = door.demo.base_of(door.host.as_ref());
        let metadata = door.resource.metadata_url(base);
        // RFC 9728 section 5.1.
        let mut challenge = match scheme {
            Scheme::Bearer => "Bearer realm=\"jott\"".to_owned(),
            Scheme::Dpop => format!(
                "{SCHEME} realm=\"jott\", algs=\"{}\"",
                algorithms().join(" ")
            ),
        };
        challenge.push_str(&format!(", resource_metadata=\"{metadata}\""));
        if let Some(error) = error {
            let (code, description) = (error.code(), error.description());
            challenge.push_str(&format!(
                ", error=\"{code}\", error_description=\"{description}\""
            ));
        }
        if error == Some(ErrorCode::InsufficientUserAuthentication) {
            let acr = Acr::TwoFactors.name();
            challenge.push_str(&format!(", acr_values=\"{acr}\", max_age={STEP_UP_AGE}"));
        }
        if let Some(scope) = scope {
            challenge.push_str(&format!(", scope=\"{scope}\""));
        }
        let mut response = match error {
            Some(error @ (ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce)) => {
                json(StatusCode::UNAUTHORIZED, error_body(error))
            }
            Some(error) => json(status_of(error), error_body(error)),
            None => json(
                StatusCode::UNAUTHORIZED,
                "{\"message\":\"an access token is needed\"}".to_owned(),
            ),
        };
        let challenge = match challenges {
            Challenges::Several => {
                format!("Basic realm=\"jott\", Negotiate, {challenge}, DPoP algs=\"ES256\"")
            }
            Challenges::None | Challenges::One => challenge,
        };
        if challenges == Challenges::None {
            return entry.with(response);
        }
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        entry.with(response)
    }
}
