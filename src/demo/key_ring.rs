//! The signing key, and previous keys whose tokens are still valid.

use std::ops::Deref;
use std::sync::Arc;

use axum::body::Bytes;

use crate::demo::error::OAuthError;
use crate::demo::signing::{Audience, IdTokenHint, ServerKeys};
use crate::text::time::Timestamp;
use crate::token::compact::Compact;
use crate::token::decode::decode_header;
use crate::token::json::Json;
use crate::token::verify::{Refused, Verified};

/// How many previous keys are kept.
const MOST: usize = 16;

/// The keys of a server at a time.
#[derive(Clone)]
pub(super) struct KeyRing {
    current: Arc<ServerKeys>,
    /// The newest first, each with the time when its last token expires.
    older: Vec<(Arc<ServerKeys>, Timestamp)>,
}

impl Deref for KeyRing {
    type Target = ServerKeys;

    fn deref(&self) -> &ServerKeys {
        &self.current
    }
}

impl KeyRing {
    pub(super) fn new(keys: ServerKeys) -> KeyRing {
        KeyRing {
            current: Arc::new(keys),
            older: Vec::new(),
        }
    }

    /// Makes a ring with a new signing key. The previous key stays until its tokens have expired;
    /// without a time for that, all others are removed at once.
    pub(super) fn rotated(
        &self,
        keys: ServerKeys,
        now: Timestamp,
        over: Option<Timestamp>,
    ) -> KeyRing {
        let before = over.map(|over| (Arc::clone(&self.current), over));
        let older = self.older_at(now).filter(|_| over.is_some()).cloned();
        KeyRing {
            older: before.into_iter().chain(older).take(MOST).collect(),
            current: Arc::new(keys),
        }
    }

    fn older_at(&self, now: Timestamp) -> impl Iterator<Item = &(Arc<ServerKeys>, Timestamp)> {
        self.older.iter().filter(move |(_, over)| now < *over)
    }

    /// The key that a token names, or the signing key.
    fn of(&self, token: &str, now: Timestamp) -> &ServerKeys {
        let older = || {
            let kid = kid_of(token)?;
            let named = |keys: &ServerKeys| keys.kid.as_deref() == Some(kid.as_str());
            let mut older = self.older_at(now).map(|(keys, _)| keys);
            older.find(|keys| named(keys))
        };
        match self.older.is_empty() {
            true => &self.current,
            false => older().unwrap_or(&self.current),
        }
    }

    /// Judges an access token, as [`ServerKeys::verify`] does.
    pub(super) fn verify(
        &self,
        token: &str,
        audience: Audience,
        now: Timestamp,
    ) -> Result<Verified, OAuthError> {
        self.of(token, now).verify(token, audience, now)
    }

    /// Checks a JWT that is not an access token, as [`ServerKeys::own_jwt`] does.
    pub(super) fn own_jwt(&self, token: &str, now: Timestamp) -> Result<Verified, Refused> {
        self.of(token, now).own_jwt(token, now)
    }

    /// An ID token of this server as a hint, whether it has expired or not.
    pub(super) fn own_id_token(&self, token: &str, now: Timestamp) -> Option<IdTokenHint> {
        self.of(token, now).own_id_token(token)
    }

    /// The public keys as a JWK Set; `None` where the key is a secret.
    pub(super) fn jwks(&self, now: Timestamp) -> Option<Bytes> {
        let own = self.current.jwk.as_deref()?;
        let older = self
            .older_at(now)
            .filter_map(|(keys, _)| keys.jwk.as_deref());
        let all: Vec<&str> = [own].into_iter().chain(older).collect();
        Some(Bytes::from(format!("{{\"keys\":[{}]}}", all.join(","))))
    }

    /// The names of the keys, the signing key first.
    pub(super) fn names(&self, now: Timestamp) -> Vec<&str> {
        let older = self.older_at(now).map(|(keys, _)| &**keys);
        let all = [&*self.current].into_iter().chain(older);
        all.filter_map(|keys| keys.kid.as_deref()).collect()
    }
}

/// The `kid` in the header of a token. It only selects the key that has to match.
fn kid_of(token: &str) -> Option<String> {
    let Ok(Compact::Jws(jws)) = Compact::split(token) else {
        return None;
    };
    let header = decode_header(jws.header).ok()?;
    let kid = header.json().get("kid").and_then(Json::as_str)?;
    Some(kid.into_owned())
}
