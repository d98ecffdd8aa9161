//! What a client did wrong, where it cannot be told itself.

use maud::{Markup, html};

use crate::demo::error::Refusal;
use crate::demo::pages::{Page, narrow};

pub(in crate::demo) fn refusal(refusal: &Refusal) -> Page {
    narrow(
        "This request is refused",
        None,
        &html! {
            h1 { "This request is refused" }
            p { "What brought you here made a mistake. Nothing was sent back to it, and nothing was granted." }
            dl.facts {
                dt { "What is wrong" } dd { (with_code(&refusal.remark.text)) }
                dt { "Error" } dd { code { (refusal.error.code()) } ", " (refusal.error.description()) }
                dt { "By" } dd { (section(refusal.remark.section)) }
            }
        },
    )
}

/// The text of a remark, in which code stands between backticks.
fn with_code(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A section of an RFC as a link to it; of another document, its name.
fn section(name: &str) -> Markup {
    let rfc = name
        .strip_prefix("RFC ")
        .and_then(|rest| rest.split_once(" section "))
        .filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
    html! {
        @match rfc {
            Some((number, section)) => {
                a href={ "https://www.rfc-editor.org/rfc/rfc" (number) "#section-" (section) } rel="noreferrer" { (name) }
            }
            None => (name),
        }
    }
}
