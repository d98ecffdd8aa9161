//! Times: how they are written on the command line (TIME, DUR) and how they are shown.
//!
//! Nothing here reads a clock, and nothing overflows: what does not fit saturates or is refused.

use std::fmt;

use chrono::{DateTime, Datelike, Timelike};

use super::escape;

const NANOS: i128 = 1_000_000_000;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
/// 365.25 days.
const YEAR: u64 = 31_557_600;

/// The units of a DUR, in the order in which they are written.
const UNITS: [(&str, u64); 5] = [
    ("w", WEEK),
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", 1),
];

/// From how many seconds on a length is counted in which unit. Years begin at two: one of 365.25 days is
/// nobody's year.
const WORDS: [(u64, u64, &str); 5] = [
    (2 * YEAR, YEAR, "year"),
    (DAY, DAY, "day"),
    (HOUR, HOUR, "hour"),
    (MINUTE, MINUTE, "minute"),
    (0, 1, "second"),
];

/// A value is shown in an error up to this many characters.
const SHOWN: usize = 60;

const DUR_FORM: &str = "a duration is written like `90s`, `1h30m` or `7d`";
const CALENDAR_UNITS: [&str; 8] = ["mo", "mon", "month", "months", "y", "yr", "year", "years"];
const CALENDAR_HINT: &str =
    "months and years have no fixed length; count days like `30d`, and minutes like `30m`";
const TIME_FORM: &str = "a time is `now`, from now like `1h30m` or `-1h`, like `2026-12-31T23:59:59Z`, or seconds since 1970";

/// A point in time, in nanoseconds since 1970-01-01T00:00:00Z without leap seconds (`NumericDate`,
/// RFC 7519 section 2); arithmetic saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i128);

impl Timestamp {
    /// Takes seconds since 1970; every number is a time.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        // The product of any i64 fits with room to spare.
        Self((seconds as i128).saturating_mul(NANOS))
    }

    /// Takes nanoseconds since 1970; every number is a time.
    #[must_use]
    pub const fn from_nanos(nanos: i128) -> Self {
        Self(nanos)
    }

    /// Whole seconds since 1970, rounded down (before 1970 too), at the ends of an `i64` saturated.
    #[must_use]
    pub fn seconds(self) -> i64 {
        let seconds = self.0.div_euclid(NANOS);
        i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// The time that is `span` later, or the last one there is.
    #[must_use]
    pub const fn saturating_add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.nanos()))
    }

    /// The time that is `span` earlier, or the first one there is.
    #[must_use]
    pub const fn saturating_sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.nanos()))
    }

    /// Nanoseconds from `other` to this time, negative where this one is the earlier; saturated.
    #[must_use]
    pub const fn since(self, other: Self) -> i128 {
        self.0.saturating_sub(other.0)
    }
}

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
    /// is repeated or out of order, and what does not fit into 64 bits.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let mut seconds = 0_u64;
        // Finding a unit uses up those before it, so that the order is kept and none comes twice.
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

/// Why a TIME or a DUR was refused, and what to write instead; the value in it is cut and safe to print.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeError {
    /// What is wrong with which value.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}

impl TimeError {
    fn new(message: String, hint: impl Into<String>) -> Self {
        Self {
            message,
            hint: Some(hint.into()),
        }
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TimeError {}

/// Reads a TIME: `now`, a DUR from now or (with a leading `-`) before it, an RFC 3339 time, or seconds since
/// 1970 of 9 to 11 digits. `now` and what is counted from it are whole seconds, `now` being rounded down.
///
/// # Errors
///
/// Refuses all else, with a hint: a number of another length, a date without time or offset
/// (RFC 3339 section 5.6), a leading `+`, and a DUR that leads out of the seconds of an `i64`.
pub fn parse_time(text: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
    let shift = |span: Span, ago: bool| {
        let now = i128::from(now.seconds());
        let span = i128::from(span.seconds());
        let seconds = if ago {
            now.checked_sub(span)
        } else {
            now.checked_add(span)
        };
        (seconds.and_then(|seconds| i64::try_from(seconds).ok()))
            .map(Timestamp::from_seconds)
            .ok_or_else(|| too_long(text))
    };
    if text == "now" {
        return Ok(Timestamp::from_seconds(now.seconds()));
    }
    if let Some(ago) = text.strip_prefix('-') {
        return Span::parse(ago).and_then(|span| shift(span, true));
    }
    if let Some(ahead) = text.strip_prefix('+') {
        let message = format!("{} has a sign", shown(text));
        return Err(TimeError::new(
            message,
            format!("leave the `+` out: {}", shown(ahead)),
        ));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(TimeError::new(
            format!("{} is not a time", shown(text)),
            TIME_FORM,
        ));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return since_1970(text);
    }
    if text.contains(['-', ':', '/']) {
        return date_and_time(text);
    }
    Span::parse(text).and_then(|span| shift(span, false))
}

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

/// Where the time lies as seen from now: `3 minutes 20 seconds ago`, `in 27 minutes`, or `now` where less than a second
/// lies between. Rounded as in [`span_words`].
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

/// A length of nanoseconds, its sign aside, in its largest unit and the next smaller one, rounded down:
/// `1 hour 59 minutes`, `27 minutes`.
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
    // Two times of an `i64` of seconds are no farther from each other.
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

fn written(t: Timestamp, between: char, zone: &str) -> Option<String> {
    let nanos = u32::try_from(t.0.rem_euclid(NANOS)).ok()?;
    let utc = DateTime::from_timestamp(t.seconds(), nanos)?;
    if !(0..=9999).contains(&utc.year()) {
        return None;
    }
    let mut text = String::with_capacity(40);
    push_digits(utc.year().unsigned_abs(), 4, &mut text);
    for (before, number) in [
        ('-', utc.month()),
        ('-', utc.day()),
        (between, utc.hour()),
        (':', utc.minute()),
        (':', utc.second()),
    ] {
        text.push(before);
        push_digits(number, 2, &mut text);
    }
    if nanos > 0 {
        text.push('.');
        push_digits(nanos, 9, &mut text);
        text.truncate(text.trim_end_matches('0').len());
    }
    text.push_str(zone);
    Some(text)
}

/// Writes a number in so many digits, at the end of a text. A token has several times, and a text many
/// tokens: what formats by a pattern takes ten times as long.
fn push_digits(number: u32, digits: u32, text: &mut String) {
    for place in (0..digits).rev() {
        let above = number.checked_div(10_u32.pow(place)).unwrap_or_default();
        text.extend(char::from_digit(above % 10, 10));
    }
}

/// Reads a text of ASCII digits, which must be one that can only mean seconds.
fn since_1970(digits: &str) -> Result<Timestamp, TimeError> {
    let (finer, surplus) = match digits.len() {
        ..9 => return Err(unitless(digits)),
        9..=11 => {
            let seconds = digits.parse().map_err(|_| too_long(digits))?;
            return Ok(Timestamp::from_seconds(seconds));
        }
        12..=14 => ("milliseconds", 3),
        15..=17 => ("microseconds", 6),
        18..=20 => ("nanoseconds", 9),
        _ => {
            let message = format!("{} is too long for seconds since 1970", shown(digits));
            return Err(TimeError::new(
                message,
                "seconds since 1970 have 9 to 11 digits",
            ));
        }
    };
    let seconds: String = digits
        .chars()
        .take(digits.len().saturating_sub(surplus))
        .collect();
    let message = format!("{} is too long for seconds since 1970", shown(digits));
    Err(TimeError::new(
        message,
        format!("these look like {finer}; did you mean `{seconds}`?"),
    ))
}

fn date_and_time(text: &str) -> Result<Timestamp, TimeError> {
    // chrono reads the minus sign U+2212 as a hyphen; RFC 3339 is ASCII.
    let read = |text: &str| {
        text.is_ascii()
            .then(|| DateTime::parse_from_rfc3339(text).ok())
            .flatten()
    };
    if let Some(time) = read(text) {
        // In a leap second the nanoseconds run on past one second, and so into the next.
        let whole = Timestamp::from_seconds(time.timestamp());
        return Ok(Timestamp(
            whole.0.saturating_add(time.timestamp_subsec_nanos().into()),
        ));
    }
    let hint = ["Z", "T00:00:00Z"]
        .map(|missing| format!("{text}{missing}"))
        .into_iter()
        .find(|complete| read(complete).is_some())
        .map_or_else(
            || "write date, time and offset: `2026-12-31T23:59:59Z`".to_owned(),
            |complete| format!("did you mean {}?", shown(&complete)),
        );
    Err(TimeError::new(
        format!("{} is not an RFC 3339 time", shown(text)),
        hint,
    ))
}

/// Says what keeps `text` from being a DUR, where reading stopped at `rest` and only `units` could follow.
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

fn unitless(digits: &str) -> TimeError {
    let seconds = shown(&format!("{digits}s"));
    TimeError::new(
        format!("{} has no unit", shown(digits)),
        format!("did you mean {seconds}?"),
    )
}

fn too_long(text: &str) -> TimeError {
    TimeError {
        message: format!("{} is too long a time", shown(text)),
        hint: None,
    }
}

/// A value in backticks, cut before it is escaped so that no escape is cut in two. A long one that is
/// no number is not repeated: a token may stand where a time was left out.
fn shown(value: &str) -> String {
    let count = value.chars().count();
    if count > SHOWN && !value.bytes().all(|b| b.is_ascii_digit()) {
        return format!("a text of {count} characters");
    }
    let start: String = value.chars().take(SHOWN).collect();
    let more = if start.len() < value.len() { "…" } else { "" };
    format!("`{}{more}`", escape::terminal(&start))
}

/// The longest start of the text whose characters all hold, and what follows it.
fn split_while(text: &str, holds: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !holds(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-23T11:40:00.75Z
    const NOW: Timestamp = Timestamp::from_nanos(1_763_898_000_750_000_000);

    fn at(text: &str) -> Timestamp {
        parse_time(text, NOW).unwrap()
    }

    fn dur(text: &str) -> u64 {
        Span::parse(text).unwrap().seconds()
    }

    fn refused(text: &str) -> (String, String) {
        let error = parse_time(text, NOW).unwrap_err();
        (error.message, error.hint.unwrap_or_default())
    }

    fn dur_refused(text: &str) -> (String, String) {
        let error = Span::parse(text).unwrap_err();
        (error.message, error.hint.unwrap_or_default())
    }

    #[test]
    fn durations_are_read() {
        for (text, seconds) in [
            ("90s", 90),
            ("0s", 0),
            ("1h30m", 5400),
            ("7d", 604_800),
            ("1w2d3h4m5s", 788_645),
            ("007m", 420),
            ("1w1s", 604_801),
            ("18446744073709551615s", u64::MAX),
        ] {
            assert_eq!(dur(text), seconds, "{text}");
        }
    }

    #[test]
    fn a_bare_small_number_is_refused() {
        let expected = (
            "`300` has no unit".to_owned(),
            "did you mean `300s`?".to_owned(),
        );
        assert_eq!(dur_refused("300"), expected);
        assert_eq!(refused("300"), expected);
        assert_eq!(refused("12345678").1, "did you mean `12345678s`?");
        assert_eq!(refused("-300").1, "did you mean `300s`?");
    }

    #[test]
    fn months_and_years_are_refused() {
        for text in ["1M", "1y", "1Y", "2mo", "3months", "1year", "1w1M"] {
            let (message, hint) = dur_refused(text);
            assert_eq!(message, format!("`{text}` counts months or years"));
            assert!(
                hint.starts_with("months and years have no fixed length"),
                "{hint}"
            );
        }
    }

    #[test]
    fn malformed_durations_are_refused() {
        for (text, message) in [
            ("", "`` is not a duration"),
            ("h", "`h` is not a duration"),
            ("PT15M", "`PT15M` is not a duration"),
            ("1x", "`1x` has an unknown unit"),
            ("5min", "`5min` has an unknown unit"),
            ("500ms", "`500ms` has an unknown unit"),
            ("1hm", "`1hm` has an unknown unit"),
            ("1é", "`1é` has an unknown unit"),
            ("1H", "`1H` has a unit in upper case"),
            ("1S", "`1S` has a unit in upper case"),
            ("1.1", "`1.1` is not a duration"),
            ("1h-1", "`1h-1` is not a duration"),
            ("1.5h", "`1.5h` is not a duration"),
            ("1,5h", "`1,5h` is not a duration"),
            ("1 h", "`1 h` is not a duration"),
            ("1h 30m", "`1h 30m` is not a duration"),
            (" 1h", "` 1h` is not a duration"),
            ("1h ", "`1h ` is not a duration"),
            ("30m1h", "`30m1h` has its units out of order or twice"),
            ("1h1h", "`1h1h` has its units out of order or twice"),
            ("-1h", "`-1h` has a sign"),
            ("+1h", "`+1h` has a sign"),
            ("1h30", "`1h30` ends without a unit"),
            ("1s30", "`1s30` ends without a unit"),
            ("１h", "`１h` is not a duration"),
            (
                "18446744073709551616s",
                "`18446744073709551616s` is too long a time",
            ),
            (
                "18446744073709551615m",
                "`18446744073709551615m` is too long a time",
            ),
            (
                "1m18446744073709551615s",
                "`1m18446744073709551615s` is too long a time",
            ),
        ] {
            assert_eq!(dur_refused(text).0, message);
        }
        assert_eq!(dur_refused("1h30").1, "did you mean `1h30m`?");
    }

    #[test]
    fn a_span_is_written_as_it_is_read() {
        for (seconds, text) in [
            (0, "0s"),
            (5400, "1h30m"),
            (604_800, "7d"),
            (61, "1m1s"),
            (86_405, "1d5s"),
        ] {
            assert_eq!(Span::from_seconds(seconds).to_string(), text);
        }
        let mut seconds = 1_u64;
        for step in 0..20_000_u64 {
            for n in [step, seconds, u64::MAX - step] {
                assert_eq!(dur(&Span::from_seconds(n).to_string()), n);
            }
            seconds = seconds
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1)
                >> (step % 3);
        }
    }

    #[test]
    fn a_time_from_now_is_in_whole_seconds() {
        assert_eq!(at("now"), Timestamp::from_seconds(1_763_898_000));
        assert_eq!(at("1h30m"), Timestamp::from_seconds(1_763_903_400));
        assert_eq!(at("-1h"), Timestamp::from_seconds(1_763_894_400));
        assert_eq!(at("0s"), at("-0s"));
    }

    #[test]
    fn rfc_3339_times_are_read() {
        assert_eq!(
            at("2025-11-23T11:40:00Z"),
            Timestamp::from_seconds(1_763_898_000)
        );
        assert_eq!(
            at("2025-11-23t11:40:00z"),
            Timestamp::from_seconds(1_763_898_000)
        );
        assert_eq!(
            at("2025-11-23 12:40:00+01:00"),
            Timestamp::from_seconds(1_763_898_000)
        );
        assert_eq!(at("2025-11-23T11:40:00.75Z"), NOW);
        assert_eq!(
            at("2016-12-31T23:59:60Z"),
            Timestamp::from_seconds(1_483_228_800)
        );
        assert_eq!(at("1969-12-31T23:59:59.5Z").nanos(), -500_000_000);
    }

    #[test]
    fn an_incomplete_date_is_refused_with_what_it_lacks() {
        for (text, hint) in [
            ("2026-12-31", "did you mean `2026-12-31T00:00:00Z`?"),
            (
                "2026-12-31T23:59:59",
                "did you mean `2026-12-31T23:59:59Z`?",
            ),
            (
                "2026-12-31 23:59:59.5",
                "did you mean `2026-12-31 23:59:59.5Z`?",
            ),
            (
                "2026-02-30",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
            (
                "2026-12-31T23:59Z",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
            (
                "2026-12-31T24:00:00Z",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
            (
                "2026-12-31T23:59:59\u{2212}01:00",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
            (
                "12:30",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
            (
                "31/12/2026",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
            (
                "2026-12-31T23:59:59Z ",
                "write date, time and offset: `2026-12-31T23:59:59Z`",
            ),
        ] {
            let (message, found) = refused(text);
            assert_eq!(message, format!("`{text}` is not an RFC 3339 time"));
            assert_eq!(found, hint, "{text}");
        }
    }

    #[test]
    fn seconds_since_1970_have_nine_to_eleven_digits() {
        assert_eq!(at("123456789"), Timestamp::from_seconds(123_456_789));
        assert_eq!(at("1763898000"), Timestamp::from_seconds(1_763_898_000));
        assert_eq!(at("99999999999"), Timestamp::from_seconds(99_999_999_999));
    }

    #[test]
    fn a_long_number_is_refused_with_its_seconds() {
        for (text, hint) in [
            (
                "176389800000",
                "these look like milliseconds; did you mean `176389800`?",
            ),
            (
                "1763898000123",
                "these look like milliseconds; did you mean `1763898000`?",
            ),
            (
                "1763898000123456",
                "these look like microseconds; did you mean `1763898000`?",
            ),
            (
                "1763898000123456789",
                "these look like nanoseconds; did you mean `1763898000`?",
            ),
            (
                "176389800012345678901",
                "seconds since 1970 have 9 to 11 digits",
            ),
        ] {
            assert_eq!(
                refused(text),
                (
                    format!("`{text}` is too long for seconds since 1970"),
                    hint.to_owned()
                )
            );
        }
    }

    #[test]
    fn words_are_refused_with_the_forms() {
        for text in [
            "tomorrow",
            "never",
            "",
            "NOW",
            "now ",
            "next-week",
            "P1D",
            "١٢٣٤٥٦٧٨٩",
        ] {
            assert_eq!(
                refused(text),
                (format!("`{text}` is not a time"), TIME_FORM.to_owned())
            );
        }
        assert_eq!(
            refused("+1h"),
            (
                "`+1h` has a sign".to_owned(),
                "leave the `+` out: `1h`".to_owned()
            )
        );
        assert_eq!(refused("--1h").0, "`-1h` has a sign");
    }

    #[test]
    fn a_time_too_far_from_now_is_refused() {
        assert_eq!(
            refused("9223372036854775807s").0,
            "`9223372036854775807s` is too long a time"
        );
        assert_eq!(
            refused("-18446744073709551615s").0,
            "`-18446744073709551615s` is too long a time"
        );
        assert!(parse_time("1s", Timestamp::from_nanos(i128::MAX)).is_err());
        assert_eq!(at("9223372035090877807s").seconds(), i64::MAX);
    }

    #[test]
    fn a_refused_value_is_cut_and_safe_to_print() {
        let (message, _) = refused(&"9".repeat(1000));
        assert_eq!(
            message,
            format!("`{}…` is too long for seconds since 1970", "9".repeat(60))
        );
        let (message, _) = refused("\u{1b}[2J\n");
        assert_eq!(message, "`\\u001b[2J\\n` is not a time");
        let (message, _) = refused(&"👩\u{200d}".repeat(100));
        assert!(escape::is_plain(&message), "{message}");
    }

    #[test]
    fn an_error_shows_its_message() {
        let error = Span::parse("300").unwrap_err();
        assert_eq!(error.to_string(), error.message);
    }

    #[test]
    fn no_text_makes_it_panic() {
        let palette = [
            "",
            "1",
            "-",
            "+",
            "s",
            "h",
            "M",
            ":",
            "T",
            "Z",
            "2026-12-31",
            " ",
            ".",
            "é",
            "99999999999",
            "\u{200d}",
        ];
        for a in palette {
            for b in palette {
                for c in palette {
                    for d in palette {
                        let text = format!("{a}{b}{c}{d}");
                        for now in [
                            NOW,
                            Timestamp::from_nanos(i128::MIN),
                            Timestamp::from_nanos(i128::MAX),
                        ] {
                            if let Err(error) = parse_time(&text, now) {
                                assert!(escape::is_plain(&error.message), "{text}");
                                assert!(
                                    error.hint.is_none_or(|hint| escape::is_plain(&hint)),
                                    "{text}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn times_are_written_in_utc() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_763_898_000_000_000_000, "2025-11-23T11:40:00Z"),
            (1_763_898_000_750_000_000, "2025-11-23T11:40:00.75Z"),
            (1, "1970-01-01T00:00:00.000000001Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (-62_167_219_200_000_000_000, "0000-01-01T00:00:00Z"),
            (
                253_402_300_799_999_999_999,
                "9999-12-31T23:59:59.999999999Z",
            ),
        ] {
            let t = Timestamp::from_nanos(nanos);
            assert_eq!(rfc3339(t).as_deref(), Some(text));
            assert_eq!(at(text), t);
            let words = text.replace('T', " ").replace('Z', " UTC");
            assert_eq!(human(t), Some(words));
        }
    }

    #[test]
    fn times_outside_four_digit_years_are_not_written() {
        for nanos in [
            -62_167_219_200_000_000_001,
            253_402_300_800_000_000_000,
            i128::MIN,
            i128::MAX,
        ] {
            assert_eq!(rfc3339(Timestamp::from_nanos(nanos)), None);
            assert_eq!(human(Timestamp::from_nanos(nanos)), None);
        }
    }

    #[test]
    fn relative_times_read_like_speech() {
        const S: i128 = NANOS;
        for (nanos, words) in [
            (0, "now"),
            (S - 1, "now"),
            (1 - S, "now"),
            (S, "in 1 second"),
            (-S, "1 second ago"),
            (59 * S, "in 59 seconds"),
            (60 * S, "in 1 minute"),
            (61 * S, "in 1 minute 1 second"),
            (-200 * S, "3 minutes 20 seconds ago"),
            (1_679 * S, "in 27 minutes 59 seconds"),
            (3_600 * S, "in 1 hour"),
            (3_659 * S, "in 1 hour"),
            (-7_199 * S, "1 hour 59 minutes ago"),
            (-86_399 * S, "23 hours 59 minutes ago"),
            (86_400 * S + 59 * 60 * S, "in 1 day"),
            (-2 * 86_400 * S, "2 days ago"),
            (-47 * 3_600 * S, "1 day 23 hours ago"),
            (730 * 86_400 * S, "in 730 days"),
            (731 * 86_400 * S, "in 2 years"),
            (1_096 * 86_400 * S, "in 3 years"),
            (1_200 * 86_400 * S, "in 3 years 104 days"),
        ] {
            assert_eq!(
                relative(Timestamp::from_nanos(nanos), Timestamp::from_nanos(0)),
                words
            );
            let t = Timestamp::from_nanos(NOW.nanos() + nanos);
            assert_eq!(relative(t, NOW), words);
        }
    }

    #[test]
    fn spans_are_said_in_words() {
        assert_eq!(span_words(0), "0 seconds");
        assert_eq!(span_words(1), "less than a second");
        assert_eq!(span_words(Span::from_seconds(240).nanos()), "4 minutes");
        assert_eq!(span_words(-Span::from_seconds(3600).nanos()), "1 hour");
    }

    #[test]
    fn the_ends_of_time_saturate() {
        let (first, last) = (
            Timestamp::from_nanos(i128::MIN),
            Timestamp::from_nanos(i128::MAX),
        );
        let long = Span::from_seconds(u64::MAX);
        assert_eq!(last.saturating_add(long), last);
        assert_eq!(first.saturating_sub(long), first);
        assert_eq!((first.seconds(), last.seconds()), (i64::MIN, i64::MAX));
        assert_eq!(last.since(first), i128::MAX);
        assert!(relative(first, last).contains(" years "));
        assert!(relative(last, first).starts_with("in "));
        assert!(span_words(i128::MIN).contains(" years"));
    }

    #[test]
    fn seconds_are_rounded_down_before_1970_too() {
        assert_eq!(Timestamp::from_nanos(-1).seconds(), -1);
        assert_eq!(Timestamp::from_nanos(999_999_999).seconds(), 0);
        for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
            assert_eq!(Timestamp::from_seconds(seconds).seconds(), seconds);
        }
        assert!(Timestamp::from_seconds(1) > Timestamp::from_nanos(1));
    }
}
