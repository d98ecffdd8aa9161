//! Tokens as they are kept for later runs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cli::fetch::proof_key::ProofKey;
use crate::cli::fetch::request::Request;
use crate::cli::json_line;
use crate::oauth::token_answer::{TokenAnswer, TokenType};
use crate::text::time::{Span, Timestamp, relative};
use crate::token::claims::numeric_date;
use crate::token::decode::{Unverified, decode};

/// The version of the format; an entry of another version is ignored.
const VERSION: u32 = 1;

/// Tokens, and for what they are.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    version: u32,
    pub(super) issuer: String,
    pub(super) client: String,
    pub(super) scope: String,
    pub(super) access_token: String,
    pub(super) token_type: String,
    /// In seconds since 1970; `None` where that is not known.
    pub(super) expires_at: Option<i64>,
    pub(super) refresh_token: Option<String>,
    pub(super) id_token: Option<String>,
    /// What else the server gave.
    #[serde(default)]
    pub(super) others: BTreeMap<String, Box<RawValue>>,
    /// The private JWK that the tokens are bound to (RFC 9449).
    pub(super) dpop_key: Option<String>,
    /// In seconds since 1970.
    pub(super) since: i64,
}

impl Kept {
    /// What a server answered. A refresh need not bring a new refresh token, or an ID token, or say the
    /// scope (RFC 6749 section 6, OpenID Connect Core 1.0 section 12.2).
    pub(super) fn of(
        request: &Request,
        answer: TokenAnswer,
        before: Option<&Kept>,
        now: Timestamp,
    ) -> Kept {
        let lifetime = answer
            .expires_in
            .and_then(|seconds| i64::try_from(seconds).ok());
        let old = |of: fn(&Kept) -> Option<&String>| before.and_then(of).cloned();
        Kept {
            version: VERSION,
            issuer: request.issuer.clone(),
            client: request.client.clone(),
            scope: answer
                .scope
                .or_else(|| before.map(|before| before.scope.clone()))
                .unwrap_or_else(|| request.scope.join(" ")),
            access_token: answer.access_token,
            token_type: answer.token_type.name().to_owned(),
            expires_at: lifetime.map(|lifetime| now.seconds().saturating_add(lifetime)),
            refresh_token: answer
                .refresh_token
                .or_else(|| old(|kept| kept.refresh_token.as_ref())),
            id_token: answer
                .id_token
                .or_else(|| old(|kept| kept.id_token.as_ref())),
            others: others(answer.others),
            dpop_key: None,
            since: now.seconds(),
        }
    }

    /// The same with the next refresh token.
    pub(super) fn with_refresh_token(&self, refresh_token: Option<String>) -> Kept {
        Kept {
            refresh_token,
            ..self.clone()
        }
    }

    /// The identity token of a job, which is given and not kept.
    pub(super) fn of_job(token: &str) -> Kept {
        let decoded = decode(token).ok();
        let claims = decoded.as_ref().and_then(Unverified::claims);
        let text =
            |name: &str| claims.and_then(|claims| claims.get(name)?.as_str().map(Cow::into_owned));
        let exp = claims.and_then(|claims| numeric_date(claims.get("exp")?).ok());
        Kept {
            version: VERSION,
            issuer: text("iss").unwrap_or_default(),
            client: String::new(),
            scope: String::new(),
            access_token: token.to_owned(),
            token_type: TokenType::Bearer.name().to_owned(),
            expires_at: exp.map(Timestamp::seconds),
            refresh_token: None,
            id_token: Some(token.to_owned()),
            others: BTreeMap::new(),
            dpop_key: None,
            since: 0,
        }
    }

    /// Reads an entry; `None` for one that is damaged, or of another version.
    pub(super) fn read(text: &[u8]) -> Option<Kept> {
        let kept: Kept = serde_json::from_slice(text).ok()?;
        let is_sound = kept.version == VERSION
            && match TokenType::named(&kept.token_type) {
                Some(TokenType::Bearer) => true,
                Some(TokenType::DPoP) => kept.proof_key().is_some(),
                None => false,
            };
        is_sound.then_some(kept)
    }

    /// The entry.
    pub(super) fn text(&self) -> String {
        json_line::line(self)
    }

    /// The key that the tokens are bound to, where they are.
    pub(super) fn proof_key(&self) -> Option<ProofKey> {
        self.dpop_key.as_deref().and_then(ProofKey::kept)
    }

    /// When the access token expires, after `it`.
    pub(super) fn expiry(&self, now: Timestamp) -> String {
        match self.expires_at.map(Timestamp::from_seconds) {
            Some(at) if at <= now => format!("expired {}", relative(at, now)),
            Some(at) => format!("expires {}", relative(at, now)),
            None => "does not say when it expires".to_owned(),
        }
    }

    /// Whether the access token is valid for that long. A token without a lifetime is valid until a server
    /// says otherwise; a token from the future is not.
    pub(super) fn is_good_for(&self, span: Span, now: Timestamp) -> bool {
        let until = now.saturating_add(span).seconds();
        self.since <= now.seconds().saturating_add(60)
            && self.expires_at.is_none_or(|expires_at| expires_at > until)
    }
}

/// Members as they are written again.
fn others(members: Vec<(String, String)>) -> BTreeMap<String, Box<RawValue>> {
    let members = members.into_iter();
    let written =
        members.filter_map(|(name, json)| Some((name, RawValue::from_string(json).ok()?)));
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_a_span_that_ends_before_it_expires() {
        let entry = r#"{"version":1,"issuer":"i","client":"c","scope":"","access_token":"a","token_type":"Bearer","expires_at":1000,"refresh_token":null,"id_token":null,"dpop_key":null,"since":900}"#;
        let kept = Kept::read(entry.as_bytes()).unwrap();
        let is_good = |now| kept.is_good_for(Span::from_seconds(60), Timestamp::from_seconds(now));
        assert!(is_good(939) && !is_good(940));
        // A clock may be a minute behind, and no more.
        assert!(is_good(840) && !is_good(839));
        let expiry = |now| kept.expiry(Timestamp::from_seconds(now));
        assert_eq!(expiry(999), "expires in 1 second");
        assert_eq!(expiry(1000), "expired now");
        assert_eq!(expiry(1002), "expired 2 seconds ago");
    }
}
