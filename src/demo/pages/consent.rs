//! The consent form: who asks, for what, and where the answer goes.

use maud::{Markup, html};

use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::pages::hidden::hidden;
use crate::demo::pages::{Page, narrow};
use crate::demo::path::{AUTHORIZE, CONSENT};
use crate::demo::redirect_uri::shown_host;
use crate::demo::scope::{Scope, meaning};
use crate::demo::user::User;

pub(in crate::demo) fn consent(request: &AuthorizationRequest, user: &User, csrf: &str) -> Page {
    let client = request.client.shown_name();
    narrow(
        "Allow access?",
        None,
        &html! {
            h1 { "Allow access?" }
            p { strong { (client) } " asks you, " strong { (user.name) } ", to let it:" }
            (scopes_and_claims(&request.scope, &request.claims.beyond(&request.scope)))
            dl.facts {
                dt { "Client" } dd { code { (request.client.id) } }
                dt { "The answer goes to" } dd { code { (shown_host(request.redirect_uri())) } }
            }
            form method="post" action={ "." (CONSENT) } {
                (hidden(request, csrf))
                div.choice {
                    button type="submit" name="decision" value="allow" { "Allow" }
                    button.quiet type="submit" name="decision" value="deny" { "Deny" }
                }
            }
            @if let Some(other) = request.for_another() {
                p.note {
                    "You are not " (user.name) "? "
                    a href={ "." (AUTHORIZE) "?" (other) } { "Log in as somebody else" }
                }
            }
        },
    )
}

/// What a client asks for.
pub(super) fn scopes(scope: &Scope) -> Markup {
    scopes_and_claims(scope, &[])
}

fn scopes_and_claims(scope: &Scope, claims: &[&str]) -> Markup {
    html! {
        ul.scopes {
            @for scope in scope.iter() {
                li { (meaning(scope)) " " code { (scope) } }
            }
            @for claim in claims {
                li { "see the claim " code { (claim) } }
            }
        }
        @if scope.is_empty() {
            p { "have a token, with no scope" }
        }
    }
}
