//! Who may control the server: users of this machine, and others with the token; but no page of
//! another origin.

use std::net::IpAddr;

use axum::http::{Request, StatusCode, header};
use axum::response::Response;

use crate::demo::demo_server::DemoServer;
use crate::demo::event::Entry;
use crate::demo::json_answer::json;
use crate::demo::media_type;
use crate::demo::origin;
use crate::demo::path::CONTROL;
use crate::demo::settings::Control;
use crate::token::claims::Members;

/// Whether a path is a part of the control.
pub(super) fn is_control(demo: &DemoServer, path: &str) -> bool {
    let below = path.strip_prefix(demo.settings().issuer.path());
    let rest = below.and_then(|path| path.strip_prefix(CONTROL));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Refuses a request that may not. The page itself, which tells nothing, is for everybody who may
/// have the token: a browser asks for it without the token, and from any link.
pub(super) fn check<B>(
    demo: &DemoServer,
    peer: IpAddr,
    request: &Request<B>,
) -> Result<(), Response> {
    let headers = request.headers();
    let is_local = peer.to_canonical().is_loopback();
    let token = match &demo.settings().control {
        Control::Off => {
            return Err(refused(
                StatusCode::NOT_FOUND,
                "there is nothing here",
                "the control is switched off",
                "RFC 9110 section 15.5.5",
            ));
        }
        Control::ThisMachine => None,
        Control::Token(token) => Some(token),
    };
    let is_page = is_page(demo, request);
    if is_page && (is_local || token.is_some()) {
        return Ok(());
    }
    if origin::check(demo, headers).is_err() {
        return Err(refused(
            StatusCode::FORBIDDEN,
            "no page of another origin may control the server",
            "a page of another origin asks for the control",
            "RFC 6454 section 7",
        ));
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok());
    let given = given.and_then(|text| text.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match (token, given) {
        _ if is_local => Ok(()),
        (Some(token), Some((_, given))) if token.is(given.trim_ascii()) => Ok(()),
        (None, _) => Err(refused(
            StatusCode::FORBIDDEN,
            "the server can be controlled only from its own machine",
            "another machine asks for the control, but there is no control token",
            "RFC 9110 section 15.5.4",
        )),
        (Some(_), _) => {
            let mut response = refused(
                StatusCode::UNAUTHORIZED,
                "the control token is needed",
                "another machine asks for the control, without the control token",
                "RFC 9110 section 15.5.2",
            );
            let challenge = header::HeaderValue::from_static("Bearer realm=\"jott control\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
            Err(response)
        }
    }
}

/// Whether a browser asks for the page.
fn is_page<B>(demo: &DemoServer, request: &Request<B>) -> bool {
    let path = request
        .uri()
        .path()
        .strip_prefix(demo.settings().issuer.path());
    path == Some(CONTROL) && request.method().is_safe() && media_type::wants_page(request.headers())
}

fn refused(status: StatusCode, message: &str, reason: &str, section: &'static str) -> Response {
    let mut entry = Entry::default();
    entry.remark(reason, section);
    let mut members = Members::new();
    members.set_text("message", message);
    entry.with(json(status, members.text()))
}
