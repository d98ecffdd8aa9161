//! The verdict about a token: it is valid, its signature is valid, or it is refused.

use std::fmt;

use crate::token::json::Object;
use crate::token::refusal::Refusal;
use crate::token::report::Report;

/// A token whose signature and claims are valid. Only a [`TokenVerifier`] makes one.
///
/// [`TokenVerifier`]: super::TokenVerifier
#[derive(Debug)]
pub struct Verified {
    pub(super) report: Option<Box<Report>>,
    pub(super) claims: Object,
}

impl Verified {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Object {
        &self.claims
    }

    /// What was checked; nothing, from a verifier [`without_report`].
    ///
    /// [`without_report`]: super::TokenVerifier::without_report
    #[must_use]
    pub fn report(&self) -> &Report {
        told(self.report.as_deref())
    }
}

/// A token whose header and signature are valid, and of which nothing else was checked: it may have
/// expired, or be for somebody else. Only a [`TokenVerifier`] makes one.
///
/// [`TokenVerifier`]: super::TokenVerifier
#[derive(Debug)]
pub struct Signed {
    pub(super) report: Option<Box<Report>>,
    pub(super) payload: Vec<u8>,
}

impl Signed {
    /// The bytes that the key's owner signed, whatever they are (RFC 7515 section 5.2).
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What was checked; nothing, from a verifier [`without_report`].
    ///
    /// [`without_report`]: super::TokenVerifier::without_report
    #[must_use]
    pub fn report(&self) -> &Report {
        told(self.report.as_deref())
    }
}

fn told(report: Option<&Report>) -> &Report {
    static NOTHING: Report = Report::NOTHING;
    report.unwrap_or(&NOTHING)
}

/// A token that was refused, with every reason.
#[derive(Debug)]
#[non_exhaustive]
pub struct Refused {
    /// What was checked.
    pub report: Box<Report>,
    /// The reasons, in the order in which they were found; never empty.
    pub refusals: Vec<Refusal>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.refusals.iter().enumerate() {
            let gap = if index == 0 { "" } else { "; " };
            write!(f, "{gap}{}", refusal.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}
