//! Why a signature does not match. Users of every JWT library ask this most; here it is answered by trying.
//!
//! A signature is made with a key over a text, and written down. Each of the three may differ from what RFC
//! 7515 says, and most often one or two do. Only known mistakes of issuers are tried, and only as many as a
//! [`Budget`] allows.

mod rsa;
mod secret;
mod signature;
mod text;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::text::count::counted;
use crate::token::advice::{Diagnosis, Difference, KeyName, SecretReading};
use crate::token::algorithm::{Algorithm, Curve, Family};
use crate::token::compact::encode_segment;
use crate::token::engine::Verifier;
use crate::token::find;
use crate::token::json::Json;
use crate::token::key::Key;
use crate::token::keyset::{Candidate, VerifyingKeys};

/// A signature that no selected key matched.
pub(crate) struct Mismatch<'a> {
    /// What is signed (RFC 7515 section 5.1).
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a Vec<u8>,
    pub(crate) header: Json<'a>,
    pub(crate) kid: Option<&'a str>,
    pub(crate) algorithm: Algorithm,
    pub(crate) candidates: &'a [Candidate<'a>],
    pub(crate) keys: &'a VerifyingKeys,
}

/// What may still be tried. A try costs the bytes that it hashes, and with a public key [`PUBLIC`] bytes
/// more, so that neither a long token nor a large set of keys takes seconds.
struct Budget(usize);

/// The bytes of an RSA signature: as many as its key has, of 1,024 bits at least.
const RSA_SIZES: RangeInclusive<usize> = 128..=2048;

const EVERYTHING: usize = 16 << 20;

const TRY: usize = 1 << 10;

const PUBLIC: usize = 64 << 10;

impl Budget {
    fn spend(&mut self, cost: usize) -> bool {
        match self.0.checked_sub(cost) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }

    /// Whether a key matches, if the budget still allows a try.
    fn matches(&mut self, key: &Making, text: &[u8], signature: &[u8]) -> bool {
        let cost = if key.is_secret { TRY } else { PUBLIC };
        self.spend(text.len().saturating_add(cost)) && key.verifier.accepts(text, signature)
    }
}

/// A key with an algorithm, as a signature may have been made.
struct Making {
    verifier: Arc<Verifier>,
    is_secret: bool,
    /// How that differs from what was asked for.
    differs: Option<Difference>,
}

/// Another text or form of a signature, and how it differs.
type Variant<T> = (Vec<Difference>, T);

impl Mismatch<'_> {
    /// What would make the signature valid, if trying finds it, or what cannot be right.
    pub(crate) fn diagnosis(&self) -> Option<Diagnosis> {
        let mut budget = Budget(EVERYTHING);
        let makings: Vec<Making> = self
            .candidates
            .iter()
            .flat_map(|c| self.makings(c))
            .collect();
        let texts = text::variants(self.message, self.header, self.algorithm);
        let signatures = signature::variants(self.signature, self.algorithm, self.expected_len());
        let search = Search {
            makings: &makings,
            texts: &texts,
            signatures: &signatures,
        };
        search
            .with_differences(1, &mut budget)
            .or_else(|| self.other_key(&mut budget))
            .or_else(|| self.candidates.iter().find_map(|c| self.opened(c)))
            .or_else(|| search.with_differences(2, &mut budget))
            .or_else(|| self.wrong_len_diagnosis())
            .or_else(|| self.named_key())
            .or_else(|| self.header.get("nonce").map(|_| Diagnosis::HasNonce))
    }

    /// A key that made the signature, but that the token does not name.
    pub(crate) fn diagnosis_of_other_key(&self) -> Option<Diagnosis> {
        self.other_key(&mut Budget(EVERYTHING))
    }

    /// A key as it was asked for, a secret also read in other ways, and the other algorithms of its kind.
    fn makings(&self, candidate: &Candidate<'_>) -> Vec<Making> {
        let key = &*candidate.key;
        let making = |verifier, differs| Making {
            verifier,
            is_secret: key.is_secret(),
            differs,
        };
        let mut makings = vec![making(Arc::clone(&candidate.verifier), None)];
        for (reading, secret) in secret::other_readings(key) {
            if let Ok(verifier) = Key::secret(secret).verifier(self.algorithm, true) {
                let differs = Difference::Secret(reading);
                makings.push(making(Arc::new(verifier), Some(differs)));
            }
        }
        let others = Algorithm::ALL.iter().filter(|a| !a.same_as(self.algorithm));
        for other in others {
            if let Ok(verifier) = key.verifier(*other, true) {
                let differs = Difference::Algorithm {
                    made: *other,
                    says: self.algorithm,
                };
                makings.push(making(Arc::new(verifier), Some(differs)));
            }
        }
        makings
    }

    /// The `kid` may name the wrong key, or one that is not there.
    fn other_key(&self, budget: &mut Budget) -> Option<Diagnosis> {
        let is_candidate = |key: &Key| {
            self.candidates
                .iter()
                .any(|c| std::ptr::eq::<Key>(c.key.key(), key))
        };
        let mut others = self
            .keys
            .all()
            .filter(|(_, key)| key.allows(self.algorithm) && !is_candidate(key));
        let (source, key) = others.find(|(_, key)| {
            let cost = if key.is_secret() { TRY } else { PUBLIC };
            budget.spend(self.message.len().saturating_add(cost))
                && key
                    .verifier(self.algorithm, true)
                    .is_ok_and(|verifier| verifier.accepts(self.message, self.signature))
        })?;
        Some(Diagnosis::OtherKey {
            source: source.label.clone(),
            name: match &key.kid {
                Some(kid) => Some(KeyName::Kid(kid.clone())),
                None => (!key.is_secret()).then(|| KeyName::Thumbprint(key.thumbprint())),
            },
            is_only: source.keys.len() == 1,
        })
    }

    /// The content of an RSA signature can be looked at, whatever was signed.
    fn opened(&self, candidate: &Candidate<'_>) -> Option<Diagnosis> {
        rsa::open(&candidate.key, self.signature)?.explain(self.algorithm, self.message)
    }

    /// How long a signature has to be, where all keys agree.
    fn expected_len(&self) -> Option<usize> {
        let mut lens = self
            .candidates
            .iter()
            .map(|c| c.key.signature_len(self.algorithm));
        let first = lens.next()?;
        lens.all(|len| len == first).then_some(first)
    }

    /// What is wrong with the length of the signature, if anything is.
    pub(crate) fn wrong_len(&self) -> Option<String> {
        let (expected, has) = (self.expected_len()?, self.signature.len());
        if has == expected {
            return None;
        }
        Some(format!(
            "the signature has {}, and one of {} has {expected}",
            counted(has, "byte"),
            self.algorithm.name()
        ))
    }

    fn wrong_len_diagnosis(&self) -> Option<Diagnosis> {
        let (expected, has) = (self.expected_len()?, self.signature.len());
        if has != expected && encode_segment(self.signature).as_bytes() == find::REDACTED {
            return Some(Diagnosis::TakenOut);
        }
        if let Some(other) = self.other_size(has).filter(|_| has != expected) {
            return Some(other);
        }
        let as_long = |a: &&Algorithm| self.algorithm.hash_len().and(a.hash_len()) == Some(has);
        match (has.cmp(&expected), Algorithm::ALL.iter().find(as_long)) {
            (Ordering::Equal, _) => None,
            (_, Some(other)) => Some(Diagnosis::LengthOf(*other)),
            (Ordering::Less, None) => Some(Diagnosis::TooShort),
            (Ordering::Greater, None) => Some(Diagnosis::TooLong),
        }
    }

    /// A signature is as long as its key: with another length it was made by another key.
    fn other_size(&self, has: usize) -> Option<Diagnosis> {
        let key = &self.candidates.first()?.key;
        match self.algorithm.family() {
            Family::RsaPkcs1 | Family::RsaPss => {
                let is_size = RSA_SIZES.contains(&has) && has.is_multiple_of(64);
                is_size.then(|| Diagnosis::OtherModulus {
                    bits: has.saturating_mul(8),
                    key: key.kind_words(),
                })
            }
            Family::Ecdsa(curve) => {
                let made = Curve::ALL
                    .iter()
                    .find(|other| other.coordinate_len().saturating_mul(2) == has);
                made.map(|made| Diagnosis::OtherCurve {
                    made: *made,
                    key: curve,
                })
            }
            _ => None,
        }
    }

    /// A single key is used whatever its `kid`; its owner may sign with a newer one.
    fn named_key(&self) -> Option<Diagnosis> {
        let kid = self.kid?;
        let mut alone = self.candidates.iter().filter(|c| !c.source.is_set);
        let (candidate, None) = (alone.next()?, alone.next()) else {
            return None;
        };
        let own = match &candidate.key.kid {
            Some(own) if own != kid => KeyName::Kid(own.clone()),
            None if is_thumbprint(kid) && !candidate.key.is_secret() => {
                match candidate.key.thumbprint() {
                    own if own == kid => return None,
                    own => KeyName::Thumbprint(own),
                }
            }
            _ => return None,
        };
        Some(Diagnosis::OtherName {
            kid: kid.to_owned(),
            source: candidate.source.label.clone(),
            own,
        })
    }
}

/// Whether a `kid` may be an RFC 7638 thumbprint: SHA-256 in base64url.
fn is_thumbprint(kid: &str) -> bool {
    kid.len() == 43
        && kid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// All combinations of how a signature may have been made.
struct Search<'a> {
    makings: &'a [Making],
    texts: &'a [Variant<Cow<'a, [u8]>>],
    signatures: &'a [Variant<Vec<u8>>],
}

impl Search<'_> {
    /// Tries the combinations that differ in `count` points from what was asked for.
    fn with_differences(&self, count: usize, budget: &mut Budget) -> Option<Diagnosis> {
        for making in self.makings {
            for (signature_differs, signature) in self.signatures {
                for (text_differs, text) in self.texts {
                    let differences = [making.differs.as_slice(), signature_differs, text_differs];
                    if differences.iter().filter(|d| !d.is_empty()).count() == count
                        && budget.matches(making, text, signature)
                    {
                        return Some(Diagnosis::Matches(differences.concat()));
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
