//! How results look: lines for people, JSON for programs. Everything a token says is made safe here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::columns::{padding, width};
use crate::cli::glossary;
use crate::cli::json_line::{self, line, numbered};
use crate::cli::paint::Paint;
use crate::cli::text_input::Placed;
use crate::cli::verdict::{Accepted, Verdict};
use crate::text::count::counted;
use crate::text::escape;
use crate::text::time::{self, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claim_time::{ClaimTime, Unit};
use crate::token::claims::{Members, numeric_date};
use crate::token::compact::{Malformed, encode_segment};
use crate::token::decode::{Disclosure, Form, Payload, Unverified};
use crate::token::json::{Json, Kind, NotObject, Object};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{Check, Outcome, Report};
use crate::token::verify::Refused;
use crate::token::warning::Warning;

/// Checked JSON text, as a part of other JSON.
fn raw(text: String) -> Box<RawValue> {
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn raw_of(json: Json<'_>) -> Box<RawValue> {
    raw(json.compact())
}

/// An object, as a part of other JSON. It may be large, and is copied only where it has white space
/// to lose.
fn raw_object(object: &Object) -> Cow<'_, RawValue> {
    match object.compact() {
        Cow::Borrowed(text) => Cow::Borrowed(serde_json::from_str(text).unwrap_or(RawValue::NULL)),
        Cow::Owned(text) => Cow::Owned(raw(text)),
    }
}

#[derive(Serialize)]
struct WarningJson<'a> {
    code: &'a str,
    message: &'a str,
}

fn warnings_json(warnings: &[Warning]) -> Vec<WarningJson<'_>> {
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
    number: u64,
    token: &str,
    header: &Members<'_>,
    claims: &Members<'_>,
) -> String {
    numbered(number, &issued_json(token, header, claims))
}

/// `decode --json`, with the line at its end.
pub(super) fn decoded_json(token: &Unverified, placed: &Placed, now: Timestamp) -> String {
    decoded_object(token, placed, Some(placed.line), now)
}

/// `decode --batch`: the same, with the line at its beginning.
pub(super) fn decoded_line(token: &Unverified, placed: &Placed, now: Timestamp) -> String {
    numbered(placed.line, &decoded_object(token, placed, None, now))
}

/// `decode --batch` and `issue --batch --json`, of a line that is neither a token nor claims.
pub(super) fn malformed_line(number: u64, why: &Malformed) -> String {
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
        reason: Reason::Malformed.code(),
        message: &why.message,
    };
    numbered(number, &line(&NoToken { error }))
}

fn decoded_object(token: &Unverified, placed: &Placed, at: Option<u64>, now: Timestamp) -> String {
    #[derive(Serialize)]
    struct Decoded<'a> {
        #[serde(rename = "type")]
        form: &'a str,
        header: Cow<'a, RawValue>,
        claims: Option<Cow<'a, RawValue>>,
        payload: Option<String>,
        signature_bytes: Option<usize>,
        verified: bool,
        times: BTreeMap<Cow<'a, str>, String>,
        warnings: Vec<WarningJson<'a>>,
        disclosures: Option<Vec<DisclosureJson<'a>>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
        column: u64,
        seen: u64,
    }
    let (form, disclosures) = match &token.form {
        Form::Jws => ("jws", None),
        Form::Jwe => ("jwe", None),
        Form::SdJwt { disclosures, .. } => (
            "sd-jwt",
            Some(disclosures.iter().map(disclosure_json).collect()),
        ),
    };
    let warnings = token.warnings(now);
    line(&Decoded {
        form,
        header: raw_object(&token.header),
        claims: match &token.payload {
            Payload::Claims(claims) => Some(raw_object(claims)),
            Payload::Other(..) | Payload::Sealed => None,
        },
        payload: match &token.payload {
            Payload::Other(bytes, _) => Some(encode_segment(bytes)),
            Payload::Claims(_) | Payload::Sealed => None,
        },
        signature_bytes: token.signature_bytes,
        verified: false,
        times: times(token),
        warnings: warnings_json(&warnings),
        disclosures,
        line: at,
        column: placed.column,
        seen: placed.seen,
    })
}

#[derive(Serialize)]
struct DisclosureJson<'a> {
    name: Option<&'a str>,
    value: Option<Box<RawValue>>,
}

fn disclosure_json(disclosure: &Disclosure) -> DisclosureJson<'_> {
    let value = |json: &str| Some(raw(json.to_owned()));
    match disclosure {
        Disclosure::Claim(name, json) => DisclosureJson {
            name: Some(name),
            value: value(json),
        },
        Disclosure::Element(json) => DisclosureJson {
            name: None,
            value: value(json),
        },
        Disclosure::Unreadable => DisclosureJson {
            name: None,
            value: None,
        },
    }
}

/// So many times are written beside a token, which keeps what is printed in proportion to it.
const MOST_TIMES: usize = 100;

fn times(token: &Unverified) -> BTreeMap<Cow<'_, str>, String> {
    let Payload::Claims(claims) = &token.payload else {
        return BTreeMap::new();
    };
    let times = claims.members().filter_map(|(name, value)| {
        let time = ClaimTime::of(&name, value)?;
        Some((name, time::rfc3339(time.at)?))
    });
    let mut first = BTreeMap::new();
    for (name, time) in times.take(MOST_TIMES) {
        first.entry(name).or_insert(time);
    }
    first
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

/// `verify --batch --full`: [`verdict_json`] of a line.
pub(super) fn full_verdict_line(number: u64, verdict: &Verdict) -> String {
    numbered(number, &verdict_json(verdict))
}

/// `verify --batch`, of a token that was refused.
pub(super) fn refused_line(number: u64, refused: &Refused) -> String {
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
    numbered(number, &line(&verdict))
}

/// `verify --batch`, of a valid token: the same for its claims, at the end of a buffer.
pub(super) fn push_valid_line(number: u64, accepted: &Accepted, out: &mut Vec<u8>) {
    let claims = accepted.claims().map(Object::compact);
    let claims = claims.unwrap_or(Cow::Borrowed("null"));
    out.extend_from_slice(b"{\"line\":");
    json_line::push_number(number, out);
    out.extend_from_slice(b",\"valid\":true,\"claims\":");
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
    hint: Option<&'a str>,
}

fn refusal_json(refusal: &Refusal) -> RefusalJson<'_> {
    let json = |text: &Option<String>| text.as_deref().map(compacted);
    RefusalJson {
        reason: refusal.reason.code(),
        claim: refusal.claim.as_deref(),
        expected: json(&refusal.expected),
        found: json(&refusal.found),
        message: &refusal.message,
        hint: refusal.hint.as_deref(),
    }
}

fn compacted(text: &str) -> Box<RawValue> {
    match Json::parse_str(text) {
        Ok(parsed) => raw_of(parsed.value),
        Err(_) => RawValue::NULL.to_owned(),
    }
}

fn report_of(verdict: &Verdict) -> &Report {
    match verdict {
        Ok(accepted) => accepted.report(),
        Err(refused) => &refused.report,
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

/// A name, its value, and what there is to say beside it.
struct Row<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    notes: Vec<String>,
}

/// A value as a person reads it: a string bare, unless it could be taken for something else.
fn shown(value: Json<'_>) -> Cow<'_, str> {
    match value.as_str() {
        Some(text) if text.trim() != text || text.is_empty() || Json::parse_str(&text).is_ok() => {
            format!("\"{}\"", escape::terminal(&text)).into()
        }
        Some(text) => safe(text),
        None => safe(value.compact().into()),
    }
}

/// As [`escape::terminal`], without a copy of what is safe.
fn safe(text: Cow<'_, str>) -> Cow<'_, str> {
    match escape::terminal(&text) {
        Cow::Owned(safe) => safe.into(),
        Cow::Borrowed(_) => text,
    }
}

/// `decode`, for people, at the end of a text. The last lines say what the token does not prove.
pub(super) fn push_decoded(out: &mut String, token: &Unverified, now: Timestamp, paint: Paint) {
    push_section(out, "Header", &header_rows(token, now), paint);
    match &token.payload {
        Payload::Claims(claims) => {
            out.push('\n');
            push_section(out, "Claims", &claim_rows(claims.json(), now), paint);
        }
        Payload::Other(bytes, why) => {
            out.push_str(&format!(
                "\n{}\n{}",
                paint.bold("Payload"),
                payload_lines(bytes, *why)
            ));
        }
        Payload::Sealed => {}
    }
    if let Form::SdJwt { disclosures, .. } = &token.form {
        out.push('\n');
        push_section(out, "Disclosed", &disclosure_rows(disclosures), paint);
    }
    out.push_str(&format!(
        "\n{}  {}\n",
        paint.bold("Signature"),
        signature_words(token)
    ));
    for warning in token.warnings(now) {
        out.push_str(&warning_line(&warning, paint));
    }
}

fn push_section(out: &mut String, title: &str, rows: &[Row<'_>], paint: Paint) {
    const WIDEST_NAME: usize = 28;
    const WIDEST_VALUE: usize = 32;
    let names = rows
        .iter()
        .map(|r| width(&r.name))
        .max()
        .unwrap_or(0)
        .min(WIDEST_NAME);
    let noted = rows.iter().filter(|r| !r.notes.is_empty());
    let values = noted
        .map(|r| width(&r.value))
        .filter(|w| *w <= WIDEST_VALUE)
        .max()
        .unwrap_or(0);
    // A text that grows is copied, and one value may be most of it.
    let room = rows.iter().map(|r| r.value.len());
    out.reserve(room.fold(0, usize::saturating_add).saturating_mul(2));
    out.push_str(&paint.bold(title));
    out.push('\n');
    if rows.is_empty() {
        out.push_str("  (none)\n");
    }
    for row in rows {
        let name = paint.cyan(&row.name);
        out.push_str(&format!("  {name}{}   ", padding(&row.name, names)));
        out.push_str(&row.value);
        if !row.notes.is_empty() {
            let notes = paint.dim(&row.notes.join("    "));
            out.push_str(&format!("{}    {notes}", padding(&row.value, values)));
        }
        out.push('\n');
    }
}

fn header_rows(token: &Unverified, now: Timestamp) -> Vec<Row<'_>> {
    let sealed = matches!(token.form, Form::Jwe);
    rows(token.header.json(), |name, value| {
        let text = value.as_str();
        let note = match (name, text.as_deref()) {
            ("alg", Some(alg)) if sealed => glossary::encryption(alg),
            ("alg", Some(alg)) => Algorithm::parse(alg).map(Algorithm::description),
            ("enc", Some(enc)) => glossary::encryption(enc),
            ("typ", Some(typ)) => glossary::media_type(typ),
            _ => glossary::header(name),
        };
        note_or_time(note, name, value, now)
    })
}

fn claim_rows(claims: Json<'_>, now: Timestamp) -> Vec<Row<'_>> {
    rows(claims, |name, value| claim_notes(name, value, now))
}

fn claim_notes(name: &str, value: Json<'_>, now: Timestamp) -> Vec<String> {
    let issuer = value
        .as_str()
        .filter(|_| name == "iss")
        .and_then(|iss| glossary::issuer(&iss));
    note_or_time(issuer.or_else(|| glossary::claim(name)), name, value, now)
}

/// What a member is, or else when, if it is a time.
fn note_or_time(note: Option<&str>, name: &str, value: Json<'_>, now: Timestamp) -> Vec<String> {
    match (note, ClaimTime::of(name, value)) {
        (Some(note), _) => vec![note.to_owned()],
        (None, Some(time)) => time_notes(name, time, now),
        (None, None) => Vec::new(),
    }
}

fn time_notes(name: &str, ClaimTime { at, unit }: ClaimTime, now: Timestamp) -> Vec<String> {
    let relative = time::relative(at, now);
    let relative = match glossary::time(name, at <= now) {
        Some(verb) => format!("{verb} {relative}"),
        None => relative,
    };
    let unit = (unit != Unit::Seconds).then(|| format!("read as {}", unit.name()));
    time::human(at)
        .into_iter()
        .chain([relative])
        .chain(unit)
        .collect()
}

fn rows<'a>(object: Json<'a>, notes: impl Fn(&str, Json<'a>) -> Vec<String>) -> Vec<Row<'a>> {
    object
        .members()
        .map(|(name, value)| Row {
            notes: notes(&name, value),
            name: safe(name),
            value: shown(value),
        })
        .collect()
}

fn disclosure_rows(disclosures: &[Disclosure]) -> Vec<Row<'_>> {
    fn value(json: &str) -> Cow<'_, str> {
        Json::parse_str(json).map_or_else(|_| "".into(), |parsed| shown(parsed.value))
    }
    disclosures
        .iter()
        .map(|disclosure| match disclosure {
            Disclosure::Claim(name, json) => Row {
                name: escape::terminal(name),
                value: value(json),
                notes: Vec::new(),
            },
            Disclosure::Element(json) => Row {
                name: "[…]".into(),
                value: value(json),
                notes: vec!["element of an array".to_owned()],
            },
            Disclosure::Unreadable => Row {
                name: "?".into(),
                value: "not a disclosure".into(),
                notes: Vec::new(),
            },
        })
        .collect()
}

fn payload_lines(bytes: &[u8], why: NotObject) -> String {
    let what = match why {
        NotObject::NotJson(_) if bytes.is_empty() => "empty",
        NotObject::NotJson(e) => &format!("not JSON: {e}"),
        NotObject::Kind(Kind::String) => "a JSON string",
        NotObject::Kind(_) => "JSON, but no object",
    };
    let shown = match std::str::from_utf8(bytes) {
        Ok("") => String::new(),
        Ok(text) => format!("  {}\n", escape::terminal(text)),
        Err(_) => format!("  {} (base64url)\n", encode_segment(bytes)),
    };
    format!("  {}, {what}\n{shown}", counted(bytes.len(), "byte"))
}

fn signature_words(token: &Unverified) -> String {
    let held = match (&token.form, token.signature_bytes) {
        (Form::Jwe, _) => {
            return "none: the token is encrypted, and only its recipient can open it".to_owned();
        }
        (_, None) => return "unreadable: not base64url".to_owned(),
        (_, Some(0)) => return "none".to_owned(),
        (_, Some(bytes)) => format!("{}, not checked", counted(bytes, "byte")),
    };
    match &token.form {
        Form::SdJwt {
            key_binding: true, ..
        } => format!("{held}; followed by a proof of the holder's key"),
        _ => held,
    }
}

fn warning_line(warning: &Warning, paint: Paint) -> String {
    format!(
        "{} {}\n",
        paint.yellow("warning:"),
        escape::terminal(&warning.message)
    )
}

/// `verify`, for people: the verdict, a line for each check, then what to do.
pub(super) fn verdict(verdict: &Verdict, all_checks: bool, paint: Paint) -> String {
    let report = report_of(verdict);
    let refusals = match verdict {
        Ok(_) => [].as_slice(),
        Err(refused) => refused.refusals.as_slice(),
    };
    let mut out = match refusals {
        [] => format!("{}\n\n", paint.green("valid")),
        refusals => {
            let messages: Vec<_> = refusals
                .iter()
                .map(|r| escape::terminal(&r.message))
                .collect();
            format!("{} {}\n\n", paint.red("refused:"), messages.join("; "))
        }
    };
    for check in report
        .checks
        .iter()
        .filter(|c| all_checks || c.detail.is_some())
    {
        push_check(&mut out, check, refusals, paint);
    }
    let mut hints: Vec<&str> = refusals.iter().filter_map(|r| r.hint.as_deref()).collect();
    hints.dedup();
    if !hints.is_empty() || !report.warnings.is_empty() {
        out.push('\n');
    }
    for warning in &report.warnings {
        out.push_str(&warning_line(warning, paint));
    }
    for hint in hints {
        out.push_str(&format!(
            "{} {}\n",
            paint.cyan("hint:"),
            escape::terminal(hint)
        ));
    }
    out
}

fn push_check(out: &mut String, check: &Check, refusals: &[Refusal], paint: Paint) {
    let word = match check.outcome {
        Outcome::Pass => paint.green("pass"),
        Outcome::Fail => paint.red("fail"),
        Outcome::Skipped => paint.dim("skip"),
    };
    let refusal = check.refusal.and_then(|i| refusals.get(i));
    let asked = refusal.and_then(|r| Some((r.expected.as_deref()?, r.found.as_deref())));
    let detail = match asked {
        Some((expected, found)) => {
            let found = found.map_or_else(|| "nothing".to_owned(), value_words);
            Cow::Owned(format!(
                "expected {}\n{}found    {found}",
                value_words(expected),
                " ".repeat(21)
            ))
        }
        None => escape::terminal(check.detail.as_deref().unwrap_or("not checked")),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  {word}   {:<10}  {detail}", check.name.code());
}

/// JSON text from a refusal: a string bare, several by commas.
fn value_words(json: &str) -> String {
    let Ok(parsed) = Json::parse_str(json) else {
        return String::new();
    };
    match parsed.value.kind() {
        Kind::Array => parsed
            .value
            .elements()
            .map(shown)
            .collect::<Vec<_>>()
            .join(", "),
        _ => shown(parsed.value).into_owned(),
    }
}
