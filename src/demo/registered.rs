//! The clients that have described themselves, by registration or by a document: in memory, and bounded in
//! number.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use crate::demo::client::Client;
use crate::demo::expiring_map::ExpiringMap;
use crate::demo::secret::{Fingerprint, fingerprint};
use crate::text::time::{Span, Timestamp};

/// How many are kept; beyond that, the oldest is removed.
const MOST: usize = 256;

/// How many removed clients are remembered, for as long as their tokens may live.
const MOST_GONE: usize = 1024;

/// Registrations do not expire.
const FOREVER: Timestamp = Timestamp::from_seconds(i64::MAX);

/// A client that has registered itself.
#[derive(Clone)]
pub(super) struct Registration {
    pub(super) client: Arc<Client>,
    /// What is registered (RFC 7591 section 3.2.1), without its secrets.
    pub(super) metadata: Map<String, Value>,
    pub(super) issued: Timestamp,
    /// The fingerprint of the token with which the client manages its registration (RFC 7592 section 3).
    pub(super) token: Fingerprint,
}

/// A client whose document was fetched, and when.
struct Fetched {
    client: Arc<Client>,
    at: Timestamp,
}

/// All of them.
#[derive(Default)]
pub(super) struct Registered {
    kept: Mutex<Kept>,
    /// Whether any client was removed; this is asked for each token.
    any_gone: AtomicBool,
}

struct Kept {
    clients: ExpiringMap<Registration>,
    gone: ExpiringMap<()>,
    /// The clients of documents that the control has given, and of documents that were fetched, by their
    /// URLs.
    given: ExpiringMap<Arc<Client>>,
    fetched: ExpiringMap<Fetched>,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept {
            clients: ExpiringMap::new(MOST),
            gone: ExpiringMap::new(MOST_GONE),
            given: ExpiringMap::new(MOST),
            fetched: ExpiringMap::new(MOST),
        }
    }
}

impl Registered {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a client, or changes one. If another client has to go for it, its tokens are not valid any more;
    /// they live until a time at most.
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
        let (kept, key) = (self.lock(), fingerprint(id));
        let registered = kept.clients.get(key, now).map(|found| &found.client);
        let fetched = || kept.fetched.get(key, now).map(|found| &found.client);
        let found = registered.or_else(|| kept.given.get(key, now));
        found.or_else(fetched).map(Arc::clone)
    }

    /// Adds a client with a document, until it is removed.
    pub(super) fn give(&self, client: Client, now: Timestamp) {
        let key = fingerprint(&client.id);
        let client = Arc::new(client);
        self.lock().given.insert(key, client, now, FOREVER);
    }

    /// Adds a client whose document was fetched. It is known for an hour, in which somebody may log in.
    pub(super) fn keep(&self, client: Client, now: Timestamp) {
        let key = fingerprint(&client.id);
        let client = Arc::new(client);
        let until = now.saturating_add(Span::from_seconds(60 * 60));
        let fetched = Fetched { client, at: now };
        self.lock().fetched.insert(key, fetched, now, until);
    }

    /// Whether the document of a client is not known, or was fetched more than a minute ago.
    pub(super) fn wants_document(&self, id: &str, now: Timestamp) -> bool {
        let (kept, key) = (self.lock(), fingerprint(id));
        let is_old = |fetched: &Fetched| {
            now > fetched.at.saturating_add(Span::from_seconds(60)) || now < fetched.at
        };
        let is_known = kept.clients.get(key, now).is_some() || kept.given.get(key, now).is_some();
        !is_known && kept.fetched.get(key, now).is_none_or(is_old)
    }

    /// Removes the documents of a URL, or all; says how many there were.
    pub(super) fn forget_documents(&self, url: Option<&str>, now: Timestamp) -> usize {
        let mut kept = self.lock();
        if let Some(key) = url.map(fingerprint) {
            let given = usize::from(kept.given.remove(key).is_some());
            let fetched = usize::from(kept.fetched.remove(key).is_some());
            return given.saturating_add(fetched);
        }
        let given = kept.given.values_at(now).count();
        let fetched = kept.fetched.values_at(now).count();
        kept.given = ExpiringMap::new(MOST);
        kept.fetched = ExpiringMap::new(MOST);
        given.saturating_add(fetched)
    }

    /// The URLs of the documents that the control has given, and of those that were fetched.
    pub(super) fn documents(&self, now: Timestamp) -> [Vec<String>; 2] {
        let kept = self.lock();
        let given = kept.given.values_at(now).map(|client| client.id.clone());
        let fetched = kept.fetched.values_at(now);
        let fetched = fetched.map(|fetched| fetched.client.id.clone());
        [given.collect(), fetched.collect()]
    }

    /// Forgets a client, with its tokens, which live until a time at most.
    pub(super) fn remove(&self, id: &str, now: Timestamp, until: Timestamp) {
        let mut kept = self.lock();
        if kept.clients.remove(fingerprint(id)).is_some() {
            kept.gone.insert(fingerprint(id), (), now, until);
            self.any_gone.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a client was removed: its tokens are not valid any more (RFC 7592 section 2.3).
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
