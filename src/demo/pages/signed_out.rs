//! The end of a log-in.

use maud::{Markup, html};

use crate::demo::pages::{Page, csrf_field, narrow};
use crate::demo::path::{END_SESSION, PLAYGROUND};
use crate::demo::user::User;

/// Asks whether somebody means to log out; `text` is the request, which the form brings back.
pub(in crate::demo) fn sign_out(user: &User, text: &str, csrf: &str) -> Page {
    narrow(
        "Log out?",
        None,
        &html! {
            h1 { "Log out?" }
            p { "You are logged in as " strong { (user.name) } "." }
            form method="post" action={ "." (END_SESSION) } {
                input type="hidden" name=(super::REQUEST_FIELD) value=(text);
                (csrf_field(csrf))
                button type="submit" { "Log out" }
            }
            (ways_on())
        },
    )
}

/// Says that nobody is logged in any more.
pub(in crate::demo) fn signed_out() -> Page {
    narrow(
        "Logged out",
        None,
        &html! {
            h1 { "Logged out" }
            p {
                "Nobody is logged in with this browser. Tokens that clients have stay valid until they expire or are revoked."
            }
            (ways_on())
        },
    )
}

fn ways_on() -> Markup {
    html! {
        p.note {
            a href={ "." (PLAYGROUND) } { "To the playground" } ", "
            a href="./" { "to the start page" }
        }
    }
}
