//! A connection on which answers are read in time.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long the other side may take to read what lies ready for it, all of it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// A stream whose writing fails with [`io::ErrorKind::TimedOut`] where nobody reads. hyper has such a
/// limit for reading alone.
pub(super) struct WriteTimeout {
    stream: TcpStream,
    /// When it is too late, if there is something that could not be written at once.
    deadline: Option<Pin<Box<Sleep>>>,
    given_up: bool,
}

impl WriteTimeout {
    pub(super) fn new(stream: TcpStream) -> WriteTimeout {
        WriteTimeout {
            stream,
            deadline: None,
            given_up: false,
        }
    }

    /// Whether the other side has not read for too long. The system would keep what is not read, and
    /// ask for minutes whether it may be sent: it is told to forget it.
    pub(super) fn has_given_up(&self) -> bool {
        // Where that fails the connection is gone.
        let _ = self.given_up.then(|| self.stream.set_zero_linger());
        self.given_up
    }

    /// Lets the other side see a connection that is reset, once this is dropped.
    pub(super) fn reset(&self) {
        // Where that fails the connection is gone.
        let _ = self.stream.set_zero_linger();
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }

    /// What has come of an attempt to write, where that can take no longer than there is patience.
    fn in_time<T>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        attempt: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let attempted = attempt(self.as_mut().stream(), context);
        if attempted.is_ready() {
            return attempted;
        }
        let start = || Box::pin(sleep(WRITE_TIMEOUT));
        let deadline = self.deadline.get_or_insert_with(start).as_mut();
        deadline.poll(context).map(|()| {
            self.given_up = true;
            Err(io::ErrorKind::TimedOut.into())
        })
    }
}

impl AsyncRead for WriteTimeout {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(context, buffer)
    }
}

impl AsyncWrite for WriteTimeout {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.in_time(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.in_time(context, |stream, context| {
            stream.poll_write_vectored(context, pieces)
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// It is called once all has been written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.deadline = None;
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}
