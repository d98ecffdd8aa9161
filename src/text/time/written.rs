//! Times and lengths of time as they are shown.

use chrono::{DateTime, Datelike, Timelike};

use crate::text::time::span::{DAY, HOUR, MINUTE, YEAR};
use crate::text::time::{NANOS, Timestamp};

/// The units, each with the number of seconds from which it is used. Years begin at two: no single year has
/// 365.25 days.
const WORDS: [(u64, u64, &str); 5] = [
    (2 * YEAR, YEAR, "year"),
    (DAY, DAY, "day"),
    (HOUR, HOUR, "hour"),
    (MINUTE, MINUTE, "minute"),
    (0, 1, "second"),
];

/// The time in UTC as RFC 3339 section 5.6 has it, `2025-11-23T11:40:00Z`, with the digits of a fraction only
/// where there is one; `None` outside the years 0000 to 9999.
#[must_use]
pub fn rfc3339(t: Timestamp) -> Option<String> {
    written(t, 'T', "Z")
}

/// The time in UTC for people, `2025-11-23 11:40:00 UTC`; fraction and `None` as in [`rfc3339`].
#[must_use]
pub fn human(t: Timestamp) -> Option<String> {
    written(t, ' ', " UTC")
}

/// The time relative to now: `3 minutes 20 seconds ago`, `in 27 minutes`, or `now` where the two are less
/// than a second apart. Rounded as in [`span_words`].
#[must_use]
pub fn relative(t: Timestamp, now: Timestamp) -> String {
    let nanos = t.since(now);
    if nanos.unsigned_abs() < NANOS.unsigned_abs() {
        return "now".to_owned();
    }
    let words = span_words(nanos);
    if nanos < 0 {
        format!("{words} ago")
    } else {
        format!("in {words}")
    }
}

/// A length in nanoseconds, without its sign, in its largest unit and the next smaller one, rounded down: `1
/// hour 59 minutes`, `27 minutes`.
///
/// Days are counted until there are two years of 365.25 days; months have no fixed length.
#[must_use]
pub fn span_words(nanos: i128) -> String {
    let nanos = nanos.unsigned_abs();
    let seconds = nanos.checked_div(NANOS.unsigned_abs()).unwrap_or_default();
    if seconds == 0 && nanos > 0 {
        return "less than a second".to_owned();
    }
    let units = WORDS
        .iter()
        .skip_while(|(from, ..)| seconds < (*from).into());
    // Two times in `i64` seconds cannot be further apart.
    let mut rest = u64::try_from(seconds).unwrap_or(u64::MAX);
    let mut words = String::with_capacity(32);
    for (_, length, unit) in units.take(2) {
        let count = rest.checked_div(*length).unwrap_or_default();
        rest = rest.checked_rem(*length).unwrap_or_default();
        if count > 0 || words.is_empty() {
            let plural = if count == 1 { "" } else { "s" };
            let gap = if words.is_empty() { "" } else { " " };
            words.extend([gap, &count.to_string(), " ", unit, plural]);
        }
    }
    words
}

pub(super) fn written(t: Timestamp, between: char, zone: &str) -> Option<String> {
    let nanos = u32::try_from(t.0.rem_euclid(NANOS)).ok()?;
    // With its offset, each part of it would be worked out anew.
    let utc = DateTime::from_timestamp(t.seconds(), nanos)?.naive_utc();
    if !(0..=9999).contains(&utc.year()) {
        return None;
    }
    let mut text = String::with_capacity(40);
    let year = utc.year().unsigned_abs();
    push_two(year / 100, &mut text);
    push_two(year % 100, &mut text);
    for (before, number) in [
        ('-', utc.month()),
        ('-', utc.day()),
        (between, utc.hour()),
        (':', utc.minute()),
        (':', utc.second()),
    ] {
        text.push(before);
        push_two(number, &mut text);
    }
    if nanos > 0 {
        text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
    }
    text.push_str(zone);
    Some(text)
}

/// Appends a number of two digits to a text. A token has several times, and a text many tokens: formatting by
/// a pattern takes ten times as long.
fn push_two(number: u32, text: &mut String) {
    for digit in [number / 10 % 10, number % 10] {
        text.push(char::from_digit(digit, 10).unwrap_or_default());
    }
}
