//! `/device`: somebody enters the code that a device shows, logs in, and says yes or no (RFC 8628 section
//! 3.3). Nothing is granted by a link.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use crate::demo::acr::Acr;
use crate::demo::authorization_response::{AuthorizationError, answer};
use crate::demo::browser_session::{BrowserSession, LoggedIn};
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::device::{Decision, as_shown, place_of};
use crate::demo::event::Entry;
use crate::demo::pages;
use crate::demo::parameters::Parameters;
use crate::demo::scope::Scope;
use crate::demo::secret::Fingerprint;

const SECTION: &str = "RFC 8628 section 3.3";

/// A device that waits, as a page shows it.
pub(super) struct Waiting {
    place: Fingerprint,
    pub(super) client: Arc<Client>,
    pub(super) scope: Scope,
    pub(super) user_code: String,
}

/// `GET /device`
pub(super) async fn show(State(demo): State<DemoServer>, headers: HeaderMap, uri: Uri) -> Response {
    let text = uri.query().unwrap_or_default();
    answer(&demo, page(&demo, &headers, text))
}

fn page(
    demo: &DemoServer,
    headers: &HeaderMap,
    text: &str,
) -> Result<Response, AuthorizationError> {
    let parameters = Parameters::parse(text.as_bytes())?;
    let user_code = parameters.get("user_code");
    let browser = BrowserSession::of(demo, headers)?;
    if demo.settings().auto_login
        && let Some(code) = user_code
        && let Ok(waiting) = Waiting::find(demo, code)
        && let Some(user) = demo.settings().users.first()
        && let Some(user) = demo.user(&user.name)
    {
        let logged_in = LoggedIn {
            user,
            auth_time: demo.now(),
            acr: Acr::Password,
            sid: String::new(),
            place: None,
        };
        let mut entry = Entry::of(&waiting.client.id);
        entry.remark(
            "nobody was asked: log-in and consent are automatic here",
            SECTION,
        );
        waiting.decide(demo, Some(&logged_in));
        return Ok(entry.with(pages::device_done(true)));
    }
    let page = pages::device_code(user_code, &browser.csrf_token(), None);
    Ok(browser.keep(demo, page.into_response()))
}

/// `POST /device`
pub(super) async fn decide(
    State(demo): State<DemoServer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&demo, respond(&demo, &headers, &body))
}

fn respond(
    demo: &DemoServer,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, AuthorizationError> {
    let (browser, form) = BrowserSession::form(demo, headers, body)?;
    let csrf = browser.csrf_token();
    let code = form.get("user_code").unwrap_or_default();
    let waiting = match Waiting::find(demo, code) {
        Ok(waiting) => waiting,
        Err(wrong) => {
            let (status, words) = wrong.shown();
            let mut entry = Entry::default();
            entry.remark(words, SECTION);
            let page = pages::device_code(Some(code), &csrf, Some(words));
            return Ok(entry.with((status, page)));
        }
    };
    let mut entry = Entry::of(&waiting.client.id);
    let name = form.get("username");
    if let Some(name) = name {
        let password = form.get("password").unwrap_or_default();
        let Some(user) = demo.log_in(name, password) else {
            entry.remark(
                "there is no user of this name and password",
                "OpenID Connect Core 1.0 section 3.1.2.3",
            );
            let page = pages::device_login(demo, &waiting, &csrf, Some(name));
            return Ok(entry.with((StatusCode::BAD_REQUEST, page)));
        };
        let browser = browser.log_in(demo, Arc::clone(&user), Acr::Password)?;
        let page = pages::device_consent(&waiting, &user, &browser.csrf_token());
        return Ok(browser.keep(demo, entry.with(page)));
    }
    let Some(logged_in) = browser.logged_in(demo) else {
        let page = pages::device_login(demo, &waiting, &csrf, None);
        return Ok(entry.with(page));
    };
    match form.get("decision") {
        None => Ok(entry.with(pages::device_consent(&waiting, &logged_in.user, &csrf))),
        Some("allow") => {
            waiting.decide(demo, Some(&logged_in));
            Ok(entry.with(pages::device_done(true)))
        }
        Some(_) => {
            waiting.decide(demo, None);
            entry.remark("the resource owner said no", SECTION);
            Ok(entry.with(pages::device_done(false)))
        }
    }
}

/// Why no device is found.
enum Wrong {
    Unknown,
    TooMany,
}

impl Wrong {
    fn shown(&self) -> (StatusCode, &'static str) {
        match self {
            Wrong::Unknown => (
                StatusCode::BAD_REQUEST,
                "There is no such code, or it has expired, or somebody has decided on it.",
            ),
            Wrong::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many codes were wrong. Wait a minute, and try again.",
            ),
        }
    }
}

impl Waiting {
    /// The device that shows a code, while it waits for a decision; the number of wrong codes is limited
    /// (section 5.1).
    fn find(demo: &DemoServer, user_code: &str) -> Result<Waiting, Wrong> {
        let now = demo.now();
        let mut store = demo.store();
        if store.guesses.are_too_many(now) {
            return Err(Wrong::TooMany);
        }
        let place = store.user_codes.get(place_of(user_code), now).copied();
        let device = place.and_then(|place| Some((place, store.devices.get(place, now)?)));
        let found = device.filter(|(_, device)| device.is_pending(now));
        let found = found.and_then(|(place, device)| {
            Some(Waiting {
                place,
                client: demo.client(&device.client_id)?,
                scope: device.scope.clone(),
                user_code: as_shown(user_code),
            })
        });
        if found.is_none() {
            store.guesses.wrong();
        }
        found.ok_or(Wrong::Unknown)
    }

    /// Lets the device have its tokens, for the user who has logged in, or refuses.
    fn decide(&self, demo: &DemoServer, logged_in: Option<&LoggedIn>) {
        let now = demo.now();
        let mut store = demo.store();
        let device = store.devices.get_mut(self.place, now);
        if let Some(device) = device.filter(|device| device.is_pending(now)) {
            device.decision = match logged_in {
                None => Decision::Denied,
                Some(logged_in) => Decision::Allowed {
                    user: Arc::clone(&logged_in.user),
                    auth_time: logged_in.auth_time,
                },
            };
        }
    }
}
