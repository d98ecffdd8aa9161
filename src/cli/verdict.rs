//! How `verify` checks tokens, and what it may find.

use crate::text::time::Timestamp;
use crate::token::json::Object;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::Policy;
use crate::token::report::Report;
use crate::token::verify::{Refused, Signed, TokenVerifier, Verified};

/// The result for a token.
pub(super) type Verdict = Result<Accepted, Refused>;

/// What was checked of a token, and is valid.
pub(super) enum Accepted {
    /// Its signature and its claims.
    Token(Verified),
    /// Its signature, which is all that was asked for.
    Signature(Signed),
}

impl Accepted {
    /// The claims, where they were checked.
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

/// How tokens are verified.
#[derive(Clone, Copy)]
pub(super) struct VerifyMode {
    /// Whether their claims do not count.
    pub(super) signature_only: bool,
    /// Whether only the reasons are wanted: see [`TokenVerifier::without_report`].
    pub(super) without_report: bool,
    /// Whether somebody waits for each: see [`TokenVerifier::diagnosing`].
    pub(super) diagnosing: bool,
}

impl VerifyMode {
    pub(super) fn verifier<'a>(
        self,
        keys: &'a VerifyingKeys,
        policy: &'a Policy,
        now: Timestamp,
    ) -> TokenVerifier<'a> {
        let verifier = TokenVerifier::new(keys, policy, now);
        let verifier = if self.without_report {
            verifier.without_report()
        } else {
            verifier
        };
        if self.diagnosing {
            verifier.diagnosing()
        } else {
            verifier
        }
    }

    pub(super) fn verify(self, verifier: &mut TokenVerifier<'_>, token: &str) -> Verdict {
        match self.signature_only {
            true => verifier.verify_signature(token).map(Accepted::Signature),
            false => verifier.verify(token).map(Accepted::Token),
        }
    }

    /// The same of a text that is like the token before: see [`TokenVerifier::verify_like_last`].
    pub(super) fn verify_like_last(
        self,
        verifier: &mut TokenVerifier<'_>,
        text: &[u8],
    ) -> Option<Verdict> {
        Some(match self.signature_only {
            true => verifier
                .verify_signature_like_last(text)?
                .map(Accepted::Signature),
            false => verifier.verify_like_last(text)?.map(Accepted::Token),
        })
    }
}
