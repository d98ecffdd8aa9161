//! The ready line, on standard output, which may be a pipe that nobody reads.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// How long the server waits for its reader.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Writes the line. A slow reader gets it from a thread, so that nobody else waits.
pub(super) fn write(line: String, mut stream: impl Write + Send + 'static) -> Result<(), Failure> {
    let (done, is_done) = mpsc::channel();
    let work = move || {
        let written = stream.write_all(line.as_bytes());
        // If it took long, nobody waits for it any more.
        let _ = done.send(written.and_then(|()| stream.flush()));
    };
    thread::Builder::new()
        .spawn(work)
        .map_err(|e| Failure::new(Exit::System, "the server cannot be started").cause(e))?;
    match is_done.recv_timeout(TIMEOUT) {
        Ok(written) => written.map_err(|e| Failure::output(&e)),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(()),
    }
}
