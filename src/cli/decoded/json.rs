//! What `decode` prints of a token for programs: a line of JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::cli::json_line::{self, Origin, member};
use crate::cli::printer::Printer;
use crate::cli::text_input::Placed;
use crate::cli::view::{ErrorJson, raw_of, warnings_json};
use crate::text::time::{self, Timestamp};
use crate::token::claim_time::ClaimTime;
use crate::token::compact::shown_segment;
use crate::token::decode::{
    Disclosed, Disclosure, Disclosures, OpenedWith, Payload, TokenForm, Unverified,
    UnverifiedRecipient, UnverifiedSignature, decode,
};
use crate::token::refusal::{Reason, Refusal};
use crate::token::warning::Warning;

/// A shorter token is put together before it goes out, which is less work.
const SMALL: usize = 1 << 16;

/// How many times of a token are also written as dates.
const MOST_TIMES: usize = 100;

/// Why a token is shown in part.
#[derive(Clone, Copy)]
pub(in crate::cli) enum Partly<'a> {
    /// It is no whole token.
    Start(&'a str),
    /// It is encrypted, and does not open.
    Unopened(&'a Refusal),
}

/// `decode --json`, with the line at its end. If it is not a token, a warning says why.
pub(in crate::cli) fn write_json(
    token: &Unverified<'_>,
    partly: Option<Partly<'_>>,
    placed: &Placed,
    now: Timestamp,
    out: &mut Printer<'_, '_, '_>,
) -> io::Result<()> {
    let mut warnings = token.warnings(now);
    let mut error = None;
    match partly {
        Some(Partly::Start(message)) => {
            let fault = Warning {
                code: Reason::Malformed.code(),
                message: message.to_owned(),
            };
            warnings.insert(0, fault);
        }
        Some(Partly::Unopened(refusal)) => {
            error = Some(ErrorJson::unopened(refusal));
        }
        None => {}
    }
    let decoded = Decoded {
        token,
        warnings: &warnings,
        error,
        line: Some(placed.line),
        placed,
    };
    out.write_all(b"{")?;
    match placed.token.len() < SMALL {
        true => out.append(|out| json_line::push_members(out, |out| decoded.write(out))),
        false => json_line::write_members(out, |out| decoded.write(out)),
    }
}

/// `decode --batch`: the same with the line at its beginning, at the end of a buffer.
pub(in crate::cli) fn push_json_line(
    origin: Origin<'_>,
    token: &Unverified<'_>,
    placed: &Placed,
    now: Timestamp,
    out: &mut Vec<u8>,
) {
    let decoded = Decoded {
        token,
        warnings: &token.warnings(now),
        error: None,
        line: None,
        placed,
    };
    origin.push(out);
    json_line::push_members(out, |out| decoded.write(out));
}

/// A token as it is printed.
struct Decoded<'a> {
    token: &'a Unverified<'a>,
    warnings: &'a [Warning],
    /// Why it was not opened, where that was tried.
    error: Option<ErrorJson<'a>>,
    line: Option<u64>,
    placed: &'a Placed,
}

impl Decoded<'_> {
    /// Writes the members. Those of the token itself are JSON that was checked when it was decoded.
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Decoded { token, placed, .. } = *self;
        out.write_all(match token.form {
            TokenForm::Jws | TokenForm::Start => br#""type":"jws","header":"#,
            TokenForm::Jwe => br#""type":"jwe","header":"#,
            TokenForm::SdJwt { .. } => br#""type":"sd-jwt","header":"#,
        })?;
        out.write_all(token.header.compact().as_bytes())?;
        out.write_all(br#","claims":"#)?;
        let (claims, payload) = match &token.payload {
            Payload::Claims(claims) => (claims.compact(), None),
            Payload::Other(bytes, _) => (NULL, Some(SegmentJson(bytes))),
            Payload::Sealed => (NULL, None),
        };
        out.write_all(claims.as_bytes())?;
        let disclosures = match &token.form {
            TokenForm::SdJwt { disclosures, .. } => Some(DisclosuresJson(disclosures)),
            _ => None,
        };
        member("payload", &payload, out)?;
        member("signature_bytes", &token.signature_bytes, out)?;
        member("verified", &false, out)?;
        member("times", &times(token), out)?;
        member("warnings", &warnings_json(self.warnings), out)?;
        member("disclosures", &disclosures, out)?;
        if let Some(proof) = token.key_binding() {
            let proof = proof.as_ref().ok().map(KeyBindingJson::of);
            member("key_binding", &proof, out)?;
        }
        if !token.signatures.is_empty() {
            let signatures = token.signatures.iter().map(SignatureJson::of);
            member("signatures", &signatures.collect::<Vec<_>>(), out)?;
        }
        if !token.recipients.is_empty() {
            let recipients = token.recipients.iter().map(RecipientJson::of);
            member("recipients", &recipients.collect::<Vec<_>>(), out)?;
        }
        if let TokenForm::Jwe = token.form {
            let opened = token.opened.as_ref().map(|opened| OpenedJson {
                key: &opened.key,
                token: nested_json(opened, placed),
            });
            member("opened", &opened, out)?;
        }
        if let Some(error) = &self.error {
            member("error", error, out)?;
        }
        if let Some(line) = self.line {
            member("line", &line, out)?;
        }
        member("column", &placed.column, out)?;
        member("seen", &placed.seen, out)
    }
}

const NULL: Cow<'_, str> = Cow::Borrowed("null");

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

#[derive(Serialize)]
struct RecipientJson {
    header: Box<RawValue>,
    opened: bool,
}

impl RecipientJson {
    fn of(recipient: &UnverifiedRecipient) -> Self {
        RecipientJson {
            header: raw_of(recipient.header.json()),
            opened: recipient.opened,
        }
    }
}

/// The proof of the holder's key of an SD-JWT.
#[derive(Serialize)]
struct KeyBindingJson<'a> {
    header: Box<RawValue>,
    claims: Option<Box<RawValue>>,
    signature_bytes: Option<usize>,
    verified: bool,
    times: BTreeMap<Cow<'a, str>, String>,
}

impl<'a> KeyBindingJson<'a> {
    fn of(proof: &'a Unverified<'_>) -> Self {
        KeyBindingJson {
            header: raw_of(proof.header.json()),
            claims: proof.claims().map(raw_of),
            signature_bytes: proof.signature_bytes,
            verified: false,
            times: times(proof),
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
    let decoded = Decoded {
        token: &inner,
        warnings: &[],
        error: None,
        line: None,
        placed,
    };
    let mut line = vec![b'{'];
    json_line::push_members(&mut line, |out| decoded.write(out));
    line.pop();
    RawValue::from_string(String::from_utf8(line).ok()?).ok()
}

struct SegmentJson<'a>(&'a [u8]);

impl Serialize for SegmentJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&shown_segment(self.0))
    }
}

struct DisclosuresJson<'a>(&'a Disclosures<'a>);

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
