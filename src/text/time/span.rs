//! A length of time: how it is written on the command line (DUR), and why a text is not one.

use std::fmt;

use crate::text::time::NANOS;
use crate::text::time::error::{TimeError, shown, too_long, unitless};

pub(super) const MINUTE: u64 = 60;

pub(super) const HOUR: u64 = 60 * MINUTE;

pub(super) const DAY: u64 = 24 * HOUR;

const WEEK: u64 = 7 * DAY;

/// 365.25 days.
pub(super) const YEAR: u64 = 31_557_600;

/// The units of a DUR, in the order in which they are written.
const UNITS: [(&str, u64); 5] = [
    ("w", WEEK),
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", 1),
];

const DUR_FORM: &str = "a duration is written like `90s`, `1h30m` or `7d`";

const CALENDAR_UNITS: [&str; 8] = ["mo", "mon", "month", "months", "y", "yr", "year", "years"];

const CALENDAR_HINT: &str =
    "months and years have no fixed length; count days like `30d`, and minutes like `30m`";

/// A length of time in whole seconds: the DUR of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Span {
    /// Takes seconds; every number is a span.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The span in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// The span in nanoseconds, which any number of seconds fits into.
    #[must_use]
    pub const fn nanos(self) -> i128 {
        (self.0 as i128).saturating_mul(NANOS)
    }

    /// Reads a DUR: `<digits><unit>` once or more, with the units `w d h m s` in that order.
    ///
    /// # Errors
    ///
    /// Refuses all else: a bare number, months and years, fractions, signs, spaces, upper case, a unit that
    /// is repeated or out of order, and a length that does not fit into 64 bits.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let mut seconds = 0_u64;
        // Finding a unit uses up those before it, so the order is kept and no unit comes twice.
        let mut units = UNITS.iter();
        let mut rest = text;
        loop {
            let (digits, tail) = split_while(rest, |c| c.is_ascii_digit());
            let (unit, tail) = split_while(tail, char::is_alphabetic);
            let left = units.as_slice();
            let found = units.find(|(name, _)| *name == unit);
            let (Some(&(_, length)), false) = (found, digits.is_empty()) else {
                return Err(misspelt(text, rest, left));
            };
            seconds = (digits.parse::<u64>().ok())
                .and_then(|count| count.checked_mul(length))
                .and_then(|more| seconds.checked_add(more))
                .ok_or_else(|| too_long(text))?;
            if tail.is_empty() {
                return Ok(Self(seconds));
            }
            rest = tail;
        }
    }
}

/// Writes a DUR that [`Span::parse`] reads as the same span: `1h30m`, `0s`. Weeks are written as days.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, length) in UNITS.into_iter().filter(|&(_, length)| length <= DAY) {
            if let (Some(count @ 1..), Some(left)) =
                (rest.checked_div(length), rest.checked_rem(length))
            {
                write!(f, "{count}{unit}")?;
                rest = left;
            }
        }
        Ok(())
    }
}

/// Says why `text` is not a DUR, where reading stopped at `rest` and only `units` could follow.
fn misspelt(text: &str, rest: &str, units: &[(&str, u64)]) -> TimeError {
    let (digits, tail) = split_while(rest, |c| c.is_ascii_digit());
    let (unit, _) = split_while(tail, char::is_alphabetic);
    let lower = unit.to_lowercase();
    let is_unit = |word: &str| UNITS.iter().any(|(name, _)| *name == word);
    let error = |fault: &str, hint: &str| TimeError::new(format!("{} {fault}", shown(text)), hint);

    if text.starts_with(['-', '+']) {
        error("has a sign", DUR_FORM)
    } else if digits.is_empty() {
        error("is not a duration", DUR_FORM)
    } else if digits == text {
        unitless(text)
    } else if tail.is_empty() {
        let next = units
            .first()
            .map(|(name, _)| shown(&format!("{text}{name}")));
        let hint = next.map_or(DUR_FORM.to_owned(), |next| format!("did you mean {next}?"));
        error("ends without a unit", &hint)
    } else if unit.is_empty() {
        error(
            "is not a duration",
            "no fractions, no signs, no spaces: `90s`, `1h30m` or `7d`",
        )
    } else if unit == "M" || CALENDAR_UNITS.contains(&lower.as_str()) {
        error("counts months or years", CALENDAR_HINT)
    } else if is_unit(unit) {
        error(
            "has its units out of order or twice",
            "the order is `w d h m s`, each at most once",
        )
    } else if is_unit(&lower) {
        error(
            "has a unit in upper case",
            &format!("units are lower case: `{lower}`"),
        )
    } else {
        error(
            "has an unknown unit",
            "the units are `w d h m s`, as in `1h30m`",
        )
    }
}

/// The longest start of the text whose characters all hold, and what follows it.
fn split_while(text: &str, holds: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !holds(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}
