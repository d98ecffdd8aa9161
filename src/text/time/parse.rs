//! A point in time as it is written on the command line (TIME).

use chrono::DateTime;

use crate::text::time::Timestamp;
use crate::text::time::error::{TimeError, shown, too_long, unitless};
use crate::text::time::span::Span;

pub(super) const TIME_FORM: &str = "a time is `now`, a length from now such as `1h30m` or `-1h`, a date such as `2026-12-31T23:59:59Z`, or seconds since 1970";

/// Reads a TIME: `now`, a DUR from now or (with a leading `-`) before it, an RFC 3339 time, or seconds since
/// 1970 of 9 to 11 digits. `now` is rounded down to whole seconds, and a DUR is counted from there.
///
/// # Errors
///
/// Refuses all else, with a hint: a number of another length, a date without time or offset (RFC 3339 section
/// 5.6), a leading `+`, and a DUR that leads beyond an `i64` of seconds.
pub fn parse_time(text: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
    Moment::parse(text, now).map(|moment| moment.at(now))
}

/// A TIME: a point, or a distance from a now that may come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A point in time.
    At(Timestamp),
    /// So many seconds from now, or before it.
    FromNow(i128),
}

impl Moment {
    /// Reads a TIME as [`parse_time`] does.
    ///
    /// # Errors
    ///
    /// The same, by the time that is now.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, TimeError> {
        let from_now = |seconds: i128| {
            let reached = seconds.saturating_add(now.seconds().into());
            match i64::try_from(reached) {
                Ok(_) => Ok(Moment::FromNow(seconds)),
                Err(_) => Err(too_long(text)),
            }
        };
        if text == "now" {
            return from_now(0);
        }
        if let Some(ago) = text.strip_prefix('-') {
            return Span::parse(ago)
                .and_then(|span| from_now(i128::from(span.seconds()).saturating_neg()));
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
            return since_1970(text).map(Moment::At);
        }
        if text.contains(['-', ':', '/']) {
            return date_and_time(text).map(Moment::At);
        }
        Span::parse(text).and_then(|span| from_now(span.seconds().into()))
    }

    /// The point in time, where it is now: a distance is counted from whole seconds.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Moment::At(point) => point,
            Moment::FromNow(seconds) => {
                let reached = seconds.saturating_add(now.seconds().into());
                let end = if reached < 0 { i64::MIN } else { i64::MAX };
                Timestamp::from_seconds(i64::try_from(reached).unwrap_or(end))
            }
        }
    }
}

/// Reads ASCII digits; there must be so many that they can only mean seconds.
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
