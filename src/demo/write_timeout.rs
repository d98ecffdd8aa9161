//! A connection whose client has to read answers in time.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long the other side may take to read all that is ready for it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// A stream that fails with [`io::ErrorKind::TimedOut`] on writing if nobody reads. hyper has such a limit
/// only for reading.
pub(super) struct WriteTimeout {
    stream: TcpStream,
    /// The deadline, if something could not be written at once.
    deadline: Option<Pin<Box<Sleep>>>,
    given_up: bool,
    answer: Answer,
    /// Whether an answer did not reach the other side.
    lost: bool,
}

/// What is known of the answer to the bytes that came last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// None is due.
    None,
    /// It is due.
    Due,
    /// A part of it was written, and the other side was not seen since.
    Written,
}

impl WriteTimeout {
    pub(super) fn new(stream: TcpStream) -> WriteTimeout {
        WriteTimeout {
            stream,
            deadline: None,
            given_up: false,
            answer: Answer::None,
            lost: false,
        }
    }

    /// Whether the other side had ended the connection before an answer reached it.
    pub(super) fn has_lost_answer(&self) -> bool {
        self.lost
    }

    /// Whether the other side has not read for too long. The system would keep the unread bytes, and try for
    /// minutes to send them, so it is told to drop them.
    pub(super) fn has_given_up(&self) -> bool {
        // If this fails, the connection is gone.
        let _ = self.given_up.then(|| self.stream.set_zero_linger());
        self.given_up
    }

    /// Lets the other side see a connection that is reset, once this is dropped.
    pub(super) fn reset(&self) {
        // If this fails, the connection is gone.
        let _ = self.stream.set_zero_linger();
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }

    /// The result of an attempt to write, with the time limit.
    fn in_time<T>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        attempt: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let attempted = attempt(self.as_mut().stream(), context);
        if let Poll::Ready(written) = &attempted {
            self.lost |= written.is_err() && self.answer != Answer::None;
            if self.answer == Answer::Due {
                self.answer = Answer::Written;
            }
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
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = self.as_mut().stream().poll_read(context, buffer);
        self.answer = match (read.is_ready(), self.answer) {
            (true, _) if buffer.filled().len() > before => Answer::Due,
            // It is there, and may ask for more.
            (false, Answer::Written) => Answer::None,
            (_, answer) => answer,
        };
        read
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

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The system resets a connection when something comes for a program that is gone.
        self.lost |= self.answer == Answer::Written && self.stream.peer_addr().is_err();
        self.stream().poll_shutdown(context)
    }
}
