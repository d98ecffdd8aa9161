//! What was found, line by line.

use std::borrow::Cow;

use crate::token::advice::Advice;
use crate::token::key_fault::KeyFault;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Worth knowing, and nothing is wrong.
    Note,
    /// It works for some clients, or for some time.
    Warn,
    /// Clients that keep to the specification cannot work with it.
    Fail,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Note => "note",
            Outcome::Warn => "warn",
            Outcome::Fail => "fail",
        }
    }
}

/// What to do about it.
#[derive(Clone, Debug)]
pub enum Remedy {
    /// In words that name no flag.
    Words(Cow<'static, str>),
    /// As the fault of a fetch has it.
    Advice(Advice),
}

/// One line of a diagnosis.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// How that went.
    pub outcome: Outcome,
    /// What was seen, in a clause.
    pub detail: String,
    /// Where it is specified.
    pub section: &'static str,
    /// What to do about it.
    pub remedy: Option<Remedy>,
}

impl Finding {
    fn new(name: &'static str, outcome: Outcome, section: &'static str, detail: String) -> Self {
        Finding {
            name,
            outcome,
            detail,
            section,
            remedy: None,
        }
    }

    pub(super) fn pass(
        name: &'static str,
        section: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Finding::new(name, Outcome::Pass, section, detail.into())
    }

    pub(super) fn note(
        name: &'static str,
        section: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Finding::new(name, Outcome::Note, section, detail.into())
    }

    pub(super) fn warn(
        name: &'static str,
        section: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Finding::new(name, Outcome::Warn, section, detail.into())
    }

    pub(super) fn fail(
        name: &'static str,
        section: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Finding::new(name, Outcome::Fail, section, detail.into())
    }

    /// A fetch that failed.
    pub(super) fn fault(name: &'static str, section: &'static str, fault: KeyFault) -> Self {
        Finding {
            remedy: fault.hint.map(Remedy::Advice),
            ..Finding::fail(name, section, fault.message)
        }
    }

    /// With what to do about it.
    pub(super) fn remedy(self, words: impl Into<Cow<'static, str>>) -> Self {
        Finding {
            remedy: Some(Remedy::Words(words.into())),
            ..self
        }
    }
}

/// One document, or one address, and what was found of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is.
    pub title: &'static str,
    /// Where it is, safe to print.
    pub place: String,
    /// Line by line.
    pub findings: Vec<Finding>,
}

impl Part {
    pub(super) fn new(title: &'static str, place: impl Into<String>) -> Self {
        Part {
            title,
            place: place.into(),
            findings: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}
