//! The playground: a page that plays the client. The text here explains; its scripts make the requests, and
//! show them.

use axum::extract::State;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::demo::authorization_request::can_be_played;
use crate::demo::client::Client;
use crate::demo::demo_server::{DemoServer, PLAYGROUND_CLIENT};
use crate::demo::grant::{CLIENT_CREDENTIALS, DEVICE_CODE};
use crate::demo::pages::login::known_user;
use crate::demo::pages::role::{Role, speaks};
use crate::demo::pages::{Page, wide};
use crate::demo::path::END_SESSION;
use crate::demo::scope::{OPENID, meaning};
use crate::demo::secret::Secret;

/// The scopes that are selected at first: not all, so that a call can be refused.
const ASKED: &[&str] = &[OPENID, "profile", "items:read"];

/// The steps: where each is on the page, and its name.
const STEPS: &[(&str, &str)] = &[
    ("prepare", "Prepare"),
    ("ask", "Ask"),
    ("back", "Come back"),
    ("exchange", "Exchange the code"),
    ("read", "Read the tokens"),
    ("call", "Call the API"),
    ("refused", "Be refused"),
    ("introspect", "Ask whether a token is valid"),
    ("refresh", "Refresh"),
    ("end", "End it"),
    ("service", "Without a person"),
    ("device", "On another device"),
];

/// `GET /playground`
pub(in crate::demo) async fn playground(State(demo): State<DemoServer>) -> Page {
    let issuer = demo.settings().issuer.as_str();
    let openid = demo.has_openid();
    wide(
        "Playground",
        ".",
        Some("playground.js"),
        &html! {
            h1 { "Playground" }
            p.lead {
                "This page is a " (Role::Client) ": an application that wants to act for somebody. It goes through the code flow with PKCE (proof key for code exchange), one step at a time, and shows every request and every answer."
            }
            noscript {
                p.problem { "The playground makes its requests with a script, and scripts are off. Log-in and consent work without." }
            }
            p #trouble .problem role="alert" hidden {}
            nav.contents aria-label="Steps" {
                ol.steps {
                    @for (id, name) in STEPS {
                        li { a href={ "#" (id) } { (name) } }
                    }
                }
            }
            div #playground data-clients=(played(&demo)) data-issuer=(issuer) {
                (prepare(&demo))
                (ask(&demo))
                (back())
                (exchange(&demo))
                (read(openid))
                (call(openid))
                (refused(openid))
                (introspect(&demo))
                (refresh())
                (end())
                (service(&demo))
                (device())
            }
            h2 { "Again" }
            p { "Starting over forgets what this page has kept, and nothing else: at the authorization server you are still logged in, so that it asks for your consent at once. Logging out ends that." }
            button #over type="button" { "Start over" }
            a.button.quiet href={ "." (END_SESSION) } { "Log out" }
        },
    )
}

/// A step: who speaks to whom, and the rest. What the scripts add comes last.
fn step(id: &str, who: &Markup, body: &Markup) -> Markup {
    let known = STEPS.iter().enumerate().find(|(_, step)| step.0 == id);
    let (index, name) = known.map_or((0, id), |(index, step)| (index, step.1));
    html! {
        section.step id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } tabindex="-1" { (index.saturating_add(1)) ". " (name) }
            (who)
            (body)
            div.results {}
        }
    }
}

fn alone(role: Role) -> Markup {
    html! { p.who { (role) ", alone" } }
}

/// A button of a step. It can be pressed once the script is loaded and has what the step needs.
fn action(name: &str, text: &str) -> Markup {
    html! { button type="button" data-action=(name) disabled { (text) } }
}

/// A note about what has to be done first.
fn first(text: &str) -> Markup {
    html! { p.note.first { (text) } }
}

/// The clients that the page can play, and the one that it plays first at their head.
fn clients(demo: &DemoServer) -> Vec<&Client> {
    let all = demo.settings().clients.iter();
    let mut clients: Vec<&Client> = all.filter(|client| can_be_played(client)).collect();
    clients.sort_by_key(|client| client.id != PLAYGROUND_CLIENT);
    clients
}

/// What the scripts need to know about them.
fn played(demo: &DemoServer) -> String {
    let known = clients(demo).into_iter().map(|client| {
        json!({
            "id": client.id,
            "scopes": client.scopes,
            "confidential": client.secret.is_some(),
            "device": client.may_use(DEVICE_CODE),
        })
    });
    known.collect::<Value>().to_string()
}

/// The secret that everybody knows, if a client has such a one.
fn known_secret(client: &Client) -> Option<&str> {
    let secret = client.secret.as_ref().filter(|_| client.is_built_in);
    secret.map(Secret::expose)
}

fn prepare(demo: &DemoServer) -> Markup {
    let openid = demo.has_openid();
    step(
        "prepare",
        &alone(Role::Client),
        &html! {
            label for="client" { "Client to play" }
            select #client autocomplete="off" {
                @for client in clients(demo) {
                    option value=(client.id) {
                        (client.shown_name())
                        @if client.secret.is_some() { ", with a secret" }
                    }
                }
            }
            p { "The client makes random values for this one request." }
            ul {
                li {
                    "The " dfn { "code verifier" } " stays a secret of the client until step 4. Only its SHA-256 hash goes out in step 2, the " dfn { "code challenge" } " (RFC 7636). Without it, whoever got hold of the code on its way could use it."
                }
                li {
                    dfn { "state" } " goes out and has to come back. Without it, somebody could lead your browser here with a code of their own, and you would go on in their name."
                }
                @if openid {
                    li {
                        dfn { "nonce" } " goes out and has to be in the ID token of step 5. Without it, an ID token of another log-in could be slipped in."
                    }
                }
            }
            (action("prepare", "Make new values"))
        },
    )
}

fn ask(demo: &DemoServer) -> Markup {
    let mut scopes: Vec<&str> = Vec::new();
    for scope in clients(demo).into_iter().flat_map(|client| &client.scopes) {
        if !scopes.contains(&scope.as_str()) {
            scopes.push(scope);
        }
    }
    step(
        "ask",
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
                legend { "What to ask for, in words and as a " dfn { "scope" } }
                @for scope in scopes {
                    label.box {
                        input type="checkbox" name="scope" value=(scope) checked[ASKED.contains(&scope)];
                        span { (meaning(scope)) " " code { (scope) } }
                    }
                }
            }
            p #nothing-asked .note hidden { "With no scope at all this server gives everything that the client may have; others refuse." }
            (known_user(demo))
            p { "Log in as one of them; or try a wrong password, or say no." }
            (first("For this there have to be new values: step 1."))
            (action("ask", "Go to the authorization server"))
            div.preview {}
        },
    )
}

fn back() -> Markup {
    step(
        "back",
        &speaks(
            Role::AuthorizationServer,
            Role::Client,
            "by way of the resource owner's browser",
        ),
        &html! {
            p {
                "The browser comes back to the client's redirect URI, which is this page. It does not bring a token, since URLs end up in histories and logs, but a " dfn { "code" } ": valid once, for a minute, and of no use without the verifier."
            }
            p {
                "The client goes on only if " code { "state" } " is the one that it sent, and " code { "iss" } ", the issuer, is the server that it asked: a client that knows several could be made to bring the code of one to another (RFC 9207)."
            }
            (first("What came back is shown here after step 2."))
        },
    )
}

fn exchange(demo: &DemoServer) -> Markup {
    let openid = demo.has_openid();
    step(
        "exchange",
        &speaks(
            Role::Client,
            Role::AuthorizationServer,
            "directly; nothing of it is in the address bar",
        ),
        &html! {
            p {
                "The client brings the code, and now the verifier too. The server hashes the verifier. If that gives the challenge of step 2, this is the one who asked. A " dfn { "public client" } " can give no other proof, since a page in a browser cannot keep a secret. A client on a server of its own has a secret as well, which the page plays with here."
            }
            p {
                "The answer has an " dfn { "access token" } " for the resource server, a " dfn { "refresh token" } " for the time when that one has expired"
                @if openid { ", and, if " code { "openid" } " was asked for, an " dfn { "ID token" } " that says who logged in" }
                ". This server gives a refresh token to every client that may use one"
                @if openid { "; others want the scope " code { "offline_access" } " for it" }
                "."
            }
            @for client in clients(demo).into_iter().filter(|client| client.secret.is_some()) {
                form.secret data-client=(client.id) hidden {
                    label { "Secret of " code { (client.id) }
                        input type="password" autocomplete="off" value=[known_secret(client)];
                    }
                }
            }
            (first("For this there has to be a code that has not been used: steps 1 to 3."))
            (action("exchange", "Exchange the code"))
            div.preview {}
        },
    )
}

fn read(openid: bool) -> Markup {
    step(
        "read",
        &alone(Role::Client),
        &html! {
            p {
                "These tokens are JSON Web Tokens: a header, claims, and a signature over both, each as base64url, with dots between. Anybody can read one, which is why nothing secret belongs in it; only the authorization server can make the signature."
            }
            p {
                "The access token is for the resource server, and the client should treat it as a closed envelope: another server's may not be readable at all."
                @if openid { " The ID token is for the client." }
            }
            (first("They are shown here after step 4."))
        },
    )
}

fn call(openid: bool) -> Markup {
    step(
        "call",
        &speaks(Role::Client, Role::ResourceServer, ""),
        &html! {
            p {
                "The token goes along in the " code { "Authorization" } " header, as a " dfn { "bearer" } " token (RFC 6750): whoever has it can use it, so it goes nowhere else, and never into a URL."
                @if openid { " What the scopes " code { "profile" } " and " code { "email" } " allow to know is told by " code { "/userinfo" } "." }
            }
            (first("There is no access token yet: steps 1 to 4."))
            (action("protected", "GET /protected"))
            (action("items", "GET /items"))
            (action("add", "POST /items"))
            @if openid { (action("userinfo", "GET /userinfo")) }
        },
    )
}

fn refused(openid: bool) -> Markup {
    step(
        "refused",
        &speaks(Role::Client, Role::ResourceServer, ""),
        &html! {
            p {
                "A refusal says little, so that nobody can learn from it how to do better: a status, an error code, and the header " code { "WWW-Authenticate" } ". What exactly was found, and which section of which RFC forbids it, is in the log of the server, in the terminal where it runs."
            }
            (first("Most of these need an access token: steps 1 to 4."))
            ul.tries {
                li { (action("no-token", "Call without a token")) }
                li { (action("forged", "Change one letter of the signature")) }
                @if openid {
                    li { (action("id-token", "Send the ID token instead")) }
                }
                li { (action("scope", "POST /items without the scope for it")) " Only while " code { "items:write" } " is not among the scopes of step 2." }
            }
        },
    )
}

fn introspect(demo: &DemoServer) -> Markup {
    step(
        "introspect",
        &speaks(Role::ResourceServer, Role::AuthorizationServer, ""),
        &html! {
            p {
                "A resource server checks the signature of a JWT by itself, "
                @if demo.has_openid() {
                    "with the public keys at " a href="./jwks.json" { "/jwks.json" }
                } @else {
                    "with the secret that it shares with the authorization server"
                }
                ". What it cannot see in the token is whether it has been revoked since. The one here runs in the same process as the authorization server, and knows. Any other can ask (RFC 7662), and has to say who it is."
            }
            p { "For this one request the page plays a resource server, which is registered as a client." }
            (first("There is no access token yet: steps 1 to 4."))
            (as_service(demo, "introspect", &action("introspect", "Introspect the access token")))
        },
    )
}

fn refresh() -> Markup {
    step(
        "refresh",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "Access tokens live for minutes. When one has expired the client gets the next with its refresh token, and nobody has to log in. A refresh token is valid once: each answer brings a new one."
            }
            (first("There is no refresh token yet: steps 1 to 4."))
            (action("refresh", "Refresh"))
        },
    )
}

fn end() -> Markup {
    step(
        "end",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "All tokens that come of one code are a " dfn { "family" } ". Each of these three ends all of it, so that afterwards the way begins again at step 1."
            }
            ul.tries {
                li {
                    (action("revoke", "Revoke the refresh token"))
                    " When somebody leaves the client, it gives its tokens back (RFC 7009)."
                }
                li {
                    (action("replay", "Use the previous refresh token again"))
                    " After a refresh. Two have the same token, so one of them stole it (RFC 9700 section 4.14.2)."
                }
                li {
                    (action("code-again", "Use the code again"))
                    " The same, for the code (RFC 6749 section 4.1.2)."
                }
                li { (action("again", "GET /protected")) " To see whether the access token is still valid." }
            }
            (first("There are no tokens yet: steps 1 to 4."))
        },
    )
}

fn service(demo: &DemoServer) -> Markup {
    step(
        "service",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "A service that acts for itself needs no browser and nobody's consent. It proves who it is by a secret of its own, and gets a token whose subject is the client: " dfn { "client credentials" } " (RFC 6749 section 4.4). There is no refresh token, since it can ask again at any time."
            }
            (as_service(demo, "service", &html! {
                (action("service", "Get a token"))
                (action("service-call", "GET /protected with it"))
            }))
        },
    )
}

/// The field for the secret of a client that acts for itself: the one that everybody knows, or another.
fn as_service(demo: &DemoServer, step: &str, actions: &Markup) -> Markup {
    let all = demo.settings().clients.iter();
    let able = |client: &&Client| match step {
        "introspect" => client.introspects,
        _ => client.may_use(CLIENT_CREDENTIALS),
    };
    let services = all.filter(|client| client.secret.is_some()).filter(able);
    let services: Vec<&Client> = services.collect();
    let (id, who) = (format!("{step}-secret"), format!("{step}-client"));
    let first = services.first();
    html! {
        form {
            label for=(who) { "Client" }
            select id=(who) autocomplete="off" {
                @for client in &services {
                    option value=(client.id) data-secret=[known_secret(client)] { (client.shown_name()) }
                }
            }
            label for=(id) { "Secret of " code { (first.map_or("the client", |client| &client.id)) } }
            input id=(id) type="password" autocomplete="off" value=[first.and_then(|client| known_secret(client))];
            (actions)
        }
    }
}

fn device() -> Markup {
    step(
        "device",
        &speaks(Role::Client, Role::AuthorizationServer, "directly"),
        &html! {
            p {
                "A television or a program in a terminal has no browser to send anybody to. It asks for two codes (RFC 8628): a " dfn { "user code" } ", short enough to be typed, which it shows together with an address; and a " dfn { "device code" } ", which it keeps. Somebody opens the address on another device, logs in and enters the user code, while the client asks for tokens with the device code again and again."
            }
            p {
                "Until somebody has decided the answer is " code { "authorization_pending" } ". A client waits as many seconds as " code { "interval" } " says; one that asks sooner is told to " code { "slow_down" } ", and waits longer from then on."
            }
            (first("The client of step 1 may not use this grant: choose another."))
            (action("device", "Ask for the codes"))
            p #enter hidden {
                "Enter " code #user-code {} " at " a #verification target="_blank" rel="noopener" { "this address" } ", which opens in another tab."
            }
            (action("poll", "Ask for tokens"))
        },
    )
}
