//! `/authorize`: a client sends a resource owner here, and gets a code back (RFC 6749 section 4.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::on;

use crate::demo::advice::allowing;
use crate::demo::authorization_response::AuthorizationResponse;
use crate::demo::browser_session::{BrowserSession, LoggedIn};
use crate::demo::claims_request::ClaimsRequest;
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::event::{Entry, Remark};
use crate::demo::grant;
use crate::demo::parameters::Parameters;
use crate::demo::redact::quoted;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::reference::{
    Content, Field, FieldType, Method, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::response_mode::ResponseMode;
use crate::demo::router::AUTHORIZE;
use crate::demo::scope::{OPENID, Scope};
use crate::demo::secret::{fingerprint, random};
use crate::demo::settings::Lifetimes;
use crate::demo::store::{Authorization, AuthorizationCode, Consent};
use crate::demo::tokens::{audience_dropped, resources};
use crate::demo::user::User;
use crate::demo::{pages, pkce};

pub(super) const BY_QUERY: Operation = Operation {
    method: Method::Get,
    path: Path::Below(AUTHORIZE),
    handler: |method| on(method, by_query),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: false,
    security: Security::Anybody,
    summary: "Ask the resource owner",
    description: "A client sends a browser here. The resource owner logs in and consents, and the browser goes back with a code.",
    section: "RFC 6749 section 3.1",
    request: RequestContent::Query(REQUEST),
    responses: &[
        OperationResponse::new(
            200,
            "a page to log in or to consent, or one that posts the answer to the client",
            &[Content::Page],
        ),
        OperationResponse::new(
            303,
            "back to the client, with a code or an error, or on to another page",
            &[],
        )
        .with(("Location", "where to")),
        OperationResponse::new(
            400,
            "a page for who sits there: the client is not known, or not where it wants its answer",
            &[Content::Page, Content::Error(&[ErrorCode::InvalidRequest])],
        ),
    ],
};

pub(super) const BY_FORM: Operation = Operation {
    method: Method::Post,
    handler: |method| on(method, by_form),
    summary: "Ask the resource owner, by a form",
    description: "The same as with GET, for requests that are long.",
    section: "OpenID Connect Core 1.0 section 3.1.2.1",
    request: RequestContent::Form(REQUEST),
    ..BY_QUERY
};

const REQUEST: &[Field] = &[
    field(
        "response_type",
        FieldType::Word(&["code"]),
        "what is to come back",
    )
    .required(),
    text("client_id", "the client")
        .required()
        .example(|examples| examples.app.to_owned()),
    text(
        "redirect_uri",
        "where the answer is to go, which is registered",
    )
    .required()
    .example(|examples| examples.redirect_uri.clone()),
    text(
        "scope",
        "what the token is to be used for, with spaces between",
    )
    .example(|_| "items:read".to_owned()),
    text("state", "what comes back as it is").example(|_| "of-the-reference".to_owned()),
    text(
        "code_challenge",
        "the SHA-256 of the verifier of PKCE, which a public client has to send (RFC 7636)",
    )
    .example(|_| pkce::EXAMPLE.challenge.to_owned()),
    field(
        "code_challenge_method",
        FieldType::Word(&["S256"]),
        "how it was made",
    ),
    field(
        "response_mode",
        FieldType::Word(&["query", "form_post"]),
        "how the answer comes back",
    ),
    text("nonce", "what is to be in the ID token"),
    text(
        "prompt",
        "`login`, `consent`, `select_account`, or `none`: what the resource owner is to see",
    ),
    field(
        "max_age",
        FieldType::Integer,
        "how many seconds ago the log-in may be",
    ),
    text("login_hint", "the name of who is to log in"),
    text("id_token_hint", "an ID token of who is to log in"),
    text(
        "claims",
        "which claims are to be told beside, and where, in JSON (OpenID Connect Core 1.0 section 5.5)",
    ),
    field(
        "resource",
        FieldType::Texts,
        "the URI of what the token is for; it may be given more than once (RFC 8707 section 2)",
    ),
];

/// What a client may want of its user by `prompt`, as the metadata names it.
pub(super) const PROMPTS: &[&str] = &["none", "login", "consent", "select_account"];

/// An authorization request that has been checked.
pub(super) struct AuthorizationRequest {
    pub(super) client: Arc<Client>,
    pub(super) scope: Scope,
    pub(super) login_hint: Option<String>,
    id_token_hint: Option<String>,
    /// The request as it came, to be checked again when a form brings it back.
    pub(super) text: String,
    response: AuthorizationResponse,
    pub(super) claims: ClaimsRequest,
    challenge: Option<String>,
    nonce: Option<String>,
    resources: Vec<String>,
    prompt: Vec<String>,
    /// How long ago the log-in may be, in seconds.
    max_age: Option<i64>,
    /// What is said of a parameter that does nothing.
    dropped: Option<Remark>,
}

/// Who may be spoken of: somebody of each of these lists.
pub(super) struct Meant(Vec<Vec<String>>);

impl Meant {
    fn is(&self, user: &User) -> bool {
        self.0.iter().all(|names| names.contains(&user.name))
    }

    fn name(&self) -> Option<String> {
        self.0.iter().flatten().next().cloned()
    }
}

/// A request that is refused: by a page where the client's place is not known, else on the way back
/// (RFC 6749 section 4.1.2.1).
pub(super) enum Refused {
    Page(Refusal),
    Back(Box<Return>),
}

/// A refusal on its way back.
pub(super) struct Return {
    response: AuthorizationResponse,
    refusal: Refusal,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Refused::Page(refusal)
    }
}

/// `GET /authorize`
async fn by_query(State(demo): State<DemoServer>, headers: HeaderMap, uri: Uri) -> Response {
    let text = uri.query().unwrap_or_default();
    answer(&demo, respond(&demo, &headers, text).await)
}

/// `POST /authorize` (OpenID Connect Core 1.0 section 3.1.2.1)
async fn by_form(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body)
        .map_err(|_| Refusal::request("the form is not UTF-8", "RFC 6749 appendix B"));
    let checked = Parameters::of_form(&headers, &body).and(text);
    let result = match checked {
        Ok(text) => respond(&demo, &headers, text).await,
        Err(refusal) => Err(refusal.into()),
    };
    answer(&demo, result)
}

async fn respond(demo: &DemoServer, headers: &HeaderMap, text: &str) -> Result<Response, Refused> {
    let mut request = AuthorizationRequest::read(demo, text)?;
    let mut entry = request.entry();
    entry.remarks.extend(request.dropped.take());
    let browser = BrowserSession::of(demo, headers)?;
    let meant = request.meant(demo).await?;
    let logged_in = browser
        .logged_in(demo)
        .filter(|one| request.is_recent(demo, one))
        .filter(|one| meant.is(&one.user));
    request.login_hint = meant.name().or(request.login_hint);
    let silent = request.asks("none");
    let Some(logged_in) = logged_in.filter(|_| !request.asks("login")) else {
        if silent {
            let reason = "nobody is logged in, not lately enough, or another than the client means, and `prompt` is none";
            return Err(request.refuse(ErrorCode::LoginRequired, reason));
        }
        let page = pages::login(demo, &request, &browser.csrf_token(), None);
        return Ok(browser.keep(demo, entry.with(page)));
    };
    if request.asks("consent") || !request.has_consent(demo, &browser) {
        if silent {
            let reason = "nobody has consented to this, and `prompt` is none";
            return Err(request.refuse(ErrorCode::ConsentRequired, reason));
        }
        let page = pages::consent(&request, &logged_in.user, &browser.csrf_token());
        return Ok(entry.with(page));
    }
    Ok(entry.with(request.grant(demo, &logged_in)?))
}

/// The answer to a browser, a refusal included.
pub(super) fn answer(demo: &DemoServer, result: Result<Response, Refused>) -> Response {
    match result {
        Ok(response) => response,
        Err(Refused::Page(refusal)) => {
            let status = match refusal.error {
                ErrorCode::AccessDenied => StatusCode::FORBIDDEN,
                error => error.status(),
            };
            let mut entry = Entry::default();
            entry.remarks.push(refusal.remark.clone());
            // A challenge would make the browser ask for a password of its own.
            let status = match status {
                StatusCode::UNAUTHORIZED => StatusCode::BAD_REQUEST,
                status => status,
            };
            entry.with((status, pages::refusal(&refusal)))
        }
        Err(Refused::Back(refused)) => {
            let Return { response, refusal } = *refused;
            let mut entry = Entry::of(&response.client_id);
            entry.remarks.push(refusal.remark);
            let error = refusal.error;
            let parameters = [
                ("error", error.code()),
                ("error_description", error.description()),
            ];
            entry.with(response.send(demo, &parameters))
        }
    }
}

impl AuthorizationRequest {
    /// Reads a request, and finds whose it is before anything goes back.
    pub(super) fn read(demo: &DemoServer, text: &str) -> Result<Self, Refused> {
        let parameters = Parameters::parse(text.as_bytes())?;
        let section = "RFC 6749 section 4.1.1";
        let id = parameters.require("client_id", section)?;
        let client = demo.client(id).ok_or_else(|| {
            let reason = format!(
                "there is no such client; there is {}",
                demo.client_ids().join(", ")
            );
            Refusal::request(reason, "RFC 6749 section 4.1.2.1")
        })?;
        let redirect_uri = parameters.require("redirect_uri", "RFC 6749 section 3.1.2.3")?;
        if !client
            .redirect_uris
            .iter()
            .any(|uri| uri.allows(redirect_uri))
        {
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
        Self::check(text, &parameters, client, response.clone())
            .map_err(|refusal| back(response, refusal))
    }

    fn check(
        text: &str,
        parameters: &Parameters,
        client: Arc<Client>,
        response: AuthorizationResponse,
    ) -> Result<Self, Refusal> {
        parameters.none_repeated("RFC 6749 section 3.1")?;
        let get = |name: &str| parameters.get(name).map(str::to_owned);
        if parameters.get("request").is_some() {
            return Err(Refusal::new(
                ErrorCode::RequestNotSupported,
                "there is a `request`, and request objects are not taken",
                "OpenID Connect Core 1.0 section 6.1",
            ));
        }
        if parameters.get("request_uri").is_some() {
            return Err(Refusal::new(
                ErrorCode::RequestUriNotSupported,
                "there is a `request_uri`, and nothing is fetched because a client says so",
                "OpenID Connect Core 1.0 section 6.2",
            ));
        }
        let mode = parameters.get("response_mode");
        if let Some(mode) = mode.filter(|mode| ResponseMode::parse(mode).is_none()) {
            return Err(Refusal::request(
                format!("there is no `response_mode` {}", quoted(mode, 40)),
                "OAuth 2.0 Multiple Response Types section 2.1",
            ));
        }
        match parameters.require("response_type", "RFC 6749 section 4.1.1")? {
            "code" => {}
            other => {
                return Err(Refusal::new(
                    ErrorCode::UnsupportedResponseType,
                    format!(
                        "`response_type` is {}, and there is code",
                        quoted(other, 40)
                    ),
                    "RFC 6749 section 4.1.2.1",
                ));
            }
        }
        if !client.may_use(grant::AUTHORIZATION_CODE) {
            return Err(Refusal::new(
                ErrorCode::UnauthorizedClient,
                format!(
                    "{} may use {}, and not {}",
                    client.id,
                    client.shown_grants(),
                    grant::AUTHORIZATION_CODE
                ),
                "RFC 6749 section 4.1.2.1",
            ));
        }
        let prompt: Vec<String> = parameters
            .get("prompt")
            .map(|prompt| prompt.split(' ').map(str::to_owned).collect())
            .unwrap_or_default();
        if let Some(word) = prompt.iter().find(|word| !PROMPTS.contains(&word.as_str())) {
            return Err(Refusal::request(
                format!(
                    "`prompt` is {}, and there is {}",
                    quoted(word, 40),
                    PROMPTS.join(", ")
                ),
                "Initiating User Registration via OpenID Connect 1.0 section 4.1",
            ));
        }
        if prompt.len() > 1 && prompt.iter().any(|word| word == "none") {
            return Err(Refusal::request(
                "`prompt` is none and something else",
                "OpenID Connect Core 1.0 section 3.1.2.1",
            ));
        }
        let max_age = parameters.get("max_age").map(|text| {
            text.parse()
                .ok()
                .filter(|age| *age >= 0_i64)
                .ok_or_else(|| {
                    Refusal::request(
                        "`max_age` is no number of seconds",
                        "OpenID Connect Core 1.0 section 3.1.2.1",
                    )
                })
        });
        let scope = Scope::resolve(parameters.get("scope"), &client.scopes)?;
        let claims = match scope.has(OPENID) {
            true => ClaimsRequest::of(parameters)?,
            false => ClaimsRequest::default(),
        };
        Ok(AuthorizationRequest {
            scope,
            claims,
            challenge: pkce::challenge(parameters, &client)?,
            resources: resources(parameters)?,
            dropped: audience_dropped(parameters),
            max_age: max_age.transpose()?,
            login_hint: get("login_hint"),
            id_token_hint: get("id_token_hint"),
            nonce: get("nonce"),
            text: text.to_owned(),
            client,
            response,
            prompt,
        })
    }

    /// Whom the client means, by an ID token that it was given or by the claim `sub` (OpenID Connect
    /// Core 1.0 section 3.1.2.2).
    pub(super) async fn meant(&self, demo: &DemoServer) -> Result<Meant, Refused> {
        let hinted = match &self.id_token_hint {
            None => None,
            Some(hint) => {
                let token = demo.keys().await.own_id_token(hint);
                let refusal = || {
                    Refusal::request(
                        "`id_token_hint` is no ID token of this server",
                        "OpenID Connect Core 1.0 section 3.1.2.1",
                    )
                };
                let token = token.ok_or_else(|| back(self.response.clone(), refusal()))?;
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

    /// Refuses to speak of somebody else than the client means (ibid.).
    pub(super) async fn check_user(&self, demo: &DemoServer, user: &User) -> Result<(), Refused> {
        match self.meant(demo).await?.is(user) {
            true => Ok(()),
            false => Err(self.refuse(
                ErrorCode::LoginRequired,
                "another has logged in than the client means",
            )),
        }
    }

    /// Where the answer will go.
    pub(super) fn redirect_uri(&self) -> &str {
        &self.response.redirect_uri
    }

    /// The request with a new log-in, unless it says itself how that is to be.
    pub(super) fn for_another(&self) -> Option<String> {
        let silent = self.prompt.is_empty() && self.id_token_hint.is_none();
        silent.then(|| format!("{}&prompt=login", self.text))
    }

    /// What the log is told.
    pub(super) fn entry(&self) -> Entry {
        Entry::of(&self.client.id)
    }

    /// A refusal on its way back.
    pub(super) fn refuse(&self, error: ErrorCode, reason: &str) -> Refused {
        let section = match error {
            ErrorCode::AccessDenied => "RFC 6749 section 4.1.2.1",
            _ => "OpenID Connect Core 1.0 section 3.1.2.6",
        };
        back(self.response.clone(), Refusal::new(error, reason, section))
    }

    fn asks(&self, prompt: &str) -> bool {
        self.prompt.iter().any(|word| word == prompt)
            || (prompt == "login" && self.prompt.iter().any(|word| word == "select_account"))
    }

    /// Whether the log-in is not older than `max_age` allows.
    fn is_recent(&self, demo: &DemoServer, logged_in: &LoggedIn) -> bool {
        let age = demo
            .now()
            .seconds()
            .saturating_sub(logged_in.auth_time.seconds());
        self.max_age.is_none_or(|most| age <= most && most > 0)
    }

    /// Whether the resource owner has consented to as much before. It does not count for a public
    /// client: anybody could be asking in its name (RFC 8252 section 8.6).
    fn has_consent(&self, demo: &DemoServer, browser: &BrowserSession) -> bool {
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

    /// What is consented to with it.
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
    ) -> Result<Response, Refused> {
        let mut entry = self.entry();
        if self.challenge.is_none() {
            entry.remarks.push(pkce::left_out());
        }
        let code = random()?;
        let now = demo.now();
        let issued = AuthorizationCode {
            authorization: Authorization {
                client_id: self.client.id.clone(),
                user: Arc::clone(&logged_in.user),
                scope: self.scope,
                claims: self.claims,
                resources: self.resources,
                auth_time: logged_in.auth_time,
            },
            redirect_uri: self.response.redirect_uri.clone(),
            challenge: self.challenge,
            nonce: self.nonce,
            expires: now.saturating_add(demo.settings().lifetimes.code),
        };
        // Kept for longer than it is good: the log tells an expired one from a guess.
        let until = now.saturating_add(Lifetimes::MAX_CODE);
        let place = fingerprint(&code);
        demo.store()
            .codes
            .insert(place, Box::new(issued), now, until);
        Ok(entry.with(self.response.send(demo, &[("code", &code)])))
    }
}

fn back(response: AuthorizationResponse, refusal: Refusal) -> Refused {
    Refused::Back(Box::new(Return { response, refusal }))
}

fn unknown_redirect_uri(client: &Client, given: &str) -> Refusal {
    let registered: Vec<&str> = client
        .redirect_uris
        .iter()
        .map(RedirectUri::as_str)
        .collect();
    let registered = match registered.as_slice() {
        [] => "none".to_owned(),
        uris => uris.join(", "),
    };
    Refusal::request(
        format!(
            "`redirect_uri` is {}, and {} has {registered}; {}",
            quoted(given, 120),
            client.id,
            allowing(&client.id, given, ""),
        ),
        "RFC 6749 section 3.1.2.4",
    )
}
