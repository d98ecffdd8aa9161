//! A page about a mistake of a client, where the client itself cannot be told.

use maud::{Markup, html};

use crate::demo::advice::Advice;
use crate::demo::error::OAuthError;
use crate::demo::pages::{Page, narrow, words};
use crate::demo::reference::documentation_url;

pub(in crate::demo) fn refusal(refusal: &OAuthError, advise: fn(&Advice) -> String) -> Page {
    let wrong = match &refusal.remark.advice {
        Some(advice) => format!("{}; {}", refusal.remark.text, advise(advice)),
        None => refusal.remark.text.clone(),
    };
    narrow(
        "This request is refused",
        None,
        &html! {
            h1 { "This request is refused" }
            p { "What brought you here made a mistake. Nothing was sent back to it, and nothing was granted." }
            dl.facts {
                dt { "What is wrong" } dd { (words(&wrong)) }
                dt { "Error" } dd { code { (refusal.error.code()) } ", " (refusal.error.description()) }
                dt { "By" } dd { (section(refusal.remark.section)) }
            }
        },
    )
}

/// The name of a section, as a link to it where it can be read by number.
fn section(name: &str) -> Markup {
    html! {
        @match documentation_url(name) {
            Some(url) => a href=(url) rel="noreferrer" { (name) },
            None => (name),
        }
    }
}
