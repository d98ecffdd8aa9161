//! The faults that are switched on: looked up by where and for whom, so that a thousand of them cost a
//! request no more than one.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::demo::endpoint::Endpoint;
use crate::demo::fault::rule::{Rule, TokenUse};
use crate::demo::fault::table::{Fault, Stage};

/// So many can be on at once.
const MOST: usize = 10_000;
/// The place of rules that are for every client.
const ANYBODY: &str = "";

/// The faults that are on.
pub(in crate::demo) struct Faults {
    /// What a server is started with.
    at_start: Vec<Rule>,
    /// Whether there is any, which is asked at every request.
    any: AtomicBool,
    switched_on: Mutex<SwitchedOn>,
}

#[derive(Default)]
struct SwitchedOn {
    last: u64,
    rules: BTreeMap<u64, Active>,
    /// Which rules may act: by step and endpoint, and by client.
    places: HashMap<(Stage, Endpoint), HashMap<String, Vec<u64>>>,
}

/// A rule that is on.
#[derive(Clone)]
pub(in crate::demo) struct Active {
    pub(in crate::demo) id: u64,
    pub(in crate::demo) rule: Rule,
    /// How often it has acted.
    pub(in crate::demo) acted: u64,
    chance: u64,
}

/// A fault that acts in an answer.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) struct Taken {
    pub(in crate::demo) fault: Fault,
    pub(in crate::demo) argument: i64,
    pub(in crate::demo) delay: u64,
    token: Option<TokenUse>,
}

impl Taken {
    /// Whether it is for this token.
    pub(in crate::demo) fn is_for(&self, token: TokenUse) -> bool {
        let can_be = token == TokenUse::Id || !self.fault.is_of_id_tokens();
        can_be && self.token.is_none_or(|own| own == token)
    }
}

impl Faults {
    pub(in crate::demo) fn new(at_start: Vec<Rule>) -> Faults {
        let faults = Faults {
            at_start,
            any: AtomicBool::new(false),
            switched_on: Mutex::default(),
        };
        faults.reset();
        faults
    }

    fn lock(&self) -> MutexGuard<'_, SwitchedOn> {
        self.switched_on
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any fault is on.
    pub(in crate::demo) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// What stands behind the names of the faults that are on for a step at an endpoint.
    pub(in crate::demo) fn arguments(&self, stage: Stage, endpoint: Endpoint) -> Vec<u64> {
        let on = self.lock();
        let place = on.places.get(&(stage, endpoint)).into_iter().flatten();
        let rules = place.flat_map(|(_, ids)| ids);
        let rules = rules.filter_map(|id| on.rules.get(id));
        rules
            .map(|active| active.rule.argument.unsigned_abs())
            .collect()
    }

    /// Switches a fault on; `None` where there are too many.
    pub(in crate::demo) fn add(&self, rule: Rule) -> Option<Active> {
        let mut on = self.lock();
        if on.rules.len() >= MOST {
            return None;
        }
        on.last = on.last.saturating_add(1);
        let id = on.last;
        for endpoint in endpoints(&rule) {
            let place = on.places.entry((rule.fault.stage(), endpoint)).or_default();
            let client = rule.client.as_deref().unwrap_or(ANYBODY);
            place.entry(client.to_owned()).or_default().push(id);
        }
        let active = Active {
            id,
            acted: 0,
            chance: rule.seed,
            rule,
        };
        on.rules.insert(id, active.clone());
        self.any.store(true, Ordering::Relaxed);
        Some(active)
    }

    /// All that are on, the oldest first.
    pub(in crate::demo) fn all(&self) -> Vec<Active> {
        self.lock().rules.values().cloned().collect()
    }

    /// Switches off those that are meant, and says how many there were.
    pub(in crate::demo) fn remove(&self, is_meant: impl Fn(&Active) -> bool) -> usize {
        let mut on = self.lock();
        let meant: Vec<u64> = on
            .rules
            .values()
            .filter(|one| is_meant(one))
            .map(|one| one.id)
            .collect();
        for id in &meant {
            on.drop_rule(*id);
        }
        self.any.store(!on.rules.is_empty(), Ordering::Relaxed);
        meant.len()
    }

    /// What is on as the server starts, and nothing else.
    pub(in crate::demo) fn reset(&self) {
        self.remove(|_| true);
        for rule in &self.at_start {
            self.add(rule.clone());
        }
    }

    /// The faults that act now, at a step, at an endpoint, for a client and a user; those that have
    /// acted as often as they were to are gone.
    pub(in crate::demo) fn take(
        &self,
        stage: Stage,
        endpoint: Endpoint,
        client: Option<&str>,
        user: Option<&str>,
    ) -> Vec<Taken> {
        if !self.any() {
            return Vec::new();
        }
        let mut on = self.lock();
        let Some(place) = on.places.get(&(stage, endpoint)) else {
            return Vec::new();
        };
        let clients = [Some(ANYBODY), client];
        let found = clients
            .into_iter()
            .flatten()
            .filter_map(|client| place.get(client));
        let mut ids: Vec<u64> = found.flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut taken: Vec<Taken> = Vec::new();
        for id in ids {
            let Some(active) = on.rules.get_mut(&id) else {
                continue;
            };
            let Rule {
                fault,
                argument,
                delay,
                token,
                ..
            } = active.rule;
            let is_meant = active.rule.user.is_none() || active.rule.user.as_deref() == user;
            // One of a kind is enough for an answer: the next one is for the next.
            let is_there = taken.iter().any(|other| other.fault == fault);
            if !is_meant || is_there || !active.is_by_chance() {
                continue;
            }
            active.acted = active.acted.saturating_add(1);
            taken.push(Taken {
                fault,
                argument,
                delay,
                token,
            });
            if active.rule.count.is_some_and(|count| active.acted >= count) {
                on.drop_rule(id);
            }
        }
        self.any.store(!on.rules.is_empty(), Ordering::Relaxed);
        taken
    }
}

impl SwitchedOn {
    fn drop_rule(&mut self, id: u64) {
        let Some(Active { rule, .. }) = self.rules.remove(&id) else {
            return;
        };
        let client = rule.client.as_deref().unwrap_or(ANYBODY);
        for endpoint in endpoints(&rule) {
            let place = self.places.get_mut(&(rule.fault.stage(), endpoint));
            let ids = place.and_then(|place| place.get_mut(client));
            if let Some(ids) = ids {
                ids.retain(|other| *other != id);
            }
        }
    }
}

impl Active {
    /// Whether chance wants it: a sequence that its seed decides (`SplitMix64`).
    fn is_by_chance(&mut self) -> bool {
        if self.rule.probability >= 1.0 {
            return true;
        }
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // 32 bits of it fit into a number with a fraction.
        let drawn = u32::try_from(mixed >> 32).unwrap_or_default();
        f64::from(drawn) / f64::from(u32::MAX) < self.rule.probability
    }
}

fn endpoints(rule: &Rule) -> Vec<Endpoint> {
    match rule.endpoint {
        Some(endpoint) => vec![endpoint],
        None => rule.fault.usual_endpoints().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(rules: &[&str]) -> Faults {
        Faults::new(
            rules
                .iter()
                .map(|rule| Rule::parse(rule).unwrap())
                .collect(),
        )
    }

    fn names(faults: &Faults, client: &str, user: &str) -> Vec<&'static str> {
        let taken = faults.take(Stage::Token, Endpoint::Token, Some(client), Some(user));
        taken.into_iter().map(|taken| taken.fault.name()).collect()
    }

    #[test]
    fn a_fault_acts_where_and_for_whom_it_was_asked_for() {
        let faults = on(&[
            "expired,client=a",
            "wrong-aud,user=alice",
            "wrong-iss,endpoint=introspect",
        ]);
        assert_eq!(names(&faults, "a", "alice"), ["expired", "wrong-aud"]);
        assert_eq!(names(&faults, "a", "bob"), ["expired"]);
        assert_eq!(names(&faults, "b", "bob"), [""; 0]);
        let elsewhere = faults.take(Stage::Token, Endpoint::Introspect, None, None);
        assert_eq!(elsewhere.len(), 1);
    }

    #[test]
    fn a_fault_acts_as_often_as_it_was_asked_for_and_comes_back_with_a_reset() {
        let faults = on(&["expired,count=2", "expired,count=1"]);
        for expected in [1, 1, 1, 0] {
            assert_eq!(names(&faults, "a", "alice").len(), expected);
        }
        assert!(!faults.any());
        faults.reset();
        assert_eq!(faults.all().len(), 2);
        assert_eq!(faults.remove(|_| true), 2);
        assert!(!faults.any() && faults.all().is_empty());
    }

    #[test]
    fn the_same_seed_hits_the_same_requests() {
        let hits = |seed: u64| -> Vec<bool> {
            let faults = on(&[&format!("expired,probability=0.5,seed={seed}")]);
            (0..64)
                .map(|_| !names(&faults, "a", "b").is_empty())
                .collect()
        };
        assert_eq!(hits(1), hits(1));
        assert_ne!(hits(1), hits(2));
        let hit = hits(1).into_iter().filter(|hit| *hit).count();
        assert!((16..=48).contains(&hit), "{hit}");
    }

    #[test]
    fn there_is_a_bound_on_their_number() {
        let faults = on(&[]);
        let rule = Rule::parse("expired").unwrap();
        let added = (0..=MOST).filter_map(|_| faults.add(rule.clone())).count();
        assert_eq!(added, MOST);
    }
}
