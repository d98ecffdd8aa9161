//! The faults that act on an answer as a whole, with any content.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hyper::body::{Frame, SizeHint};
use serde_json::Value;
use tokio::time::sleep;

use crate::demo::demo_server::DemoServer;
use crate::demo::dpop::{Asker, is_nonce, nonce};
use crate::demo::endpoint::Endpoint;
use crate::demo::event::Entry;
use crate::demo::fault::{Fault, Stage, Taken};
use crate::demo::json_answer::json;
use crate::oauth::dpop::SCHEME;
use crate::oauth::form;
use crate::text::time::Span;
use crate::token::claims::Members;
use crate::token::json::Json;

/// The largest body of a request; it has been read already.
const LARGEST: usize = 256 << 10;

/// The faults of one answer.
#[derive(Default)]
pub(super) struct Acting {
    taken: Vec<Taken>,
    endpoint: Option<Endpoint>,
}

/// Who the request says it is from. Only faults depend on it, so it needs no proof.
#[derive(Default)]
struct Claimed {
    client: Option<String>,
    user: Option<String>,
}

impl Acting {
    /// The steps that are looked at here.
    const STAGES: [Stage; 3] = [Stage::Answer, Stage::Nonce, Stage::Rotation];

    /// The faults that act on a request; the body of the request is put back as it was.
    pub(super) async fn of(
        demo: &DemoServer,
        endpoint: Option<Endpoint>,
        request: &mut Request,
    ) -> Acting {
        let faults = demo.faults();
        let Some(endpoint) = endpoint.filter(|endpoint| faults.any(&Acting::STAGES, *endpoint))
        else {
            return Acting::default();
        };
        // The body of another method has not come yet, and tells nothing.
        let mut bytes = Bytes::new();
        if !request.method().is_safe() {
            let body = std::mem::take(request.body_mut());
            bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
            *request.body_mut() = Body::from(bytes.clone());
        }
        let query = request.uri().query().unwrap_or_default();
        let Claimed { client, user } = Claimed::of(request.headers(), query, &bytes);
        let (client, user) = (client.as_deref(), user.as_deref());
        let take = |stage| faults.take(stage, endpoint, client, user);
        let mut taken = take(Stage::Answer);
        if faults.any(&[Stage::Nonce], endpoint) {
            let nonce = nonce_of(request.headers());
            if !nonce.is_some_and(|nonce| is_nonce(demo, asker(endpoint), &nonce)) {
                taken.extend(take(Stage::Nonce));
            }
        }
        let periods = faults.arguments(Stage::Rotation, endpoint, client, user);
        let is_due = |seconds| demo.is_rotation_due(Span::from_seconds(seconds));
        if periods.into_iter().any(is_due) {
            taken.extend(take(Stage::Rotation));
        }
        Acting {
            taken,
            endpoint: Some(endpoint),
        }
    }

    fn has(&self, fault: Fault) -> Option<&Taken> {
        self.taken.iter().find(|taken| taken.fault == fault)
    }

    /// Whether there is to be no answer at all.
    pub(super) fn resets(&self) -> bool {
        self.has(Fault::Reset).is_some()
    }

    /// Waits as long as the faults want, and gives the answer that replaces the real one: then
    /// nothing has happened, and the client can try again.
    pub(super) async fn instead(&self, demo: &DemoServer) -> Option<Response> {
        let waits = self.taken.iter().map(|taken| match taken.fault {
            Fault::Slow => taken.delay.saturating_add(taken.argument.unsigned_abs()),
            _ => taken.delay,
        });
        let wait = waits.fold(0_u64, u64::saturating_add);
        if wait > 0 {
            sleep(Duration::from_millis(wait)).await;
        }
        if let Some(taken) = self.has(Fault::Status) {
            return Some(status(taken.argument));
        }
        if self.has(Fault::DpopNonce).is_some() {
            return Some(nonce_wanted(
                demo,
                self.endpoint.map_or(Asker::ResourceServer, asker),
            ));
        }
        if self.has(Fault::JwksRotating).is_some() {
            // Where no key can be made, the present key stays.
            let _ = demo.rotate(false).await;
        }
        self.has(Fault::Redirect).map(|_| {
            let place = demo.settings().issuer.join("/elsewhere");
            let location = HeaderValue::try_from(place);
            let location = location.unwrap_or(HeaderValue::from_static("/elsewhere"));
            (
                StatusCode::TEMPORARY_REDIRECT,
                [(header::LOCATION, location)],
            )
                .into_response()
        })
    }

    /// The answer as the faults change it.
    pub(super) fn spoil(&self, response: Response) -> Response {
        self.taken
            .iter()
            .fold(response, |response, taken| match taken.fault {
                Fault::HtmlBody => with_body(response, "text/html; charset=utf-8", |_| {
                    Body::from("<!DOCTYPE html><title>Welcome</title><p>Welcome to the portal.")
                }),
                Fault::WrongContentType => {
                    with_body(response, "text/plain; charset=utf-8", |body| body)
                }
                Fault::InvalidJson => with_body(response, "application/json", |body| {
                    Body::new(Cut::new(body, Cut::LAST))
                }),
                Fault::TruncatedBody => with_body(response, "application/json", |body| {
                    Body::new(Cut::new(body, Cut::HALF))
                }),
                _ => response,
            })
    }

    /// Tells the log which faults acted.
    pub(super) fn tell(&self, entry: &mut Entry) {
        for taken in &self.taken {
            entry.fault(taken.fault);
        }
    }
}

/// Which server a proof is for.
fn asker(endpoint: Endpoint) -> Asker {
    match endpoint {
        Endpoint::Token => Asker::AuthorizationServer,
        _ => Asker::ResourceServer,
    }
}

/// The nonce in a proof of possession (RFC 9449 section 4.2); nothing else of the proof is looked
/// at.
fn nonce_of(headers: &HeaderMap) -> Option<String> {
    let proof = headers.get("dpop")?.to_str().ok()?;
    let payload = URL_SAFE_NO_PAD.decode(proof.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    claims.get("nonce")?.as_str().map(str::to_owned)
}

/// What asks for a nonce: the authorization server by an error, a resource server by a challenge (RFC
/// 9449 sections 8 and 9).
fn nonce_wanted(demo: &DemoServer, asker: Asker) -> Response {
    let error = "use_dpop_nonce";
    let description = "the DPoP proof must have a nonce of this server";
    let mut members = Members::new();
    members.set_text("error", error);
    members.set_text("error_description", description);
    let is_of_tokens = asker == Asker::AuthorizationServer;
    let status = match is_of_tokens {
        true => StatusCode::BAD_REQUEST,
        false => StatusCode::UNAUTHORIZED,
    };
    let mut response = json(status, members.text());
    let headers = response.headers_mut();
    let nonce = nonce(demo, asker).ok();
    if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
        headers.insert("dpop-nonce", nonce);
    }
    let challenge = format!("DPoP error=\"{error}\", error_description=\"{description}\"");
    if let Ok(challenge) = HeaderValue::try_from(challenge)
        && !is_of_tokens
    {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// An answer with a status, and the header lines that belong to it.
fn status(code: i64) -> Response {
    let code = u16::try_from(code)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    let code = code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if code == StatusCode::NO_CONTENT || code == StatusCode::NOT_MODIFIED {
        return code.into_response();
    }
    // RFC 6749 section 5.2 has no error for it; section 4.1.2.1 has these for the browser's way.
    let error = match code.is_server_error() {
        true if code != StatusCode::SERVICE_UNAVAILABLE => "server_error",
        _ => "temporarily_unavailable",
    };
    let mut response = json(code, format!("{{\"error\":\"{error}\"}}"));
    if [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::SERVICE_UNAVAILABLE,
    ]
    .contains(&code)
    {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn with_body(
    response: Response,
    content_type: &'static str,
    change: impl FnOnce(Body) -> Body,
) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let content_type = HeaderValue::from_static(content_type);
    parts.headers.insert(header::CONTENT_TYPE, content_type);
    Response::from_parts(parts, change(body))
}

impl Claimed {
    fn of(headers: &HeaderMap, query: &str, body: &[u8]) -> Claimed {
        let authorization = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok());
        let (scheme, rest) = authorization
            .and_then(|text| text.split_once(' '))
            .unwrap_or_default();
        let rest = rest.trim_ascii();
        if scheme.eq_ignore_ascii_case("basic") {
            let joined = STANDARD.decode(rest).unwrap_or_default();
            let id = joined.split(|b| *b == b':').next().unwrap_or_default();
            let (_, user) = named(query, body);
            return Claimed {
                client: form::decode(id),
                user,
            };
        }
        if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case(SCHEME) {
            let payload = rest.split('.').nth(1).unwrap_or_default();
            let payload = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
            return Claimed::of_claims(&payload).unwrap_or_default();
        }
        let (client, user) = named(query, body);
        Claimed { client, user }
    }

    /// The client and the user that an access token names.
    fn of_claims(payload: &[u8]) -> Option<Claimed> {
        let claims = Json::parse_str(std::str::from_utf8(payload).ok()?).ok()?;
        let claims = claims.value;
        let text = |name| claims.get(name).and_then(Json::as_str).map(Cow::into_owned);
        Some(Claimed {
            client: text("client_id"),
            user: text("sub"),
        })
    }
}

/// The client and the user that a query or a form names.
fn named(query: &str, body: &[u8]) -> (Option<String>, Option<String>) {
    let read = |text: &[u8]| form::parse(text).unwrap_or_default();
    let all: Vec<(String, String)> = read(query.as_bytes())
        .into_iter()
        .chain(read(body))
        .collect();
    let value = |wanted: &str| {
        all.iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
    };
    (value("client_id"), value("username"))
}

/// A body of which a part is missing.
struct Cut {
    body: Body,
    /// How much of it is sent.
    part: Part,
    promised: Option<u64>,
    ended: bool,
    is_sent: bool,
}

#[derive(Clone, Copy)]
enum Part {
    /// All but the last byte, with a length that fits.
    AllButLast,
    /// Half of what is promised.
    Half,
}

impl Cut {
    const LAST: Part = Part::AllButLast;
    const HALF: Part = Part::Half;

    fn new(body: Body, part: Part) -> Cut {
        let whole = body.size_hint().exact();
        let promised = match part {
            Part::AllButLast => whole.map(|whole| whole.saturating_sub(1)),
            Part::Half => whole,
        };
        Cut {
            body,
            part,
            promised,
            ended: false,
            is_sent: false,
        }
    }
}

impl HttpBody for Cut {
    type Data = Bytes;
    type Error = axum::Error;

    /// Bodies here are in one piece.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let part = self.part;
        if self.ended {
            return match part {
                Part::AllButLast => Poll::Ready(None),
                // The part that is there goes out first.
                Part::Half if !std::mem::replace(&mut self.is_sent, true) => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                Part::Half => {
                    let error = axum::Error::new("the body stops in the middle");
                    Poll::Ready(Some(Err(error)))
                }
            };
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        self.ended = true;
        Poll::Ready(frame.map(|frame| {
            frame.map(|frame| {
                frame.map_data(|data| {
                    let end = match part {
                        Part::AllButLast => data.len().saturating_sub(1),
                        Part::Half => data.len() / 2,
                    };
                    data.slice(..end)
                })
            })
        }))
    }

    fn size_hint(&self) -> SizeHint {
        self.promised
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
