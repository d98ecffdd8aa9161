//! What a person sees. Text is escaped by the templates; nothing on a page is inline or from
//! another host.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::demo::authorize::AuthorizationRequest;
use crate::demo::error::Refusal;
use crate::demo::redirect_uri::shown_host;
use crate::demo::router::{CONSENT, LOGIN, STYLE, SUBMIT};
use crate::demo::scope::SCOPES;
use crate::demo::service::Demo;
use crate::demo::session::CSRF_FIELD;
use crate::demo::user::User;

/// The field of a form that has the authorization request.
pub(super) const REQUEST_FIELD: &str = "request";

/// What keeps a page from being framed, from loading anything foreign and from telling others where
/// it was (RFC 9700 sections 4.2.4 and 4.16). There is no `form-action`, which would stop the way
/// back to the client; and with `no-referrer` browsers would post our own forms from `null`.
const HEADERS: &[(HeaderName, &str)] = &[
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// A page.
pub(super) struct Page(Markup);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.0.into_string().into_response();
        for (name, value) in HEADERS {
            response
                .headers_mut()
                .insert(name, header::HeaderValue::from_static(value));
        }
        response
    }
}

fn page(title: &str, body: &Markup) -> Page {
    Page(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · jott serve-demo" }
                link rel="stylesheet" href={ "." (STYLE) };
            }
            body { main { h1 { (title) } (body) } }
        }
    })
}

/// `GET /`, for a browser.
pub(super) fn start(demo: &Demo) -> Page {
    let issuer = &demo.settings().issuer;
    page(
        "An OAuth 2.0 server to try clients against",
        &html! {
            p { "The issuer is " code { (issuer.as_str()) } "." }
            ul {
                li { a href={ (issuer.well_known("oauth-authorization-server")) } { "the metadata of the authorization server" } }
                li { a href={ (issuer.well_known("oauth-protected-resource")) } { "the metadata of the resource server" } }
            }
        },
    )
}

/// The log-in form; again, with the name, where it was no good.
pub(super) fn login(request: &AuthorizationRequest, csrf: &str, tried: Option<&str>) -> Page {
    let name = tried.or(request.login_hint.as_deref());
    page(
        "Log in",
        &html! {
            p { (request.client.shown_name()) " asks you to log in." }
            @if tried.is_some() {
                p.problem role="alert" { "There is no user of this name and password." }
            }
            form method="post" action={ "." (LOGIN) } {
                (hidden(request, csrf))
                label for="username" { "Name" }
                input #username name="username" autocomplete="username" autofocus required value=[name];
                label for="password" { "Password" }
                input #password name="password" type="password" autocomplete="current-password" required;
                button type="submit" { "Log in" }
            }
        },
    )
}

/// The consent form.
pub(super) fn consent(request: &AuthorizationRequest, user: &User, csrf: &str) -> Page {
    let client = request.client.shown_name();
    page(
        "Allow access?",
        &html! {
            p {
                strong { (client) } " asks you, " strong { (user.name) } ", to let it:"
            }
            ul {
                @for scope in request.scope.iter() {
                    li { (meaning(scope)) " " code { (scope) } }
                }
            }
            p { "The answer goes to " code { (shown_host(request.redirect_uri())) } "." }
            form method="post" action={ "." (CONSENT) } {
                (hidden(request, csrf))
                button type="submit" name="decision" value="allow" { "Allow" }
                button type="submit" name="decision" value="deny" { "Deny" }
            }
        },
    )
}

fn hidden(request: &AuthorizationRequest, csrf: &str) -> Markup {
    html! {
        input type="hidden" name=(REQUEST_FIELD) value=(request.text);
        input type="hidden" name=(CSRF_FIELD) value=(csrf);
    }
}

fn meaning(scope: &str) -> &str {
    let known = SCOPES.iter().find(|(name, _)| *name == scope);
    known.map_or("use", |(_, meaning)| meaning)
}

/// What a client did wrong, where it cannot be told itself.
pub(super) fn error(refusal: &Refusal) -> Page {
    page(
        "This request is refused",
        &html! {
            p { (refusal.remark.text) }
            p { code { (refusal.error.code()) } " · " (refusal.remark.section) }
        },
    )
}

/// The answer to a client as a form, which a script posts, or a person without scripts (OAuth 2.0
/// Form Post Response Mode section 2).
pub(super) fn form_post(redirect_uri: &str, parameters: &[(&str, &str)]) -> Page {
    page(
        "Back to the application",
        &html! {
            form #answer method="post" action=(redirect_uri) {
                @for (name, value) in parameters {
                    input type="hidden" name=(name) value=(value);
                }
                button type="submit" { "Continue" }
            }
            script src={ "." (SUBMIT) } defer {}
        },
    )
}

/// `GET /style.css`
pub(super) async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("style.css"))
}

/// `GET /submit.js`
pub(super) async fn submit() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("submit.js"))
}

fn asset(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, text).into_response()
}
