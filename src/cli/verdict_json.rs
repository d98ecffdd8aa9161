//! A verdict as JSON, for programs.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::advice::{Running, sentence};
use crate::cli::json_line::{self, Origin, line};
use crate::cli::verdict::{Accepted, Verdict, report_of};
use crate::cli::view::{WarningJson, raw, raw_object, raw_of, warnings_json};
use crate::token::json::{Json, Object};
use crate::token::refusal::Refusal;
use crate::token::report::Outcome;
use crate::token::verify::Refused;

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
