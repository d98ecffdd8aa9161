//! The keys of a run, of which those from the cache are fetched once more where a token names one
//! that they lack: its issuer may have begun to sign with another key since.

use crate::cli::args::ReadingArgs;
use crate::cli::key_choice::{self, Loaded};
use crate::cli::run::Talk;
use crate::cli::verdict::{Manner, Verdict};
use crate::keys::Source;
use crate::keys::remote::Caching;
use crate::text::time::Timestamp;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::Policy;
use crate::token::refusal::Reason;
use crate::token::verify::Refused;

pub(super) struct RenewableKeys {
    keys: VerifyingKeys,
    cached: Vec<Cached>,
    manner: Manner,
}

/// A source whose keys are from the cache.
struct Cached {
    /// Which of the sources.
    index: usize,
    source: Source,
    /// Why it could not be fetched once more.
    fault: Option<KeyFault>,
}

impl RenewableKeys {
    pub(super) fn new(loaded: Vec<Loaded>, allow_weak: bool, manner: Manner) -> Self {
        let (mut sources, mut cached) = (Vec::new(), Vec::new());
        for (index, loaded) in loaded.into_iter().enumerate() {
            sources.push(loaded.keys);
            cached.extend(loaded.cached.map(|source| Cached {
                index,
                source,
                fault: None,
            }));
        }
        RenewableKeys {
            keys: VerifyingKeys::new(sources, allow_weak),
            cached,
            manner,
        }
    }

    /// How tokens are judged by these keys.
    pub(super) fn manner(&self) -> Manner {
        self.manner
    }

    /// Whether newer keys may be had.
    pub(super) fn is_renewable(&self) -> bool {
        !self.cached.is_empty()
    }

    /// Whether a token was refused by keys that may not be those it was made for.
    pub(super) fn is_for_others(refused: &Refused) -> bool {
        kid_to_look_for(refused).is_some()
    }

    /// Stands in for keys that could not be had.
    pub(super) fn unusable(fault: KeyFault, manner: Manner) -> Self {
        RenewableKeys {
            keys: VerifyingKeys::unusable(fault),
            cached: Vec::new(),
            manner,
        }
    }

    /// The keys as they are now.
    pub(super) fn current(&self) -> &VerifyingKeys {
        &self.keys
    }

    /// Judges a token, if need be with newer keys. Each source is fetched once more at most,
    /// however many tokens name keys that nobody has.
    pub(super) fn verify(
        &mut self,
        token: &str,
        policy: &Policy,
        now: Timestamp,
        reading: &ReadingArgs,
        talk: &mut Talk<'_, '_>,
    ) -> Verdict {
        let manner = self.manner;
        let judge =
            |keys: &VerifyingKeys| manner.verdict(&mut manner.judge(keys, policy, now), token);
        let verdict = judge(&self.keys);
        let kid = verdict.as_ref().err().and_then(kid_to_look_for);
        let Some(kid) = kid.map(str::to_owned) else {
            return verdict;
        };
        let (mut is_renewed, mut fault) = (false, None);
        let keys = &mut self.keys;
        self.cached.retain_mut(|cached| {
            if keys.has(cached.index, &kid) {
                return true;
            }
            if cached.fault.is_none() {
                match key_choice::fetch(cached.source.clone(), Caching::Renew, reading, talk) {
                    Ok(newer) => {
                        keys.replace(cached.index, newer.keys);
                        is_renewed = true;
                        return false;
                    }
                    Err(why) => cached.fault = Some(why),
                }
            }
            fault = fault.take().or_else(|| cached.fault.clone());
            true
        });
        let verdict = if is_renewed {
            judge(&self.keys)
        } else {
            verdict
        };
        match fault {
            Some(fault) if verdict.is_err() => judge(&VerifyingKeys::unusable(fault)),
            _ => verdict,
        }
    }
}

/// The `kid` of a token that was refused for want of a key, as far as can be told.
fn kid_to_look_for(refused: &Refused) -> Option<&str> {
    let is_about_keys = refused.refusals.iter().any(|refusal| {
        matches!(
            refusal.reason,
            Reason::KeyNotFound | Reason::BadSignature | Reason::AlgRefused
        )
    });
    refused.report.kid.as_deref().filter(|_| is_about_keys)
}
