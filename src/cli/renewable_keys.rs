//! The keys of a run. Those from the network are fetched again when a token names a key that they
//! lack: its issuer may have begun to sign with another key since.
//!
//! The author of a token chooses its `kid`. So that forged ones do not cost a request each, keys
//! that were fetched a moment ago are not fetched again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cli::args::ReadingArgs;
use crate::cli::key_choice::{self, Loaded, Trusted};
use crate::cli::ui::Ui;
use crate::cli::verdict::{Verdict, VerifyMode};
use crate::keys;
use crate::keys::remote::Caching;
use crate::text::time::Timestamp;
use crate::token::advice::Advice;
use crate::token::jwe::DecryptionKeys;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::Policy;
use crate::token::refusal::{Reason, Refusal};
use crate::token::verify::Refused;

/// How long keys are not fetched again for a `kid`.
const YOUNG: Duration = Duration::from_secs(60);

/// How many verdicts of a run get a diagnosis: the next one is mostly the same, and a hostile set
/// can make each cost a second.
const MOST_DIAGNOSES: usize = 8;

pub(super) struct RenewableKeys {
    keys: VerifyingKeys,
    remote: Vec<Remote>,
    mode: VerifyMode,
    diagnoses: usize,
}

/// A source on the network.
struct Remote {
    /// Which of the sources.
    index: usize,
    source: keys::Remote,
    asked: Asked,
    /// Whether its keys are from the cache.
    is_kept: bool,
    /// Why it could not be fetched again.
    fault: Option<KeyFault>,
}

/// When a source was last asked for.
struct Asked {
    /// How long before the start of this run.
    before: Duration,
    since: Instant,
}

impl Asked {
    fn now() -> Self {
        Asked::before(Duration::ZERO)
    }

    fn before(before: Duration) -> Self {
        Asked {
            before,
            since: Instant::now(),
        }
    }

    fn ago(&self) -> Duration {
        self.before.saturating_add(self.since.elapsed())
    }

    fn is_a_moment_ago(&self) -> bool {
        self.ago() < YOUNG
    }
}

impl RenewableKeys {
    pub(super) fn new(trusted: Trusted, allow_weak: bool, mode: VerifyMode) -> Self {
        let (mut sources, mut remote) = (Vec::new(), Vec::new());
        for (index, loaded) in trusted.keys.into_iter().enumerate() {
            sources.push(loaded.keys);
            remote.extend(loaded.fetched.map(|fetched| Remote {
                index,
                source: fetched.source,
                asked: Asked::before(fetched.kept_for.unwrap_or_default()),
                is_kept: fetched.kept_for.is_some(),
                fault: None,
            }));
        }
        RenewableKeys {
            keys: VerifyingKeys::new(sources, allow_weak).trusting(trusted.roots),
            remote,
            mode,
            diagnoses: 0,
        }
    }

    /// Opens encrypted tokens with these keys, before their content is checked.
    pub(super) fn opening_with(mut self, decryption: Option<Arc<DecryptionKeys>>) -> Self {
        self.keys = self.keys.opening_with(decryption);
        self
    }

    /// The verifier with these keys.
    pub(super) fn mode(&self) -> VerifyMode {
        self.mode
    }

    /// Whether newer keys may be fetched.
    pub(super) fn is_renewable(&self) -> bool {
        let is_renewable =
            |remote: &Remote| remote.fault.is_some() || !remote.asked.is_a_moment_ago();
        self.remote.iter().any(is_renewable)
    }

    /// Whether a token was refused with keys that may be too old for it.
    pub(super) fn is_for_others(refused: &Refused) -> bool {
        kid_to_look_for(refused).is_some()
    }

    /// Stands in for keys that could not be loaded.
    pub(super) fn unusable(fault: KeyFault, mode: VerifyMode) -> Self {
        RenewableKeys {
            keys: VerifyingKeys::unusable(fault),
            remote: Vec::new(),
            mode,
            diagnoses: 0,
        }
    }

    /// The keys as they are now.
    pub(super) fn current(&self) -> &VerifyingKeys {
        &self.keys
    }

    /// Verifies a token, if necessary with newer keys. A source is asked at most once a minute,
    /// even if many tokens name unknown keys.
    pub(super) fn verify(
        &mut self,
        token: &str,
        policy: &Policy,
        now: Timestamp,
        reading: &ReadingArgs,
        ui: &mut Ui<'_, '_>,
    ) -> Verdict {
        let mode = VerifyMode {
            diagnosing: self.mode.diagnosing && self.diagnoses < MOST_DIAGNOSES,
            ..self.mode
        };
        let judge =
            |keys: &VerifyingKeys| mode.verify(&mut mode.verifier(keys, policy, now), token);
        let verdict = judge(&self.keys);
        if verdict.as_ref().is_err_and(is_diagnosed) {
            self.diagnoses = self.diagnoses.saturating_add(1);
        }
        let kid = verdict.as_ref().err().and_then(kid_to_look_for);
        let Some(kid) = kid.map(str::to_owned) else {
            return verdict;
        };
        let (mut is_renewed, mut fault) = (false, None);
        for remote in &mut self.remote {
            if self.keys.has(remote.index, &kid) {
                continue;
            }
            if !remote.asked.is_a_moment_ago() {
                match remote.fetch(reading, ui) {
                    Ok(newer) => {
                        self.keys.replace(remote.index, newer.keys);
                        is_renewed = true;
                    }
                    Err(why) => remote.fault = Some(why),
                }
            }
            fault = fault.or_else(|| remote.fault.clone());
        }
        let verdict = match is_renewed {
            true => judge(&self.keys),
            false => verdict,
        };
        match (verdict, fault) {
            (Err(_), Some(fault)) => {
                let opening = self.keys.decryption().cloned();
                judge(&VerifyingKeys::unusable(fault).opening_with(opening))
            }
            (Err(refused), None) => Err(self.with_age(refused)),
            (verdict, _) => verdict,
        }
    }

    /// Says how old the keys are, if newer ones can be fetched.
    fn with_age(&self, mut refused: Refused) -> Refused {
        let kept = self.remote.iter().find(|remote| remote.is_kept);
        // Newer keys of another issuer would not help.
        let is_of_other =
            |refusal: &Refusal| matches!(refusal.hint, Some(Advice::TakeKeysOfItsIssuer { .. }));
        let missing =
            |refusal: &&mut Refusal| refusal.reason == Reason::KeyNotFound && !is_of_other(refusal);
        if let (Some(kept), Some(refusal)) = (kept, refused.refusals.iter_mut().find(missing)) {
            refusal.hint = Some(Advice::FetchAnew {
                age: kept.asked.ago(),
                also: refusal.hint.take().map(Box::new),
            });
        }
        refused
    }
}

impl Remote {
    /// Fetches newer keys.
    fn fetch(&mut self, reading: &ReadingArgs, ui: &mut Ui<'_, '_>) -> Result<Loaded, KeyFault> {
        let caching = match reading.no_cache {
            true => Caching::Off,
            false => Caching::Renew,
        };
        let newer = key_choice::fetch(self.source.clone(), caching, ui.world.now(), reading, ui);
        self.asked = Asked::now();
        if newer.is_ok() {
            self.is_kept = false;
            self.fault = None;
        }
        newer
    }
}

/// Whether this verdict gets a diagnosis.
fn is_diagnosed(refused: &Refused) -> bool {
    let mut reasons = refused.refusals.iter().map(|refusal| refusal.reason);
    reasons.any(|reason| matches!(reason, Reason::BadSignature | Reason::KeyNotFound))
}

/// The `kid` of a token that was refused because its key is missing, if it is known.
fn kid_to_look_for(refused: &Refused) -> Option<&str> {
    let is_about_keys = refused.refusals.iter().any(|refusal| {
        matches!(
            refusal.reason,
            Reason::KeyNotFound | Reason::BadSignature | Reason::AlgRefused
        )
    });
    refused.report.kid.as_deref().filter(|_| is_about_keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_less_than_a_minute_ago_is_not_asked_for_again() {
        assert!(Asked::now().is_a_moment_ago());
        assert!(Asked::before(Duration::from_secs(50)).is_a_moment_ago());
        assert!(!Asked::before(Duration::from_secs(60)).is_a_moment_ago());
        assert!(!Asked::before(Duration::MAX).is_a_moment_ago());
        let in_this_run = Asked {
            before: Duration::from_secs(1),
            since: Instant::now().checked_sub(YOUNG).unwrap(),
        };
        assert!(!in_this_run.is_a_moment_ago());
    }
}
