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
