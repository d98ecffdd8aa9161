//! The answer to a client as a form, which a script posts, or a person without scripts (OAuth 2.0
//! Form Post Response Mode section 2).

use maud::{Markup, html};

use crate::demo::pages::{Page, narrow};
use crate::demo::redirect_uri::shown_host;

pub(in crate::demo) fn form_post(redirect_uri: &str, parameters: &[(&str, &str)]) -> Page {
    narrow(
        "Back to the application",
        Some("submit.js"),
        &html! {
            h1 { "Back to the application" }
            p { "The answer goes to " code { (shown_host(redirect_uri)) } "." }
            form #answer method="post" action=(redirect_uri) { (fields(parameters)) }
        },
    )
}

/// What the form sends, and its button.
pub(super) fn fields(parameters: &[(&str, &str)]) -> Markup {
    html! {
        @for (name, value) in parameters {
            input type="hidden" name=(name) value=(value);
        }
        button type="submit" { "Continue" }
    }
}
