//! `jott decode --diff`: what two tokens say differently.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::columns::{padding, width};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Hint};
use crate::cli::json_line::line;
use crate::cli::operand::Operand;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::cli::view::{self, raw_of};
use crate::text::escape;
use crate::text::time::{self, Timestamp};
use crate::token::claim_time::ClaimTime;
use crate::token::decode::{self, Payload, TokenForm, Unverified};
use crate::token::json::{Json, Object};
use crate::token::jwe::DecryptionKeys;
use crate::token::pasted::strip;

/// How many members of a token are compared.
const MOST: usize = 10_000;

/// What helps whoever names two files.
const FILES: &str =
    "files are given by what is in them: `jott decode --diff \"$(cat FILE)\" \"$(cat OTHER)\"`";

/// Compares two tokens.
pub(super) fn run(
    tokens: &[OsString],
    as_json: bool,
    keys: Option<&DecryptionKeys>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let [first, second] = tokens else {
        return Err(Failure::usage("`--diff` compares two tokens")
            .hint("`jott decode --diff \"$ONE\" \"$OTHER\"`, of which one may be `-`"));
    };
    let texts = [first, second].map(|operand| -> Result<String, Failure> {
        let bytes = match Operand::of(operand, "the token", ui)? {
            Operand::Stdin(reader) => text_input::read_token(reader)?,
            Operand::Given(operand) => operand.as_encoded_bytes().to_vec(),
        };
        let text = String::from_utf8(bytes).map_err(|_| text_input::not_utf8())?;
        Ok(strip(&text).token.to_owned())
    });
    let [first, second] = texts;
    let texts = [first?, second?];
    let named_files = |failure: Failure| match tokens.iter().any(|token| Path::new(token).is_file())
    {
        true => Failure {
            hints: vec![Hint::Words(FILES.to_owned())],
            ..failure
        },
        false => failure,
    };
    let [first, second] = &texts;
    let first = Side::read(first, "first", keys).map_err(named_files)?;
    let second = Side::read(second, "second", keys).map_err(named_files)?;
    let is_identical = first.text == second.text;
    let header = Difference::of(Some(&first.token.header), Some(&second.token.header));
    let inner = Difference::of(first.inner_header.as_ref(), second.inner_header.as_ref());
    let claims = Difference::of(first.claims(), second.claims());
    let payloads = match is_identical {
        true => Payloads::Same,
        false => Payloads::of(&first.token.payload, &second.token.payload),
    };
    let is_same =
        header.is_empty() && inner.is_empty() && claims.is_empty() && payloads == Payloads::Same;
    let text = if as_json {
        line(&Differences {
            same: is_same,
            identical: is_identical,
            header: header.json(),
            nested_header: inner.json(),
            claims: claims.json(),
            payload: payloads,
        })
    } else {
        let now = ui.world.now();
        let has_inner = first.inner_header.is_some() || second.inner_header.is_some();
        let inner = has_inner.then_some(("Header of the token inside", &inner));
        let sections = [("Header", &header)].into_iter().chain(inner);
        let sections = sections.map(|(title, difference)| {
            let title = ui.out.bold(title);
            format!("{title}\n{}\n", difference.lines(now, ui))
        });
        let mut text: String = sections.collect();
        text.push_str(&format!("{}\n", ui.out.bold("Claims")));
        text.push_str(&match payloads {
            Payloads::Same => claims.lines(now, ui),
            Payloads::Different => format!(
                "{}  the payloads are not both JSON objects, and differ\n",
                claims.lines(now, ui)
            ),
            Payloads::NotCompared => {
                "  not compared: encrypted (`--key SOURCE` opens them)\n".to_owned()
            }
        });
        if is_same && !is_identical {
            text.push_str("\nBoth say the same, but their texts differ: in the signature, or in how they are written.\n");
        }
        text
    };
    ui.result(text.as_bytes())?;
    Ok(Exit::Done)
}

/// One of the two tokens.
struct Side<'t> {
    text: &'t str,
    token: Unverified<'t>,
    /// The header of the token that was inside of it.
    inner_header: Option<Object>,
    /// The claims with those that were disclosed.
    disclosed: Option<Object>,
}

impl<'t> Side<'t> {
    fn read(text: &'t str, which: &str, keys: Option<&DecryptionKeys>) -> Result<Self, Failure> {
        let token = read(text, which, keys)?;
        let inner = token
            .opened
            .as_ref()
            .and_then(|opened| opened.nested.as_deref());
        let inner_header = inner.map(decode::decode).transpose()?;
        Ok(Side {
            text,
            inner_header: inner_header.map(|inner| inner.header),
            disclosed: token.disclosed_claims(),
            token,
        })
    }

    fn claims(&self) -> Option<&Object> {
        let signed = match &self.token.payload {
            Payload::Claims(claims) => Some(claims),
            Payload::Other(..) | Payload::Sealed => None,
        };
        self.disclosed.as_ref().or(signed)
    }
}

/// Reads a token, and opens it if it is encrypted and there is a key.
fn read<'t>(
    text: &'t str,
    which: &str,
    keys: Option<&DecryptionKeys>,
) -> Result<Unverified<'t>, Failure> {
    let named = |message: String| format!("the {which} token: {message}");
    let token = decode::decode(text).map_err(|why| {
        let message = named(why.message.clone());
        let failure = Failure::from(why);
        Failure {
            message: Some(message),
            ..failure
        }
    })?;
    match keys.filter(|_| matches!(token.form, TokenForm::Jwe)) {
        None => Ok(token),
        Some(keys) => decode::open(text, keys)
            .map_err(|why| Failure::new(Exit::of_reason(why.reason), named(why.message))),
    }
}

/// How two payloads compare beyond their claims.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Payloads {
    Same,
    Different,
    /// One or both are encrypted.
    NotCompared,
}

impl Payloads {
    fn of(first: &Payload, second: &Payload) -> Self {
        match (first, second) {
            (Payload::Sealed, _) | (_, Payload::Sealed) => Payloads::NotCompared,
            // What two objects have in them was compared by name.
            (Payload::Claims(_), Payload::Claims(_)) => Payloads::Same,
            (Payload::Other(first, _), Payload::Other(second, _)) if first == second => {
                Payloads::Same
            }
            _ => Payloads::Different,
        }
    }
}

/// The difference between two objects.
struct Difference<'a> {
    /// A name, with its value in the first and in the second.
    members: Vec<(String, Option<Json<'a>>, Option<Json<'a>>)>,
    /// How many members are the same.
    same: usize,
}

impl<'a> Difference<'a> {
    fn of(first: Option<&'a Object>, second: Option<&'a Object>) -> Self {
        let all = |object: Option<&'a Object>| {
            let members = object.into_iter().flat_map(Object::members);
            members.map(|(name, _)| name.into_owned()).take(MOST)
        };
        let mut met = HashSet::new();
        let (mut members, mut same) = (Vec::new(), 0_usize);
        for name in all(first).chain(all(second)) {
            if !met.insert(name.clone()) {
                continue;
            }
            let value = |object: Option<&'a Object>| object.and_then(|object| object.get(&name));
            match (value(first), value(second)) {
                (Some(a), Some(b)) if a.same(b) => same = same.saturating_add(1),
                (a, b) => members.push((name, a, b)),
            }
        }
        Difference { members, same }
    }

    fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn lines(&self, now: Timestamp, ui: &Ui<'_, '_>) -> String {
        const WIDEST: usize = 28;
        let names = self
            .members
            .iter()
            .map(|(name, ..)| escape::shorten(name, 60));
        let widest = names.map(|name| width(&name)).max().unwrap_or_default();
        let widest = widest.min(WIDEST);
        let mut lines = String::new();
        for (name, first, second) in &self.members {
            for (value, is_first) in [(first, true), (second, false)] {
                let Some(value) = value else { continue };
                let shown = escape::shorten(name, 60);
                let row = format!(
                    "{shown}{}   {}",
                    padding(&shown, widest),
                    worded(name, *value, now)
                );
                lines.push_str(&match is_first {
                    true => format!("  {}\n", ui.out.red(&format!("- {row}"))),
                    false => format!("  {}\n", ui.out.green(&format!("+ {row}"))),
                });
            }
        }
        lines.push_str(&match (self.members.len(), self.same) {
            (0, 0) => "  (none)\n".to_owned(),
            (0, same) => format!("  the same, all {same}\n"),
            (_, 0) => String::new(),
            (_, same) => format!("  and {same} the same\n"),
        });
        lines
    }

    fn json(&self) -> Vec<MemberJson<'_>> {
        let members = self.members.iter().map(|(name, first, second)| MemberJson {
            name,
            first: first.map(raw_of),
            second: second.map(raw_of),
            first_time: first.and_then(|value| time_of(name, value)),
            second_time: second.and_then(|value| time_of(name, value)),
        });
        members.collect()
    }
}

/// A time of a token as text.
fn time_of(name: &str, value: Json<'_>) -> Option<String> {
    time::rfc3339(ClaimTime::of(name, value)?.at)
}

/// A value for people: a time as such, and how long it is from now.
fn worded(name: &str, value: Json<'_>, now: Timestamp) -> String {
    let at = ClaimTime::of(name, value).map(|time| time.at);
    match at.and_then(|at| Some((at, time::human(at)?))) {
        Some((at, human)) => format!("{human}   {}", time::relative(at, now)),
        None => view::shown(value).into_owned(),
    }
}

#[derive(Serialize)]
struct Differences<'a> {
    same: bool,
    /// Whether the texts are the same too.
    identical: bool,
    header: Vec<MemberJson<'a>>,
    nested_header: Vec<MemberJson<'a>>,
    claims: Vec<MemberJson<'a>>,
    payload: Payloads,
}

/// A member that is not the same in both, with the values that are there.
#[derive(Serialize)]
struct MemberJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<Box<RawValue>>,
    /// A time as text, where the value is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_time: Option<String>,
}
