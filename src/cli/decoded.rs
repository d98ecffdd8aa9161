//! What `decode` shows of a token: lines for people, JSON for programs. Everything in it is a stranger's.
//!
//! A token may be large: what is printed goes out part by part, and in proportion to the token.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::cli::columns::{padding, width};
use crate::cli::glossary;
use crate::cli::json_line::{self, Origin};
use crate::cli::paint::Paint;
use crate::cli::text_input::Placed;
use crate::cli::view::{self, WarningJson, raw_of, warning_line, warnings_json};
use crate::text::count::counted;
use crate::text::escape;
use crate::text::time::{self, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claim_time::{ClaimTime, Unit};
use crate::token::compact::shown_segment;
use crate::token::decode::{
    Disclosed, Disclosure, Disclosures, Form, OpenedWith, Payload, Unverified, decode,
};
use crate::token::json::{Json, Kind, NotObject, Object};
use crate::token::refusal::Reason;
use crate::token::warning::Warning;

/// What a token says that is shorter is put together before it goes out, which is less work.
const SMALL: usize = 1 << 16;

/// So many times are written beside a token, and no more.
const MOST_TIMES: usize = 100;

/// So many rows of a table are shown to a person, and no more.
const MOST_ROWS: usize = 10_000;

/// Names and values up to this many bytes are lined up with others.
const LINED_UP: usize = 1024;

/// `decode --json`, with the line at its end, and among the warnings why it is none if it is no token.
pub(super) fn write_json(
    token: &Unverified<'_>,
    fault: Option<&str>,
    placed: &Placed,
    now: Timestamp,
    out: &mut impl Write,
) -> io::Result<()> {
    let fault = fault.map(|message| Warning {
        code: Reason::Malformed.code(),
        message: message.to_owned(),
    });
    let warnings: Vec<Warning> = fault.into_iter().chain(token.warnings(now)).collect();
    let line = Some(placed.line);
    let rest = Decoded {
        line,
        ..Decoded::of(token, warnings_json(&warnings), placed)
    };
    let (header, claims) = (token.header.compact(), claims(token));
    let front = front(token.form, &header, claims.as_deref());
    match placed.token.len() < SMALL {
        true => out.write_all(json_line::line_behind(&front, &rest).as_bytes()),
        false => json_line::write_behind(&front, &rest, out),
    }
}

/// `decode --batch`: the same, with the line at its beginning.
pub(super) fn json_line(
    origin: Origin<'_>,
    token: &Unverified<'_>,
    placed: &Placed,
    now: Timestamp,
) -> Vec<u8> {
    let warnings = token.warnings(now);
    let rest = Decoded::of(token, warnings_json(&warnings), placed);
    let (header, claims) = (token.header.compact(), claims(token));
    let front = front(token.form, &header, claims.as_deref());
    origin.in_front_of(&json_line::line_behind(&front, &rest))
}

/// The first members, which the token has as JSON that was checked when it was decoded.
fn front<'a>(form: Form<'_>, header: &'a str, claims: Option<&'a str>) -> [&'a str; 5] {
    let form = match form {
        Form::Jws | Form::Start => r#"{"type":"jws","header":"#,
        Form::Jwe => r#"{"type":"jwe","header":"#,
        Form::SdJwt { .. } => r#"{"type":"sd-jwt","header":"#,
    };
    let claims = claims.unwrap_or("null");
    [form, header, r#","claims":"#, claims, ","]
}

fn claims<'a>(token: &'a Unverified<'_>) -> Option<Cow<'a, str>> {
    match &token.payload {
        Payload::Claims(claims) => Some(claims.compact()),
        Payload::Other(..) | Payload::Sealed => None,
    }
}

/// The others.
#[derive(Serialize)]
struct Decoded<'a> {
    payload: Option<SegmentJson<'a>>,
    signature_bytes: Option<usize>,
    verified: bool,
    times: BTreeMap<Cow<'a, str>, String>,
    warnings: Vec<WarningJson<'a>>,
    disclosures: Option<DisclosuresJson<'a>>,
    /// What a key opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    opened: Option<OpenedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    column: u64,
    seen: u64,
}

impl<'a> Decoded<'a> {
    fn of(token: &'a Unverified<'_>, warnings: Vec<WarningJson<'a>>, placed: &Placed) -> Self {
        Decoded {
            payload: match &token.payload {
                Payload::Other(bytes, _) => Some(SegmentJson(bytes)),
                Payload::Claims(_) | Payload::Sealed => None,
            },
            signature_bytes: token.signature_bytes,
            verified: false,
            times: times(token),
            warnings,
            disclosures: match token.form {
                Form::SdJwt { disclosures, .. } => Some(DisclosuresJson(disclosures)),
                _ => None,
            },
            opened: token.opened.as_ref().map(|opened| OpenedJson {
                key: &opened.key,
                token: nested_json(opened, placed),
            }),
            line: None,
            column: placed.column,
            seen: placed.seen,
        }
    }
}

/// The place of the key that opened a token, and the token that was inside.
#[derive(Serialize)]
struct OpenedJson<'a> {
    key: &'a str,
    token: Option<Box<RawValue>>,
}

/// The token inside of an encrypted one, as one that stands there in its place.
fn nested_json(opened: &OpenedWith, placed: &Placed) -> Option<Box<RawValue>> {
    let inner = decode(opened.nested.as_deref()?).ok()?;
    let rest = Decoded::of(&inner, Vec::new(), placed);
    let (header, claims) = (inner.header.compact(), claims(&inner));
    let front = front(inner.form, &header, claims.as_deref());
    let line = json_line::line_behind(&front, &rest);
    RawValue::from_string(line.trim_end().to_owned()).ok()
}

struct SegmentJson<'a>(&'a [u8]);

impl Serialize for SegmentJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&shown_segment(self.0))
    }
}

struct DisclosuresJson<'a>(Disclosures<'a>);

impl Serialize for DisclosuresJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(DisclosureJson))
    }
}

struct DisclosureJson(Disclosure);

impl Serialize for DisclosureJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, value) = match self.0.content() {
            Disclosed::Claim(name, value) => (Some(name), Some(value)),
            Disclosed::Element(value) => (None, Some(value)),
            Disclosed::Nothing => (None, None),
        };
        let mut object = serializer.serialize_struct("Disclosure", 2)?;
        object.serialize_field("name", &name)?;
        object.serialize_field("value", &value.map(raw_of))?;
        object.end()
    }
}

fn times<'a>(token: &'a Unverified<'_>) -> BTreeMap<Cow<'a, str>, String> {
    let mut first = BTreeMap::new();
    if let Payload::Claims(claims) = &token.payload {
        let times = claims.members().filter_map(|(name, value)| {
            let time = ClaimTime::of(&name, value)?;
            Some((name, time::rfc3339(time.at)?))
        });
        for (name, time) in times.take(MOST_TIMES) {
            first.entry(name).or_insert(time);
        }
    }
    first
}

/// `decode`, for people. The last lines say what the token does not prove.
pub(super) fn write_lines(
    token: &Unverified<'_>,
    now: Timestamp,
    paint: Paint,
    out: &mut impl Write,
) -> io::Result<()> {
    let view = View { token, now, paint };
    view.section("Header", &|each| view.header_rows(each), out)?;
    if let Some(opened) = &token.opened
        && let Some(nested) = opened.nested.as_deref()
        && let Ok(inner) = decode(nested)
    {
        let title = paint.bold("Token inside");
        writeln!(out, "\n{title}  opened with {}\n", opened.key)?;
        return write_lines(&inner, now, paint, out);
    }
    match &token.payload {
        Payload::Claims(claims) => {
            writeln!(out)?;
            view.section("Claims", &|each| view.claim_rows(claims, each), out)?;
        }
        Payload::Other(bytes, why) => {
            writeln!(out, "\n{}", paint.bold("Payload"))?;
            write_payload(bytes, *why, out)?;
        }
        Payload::Sealed => {}
    }
    if let Form::SdJwt { disclosures, .. } = token.form {
        writeln!(out)?;
        let rows = |each: &mut Each<'_>| view.disclosed_rows(disclosures, each);
        view.section("Disclosed", &rows, out)?;
    }
    let signature = paint.bold("Signature");
    writeln!(out, "\n{signature}  {}", signature_words(token))?;
    for warning in token.warnings(now) {
        out.write_all(warning_line(&warning, paint).as_bytes())?;
    }
    Ok(())
}

/// A name, its value, and what there is to say beside it.
struct TableRow<'a> {
    name: &'a str,
    value: Value<'a>,
    notes: Vec<String>,
}

enum Value<'a> {
    Json(Json<'a>),
    Words(&'a str),
}

/// Takes a row of a table.
type Each<'e> = dyn FnMut(&TableRow<'_>) -> io::Result<()> + 'e;

struct View<'a> {
    token: &'a Unverified<'a>,
    now: Timestamp,
    paint: Paint,
}

impl View<'_> {
    /// Writes a table, whose rows are walked twice: they are measured before one is written.
    fn section(
        &self,
        title: &str,
        rows: &dyn Fn(&mut Each<'_>) -> io::Result<()>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        const WIDEST_NAME: usize = 28;
        const WIDEST_VALUE: usize = 32;
        let (mut names, mut values, mut count) = (0, 0, 0_usize);
        rows(&mut |row| {
            count = count.saturating_add(1);
            if count <= MOST_ROWS {
                names = names.max(row.name_width()).min(WIDEST_NAME);
                let value = row.value_width();
                if value <= WIDEST_VALUE && !row.notes.is_empty() {
                    values = values.max(value);
                }
            }
            Ok(())
        })?;
        writeln!(out, "{}", self.paint.bold(title))?;
        let mut left = MOST_ROWS;
        rows(&mut |row| match left.checked_sub(1) {
            Some(fewer) => {
                left = fewer;
                self.write_row(row, names, values, out)
            }
            None => Ok(()),
        })?;
        match count.saturating_sub(MOST_ROWS) {
            _ if count == 0 => writeln!(out, "  (none)"),
            0 => Ok(()),
            more => writeln!(out, "  … and {more} more, which `--json` prints"),
        }
    }

    fn write_row(
        &self,
        row: &TableRow<'_>,
        names: usize,
        values: usize,
        out: &mut impl Write,
    ) -> io::Result<()> {
        out.write_all(b"  ")?;
        if row.name.len() <= LINED_UP {
            let name = escape::terminal(row.name);
            write!(out, "{}{}", self.paint.cyan(&name), padding(&name, names))?;
        } else {
            write_safe(row.name, out)?;
        }
        out.write_all(b"   ")?;
        row.write_value(out)?;
        if !row.notes.is_empty() {
            let pad = " ".repeat(values.saturating_sub(row.value_width()));
            write!(out, "{pad}    {}", self.paint.dim(&row.notes.join("    ")))?;
        }
        writeln!(out)
    }

    fn header_rows(&self, each: &mut Each<'_>) -> io::Result<()> {
        let sealed = matches!(self.token.form, Form::Jwe);
        for (name, value) in self.token.header.members() {
            let text = value.as_str();
            let note = match (name.as_ref(), text.as_deref()) {
                ("alg", Some(alg)) if sealed => glossary::encryption(alg),
                ("alg", Some(alg)) => Algorithm::parse(alg).map(Algorithm::description),
                ("enc", Some(enc)) => glossary::encryption(enc),
                ("typ", Some(typ)) => glossary::media_type(typ),
                _ => glossary::header(&name),
            };
            each(&TableRow {
                notes: self.note_or_time(note, &name, value),
                name: &name,
                value: Value::Json(value),
            })?;
        }
        Ok(())
    }

    fn claim_rows(&self, claims: &Object, each: &mut Each<'_>) -> io::Result<()> {
        for (name, value) in claims.members() {
            each(&self.claim_row(&name, value))?;
        }
        Ok(())
    }

    fn claim_row<'r>(&self, name: &'r str, value: Json<'r>) -> TableRow<'r> {
        let text = value.as_str().filter(|_| name == "iss");
        let issuer = text.and_then(|iss| glossary::issuer(&iss));
        let note = issuer.or_else(|| glossary::claim(name));
        TableRow {
            notes: self.note_or_time(note, name, value),
            name,
            value: Value::Json(value),
        }
    }

    fn disclosed_rows(&self, all: Disclosures<'_>, each: &mut Each<'_>) -> io::Result<()> {
        for disclosure in all.iter() {
            match disclosure.content() {
                Disclosed::Claim(name, value) => each(&self.claim_row(&name, value)),
                Disclosed::Element(value) => each(&TableRow {
                    name: "[…]",
                    value: Value::Json(value),
                    notes: vec!["element of an array".to_owned()],
                }),
                Disclosed::Nothing => each(&TableRow {
                    name: "?",
                    value: Value::Words("not a disclosure"),
                    notes: Vec::new(),
                }),
            }?;
        }
        Ok(())
    }

    /// What a member is, or else when, if it is a time.
    fn note_or_time(&self, note: Option<&str>, name: &str, value: Json<'_>) -> Vec<String> {
        match (note, ClaimTime::of(name, value)) {
            (Some(note), _) => vec![note.to_owned()],
            (None, Some(time)) => self.time_notes(name, time),
            (None, None) => Vec::new(),
        }
    }

    fn time_notes(&self, name: &str, ClaimTime { at, unit }: ClaimTime) -> Vec<String> {
        let relative = time::relative(at, self.now);
        let relative = match glossary::time(name, at <= self.now) {
            Some(verb) => format!("{verb} {relative}"),
            None => relative,
        };
        let unit = (unit != Unit::Seconds).then(|| format!("read as {}", unit.name()));
        let notes = time::human(at).into_iter().chain([relative]);
        notes.chain(unit).collect()
    }
}

impl TableRow<'_> {
    fn name_width(&self) -> usize {
        match self.name.len() {
            ..=LINED_UP => width(&escape::terminal(self.name)),
            longer => longer,
        }
    }

    fn value_width(&self) -> usize {
        match self.value {
            Value::Json(json) if json.text().len() > LINED_UP => json.text().len(),
            Value::Json(json) => width(&view::shown(json)),
            Value::Words(words) => width(words),
        }
    }

    fn write_value(&self, out: &mut impl Write) -> io::Result<()> {
        let json = match self.value {
            Value::Json(json) => json,
            Value::Words(words) => return out.write_all(words.as_bytes()),
        };
        match json.as_str() {
            Some(text) if view::needs_quotes(&text) => {
                out.write_all(b"\"")?;
                write_safe(&text, out)?;
                out.write_all(b"\"")
            }
            Some(text) => write_safe(&text, out),
            None => write_safe(&json.compact(), out),
        }
    }
}

/// Writes a text that may be large, with nothing in it that a terminal could misread.
fn write_safe(text: &str, out: &mut impl Write) -> io::Result<()> {
    escape::blocks(text).try_for_each(|part| out.write_all(escape::terminal(part).as_bytes()))
}

fn write_payload(bytes: &[u8], why: NotObject, out: &mut impl Write) -> io::Result<()> {
    let what = match why {
        NotObject::NotJson(_) if bytes.is_empty() => "empty",
        NotObject::NotJson(e) => &format!("not JSON: {e}"),
        NotObject::Kind(Kind::String) => "a JSON string",
        NotObject::Kind(_) => "JSON, but no object",
    };
    writeln!(out, "  {}, {what}", counted(bytes.len(), "byte"))?;
    // What has control characters in it is no text, and would take six times the room as one.
    let is_text = |text: &&str| !text.bytes().any(|b| b < b' ' && !b.is_ascii_whitespace());
    match std::str::from_utf8(bytes).ok().filter(is_text) {
        Some("") => Ok(()),
        Some(text) => {
            out.write_all(b"  ")?;
            write_safe(text, out)?;
            writeln!(out)
        }
        None => writeln!(out, "  {} (base64url)", shown_segment(bytes)),
    }
}

/// What an encrypted token has in place of a signature.
fn encrypted_words(opened: Option<&OpenedWith>) -> String {
    match opened {
        None => "none: the token is encrypted, and only its recipient can open it".to_owned(),
        Some(OpenedWith {
            key,
            is_shared: true,
            ..
        }) => format!("none: opened with {key}, and made by somebody who has that secret"),
        Some(OpenedWith { key, .. }) => format!(
            "none: opened with {key}, and made by anybody who has the public key that belongs to it"
        ),
    }
}

fn signature_words(token: &Unverified<'_>) -> String {
    let held = match (token.form, token.signature_bytes) {
        (Form::Jwe, _) => return encrypted_words(token.opened.as_ref()),
        (Form::Start, _) => return "unknown: this is no whole token".to_owned(),
        (_, None) => return "unreadable: not base64url".to_owned(),
        (_, Some(0)) => return "none".to_owned(),
        (_, Some(bytes)) => format!("{}, not checked", counted(bytes, "byte")),
    };
    match token.form {
        Form::SdJwt {
            key_binding: true, ..
        } => format!("{held}; followed by a proof of the holder's key"),
        _ => held,
    }
}
