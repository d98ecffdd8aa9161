//! Browsers that come back: a cookie, and a token against forged forms that is made from it.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::parameters::Parameters;
use crate::demo::secret::{Fingerprint, fingerprint, random};
use crate::demo::service::Demo;
use crate::demo::state::Session;
use crate::demo::user::User;
use crate::text::time::Timestamp;

/// The field of a form that has the token against forgery.
pub(super) const CSRF_FIELD: &str = "csrf";

/// A browser at one of the pages.
pub(super) struct Visit {
    cookie: String,
    is_new: bool,
}

/// Who has logged in with a browser.
pub(super) struct LoggedIn {
    pub(super) user: Arc<User>,
    pub(super) auth_time: Timestamp,
}

impl Visit {
    /// Knows a browser by its cookie, or has one for it.
    pub(super) fn of(demo: &Demo, headers: &HeaderMap) -> Result<Visit, Refusal> {
        Ok(match cookie(demo, headers) {
            Some(cookie) => Visit {
                cookie,
                is_new: false,
            },
            None => Visit::new()?,
        })
    }

    fn new() -> Result<Visit, Refusal> {
        Ok(Visit {
            cookie: random()?,
            is_new: true,
        })
    }

    /// What its forms have to bring: nobody else can know it, because the cookie cannot be read
    /// from other origins, and the cookie cannot be had from it.
    pub(super) fn csrf_token(&self) -> String {
        let text = format!("csrf {}", self.cookie);
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
    }

    /// Refuses a form that was not made for this browser (RFC 6749 section 10.12).
    pub(super) fn check_form(&self, form: &Parameters) -> Result<(), Refusal> {
        let given = form.get(CSRF_FIELD).unwrap_or_default();
        let expected = self.csrf_token();
        verify_slices_are_equal(given.as_bytes(), expected.as_bytes())
            .ok()
            .filter(|()| !self.is_new)
            .ok_or_else(|| {
                Refusal::new(
                    ErrorCode::AccessDenied,
                    "the form was not made for this browser, or is an old one",
                    "RFC 6749 section 10.12",
                )
            })
    }

    /// Who has logged in.
    pub(super) fn logged_in(&self, demo: &Demo) -> Option<LoggedIn> {
        let state = demo.state();
        let session = state.sessions.get(self.key(), demo.now())?;
        Some(LoggedIn {
            user: Arc::clone(&session.user),
            auth_time: session.auth_time,
        })
    }

    /// Logs somebody in, under a new cookie: what was known before the log-in is worth nothing
    /// after it (session fixation).
    pub(super) fn log_in(&self, demo: &Demo, user: Arc<User>) -> Result<Visit, Refusal> {
        let visit = Visit::new()?;
        let now = demo.now();
        let session = Session {
            user,
            auth_time: now,
            consents: Vec::new(),
        };
        let until = now.saturating_add(demo.settings().lifetimes.session);
        let mut state = demo.state();
        state.sessions.remove(self.key());
        state.sessions.insert(visit.key(), session, now, until);
        Ok(visit)
    }

    /// Ends the log-in.
    pub(super) fn log_out(&self, demo: &Demo) {
        demo.state().sessions.remove(self.key());
    }

    /// The place of the session.
    pub(super) fn key(&self) -> Fingerprint {
        fingerprint(&self.cookie)
    }

    /// Gives the browser its cookie, if it has to have a new one.
    pub(super) fn keep(&self, demo: &Demo, mut response: Response) -> Response {
        if self.is_new {
            let secure = if demo.settings().pages().is_https() {
                "; Secure"
            } else {
                ""
            };
            let (name, value) = (cookie_name(demo), &self.cookie);
            let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
            if let Ok(value) = HeaderValue::try_from(text) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

/// Browsers send a cookie to every port of a host (RFC 6265 section 8.5), so each server has a name
/// of its own for it.
fn cookie_name(demo: &Demo) -> String {
    format!("jott_session_{}", demo.settings().port)
}

fn cookie(demo: &Demo, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(demo);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, value)| *n == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}
