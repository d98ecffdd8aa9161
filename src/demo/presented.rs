//! A token that a client presents for introspection or revocation: what it is, and whose.

use crate::demo::bearer::{Audience, judge};
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::event::Remark;
use crate::demo::grant::{RefreshTokenState, find_refresh_token};
use crate::demo::key_ring::KeyRing;
use crate::demo::store::Authorization;
use crate::token::json::Json;
use crate::token::verify::Verified;

/// The kind of token.
pub(super) enum Presented {
    /// An access token that is good.
    Access(Verified),
    /// A refresh token that has not expired.
    Refresh {
        authorization: Authorization,
        family: String,
        /// Whether it is the last of its family; only that one is valid.
        is_last: bool,
    },
    /// A refresh token of the client's whose family had to make room.
    Forgotten { family: String, client_id: String },
    /// Neither, and why not.
    Nothing(Remark),
}

impl Presented {
    /// Finds out what a token is. `token_type_hint` could only make the search shorter (RFC 7009
    /// section 2.1).
    pub(super) fn of(demo: &DemoServer, keys: &KeyRing, token: &str, client: &Client) -> Presented {
        // An access token has three parts.
        if token.matches('.').count() != 1 {
            return match judge(demo, keys, token, Audience::Any) {
                Ok(verified) => Presented::Access(verified),
                Err(refusal) => Presented::Nothing(refusal.remark),
            };
        }
        match find_refresh_token(demo, &demo.store(), token, &client.id) {
            RefreshTokenState::Known {
                family,
                refresh,
                is_last,
            } => Presented::Refresh {
                authorization: refresh.authorization.clone(),
                family: family.to_owned(),
                is_last,
            },
            RefreshTokenState::Forgotten { family } => Presented::Forgotten {
                family: family.to_owned(),
                client_id: client.id.clone(),
            },
            RefreshTokenState::Nothing(why) => Presented::Nothing(why),
        }
    }

    /// The client that it was issued to.
    pub(super) fn owner(&self) -> Option<String> {
        match self {
            Presented::Access(verified) => {
                let id = verified.claims().get("client_id").and_then(Json::as_str);
                id.map(std::borrow::Cow::into_owned)
            }
            Presented::Refresh { authorization, .. } => Some(authorization.client_id.clone()),
            Presented::Forgotten { client_id, .. } => Some(client_id.clone()),
            Presented::Nothing(_) => None,
        }
    }
}
