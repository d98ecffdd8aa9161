//! What was checked before the verdict.

use crate::token::coded::coded;
use crate::token::json::Object;
use crate::token::warning::Warning;

coded! {
    /// The checks, in the order of a report.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum CheckName {
        Format = "format", "RFC 7515 section 5.2",
            "its segments, their base64url and JSON, and the types in the header";
        Decryption = "decryption", "RFC 7516 section 5.2", "an encrypted token opens with the key";
        Algorithm = "algorithm", "RFC 8725 section 3.1", "the algorithm is allowed";
        Crit = "crit", "RFC 7515 section 4.1.11", "no critical extension is unknown";
        Chain = "chain", "RFC 5280 section 6", "the certificates in the header lead to a root";
        Leaf = "leaf", "RFC 5280 section 4.2.1", "the certificate of the signer is for this";
        Signature = "signature", "RFC 7515 section 5.2", "the signature matches a key";
        Disclosures = "disclosures", "RFC 9901 section 7.1", "each disclosure belongs to a digest";
        KeyBinding = "key_binding", "RFC 9901 section 7.3", "the proof of the holder's key";
        Claims = "claims", "RFC 7519 section 4", "the payload is a claims set";
        Exp = "exp", "RFC 7519 section 4.1.4", "it has not expired";
        Nbf = "nbf", "RFC 7519 section 4.1.5", "it is valid already";
        Iat = "iat", "RFC 7519 section 4.1.6", "when it was issued";
        Iss = "iss", "RFC 7519 section 4.1.1", "who issued it";
        Aud = "aud", "RFC 7519 section 4.1.3", "for whom it is";
        Sub = "sub", "RFC 7519 section 4.1.2", "whom it is about";
        Typ = "typ", "RFC 8725 section 3.11", "the type in the header";
        MaxAge = "max_age", "RFC 7519 section 4.1.6", "how old it is";
        Claim = "claim", "RFC 7519 section 4", "a claim that was asked for with a value";
        Require = "require", "RFC 7519 section 4", "a claim that was asked for";
    }
}

impl CheckName {
    /// Whether it is a check of every token; the others are of some forms only.
    fn is_usual(self) -> bool {
        !matches!(
            self,
            CheckName::Decryption
                | CheckName::Chain
                | CheckName::Leaf
                | CheckName::Disclosures
                | CheckName::KeyBinding
        )
    }
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed, and a refusal says why.
    Fail,
    /// It was not asked for, or an earlier check failed.
    Skipped,
}

/// One line of a report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Check {
    /// Which check.
    pub name: CheckName,
    /// How it went.
    pub outcome: Outcome,
    /// What was seen, in words safe for a terminal.
    pub detail: Option<String>,
    /// The index of its refusal, where it failed.
    pub refusal: Option<usize>,
}

/// What was checked before the verdict.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
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
    /// Notes for the caller about the choice of key.
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

    /// Puts the checks in order, and adds those that were not made.
    pub(crate) fn complete(&mut self) {
        for name in CheckName::ALL {
            if name.is_usual() && self.checks.iter().all(|c| c.name != *name) {
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
