//! A token that a client presents, to be told of it or to put an end to it: what it is, and whose.

use crate::demo::bearer::{Audience, judge};
use crate::demo::demo_server::DemoServer;
use crate::demo::event::Remark;
use crate::demo::grant::find_refresh_token;
use crate::demo::signing::Keys;
use crate::demo::store::{Authorization, Family};
use crate::token::json::Json;
use crate::token::verify::Verified;

/// What a token is.
pub(super) enum Presented {
    /// An access token that is good.
    Access(Verified),
    /// A refresh token that has not expired.
    Refresh {
        authorization: Authorization,
        family: Family,
        /// Whether it is the last of its family, which alone is good.
        is_last: bool,
    },
    /// Neither, and why not.
    Nothing(Remark),
}

impl Presented {
    /// Finds out. `token_type_hint` could only make the search shorter (RFC 7009 section 2.1).
    pub(super) fn of(demo: &DemoServer, keys: &Keys, token: &str) -> Presented {
        if let Some(found) = find_refresh_token(&demo.store(), token, demo.now()) {
            return Presented::Refresh {
                authorization: found.refresh.authorization.clone(),
                family: found.refresh.family.clone(),
                is_last: found.is_last,
            };
        }
        match judge(demo, keys, token, Audience::Any) {
            Ok(verified) => Presented::Access(verified),
            // An access token has three parts.
            Err(_) if token.matches('.').count() == 1 => Presented::Nothing(Remark::new(
                "there is no such refresh token, or it has expired",
                "RFC 6749 section 6",
            )),
            Err(refusal) => Presented::Nothing(refusal.remark),
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
            Presented::Nothing(_) => None,
        }
    }
}
