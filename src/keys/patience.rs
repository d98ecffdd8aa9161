//! Waiting for what may never answer: a pipe without a writer, a keyring that asks a person.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a pipe or a keyring may keep silent.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a job in a thread of its own; `None` where it takes too long. Nothing can stop the thread
/// then, and it ends with the program.
pub(super) fn patiently<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more where the time was up.
        let _ = send.send(job());
    });
    receive.recv_timeout(PATIENCE).ok()
}
