//! What a person sees. Text is escaped by the templates; nothing on a page is inline or from
//! another host, and nothing but the playground and the attempts of `/docs` needs a script.

mod asset;
mod consent;
mod control;
mod control_reference;
mod device;
mod form_post;
mod hidden;
mod login;
mod picture;
mod playground;
mod reference;
mod refusal;
mod role;
mod signed_out;
mod start;
mod twice;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::demo::NAME;
use crate::demo::browser_session::CSRF_FIELD;
use crate::demo::pages::role::Role;
use crate::demo::path::{CONTROL, DOCS, PLAYGROUND};

pub(super) use asset::assets;
pub(super) use consent::consent;
pub(super) use control::control;
pub(super) use device::{device_code, device_consent, device_done, device_login};
pub(super) use form_post::form_post;
pub(super) use login::login;
pub(super) use playground::playground;
pub(super) use reference::reference;
pub(super) use refusal::refusal;
pub(super) use signed_out::{sign_out, signed_out};
pub(super) use start::start;
pub(super) use twice::{form_post_twice, twice};

/// The field of a form that has the authorization request.
pub(super) const REQUEST_FIELD: &str = "request";

/// They keep a page from being framed, from loading foreign content and from sending its URL to
/// others (RFC 9700 sections 4.2.4 and 4.16). There is no `form-action`, since it would block the
/// way back to the client. With `no-referrer`, browsers would post our own forms from the origin
/// `null`.
const HEADERS: &[(HeaderName, &str)] = &[
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// A page; copies are the same text.
#[derive(Clone)]
pub(super) struct Page(Bytes);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = Body::from(self.0).into_response();
        for (name, value) in HEADERS {
            response
                .headers_mut()
                .insert(name, header::HeaderValue::from_static(value));
        }
        response
    }
}

/// A page to look around: it links to the others.
fn wide(title: &str, root: &str, script: Option<&str>, body: &Markup) -> Page {
    document(
        title,
        root,
        script,
        "wide",
        &html! {
            header {
                nav aria-label="Pages" {
                    a.brand href={ (root) "/" } { (NAME) }
                    a href={ (root) (PLAYGROUND) } { "Playground" }
                    a href={ (root) (DOCS) } { "API reference" }
                    a href={ (root) (CONTROL) } { "Control" }
                }
            }
            main { (body) }
            footer { p { "A server to try clients against, not for production." } }
        },
    )
}

/// A page on which the authorization server asks a resource owner one thing.
fn narrow(title: &str, script: Option<&str>, body: &Markup) -> Page {
    document(
        title,
        ".",
        script,
        "narrow",
        &html! {
            header { p { (Role::AuthorizationServer) " " (NAME) } }
            main { (body) }
        },
    )
}

/// A document; `root` leads from it to the root of the server.
fn document(title: &str, root: &str, script: Option<&str>, class: &str, body: &Markup) -> Page {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (NAME) }
                link rel="stylesheet" href={ (root) "/style.css" };
                link rel="icon" type="image/svg+xml" href={ (root) "/icon.svg" };
                @if let Some(script) = script {
                    script type="module" src={ (root) "/" (script) } {}
                }
            }
            body class=(class) { (body) }
        }
    };
    Page(markup.into_string().into())
}

/// Text in which names stand between backticks.
fn words(text: &str) -> Markup {
    html! {
        @for (index, word) in text.split('`').enumerate() {
            @if index % 2 == 0 { (word) } @else { code { (word) } }
        }
    }
}

fn csrf_field(csrf: &str) -> Markup {
    html! { input type="hidden" name=(CSRF_FIELD) value=(csrf); }
}
