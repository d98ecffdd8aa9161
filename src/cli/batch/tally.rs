//! The counts of a batch.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::text::count::{counted, grouped};

/// The words for counted lines.
pub(super) struct Words {
    pub(super) good: &'static str,
    pub(super) bad: &'static str,
}

/// How many lines of each kind there were.
#[derive(Default)]
pub(super) struct Tally {
    good: u64,
    bad: u64,
    empty: u64,
    reasons: BTreeMap<&'static str, u64>,
    /// The status if some lines could not be read.
    unread: Option<Exit>,
}

impl Tally {
    pub(super) fn good(&mut self) {
        add(&mut self.good, 1);
    }

    /// Counts a bad line, under each of its reasons.
    pub(super) fn bad(&mut self, reasons: impl IntoIterator<Item = &'static str>) {
        add(&mut self.bad, 1);
        for reason in reasons {
            add(self.reasons.entry(reason).or_default(), 1);
        }
    }

    pub(super) fn empty(&mut self) {
        add(&mut self.empty, 1);
    }

    pub(super) fn add(&mut self, more: &Tally) {
        add(&mut self.good, more.good);
        add(&mut self.bad, more.bad);
        add(&mut self.empty, more.empty);
        for (reason, count) in &more.reasons {
            add(self.reasons.entry(reason).or_default(), *count);
        }
    }

    /// Notes that lines could not be read, with the status for that.
    pub(super) fn unread(&mut self, exit: Exit) {
        if self.unread != Some(Exit::System) {
            self.unread = Some(exit);
        }
    }

    /// Whether lines could not be read, and no others were.
    pub(super) fn is_of_nothing(&self) -> bool {
        self.unread.is_some() && self.good == 0 && self.bad == 0 && self.empty == 0
    }

    /// The status: done, or that of a bad line, or that of lines that could not be read.
    pub(super) fn exit(&self, bad: Exit) -> Exit {
        match (self.unread, self.bad) {
            (Some(unread), _) => unread,
            (None, 0) => Exit::Done,
            (None, _) => bad,
        }
    }

    /// The speed, and the counts so far.
    pub(super) fn short_words(&self, words: &Words, elapsed: Duration) -> String {
        let all = self.good.saturating_add(self.bad);
        format!(
            "{} tokens, {} a second, {} {}, {} {}",
            grouped(all),
            grouped(rate(all, elapsed)),
            grouped(self.good),
            words.good,
            grouped(self.bad),
            words.bad
        )
    }

    /// The summary at the end.
    pub(super) fn words(&self, words: &Words, elapsed: Duration) -> String {
        let all = self.good.saturating_add(self.bad);
        let mut text = match all {
            0 => "no tokens".to_owned(),
            all => format!(
                "{} {} in {:.2} s ({} a second): {} {}, {} {}",
                grouped(all),
                if all == 1 { "token" } else { "tokens" },
                elapsed.as_secs_f64(),
                grouped(rate(all, elapsed)),
                grouped(self.good),
                words.good,
                grouped(self.bad),
                words.bad
            ),
        };
        if !self.reasons.is_empty() {
            let reasons = self.reasons.iter();
            let reasons: Vec<_> = reasons
                .map(|(reason, count)| format!("{reason} {}", grouped(*count)))
                .collect();
            text.push_str(&format!(" ({})", reasons.join(", ")));
        }
        if let Ok(empty @ 1..) = usize::try_from(self.empty) {
            text.push_str(&format!("; {} skipped", counted(empty, "empty line")));
        }
        text
    }
}

fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

fn rate(count: u64, elapsed: Duration) -> u64 {
    let nanos = u128::from(count).saturating_mul(1_000_000_000);
    let rate = nanos.checked_div(elapsed.as_nanos()).unwrap_or_default();
    u64::try_from(rate).unwrap_or(u64::MAX)
}
