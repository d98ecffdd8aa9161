//! What was looked at on the way to a verdict.

use crate::token::json::Object;
use crate::token::warning::Warning;

/// The checks, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckName {
    /// Segments, base64url, JSON, types of header parameters.
    Format,
    /// The algorithm is allowed.
    Algorithm,
    /// No critical extension.
    Crit,
    /// The signature matches.
    Signature,
    /// The payload is a claims set.
    Claims,
    /// Not expired.
    Exp,
    /// Valid already.
    Nbf,
    /// When it was issued.
    Iat,
    /// The issuer.
    Iss,
    /// The audience.
    Aud,
    /// The subject.
    Sub,
    /// The header's `typ`.
    Typ,
    /// The age.
    MaxAge,
    /// A claim that was asked for with a value.
    Claim,
    /// A claim that was asked for.
    Require,
}

impl CheckName {
    /// Every check, in order.
    pub const ALL: &'static [CheckName] = &[
        CheckName::Format,
        CheckName::Algorithm,
        CheckName::Crit,
        CheckName::Signature,
        CheckName::Claims,
        CheckName::Exp,
        CheckName::Nbf,
        CheckName::Iat,
        CheckName::Iss,
        CheckName::Aud,
        CheckName::Sub,
        CheckName::Typ,
        CheckName::MaxAge,
        CheckName::Claim,
        CheckName::Require,
    ];

    /// The name that scripts see; never renamed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            CheckName::Format => "format",
            CheckName::Algorithm => "algorithm",
            CheckName::Crit => "crit",
            CheckName::Signature => "signature",
            CheckName::Claims => "claims",
            CheckName::Exp => "exp",
            CheckName::Nbf => "nbf",
            CheckName::Iat => "iat",
            CheckName::Iss => "iss",
            CheckName::Aud => "aud",
            CheckName::Sub => "sub",
            CheckName::Typ => "typ",
            CheckName::MaxAge => "max_age",
            CheckName::Claim => "claim",
            CheckName::Require => "require",
        }
    }
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed, and a refusal says why.
    Fail,
    /// It was not asked for, or something before it failed.
    Skipped,
}

/// One line of a report.
#[derive(Clone, Debug)]
pub struct Check {
    /// Which check.
    pub name: CheckName,
    /// How it went.
    pub outcome: Outcome,
    /// What was seen, in words safe for a terminal.
    pub detail: Option<String>,
    /// Which of the refusals this is, where it failed.
    pub refusal: Option<usize>,
}

/// What was looked at on the way to a verdict.
#[derive(Debug, Default)]
pub struct Report {
    /// The header's `alg`.
    pub alg: Option<String>,
    /// The header's `kid`.
    pub kid: Option<String>,
    /// Where the key that was used came from.
    pub key: Option<String>,
    /// The header, where it could be read.
    pub header: Option<Object>,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// What is odd about the token.
    pub warnings: Vec<Warning>,
    /// What the caller may want to know about the choice of key.
    pub notes: Vec<String>,
}

impl Report {
    pub(crate) const NOTHING: Report = Report {
        alg: None,
        kid: None,
        key: None,
        header: None,
        checks: Vec::new(),
        warnings: Vec::new(),
        notes: Vec::new(),
    };

    /// Puts the checks in order, and those that were not made among them.
    pub(crate) fn complete(&mut self) {
        for name in CheckName::ALL {
            if self.checks.iter().all(|c| c.name != *name) {
                self.checks.push(Check {
                    name: *name,
                    outcome: Outcome::Skipped,
                    detail: None,
                    refusal: None,
                });
            }
        }
        self.checks.sort_by_key(|c| c.name);
    }
}
