//! An authorization request: reads it, checks it, and grants or refuses it (RFC 6749 section 4.1.1).

use std::sync::Arc;

use axum::response::Response;

use crate::demo::acr::Acr;
use crate::demo::advice::Advice;
use crate::demo::authorization_response::{AuthorizationError, AuthorizationResponse};
use crate::demo::browser_session::{BrowserSession, LoggedIn};
use crate::demo::claims_request::ClaimsRequest;
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::dpop;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::{Entry, Remark};
use crate::demo::fault::Stage;
use crate::demo::grant::{self, make_code};
use crate::demo::lifetimes::Lifetimes;
use crate::demo::parameters::Parameters;
use crate::demo::pkce;
use crate::demo::prompt::prompt;
use crate::demo::pushed::{Pushed, URN};
use crate::demo::redact::quoted;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::response_mode::ResponseMode;
use crate::demo::scope::{OPENID, Scope};
use crate::demo::secret::{Fingerprint, fingerprint};
use crate::demo::store::{Authorization, AuthorizationCode, Consent};
use crate::demo::tokens::{audience_dropped, resources};
use crate::demo::unknown_client;
use crate::demo::user::User;
use crate::text::time::Timestamp;

/// An authorization request that has been checked.
pub(super) struct AuthorizationRequest {
    pub(super) client: Arc<Client>,
    pub(super) scope: Scope,
    pub(super) login_hint: Option<String>,
    id_token_hint: Option<String>,
    /// The request as it came, to be checked again when a form brings it back.
    pub(super) text: String,
    /// The place where it is kept, if it was pushed.
    reference: Option<Fingerprint>,
    response: AuthorizationResponse,
    pub(super) claims: ClaimsRequest,
    challenge: Option<String>,
    nonce: Option<String>,
    /// The thumbprint of the key that the tokens are to be bound to.
    jkt: Option<String>,
    resources: Vec<String>,
    prompt: Vec<String>,
    /// How long ago the log-in may be, in seconds.
    max_age: Option<i64>,
    /// How strong the log-in must be.
    pub(super) acr: Option<Acr>,
    /// A remark about a parameter that has no effect.
    pub(super) dropped: Option<Remark>,
}

/// Whom the tokens may be about: somebody who is in each of these lists.
pub(super) struct Meant(Vec<Vec<String>>);

impl Meant {
    pub(super) fn is(&self, user: &User) -> bool {
        self.0.iter().all(|names| names.contains(&user.name))
    }

    pub(super) fn name(&self) -> Option<String> {
        self.0.iter().flatten().next().cloned()
    }
}

impl AuthorizationRequest {
    /// Reads a request that a browser brings from a client.
    pub(super) fn open(demo: &DemoServer, text: &str) -> Result<Self, AuthorizationError> {
        Self::of(demo, text, Pushed::open)
    }

    /// Reads a request again that a page has brought back.
    pub(super) fn read(demo: &DemoServer, text: &str) -> Result<Self, AuthorizationError> {
        Self::of(demo, text, |pushed, _| match pushed.is_opened() {
            true => Ok(()),
            false => Err("has not been brought by a browser"),
        })
    }

    /// Checks a request that a client pushes, as it would be at `/authorize` (RFC 9126 section 2.1).
    pub(super) fn check_pushed(demo: &DemoServer, text: &str) -> Result<(), OAuthError> {
        let parameters = Parameters::parse(text.as_bytes())?;
        let checked = Self::whole(demo, text, &parameters, true);
        checked
            .map(|_| ())
            .map_err(AuthorizationError::into_refusal)
    }

    /// Reads a request, or the one that was pushed and that it refers to.
    fn of(
        demo: &DemoServer,
        text: &str,
        open: impl FnOnce(&mut Pushed, Timestamp) -> Result<(), &'static str>,
    ) -> Result<Self, AuthorizationError> {
        let parameters = Parameters::parse(text.as_bytes())?;
        let reference = parameters.get("request_uri");
        let Some(reference) = reference.filter(|uri| uri.starts_with(URN)) else {
            return Self::whole(demo, text, &parameters, false);
        };
        let section = "RFC 9126 section 4";
        let id = parameters.require("client_id", section)?;
        let invalid = |reason: &str| {
            let reason = format!("the `request_uri` {reason}");
            OAuthError::new(ErrorCode::InvalidRequestUri, reason, section)
        };
        let now = demo.now();
        let pushed = {
            let mut store = demo.store();
            let pushed = store.pushed.get_mut(fingerprint(reference), now);
            let pushed = pushed.ok_or_else(|| invalid("is unknown, or has been answered"))?;
            if pushed.client_id != id {
                return Err(invalid("is another client's").into());
            }
            open(pushed, now).map_err(invalid)?;
            pushed.text.clone()
        };
        let parameters = Parameters::parse(pushed.as_bytes())?;
        let request = Self::whole(demo, text, &parameters, true)?;
        Ok(AuthorizationRequest {
            reference: Some(fingerprint(reference)),
            ..request
        })
    }

    /// Checks a whole request; its client is known before anything goes back.
    fn whole(
        demo: &DemoServer,
        text: &str,
        parameters: &Parameters,
        is_pushed: bool,
    ) -> Result<Self, AuthorizationError> {
        let section = "RFC 6749 section 4.1.1";
        let id = parameters.require("client_id", section)?;
        let client = demo.client(id).ok_or_else(|| {
            let section = "RFC 6749 section 4.1.2.1";
            unknown_client::refusal(demo, id, ErrorCode::InvalidRequest, section)
        })?;
        let redirect_uri = parameters.require("redirect_uri", "RFC 6749 section 3.1.2.3")?;
        let playground = demo.playground().iter().filter(|_| can_be_played(&client));
        let mut uris = client.redirect_uris.iter().chain(playground);
        if !uris.any(|uri| uri.allows(redirect_uri)) {
            return Err(unknown_redirect_uri(&client, redirect_uri).into());
        }
        let mode = parameters.get("response_mode");
        let response = AuthorizationResponse {
            client_id: client.id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: parameters.get("state").map(str::to_owned),
            mode: mode
                .and_then(ResponseMode::parse)
                .unwrap_or(ResponseMode::Query),
        };
        let checked = match client.pushes && !is_pushed {
            true => Err(not_pushed(&client)),
            false => Self::check(text, parameters, client, response.clone()),
        };
        checked.map_err(|refusal| AuthorizationError::back(response, refusal))
    }

    fn check(
        text: &str,
        parameters: &Parameters,
        client: Arc<Client>,
        response: AuthorizationResponse,
    ) -> Result<Self, OAuthError> {
        parameters.none_repeated("RFC 6749 section 3.1")?;
        let get = |name: &str| parameters.get(name).map(str::to_owned);
        if parameters.get("request").is_some() {
            return Err(OAuthError::new(
                ErrorCode::RequestNotSupported,
                "there is a `request`, but request objects are not supported",
                "OpenID Connect Core 1.0 section 6.1",
            ));
        }
        if parameters.get("request_uri").is_some() {
            return Err(OAuthError::new(
                ErrorCode::RequestUriNotSupported,
                "there is a `request_uri`, but nothing is fetched because a client says so",
                "OpenID Connect Core 1.0 section 6.2",
            ));
        }
        let mode = parameters.get("response_mode");
        if let Some(mode) = mode.filter(|mode| ResponseMode::parse(mode).is_none()) {
            return Err(OAuthError::request(
                format!("there is no `response_mode` {}", quoted(mode, 40)),
                "OAuth 2.0 Multiple Response Types section 2.1",
            ));
        }
        match parameters.require("response_type", "RFC 6749 section 4.1.1")? {
            "code" => {}
            other => {
                return Err(OAuthError::new(
                    ErrorCode::UnsupportedResponseType,
                    format!("`response_type` is {}; supported: code", quoted(other, 40)),
                    "RFC 6749 section 4.1.2.1",
                ));
            }
        }
        if !client.may_use(grant::AUTHORIZATION_CODE) {
            return Err(OAuthError::new(
                ErrorCode::UnauthorizedClient,
                format!(
                    "{} may use {}, not {}",
                    client.id,
                    client.shown_grants(),
                    grant::AUTHORIZATION_CODE
                ),
                "RFC 6749 section 4.1.2.1",
            ));
        }
        let scope = Scope::of(parameters.get("scope"), &client)?;
        let claims = match scope.has(OPENID) {
            true => ClaimsRequest::of(parameters)?,
            false => ClaimsRequest::default(),
        };
        let claims_acr = claims.acr;
        Ok(AuthorizationRequest {
            scope,
            claims,
            challenge: pkce::challenge(parameters, &client)?,
            resources: resources(parameters)?,
            dropped: audience_dropped(parameters),
            max_age: max_age(parameters)?,
            acr: claims_acr.or_else(|| {
                let asked = parameters.get("acr_values").unwrap_or_default();
                Acr::first_of(asked.split(' '))
            }),
            login_hint: get("login_hint"),
            id_token_hint: get("id_token_hint"),
            nonce: get("nonce"),
            jkt: dpop::wanted_key(parameters)?,
            text: text.to_owned(),
            reference: None,
            client,
            response,
            prompt: prompt(parameters)?,
        })
    }

    /// The user that the client means, by an ID token that it was given or by the claim `sub` (OpenID Connect
    /// Core 1.0 section 3.1.2.2).
    pub(super) async fn meant(&self, demo: &DemoServer) -> Result<Meant, AuthorizationError> {
        let hinted = match &self.id_token_hint {
            None => None,
            Some(hint) => {
                let token = demo.keys().await.own_id_token(hint, demo.now());
                let refusal = || {
                    OAuthError::request(
                        "`id_token_hint` is not an ID token of this server",
                        "OpenID Connect Core 1.0 section 3.1.2.1",
                    )
                };
                let token = token
                    .ok_or_else(|| AuthorizationError::back(self.response.clone(), refusal()))?;
                Some(token.sub)
            }
        };
        let subs = self.claims.subs.clone();
        Ok(Meant(
            hinted
                .map(|sub| vec![sub])
                .into_iter()
                .chain(subs)
                .collect(),
        ))
    }

    /// Refuses a user other than the one that the client means (ibid.).
    pub(super) async fn check_user(
        &self,
        demo: &DemoServer,
        user: &User,
    ) -> Result<(), AuthorizationError> {
        match self.meant(demo).await?.is(user) {
            true => Ok(()),
            false => Err(self.refuse(
                ErrorCode::LoginRequired,
                "the user who is logged in is not the one that the client means",
            )),
        }
    }

    /// Where the answer will go.
    pub(super) fn redirect_uri(&self) -> &str {
        &self.response.redirect_uri
    }

    /// The request with a demand for a new log-in, unless it has a `prompt` of its own.
    pub(super) fn for_another(&self) -> Option<String> {
        let silent =
            self.prompt.is_empty() && self.id_token_hint.is_none() && self.reference.is_none();
        silent.then(|| format!("{}&prompt=login", self.text))
    }

    /// The entry for the log.
    pub(super) fn entry(&self) -> Entry {
        Entry::of(&self.client.id)
    }

    /// A refusal on its way back.
    pub(super) fn refuse(&self, error: ErrorCode, reason: &str) -> AuthorizationError {
        let section = match error {
            ErrorCode::AccessDenied => "RFC 6749 section 4.1.2.1",
            _ => "OpenID Connect Core 1.0 section 3.1.2.6",
        };
        AuthorizationError::back(
            self.response.clone(),
            OAuthError::new(error, reason, section),
        )
    }

    pub(super) fn asks(&self, prompt: &str) -> bool {
        self.prompt.iter().any(|word| word == prompt)
            || (prompt == "login" && self.prompt.iter().any(|word| word == "select_account"))
    }

    /// Whether a log-in of a class is as strong as is asked for.
    pub(super) fn is_met_by(&self, acr: Acr) -> bool {
        self.acr.is_none_or(|least| acr >= least)
    }

    /// Whether the log-in is not older than `max_age` allows.
    pub(super) fn is_recent(&self, demo: &DemoServer, logged_in: &LoggedIn) -> bool {
        let age = demo
            .now()
            .seconds()
            .saturating_sub(logged_in.auth_time.seconds());
        self.max_age.is_none_or(|most| age <= most && most > 0)
    }

    /// Whether the resource owner has consented to as much before. It does not count for a public
    /// client: anybody could be asking in its name (RFC 8252 section 8.6).
    pub(super) fn has_consent(&self, demo: &DemoServer, browser: &BrowserSession) -> bool {
        let store = demo.store();
        let login = store.logins.get(browser.key(), demo.now());
        !self.client.is_public()
            && login.is_some_and(|login| login.consents.iter().any(|one| self.is_within(one)))
    }

    fn is_within(&self, consent: &Consent) -> bool {
        let claims = self.claims.beyond(&self.scope);
        consent.client_id == self.client.id
            && self.scope.is_within(&consent.scope)
            && claims
                .iter()
                .all(|name| consent.claims.iter().any(|known| known == name))
    }

    /// The consent that it asks for.
    pub(super) fn consent(&self) -> Consent {
        let claims = self.claims.beyond(&self.scope);
        Consent {
            client_id: self.client.id.clone(),
            scope: self.scope.clone(),
            claims: claims.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Sends a code to the client.
    pub(super) fn grant(
        self,
        demo: &DemoServer,
        logged_in: &LoggedIn,
    ) -> Result<Response, AuthorizationError> {
        let mut entry = self.entry();
        let faults = demo.faults();
        let (client, user) = (
            Some(self.client.id.as_str()),
            Some(logged_in.user.name.as_str()),
        );
        if let Some(taken) = faults
            .take(Stage::Consent, Endpoint::Authorize, client, user)
            .first()
        {
            let refused = self.refuse(ErrorCode::AccessDenied, taken.fault.about());
            return Err(refused.by(taken.fault));
        }
        if !self.is_met_by(logged_in.acr) {
            let reason = "the log-in was not by two factors, which the client asks for";
            return Err(self.refuse(ErrorCode::LoginRequired, reason));
        }
        if self.challenge.is_none() {
            entry.remarks.push(pkce::left_out());
        }
        let told = self.client.backchannel_logout_uri.is_some();
        if told {
            logged_in.note_client(demo, &self.client.id);
        }
        let code = make_code(demo, &self.client)?;
        let now = demo.now();
        let issued = AuthorizationCode {
            authorization: Authorization {
                client_id: self.client.id.clone(),
                user: Arc::clone(&logged_in.user),
                scope: self.scope,
                claims: self.claims,
                resources: self.resources,
                auth_time: logged_in.auth_time,
                acr: self.acr.map(|_| logged_in.acr),
                sid: told.then(|| logged_in.sid.clone()),
            },
            redirect_uri: self.response.redirect_uri.clone(),
            challenge: self.challenge,
            nonce: self.nonce,
            jkt: self.jkt,
            expires: now.saturating_add(demo.settings().lifetimes.code),
        };
        // It is kept for longer than it is valid, so that the log can tell an expired code from a guess.
        let until = now.saturating_add(Lifetimes::MAX_CODE);
        let place = fingerprint(&code);
        let mut store = demo.store();
        store.codes.insert(place, Box::new(issued), now, until);
        if let Some(reference) = self.reference {
            store.pushed.remove(reference);
        }
        drop(store);
        Ok(entry.with(self.response.send(demo, &[("code", &code)])))
    }
}

/// How long ago the log-in may be, in seconds (OpenID Connect Core 1.0 section 3.1.2.1).
fn max_age(parameters: &Parameters) -> Result<Option<i64>, OAuthError> {
    let max_age = parameters.get("max_age").map(|text| {
        text.parse()
            .ok()
            .filter(|age| *age >= 0_i64)
            .ok_or_else(|| {
                OAuthError::request(
                    "`max_age` is not a number of seconds",
                    "OpenID Connect Core 1.0 section 3.1.2.1",
                )
            })
    });
    max_age.transpose()
}

/// Whether the playground can play a client: it uses codes, and authenticates itself with something that can
/// be typed.
pub(super) fn can_be_played(client: &Client) -> bool {
    client.keys.is_none() && client.may_use(grant::AUTHORIZATION_CODE)
}

fn not_pushed(client: &Client) -> OAuthError {
    OAuthError::request(
        format!(
            "{} pushes its requests, but this one comes by the browser",
            client.id
        ),
        "RFC 9126 section 5",
    )
}

fn unknown_redirect_uri(client: &Client, given: &str) -> OAuthError {
    let registered: Vec<&str> = client
        .redirect_uris
        .iter()
        .map(RedirectUri::as_str)
        .collect();
    let registered = match registered.as_slice() {
        [] => "none".to_owned(),
        uris => uris.join(", "),
    };
    let refusal = OAuthError::request(
        format!(
            "`redirect_uri` is {}, but {} has {registered}",
            quoted(given, 120),
            client.id,
        ),
        "RFC 6749 section 3.1.2.4",
    );
    match client.has_described_itself() {
        // The client can do itself what a flag would allow.
        true => refusal,
        false => refusal.advise(Advice::allow(&client.id, given, false)),
    }
}
