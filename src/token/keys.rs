//! The keys that came from one source.

use crate::token::key::Key;

/// What a source holds: one key, or a set of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Keys {
    /// The keys in their order.
    pub keys: Vec<Key>,
    /// Whether they came as a JWK Set, in which a token's `kid` picks.
    pub is_set: bool,
    /// Notes about them for the user.
    pub notes: Vec<String>,
}

impl From<Key> for Keys {
    fn from(key: Key) -> Self {
        Keys {
            keys: vec![key],
            is_set: false,
            notes: Vec::new(),
        }
    }
}
