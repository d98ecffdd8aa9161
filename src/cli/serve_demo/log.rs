//! The log: lines on standard error, which may be a pipe that nobody reads. A thread of its own
//! waits for the reader; the server waits for nobody.

use std::io::{self, Write};
use std::mem::{swap, take};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::paint::Paint;
use crate::cli::serve_demo::start::push_event;
use crate::demo::Event;
use crate::text::count::counted;

/// So many bytes wait to be written, and a line; further lines are dropped, and counted.
const MOST: usize = 64 << 10;
/// Lines are gathered for so long: to be woken up costs more than to write.
const GATHERING: Duration = Duration::from_millis(2);
/// How long the reader has once everything is said.
const TIMEOUT: Duration = Duration::from_millis(500);

/// The way to standard error, unless all is to be quiet.
pub(super) struct Log(Option<Lines>);

struct Lines {
    shared: Arc<Shared>,
    paint: Paint,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// What is to be written, and how many lines are missing behind it.
#[derive(Default)]
struct Queue {
    text: String,
    dropped: usize,
    closed: bool,
    written: bool,
}

impl Log {
    /// Begins with a text that is written in any case.
    pub(super) fn start(
        text: String,
        mut stream: impl Write + Send + 'static,
        paint: Paint,
    ) -> Result<Log, Failure> {
        let shared = Arc::new(Shared::default());
        shared.lock().text = text;
        let queue = Arc::clone(&shared);
        let work = move || {
            // Where nobody reads any more there is nobody to tell.
            let _ = queue.write(&mut stream, paint);
            queue.lock().written = true;
            queue.changed.notify_all();
        };
        thread::Builder::new()
            .spawn(work)
            .map_err(|e| Failure::new(Exit::System, "the server cannot be started").cause(e))?;
        Ok(Log(Some(Lines { shared, paint })))
    }

    /// A log that says nothing.
    pub(super) fn quiet() -> Log {
        Log(None)
    }

    /// Adds what has happened, or counts it.
    pub(super) fn tell(&self, events: &[Event]) {
        let Some(Lines { shared, paint }) = &self.0 else {
            return;
        };
        let mut queue = shared.lock();
        if queue.text.is_empty() {
            shared.changed.notify_all();
        }
        for event in events {
            match queue.text.len() < MOST {
                // Writing to a string cannot fail.
                true => drop(push_event(&mut queue.text, event, *paint)),
                false => queue.dropped = queue.dropped.saturating_add(1),
            }
        }
    }

    /// Waits until all is written, if somebody reads it: whether that is so.
    pub(super) fn end(self) -> bool {
        let Some(Lines { shared, .. }) = self.0 else {
            return true;
        };
        let mut queue = shared.lock();
        queue.closed = true;
        shared.changed.notify_all();
        let waited = shared
            .changed
            .wait_timeout_while(queue, TIMEOUT, |queue| !queue.written);
        waited.unwrap_or_else(PoisonError::into_inner).0.written
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, stream: &mut impl Write, paint: Paint) -> io::Result<()> {
        let mut text = String::new();
        while let Some(dropped) = self.next(&mut text) {
            stream.write_all(text.as_bytes())?;
            if dropped > 0 {
                let lines = counted(dropped, "line");
                let are = if dropped == 1 { "is" } else { "are" };
                writeln!(
                    stream,
                    "{} {lines} of the log {are} left out here: nobody read them",
                    paint.dim("note:")
                )?;
            }
        }
        Ok(())
    }

    /// Gives the text that is to be written next, and how many lines are missing behind it; `None`
    /// at the end.
    fn next(&self, text: &mut String) -> Option<usize> {
        text.clear();
        let queue = self
            .changed
            .wait_while(self.lock(), |queue| queue.text.is_empty() && !queue.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let (mut queue, _) = self
            .changed
            .wait_timeout_while(queue, GATHERING, |queue| !queue.closed)
            .unwrap_or_else(PoisonError::into_inner);
        swap(text, &mut queue.text);
        (!text.is_empty()).then(|| take(&mut queue.dropped))
    }
}
