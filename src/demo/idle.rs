//! Connections without a request. Where there is no room for another one, the one that has been idle for the longest is
//! given up (RFC 9112 section 9.5).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The connections that are idle, in the order in which they became that.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    last: u64,
    waiting: BTreeMap<u64, Arc<Notify>>,
}

/// A connection among others, idle from its beginning.
pub(super) struct Place {
    idle: Idle,
    number: AtomicU64,
    has_asked: AtomicBool,
    given_up: Arc<Notify>,
}

/// While this is there, its connection is not idle.
pub(super) struct Busy(Arc<Place>);

impl Idle {
    pub(super) fn place(&self) -> Arc<Place> {
        let place = Place {
            idle: self.clone(),
            number: AtomicU64::new(0),
            has_asked: AtomicBool::new(false),
            given_up: Arc::default(),
        };
        place.enter();
        Arc::new(place)
    }

    /// Gives up the connection that has been idle for the longest, if there is one.
    pub(super) fn give_up_one(&self) {
        if let Some((_, given_up)) = self.lock().waiting.pop_first() {
            given_up.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(super) fn busy(self: Arc<Self>) -> Busy {
        self.leave();
        self.has_asked.store(true, Ordering::Relaxed);
        Busy(self)
    }

    /// Whether a request has come by now.
    pub(super) fn has_asked(&self) -> bool {
        self.has_asked.load(Ordering::Relaxed)
    }

    /// Waits until the connection is given up.
    pub(super) async fn given_up(&self) {
        self.given_up.notified().await;
    }

    fn enter(&self) {
        let mut queue = self.idle.lock();
        queue.last = queue.last.saturating_add(1);
        let number = queue.last;
        queue.waiting.insert(number, Arc::clone(&self.given_up));
        self.number.store(number, Ordering::Relaxed);
    }

    fn leave(&self) {
        let number = self.number.load(Ordering::Relaxed);
        self.idle.lock().waiting.remove(&number);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.enter();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}
