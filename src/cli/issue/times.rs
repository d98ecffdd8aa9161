//! The times of a new token: those that were asked for, or else the defaults.

use crate::cli::issue::asked::{Asked, When};
use crate::text::time::{Span, Timestamp};
use crate::token::claims::Members;
use crate::token::json::JsonText;

/// How long a token lives unless told otherwise.
const LIFETIME: Span = Span::from_seconds(30 * 60);

/// The claims `iat`, `nbf` and `exp` of tokens that are issued at one time.
pub(in crate::cli) struct Times([(&'static str, Time); 3]);

/// What to do with such a claim.
enum Time {
    /// Set to this, whatever is given.
    Asked(JsonText<'static>),
    /// Set to this, unless one is given.
    Usual(JsonText<'static>),
    /// Kept as it is given.
    Given,
    /// Left out.
    Never,
}

impl Time {
    fn of(asked: Option<When>, usual: Option<Timestamp>, now: Timestamp) -> Self {
        match (asked, usual) {
            (Some(When::At(t)), _) => Time::Asked(t.at(now).seconds().into()),
            (Some(When::Never), _) => Time::Never,
            (None, Some(t)) => Time::Usual(t.seconds().into()),
            (None, None) => Time::Given,
        }
    }
}

impl Times {
    /// `iat` is now and `exp` half an hour later, unless said otherwise; a token that has expired
    /// was issued before it did.
    pub(super) fn of(asked: &Asked, now: Timestamp) -> Self {
        let iat = match asked.exp {
            Some(When::At(exp)) if exp.at(now) < now => exp.at(now).saturating_sub(LIFETIME),
            _ => now,
        };
        let exp = now.saturating_add(LIFETIME);
        Times([
            ("iat", Time::of(asked.iat, Some(iat), now)),
            ("nbf", Time::of(asked.nbf.map(When::At), None, now)),
            ("exp", Time::of(asked.exp, Some(exp), now)),
        ])
    }

    pub(super) fn set<'t>(&'t self, claims: &mut Members<'t>) {
        for (name, time) in &self.0 {
            match time {
                Time::Asked(number) => claims.set(*name, number.json()),
                Time::Usual(number) => claims.set_missing(name, number.json()),
                Time::Given => {}
                Time::Never => claims.remove(name),
            }
        }
    }
}
