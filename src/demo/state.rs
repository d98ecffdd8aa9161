//! What the server remembers: in memory, bounded, behind one lock.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::demo::expiring::Expiring;
use crate::demo::scope::Scope;
use crate::demo::secret::{Fingerprint, fingerprint};
use crate::demo::settings::Lifetimes;
use crate::demo::user::User;
use crate::text::time::Timestamp;

/// What a resource owner granted to a client.
#[derive(Clone)]
pub(super) struct Granted {
    pub(super) client_id: String,
    pub(super) user: Arc<User>,
    pub(super) scope: Scope,
    /// The resources that were asked for (RFC 8707).
    pub(super) resources: Vec<String>,
    /// When the resource owner logged in.
    pub(super) auth_time: Timestamp,
}

/// What an authorization code is bound to until its one use.
pub(super) struct Issued {
    pub(super) granted: Granted,
    pub(super) redirect_uri: String,
    /// The S256 challenge of PKCE (RFC 7636).
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) expires: Timestamp,
}

/// The tokens that come of one grant: their `jti` begins with its name.
#[derive(Clone)]
pub(super) struct Family {
    pub(super) name: String,
    /// Which refresh token is theirs, if one is.
    pub(super) refresh: Option<Fingerprint>,
}

/// A refresh token of a family. All of a family begin alike, and end differently; only the last is
/// good.
pub(super) struct Refresh {
    pub(super) granted: Granted,
    pub(super) family: Family,
    pub(super) current: Fingerprint,
}

/// Somebody who has logged in with a browser.
pub(super) struct Session {
    pub(super) user: Arc<User>,
    pub(super) auth_time: Timestamp,
    /// What was consented to: a client, and the scopes.
    pub(super) consents: Vec<(String, Scope)>,
}

/// Something that the resource server keeps for its users.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) owner: String,
    pub(super) name: String,
}

/// Everything that is remembered.
pub(super) struct State {
    pub(super) codes: Expiring<Box<Issued>>,
    /// What came of codes, so that a second use is told from a guess for as long as it lives.
    pub(super) redeemed: Expiring<Family>,
    pub(super) refreshes: Expiring<Refresh>,
    pub(super) sessions: Expiring<Session>,
    /// Tokens by their `jti`, and families by their names.
    revoked: Expiring<()>,
    /// The last of them, over all users.
    pub(super) items: VecDeque<Item>,
    pub(super) items_made: u64,
}

impl State {
    pub(super) fn new() -> Self {
        State {
            codes: Expiring::new(2048),
            redeemed: Expiring::new(2048),
            refreshes: Expiring::new(2048),
            sessions: Expiring::new(512),
            revoked: Expiring::new(4096),
            items: VecDeque::new(),
            items_made: 0,
        }
    }

    /// Revokes every token of a family.
    pub(super) fn revoke_family(&mut self, family: &Family, now: Timestamp, lives: &Lifetimes) {
        if let Some(refresh) = family.refresh {
            self.refreshes.remove(refresh);
        }
        self.revoke(&family.name, now, lives);
    }

    /// Revokes the token of a `jti`, or the family of a name.
    pub(super) fn revoke(&mut self, name: &str, now: Timestamp, lives: &Lifetimes) {
        let until = now.saturating_add(lives.access_token);
        self.revoked.insert(fingerprint(name), (), now, until);
    }

    /// Whether the token of a `jti` has been revoked, by itself or with its family.
    pub(super) fn is_revoked(&self, jti: &str, now: Timestamp) -> bool {
        let family = jti.split('.').next().unwrap_or_default();
        [jti, family]
            .into_iter()
            .any(|name| self.revoked.get(fingerprint(name), now).is_some())
    }
}
