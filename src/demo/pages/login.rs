//! The log-in form; again, with the name, where it was no good.

use maud::html;

use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::demo_server::DemoServer;
use crate::demo::pages::hidden::hidden;
use crate::demo::pages::{Page, narrow};
use crate::demo::path::LOGIN;

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
            @if has_failed {
                p.problem #problem role="alert" { "There is no user of this name and password." }
            }
            form method="post" action={ "." (LOGIN) } {
                (hidden(request, csrf))
                label for="username" { "Name" }
                input #username name="username" autocomplete="username" autocapitalize="none"
                    spellcheck="false" required autofocus[!has_failed] value=[name]
                    aria-describedby=[has_failed.then_some("problem")];
                label for="password" { "Password" }
                input #password name="password" type="password" autocomplete="current-password"
                    required autofocus[has_failed]
                    aria-describedby=[has_failed.then_some("problem")];
                button type="submit" { "Log in" }
            }
            @if let Some((name, password)) = demo.known_user() {
                p.note {
                    "To try it: " code { (name) } " with the password " code { (password) } "."
                }
            }
        },
    )
}
