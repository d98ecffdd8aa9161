//! The pages for a device that waits: its code, who decides, and what on.

use maud::{Markup, html};

use crate::demo::demo_server::DemoServer;
use crate::demo::device_verification::Waiting;
use crate::demo::pages::consent::scopes;
use crate::demo::pages::login::{failed, known_user, name_and_password};
use crate::demo::pages::{Page, csrf_field, narrow};
use crate::demo::path::DEVICE;
use crate::demo::user::User;

/// Asks for the code that the device shows; a link may have it already.
pub(in crate::demo) fn device_code(
    user_code: Option<&str>,
    csrf: &str,
    problem: Option<&str>,
) -> Page {
    narrow(
        "Connect a device",
        None,
        &html! {
            h1 { "Connect a device" }
            p { "Enter the code that your device shows. Go on only if you have it before you, and have begun there yourself." }
            @if let Some(problem) = problem {
                p.problem #problem role="alert" { (problem) }
            }
            form method="post" action={ "." (DEVICE) } {
                (csrf_field(csrf))
                label for="user_code" { "Code" }
                input #user_code name="user_code" autocomplete="off" autocapitalize="characters"
                    spellcheck="false" maxlength="40" required autofocus value=[user_code]
                    aria-describedby=[problem.map(|_| "problem")];
                button type="submit" { "Continue" }
            }
        },
    )
}

/// Asks who decides; again, with the name, where that was no good.
pub(in crate::demo) fn device_login(
    demo: &DemoServer,
    waiting: &Waiting,
    csrf: &str,
    tried: Option<&str>,
) -> Page {
    narrow(
        "Log in",
        None,
        &html! {
            h1 { "Log in" }
            p {
                strong { (waiting.client.shown_name()) } " asks you, from a device with the code "
                code { (waiting.user_code) } ", to say who you are."
            }
            (failed(tried.is_some()))
            form method="post" action={ "." (DEVICE) } {
                (hidden(waiting, csrf))
                (name_and_password(tried, tried.is_some(), false))
            }
            (known_user(demo))
        },
    )
}

/// Asks whether the device may have what it wants.
pub(in crate::demo) fn device_consent(waiting: &Waiting, user: &User, csrf: &str) -> Page {
    narrow(
        "Allow access?",
        None,
        &html! {
            h1 { "Allow access?" }
            p {
                strong { (waiting.client.shown_name()) } " asks you, " strong { (user.name) }
                ", to let it:"
            }
            (scopes(&waiting.scope))
            dl.facts {
                dt { "Client" } dd { code { (waiting.client.id) } }
                dt { "Code on the device" } dd { code { (waiting.user_code) } }
            }
            form method="post" action={ "." (DEVICE) } {
                (hidden(waiting, csrf))
                div.choice {
                    button type="submit" name="decision" value="allow" { "Allow" }
                    button.quiet type="submit" name="decision" value="deny" { "Deny" }
                }
            }
        },
    )
}

/// Says what was decided.
pub(in crate::demo) fn device_done(is_allowed: bool) -> Page {
    let (title, words) = match is_allowed {
        true => (
            "The device is connected",
            "It goes on by itself in a few seconds.",
        ),
        false => (
            "The device is not connected",
            "It has been told that you said no.",
        ),
    };
    narrow(
        title,
        None,
        &html! {
            h1 { (title) }
            p { (words) " You can close this page." }
        },
    )
}

fn hidden(waiting: &Waiting, csrf: &str) -> Markup {
    html! {
        input type="hidden" name="user_code" value=(waiting.user_code);
        (csrf_field(csrf))
    }
}
