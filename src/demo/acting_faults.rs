//! The faults that act on an answer as a whole, whatever it says.

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
use crate::demo::endpoint::Endpoint;
use crate::demo::event::Entry;
use crate::demo::fault::{Fault, Stage, Taken};
use crate::demo::json_answer::json;
use crate::oauth::dpop::SCHEME;
use crate::oauth::form;

/// No body of a request is larger; it has been read already.
const LARGEST: usize = 256 << 10;

/// The faults of one answer.
#[derive(Default)]
pub(super) struct Acting(Vec<Taken>);

/// Who says that they ask. It decides on faults alone, so that nobody has to prove it.
#[derive(Default)]
struct Claimed {
    client: Option<String>,
    user: Option<String>,
}

impl Acting {
    /// Those that act on a request, whose body is put back as it was.
    pub(super) async fn of(demo: &DemoServer, endpoint: Endpoint, request: &mut Request) -> Acting {
        let body = std::mem::take(request.body_mut());
        let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
        *request.body_mut() = Body::from(bytes.clone());
        let query = request.uri().query().unwrap_or_default();
        let Claimed { client, user } = Claimed::of(request.headers(), query, &bytes);
        let faults = demo.faults();
        Acting(faults.take(Stage::Answer, endpoint, client.as_deref(), user.as_deref()))
    }

    fn has(&self, fault: Fault) -> Option<&Taken> {
        self.0.iter().find(|taken| taken.fault == fault)
    }

    /// Whether there is to be no answer at all.
    pub(super) fn resets(&self) -> bool {
        self.has(Fault::Reset).is_some()
    }

    /// Waits as long as they want, and gives the answer that they have instead: then nothing has
    /// happened, and the client can try again.
    pub(super) async fn instead(&self, demo: &DemoServer) -> Option<Response> {
        let waits = self.0.iter().map(|taken| match taken.fault {
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

    /// The answer as they send it.
    pub(super) fn spoil(&self, response: Response) -> Response {
        self.0
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

    /// Says which they were.
    pub(super) fn tell(&self, entry: &mut Entry) {
        for taken in &self.0 {
            entry.fault(taken.fault);
        }
    }
}

/// An answer of a status, with what goes with it.
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
            let claims: Value = serde_json::from_slice(&payload).unwrap_or_default();
            let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
            return Claimed {
                client: text("client_id"),
                user: text("sub"),
            };
        }
        let (client, user) = named(query, body);
        Claimed { client, user }
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
    /// How much of it there is to be.
    part: Part,
    promised: Option<u64>,
    ended: bool,
    is_sent: bool,
}

#[derive(Clone, Copy)]
enum Part {
    /// All but the last byte, and no more is promised.
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
                // What is there goes out first.
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
