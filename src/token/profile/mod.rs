//! Tells what kind of token this is, from what it says itself: a name, not a proof.

pub(crate) mod conformance;
#[doc(hidden)]
pub mod issuer;
pub(crate) mod longest;
pub(crate) mod protocol;
mod table;

use std::borrow::Cow;

use crate::token::decode::{Payload, TokenForm, Unverified};
use crate::token::json::{Json, Kind};
use crate::token::profile::protocol::Protocol;
use crate::token::profile::table::{KnownKind, ROWS, When};

/// What kind of token a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// In a few words, such as `GitHub Actions OIDC token`.
    pub title: Cow<'static, str>,
    /// Where such tokens are described: a specification with its section, or the page of a provider.
    pub source: &'static str,
}

impl Profile {
    /// Tells the kind of a token by its form, its header and its claims. The first row of the table that fits
    /// counts; if it is not one provider's kind, the provider's name is put in front.
    #[must_use]
    pub fn of(token: &Unverified<'_>) -> Profile {
        Profile::told_apart(token).unwrap_or_else(|| Profile {
            title: plain(token).into(),
            source: "RFC 7519",
        })
    }

    /// The same where it is more than a token of any kind.
    pub(crate) fn told_apart(token: &Unverified<'_>) -> Option<Profile> {
        let facts = Facts::of(token);
        let row = ROWS
            .iter()
            .find(|row| row.when.iter().all(|when| facts.hold(when)));
        let profile = match (row, facts.issuer) {
            (Some(row), Some(issuer)) if row.is_anyones => Profile {
                title: format!("{issuer} {}", row.title).into(),
                source: row.source,
            },
            (Some(row), _) => Profile {
                title: capitalized(row),
                source: row.source,
            },
            (None, Some(issuer)) if !matches!(token.form, TokenForm::Jwe) => Profile {
                title: format!("{issuer} token").into(),
                source: "RFC 7519 section 4.1.1",
            },
            (None, _) => return None,
        };
        Some(profile)
    }

    /// Whether a token brings its key in `jwk`, as its protocol demands.
    #[must_use]
    pub fn has_own_key(token: &Unverified<'_>) -> bool {
        let protocol = Facts::of(token).protocol;
        let may = protocol.is_some_and(|protocol| protocol.may_bring_its_key_in("jwk"));
        may && token
            .header
            .get("jwk")
            .is_some_and(|jwk| jwk.kind() == Kind::Object)
    }
}

fn capitalized(row: &KnownKind) -> Cow<'static, str> {
    match row.title.strip_prefix("access token") {
        Some(rest) => format!("Access token{rest}").into(),
        None => row.title.into(),
    }
}

/// What can be said of any token.
fn plain(token: &Unverified<'_>) -> &'static str {
    let alg = token.header.get("alg").and_then(Json::as_str);
    let is_unsecured = alg.is_some_and(|alg| alg.eq_ignore_ascii_case("none"));
    match (&token.form, &token.payload) {
        (TokenForm::Jwe, _) => "Encrypted token (JWE)",
        (TokenForm::SdJwt { .. }, _) => "SD-JWT",
        (TokenForm::Jws | TokenForm::Start, Payload::Claims(_)) if is_unsecured => {
            "JSON Web Token, unsigned"
        }
        (TokenForm::Jws | TokenForm::Start, Payload::Claims(_)) => "JSON Web Token",
        (TokenForm::Jws | TokenForm::Start, _) => "JSON Web Signature of other content",
    }
}

/// What the rows of the table ask about.
struct Facts<'a> {
    header: Json<'a>,
    claims: Option<Json<'a>>,
    protocol: Option<Protocol>,
    issuer: Option<&'static str>,
    is_sd_jwt: bool,
}

impl<'a> Facts<'a> {
    fn of(token: &'a Unverified<'_>) -> Self {
        let claims = token.claims();
        let iss = claims.and_then(|c| c.get("iss")).and_then(Json::as_str);
        let of_claims = match &token.payload {
            Payload::Claims(claims) => Some(claims),
            Payload::Other(..) | Payload::Sealed => None,
        };
        Facts {
            header: token.header.json(),
            claims,
            protocol: Protocol::of(&token.header, of_claims),
            issuer: iss.and_then(|iss| issuer::issuer(&iss)),
            is_sd_jwt: matches!(token.form, TokenForm::SdJwt { .. }),
        }
    }

    fn claim(&self, name: &str) -> Option<Json<'a>> {
        self.claims?.get(name)
    }

    fn hold(&self, when: &When) -> bool {
        let starts = |value: Option<Json<'_>>, with: &str| {
            let text = value.and_then(Json::as_str);
            text.is_some_and(|text| text.starts_with(with))
        };
        match when {
            When::Protocol(protocol) => self.protocol == Some(*protocol),
            When::Issuer(name) => self.issuer == Some(*name),
            When::SdJwt => self.is_sd_jwt,
            When::HeaderStarts(name, with) => starts(self.header.get(name), with),
            When::Has(name) => self.claim(name).is_some(),
            When::HasOneOf(names) => names.iter().any(|name| self.claim(name).is_some()),
            When::HasObject(name) => self.claim(name).is_some_and(|c| c.kind() == Kind::Object),
            When::Lacks(name) => self.claims.is_some() && self.claim(name).is_none(),
            When::Is(name, text) => self
                .claim(name)
                .is_some_and(|claim| claim.one_or_many().any(|one| one.is(text))),
            When::Starts(name, with) => starts(self.claim(name), with),
            When::Holds(name, part) => {
                let text = self.claim(name).and_then(Json::as_str);
                text.is_some_and(|text| text.contains(part))
            }
            When::Digits(name) => self.claim(name).is_some_and(|claim| {
                let digits = claim.as_str().unwrap_or_else(|| claim.text().into());
                !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
            }),
            When::Only(names) => {
                let claims = self.claims.into_iter().flat_map(Json::members);
                let mut count = 0_usize;
                let known = claims
                    .inspect(|_| count = count.saturating_add(1))
                    .all(|(name, _)| names.contains(&name.as_ref()));
                known && count == names.len()
            }
        }
    }
}

#[cfg(test)]
mod tests;
