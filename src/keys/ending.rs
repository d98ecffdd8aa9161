//! What to undo before a signal ends the program: a terminal that does not show what is typed, a
//! window that asks for a password. And the work that has to be finished first.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// An action that is run once, by whoever comes first.
type Undo = Box<dyn FnOnce() + Send>;

/// One thing at a time waits for a person.
static PENDING: Mutex<Option<Undo>> = Mutex::new(None);

fn pending() -> MutexGuard<'static, Option<Undo>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something that a signal undoes until this is dropped.
#[derive(Debug)]
#[must_use]
pub(super) struct Undoing(());

impl Undoing {
    /// Undoes it now.
    pub(super) fn undo(self) {
        let undo = pending().take();
        if let Some(undo) = undo {
            undo();
        }
        drop(self);
    }
}

impl Drop for Undoing {
    fn drop(&mut self) {
        pending().take();
    }
}

/// From now on, a signal that ends the program undoes something first.
pub(super) fn undoing(undo: impl FnOnce() + Send + 'static) -> Undoing {
    *pending() = Some(Box::new(undo));
    signals::watch();
    Undoing(())
}

/// Held by the work that a first signal waits for.
static UNBROKEN: Mutex<()> = Mutex::new(());

/// A piece of work that a first signal waits for, until this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Unbroken(#[expect(dead_code, reason = "it is held, not read")] MutexGuard<'static, ()>);

/// From now on, the first signal that ends the program waits; a second one does not. While a person
/// is asked something, the first signal does not wait either.
pub fn unbroken() -> Unbroken {
    signals::watch();
    Unbroken(UNBROKEN.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether there is nothing to wait for.
#[cfg(unix)]
fn may_end() -> bool {
    !matches!(
        UNBROKEN.try_lock(),
        Err(std::sync::TryLockError::WouldBlock)
    )
}

/// Leaves SIGINT and SIGTERM to another part of the program.
pub fn leave_signals() {
    signals::leave();
}

#[cfg(unix)]
mod signals {
    use std::sync::Once;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static WATCHED: Once = Once::new();
    static LEFT: AtomicBool = AtomicBool::new(false);

    /// The thread stays: a signal that nobody handles any more would be lost, since its default is
    /// not restored.
    pub(super) fn watch() {
        WATCHED.call_once(|| {
            // Where that fails, a signal ends the program at once.
            let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM]) else {
                return;
            };
            std::thread::spawn(move || {
                while let Some(signal) = signals.forever().next() {
                    let is_asking = || super::pending().is_some();
                    while !super::may_end() && !is_asking() && signals.pending().next().is_none() {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                    // Held to the end, so that a waiting thread does not go on as if there had been
                    // no signal.
                    let mut pending = super::pending();
                    if let Some(undo) = pending.take() {
                        undo();
                    }
                    let is_left = LEFT.load(Ordering::SeqCst);
                    if !(is_left && [SIGINT, SIGTERM].contains(&signal)) {
                        let _ = emulate_default_handler(signal);
                    }
                }
            });
        });
    }

    pub(super) fn leave() {
        LEFT.store(true, Ordering::SeqCst);
    }
}

/// On Windows, a program that Ctrl-C ends has no time to undo anything.
#[cfg(not(unix))]
mod signals {
    pub(super) fn watch() {}

    pub(super) fn leave() {}
}
