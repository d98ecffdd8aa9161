//! Connections: accepted, bounded in number and patience, and let go.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use axum::Router;

/// So many connections are open at once; more wait to be accepted.
const MOST_CONNECTIONS: usize = 512;
/// How long the head of a request may take, and so how long a connection may be idle.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest head of a request.
const LARGEST_HEAD: usize = 32 << 10;
/// How long requests have, once the server is told to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Serves a router on a socket that is open already, until `stop` is over; then what is under way
/// has 2 seconds.
///
/// # Errors
/// What the system says of the socket.
pub async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, router, &connections) => {}
        () = stop => {}
    }
    drop(listener);
    // What is not done by then is given up.
    let _ = timeout(GRACE, connections.shutdown()).await;
    Ok(())
}

async fn accept(listener: &TcpListener, router: Router, connections: &GracefulShutdown) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LARGEST_HEAD)
        .half_close(true);
    let service = TowerToHyperService::new(router);
    let permits = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Mostly there are no descriptors left; some will be.
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small answers are not to wait for each other.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off, or off the protocol, hears of it from hyper.
            let _ = connection.await;
            drop(permit);
        });
    }
}
