//! The four roles as a picture (RFC 6749 section 1.2). The list beside it explains its numbers.

use maud::{Markup, html};

use crate::demo::demo_server::DemoServer;
use crate::demo::pages::role::Role;
use crate::demo::path::{DOCS, PLAYGROUND};

/// The arrows: a path, and which of its ends have a head.
const ARROWS: &[(&str, &str)] = &[
    ("M84 146 L136 66", "dashed"),
    ("M124 158 L194 158", ""),
    ("M276 144 L226 68", "both"),
    ("M196 180 L126 180", ""),
    ("M124 202 L194 202", "both"),
    ("M84 216 L134 294", ""),
    ("M226 296 L276 218", ""),
];

/// The number of an arrow, in its middle.
const NUMBERS: &[(char, u16, u16)] = &[
    ('1', 158, 158),
    ('2', 251, 106),
    ('3', 162, 180),
    ('4', 158, 202),
    ('5', 109, 255),
    ('6', 251, 257),
];

pub(super) fn picture(demo: &DemoServer, root: &str) -> Markup {
    let metadata = demo
        .settings()
        .issuer
        .well_known("oauth-authorization-server");
    html! {
        svg.roles viewBox="0 0 360 364" role="group" aria-label="The four roles, and who speaks to whom" {
            defs {
                marker #head viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse" {
                    path d="M0 0 L8 4 L0 8 z" {}
                }
            }
            g.arrows aria-hidden="true" {
                @for (path, heads) in ARROWS { path class=(heads) d=(path) {} }
                @for (number, x, y) in NUMBERS {
                    circle cx=(x) cy=(y) r="10" {}
                    text x=(x) y=(y) dy="5" { (number) }
                }
            }
            (place(Role::ResourceOwner, "you, in this browser", 95, 1, 170))
            a href={ (root) (PLAYGROUND) } { (place(Role::Client, "the playground", 1, 147, 122)) }
            a href=(metadata) { (place(Role::AuthorizationServer, "/authorize, /token", 197, 147, 162)) }
            a href={ (root) (DOCS) "#resource-server" } { (place(Role::ResourceServer, "/protected, /items", 95, 297, 170)) }
        }
    }
}

/// A box with its upper left corner, and its width.
fn place(role: Role, player: &str, x: u16, y: u16, width: u16) -> Markup {
    let middle = x.saturating_add(width / 2);
    html! {
        g class=(role.class()) {
            rect x=(x) y=(y) width=(width) height="66" rx="8" {}
            text.name x=(middle) y=(y.saturating_add(29)) { (role.name()) }
            text x=(middle) y=(y.saturating_add(50)) { (player) }
        }
    }
}
