//! What the server remembers: in memory, bounded, behind one lock.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::demo::acr::Acr;
use crate::demo::claims_request::ClaimsRequest;
use crate::demo::device::{Device, Guesses};
use crate::demo::expiring_map::ExpiringMap;
use crate::demo::lifetimes::Lifetimes;
use crate::demo::pushed::Pushed;
use crate::demo::scope::Scope;
use crate::demo::secret::{Fingerprint, fingerprint};
use crate::demo::used_once::UsedOnce;
use crate::demo::user::User;
use crate::text::time::Timestamp;

/// What a resource owner granted to a client.
#[derive(Clone)]
pub(super) struct Authorization {
    pub(super) client_id: String,
    pub(super) user: Arc<User>,
    pub(super) scope: Scope,
    /// The claims that were asked for by name.
    pub(super) claims: ClaimsRequest,
    /// The resources that were asked for (RFC 8707).
    pub(super) resources: Vec<String>,
    /// When the resource owner logged in.
    pub(super) auth_time: Timestamp,
    /// How strong the log-in was, if that was asked for.
    pub(super) acr: Option<Acr>,
    /// The name of the session, for clients that are told when it ends.
    pub(super) sid: Option<String>,
}

/// The data of an authorization code until its one use.
pub(super) struct AuthorizationCode {
    pub(super) authorization: Authorization,
    pub(super) redirect_uri: String,
    /// The S256 challenge of PKCE (RFC 7636).
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    /// The thumbprint of the key that its tokens are to be bound to (RFC 9449 section 10).
    pub(super) jkt: Option<String>,
    pub(super) expires: Timestamp,
}

/// The refresh token of a family. A family is all tokens that come from one grant; the `jti` of
/// each begins with the name of the family. Its refresh tokens begin alike and end differently;
/// only the last one is valid.
pub(super) struct Refresh {
    pub(super) authorization: Authorization,
    pub(super) current: Fingerprint,
    /// The thumbprint of the key that it is bound to (RFC 9449 section 5).
    pub(super) jkt: Option<String>,
}

/// Somebody who has logged in with a browser.
pub(super) struct Login {
    pub(super) user: Arc<User>,
    pub(super) auth_time: Timestamp,
    pub(super) acr: Acr,
    /// The name of the session, which is no secret.
    pub(super) sid: String,
    /// The clients that have got a code in it.
    pub(super) clients: Vec<String>,
    pub(super) consents: Vec<Consent>,
}

/// What somebody has consented to.
pub(super) struct Consent {
    pub(super) client_id: String,
    pub(super) scope: Scope,
    /// The claims that the scopes do not cover.
    pub(super) claims: Vec<String>,
}

/// Something that the resource server keeps for its users.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) owner: String,
    pub(super) name: String,
}

/// How many items of all users are kept.
const MOST_ITEMS: usize = 100;

/// How many revocations are remembered.
pub(super) const MOST_REVOKED: usize = 4096;

/// What is known of the revocation of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Good,
    Revoked,
    /// It is as old as a token whose revocation has been forgotten.
    Forgotten,
}

/// Everything that is remembered.
pub(super) struct Store {
    pub(super) codes: ExpiringMap<Box<AuthorizationCode>>,
    /// The codes that have been used, so that a second use can be named as such.
    pub(super) redeemed: ExpiringMap<()>,
    /// By the names of their families.
    pub(super) refreshes: ExpiringMap<Refresh>,
    pub(super) logins: ExpiringMap<Login>,
    /// Opaque access tokens, by the names that clients have for them.
    pub(super) opaque: ExpiringMap<Arc<str>>,
    /// By their issuers and their `jti`.
    pub(super) assertions: UsedOnce,
    /// By their device codes.
    pub(super) devices: ExpiringMap<Box<Device>>,
    /// The places of devices, by their user codes.
    pub(super) user_codes: ExpiringMap<Fingerprint>,
    pub(super) guesses: Guesses,
    /// Authorization requests, by the references to them.
    pub(super) pushed: ExpiringMap<Pushed>,
    /// Proofs of possession, by their keys and their `jti`.
    pub(super) proofs: UsedOnce,
    /// Tokens by their `jti`, and families by their names, with the time when the last token was
    /// issued.
    revoked: ExpiringMap<Timestamp>,
    /// When the newest token was issued whose revocation had to be forgotten.
    forgotten: Option<Timestamp>,
    /// The last items of all users.
    pub(super) items: VecDeque<Item>,
    pub(super) items_made: u64,
}

impl Store {
    pub(super) fn new() -> Self {
        Store {
            codes: ExpiringMap::new(2048),
            redeemed: ExpiringMap::new(2048),
            refreshes: ExpiringMap::new(2048),
            logins: ExpiringMap::new(512),
            opaque: ExpiringMap::new(2048),
            assertions: UsedOnce::new(4096),
            devices: ExpiringMap::new(512),
            user_codes: ExpiringMap::new(512),
            guesses: Guesses::default(),
            pushed: ExpiringMap::new(512),
            proofs: UsedOnce::new(8192),
            revoked: ExpiringMap::new(MOST_REVOKED),
            forgotten: None,
            items: VecDeque::new(),
            items_made: 0,
        }
    }

    /// Adds an item of a user; if there are too many, the oldest is removed.
    pub(super) fn add_item(&mut self, owner: String, name: String) -> Item {
        self.items_made = self.items_made.saturating_add(1);
        let item = Item {
            id: self.items_made,
            owner,
            name,
        };
        if self.items.len() >= MOST_ITEMS {
            self.items.pop_front();
        }
        self.items.push_back(item.clone());
        item
    }

    /// Revokes every token of a family.
    pub(super) fn revoke_family(&mut self, family: &str, now: Timestamp, lives: &Lifetimes) {
        self.refreshes.remove(fingerprint(family));
        let until = now.saturating_add(lives.access_token);
        self.revoke(family, now, now, until);
    }

    /// Revokes the token of a `jti`, or the family of a name, until it has expired; the last token
    /// of a family may have been issued just now.
    pub(super) fn revoke(
        &mut self,
        name: &str,
        issued: Timestamp,
        now: Timestamp,
        until: Timestamp,
    ) {
        let forgotten = self.revoked.insert(fingerprint(name), issued, now, until);
        self.forgotten = forgotten.into_iter().chain(self.forgotten).max();
    }

    /// Whether any token has been revoked that may not have expired yet.
    pub(super) fn has_revoked(&self) -> bool {
        !self.revoked.is_empty() || self.forgotten.is_some()
    }

    /// Whether the token of a `jti` has been revoked, by itself or with its family.
    pub(super) fn standing(&self, jti: &str, issued: Timestamp, now: Timestamp) -> Standing {
        let family = jti.split('.').next().unwrap_or_default();
        let mut names = [jti, family].into_iter();
        if names.any(|name| self.revoked.get(fingerprint(name), now).is_some()) {
            return Standing::Revoked;
        }
        match self.forgotten.is_some_and(|forgotten| issued <= forgotten) {
            true => Standing::Forgotten,
            false => Standing::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    /// RFC 7009 section 2: what was revoked is never good again, however much is revoked after it.
    #[test]
    fn what_is_older_than_a_forgotten_revocation_is_refused() {
        let (mut store, lives) = (Store::new(), Lifetimes::default());
        let until = at(5000);
        store.revoke("one", at(5), at(10), until);
        store.revoke_family("family", at(10), &lives);
        for n in 2..MOST_REVOKED {
            store.revoke(&format!("n{n}"), at(20), at(20), until);
        }
        let standing = |store: &Store, jti, issued| store.standing(jti, at(issued), at(30));
        assert_eq!(standing(&store, "one", 5), Standing::Revoked);
        assert_eq!(standing(&store, "another", 5), Standing::Good);
        // One is forgotten: what is as old as it is refused, and nothing younger.
        store.revoke("more", at(20), at(20), until);
        assert_eq!(standing(&store, "one", 5), Standing::Forgotten);
        assert_eq!(standing(&store, "another", 5), Standing::Forgotten);
        assert_eq!(standing(&store, "another", 6), Standing::Good);
        // A family may have tokens as young as its revocation.
        store.revoke("more still", at(20), at(20), until);
        assert_eq!(standing(&store, "family.9", 10), Standing::Forgotten);
        assert_eq!(standing(&store, "another", 11), Standing::Good);
        assert_eq!(standing(&store, "more still", 20), Standing::Revoked);
    }

    /// A revocation is needed for as long as its token lives, and then makes room.
    #[test]
    fn a_revocation_of_what_has_expired_is_no_loss() {
        let mut store = Store::new();
        store.revoke("one", at(0), at(0), at(60));
        for n in 0..MOST_REVOKED {
            store.revoke(&format!("n{n}"), at(60), at(60), at(120));
        }
        assert_eq!(store.standing("another", at(0), at(60)), Standing::Good);
    }
}
