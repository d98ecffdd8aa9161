//! The names of assertions and proofs, which may be used once, remembered until they expire.

use crate::demo::expiring_map::ExpiringMap;
use crate::demo::secret::fingerprint;
use crate::text::time::Timestamp;

/// Whether something has been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    First,
    Again,
    /// It may have been used: others with the same lifetime have been forgotten.
    Forgotten,
}

/// The used names; if there are too many, the oldest are forgotten.
pub(super) struct UsedOnce {
    used: ExpiringMap<Timestamp>,
    /// The latest expiry of the names that had to be forgotten.
    forgotten: Option<Timestamp>,
}

impl UsedOnce {
    pub(super) fn new(most: usize) -> Self {
        UsedOnce {
            used: ExpiringMap::new(most),
            forgotten: None,
        }
    }

    /// Uses a name that is valid until a time.
    pub(super) fn take(&mut self, name: &str, now: Timestamp, until: Timestamp) -> Use {
        let place = fingerprint(name);
        if self.used.get(place, now).is_some() {
            return Use::Again;
        }
        if self.forgotten.is_some_and(|forgotten| until <= forgotten) {
            return Use::Forgotten;
        }
        let gone = self.used.insert(place, until, now, until);
        self.forgotten = gone.into_iter().chain(self.forgotten).max();
        Use::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    /// RFC 7523 section 3, RFC 9449 section 11.1: however many come after it.
    #[test]
    fn nothing_is_used_twice_in_its_time() {
        let mut used = UsedOnce::new(3);
        assert_eq!(used.take("a", at(0), at(60)), Use::First);
        assert_eq!(used.take("a", at(59), at(60)), Use::Again);
        assert_eq!(used.take("b", at(1), at(61)), Use::First);
        assert_eq!(used.take("c", at(2), at(62)), Use::First);
        assert_eq!(used.take("d", at(3), at(63)), Use::First);
        assert_eq!(used.take("a", at(3), at(60)), Use::Forgotten);
        assert_eq!(used.take("e", at(3), at(60)), Use::Forgotten);
        assert_eq!(used.take("d", at(3), at(63)), Use::Again);
        assert_eq!(used.take("e", at(4), at(64)), Use::First);
    }
}
