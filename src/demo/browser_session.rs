//! Browsers that come back: a cookie, and a token against forged forms, which is made from the
//! cookie.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::demo::acr::Acr;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::logout_token::{self, Ended};
use crate::demo::origin;
use crate::demo::parameters::Parameters;
use crate::demo::secret::{Fingerprint, fingerprint, random};
use crate::demo::store::Login;
use crate::demo::user::User;
use crate::text::time::Timestamp;

/// The field of a form that has the token against forgery.
pub(super) const CSRF_FIELD: &str = "csrf";

/// How many clients are told of a log-out.
const MOST_CLIENTS: usize = 32;

/// A browser at one of the pages.
pub(super) struct BrowserSession {
    cookie: String,
    is_new: bool,
}

/// Who has logged in with a browser.
pub(super) struct LoggedIn {
    pub(super) user: Arc<User>,
    pub(super) auth_time: Timestamp,
    pub(super) acr: Acr,
    /// The name of the session.
    pub(super) sid: String,
    /// Where the log-in is kept, if it is.
    pub(super) place: Option<Fingerprint>,
}

impl LoggedIn {
    /// Notes that a client has got a code in this session.
    pub(super) fn note_client(&self, demo: &DemoServer, client_id: &str) {
        let mut store = demo.store();
        let place = self.place;
        let login = place.and_then(|place| store.logins.get_mut(place, demo.now()));
        if let Some(login) = login.filter(|login| !login.clients.iter().any(|id| id == client_id)) {
            login.clients.truncate(MOST_CLIENTS.saturating_sub(1));
            login.clients.push(client_id.to_owned());
        }
    }
}

impl BrowserSession {
    /// Recognizes a browser by its cookie, or makes a cookie for it.
    pub(super) fn of(demo: &DemoServer, headers: &HeaderMap) -> Result<BrowserSession, OAuthError> {
        Ok(match cookie(demo, headers) {
            Some(cookie) => BrowserSession {
                cookie,
                is_new: false,
            },
            None => BrowserSession::new()?,
        })
    }

    /// Reads a form that a page of this server has sent from this browser; also gives the browser.
    pub(super) fn form(
        demo: &DemoServer,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(BrowserSession, Parameters), OAuthError> {
        origin::check(demo, headers)?;
        let form = Parameters::of_form(headers, body)?;
        let browser = BrowserSession::of(demo, headers)?;
        browser.check_form(&form)?;
        Ok((browser, form))
    }

    fn new() -> Result<BrowserSession, OAuthError> {
        Ok(BrowserSession {
            cookie: random()?,
            is_new: true,
        })
    }

    /// The token that its forms have to bring. Nobody else can know it, because other origins
    /// cannot read the cookie; and the cookie cannot be computed from it.
    pub(super) fn csrf_token(&self) -> String {
        let text = format!("csrf {}", self.cookie);
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
    }

    /// Refuses a form that was not made for this browser (RFC 6749 section 10.12).
    pub(super) fn check_form(&self, form: &Parameters) -> Result<(), OAuthError> {
        let given = form.get(CSRF_FIELD).unwrap_or_default();
        let expected = self.csrf_token();
        verify_slices_are_equal(given.as_bytes(), expected.as_bytes())
            .ok()
            .filter(|()| !self.is_new)
            .ok_or_else(|| {
                OAuthError::new(
                    ErrorCode::AccessDenied,
                    "the form was not made for this browser, or is an old one",
                    "RFC 6749 section 10.12",
                )
            })
    }

    /// Who has logged in.
    pub(super) fn logged_in(&self, demo: &DemoServer) -> Option<LoggedIn> {
        let store = demo.store();
        let login = store.logins.get(self.key(), demo.now())?;
        Some(LoggedIn {
            user: Arc::clone(&login.user),
            auth_time: login.auth_time,
            acr: login.acr,
            sid: login.sid.clone(),
            place: Some(self.key()),
        })
    }

    /// Logs somebody in, under a new cookie: a cookie from before the log-in is worth nothing after
    /// it (session fixation).
    pub(super) fn log_in(
        &self,
        demo: &DemoServer,
        user: Arc<User>,
        acr: Acr,
    ) -> Result<BrowserSession, OAuthError> {
        let browser = BrowserSession::new()?;
        let now = demo.now();
        let login = Login {
            user,
            auth_time: now,
            acr,
            sid: random()?,
            clients: Vec::new(),
            consents: Vec::new(),
        };
        let until = now.saturating_add(demo.settings().lifetimes.session);
        let mut store = demo.store();
        store.logins.remove(self.key());
        store.logins.insert(browser.key(), login, now, until);
        Ok(browser)
    }

    /// Ends the log-in, and tells the clients that wait for it.
    pub(super) fn log_out(&self, demo: &DemoServer) {
        let login = demo.store().logins.remove(self.key());
        if let Some(login) = login {
            let ended = Ended {
                sub: login.user.name.clone(),
                sid: login.sid,
                clients: login.clients,
            };
            logout_token::tell(demo, &ended);
        }
    }

    /// The place of the session.
    pub(super) fn key(&self) -> Fingerprint {
        fingerprint(&self.cookie)
    }

    /// Gives the browser its cookie, if it needs a new one.
    pub(super) fn keep(&self, demo: &DemoServer, mut response: Response) -> Response {
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
fn cookie_name(demo: &DemoServer) -> String {
    format!("jott_session_{}", demo.settings().port)
}

fn cookie(demo: &DemoServer, headers: &HeaderMap) -> Option<String> {
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
