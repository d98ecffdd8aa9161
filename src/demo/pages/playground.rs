//! The playground: a page that plays the client. What stands here explains; its scripts make the
//! requests, and show them.

use axum::extract::State;
use maud::{Markup, html};

use crate::demo::pages::role::{Role, speaks};
use crate::demo::pages::{Page, wide};
use crate::demo::router::END_SESSION;
use crate::demo::scope::{OPENID, meaning};
use crate::demo::service::{Demo, PLAYGROUND_CLIENT};

/// The scopes that are asked for unless somebody changes it: not all, so that a call can be refused.
const ASKED: &[&str] = &[OPENID, "profile", "items:read"];

/// The client that introspects, and whose own tokens there are.
const SERVICE: &str = "demo-service";

/// `GET /playground`
pub(in crate::demo) async fn playground(State(demo): State<Demo>) -> Page {
    let issuer = demo.settings().issuer.as_str();
    let openid = demo.has_openid();
    wide(
        "Playground",
        ".",
        Some("playground.js"),
        &html! {
            h1 { "Playground" }
            p.lead {
                "This page is a " (Role::Client) ": an application that wants to act for somebody. It goes through the code flow with PKCE, one step at a time, and shows every request and every answer."
            }
            noscript {
                p.problem { "The playground makes its requests with a script, and scripts are off. Log-in and consent work without." }
            }
            p #trouble .problem role="alert" hidden {}
            nav.contents aria-label="Steps" {
                ol.steps {
                    li { a href="#pair" { "Prepare" } }
                    li { a href="#ask" { "Ask" } }
                    li { a href="#back" { "Come back" } }
                    li { a href="#exchange" { "Exchange" } }
                    li { a href="#read" { "Read" } }
                    li { a href="#call" { "Call" } }
                    li { a href="#introspect" { "Introspect" } }
                    li { a href="#refresh" { "Refresh" } }
                    li { a href="#revoke" { "Revoke" } }
                    li { a href="#service" { "Without a person" } }
                    li { a href="#refused" { "Refused" } }
                }
            }
            div #playground data-client=(PLAYGROUND_CLIENT) data-issuer=(issuer) data-service=(SERVICE) {
                (pair(openid))
                (ask(&demo))
                (back())
                (exchange())
                (read(&demo))
                (call())
                (introspect(&demo))
                (refresh())
                (revoke())
                (service(&demo))
                (refused(openid))
            }
            div.step {
                h2 { "Again" }
                p { "Starting over forgets everything that this page has kept. Logging out ends the session at the authorization server, and nothing else: tokens stay good." }
                button #over type="button" { "Start over" }
                a.button.quiet href={ "." (END_SESSION) } { "Log out" }
            }
        },
    )
}

/// A step: its name, its heading, who speaks to whom, and the rest. What the scripts add comes last.
fn step(id: &str, title: &str, who: &Markup, body: &Markup) -> Markup {
    html! {
        section.step id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } tabindex="-1" { (title) }
            (who)
            (body)
            div.results {}
        }
    }
}

fn alone(role: Role) -> Markup {
    html! { p.who { (role) ", alone" } }
}

/// A button of a step. It can be pressed once the script is there, and what it needs.
fn action(name: &str, text: &str) -> Markup {
    html! { button type="button" data-action=(name) disabled { (text) } }
}

/// What has to be done first, where it has not been.
fn first(text: &str) -> Markup {
    html! { p.note.first { (text) } }
}

fn pair(openid: bool) -> Markup {
    step(
        "pair",
        "1. Prepare",
        &alone(Role::Client),
        &html! {
            p {
                "The client makes up random values, and keeps them to itself. A " dfn { "code verifier" } " will prove later that whoever brings the code back is the one who asked for it: for now only its SHA-256 hash goes out, the " dfn { "code challenge" } " (PKCE, RFC 7636). "
                dfn { "state" } " ties the answer to this very browser"
                @if openid {
                    ", and " dfn { "nonce" } " ties the ID token to this request"
                }
                "."
            }
            (action("prepare", "Make them up"))
        },
    )
}

fn ask(demo: &Demo) -> Markup {
    let client = demo.client(PLAYGROUND_CLIENT);
    let scopes = client.iter().flat_map(|client| &client.scopes);
    step(
        "ask",
        "2. Ask",
        &speaks(
            Role::Client,
            Role::AuthorizationServer,
            "by way of the resource owner's browser",
        ),
        &html! {
            p {
                "The client sends the browser to the authorization server, with a URL that says who asks, for what, and where the answer is to go. The resource owner logs in there: the client never sees the password."
            }
            fieldset {
                legend { "What to ask for" }
                @for scope in scopes {
                    label.box {
                        input type="checkbox" name="scope" value=(scope) checked[ASKED.contains(&scope.as_str())];
                        span { (meaning(scope)) " " code { (scope) } }
                    }
                }
            }
            @if let Some((name, password)) = demo.known_user() {
                p { "Log in as " code { (name) } " with the password " code { (password) } "; or try a wrong one, or say no." }
            }
            (first("The URL is shown here once step 1 is done."))
            div.preview {}
            (action("ask", "Go there"))
        },
    )
}

fn back() -> Markup {
    step(
        "back",
        "3. Come back",
        &speaks(
            Role::AuthorizationServer,
            Role::Client,
            "by way of the resource owner's browser",
        ),
        &html! {
            p {
                "The browser comes back to the client's redirect URI, which is this page. Not with a token: URLs end up in histories and logs. With a " dfn { "code" } ", which is good once, for a minute, and worth nothing without the verifier. The client takes it only if " code { "state" } " is the one that it sent, and " code { "iss" } " the server that it asked (RFC 9207)."
            }
            (first("What came back is shown here after step 2."))
        },
    )
}

fn exchange() -> Markup {
    step(
        "exchange",
        "4. Exchange the code",
        &speaks(
            Role::Client,
            Role::AuthorizationServer,
            "directly, past the browser's address bar",
        ),
        &html! {
            p {
                "The client brings the code, and now the verifier too. The server hashes the verifier: if that gives the challenge of step 2, the code has not been stolen on its way. The answer has an " dfn { "access token" } " for the resource server, and a " dfn { "refresh token" } " for the time when that one has expired."
            }
            (first("The request is shown here once there is a code."))
            div.preview {}
            (action("exchange", "Send it"))
        },
    )
}

fn read(demo: &Demo) -> Markup {
    step(
        "read",
        "5. Read the tokens",
        &alone(Role::Client),
        &html! {
            p {
                "A JWT is three parts in base64url: a header, claims, and a signature over both. Anybody can read it, which is why nothing secret belongs in it; only the authorization server could sign it. The access token is for the resource server, and the client should not depend on what is in it."
                @if demo.has_openid() {
                    " The ID token is for the client: it says who logged in."
                }
            }
            (first("They are shown here after step 4."))
        },
    )
}

fn call() -> Markup {
    step(
        "call",
        "6. Call the resource server",
        &speaks(Role::Client, Role::ResourceServer, ""),
        &html! {
            p {
                "The token goes along in the " code { "Authorization" } " header (RFC 6750). Whoever has it can use it, so it goes nowhere else, and never into a URL. Adding an item needs the scope " code { "items:write" } "; if you did not ask for it in step 2, the answer is a 403."
            }
            (first("There is no access token yet: do steps 1 to 4."))
            (action("protected", "GET /protected"))
            (action("items", "GET /items"))
            (action("add", "POST /items"))
        },
    )
}

fn introspect(demo: &Demo) -> Markup {
    step(
        "introspect",
        "7. Ask whether a token is good",
        &speaks(Role::ResourceServer, Role::AuthorizationServer, ""),
        &html! {
            p {
                @if demo.has_openid() {
                    "A resource server checks a JWT by itself, with the public keys at " a href="./jwks.json" { "/jwks.json" } ". "
                } @else {
                    "A resource server checks a JWT by itself, with the secret that it shares with the authorization server. "
                }
                "What it cannot see in the token is whether it has been revoked since. For that it can ask (RFC 7662), and has to say who it is: here as " code { (SERVICE) } "."
            }
            (first("There is no access token yet: do steps 1 to 4."))
            (as_service(demo, "introspect", &action("introspect", "Introspect the access token")))
        },
    )
}

fn refresh() -> Markup {
    step(
        "refresh",
        "8. Refresh",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "Access tokens live for minutes. When one has expired the client gets the next with its refresh token, and nobody has to log in. Each refresh token is good once, and the answer brings a new one: if the old one turns up again, somebody has a copy, and the server revokes the whole family (RFC 9700 section 4.14.2)."
            }
            (first("There is no refresh token yet: do steps 1 to 4."))
            (action("refresh", "Refresh"))
            (action("replay", "Use the last one again"))
        },
    )
}

fn revoke() -> Markup {
    step(
        "revoke",
        "9. Revoke",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "When somebody logs out of the client, or takes it away, the client gives its tokens back (RFC 7009). Revoking the refresh token ends the access tokens that came with it too. Afterwards call " code { "/protected" } " again, or introspect."
            }
            (first("There is no refresh token yet: do steps 1 to 4."))
            (action("revoke", "Revoke the refresh token"))
            (action("again", "GET /protected"))
        },
    )
}

fn service(demo: &Demo) -> Markup {
    step(
        "service",
        "Without a person: client credentials",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "A service that acts for itself needs no browser and nobody's consent. It proves who it is by its own secret and gets a token whose subject is the client (RFC 6749 section 4.4). There is no refresh token: it can ask again at any time."
            }
            (as_service(demo, "service", &html! {
                (action("service", "Get a token"))
                (action("service-call", "GET /protected"))
            }))
        },
    )
}

fn refused(openid: bool) -> Markup {
    step(
        "refused",
        "What a refused call looks like",
        &speaks(
            Role::Client,
            Role::ResourceServer,
            "and the authorization server",
        ),
        &html! {
            p {
                "The wire says little, so that nobody learns from it: a status, a code, and " code { "WWW-Authenticate" } ". The log of the server, in the terminal where it runs, says what was found and which section of which RFC forbids it."
            }
            ul.tries {
                li { (action("no-token", "Call without a token")) }
                li { (action("forged", "Change one letter of the signature")) }
                li { (action("scope", "Add an item without the scope for it")) }
                @if openid {
                    li { (action("id-token", "Send the ID token in place of the access token")) }
                }
                li { (action("code-again", "Use the code a second time")) " This revokes what came of the first time." }
            }
        },
    )
}

/// What takes the secret of the service: the one that everybody knows, or another.
fn as_service(demo: &Demo, step: &str, actions: &Markup) -> Markup {
    let client = demo.client(SERVICE).filter(|client| client.is_built_in);
    let known = client.and_then(|client| Some(client.secret.as_ref()?.expose().to_owned()));
    let id = format!("{step}-secret");
    html! {
        form {
            label for=(id) { "Secret of " code { (SERVICE) } }
            input id=(id) type="password" autocomplete="off" value=[known];
            (actions)
        }
    }
}
