//! What every request and every answer passes through: the Host check, the limits of bodies, the headers of
//! all answers, and the log.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body_util::LengthLimitError;

use crate::demo::acting_faults::Acting;
use crate::demo::advice::Advice;
use crate::demo::bearer::TokenInBody;
use crate::demo::control_access;
use crate::demo::cors;
use crate::demo::demo_server::DemoServer;
use crate::demo::dpop::{self, Asker};
use crate::demo::endpoint::Endpoint;
use crate::demo::error::OAuthError;
use crate::demo::event::{Asked, Entry, Event, Remark};
use crate::demo::json_answer::{error_body, json};
use crate::demo::parameters::is_form;
use crate::demo::redact::{hide, quoted, without_random, without_secrets};
use crate::demo::requests_seen::Seen;
use crate::demo::router::Routes;
use crate::oauth::dpop::HEADER;

/// The largest body: log-in and consent carry along the largest query.
const LARGEST_BODY: usize = 128 << 10;

/// How long a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Answers a request by the routes of a server, and tells which one it was; `None` where the connection
/// should be reset instead. It is not a layer of the router: that would wrap every single route, and allocate
/// a box for each request.
pub(super) async fn answer(
    demo: &DemoServer,
    routes: &mut Routes,
    peer: IpAddr,
    request: Request,
) -> (Arc<Asked>, Option<Response>) {
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri();
    let mut path = match (uri.path(), uri.authority()) {
        // There may be a password before the host.
        ("", Some(authority)) => authority
            .as_str()
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .to_owned(),
        (path, _) => path.to_owned(),
    };
    let is_open = routes.is_open(&path);
    let is_control = control_access::is_control(demo, &path);
    let endpoint = Endpoint::of(&path, &demo.settings().issuer);
    let mut acting = Acting::default();
    let mut response = match admit(demo, request).await {
        Ok(request) if is_control => match control_access::check(demo, peer, &request) {
            Ok(()) => routes.answer(request).await,
            Err(response) => response,
        },
        Ok(request) if is_open && request.method() == Method::OPTIONS => cors::preflight(),
        Ok(mut request) => {
            let proves = demo.settings().dpop_nonces && request.headers().contains_key(HEADER);
            acting = Acting::of(demo, endpoint, &mut request).await;
            let mut response = match acting.instead(demo).await {
                Some(response) => response,
                None => routes.answer(request).await,
            };
            if is_open {
                cors::open(&mut response);
            }
            if proves {
                give_nonce(demo, endpoint, &mut response);
            }
            acting.spoil(response)
        }
        Err(response) => response,
    };
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    let mut entry: Entry = response.extensions_mut().remove().unwrap_or_default();
    acting.tell(&mut entry);
    let status = response.status();
    // A known path has no secrets in it.
    if status.is_client_error() {
        path = hide(&without_random(&path), &demo.secrets());
    }
    let remarks = entry.remarks.into_iter().map(|remark| Remark {
        text: without_secrets(remark.text, &demo.secrets()),
        advice: remark
            .advice
            .map(|advice| advice.without_secrets(&demo.secrets())),
        ..remark
    });
    let remarks: Vec<Remark> = remarks.collect();
    let status = (!acting.resets()).then(|| status.as_u16());
    let asked = Arc::new(Asked {
        method,
        path,
        client: entry.client,
        took: started.elapsed(),
    });
    if !is_control {
        demo.requests().add(Seen {
            number: 0,
            time: demo.now(),
            asked: Arc::clone(&asked),
            endpoint,
            grant: entry.grant,
            status,
            reasons: remarks
                .iter()
                .map(|one| (one.text.clone(), one.section))
                .collect(),
            faults: entry.faults,
        });
    }
    demo.tell(Event {
        asked: Some(Arc::clone(&asked)),
        status,
        remarks,
    });
    (asked, status.map(|_| response))
}

/// Gives a client that proves to have a key the nonce of its next proof (RFC 9449 section 8.2).
fn give_nonce(demo: &DemoServer, endpoint: Option<Endpoint>, response: &mut Response) {
    let asker = match endpoint {
        Some(Endpoint::Token | Endpoint::Par) => Asker::AuthorizationServer,
        _ => Asker::ResourceServer,
    };
    let nonce = dpop::nonce(demo, asker).ok();
    if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
        let name = HeaderName::from_static("dpop-nonce");
        response.headers_mut().insert(name, nonce);
    }
}

/// Checks a request first, and reads its whole body.
async fn admit(demo: &DemoServer, request: Request) -> Result<Request, Response> {
    check_host(demo, &request)?;
    let headers = request.headers();
    if request.method().is_safe() {
        return Ok(request);
    }
    let too_large = || {
        refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is larger than 128 KiB",
            "RFC 9110 section 15.5.14",
        )
    };
    let declared = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > LARGEST_BODY as u64) {
        return Err(too_large());
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, LARGEST_BODY)).await {
        Err(_) => Err(refused(
            StatusCode::REQUEST_TIMEOUT,
            "the body did not come in 10 seconds",
            "RFC 9110 section 15.5.9",
        )),
        Ok(Err(e)) if is_limit(&e) => Err(too_large()),
        Ok(Err(_)) => Err(refused(
            StatusCode::BAD_REQUEST,
            "the body ended too early, or is malformed",
            "RFC 9112 section 8",
        )),
        Ok(Ok(body)) => {
            let in_body = is_form(&parts.headers) && has_token(&body);
            let mut request = Request::from_parts(parts, Body::from(body));
            if in_body {
                request.extensions_mut().insert(TokenInBody);
            }
            Ok(request)
        }
    }
}

/// Whether a form has an access token in it (RFC 6750 section 2.2).
fn has_token(body: &[u8]) -> bool {
    let mut pairs = body.split(|b| *b == b'&');
    pairs.any(|pair| pair.starts_with(b"access_token="))
}

fn is_limit(error: &axum::Error) -> bool {
    error
        .source()
        .is_some_and(<dyn std::error::Error>::is::<LengthLimitError>)
}

/// A request must be for a name of this server: another site could let its own name point here (DNS
/// rebinding), and its pages would then have the same origin.
fn check_host(demo: &DemoServer, request: &Request) -> Result<(), Response> {
    let bad = |reason: String| {
        Err(refused(
            StatusCode::BAD_REQUEST,
            reason,
            "RFC 9112 section 3.2",
        ))
    };
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return bad("there are several Host headers".to_owned());
    }
    // HTTP/1.0 leaves it out, and the request may have come through another server.
    let Some(host) = first else {
        return bad("there is no Host header".to_owned());
    };
    let host = host
        .to_str()
        .ok()
        .and_then(|host| host.parse::<Authority>().ok());
    let host = host.filter(|host| {
        let bare = host.as_str().len() == host.host().len();
        !host.as_str().contains('@') && (bare || host.port_u16().is_some())
    });
    let Some(host) = host else {
        return bad("the Host header is not a host".to_owned());
    };
    let target = request.uri().authority();
    for authority in [Some(&host), target].into_iter().flatten() {
        if !demo.answers_to(authority.host()) {
            let mut entry = Entry::default();
            let name = quoted(authority.host(), 80);
            let remark = Remark::new(
                format!("{name} is not a name of this server"),
                "RFC 9110 section 15.5.20",
            );
            entry.remarks.push(remark.advise(Ok(Advice::NameServer)));
            return Err(entry.with(StatusCode::MISDIRECTED_REQUEST));
        }
    }
    Ok(())
}

/// An answer to bytes that are not a request of this protocol. The rest is not read.
fn refused(status: StatusCode, reason: impl Into<String>, section: &'static str) -> Response {
    let OAuthError { error, remark } = OAuthError::request(reason, section);
    let mut entry = Entry::default();
    entry.remarks.push(remark);
    let close = [(header::CONNECTION, "close")];
    entry.with((close, json(status, error_body(error))).into_response())
}
