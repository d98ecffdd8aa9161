//! The keys that tokens are opened with: which of them may open a token, by what it says and what the caller
//! allows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::header_parts::HeaderParts;
use crate::token::json;
use crate::token::jwe::agreement::Group;
use crate::token::jwe::key_management::Family;
use crate::token::jwe::message::{MOST_RECIPIENTS, algorithms};
use crate::token::jwe::misfit::{misfit, not_found, of_another_group};
use crate::token::jwe::recipient::RecipientKey;
use crate::token::jwe::zip::{MOST_INFLATED, is_compressed};
use crate::token::jwe::{ContentEncryption, KeyManagement};
use crate::token::key::Key;
use crate::token::keyset::KeySource;
use crate::token::refusal::{Reason, Refusal};

/// How many keys are tried for a token: as many as it may have recipients.
pub(super) const MOST_TRIED: usize = MOST_RECIPIENTS;

/// The keys that tokens are opened with. Each is made ready once; several threads may use them at
/// once.
#[derive(Default)]
pub struct DecryptionKeys {
    sources: Vec<KeySource>,
    /// The algorithms that are allowed; if empty, those that the key is for.
    algorithms: Vec<KeyManagement>,
    /// The same for the content encryption.
    encryptions: Vec<ContentEncryption>,
    most_inflated: Option<usize>,
    fault: Option<Refusal>,
    ready: RwLock<BTreeMap<ReadyFor, Arc<RecipientKey>>>,
}

impl fmt::Debug for DecryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKeys").finish_non_exhaustive()
    }
}

/// A key by its source and its place in it, and what it is ready for.
type ReadyFor = (usize, usize, KeyManagement, ContentEncryption);

impl DecryptionKeys {
    /// Takes the keys of every source.
    #[must_use]
    pub fn new(sources: Vec<KeySource>) -> Self {
        DecryptionKeys {
            sources,
            ..DecryptionKeys::default()
        }
    }

    /// Stands in for keys that could not be loaded: every encrypted token is refused with this
    /// reason.
    #[must_use]
    pub fn unusable(fault: impl Into<Refusal>) -> Self {
        DecryptionKeys {
            fault: Some(fault.into()),
            ..DecryptionKeys::default()
        }
    }

    /// Allows these algorithms only; an empty list allows those that the keys are for.
    #[must_use]
    pub fn only(
        mut self,
        algorithms: Vec<KeyManagement>,
        encryptions: Vec<ContentEncryption>,
    ) -> Self {
        self.algorithms = algorithms;
        self.encryptions = encryptions;
        self
    }

    /// Lets a compressed content inflate to this many bytes, in place of [`MOST_INFLATED`].
    #[must_use]
    pub fn inflate_up_to(mut self, most: usize) -> Self {
        self.most_inflated = Some(most);
        self
    }

    pub(super) fn most_inflated(&self) -> usize {
        self.most_inflated.unwrap_or(MOST_INFLATED)
    }

    /// The algorithms of a token, which have to be known and allowed, as must all that its header demands.
    pub(super) fn chosen(&self, header: &HeaderParts<'_>) -> Result<Chosen, Refusal> {
        check_critical(header)?;
        let is_compressed = is_compressed(header)?;
        let (alg, enc) = algorithms(header)?;
        let refused = |what: String, name: &str| {
            Refusal::new(Reason::AlgRefused, what).found(json::quote(name))
        };
        let shown = |name: &str| escape::middle(name, escape::NAME).into_owned();
        let Some(alg) = KeyManagement::parse(&alg) else {
            if alg == "RSA1_5" {
                return Err(refused(
                    "the token is encrypted with RSA1_5, which is never accepted: its errors can reveal the content (RFC 8017 section 7.2)".to_owned(),
                    &alg,
                )
                .hint(Advice::EncryptAnew));
            }
            let what = format!("`{}` is not a known algorithm of a JWE", shown(&alg));
            return Err(refused(what, &alg));
        };
        let Some(enc) = ContentEncryption::parse(&enc) else {
            let what = format!("`{}` is not a known content encryption", shown(&enc));
            return Err(refused(what, &enc));
        };
        for (name, is_allowed) in [
            (
                alg.name(),
                self.algorithms.is_empty() || self.algorithms.contains(&alg),
            ),
            (
                enc.name(),
                self.encryptions.is_empty() || self.encryptions.contains(&enc),
            ),
        ] {
            if !is_allowed {
                let asked = self.algorithms.iter().copied().map(KeyManagement::name);
                let encs = self
                    .encryptions
                    .iter()
                    .copied()
                    .map(ContentEncryption::name);
                let asked: Vec<&str> = asked.chain(encs).collect();
                let were = if asked.len() == 1 { "was" } else { "were" };
                let what = format!(
                    "the token says {name}, and only {} {were} asked for",
                    asked.join(", ")
                );
                return Err(refused(what, name).expected(json::array(&asked)));
            }
        }
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(Chosen {
                alg,
                enc,
                is_compressed,
            }),
        }
    }

    /// The keys that fit, made ready; from a set, those that the `kid` names, if it names any.
    pub(super) fn select(
        &self,
        chosen: Chosen,
        header: &HeaderParts<'_>,
    ) -> Result<Vec<Fitting<'_>>, Refusal> {
        let Chosen { alg, enc, .. } = chosen;
        let kid = header.text("kid")?;
        let group_of_sender = match alg.family() {
            Family::Agreement(_) => Group::of_sender(header),
            _ => None,
        };
        let mut found = Vec::new();
        let mut fault = None;
        for (s, source) in self.sources.iter().enumerate() {
            let by_kid = kid.as_deref().filter(|_| source.is_set);
            let is_named = |key: &Key| by_kid.is_none_or(|kid| key.name() == kid);
            let keys = source.keys.iter().enumerate();
            for (k, key) in keys.filter(|(_, key)| is_named(key)) {
                let is_asked_for = by_kid.is_some() || !source.is_set;
                let elsewhere = Group::of(key).zip(group_of_sender);
                if let Some((own, sender)) = elsewhere.filter(|(own, sender)| own != sender) {
                    if is_asked_for {
                        fault = fault.or_else(|| Some(of_another_group(own, sender)));
                    }
                    continue;
                }
                if !key.fits(alg, enc) {
                    if is_asked_for {
                        fault = fault.or_else(|| Some(misfit(key, alg, enc)));
                    }
                    continue;
                }
                if let Err(why) = key.check_encryption(true) {
                    fault = fault.or_else(|| Some(why.into()));
                    continue;
                }
                if found.len() == MOST_TRIED {
                    break;
                }
                if let Some(ready) = self.ready((s, k, alg, enc), key) {
                    found.push((source, ready));
                }
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        Err(fault.unwrap_or_else(|| not_found(&self.sources, alg, enc, kid.as_deref())))
    }

    fn ready(&self, place: ReadyFor, key: &Key) -> Option<Arc<RecipientKey>> {
        let known = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&place) {
            return Some(Arc::clone(known));
        }
        drop(known);
        let (.., alg, enc) = place;
        let ready = Arc::new(RecipientKey::new(key, alg, enc)?);
        let mut known = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(place, Arc::clone(&ready));
        Some(ready)
    }
}

/// A key that fits a token, made ready, and where it came from.
pub(super) type Fitting<'k> = (&'k KeySource, Arc<RecipientKey>);

/// The algorithms of one recipient.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) alg: KeyManagement,
    pub(super) enc: ContentEncryption,
    /// Whether the content was compressed with DEFLATE first.
    pub(super) is_compressed: bool,
}

/// Refuses critical extensions, none of which is known.
fn check_critical(header: &HeaderParts<'_>) -> Result<(), Refusal> {
    if let Some(crit) = header.get("crit") {
        let crit = crit.compact();
        return Err(Refusal::new(
            Reason::CritUnknown,
            format!(
                "the header demands extensions that are not known: `crit` is {}",
                escape::shorten(&crit, 80)
            ),
        )
        .found(crit.into_owned())
        .hint(Advice::UnderstandExtensions));
    }
    Ok(())
}
