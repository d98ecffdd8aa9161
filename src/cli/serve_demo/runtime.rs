//! What the server runs in.

use std::io;

use tokio::runtime::{Builder, Runtime};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Starts the runtime, on the thread that calls.
pub(super) fn start() -> Result<Runtime, Failure> {
    let started = has_room().and_then(|()| Builder::new_current_thread().enable_all().build());
    started.map_err(|error| {
        let is_limit = error.raw_os_error() == LIMIT;
        let failure = Failure::new(Exit::System, "the server cannot be started").cause(error);
        match is_limit {
            true => failure.hint("let it have more open files: `ulimit -n 1024` in a shell"),
            false => failure,
        }
    })
}

#[cfg(unix)]
const LIMIT: Option<i32> = Some(rustix::io::Errno::MFILE.raw_os_error());
#[cfg(not(unix))]
const LIMIT: Option<i32> = None;

/// Whether some files can be opened: where they cannot, tokio panics over what it waits for signals with.
#[cfg(unix)]
fn has_room() -> io::Result<()> {
    use std::os::unix::net::UnixStream;
    let pairs: io::Result<Vec<_>> = (0..8).map(|_| UnixStream::pair()).collect();
    pairs.map(drop)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn has_room() -> io::Result<()> {
    Ok(())
}
