//! What two objects say differently, member by member.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::columns::{padding, width};
use crate::cli::ui::Ui;
use crate::cli::view::{self, raw_of};
use crate::text::escape;
use crate::text::time::{self, Timestamp};
use crate::token::claim_time::ClaimTime;
use crate::token::json::{Json, Object};

/// How many members of a token are compared.
const MOST: usize = 10_000;

/// The difference between two objects.
pub(super) struct Difference<'a> {
    /// A name, with its value in the first and in the second.
    members: Vec<(String, Option<Json<'a>>, Option<Json<'a>>)>,
    /// How many members are the same.
    same: usize,
}

impl<'a> Difference<'a> {
    pub(super) fn of(first: Option<&'a Object>, second: Option<&'a Object>) -> Self {
        let all = |object: Option<&'a Object>| {
            let members = object.into_iter().flat_map(Object::members);
            members.map(|(name, _)| name.into_owned()).take(MOST)
        };
        let mut met = HashSet::new();
        let (mut members, mut same) = (Vec::new(), 0_usize);
        for name in all(first).chain(all(second)) {
            if !met.insert(name.clone()) {
                continue;
            }
            let value = |object: Option<&'a Object>| object.and_then(|object| object.get(&name));
            match (value(first), value(second)) {
                (Some(a), Some(b)) if a.same(b) => same = same.saturating_add(1),
                (a, b) => members.push((name, a, b)),
            }
        }
        Difference { members, same }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn lines(&self, now: Timestamp, ui: &Ui<'_, '_>) -> String {
        const WIDEST: usize = 28;
        let names = self
            .members
            .iter()
            .map(|(name, ..)| escape::shorten(name, 60));
        let widest = names.map(|name| width(&name)).max().unwrap_or_default();
        let widest = widest.min(WIDEST);
        let mut lines = String::new();
        for (name, first, second) in &self.members {
            for (value, is_first) in [(first, true), (second, false)] {
                let Some(value) = value else { continue };
                let shown = escape::shorten(name, 60);
                let row = format!(
                    "{shown}{}   {}",
                    padding(&shown, widest),
                    worded(name, *value, now)
                );
                lines.push_str(&match is_first {
                    true => format!("  {}\n", ui.out.red(&format!("- {row}"))),
                    false => format!("  {}\n", ui.out.green(&format!("+ {row}"))),
                });
            }
        }
        lines.push_str(&match (self.members.len(), self.same) {
            (0, 0) => "  (none)\n".to_owned(),
            (0, same) => format!("  the same, all {same}\n"),
            (_, 0) => String::new(),
            (_, same) => format!("  and {same} the same\n"),
        });
        lines
    }

    pub(super) fn json(&self) -> Vec<MemberJson<'_>> {
        let members = self.members.iter().map(|(name, first, second)| MemberJson {
            name,
            first: first.map(raw_of),
            second: second.map(raw_of),
            first_time: first.and_then(|value| time_of(name, value)),
            second_time: second.and_then(|value| time_of(name, value)),
        });
        members.collect()
    }
}

/// A time of a token as text.
fn time_of(name: &str, value: Json<'_>) -> Option<String> {
    time::rfc3339(ClaimTime::of(name, value)?.at)
}

/// A value for people: a time as such, and how long it is from now.
fn worded(name: &str, value: Json<'_>, now: Timestamp) -> String {
    let at = ClaimTime::of(name, value).map(|time| time.at);
    match at.and_then(|at| Some((at, time::human(at)?))) {
        Some((at, human)) => format!("{human}   {}", time::relative(at, now)),
        None => view::shown(value).into_owned(),
    }
}

/// A member that is not the same in both, with the values that are there.
#[derive(Serialize)]
pub(super) struct MemberJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<Box<RawValue>>,
    /// A time as text, where the value is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_time: Option<String>,
}
