//! Why a time or a length of time was refused.

use std::fmt;

use crate::text::escape;

/// A value is shown in an error up to this many characters.
const SHOWN: usize = 60;

/// Why a TIME or a DUR was refused, and what to write instead; the value in it is shortened and safe to
/// print.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeError {
    /// Which value is refused, and why.
    pub message: String,
    /// What to write instead, where that is known.
    pub hint: Option<String>,
}

impl TimeError {
    pub(super) fn new(message: String, hint: impl Into<String>) -> Self {
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

pub(super) fn unitless(digits: &str) -> TimeError {
    let seconds = shown(&format!("{digits}s"));
    TimeError::new(
        format!("{} has no unit", shown(digits)),
        format!("did you mean {seconds}?"),
    )
}

pub(super) fn too_long(text: &str) -> TimeError {
    TimeError {
        message: format!("{} is too long a time", shown(text)),
        hint: None,
    }
}

/// A value in backticks, cut before it is escaped so that no escape is cut in two. A long value that is not a
/// number is not repeated: it may be a token, where a time was left out.
pub(super) fn shown(value: &str) -> String {
    let count = value.chars().count();
    if count > SHOWN && !value.bytes().all(|b| b.is_ascii_digit()) {
        return format!("a text of {count} characters");
    }
    let start: String = value.chars().take(SHOWN).collect();
    let more = if start.len() < value.len() { "…" } else { "" };
    format!("`{}{more}`", escape::terminal(&start))
}
