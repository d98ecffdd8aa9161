//! What `decode` prints of a token for programs: a line of JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::cli::json_line::{self, Origin};
use crate::cli::text_input::Placed;
use crate::cli::view::{WarningJson, raw_of, warnings_json};
use crate::text::time::{self, Timestamp};
use crate::token::claim_time::ClaimTime;
use crate::token::compact::shown_segment;
use crate::token::decode::{
    Disclosed, Disclosure, Disclosures, Form, OpenedWith, Payload, Unverified, UnverifiedSignature,
    decode,
};
use crate::token::refusal::Reason;
use crate::token::warning::Warning;

/// A shorter token is put together before it goes out, which is less work.
const SMALL: usize = 1 << 16;

/// How many times of a token are also written as dates.
const MOST_TIMES: usize = 100;

/// `decode --json`, with the line at its end. If it is not a token, a warning says why.
pub(in crate::cli) fn write_json(
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
pub(in crate::cli) fn json_line(
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

/// The first members: JSON of the token that was checked when it was decoded.
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
    /// Those of a token in a JSON form.
    #[serde(skip_serializing_if = "Option::is_none")]
    signatures: Option<Vec<SignatureJson<'a>>>,
    /// The token that a key opened.
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
            signatures: (!token.signatures.is_empty())
                .then(|| token.signatures.iter().map(SignatureJson::of).collect()),
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

#[derive(Serialize)]
struct SignatureJson<'a> {
    header: Box<RawValue>,
    unsigned: &'a [String],
    signature_bytes: Option<usize>,
}

impl<'a> SignatureJson<'a> {
    fn of(signature: &'a UnverifiedSignature) -> Self {
        SignatureJson {
            header: raw_of(signature.header.json()),
            unsigned: &signature.unsigned,
            signature_bytes: signature.signature_bytes,
        }
    }
}

/// The place of the key that opened a token, and the token that was inside.
#[derive(Serialize)]
struct OpenedJson<'a> {
    key: &'a str,
    token: Option<Box<RawValue>>,
}

/// The token inside an encrypted one, as if it stood in its place.
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
