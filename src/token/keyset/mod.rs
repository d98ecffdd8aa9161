//! The keys that a verifier holds, and which of them may check a token.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::chain::Roots;
use crate::token::engine::Verifier;
use crate::token::json;
use crate::token::jwe::DecryptionKeys;
use crate::token::key::Key;
use crate::token::keys::Keys;
use crate::token::refusal::{Reason, Refusal};

/// How many keys of one set are tried for a token.
const MAX_TRIED: usize = 8;

/// Keys from one place.
#[derive(Debug)]
#[non_exhaustive]
pub struct KeySource {
    /// The place, in words safe for a terminal.
    pub label: String,
    /// The keys that were found there.
    pub keys: Vec<Key>,
    /// Whether they came as a JWK Set, where `kid` picks (RFC 7517 section 5).
    pub is_set: bool,
    /// Whether they came over the network, from an issuer that signs for others too.
    pub remote: bool,
    /// Whose keys they are, where that is known: where no `iss` was asked for, they may sign only
    /// for this issuer.
    pub issuer: Option<String>,
}

impl KeySource {
    /// Keys from a place of one's own; `label` names it in reports, in words safe for a terminal.
    #[must_use]
    pub fn new(label: impl Into<String>, keys: Keys) -> Self {
        KeySource {
            label: label.into(),
            keys: keys.keys,
            is_set: keys.is_set,
            remote: false,
            issuer: None,
        }
    }
}

/// All keys that a token may be checked with. A copy is cheap.
#[derive(Clone, Debug, Default)]
pub struct VerifyingKeys {
    sources: Vec<Arc<Indexed>>,
    roots: Arc<Vec<Roots>>,
    decryption: Option<Arc<DecryptionKeys>>,
    fault: Option<Refusal>,
    allow_weak: bool,
}

/// Keys from one place, and where in it those of a `kid` stand.
#[derive(Debug)]
struct Indexed {
    source: KeySource,
    by_kid: OnceLock<HashMap<String, Vec<usize>>>,
}

impl Indexed {
    fn new(source: KeySource) -> Arc<Self> {
        Arc::new(Indexed {
            source,
            by_kid: OnceLock::new(),
        })
    }

    /// The places of the keys with a `kid`.
    fn of_kid(&self, kid: &str) -> &[usize] {
        let by_kid = self.by_kid.get_or_init(|| {
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (place, key) in self.source.keys.iter().enumerate() {
                places.entry(key.name()).or_default().push(place);
            }
            places
        });
        by_kid.get(kid).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Keys that were made ready, once for each algorithm. A copy is cheap.
#[derive(Clone, Default)]
pub(crate) struct Prepared(Arc<BTreeMap<(usize, usize, Algorithm), Arc<Verifier>>>);

/// A key that may check a token.
pub(crate) struct Candidate<'a> {
    pub(crate) source: &'a KeySource,
    pub(crate) key: CandidateKey<'a>,
    pub(crate) verifier: Arc<Verifier>,
}

/// A key that the verifier has, or that a token brings in a certificate which leads to its roots.
#[derive(Clone)]
pub(crate) enum CandidateKey<'a> {
    Held(&'a Key),
    Certified(Arc<Key>),
}

impl CandidateKey<'_> {
    /// The key itself.
    pub(crate) fn key(&self) -> &Key {
        match self {
            CandidateKey::Held(key) => key,
            CandidateKey::Certified(key) => key,
        }
    }
}

impl Deref for CandidateKey<'_> {
    type Target = Key;

    fn deref(&self) -> &Key {
        self.key()
    }
}

/// The key that a signature is valid under, and where it came from.
#[derive(Clone)]
pub(crate) struct Signer<'a> {
    pub(crate) source: &'a KeySource,
    pub(crate) key: CandidateKey<'a>,
}

/// The keys to try, and whether there were too many.
pub(crate) struct Selected<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) candidates: Vec<Candidate<'a>>,
    pub(crate) note: Option<String>,
}

impl VerifyingKeys {
    /// Takes the keys of every source; `allow_weak` accepts secrets shorter than their hash.
    #[must_use]
    pub fn new(sources: Vec<KeySource>, allow_weak: bool) -> Self {
        VerifyingKeys {
            sources: sources.into_iter().map(Indexed::new).collect(),
            allow_weak,
            ..VerifyingKeys::default()
        }
    }

    /// Takes the keys of one place; `label` names it in reports, in words safe for a terminal.
    #[must_use]
    pub fn of(label: impl Into<String>, keys: Keys) -> Self {
        VerifyingKeys::new(vec![KeySource::new(label, keys)], false)
    }

    /// Stands in for keys that could not be loaded: every token is refused with this reason.
    #[must_use]
    pub fn unusable(fault: impl Into<Refusal>) -> Self {
        VerifyingKeys {
            fault: Some(fault.into()),
            ..VerifyingKeys::default()
        }
    }

    /// Opens encrypted tokens with these keys, before their content is checked.
    #[must_use]
    pub fn opening_with(mut self, decryption: Option<Arc<DecryptionKeys>>) -> Self {
        self.decryption = decryption;
        self
    }

    /// Takes also the key of a certificate that a token brings in `x5c`, where that leads to one of these
    /// roots at the time of the verifier.
    #[must_use]
    pub fn trusting(mut self, roots: Vec<Roots>) -> Self {
        self.roots = Arc::new(roots);
        self
    }

    /// The certificates that a chain may lead to.
    pub(crate) fn roots(&self) -> &[Roots] {
        &self.roots
    }

    /// The keys that open encrypted tokens.
    pub(crate) fn decryption(&self) -> Option<&Arc<DecryptionKeys>> {
        self.decryption.as_ref()
    }

    pub(crate) fn fault(&self) -> Option<&Refusal> {
        self.fault.as_ref()
    }

    /// Where the keys came from.
    pub fn sources(&self) -> impl Iterator<Item = &KeySource> {
        self.sources.iter().map(|indexed| &indexed.source)
    }

    /// Whether a source has a key with a `kid`.
    #[must_use]
    pub fn has(&self, index: usize, kid: &str) -> bool {
        let source = self.sources.get(index);
        source.is_some_and(|source| !source.of_kid(kid).is_empty())
    }

    /// Puts newer keys in the place of those of one source.
    pub fn replace(&mut self, index: usize, newer: KeySource) {
        if let Some(source) = self.sources.get_mut(index) {
            *source = Indexed::new(newer);
        }
    }

    /// Every key with its source.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&KeySource, &Key)> {
        self.sources()
            .flat_map(|source| source.keys.iter().map(move |key| (source, key)))
    }

    /// The place to name in a report when no key was found: the only source, if there is one.
    pub(crate) fn only_label(&self) -> Option<&str> {
        match (self.sources.as_slice(), self.roots.as_slice()) {
            ([indexed], []) => Some(&indexed.source.label),
            ([], [roots]) => Some(&roots.source().label),
            _ => None,
        }
    }

    /// Picks the keys for a token's algorithm and `kid`, and makes them ready if they are not yet.
    pub(crate) fn select(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
        prepared: &mut Prepared,
    ) -> Result<Selected<'_>, Refusal> {
        let mut candidates = Vec::new();
        let mut note = None;
        let mut misfit = None;
        let mut fault = None;
        for (s, indexed) in self.sources.iter().enumerate() {
            let source = &indexed.source;
            let by_kid = kid.filter(|_| source.is_set);
            let places: &mut dyn Iterator<Item = usize> = match by_kid {
                Some(kid) => &mut indexed.of_kid(kid).iter().copied(),
                None => &mut (0..source.keys.len()),
            };
            let mut tried = 0_usize;
            for (k, key) in places.filter_map(|k| Some((k, source.keys.get(k)?))) {
                if !key.allows(algorithm) {
                    if by_kid.is_some() || !source.is_set {
                        misfit = Some(key);
                    }
                    continue;
                }
                // A key for encryption is not tried, and does not count.
                if !key.may_verify() {
                    fault = fault.or_else(|| {
                        let refused = key.verifier(algorithm, self.allow_weak);
                        refused.err().map(Refusal::from)
                    });
                    continue;
                }
                if tried == MAX_TRIED {
                    note = Some(format!(
                        "more than {MAX_TRIED} keys of {} fit: the rest was not tried",
                        source.label
                    ));
                    break;
                }
                tried = tried.saturating_add(1);
                match prepared.verifier((s, k), key, algorithm, self.allow_weak) {
                    Ok(verifier) => candidates.push(Candidate {
                        source,
                        key: CandidateKey::Held(key),
                        verifier,
                    }),
                    Err(refusal) => fault = fault.or(Some(refusal)),
                }
            }
            if by_kid.is_some() && tried > 1 && note.is_none() {
                note = Some(format!(
                    "{tried} keys of {} have the token's `kid`",
                    source.label
                ));
            }
        }
        if !candidates.is_empty() {
            return Ok(Selected {
                algorithm,
                candidates,
                note,
            });
        }
        Err(fault.unwrap_or_else(|| match misfit {
            Some(key) => misfitting(algorithm, key),
            None => self.not_found(algorithm, kid),
        }))
    }

    fn not_found(&self, algorithm: Algorithm, kid: Option<&str>) -> Refusal {
        let count = self
            .sources()
            .map(|s| s.keys.len())
            .fold(0, usize::saturating_add);
        let kids: Vec<String> = self
            .all()
            .filter(|(_, key)| key.kid.is_some() || !key.is_secret())
            .take(5)
            .map(|(_, key)| shown(&key.name()))
            .collect();
        let (has, is) = match count {
            1 => (
                "the only key does not have".into(),
                "the only key is not".into(),
            ),
            _ => (
                format!("none of the {count} keys has"),
                format!("none of the {count} keys is"),
            ),
        };
        let not_found = |what| Refusal::new(Reason::KeyNotFound, what);
        let refusal = match kid {
            Some(kid) => {
                not_found(format!("{has} the token's `kid` {}", shown(kid))).found(json::quote(kid))
            }
            None => not_found(format!("{is} for {}", algorithm.name())),
        };
        refusal.hint(Advice::TakeSetOfIssuer {
            keys: if kid.is_some() { kids } else { Vec::new() },
        })
    }
}

impl Prepared {
    /// Whether nothing was made ready since the other one was copied.
    pub(crate) fn is(&self, other: &Prepared) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The key at a place (source, and key in it), ready for an algorithm.
    fn verifier(
        &mut self,
        (source, index): (usize, usize),
        key: &Key,
        algorithm: Algorithm,
        allow_weak: bool,
    ) -> Result<Arc<Verifier>, Refusal> {
        let place = (source, index, algorithm);
        if let Some(known) = self.0.get(&place) {
            return Ok(Arc::clone(known));
        }
        let ready = Arc::new(key.verifier(algorithm, allow_weak)?);
        Arc::make_mut(&mut self.0).insert(place, Arc::clone(&ready));
        Ok(ready)
    }
}

fn shown(kid: &str) -> String {
    format!("`{}`", escape::middle(kid, escape::NAME))
}

pub(crate) fn misfitting(algorithm: Algorithm, key: &Key) -> Refusal {
    let allowed = key.algorithms();
    let names: Vec<&str> = allowed.iter().map(|a| a.name()).collect();
    let list = match names.as_slice() {
        [] => "encryption alone".to_owned(),
        names => names.join(", "),
    };
    let refusal = Refusal::new(
        Reason::AlgRefused,
        format!(
            "the token says {}, and the key is {}, for {list}",
            algorithm.name(),
            key.kind_words()
        ),
    )
    .expected(json::array(&names))
    .found(json::quote(algorithm.name()));
    match (algorithm.hash_len().is_some(), key.is_secret()) {
        (true, false) => refusal.hint(Advice::SuspectForgery),
        (false, true) => refusal.hint(Advice::TakePublicKey),
        _ => refusal,
    }
}

#[cfg(test)]
mod tests;
