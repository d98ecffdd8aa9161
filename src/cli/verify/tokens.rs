//! The texts that `jott verify` is given, as tokens.

use std::borrow::Cow;

use crate::cli::args::VerifyArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::layers::Tally;
use crate::cli::operand::Operand;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::{Compact, Malformed};
use crate::token::decode;
use crate::token::no_token;
use crate::token::pasted::Stripped;

/// A text that is to be judged, or why it cannot be a token at all.
pub(super) type Candidate = Result<String, Malformed>;

pub(super) fn tokens(
    args: &VerifyArgs,
    inputs: Vec<Operand<'_, '_>>,
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Candidate>, Failure> {
    let mut tokens = Vec::new();
    let mut none = None;
    for input in inputs {
        input.ask_for_token(ui);
        if args.find {
            let found = match input {
                Operand::Given(operand) => text_input::find_all(&mut operand.as_encoded_bytes())?,
                Operand::Stdin(reader) => text_input::find_all(reader)?,
            };
            if found.is_empty() {
                none = Some(found.none_found(Exit::Refused));
            }
            let found = found.placed();
            if let Some(hidden) = Tally::of(found.iter().map(|placed| placed.layer)).found() {
                ui.note(&hidden);
            }
            tokens.extend(found.into_iter().map(|placed| Ok(placed.token)));
        } else {
            tokens.push(match input {
                Operand::Given(operand) => bare(operand.as_encoded_bytes().to_vec(), ui)
                    .and_then(|token| well_shaped(token, text_input::file_hint(operand))),
                Operand::Stdin(reader) => bare(text_input::read_token(reader)?, ui)
                    .and_then(|token| well_shaped(token, None)),
            });
        }
    }
    match none {
        Some(none) if tokens.is_empty() => Err(none),
        _ => Ok(tokens),
    }
}

/// A file's name in the place of a token, and a text with a token in it, are told from a token that is broken.
fn well_shaped(token: String, of_file: Option<Advice>) -> Candidate {
    if decode::is_json(&token) {
        return Ok(token);
    }
    if let (Some(hint), Err(malformed)) = (of_file, Compact::split(&token)) {
        return Err(malformed.hint(hint));
    }
    text_input::unless_surrounded(Cow::Owned(token)).map(Cow::into_owned)
}

/// Removes quotes, white space and the like around a token. A large token is not copied.
fn bare(mut text: Vec<u8>, ui: &mut Ui<'_, '_>) -> Candidate {
    let Stripped {
        token,
        start,
        taken,
    } = text_input::bare(&text)?;
    if token.contains('\n') && !decode::is_json(token) {
        return Err(no_token::of_another_kind(token).unwrap_or_else(|| {
            Malformed::new("there is a second line after the token")
                .hint(Advice::Token(TokenAdvice::ChooseLines))
        }));
    }
    if !taken.is_empty() {
        ui.note(&format!("taken off the token: {}", taken.join(", ")));
    }
    text.truncate(start.saturating_add(token.len()));
    text.drain(..start);
    String::from_utf8(text).map_err(|_| text_input::not_utf8())
}
