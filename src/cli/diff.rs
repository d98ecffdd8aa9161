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
    let (first, second) = (first?, second?);
    let named_files = |failure: Failure| match tokens.iter().any(|token| Path::new(token).is_file())
    {
        true => Failure {
            hints: vec![Hint::Words(FILES.to_owned())],
            ..failure
        },
        false => failure,
    };
    let first = read(&first, "first", keys).map_err(named_files)?;
    let second = read(&second, "second", keys).map_err(named_files)?;
    let header = Difference::of(Some(&first.header), Some(&second.header));
    let claims = Difference::of(claims(&first), claims(&second));
    let text = if as_json {
        line(&Differences {
            same: header.is_empty() && claims.is_empty(),
            header: header.json(),
            claims: claims.json(),
        })
    } else {
        let now = ui.world.now();
        let sections = [("Header", &header), ("Claims", &claims)];
        let sections = sections.map(|(title, difference)| {
            format!("{}\n{}", ui.out.bold(title), difference.lines(now, ui))
        });
        sections.join("\n")
    };
    ui.result(text.as_bytes())?;
    Ok(Exit::Done)
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

fn claims<'a>(token: &'a Unverified<'_>) -> Option<&'a Object> {
    match &token.payload {
        Payload::Claims(claims) => Some(claims),
        Payload::Other(..) | Payload::Sealed => None,
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
        });
        members.collect()
    }
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
    header: Vec<MemberJson<'a>>,
    claims: Vec<MemberJson<'a>>,
}

/// A member that is not the same in both, with the values that are there.
#[derive(Serialize)]
struct MemberJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<Box<RawValue>>,
}
