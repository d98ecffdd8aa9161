//! How results look: lines for people, JSON for programs. Everything a token says is made safe here.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::advice::{Running, sentence};
use crate::cli::columns::{padding, width};
use crate::cli::json_line::{self, Origin, line};
use crate::cli::paint::Paint;
use crate::cli::sentence::said;
use crate::cli::verdict::{Accepted, Verdict, report_of};
use crate::text::escape;
use crate::text::time;
use crate::token::claims::{Members, numeric_date};
use crate::token::compact::Malformed;
use crate::token::json::{Json, Object};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::Outcome;
use crate::token::verify::Refused;
use crate::token::warning::Warning;

/// Checked JSON text, as a part of other JSON.
fn raw(text: String) -> Box<RawValue> {
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

/// `issue --json`
pub(super) fn issued_json(token: &str, header: &Members<'_>, claims: &Members<'_>) -> String {
    #[derive(Serialize)]
    struct Issued<'a> {
        token: &'a str,
        header: Box<RawValue>,
        claims: Box<RawValue>,
        expires_at: Option<String>,
    }
    let exp = claims.get("exp").and_then(|exp| numeric_date(exp).ok());
    line(&Issued {
        token,
        header: raw(header.text()),
        claims: raw(claims.text()),
        expires_at: exp.and_then(time::rfc3339),
    })
}

/// `issue --batch --json`: the same of a line.
pub(super) fn issued_line(
    origin: Origin<'_>,
    token: &str,
    header: &Members<'_>,
    claims: &Members<'_>,
) -> Vec<u8> {
    origin.in_front_of(&issued_json(token, header, claims))
}

/// `decode --batch` and `issue --batch --json`, of a line that is neither a token nor claims.
pub(super) fn malformed_line(origin: Origin<'_>, why: &Malformed) -> Vec<u8> {
    error_line(origin, Reason::Malformed, &why.message)
}

/// `decode --batch`, of a line with no token, or with one that does not open.
pub(super) fn refusal_line(origin: Origin<'_>, why: &Refusal) -> Vec<u8> {
    error_line(origin, why.reason, &why.message)
}

fn error_line(origin: Origin<'_>, reason: Reason, message: &str) -> Vec<u8> {
    #[derive(Serialize)]
    struct NoToken<'a> {
        error: NoTokenError<'a>,
    }
    #[derive(Serialize)]
    struct NoTokenError<'a> {
        reason: &'a str,
        message: &'a str,
    }
    let error = NoTokenError {
        reason: reason.code(),
        message,
    };
    origin.in_front_of(&line(&NoToken { error }))
}

/// `verify --json`, of either verdict.
pub(super) fn verdict_json(verdict: &Verdict) -> String {
    #[derive(Serialize)]
    struct VerdictJson<'a> {
        valid: bool,
        alg: Option<&'a str>,
        kid: Option<&'a str>,
        key: Option<&'a str>,
        header: Option<Cow<'a, RawValue>>,
        claims: Option<Cow<'a, RawValue>>,
        checks: Vec<CheckJson<'a>>,
        refusals: Vec<RefusalJson<'a>>,
        warnings: Vec<WarningJson<'a>>,
    }
    #[derive(Serialize)]
    struct CheckJson<'a> {
        check: &'a str,
        result: &'a str,
        detail: Option<&'a str>,
    }
    let report = report_of(verdict);
    let (claims, refusals) = match verdict {
        Ok(accepted) => (accepted.claims().map(raw_object), [].as_slice()),
        Err(refused) => (None, refused.refusals.as_slice()),
    };
    line(&VerdictJson {
        valid: verdict.is_ok(),
        alg: report.alg.as_deref(),
        kid: report.kid.as_deref(),
        key: report.key.as_deref(),
        header: report.header.as_ref().map(raw_object),
        claims,
        checks: report
            .checks
            .iter()
            .map(|c| CheckJson {
                check: c.name.code(),
                result: outcome_word(c.outcome),
                detail: c.detail.as_deref(),
            })
            .collect(),
        refusals: refusals.iter().map(refusal_json).collect(),
        warnings: warnings_json(&report.warnings),
    })
}

/// [`verdict_json`] as a part of other JSON.
pub(super) fn verdict_value(verdict: &Verdict) -> Box<RawValue> {
    raw(verdict_json(verdict).trim_end().to_owned())
}

/// `verify --batch --full`: [`verdict_json`] of a line.
pub(super) fn full_verdict_line(origin: Origin<'_>, verdict: &Verdict) -> Vec<u8> {
    origin.in_front_of(&verdict_json(verdict))
}

/// `verify --batch`, of a token that was refused.
pub(super) fn refused_line(origin: Origin<'_>, refused: &Refused) -> Vec<u8> {
    #[derive(Serialize)]
    struct VerdictJson<'a> {
        valid: bool,
        refusals: Vec<RefusalJson<'a>>,
    }
    let refusals = refused.refusals.iter().map(refusal_json).collect();
    let verdict = VerdictJson {
        valid: false,
        refusals,
    };
    origin.in_front_of(&line(&verdict))
}

/// `verify --batch`, of a valid token: the same for its claims, at the end of a buffer.
pub(super) fn push_valid_line(origin: Origin<'_>, accepted: &Accepted, out: &mut Vec<u8>) {
    let claims = accepted.claims().map(Object::compact);
    let claims = claims.unwrap_or(Cow::Borrowed("null"));
    origin.push(out);
    out.extend_from_slice(b"\"valid\":true,\"claims\":");
    json_line::push(&claims, out);
    out.extend_from_slice(b"}\n");
}

#[derive(Serialize)]
struct RefusalJson<'a> {
    reason: &'a str,
    claim: Option<&'a str>,
    expected: Option<Box<RawValue>>,
    found: Option<Box<RawValue>>,
    message: &'a str,
    hint: Option<String>,
}

fn refusal_json(refusal: &Refusal) -> RefusalJson<'_> {
    let json = |text: &Option<String>| text.as_deref().map(compacted);
    RefusalJson {
        reason: refusal.reason.code(),
        claim: refusal.claim.as_deref(),
        expected: json(&refusal.expected),
        found: json(&refusal.found),
        message: &refusal.message,
        hint: refusal
            .hint
            .as_ref()
            .map(|hint| sentence(hint, Running::Verify)),
    }
}

fn compacted(text: &str) -> Box<RawValue> {
    match Json::parse_str(text) {
        Ok(parsed) => raw_of(parsed.value),
        Err(_) => RawValue::NULL.to_owned(),
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Skipped => "skipped",
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

/// The same, written directly, for a value that may be large.
pub(super) fn write_json_value(value: Json<'_>, out: &mut impl Write) -> io::Result<()> {
    json_line::write(&raw_of(value), out)
}

/// A value as JSON on a line.
pub(super) fn json_value(value: Json<'_>) -> String {
    line(&raw_of(value))
}

/// A key of the keyring, in words.
#[derive(Serialize)]
pub(super) struct Listed {
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: String,
    /// What it is for.
    pub(super) alg: Option<&'static str>,
    /// Its `kid`.
    pub(super) kid: Option<String>,
}

/// `key list --json`
pub(super) fn keys_json(listed: &[Listed]) -> String {
    listed.iter().map(line).collect()
}

fn name_of(listed: &Listed) -> Cow<'_, str> {
    escape::terminal(&listed.name)
}

/// `key list`, for people.
pub(super) fn keys(listed: &[Listed], paint: Paint) -> String {
    let widest = |text: fn(&Listed) -> usize| listed.iter().map(text).max().unwrap_or(0);
    let names = widest(|l| width(&name_of(l)));
    let kinds = widest(|l| width(&l.kind));
    let row = |l: &Listed| {
        let name = name_of(l);
        let kid = escape::middle(l.kid.as_deref().unwrap_or_default(), escape::NAME);
        let text = format!(
            "{}{}   {:kinds$}   {:<7} {kid}",
            paint.cyan(&name),
            padding(&name, names),
            l.kind,
            l.alg.unwrap_or_default()
        );
        format!("{}\n", text.trim_end())
    };
    listed.iter().map(row).collect()
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
