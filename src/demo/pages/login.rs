//! The log-in form; after a failure it is shown again, with the name.

use maud::{Markup, html};

use crate::demo::acr::Acr;
use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::demo_server::DemoServer;
use crate::demo::pages::hidden::hidden;
use crate::demo::pages::{Page, narrow};
use crate::demo::path::LOGIN;

/// How many users are named.
const MOST: usize = 10;

pub(in crate::demo) fn login(
    demo: &DemoServer,
    request: &AuthorizationRequest,
    csrf: &str,
    tried: Option<&str>,
) -> Page {
    let name = tried.or(request.login_hint.as_deref());
    let has_failed = tried.is_some();
    narrow(
        "Log in",
        None,
        &html! {
            h1 { "Log in" }
            p { strong { (request.client.shown_name()) } " asks you to say who you are." }
            @if has_failed && request.acr == Some(Acr::TwoFactors) {
                p.problem #problem role="alert" { "The name, the password or the code is not right: the code has six digits." }
            } @else { (failed(has_failed)) }
            form method="post" action={ "." (LOGIN) } {
                (hidden(request, csrf))
                (name_and_password(name, has_failed, request.acr == Some(Acr::TwoFactors)))
            }
            (known_user(demo))
        },
    )
}

/// Says that a name and a password were wrong, if they were.
pub(super) fn failed(has_failed: bool) -> Markup {
    html! {
        @if has_failed {
            p.problem #problem role="alert" { "There is no user of this name and password." }
        }
    }
}

/// The fields of a log-in, and its button.
pub(super) fn name_and_password(
    name: Option<&str>,
    has_failed: bool,
    has_two_factors: bool,
) -> Markup {
    html! {
        label for="username" { "Name" }
        input #username name="username" autocomplete="username" autocapitalize="none"
            spellcheck="false" required autofocus[!has_failed] value=[name]
            aria-describedby=[has_failed.then_some("problem")];
        label for="password" { "Password" }
        input #password name="password" type="password" autocomplete="current-password"
            required autofocus[has_failed]
            aria-describedby=[has_failed.then_some("problem")];
        @if has_two_factors {
            label for="otp" { "Code" }
            input #otp name="otp" inputmode="numeric" autocomplete="one-time-code" required
                pattern="[0-9]{6}" aria-describedby="about-otp";
            p #about-otp .note { "The application asks for a second factor. Any six digits do here." }
        }
        button type="submit" { "Log in" }
    }
}

/// The users to try it with.
pub(super) fn known_user(demo: &DemoServer) -> Markup {
    let users = &demo.settings().users;
    html! {
        @if !users.is_empty() {
            p.note {
                "Who is here: "
                @for (index, user) in users.iter().take(MOST).enumerate() {
                    @if index > 0 { ", " }
                    code { (user.name) }
                    @if user.is_built_in { " with the password " code { (user.password.expose()) } }
                }
                @if users.len() > MOST { " and others" }
                "."
            }
        }
    }
}
