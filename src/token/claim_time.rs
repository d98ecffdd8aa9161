//! Members that are times: NumericDates by their name, and others that are named and sized like one.

use crate::text::time::Timestamp;
use crate::token::claims::numeric_date;
use crate::token::json::{Json, Kind};

/// The names of NumericDates beside `exp`, `nbf` and `iat` (RFC 7519 section 4.1): OpenID Connect Core 1.0
/// sections 2 and 5.1, RFC 8417 section 2.2.
pub(crate) const OTHER_NUMERIC_DATES: [&str; 3] = ["auth_time", "updated_at", "toe"];

/// What the names of other times end in, as `created_at`, `orig_iat` and `expiresAt` do, and Kubernetes' `warnafter`.
const LAST_WORDS: [&str; 23] = [
    "at",
    "time",
    "date",
    "timestamp",
    "ts",
    "epoch",
    "exp",
    "expiry",
    "expires",
    "expiration",
    "iat",
    "nbf",
    "until",
    "since",
    "before",
    "after",
    "warnafter",
    "created",
    "updated",
    "modified",
    "issued",
    "seen",
    "changed",
];

/// A number that is named like a time is one if it lies in these years: 1990 to 2099.
const YEARS: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// The number of seconds from which on a number most likely counts this smaller unit (the year 5138, and the
/// same in that unit), and how many of the unit make a second.
const UNITS: [(u64, Unit, i128); 3] = [
    (100_000_000_000_000_000, Unit::Nanoseconds, 1_000_000_000),
    (100_000_000_000_000, Unit::Microseconds, 1_000_000),
    (100_000_000_000, Unit::Milliseconds, 1_000),
];

/// What a number counts since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As a NumericDate does.
    Seconds,
    /// As JavaScript and Java do.
    Milliseconds,
    /// As databases do.
    Microseconds,
    /// As Go does.
    Nanoseconds,
}

impl Unit {
    /// The plural of its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "seconds",
            Unit::Milliseconds => "milliseconds",
            Unit::Microseconds => "microseconds",
            Unit::Nanoseconds => "nanoseconds",
        }
    }
}

/// A time as a member of a token has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimTime {
    /// The time, by the unit that the number most likely counts.
    pub at: Timestamp,
    /// That unit.
    pub unit: Unit,
}

impl ClaimTime {
    /// The time that a member of this name has as its value, if it is a time.
    #[must_use]
    pub fn of(name: &str, value: Json<'_>) -> Option<ClaimTime> {
        if value.kind() != Kind::Number {
            return None;
        }
        let is_date = is_numeric_date(name);
        if !is_date && !is_named_like_a_time(name) {
            return None;
        }
        let time = ClaimTime::by_size(numeric_date(value).ok()?);
        (is_date || YEARS.contains(&time.at.seconds())).then_some(time)
    }

    /// Reads a number of seconds by the unit that it most likely counts.
    #[must_use]
    pub fn by_size(seconds: Timestamp) -> ClaimTime {
        let size = seconds.seconds().unsigned_abs();
        let Some((_, unit, per_second)) = UNITS.iter().find(|(from, ..)| size >= *from) else {
            return ClaimTime {
                at: seconds,
                unit: Unit::Seconds,
            };
        };
        let nanos = seconds.nanos().checked_div(*per_second);
        ClaimTime {
            at: Timestamp::from_nanos(nanos.unwrap_or_default()),
            unit: *unit,
        }
    }
}

fn is_numeric_date(name: &str) -> bool {
    matches!(name, "exp" | "nbf" | "iat") || OTHER_NUMERIC_DATES.contains(&name)
}

fn is_named_like_a_time(name: &str) -> bool {
    let (before, last) = last_words(name);
    let is_last = |word: &str| last.eq_ignore_ascii_case(word);
    LAST_WORDS.iter().any(|word| is_last(word))
        || before.eq_ignore_ascii_case("last") && is_last("login")
}

/// The last two words of a name, which may be written in snake, kebab or camel case.
fn last_words(name: &str) -> (&str, &str) {
    let end = |text: &str| {
        text.trim_end_matches(|c: char| c.is_ascii_punctuation())
            .len()
    };
    let start = |text: &str| {
        let bytes = text.as_bytes();
        let begins = |at: &usize| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            match (before, bytes.get(*at)) {
                (Some(before), Some(first)) => {
                    !before.is_ascii_alphanumeric()
                        || first.is_ascii_uppercase() && !before.is_ascii_uppercase()
                }
                _ => true,
            }
        };
        (0..bytes.len()).rev().find(begins).unwrap_or_default()
    };
    let name = name.get(..end(name)).unwrap_or_default();
    let (rest, last) = name.split_at_checked(start(name)).unwrap_or_default();
    let rest = rest.get(..end(rest)).unwrap_or_default();
    (rest.get(start(rest)..).unwrap_or_default(), last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(name: &str, number: &str) -> Option<(i64, Unit)> {
        let value = Json::parse_str(number).unwrap().value;
        ClaimTime::of(name, value).map(|time| (time.at.seconds(), time.unit))
    }

    #[test]
    fn a_numeric_date_is_a_time_of_any_size() {
        for name in ["exp", "nbf", "iat", "auth_time", "updated_at", "toe"] {
            for seconds in [0, -1, 99_999_999_999] {
                let expected = Some((seconds, Unit::Seconds));
                assert_eq!(time(name, &seconds.to_string()), expected, "{name}");
            }
            assert_eq!(time(name, "\"1735689600\""), None);
            assert_eq!(time(name, "1e400"), None);
        }
    }

    #[test]
    fn smaller_units_are_told_by_size() {
        for (number, unit) in [
            ("1735689600", Unit::Seconds),
            ("1735689600000", Unit::Milliseconds),
            ("1735689600000000", Unit::Microseconds),
            ("1735689600000000000", Unit::Nanoseconds),
            ("1.7356896e12", Unit::Milliseconds),
        ] {
            for name in ["exp", "createdAt"] {
                assert_eq!(time(name, number), Some((1_735_689_600, unit)), "{number}");
            }
        }
        assert_eq!(
            time("exp", "-1735689600000"),
            Some((-1_735_689_600, Unit::Milliseconds))
        );
    }

    #[test]
    fn what_is_named_and_sized_like_a_time_is_one() {
        for name in [
            "expires_at",
            "orig_iat",
            "created_at",
            "createdAt",
            "createdAT",
            "expires-at",
            "EXPIRES_AT",
            "refresh_exp",
            "not_before",
            "validUntil",
            "last_login",
            "lastLogin",
            "https://id.example/claims/issued_at",
            "urn:example:time",
            "sessionExpiry2_exp",
            "timestamp",
            "at",
        ] {
            assert!(time(name, "1735689600").is_some(), "{name}");
            assert!(time(name, "1735689600.5").is_some(), "{name}");
            for other in ["3600", "-1", "4102444800", "true", "[]", "null", "\"x\""] {
                assert_eq!(time(name, other), None, "{name}: {other}");
            }
        }
    }

    #[test]
    fn other_names_are_no_times() {
        for name in [
            "",
            "_",
            "format",
            "chat",
            "login",
            "at_hash",
            "timezone",
            "id",
            "étAt é",
            "sub",
            "times",
            "user_id",
            "exp_id",
            "expires_in_bytes",
            "at\u{301}",
        ] {
            assert_eq!(time(name, "1735689600"), None, "{name}");
        }
    }
}
