//! The start page: who plays which role, and what happens between them.

use maud::{Markup, html};

use crate::demo::demo_server::DemoServer;
use crate::demo::pages::picture::picture;
use crate::demo::pages::role::Role;
use crate::demo::pages::{Page, wide};
use crate::demo::path::{DOCS, PLAYGROUND};

/// The page, at the path by which it was asked for.
pub(in crate::demo) fn start(demo: &DemoServer, path: &str) -> Page {
    let settings = demo.settings();
    let issuer = &settings.issuer;
    // A server below a path is found there with and without a slash at its end.
    let root = match path.rsplit_once('/') {
        None | Some((_, "")) => ".".to_owned(),
        Some((_, last)) => format!("./{last}"),
    };
    let link = |path: &str, text: &str| html! { a href={ (root) (path) } { (text) } };
    let well_known = |name: &str, text: &str| html! { a href=(issuer.well_known(name)) { (text) } };
    wide(
        "OAuth 2.0 on one port",
        &root,
        None,
        &html! {
            h1 { "OAuth 2.0 on one port" }
            p.lead {
                "Four roles make one story: somebody lets an application act for them, without giving it their password. All four are here, at "
                code { (issuer.as_str()) } "."
            }
            div.story {
                (picture(demo, &root))
                ol {
                    li { "The resource owner uses the " (Role::Client) ", which wants access to something of theirs. It sends their browser to " code { "/authorize" } "." }
                    li { "The " (Role::ResourceOwner) " logs in there, reads what is asked for, and says yes or no." }
                    li { "The " (Role::AuthorizationServer) " sends the browser back to the client, with a code that can be used once." }
                    li { "The " (Role::Client) " exchanges the code for an access token at " code { "/token" } ", and proves by PKCE that it is the one who asked." }
                    li { "The " (Role::Client) " calls " (link("/protected", "/protected")) " with the token. Without one, the answer is a refusal." }
                    li {
                        "The " (Role::ResourceServer) " checks the signature of the token"
                        @if demo.has_openid() { " with the keys at " (link("/jwks.json", "/jwks.json")) }
                        @else { " with the secret that it shares with the authorization server" }
                        " and whether it has been revoked, and answers."
                    }
                }
            }
            p.ways {
                a.button href={ (root) (PLAYGROUND) } { "Walk through it in the playground" }
                a.button.quiet href={ (root) (DOCS) } { "Look up the endpoints" }
            }
            h2 { "Who is here" }
            div.columns {
                (people(demo))
                (clients(demo))
            }
            h2 { "For your own client" }
            p { "Give it the issuer; everything else it finds in the metadata:" }
            ul {
                @if demo.has_openid() {
                    li { (link("/.well-known/openid-configuration", "OpenID Connect Discovery")) }
                }
                li { (well_known("oauth-authorization-server", "the authorization server")) " (RFC 8414)" }
                li { (well_known("oauth-protected-resource", "the resource server")) " (RFC 9728)" }
            }
        },
    )
}

fn people(demo: &DemoServer) -> Markup {
    html! {
        table {
            caption { "Resource owners" }
            thead { tr { th scope="col" { "Name" } th scope="col" { "Password" } } }
            tbody {
                @for user in &demo.settings().users {
                    tr {
                        td { code { (user.name) } }
                        td {
                            @if user.is_built_in { code { (user.password.expose()) } }
                            @else { "yours" }
                        }
                    }
                }
            }
        }
    }
}

fn clients(demo: &DemoServer) -> Markup {
    html! {
        table {
            caption { "Clients" }
            thead { tr { th scope="col" { "client_id" } th scope="col" { "Secret" } } }
            tbody {
                @for client in &demo.settings().clients {
                    tr {
                        td { code { (client.id) } }
                        td {
                            @match &client.secret {
                                None => "none: it is public",
                                Some(secret) if client.is_built_in => code { (secret.expose()) },
                                Some(_) => "yours",
                            }
                        }
                    }
                }
            }
        }
    }
}
