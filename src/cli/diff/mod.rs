//! `jott decode --diff`: what two tokens say differently.

mod difference;

use std::ffi::OsString;
use std::path::Path;

use serde::Serialize;

use crate::cli::diff::difference::{Difference, MemberJson};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Hint};
use crate::cli::json_line::line;
use crate::cli::operand::Operand;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::decode::{self, Payload, TokenForm, Unverified};
use crate::token::json::Object;
use crate::token::jwe::DecryptionKeys;
use crate::token::pasted::strip;

/// What helps whoever names two files.
const FILES: &str =
    "files are given by what is in them: `jott decode --diff \"$(cat FILE)\" \"$(cat OTHER)\"`";

/// How two tokens are given.
const TWO: &str = "`jott decode --diff \"$ONE\" \"$OTHER\"`, of which one may be `-`";

/// Compares two tokens.
pub(super) fn run(
    tokens: &[OsString],
    as_json: bool,
    keys: Option<&DecryptionKeys>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let [first, second] = tokens else {
        return Err(Failure::usage("`--diff` compares two tokens").hint(TWO));
    };
    if first == "-" && second == "-" {
        return Err(Failure::usage("standard input is given twice").hint(TWO));
    }
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
    let no_claims = first.claims().or(second.claims()).is_none();
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
            Payloads::Same if matches!(first.token.payload, Payload::Sealed) => {
                "  the same, encrypted (`--key SOURCE` opens them)\n".to_owned()
            }
            Payloads::Same if no_claims => {
                "  none: the payloads are no JSON objects, and the same\n".to_owned()
            }
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
            disclosed: token.disclosed_claims().and_then(Result::ok),
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
        let are_several = why.hint == Some(Advice::Token(TokenAdvice::GiveOne));
        let failure = Failure::from(why);
        Failure {
            message: Some(message),
            hints: match are_several {
                true => vec![TWO.into()],
                false => failure.hints,
            },
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
