//! Connections: accepts them, limits their number and time, and ends them.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Connection, Parts};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::demo::demo_server::DemoServer;
use crate::demo::event::{Asked, Event, Remark};
use crate::demo::idle::{Idle, Place};
use crate::demo::middleware;
use crate::demo::router::Routes;
use crate::demo::tls::{HANDSHAKE, Tls};
use crate::demo::transport::Transport;
use crate::demo::write_timeout::WriteTimeout;
use crate::token::base64url;

/// How many connections are open at once; another one takes the place of one that is idle, or waits for one.
const MOST_CONNECTIONS: u32 = 512;
/// How long the head of a request may take, and so how long a connection may be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest head of a request.
const LARGEST_HEAD: usize = 32 << 10;
/// How much of its answers the system keeps for a client that does not read. By default it would be
/// megabytes, and the work to fill them.
#[cfg(unix)]
const MOST_UNREAD: usize = 32 << 10;
/// How many more the system keeps, until they are accepted. By default it would be 128, and where a burst is larger,
/// who comes last tries again after a second.
#[cfg(unix)]
const MOST_UNACCEPTED: i32 = 1024;
/// How long requests have, once the server is told to stop.
const GRACE_PERIOD: Duration = Duration::from_secs(2);

/// Serves on an open socket, with TLS if it is given, until `stop` is over; then running requests have 2
/// seconds.
///
/// # Errors
/// The system error of the socket.
pub async fn serve(
    listener: std::net::TcpListener,
    demo: DemoServer,
    tls: Option<Tls>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    #[cfg(unix)]
    {
        rustix::net::sockopt::set_socket_send_buffer_size(&listener, MOST_UNREAD)?;
        rustix::net::listen(&listener, MOST_UNACCEPTED)?;
    }
    let listener = TcpListener::from_std(listener)?;
    base64url::prepare();
    let permits = Arc::new(Semaphore::new(MOST_CONNECTIONS as usize));
    // The channel is closed, without a message, when connections should end.
    let (open, stopped) = watch::channel(());
    tokio::select! {
        () = accept(&listener, &demo, tls.as_ref(), &permits, &stopped) => {}
        () = stop => {}
    }
    drop((listener, open));
    // Requests that are not done by then are dropped.
    let _ = timeout(GRACE_PERIOD, permits.acquire_many(MOST_CONNECTIONS)).await;
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    demo: &DemoServer,
    tls: Option<&Tls>,
    permits: &Arc<Semaphore>,
    stopped: &watch::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LARGEST_HEAD)
        .half_close(true);
    let (server, routes) = (demo.clone(), Routes::of(demo.clone()));
    let idle = Idle::default();
    loop {
        let Ok((stream, address)) = listener.accept().await else {
            // Mostly there are no descriptors left; some will be free soon.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        if permits.available_permits() == 0 {
            idle.give_up_one();
        }
        let Ok(permit) = Arc::clone(permits).acquire_owned().await else {
            return;
        };
        let (server, routes) = (server.clone(), routes.clone());
        // Small answers should not wait for each other.
        let _ = stream.set_nodelay(true);
        let (demo, tls, http) = (demo.clone(), tls.cloned(), http.clone());
        let mut stopped = stopped.clone();
        let place = idle.place();
        tokio::spawn(async move {
            let begun = match &tls {
                None => Ok(Transport::Plain(WriteTimeout::new(stream))),
                Some(tls) => tokio::select! {
                    begun = tls.begin(stream) => begun,
                    _ = stopped.changed() => Err(None),
                    () = place.given_up() => Err(None),
                },
            };
            let event = match begun {
                Ok(transport) => {
                    let certificate = transport.certificate();
                    let own = Arc::clone(&place);
                    let last = Last::default();
                    let asked = Last::clone(&last);
                    let service = service_fn(move |request: Request<Incoming>| {
                        let (demo, mut routes) = (server.clone(), routes.clone());
                        let certificate = certificate.clone();
                        let busy = Arc::clone(&own).busy();
                        let asked = Last::clone(&asked);
                        async move {
                            let _busy = busy;
                            let mut request = request.map(Body::new);
                            if let Some(certificate) = certificate {
                                request.extensions_mut().insert(certificate);
                            }
                            let ip = address.ip();
                            let (request, answer) =
                                middleware::answer(&demo, &mut routes, ip, request).await;
                            *asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
                            answer.ok_or(Reset)
                        }
                    });
                    let connection = http.serve_connection(TokioIo::new(transport), service);
                    attend(connection, stopped, &place, &last).await
                }
                Err(event) => event,
            };
            if let Some(event) = event {
                demo.tell(event);
            }
            drop(permit);
        });
    }
}

/// The last request of a connection that was answered.
type Last = Arc<Mutex<Option<Arc<Asked>>>>;

/// Serves a connection to its end; once it is given up or the server has stopped, the running request is the last one.
/// If the connection ends with bytes that are not a request, or before the client has its answer, this is reported.
async fn attend<S>(
    mut connection: Connection<TokioIo<Transport>, S>,
    mut stopped: watch::Receiver<()>,
    place: &Place,
    last: &Last,
) -> Option<Event>
where
    S: Service<Request<Incoming>, Response = Response, Error = Reset>,
{
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        _ = stopped.changed() => None,
        () = place.given_up() => match place.has_asked() {
            true => None,
            // It would wait for a first request.
            false => return None,
        },
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        Pin::new(&mut connection).graceful_shutdown();
        (&mut connection).await
    };
    let error = ended.err();
    let Parts { io, read_buf, .. } = connection.into_parts();
    let socket = io.inner().socket();
    let cause = error.as_ref().and_then(Error::source);
    if cause.is_some_and(<dyn Error>::is::<Reset>) {
        socket.reset();
        return None;
    }
    let (asked, (status, remark)) = if socket.has_given_up() {
        (None, (None, unread()))
    } else if socket.has_lost_answer() {
        let asked = last.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        (Some(asked), (None, gone()))
    } else {
        (None, refused(&error?, &read_buf)?)
    };
    Some(Event {
        asked,
        status,
        remarks: vec![remark],
    })
}

/// The error that resets the connection instead of an answer.
#[derive(Debug)]
struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is reset")
    }
}

impl Error for Reset {}

/// Whether what came is the beginning of a TLS handshake: a record of that type, and a version
/// (RFC 8446 section 5.1).
fn is_tls(bytes: &[u8]) -> bool {
    bytes.starts_with(&[HANDSHAKE, 3])
}

/// The remark about a client that did not read its answers, and whose connection was ended.
fn unread() -> Remark {
    Remark::new(
        "the client did not read its answers in 10 seconds",
        "RFC 9112 section 9.5",
    )
}

/// The remark about a client that has not waited for its answer.
fn gone() -> Remark {
    Remark::new(
        "the client had closed the connection, and did not get this answer",
        "RFC 9112 section 9.6",
    )
}

/// What hyper has answered to bytes that are not a request, and why; its errors contain none of the client's
/// bytes. An idle or lost connection is not reported.
fn refused(error: &hyper::Error, unread: &[u8]) -> Option<(Option<u16>, Remark)> {
    let (status, reason, section) = if error.is_parse_too_large() {
        let reason = "the head of the request is larger than 32 KiB, or has over 100 headers";
        (Some(431), reason.to_owned(), "RFC 6585 section 5")
    } else if error.is_parse_version_h2() {
        let reason = "the client speaks HTTP/2, but the server only HTTP/1.1";
        (None, reason.to_owned(), "RFC 9113 section 3.4")
    } else if error.is_parse() && is_tls(unread) {
        let reason =
            "the client speaks TLS, but this port is plain HTTP: its URL begins with http://";
        (Some(400), reason.to_owned(), "RFC 8446 section 5.1")
    } else if error.is_parse() {
        let reason = format!("the head of the request is malformed: {error}");
        (Some(400), reason, "RFC 9112 section 2.2")
    } else if error.is_timeout() && !unread.is_empty() {
        let reason = "the head of the request did not come in 10 seconds";
        (None, reason.to_owned(), "RFC 9110 section 15.5.9")
    } else if error.is_incomplete_message() {
        let reason = "the connection ended in the middle of a request";
        (None, reason.to_owned(), "RFC 9112 section 8")
    } else {
        return None;
    };
    Some((status, Remark::new(reason, section)))
}
