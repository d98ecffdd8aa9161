//! Why a token is refused: one value feeds the sentence, the JSON and the exit status.

use crate::token::advice::Advice;
use crate::token::coded::coded;
use crate::token::compact::Malformed;
use crate::token::key_fault::{KeyFault, KeyReason};

coded! {
    /// The kind of a refusal. Its [`code`](Reason::code) is part of the contract with scripts.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Reason {
        Malformed = "malformed", "RFC 7519 section 7.2",
            "it is not a token, or a part of it has the wrong form or type";
        AlgRefused = "alg_refused", "RFC 8725 section 3.1",
            "its algorithm is not one that the key or the caller allows";
        CritUnknown = "crit_unknown", "RFC 7515 section 4.1.11",
            "its header demands an extension that is not understood";
        KeyNotFound = "key_not_found", "RFC 7515 section 5.2",
            "no key that was given fits the token";
        KeyMissing = "key_missing", "RFC 7515 section 5.2",
            "there is no key";
        KeyRejected = "key_rejected", "RFC 7515 section 5.2",
            "the key cannot be read, or is for another use";
        KeyWeak = "key_weak", "RFC 7518 sections 3.2, 3.3 and 3.5",
            "the key is too weak for the algorithm";
        BadChain = "bad_chain", "RFC 5280 section 6",
            "the certificates in its header do not lead to a root that was named";
        WrongLeaf = "wrong_leaf", "RFC 5280 section 4.2.1",
            "the certificate of its signer is not for this";
        BadSignature = "bad_signature", "RFC 7515 section 5.2",
            "the signature does not match the key";
        DecryptionFailed = "decryption_failed", "RFC 7516 section 5.2",
            "it is encrypted, and does not open with the key";
        BadDisclosure = "bad_disclosure", "RFC 9901 section 7.1",
            "a disclosure does not belong to the token";
        KeyBinding = "key_binding", "RFC 9901 section 7.3",
            "the proof of the holder's key is missing or not valid";
        Expired = "expired", "RFC 7519 section 4.1.4",
            "`exp` has passed";
        NotYetValid = "not_yet_valid", "RFC 7519 section 4.1.5",
            "`nbf` lies ahead";
        IssuedInFuture = "issued_in_future", "RFC 7519 section 4.1.6",
            "`iat` is in the future, and the age of the token was asked for";
        TooOld = "too_old", "RFC 7519 section 4.1.6",
            "it was issued longer ago than was asked for";
        WrongIss = "wrong_iss", "RFC 8725 section 3.8",
            "it is of another issuer";
        WrongAud = "wrong_aud", "RFC 8725 section 3.9",
            "it is for another audience";
        WrongSub = "wrong_sub", "RFC 8725 section 3.8",
            "it is about another subject";
        WrongTyp = "wrong_typ", "RFC 8725 section 3.11",
            "its header has another `typ`";
        WrongClaim = "wrong_claim", "RFC 7519 section 4",
            "another claim does not have the value that was asked for";
        MissingClaim = "missing_claim", "RFC 7519 section 4",
            "a claim that was asked for is not there";
        System = "system", "RFC 7515 section 5.2",
            "the place of the key did not answer";
    }
}

impl Reason {
    /// What to do where nothing better is known.
    pub(crate) fn advice(self) -> Option<Advice> {
        match self {
            Reason::Malformed => Some(Advice::GetWellFormed),
            Reason::CritUnknown => Some(Advice::UnderstandExtensions),
            _ => None,
        }
    }
}

/// One failed check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

    pub(crate) fn hint(mut self, hint: Advice) -> Self {
        self.hint = Some(hint);
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
