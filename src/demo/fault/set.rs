//! The faults that are switched on. They are looked up by endpoint, client and user, so that a thousand
//! faults for others cost a request nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::demo::endpoint::Endpoint;
use crate::demo::fault::rule::{Rule, TokenUse};
use crate::demo::fault::table::{Fault, Stage};

/// How many can be on at once.
const MOST: usize = 10_000;
/// The place of rules that are for every client, or for every user.
const ANYBODY: &str = "";

/// The faults that are on.
pub(in crate::demo) struct Faults {
    /// The faults from the start of the server.
    at_start: Vec<Rule>,
    /// The steps with a fault: a bit for each, by endpoint. This is asked at every request.
    steps: [AtomicU32; Endpoint::ALL.len()],
    switched_on: Mutex<SwitchedOn>,
}

#[derive(Default)]
struct SwitchedOn {
    last: u64,
    rules: BTreeMap<u64, Active>,
    /// Which rules may act, by step and endpoint; no place is empty.
    places: HashMap<(Stage, Endpoint), Scoped>,
    /// Which of those from the start have ever acted.
    have_acted: HashSet<usize>,
}

/// The rules of a step at an endpoint: by client, and then by user.
#[derive(Default)]
struct Scoped(HashMap<String, HashMap<String, Vec<u64>>>);

/// A rule that is on.
#[derive(Clone)]
pub(in crate::demo) struct Active {
    pub(in crate::demo) id: u64,
    pub(in crate::demo) rule: Rule,
    /// How often it has acted.
    pub(in crate::demo) acted: u64,
    /// Which of those from the start it is.
    from_start: Option<usize>,
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
            steps: [const { AtomicU32::new(0) }; Endpoint::ALL.len()],
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

    /// Whether any fault is on for one of these steps at an endpoint, whoever it is for.
    pub(in crate::demo) fn any(&self, stages: &[Stage], endpoint: Endpoint) -> bool {
        let steps = self.steps.get(endpoint as usize);
        let steps = steps.map_or(0, |steps| steps.load(Ordering::Relaxed));
        steps != 0 && stages.iter().any(|stage| steps & bit(*stage) != 0)
    }

    /// Notes the steps with a fault, after a change.
    fn note_steps(&self, on: &SwitchedOn) {
        for (steps, endpoint) in self.steps.iter().zip(Endpoint::ALL) {
            let places = on.places.keys().filter(|(_, own)| own == endpoint);
            let now = places.fold(0, |steps, (stage, _)| steps | bit(*stage));
            steps.store(now, Ordering::Relaxed);
        }
    }

    /// The arguments of the faults that are on for a step at an endpoint, for a client and a user.
    pub(in crate::demo) fn arguments(
        &self,
        stage: Stage,
        endpoint: Endpoint,
        client: Option<&str>,
        user: Option<&str>,
    ) -> Vec<u64> {
        if !self.any(&[stage], endpoint) {
            return Vec::new();
        }
        let on = self.lock();
        let place = on.places.get(&(stage, endpoint));
        let ids = place.map_or_else(Vec::new, |place| place.ids(client, user));
        let rules = ids.iter().filter_map(|id| on.rules.get(id));
        rules
            .map(|active| active.rule.argument.unsigned_abs())
            .collect()
    }

    /// Switches a fault on; `None` where there are too many.
    pub(in crate::demo) fn add(&self, rule: Rule) -> Option<Active> {
        self.switch_on(rule, None)
    }

    fn switch_on(&self, rule: Rule, from_start: Option<usize>) -> Option<Active> {
        let mut on = self.lock();
        if on.rules.len() >= MOST {
            return None;
        }
        on.last = on.last.saturating_add(1);
        let active = Active {
            id: on.last,
            acted: 0,
            from_start,
            chance: rule.seed,
            rule,
        };
        for endpoint in endpoints(&active.rule) {
            let place = (active.rule.fault.stage(), *endpoint);
            on.places.entry(place).or_default().add(&active);
        }
        on.rules.insert(active.id, active.clone());
        self.note_steps(&on);
        Some(active)
    }

    /// All that are on, the oldest first.
    pub(in crate::demo) fn all(&self) -> Vec<Active> {
        self.lock().rules.values().cloned().collect()
    }

    /// Those from the start that are still on and never acted, also not before a reset. Keys that rotate are not
    /// counted, nor what is of one user or client alone: a configuration has those beside others.
    pub(in crate::demo) fn unused(&self) -> Vec<Rule> {
        let on = self.lock();
        let unused = on.rules.values().filter(|active| {
            let has_acted = |index| on.have_acted.contains(&index);
            let is_of_one = active.rule.user.is_some() || active.rule.client.is_some();
            let is_counted = active.rule.fault.stage() != Stage::Rotation && !is_of_one;
            is_counted && active.from_start.is_some_and(|index| !has_acted(index))
        });
        unused.map(|active| active.rule.clone()).collect()
    }

    /// Switches off the selected faults, and says how many there were.
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
        self.note_steps(&on);
        meant.len()
    }

    /// Switches on the faults from the start, and no others.
    pub(in crate::demo) fn reset(&self) {
        self.remove(|_| true);
        for (index, rule) in self.at_start.iter().enumerate() {
            self.switch_on(rule.clone(), Some(index));
        }
    }

    /// The faults that act now, at a step, at an endpoint, for a client and a user; a fault that has acted
    /// often enough is removed.
    pub(in crate::demo) fn take(
        &self,
        stage: Stage,
        endpoint: Endpoint,
        client: Option<&str>,
        user: Option<&str>,
    ) -> Vec<Taken> {
        self.take_where(stage, endpoint, client, user, |_| true)
    }

    /// The same, only with a matching argument.
    pub(in crate::demo) fn take_where(
        &self,
        stage: Stage,
        endpoint: Endpoint,
        client: Option<&str>,
        user: Option<&str>,
        fits: impl Fn(i64) -> bool,
    ) -> Vec<Taken> {
        if !self.any(&[stage], endpoint) {
            return Vec::new();
        }
        let mut on = self.lock();
        let place = on.places.get(&(stage, endpoint));
        let ids = place.map_or_else(Vec::new, |place| place.ids(client, user));
        let mut taken: Vec<Taken> = Vec::new();
        let mut has_ended = false;
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
            // One fault of a kind is enough for an answer: the next one is for the next answer.
            let is_there = taken.iter().any(|other| other.fault == fault);
            if is_there || !fits(argument) || !active.is_by_chance() {
                continue;
            }
            active.acted = active.acted.saturating_add(1);
            taken.push(Taken {
                fault,
                argument,
                delay,
                token,
            });
            let is_over = active.rule.count.is_some_and(|count| active.acted >= count);
            let from_start = active.from_start;
            on.have_acted.extend(from_start);
            if is_over {
                on.drop_rule(id);
                has_ended = true;
            }
        }
        if has_ended {
            self.note_steps(&on);
        }
        taken
    }
}

impl SwitchedOn {
    fn drop_rule(&mut self, id: u64) {
        let Some(active) = self.rules.remove(&id) else {
            return;
        };
        for endpoint in endpoints(&active.rule) {
            let key = (active.rule.fault.stage(), *endpoint);
            let place = self.places.get_mut(&key);
            if place.is_some_and(|place| place.is_empty_without(&active)) {
                self.places.remove(&key);
            }
        }
    }
}

impl Scoped {
    fn add(&mut self, active: &Active) {
        let (client, user) = active.rule.whom();
        let users = self.0.entry(client.to_owned()).or_default();
        users.entry(user.to_owned()).or_default().push(active.id);
    }

    /// The rules for a client and a user, the oldest first.
    fn ids(&self, client: Option<&str>, user: Option<&str>) -> Vec<u64> {
        let mut ids = Vec::new();
        let named = |name| [Some(ANYBODY), name].into_iter().flatten();
        for users in named(client).filter_map(|client| self.0.get(client)) {
            ids.extend(named(user).filter_map(|user| users.get(user)).flatten());
        }
        // A client or a user may have an empty name.
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Removes a rule, and says whether none is left.
    fn is_empty_without(&mut self, active: &Active) -> bool {
        let (client, user) = active.rule.whom();
        if let Some(users) = self.0.get_mut(client) {
            if let Some(ids) = users.get_mut(user) {
                ids.retain(|id| *id != active.id);
            }
            users.retain(|_, ids| !ids.is_empty());
            if users.is_empty() {
                self.0.remove(client);
            }
        }
        self.0.is_empty()
    }
}

impl Rule {
    /// The client and the user that it is for.
    fn whom(&self) -> (&str, &str) {
        let [client, user] = [&self.client, &self.user].map(|name| name.as_deref());
        (client.unwrap_or(ANYBODY), user.unwrap_or(ANYBODY))
    }
}

fn bit(stage: Stage) -> u32 {
    1 << (stage as u32)
}

impl Active {
    /// Whether it acts this time, by a random sequence from its seed (`SplitMix64`).
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

fn endpoints(rule: &Rule) -> &[Endpoint] {
    match &rule.endpoint {
        Some(endpoint) => std::slice::from_ref(endpoint),
        None => rule.fault.usual_endpoints(),
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
        assert!(!faults.any(&[Stage::Token], Endpoint::Token));
        faults.reset();
        assert!(faults.any(&[Stage::Answer, Stage::Token], Endpoint::Token));
        assert!(!faults.any(&[Stage::Answer], Endpoint::Token));
        assert!(!faults.any(&[Stage::Token], Endpoint::Protected));
        assert_eq!(faults.all().len(), 2);
        assert_eq!(faults.remove(|_| true), 2);
        assert!(!faults.any(&[Stage::Token], Endpoint::Token));
        assert!(faults.all().is_empty() && faults.lock().places.is_empty());
    }

    #[test]
    fn rules_for_others_are_not_looked_at() {
        let faults = on(&[]);
        for n in 0..1000 {
            for rule in [format!("expired,client=c{n}"), format!("expired,user=u{n}")] {
                faults.add(Rule::parse(&rule).unwrap());
            }
        }
        faults.add(Rule::parse("wrong-aud,client=a,user=alice").unwrap());
        let on = faults.lock();
        let place = &on.places[&(Stage::Token, Endpoint::Token)];
        for (client, user, number) in [
            (Some("a"), Some("alice"), 1),
            (Some("a"), Some("bob"), 0),
            (Some("b"), Some("alice"), 0),
            (Some("c7"), Some("u8"), 2),
            (None, Some("u8"), 1),
            (None, None, 0),
        ] {
            let ids = place.ids(client, user);
            assert_eq!(ids.len(), number, "{client:?} {user:?}");
        }
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
