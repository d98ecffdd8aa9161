//! A map that forgets expired entries, and the oldest entry when it is full.

use std::collections::{BTreeMap, VecDeque};

use crate::demo::secret::Fingerprint;
use crate::text::time::Timestamp;

/// A limited number of entries, each until its time. In one map all live equally long, so the
/// oldest is the first to expire. It is a tree: a full hash table that forgets as much as it learns
/// would grow to several times its size.
pub(super) struct ExpiringMap<V> {
    most: usize,
    entries: BTreeMap<Fingerprint, (Timestamp, V)>,
    order: VecDeque<(Timestamp, Fingerprint)>,
}

impl<V> ExpiringMap<V> {
    pub(super) fn new(most: usize) -> Self {
        ExpiringMap {
            most,
            entries: BTreeMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Inserts a value, until a time, and removes expired ones. Gives the values that had to go
    /// before their time.
    pub(super) fn insert(
        &mut self,
        key: Fingerprint,
        value: V,
        now: Timestamp,
        until: Timestamp,
    ) -> Vec<V> {
        let mut forgotten = Vec::new();
        while let Some(&(oldest_until, oldest)) = self.order.front() {
            if oldest_until > now && self.order.len() < self.most {
                break;
            }
            self.order.pop_front();
            if self
                .entries
                .get(&oldest)
                .is_some_and(|(until, _)| *until == oldest_until)
            {
                let gone = self.entries.remove(&oldest);
                forgotten.extend(
                    gone.filter(|(until, _)| *until > now)
                        .map(|(_, value)| value),
                );
            }
        }
        self.order.push_back((until, key));
        self.entries.insert(key, (until, value));
        forgotten
    }

    /// Whether there is no entry; expired ones may still be there.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A value that has not expired.
    pub(super) fn get(&self, key: Fingerprint, now: Timestamp) -> Option<&V> {
        self.entries
            .get(&key)
            .filter(|(until, _)| now < *until)
            .map(|(_, value)| value)
    }

    /// A value that has not expired, to change it.
    pub(super) fn get_mut(&mut self, key: Fingerprint, now: Timestamp) -> Option<&mut V> {
        self.entries
            .get_mut(&key)
            .filter(|(until, _)| now < *until)
            .map(|(_, value)| value)
    }

    /// All values that have not expired.
    pub(super) fn values_at(&self, now: Timestamp) -> impl Iterator<Item = &V> {
        let good = self.entries.values().filter(move |(until, _)| now < *until);
        good.map(|(_, value)| value)
    }

    pub(super) fn remove(&mut self, key: Fingerprint) -> Option<V> {
        self.entries.remove(&key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::secret::fingerprint;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn what_has_expired_is_not_found_and_makes_room() {
        let mut map = ExpiringMap::new(10);
        map.insert(fingerprint("a"), 1, at(0), at(60));
        assert_eq!(map.get(fingerprint("a"), at(59)), Some(&1));
        assert_eq!(map.get(fingerprint("a"), at(60)), None);
        let forgotten = map.insert(fingerprint("b"), 2, at(60), at(120));
        assert!(forgotten.is_empty(), "its time was over");
        assert_eq!((map.entries.len(), map.order.len()), (1, 1));
    }

    #[test]
    fn the_oldest_goes_where_there_is_no_room() {
        let mut map = ExpiringMap::new(2);
        let mut add = |n, name, now| map.insert(fingerprint(name), n, at(now), at(60));
        assert!(add(0, "a", 0).is_empty());
        assert!(add(1, "b", 0).is_empty());
        assert_eq!(add(2, "c", 0), [0]);
        assert_eq!(map.get(fingerprint("a"), at(1)), None);
        assert_eq!(map.get(fingerprint("b"), at(1)), Some(&1));
        assert_eq!(map.get(fingerprint("c"), at(1)), Some(&2));
    }

    #[test]
    fn a_key_that_came_again_outlives_its_first_place() {
        let mut map = ExpiringMap::new(2);
        map.insert(fingerprint("a"), 1, at(0), at(60));
        map.insert(fingerprint("a"), 2, at(10), at(70));
        map.insert(fingerprint("b"), 3, at(10), at(70));
        assert_eq!(map.get(fingerprint("a"), at(11)), Some(&2));
    }
}
