//! The report of `verify` for people: the verdict, a line for each check, and what to do; and the
//! whole verdict in one line. Text from a token is made safe for a terminal here.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::cli::advice::{Running, sentence};
use crate::cli::columns::{fold, width, wrapped};
use crate::cli::paint::Paint;
use crate::cli::sentence::said;
use crate::cli::verdict::{Accepted, Verdict, report_of};
use crate::cli::view::warning_line;
use crate::text::escape;
use crate::token::json::{Json, Kind, Object};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{Check, CheckName, Outcome, Report};

/// Where the name of a check begins, and the length of the longest one in most reports.
const NAME: usize = 9;
const USUAL_NAME: usize = 10;

/// The report of a token, with its kind if that is known; `all_checks` also shows checks that were not
/// asked for.
pub(super) fn report(
    verdict: &Verdict,
    kind: Option<&str>,
    all_checks: bool,
    paint: Paint,
) -> String {
    let report = report_of(verdict);
    let kind = kind.map(|kind| format!(" [{kind}]")).unwrap_or_default();
    let refusals = match verdict {
        Ok(_) => [].as_slice(),
        Err(refused) => refused.refusals.as_slice(),
    };
    let mut out = match refusals {
        [] => format!("{}{}\n\n", paint.green("valid"), paint.dim(&kind)),
        refusals => {
            let messages = refusals.iter().map(|r| r.message.as_str());
            let messages: Vec<&str> = messages.collect();
            let messages = messages.join("; ") + &kind;
            format!(
                "{}\n",
                said("refused:", paint.red("refused:"), &messages, paint)
            )
        }
    };
    let is_shown = |check: &&Check| all_checks || check.detail.is_some();
    let shown: Vec<&Check> = report.checks.iter().filter(is_shown).collect();
    let names = shown.iter().map(|check| check.name.code().len());
    let name_width = names.max().unwrap_or_default().max(USUAL_NAME);
    for check in shown {
        push_check(&mut out, check, name_width, refusals, paint);
    }
    let hints = refusals.iter().filter_map(|r| r.hint.as_ref());
    let mut hints: Vec<String> = hints.map(|hint| sentence(hint, Running::Verify)).collect();
    hints.dedup();
    if !hints.is_empty() || !report.warnings.is_empty() {
        out.push('\n');
    }
    for warning in &report.warnings {
        out.push_str(&warning_line(warning, paint));
    }
    for hint in hints {
        out.push_str(&said("hint:", paint.cyan("hint:"), &hint, paint));
    }
    out
}

/// One line for several verdicts.
pub(super) fn total(valid: usize, of: usize) -> String {
    let refused = of.saturating_sub(valid);
    format!("{of} tokens: {valid} valid, {refused} refused\n")
}

/// The whole verdict on one line.
pub(super) fn summary(verdict: &Verdict, paint: Paint) -> String {
    let (word, parts) = match verdict {
        Err(refused) => {
            let refusals = refused.refusals.iter().map(refusal_words).collect();
            (paint.red("refused:"), refusals)
        }
        Ok(Accepted::Signature(signed)) => {
            let claims = "no claim was looked at".to_owned();
            let parts = signed_with(signed.report()).into_iter().chain([claims]);
            (paint.green("valid signature:"), parts.collect())
        }
        Ok(Accepted::Token(verified)) => {
            let report = verified.report();
            let parts = [
                about(verified.claims()),
                detail(report, CheckName::Exp).map(str::to_owned),
                signed_with(report),
                not_asked_for(report),
            ];
            (paint.green("valid:"), parts.into_iter().flatten().collect())
        }
    };
    let parts: Vec<String> = parts;
    format!("{word} {}\n", parts.join("; "))
}

/// The subject, the issuer and the audience of the token.
fn about(claims: &Object) -> Option<String> {
    let shown = |name| {
        let claim: Json<'_> = claims.get(name)?;
        let texts: Vec<_> = claim.one_or_many().filter_map(Json::as_str).collect();
        (!texts.is_empty()).then(|| escape::middle(&texts.join(", "), 80).into_owned())
    };
    let parts = [
        shown("sub"),
        shown("iss").map(|iss| format!("from {iss}")),
        shown("aud").map(|aud| format!("for {aud}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn signed_with(report: &Report) -> Option<String> {
    let alg = report.alg.as_deref()?;
    Some(format!("{alg} with {}", report.key.as_deref()?))
}

fn detail(report: &Report, name: CheckName) -> Option<&str> {
    let check = report.checks.iter().find(|check| check.name == name)?;
    check.detail.as_deref()
}

/// The claims that were not compared with anything.
fn not_asked_for(report: &Report) -> Option<String> {
    let names = [CheckName::Iss, CheckName::Aud, CheckName::Sub];
    let was_skipped = |check: &&Check| check.outcome == Outcome::Skipped && check.detail.is_some();
    let skipped = report.checks.iter().filter(was_skipped);
    let skipped: Vec<&str> = skipped
        .filter(|check| names.contains(&check.name))
        .map(|check| check.name.code())
        .collect();
    (!skipped.is_empty()).then(|| format!("{} not asked for", skipped.join(", ")))
}

fn push_check(
    out: &mut String,
    check: &Check,
    name_width: usize,
    refusals: &[Refusal],
    paint: Paint,
) {
    let word = match check.outcome {
        Outcome::Pass => paint.green("pass"),
        Outcome::Fail => paint.red("fail"),
        Outcome::Skipped => paint.dim("skip"),
    };
    let refusal = check.refusal.and_then(|i| refusals.get(i));
    let detail = match refusal {
        Some(refusal) => Cow::Owned(refusal_words(refusal)),
        None => escape::terminal(check.detail.as_deref().unwrap_or("not checked")),
    };
    let name = check.name.code();
    let columns = paint.columns();
    // Where the detail of the check begins.
    let detail_at = NAME.saturating_add(name_width).saturating_add(2);
    let fits = columns.is_none_or(|columns| width(&detail) <= columns.saturating_sub(detail_at));
    let values = refusal.map(told_values).unwrap_or_default();
    out.push_str(&format!("  {word}   {name:<name_width$}  "));
    if fits || values.is_empty() {
        let lines = wrapped(&detail, detail_at, columns);
        out.push_str(&lines.join(&format!("\n{}", " ".repeat(detail_at))));
        out.push('\n');
        return;
    }
    let message = refusal.map_or("", |refusal| refusal.message.as_str());
    let message = escape::terminal(message);
    let lines = wrapped(&message, detail_at, columns);
    out.push_str(&lines.join(&format!("\n{}", " ".repeat(detail_at))));
    out.push('\n');
    for (what, value) in values {
        push_value(out, what, &value, columns.unwrap_or(usize::MAX));
    }
}

/// A value on lines of its own, below the check that it is about.
fn push_value(out: &mut String, what: &str, value: &str, columns: usize) {
    const INDENT: usize = 9;
    const WORD: usize = 8;
    let under = INDENT.saturating_add(WORD).saturating_add(2);
    let mut word = what;
    // Writing to a string cannot fail.
    let _ = fold(value, columns.saturating_sub(under), |line| {
        out.push_str(&format!("{:INDENT$}{word:<WORD$}  {line}\n", ""));
        word = "";
        Ok(())
    });
}

/// A refusal: the sentence, and the values if the sentence does not have them.
fn refusal_words(refusal: &Refusal) -> String {
    let mut words = escape::terminal(&refusal.message).into_owned();
    let mut joint = ':';
    for (what, value) in told_values(refusal) {
        // Writing to a string cannot fail.
        let _ = write!(words, "{joint} {what} {value}");
        joint = ',';
    }
    words
}

/// The expected and the found value, if the sentence does not have them.
fn told_values(refusal: &Refusal) -> Vec<(&'static str, String)> {
    let tells_values = matches!(
        refusal.reason,
        Reason::Malformed
            | Reason::Expired
            | Reason::NotYetValid
            | Reason::IssuedInFuture
            | Reason::TooOld
    );
    if tells_values || refusal.claim.is_none() {
        return Vec::new();
    }
    // For an issuer or an audience, one of several is enough.
    let is_choice = matches!(refusal.claim.as_deref(), Some("iss" | "aud"));
    let expected = refusal.expected.as_deref().map(|json| match is_choice {
        true => choice_words(json),
        false => value_words(json),
    });
    let found = refusal.found.as_deref().map(value_words);
    let values = [("expected", expected), ("found", found)];
    let told = values
        .into_iter()
        .filter_map(|(what, value)| Some((what, value?)));
    told.collect()
}

/// JSON text from a refusal, as JSON, so that a string can be told from other values.
fn value_words(json: &str) -> String {
    let Ok(parsed) = Json::parse_str(json) else {
        return String::new();
    };
    escape::middle(&parsed.value.compact(), escape::NAME).into_owned()
}

fn choice_words(json: &str) -> String {
    match Json::parse_str(json) {
        Ok(parsed) if parsed.value.kind() == Kind::Array => {
            let choices: Vec<String> = parsed
                .value
                .elements()
                .map(|one| value_words(one.text()))
                .collect();
            choices.join(" or ")
        }
        _ => value_words(json),
    }
}
