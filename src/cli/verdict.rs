//! How `verify` judges, and what it may find.

use crate::text::time::Timestamp;
use crate::token::json::Object;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::Policy;
use crate::token::report::Report;
use crate::token::verify::{Judge, Refused, Signed, Verified};

/// What was found of a token.
pub(super) type Verdict = Result<Accepted, Refused>;

/// What was found good of a token.
pub(super) enum Accepted {
    /// Its signature and its claims.
    Token(Verified),
    /// Its signature, which is all that was asked for.
    Signature(Signed),
}

impl Accepted {
    /// The claims, where they were judged.
    pub(super) fn claims(&self) -> Option<&Object> {
        match self {
            Accepted::Token(verified) => Some(verified.claims()),
            Accepted::Signature(_) => None,
        }
    }

    pub(super) fn report(&self) -> &Report {
        match self {
            Accepted::Token(verified) => verified.report(),
            Accepted::Signature(signed) => signed.report(),
        }
    }
}

/// What was looked at on the way to a verdict.
pub(super) fn report_of(verdict: &Verdict) -> &Report {
    match verdict {
        Ok(accepted) => accepted.report(),
        Err(refused) => &refused.report,
    }
}

/// How tokens are judged.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// Whether their claims do not count.
    pub(super) signature_only: bool,
    /// Whether only the reasons are wanted: see [`Judge::brief`].
    pub(super) brief: bool,
    /// Whether somebody waits for each: see [`Judge::diagnosing`].
    pub(super) diagnosing: bool,
}

impl Manner {
    pub(super) fn judge<'a>(
        self,
        keys: &'a VerifyingKeys,
        policy: &'a Policy,
        now: Timestamp,
    ) -> Judge<'a> {
        let judge = Judge::new(keys, policy, now);
        let judge = if self.brief { judge.brief() } else { judge };
        if self.diagnosing {
            judge.diagnosing()
        } else {
            judge
        }
    }

    pub(super) fn verdict(self, judge: &mut Judge<'_>, token: &str) -> Verdict {
        match self.signature_only {
            true => judge.judge_signature(token).map(Accepted::Signature),
            false => judge.judge(token).map(Accepted::Token),
        }
    }

    /// The same of a text that is like the token before: see [`Judge::judge_alike`].
    pub(super) fn verdict_alike(self, judge: &mut Judge<'_>, text: &[u8]) -> Option<Verdict> {
        Some(match self.signature_only {
            true => judge.judge_signature_alike(text)?.map(Accepted::Signature),
            false => judge.judge_alike(text)?.map(Accepted::Token),
        })
    }
}
