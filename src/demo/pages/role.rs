//! The four roles (RFC 6749 section 1.1), as pages name them.

use maud::{Markup, Render, html};

/// One of the four roles.
#[derive(Clone, Copy)]
pub(super) enum Role {
    ResourceOwner,
    Client,
    AuthorizationServer,
    ResourceServer,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Role::ResourceOwner => "resource owner",
            Role::Client => "client",
            Role::AuthorizationServer => "authorization server",
            Role::ResourceServer => "resource server",
        }
    }

    /// The class that gives it its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Role::ResourceOwner => "role owner",
            Role::Client => "role client",
            Role::AuthorizationServer => "role issuer",
            Role::ResourceServer => "role api",
        }
    }
}

impl Render for Role {
    fn render(&self) -> Markup {
        html! { span class=(self.class()) { (self.name()) } }
    }
}

/// Who speaks to whom, and how.
pub(super) fn speaks(from: Role, to: Role, way: &str) -> Markup {
    html! {
        p.who {
            (from) " " span aria-hidden="true" { "→" } span.unseen { "to" } " " (to)
            @if !way.is_empty() { " " (way) }
        }
    }
}
