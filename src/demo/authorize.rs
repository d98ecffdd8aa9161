//! `/authorize`: a client sends a resource owner here, and gets a code back (RFC 6749 section 4.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::on;

use crate::demo::acr::Acr;
use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::authorization_response::{AuthorizationError, answer};
use crate::demo::browser_session::{BrowserSession, LoggedIn};
use crate::demo::client_document;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::pages;
use crate::demo::parameters::Parameters;
use crate::demo::path::AUTHORIZE;
use crate::demo::reference::{
    Content, Field, FieldType, Method, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::user::User;
use crate::oauth::pkce;

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
            "a page for the user: the client is not known, or its redirect URI is not",
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

/// What a client pushes (RFC 9126 section 2.1): the same fields, and the client authenticates itself as at
/// `/token`.
pub(super) const PUSHED: &[Field] = match REQUEST {
    [_client_id, rest @ ..] => rest,
    [] => &[],
};

const REQUEST: &[Field] = &[
    text("client_id", "the client")
        .required()
        .example(|examples| examples.app.to_owned()),
    field(
        "response_type",
        FieldType::Word(&["code"]),
        "what should come back",
    )
    .required(),
    text("redirect_uri", "where the answer goes: a registered URI")
        .required()
        .example(|examples| examples.redirect_uri.clone()),
    text(
        "scope",
        "what the token may be used for, with spaces between",
    )
    .example(|_| "items:read".to_owned()),
    text("state", "a value that comes back unchanged").example(|_| "of-the-reference".to_owned()),
    text(
        "code_challenge",
        "the SHA-256 of the verifier of PKCE, which a public client has to send (RFC 7636)",
    )
    .example(|_| pkce::EXAMPLE.challenge.to_owned()),
    field(
        "code_challenge_method",
        FieldType::Word(&["S256"]),
        "how the challenge was made",
    ),
    field(
        "response_mode",
        FieldType::Word(&["query", "form_post"]),
        "how the answer comes back",
    ),
    text("nonce", "a value for the ID token"),
    text(
        "prompt",
        "`login`, `consent`, `select_account`, or `none`: what the resource owner should see",
    ),
    field(
        "max_age",
        FieldType::Integer,
        "how many seconds ago the log-in may be",
    ),
    text(
        "acr_values",
        "how strong the log-in must be: `pwd`, or `mfa` for a second factor",
    ),
    text("login_hint", "the name of the user who should log in"),
    text("id_token_hint", "an ID token of the user who should log in"),
    text(
        "claims",
        "additional claims to return, and where, in JSON (OpenID Connect Core 1.0 section 5.5)",
    ),
    field(
        "resource",
        FieldType::Texts,
        "the URI of the resource that the token is for; it may be given more than once (RFC 8707 section 2)",
    ),
    text(
        "dpop_jkt",
        "the thumbprint of the key to which the tokens will be bound (RFC 9449 section 10)",
    ),
];

/// `GET /authorize`
async fn by_query(State(demo): State<DemoServer>, headers: HeaderMap, uri: Uri) -> Response {
    let text = uri.query().unwrap_or_default();
    answer(&demo, respond(&demo, &headers, text).await)
}

/// `POST /authorize` (OpenID Connect Core 1.0 section 3.1.2.1)
async fn by_form(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body)
        .map_err(|_| OAuthError::request("the form is not UTF-8", "RFC 6749 appendix B"));
    let checked = Parameters::of_form(&headers, &body).and(text);
    let result = match checked {
        Ok(text) => respond(&demo, &headers, text).await,
        Err(refusal) => Err(refusal.into()),
    };
    answer(&demo, result)
}

async fn respond(
    demo: &DemoServer,
    headers: &HeaderMap,
    text: &str,
) -> Result<Response, AuthorizationError> {
    let parameters = Parameters::parse(text.as_bytes())?;
    client_document::learn(demo, parameters.get("client_id")).await?;
    let mut request = AuthorizationRequest::open(demo, text)?;
    let mut entry = request.entry();
    entry.remarks.extend(request.dropped.take());
    let browser = BrowserSession::of(demo, headers)?;
    let meant = request.meant(demo).await?;
    let logged_in = browser
        .logged_in(demo)
        .filter(|one| request.is_recent(demo, one) && request.is_met_by(one.acr))
        .filter(|one| meant.is(&one.user));
    request.login_hint = meant.name().or(request.login_hint);
    if demo.settings().auto_login
        && let Some(user) = unasked(demo, &request, logged_in.as_ref())
        && meant.is(&user)
    {
        entry.remark(
            "nobody was asked: log-in and consent are automatic here",
            "OpenID Connect Core 1.0 section 3.1.2.3",
        );
        let browser = browser.log_in(demo, user, request.acr.unwrap_or(Acr::Password))?;
        let logged_in = browser.logged_in(demo);
        let logged_in = logged_in.ok_or_else(|| OAuthError::server_error("the log-in was lost"))?;
        let answer = entry.with(request.grant(demo, &logged_in)?);
        return Ok(browser.keep(demo, answer));
    }
    let silent = request.asks("none");
    let Some(logged_in) = logged_in.filter(|_| !request.asks("login")) else {
        if silent {
            let reason = "`prompt` is none, and nobody is logged in, or the log-in is too old or of another user than the client means";
            return Err(request.refuse(ErrorCode::LoginRequired, reason));
        }
        let page = pages::login(demo, &request, &browser.csrf_token(), None);
        return Ok(browser.keep(demo, entry.with(page)));
    };
    if request.asks("consent") || !request.has_consent(demo, &browser) {
        if silent {
            let reason = "`prompt` is none, and nobody has consented to this";
            return Err(request.refuse(ErrorCode::ConsentRequired, reason));
        }
        let page = pages::consent(&request, &logged_in.user, &browser.csrf_token());
        return Ok(entry.with(page));
    }
    Ok(entry.with(request.grant(demo, &logged_in)?))
}

/// The user who is logged in where nobody is asked: the one that the client means, the one who is logged in
/// already, or the first user.
fn unasked(
    demo: &DemoServer,
    request: &AuthorizationRequest,
    logged_in: Option<&LoggedIn>,
) -> Option<Arc<User>> {
    match (&request.login_hint, logged_in) {
        (Some(name), _) => demo.user(name),
        (None, Some(logged_in)) => Some(Arc::clone(&logged_in.user)),
        (None, None) => demo.user(&demo.settings().users.first()?.name),
    }
}
