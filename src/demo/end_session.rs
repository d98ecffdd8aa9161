//! `/end_session`: the end of a log-in (OpenID Connect RP-Initiated Logout 1.0).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;

use crate::demo::advice::Advice;
use crate::demo::authorization_response::{answer, see_other};
use crate::demo::browser_session::{BrowserSession, CSRF_FIELD};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Entry;
use crate::demo::origin;
use crate::demo::pages::{self, REQUEST_FIELD};
use crate::demo::parameters::Parameters;
use crate::demo::path::END_SESSION;
use crate::demo::redact::quoted;
use crate::demo::reference::{
    Content, Field, Method, Operation, OperationResponse, Path, RequestContent, Security, Tag, text,
};
use crate::demo::signing::IdTokenHint;
use crate::oauth::form::with_parameter;

pub(super) const BY_QUERY: Operation = Operation {
    method: Method::Get,
    path: Path::Below(END_SESSION),
    handler: |method| on(method, by_query),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: false,
    security: Security::Anybody,
    summary: "Log the resource owner out",
    description: "A client sends a browser here. The resource owner is asked, unless an ID token shows that the client means them.",
    section: "OpenID Connect RP-Initiated Logout 1.0 section 2",
    request: RequestContent::Query(REQUEST),
    responses: &[
        OperationResponse::new(
            200,
            "a page that asks, or says that it is done",
            &[Content::Page],
        ),
        OperationResponse::new(303, "back to the client", &[]).with(("Location", "where to")),
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
    summary: "Log the resource owner out, by a form",
    description: "The same as with GET.",
    request: RequestContent::Form(REQUEST),
    ..BY_QUERY
};

const REQUEST: &[Field] = &[
    text("id_token_hint", "an ID token of the user to log out"),
    text("client_id", "the client"),
    text(
        "post_logout_redirect_uri",
        "where to go afterwards: a registered URI",
    ),
    text("state", "a value that goes along unchanged"),
];

/// A request for a log-out that has been checked.
struct LogoutRequest {
    hint: Option<IdTokenHint>,
    /// Where the browser goes afterwards, if anywhere.
    location: Option<String>,
}

/// `GET /end_session`
async fn by_query(State(demo): State<DemoServer>, headers: HeaderMap, uri: Uri) -> Response {
    let text = uri.query().unwrap_or_default();
    let result = Parameters::parse(text.as_bytes());
    let result = match result {
        Ok(parameters) => respond(&demo, &headers, text, &parameters).await,
        Err(refusal) => Err(refusal),
    };
    answer(&demo, result.map_err(Into::into))
}

/// `POST /end_session`: a request of a client, or the answer of a person.
async fn by_form(State(demo): State<DemoServer>, headers: HeaderMap, body: Bytes) -> Response {
    let result = match Parameters::of_form(&headers, &body) {
        Ok(form) if form.get(CSRF_FIELD).is_some() => confirmed(&demo, &headers, &form).await,
        Ok(form) => {
            let text = String::from_utf8_lossy(&body);
            respond(&demo, &headers, &text, &form).await
        }
        Err(refusal) => Err(refusal),
    };
    answer(&demo, result.map_err(Into::into))
}

/// Logs the user out if the request is certainly from them, and asks otherwise (section 2).
async fn respond(
    demo: &DemoServer,
    headers: &HeaderMap,
    text: &str,
    parameters: &Parameters,
) -> Result<Response, OAuthError> {
    let request = LogoutRequest::read(demo, parameters).await?;
    let browser = BrowserSession::of(demo, headers)?;
    let Some(logged_in) = browser.logged_in(demo) else {
        return Ok(request.done());
    };
    if request.is_from(&logged_in.user.name) {
        browser.log_out(demo);
        return Ok(request.done());
    }
    let page = pages::sign_out(&logged_in.user, text, &browser.csrf_token());
    Ok(Entry::default().with(page))
}

/// Logs out the user who has confirmed it.
async fn confirmed(
    demo: &DemoServer,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Response, OAuthError> {
    origin::check(demo, headers)?;
    let browser = BrowserSession::of(demo, headers)?;
    browser.check_form(form)?;
    let text = form.get(REQUEST_FIELD).unwrap_or_default();
    let request = LogoutRequest::read(demo, &Parameters::parse(text.as_bytes())?).await?;
    browser.log_out(demo);
    Ok(request.done())
}

impl LogoutRequest {
    async fn read(demo: &DemoServer, parameters: &Parameters) -> Result<LogoutRequest, OAuthError> {
        parameters.none_repeated("RFC 6749 section 3.1")?;
        let hint = match parameters.get("id_token_hint") {
            None => None,
            Some(token) => Some(
                demo.keys()
                    .await
                    .own_id_token(token, demo.now())
                    .ok_or_else(|| refused("`id_token_hint` is not an ID token of this server"))?,
            ),
        };
        let named = parameters.get("client_id");
        if let (Some(hint), Some(id)) = (&hint, named)
            && hint.aud != id
        {
            return Err(refused("`id_token_hint` was issued to another client"));
        }
        let client = named.or(hint.as_ref().map(|hint| hint.aud.as_str()));
        let location = match parameters.get("post_logout_redirect_uri") {
            None => None,
            Some(uri) => {
                let client = client.and_then(|id| demo.client(id)).ok_or_else(|| {
                    refused(
                        "there is a `post_logout_redirect_uri`, but no client that it belongs to",
                    )
                })?;
                let known = &client.post_logout_redirect_uris;
                if !known.iter().any(|known| known.allows(uri)) {
                    let refusal = refused(&format!(
                        "`post_logout_redirect_uri` is {}, which {} has not registered",
                        quoted(uri, 120),
                        client.id,
                    ));
                    return Err(refusal.advise(Advice::allow(&client.id, uri, true)));
                }
                Some(match parameters.get("state") {
                    None => uri.to_owned(),
                    Some(state) => with_parameter(uri, "state", state),
                })
            }
        };
        Ok(LogoutRequest { hint, location })
    }

    /// Whether it comes with an ID token of this user.
    fn is_from(&self, name: &str) -> bool {
        self.hint.as_ref().is_some_and(|hint| hint.sub == name)
    }

    fn done(&self) -> Response {
        let response = match &self.location {
            Some(location) => see_other(location),
            None => pages::signed_out().into_response(),
        };
        Entry::default().with(response)
    }
}

/// The refusal of a request; the browser is not sent anywhere (section 3).
fn refused(reason: &str) -> OAuthError {
    OAuthError::request(reason, "OpenID Connect RP-Initiated Logout 1.0 section 3")
}
