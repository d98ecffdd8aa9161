//! `/_control` for a person: faults, the clock, keys, and the requests as they come in. The page
//! has only the choices; a script asks the control for the rest.

use maud::html;

use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::fault::{Argument, Fault, Stage};
use crate::demo::pages::{Page, wide};

/// The faults of a step, under a heading.
const GROUPS: &[(&str, &[Stage])] = &[
    ("Tokens", &[Stage::Token]),
    (
        "Answers of the token endpoint",
        &[Stage::TokenAnswer, Stage::Refresh],
    ),
    ("Any answer", &[Stage::Answer]),
    ("Keys", &[Stage::Jwks, Stage::Rotation]),
    (
        "What comes back with the browser",
        &[Stage::Consent, Stage::Redirect],
    ),
    ("Metadata", &[Stage::Metadata, Stage::ResourceMetadata]),
    (
        "The resource server",
        &[Stage::Challenge, Stage::Tool, Stage::Nonce, Stage::UserInfo],
    ),
    ("Registration", &[Stage::Registration]),
];

pub(in crate::demo) fn control(demo: &DemoServer) -> Page {
    let settings = demo.settings();
    wide(
        "Control",
        ".",
        Some("control.js"),
        &html! {
            h1 { "Control" }
            p.lead { "What the server at " code { (settings.issuer.as_str()) } " does wrong, and what time it is there, while it runs." }
            noscript { p.problem { "This page needs a script. " code { "/_control/faults" } " and its neighbours take the same as JSON." } }
            p #problem .problem role="alert" hidden {}
            form #token-form hidden {
                label for="control-token" { "Control token" }
                input #control-token name="token" type="password" autocomplete="off" required;
                p.note { "From another machine the control asks for the token that the server was started with. It is kept while this page is open." }
                button type="submit" { "Use it" }
            }
            div #control hidden {
                h2 { "Faults" }
                table #active-table hidden {
                    caption { "What is on" }
                    thead { tr {
                        th scope="col" { "Fault" }
                        th scope="col" { "Where, and for whom" }
                        th scope="col" { "Has acted" }
                        th scope="col" { span.unseen { "Switch off" } }
                    } }
                    tbody #active {}
                }
                p #nothing-on .note { "No fault is on: every answer is what the RFC says." }
                button #all-off .quiet type="button" hidden { "Switch all off" }
                (fault_form(demo))
                h2 { "Clock" }
                p { "It is " code #now {} " here" span #frozen hidden { ", and the clock stands still" } ". Tokens are made and judged by it." }
                form #clock {
                    label for="advance" { "Move on by" }
                    input #advance name="advance" value="31m" required autocomplete="off";
                    button type="submit" { "Move on" }
                    button .quiet type="button" data-clock="freeze" { "Stop" }
                    button .quiet type="button" data-clock="reset" { "Let it go as it is" }
                }
                @if demo.has_openid() {
                    h2 { "Keys" }
                    p { "Tokens are signed with " code #signing {} "." span #older {} }
                    button .quiet type="button" data-rotate="graceful" { "Rotate" }
                    button .quiet type="button" data-rotate="emergency" { "Rotate in an emergency" }
                    p.note { "After a rotation the key before stays published until its tokens are over; in an emergency it is removed at once, and its tokens are not valid any more." }
                }
                h2 { "Requests" }
                p #waiting .note role="status" { "Requests appear here as they come in." }
                table #requests-table .claims hidden {
                    caption { "The last requests, the newest first" }
                    thead { tr {
                        th scope="col" { "Time" }
                        th scope="col" { "Request" }
                        th scope="col" { "Client" }
                        th scope="col" { "Status" }
                        th scope="col" { "Why" }
                    } }
                    tbody #requests {}
                }
                h2 { "From the beginning" }
                p { "Faults, clock, keys, log-ins, tokens and requests become what they were as the server started." }
                button #reset .quiet type="button" { "Reset everything" }
                p.note { "All of this is JSON for programs, too: " a href="./_control/openapi.json" { "/_control/openapi.json" } " describes it." }
            }
        },
    )
}

fn fault_form(demo: &DemoServer) -> maud::Markup {
    let settings = demo.settings();
    html! {
        form #fault-form {
            h3 { "Switch one on" }
            label for="fault" { "Fault" }
            select #fault name="fault" aria-describedby="about" {
                @for (heading, stages) in GROUPS {
                    optgroup label=(heading) {
                        @for fault in Fault::ALL.iter().filter(|fault| stages.contains(&fault.stage())) {
                            option value=(fault.name()) data-about={ (fault.about()) " (" (fault.section()) ")" }
                                data-argument=(fault.argument().example().trim_start_matches(':'))
                                data-endpoints=(endpoints(*fault)) {
                                (fault.name()) @if fault.argument() != Argument::None { (fault.argument().placeholder()) }
                            }
                        }
                    }
                }
            }
            p #about .note {}
            div #argument-field hidden {
                label for="argument" { "Argument after its name" }
                input #argument name="argument" autocomplete="off";
            }
            div.columns {
                div {
                    label for="endpoint" { "Endpoint" }
                    select #endpoint name="endpoint" {}
                }
                div {
                    label for="count" { "How often" }
                    input #count name="count" inputmode="numeric" placeholder="always" autocomplete="off";
                }
                div {
                    label for="client" { "Client" }
                    select #client name="client" {
                        option value="" { "all" }
                        @for client in &settings.clients { option value=(client.id) { (client.id) } }
                    }
                }
                div {
                    label for="user" { "User" }
                    select #user name="user" {
                        option value="" { "all" }
                        @for user in &settings.users { option value=(user.name) { (user.name) } }
                    }
                }
            }
            button type="submit" { "Switch on" }
        }
    }
}

/// Where a fault can act, as words.
fn endpoints(fault: Fault) -> String {
    let names = fault.endpoints().iter().copied().map(Endpoint::name);
    names.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_in_one_group() {
        for fault in Fault::ALL {
            let groups = GROUPS.iter();
            let found = groups.filter(|(_, stages)| stages.contains(&fault.stage()));
            assert_eq!(found.count(), 1, "{}", fault.name());
        }
    }
}
