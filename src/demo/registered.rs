//! The clients that have registered themselves: in memory, and bounded in number.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use crate::demo::client::Client;
use crate::demo::expiring_map::ExpiringMap;
use crate::demo::secret::{Fingerprint, fingerprint};
use crate::text::time::Timestamp;

/// So many are kept: the oldest goes where there are more.
const MOST: usize = 256;

/// So many that are gone are remembered, for as long as a token of theirs may live.
const MOST_GONE: usize = 1024;

/// They have no end of their own.
const FOREVER: Timestamp = Timestamp::from_seconds(i64::MAX);

/// A client that has registered itself.
#[derive(Clone)]
pub(super) struct Registration {
    pub(super) client: Arc<Client>,
    /// What is registered (RFC 7591 section 3.2.1), without its secrets.
    pub(super) metadata: Map<String, Value>,
    pub(super) issued: Timestamp,
    /// Of the token by which the client looks after its registration (RFC 7592 section 3).
    pub(super) token: Fingerprint,
}

/// All of them.
#[derive(Default)]
pub(super) struct Registered {
    kept: Mutex<Kept>,
    /// Whether any is gone, which is asked for each token.
    any_gone: AtomicBool,
}

struct Kept {
    clients: ExpiringMap<Registration>,
    gone: ExpiringMap<()>,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept {
            clients: ExpiringMap::new(MOST),
            gone: ExpiringMap::new(MOST_GONE),
        }
    }
}

impl Registered {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a client, or changes one that is there. Tokens of one that has to go for it are good no more
    /// from now on; they live until a time at most.
    pub(super) fn put(&self, registration: Registration, now: Timestamp, until: Timestamp) {
        let mut kept = self.lock();
        let key = fingerprint(&registration.client.id);
        if let Some(known) = kept.clients.get_mut(key, now) {
            *known = registration;
            return;
        }
        for gone in kept.clients.insert(key, registration, now, FOREVER) {
            let key = fingerprint(&gone.client.id);
            kept.gone.insert(key, (), now, until);
            self.any_gone.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn get(&self, id: &str, now: Timestamp) -> Option<Registration> {
        self.lock().clients.get(fingerprint(id), now).cloned()
    }

    pub(super) fn client(&self, id: &str, now: Timestamp) -> Option<Arc<Client>> {
        let kept = self.lock();
        let found = kept.clients.get(fingerprint(id), now)?;
        Some(Arc::clone(&found.client))
    }

    /// Forgets a client, with its tokens, which live until a time at most.
    pub(super) fn remove(&self, id: &str, now: Timestamp, until: Timestamp) {
        let mut kept = self.lock();
        if kept.clients.remove(fingerprint(id)).is_some() {
            kept.gone.insert(fingerprint(id), (), now, until);
            self.any_gone.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a client was there and is not any more: its tokens are good no more (RFC 7592 section
    /// 2.3).
    pub(super) fn is_gone(&self, id: &str, now: Timestamp) -> bool {
        self.any_gone.load(Ordering::Relaxed)
            && self.lock().gone.get(fingerprint(id), now).is_some()
    }

    pub(super) fn clear(&self) {
        *self.lock() = Kept::default();
        self.any_gone.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn registration(id: &str) -> Registration {
        Registration {
            client: Arc::new(Client::new(id, None)),
            metadata: Map::new(),
            issued: at(0),
            token: fingerprint(id),
        }
    }

    #[test]
    fn the_oldest_registration_goes_and_its_tokens_with_it() {
        let registered = Registered::default();
        for n in 0..=MOST {
            registered.put(registration(&format!("c{n}")), at(0), at(60));
        }
        assert!(registered.client("c0", at(1)).is_none());
        assert!(registered.client("c1", at(1)).is_some());
        assert!(registered.is_gone("c0", at(1)) && !registered.is_gone("c0", at(60)));
        assert!(!registered.is_gone("c1", at(1)));
    }

    #[test]
    fn a_change_takes_no_room() {
        let registered = Registered::default();
        registered.put(registration("first"), at(0), at(60));
        for _ in 0..=MOST {
            registered.put(registration("other"), at(0), at(60));
        }
        assert!(registered.client("first", at(1)).is_some());
    }
}
