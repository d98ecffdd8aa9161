//! How a value of a token looks: to people, and as a part of JSON. What a token says is made safe here.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::advice::{Running, sentence};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line::{self, line};
use crate::cli::paint::Paint;
use crate::cli::sentence::said;
use crate::text::escape;
use crate::token::json::{Json, Object};
use crate::token::refusal::{Reason, Refusal};
use crate::token::warning::Warning;

/// Checked JSON text, as a part of other JSON.
pub(super) fn raw(text: String) -> Box<RawValue> {
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

pub(super) fn raw_of(json: Json<'_>) -> Box<RawValue> {
    raw(json.compact().into_owned())
}

/// An object, as a part of other JSON. It may be large, and is copied only where it has white space
/// to lose.
pub(super) fn raw_object(object: &Object) -> Cow<'_, RawValue> {
    match object.compact() {
        Cow::Borrowed(text) => Cow::Borrowed(serde_json::from_str(text).unwrap_or(RawValue::NULL)),
        Cow::Owned(text) => Cow::Owned(raw(text)),
    }
}

#[derive(Serialize)]
pub(super) struct WarningJson<'a> {
    code: &'a str,
    message: &'a str,
}

pub(super) fn warnings_json(warnings: &[Warning]) -> Vec<WarningJson<'_>> {
    warnings
        .iter()
        .map(|w| WarningJson {
            code: w.code,
            message: &w.message,
        })
        .collect()
}

/// Why there is no token, or no content to show.
#[derive(Serialize)]
pub(super) struct ErrorJson<'a> {
    reason: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl<'a> ErrorJson<'a> {
    pub(super) fn of(reason: Reason, message: &'a str) -> Self {
        ErrorJson {
            reason: reason.code(),
            message,
            hint: None,
        }
    }

    /// Why an encrypted token does not open, and what to do about it.
    pub(super) fn unopened(refusal: &'a Refusal) -> Self {
        let hint = refusal.hint.as_ref();
        ErrorJson {
            hint: hint.map(|hint| sentence(hint, Running::Decode)),
            ..ErrorJson::of(refusal.reason, &refusal.message)
        }
    }
}

/// The one value that `--get` prints: a string bare, or `None` where it cannot be printed bare.
pub(super) fn bare_value(value: Json<'_>) -> Option<String> {
    match value.as_str() {
        Some(text) if escape::is_plain(&text) => Some(format!("{text}\n")),
        Some(_) => None,
        None => Some(json_value(value)),
    }
}

/// A value that would need escapes to be printed bare.
pub(super) fn unprintable(shown: &str) -> Failure {
    Failure::new(
        Exit::Refused,
        format!("`{shown}` has characters that cannot be printed bare"),
    )
    .hint(format!("`--get {shown} --json` prints it with escapes"))
}

/// The same, written directly, for a value that may be large.
pub(super) fn write_json_value(value: Json<'_>, out: &mut impl Write) -> io::Result<()> {
    json_line::write(&raw_of(value), out)
}

/// A value as JSON on a line.
pub(super) fn json_value(value: Json<'_>) -> String {
    line(&raw_of(value))
}

/// A value as a person reads it: a string bare, unless it could be taken for something else.
pub(super) fn shown(value: Json<'_>) -> Cow<'_, str> {
    match value.as_str() {
        Some(text) if needs_quotes(&text) => format!("\"{}\"", escape::terminal(&text)).into(),
        Some(text) => safe(text),
        None => safe(value.compact()),
    }
}

/// Whether a bare text could be taken for something else than a string.
pub(super) fn needs_quotes(text: &str) -> bool {
    text.trim() != text || text.is_empty() || Json::parse_str(text).is_ok()
}

/// As [`escape::terminal`], without a copy of what is safe.
fn safe(text: Cow<'_, str>) -> Cow<'_, str> {
    match escape::terminal(&text) {
        Cow::Owned(safe) => safe.into(),
        Cow::Borrowed(_) => text,
    }
}

pub(super) fn warning_line(warning: &Warning, paint: Paint) -> String {
    said(
        "warning:",
        paint.yellow("warning:"),
        &warning.message,
        paint,
    )
}
