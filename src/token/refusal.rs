//! Why a token is refused: one value feeds the sentence, the JSON and the exit status.

use crate::token::advice::Advice;
use crate::token::compact::Malformed;
use crate::token::key_fault::{KeyFault, KeyReason};

/// The kind of a refusal. Its [`code`](Reason::code) is part of the contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Not a token, or a part of it has the wrong form or type.
    Malformed,
    /// The algorithm is not one that the key or the caller allows (RFC 8725 section 3.1).
    AlgRefused,
    /// A critical extension that is not understood (RFC 7515 section 4.1.11).
    CritUnknown,
    /// The key set has no key for the token.
    KeyNotFound,
    /// There is no key to check with.
    KeyMissing,
    /// The key is unfit.
    KeyRejected,
    /// The key is too weak (RFC 7518 sections 3.2, 3.3 and 3.5).
    KeyWeak,
    /// The signature does not match.
    BadSignature,
    /// `exp` has passed (RFC 7519 section 4.1.4).
    Expired,
    /// `nbf` lies ahead (RFC 7519 section 4.1.5).
    NotYetValid,
    /// `iat` lies ahead, and the age of the token was asked for.
    IssuedInFuture,
    /// The token is older than was asked for.
    TooOld,
    /// Another issuer.
    WrongIss,
    /// Another audience.
    WrongAud,
    /// Another subject.
    WrongSub,
    /// Another `typ`.
    WrongTyp,
    /// Another value of a claim.
    WrongClaim,
    /// A claim is not there.
    MissingClaim,
    /// The system did not answer.
    System,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Reason] = &[
        Reason::Malformed,
        Reason::AlgRefused,
        Reason::CritUnknown,
        Reason::KeyNotFound,
        Reason::KeyMissing,
        Reason::KeyRejected,
        Reason::KeyWeak,
        Reason::BadSignature,
        Reason::Expired,
        Reason::NotYetValid,
        Reason::IssuedInFuture,
        Reason::TooOld,
        Reason::WrongIss,
        Reason::WrongAud,
        Reason::WrongSub,
        Reason::WrongTyp,
        Reason::WrongClaim,
        Reason::MissingClaim,
        Reason::System,
    ];

    /// What to do where nothing better is known.
    pub(crate) fn advice(self) -> Option<Advice> {
        match self {
            Reason::Malformed => Some(Advice::GetWellFormed),
            Reason::CritUnknown => Some(Advice::UnderstandExtensions),
            _ => None,
        }
    }

    /// The name that scripts see; never renamed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Reason::Malformed => "malformed",
            Reason::AlgRefused => "alg_refused",
            Reason::CritUnknown => "crit_unknown",
            Reason::KeyNotFound => "key_not_found",
            Reason::KeyMissing => "key_missing",
            Reason::KeyRejected => "key_rejected",
            Reason::KeyWeak => "key_weak",
            Reason::BadSignature => "bad_signature",
            Reason::Expired => "expired",
            Reason::NotYetValid => "not_yet_valid",
            Reason::IssuedInFuture => "issued_in_future",
            Reason::TooOld => "too_old",
            Reason::WrongIss => "wrong_iss",
            Reason::WrongAud => "wrong_aud",
            Reason::WrongSub => "wrong_sub",
            Reason::WrongTyp => "wrong_typ",
            Reason::WrongClaim => "wrong_claim",
            Reason::MissingClaim => "missing_claim",
            Reason::System => "system",
        }
    }
}

/// One failed check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind.
    pub reason: Reason,
    /// The claim at fault.
    pub claim: Option<String>,
    /// What would have passed, as JSON text.
    pub expected: Option<String>,
    /// What was there instead, as JSON text.
    pub found: Option<String>,
    /// A sentence safe for a terminal.
    pub message: String,
    /// What to do about it.
    pub hint: Option<Advice>,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Refusal {
            reason,
            claim: None,
            expected: None,
            found: None,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn claim(mut self, name: impl Into<String>) -> Self {
        self.claim = Some(name.into());
        self
    }

    pub(crate) fn expected(mut self, json: impl Into<String>) -> Self {
        self.expected = Some(json.into());
        self
    }

    pub(crate) fn found(mut self, json: impl Into<String>) -> Self {
        self.found = Some(json.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<Advice>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Refusal {
            hint: malformed.hint,
            ..Refusal::new(Reason::Malformed, malformed.message)
        }
    }
}

impl From<KeyFault> for Refusal {
    fn from(fault: KeyFault) -> Self {
        let reason = match fault.reason {
            KeyReason::Missing => Reason::KeyMissing,
            KeyReason::Rejected | KeyReason::Encrypted => Reason::KeyRejected,
            KeyReason::Weak => Reason::KeyWeak,
            KeyReason::System => Reason::System,
        };
        Refusal {
            hint: Some(fault.advice()),
            ..Refusal::new(reason, fault.message)
        }
    }
}
