//! The clock of the server, which can be stopped and moved: tokens are issued and checked by the
//! same clock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::text::time::{Span, Timestamp};

/// A clock that may differ from the real one.
pub(super) struct Clock {
    world: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// Whether it differs from the real clock; this is asked at every request.
    is_moved: AtomicBool,
    moved: Mutex<Moved>,
}

/// How a clock differs from the real one.
#[derive(Clone, Copy, Default)]
struct Moved {
    ahead: Span,
    frozen: Option<Timestamp>,
}

impl Clock {
    pub(super) fn new(world: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock {
            world: Box::new(world),
            is_moved: AtomicBool::new(false),
            moved: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Moved> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        let world = (self.world)();
        if !self.is_moved.load(Ordering::Relaxed) {
            return world;
        }
        let Moved { ahead, frozen } = *self.lock();
        frozen.unwrap_or(world.saturating_add(ahead))
    }

    /// Stops it at a time.
    pub(super) fn freeze(&self, at: Timestamp) {
        self.lock().frozen = Some(at);
        self.is_moved.store(true, Ordering::Relaxed);
    }

    /// Moves it ahead; a stopped clock stays stopped.
    pub(super) fn advance(&self, by: Span) {
        let mut moved = self.lock();
        if let Some(frozen) = &mut moved.frozen {
            *frozen = frozen.saturating_add(by);
        } else {
            let ahead = moved.ahead.seconds().saturating_add(by.seconds());
            moved.ahead = Span::from_seconds(ahead);
        }
        self.is_moved.store(true, Ordering::Relaxed);
    }

    /// Lets it follow the real clock again.
    pub(super) fn reset(&self) {
        *self.lock() = Moved::default();
        self.is_moved.store(false, Ordering::Relaxed);
    }

    /// Whether it stands still.
    pub(super) fn is_frozen(&self) -> bool {
        self.lock().frozen.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_stopped_moved_and_let_go() {
        let clock = Clock::new(|| Timestamp::from_seconds(1000));
        clock.advance(Span::from_seconds(60));
        assert_eq!(clock.now().seconds(), 1060);
        clock.freeze(Timestamp::from_seconds(5));
        clock.advance(Span::from_seconds(2));
        assert_eq!((clock.now().seconds(), clock.is_frozen()), (7, true));
        clock.reset();
        assert_eq!((clock.now().seconds(), clock.is_frozen()), (1000, false));
    }
}
