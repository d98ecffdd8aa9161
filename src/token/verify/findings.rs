//! The findings about one token: the checks that pass, and the refusals.

use std::sync::Arc;

use crate::text::time::{Span, Timestamp};
use crate::token::claims_in_header;
use crate::token::json::Object;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::Policy;
use crate::token::refusal::Refusal;
use crate::token::report::{Check, CheckName, Outcome, Report};
use crate::token::verify::verdict::Refused;
use crate::token::warning::Warning;

/// What has been found about one token so far.
#[derive(Clone)]
pub(in crate::token) struct Findings<'a> {
    pub(in crate::token) keys: &'a VerifyingKeys,
    pub(in crate::token) policy: &'a Policy,
    pub(in crate::token) now: Timestamp,
    /// How old the token may be; taken where the age of the holder's proof counts in its place.
    pub(in crate::token) max_age: Option<Span>,
    pub(super) without_report: bool,
    pub(super) diagnosing: bool,
    /// The headers of the encrypted tokens that it was in, where there is a report.
    pub(super) envelopes: Vec<Arc<Object>>,
    /// Which signature is looked at, from 1, and of how many, where a token may have several.
    pub(super) signature: Option<(usize, usize)>,
    pub(in crate::token) report: Report,
    pub(in crate::token) refusals: Vec<Refusal>,
}

/// There is a refusal: [`Findings`] gives this to callers that made one, or asked whether there is
/// one.
#[derive(Clone, Copy, Debug)]
pub(in crate::token) struct Stopped(pub(super) ());

impl<'a> Findings<'a> {
    pub(super) fn new(keys: &'a VerifyingKeys, policy: &'a Policy, now: Timestamp) -> Self {
        Findings {
            keys,
            policy,
            now,
            max_age: policy.max_age,
            without_report: false,
            diagnosing: false,
            envelopes: Vec::new(),
            signature: None,
            report: Report::default(),
            refusals: Vec::new(),
        }
    }

    /// Notes what is known before the token is looked at.
    pub(super) fn begin(&mut self) {
        if let Some(fault) = self.keys.fault() {
            self.refuse(CheckName::Signature, fault.clone());
        }
        if !self.without_report {
            self.report.key = self.keys.only_label().map(str::to_owned);
        }
    }

    /// Whether nothing has been refused yet.
    pub(in crate::token) fn so_far(&self) -> Result<(), Stopped> {
        match self.refusals.is_empty() {
            true => Ok(()),
            false => Err(Stopped(())),
        }
    }

    /// The report with the verified content, or every refusal.
    pub(super) fn close<T>(
        mut self,
        good: Result<T, Stopped>,
    ) -> Result<(Option<Box<Report>>, T), Refused> {
        if !self.without_report {
            self.report.complete();
        }
        match good {
            Ok(good) => Ok(((!self.without_report).then(|| Box::new(self.report)), good)),
            Err(Stopped(())) => Err(Refused {
                report: Box::new(self.report),
                refusals: self.refusals,
            }),
        }
    }

    /// Adds warnings, unless only the reasons for a verdict are wanted.
    pub(in crate::token) fn warn<W: IntoIterator<Item = Warning>>(
        &mut self,
        warnings: impl FnOnce() -> W,
    ) {
        if !self.without_report {
            self.report.warnings.extend(warnings());
        }
    }

    /// Warns of what the headers of encrypted tokens say otherwise than the claims inside.
    pub(in crate::token) fn replicated(&mut self, claims: &Object) {
        let envelopes = std::mem::take(&mut self.envelopes);
        let all = envelopes.iter();
        self.warn(|| all.flat_map(|header| claims_in_header::parties(header, claims)));
    }

    pub(in crate::token) fn pass(&mut self, name: CheckName, detail: impl FnOnce() -> String) {
        self.check(name, Outcome::Pass, detail, None);
    }

    pub(in crate::token) fn skip(&mut self, name: CheckName, detail: impl FnOnce() -> String) {
        self.check(name, Outcome::Skipped, detail, None);
    }

    pub(in crate::token) fn refuse(&mut self, name: CheckName, mut refusal: Refusal) {
        refusal.hint = refusal.hint.or_else(|| refusal.reason.advice());
        let number = self.refusals.len();
        self.check(
            name,
            Outcome::Fail,
            || refusal.message.clone(),
            Some(number),
        );
        self.refusals.push(refusal);
    }

    /// As [`Findings::refuse`], where no further check is possible.
    pub(in crate::token) fn stop(&mut self, name: CheckName, refusal: Refusal) -> Stopped {
        self.refuse(name, refusal);
        Stopped(())
    }

    fn check(
        &mut self,
        name: CheckName,
        outcome: Outcome,
        detail: impl FnOnce() -> String,
        refusal: Option<usize>,
    ) {
        if !self.without_report {
            self.report.checks.push(Check {
                name,
                outcome,
                detail: Some(detail()),
                refusal,
            });
        }
    }
}
