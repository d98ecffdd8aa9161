//! The texts that `jott decode` is given, and the tokens in them.

use std::ffi::OsStr;
use std::io::Read;

use crate::cli::args::DecodeArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::operand::{self, Operand};
use crate::cli::text_input::{Collector, Placed, Searched, file_hint, is_token_byte};
use crate::cli::ui::Ui;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::Malformed;
use crate::token::decode::{self, decode};
use crate::token::find::{Found, Layer, Text};
use crate::token::no_token;
use crate::token::pasted::strip;

pub(super) fn operands(args: &DecodeArgs) -> Result<Vec<&OsStr>, Failure> {
    if args.tokens.iter().filter(|t| *t == "-").count() > 1 {
        return Err(Failure::usage("standard input is given twice").hint("`-` stands for it once"));
    }
    Ok(operand::or_stdin(&args.tokens))
}

pub(super) fn with_reader<T>(
    operand: &OsStr,
    ui: &mut Ui<'_, '_>,
    use_it: impl FnOnce(&mut dyn Read, &mut Ui<'_, '_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let operand = Operand::of(operand, "the token", ui)?;
    operand.ask_for_token(ui);
    match operand {
        Operand::Stdin(reader) => use_it(reader, ui),
        // The copy ends with a line break, as `echo` would.
        Operand::Given(text) => {
            let text = [text.as_encoded_bytes(), b"\n"].concat();
            use_it(&mut text.as_slice(), ui)
        }
    }
}

/// An operand that is not a token may be a file with tokens.
pub(super) fn hint_at_file(failure: Failure, operand: &OsStr) -> Failure {
    match file_hint(operand) {
        Some(hint) if failure.exit == Exit::NotAToken => Failure {
            hints: vec![hint.into()],
            ..failure
        },
        _ => failure,
    }
}

/// Reads a text: a single word is read as a token, with a strict diagnosis; any other text is
/// searched.
pub(super) fn read(
    reader: &mut dyn Read,
    counted: bool,
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Placed>, Failure> {
    let mut text = Searched::new(reader);
    let mut collector = Collector::default();
    while let Some(piece) = text.next(true)? {
        if piece.is_whole
            && let Ok(text) = std::str::from_utf8(piece.text())
            && let text = strip(text).token
            && decode::is_json(text)
        {
            return one(text, piece.text(), ui).map(|token| vec![token]);
        }
        if piece.is_whole
            && let Some(text) = alone(piece.text(), &piece.finds.tokens)
        {
            return one(text?, piece.text(), ui).map(|token| vec![token]);
        }
        if piece.is_whole
            && piece.finds.tokens.is_empty()
            && let Ok(text) = std::str::from_utf8(piece.text())
            && let Some(other) = no_token::of_another_kind(strip(text).token)
        {
            return Err(other.into());
        }
        collector.add(&piece)?;
    }
    if collector.is_empty() {
        return Err(collector.none_found(Exit::NotAToken));
    }
    let mut placed = collector.placed();
    let is_token = |placed: &Placed| decode(&placed.token).is_ok();
    match placed.iter().position(is_token) {
        Some(first) => {
            placed.drain(..first);
            if counted && placed.len() > 1 {
                placed.retain(is_token);
            }
        }
        // If none of several is a token, the first one says why.
        None => placed.truncate(1),
    }
    Ok(placed)
}

/// The characters that may follow a token that was copied out of a text.
const PUNCTUATION: &[char] = &[',', ';', ':', '.', '"', '\'', ')', ']', '}', '>'];

/// The text, if it is meant as one token: only a token's characters after stripping, a word in
/// which no token was found, or a word that begins as a token and goes on.
fn alone<'t>(piece: &'t [u8], found: &[Found]) -> Option<Result<&'t str, Malformed>> {
    let Ok(text) = std::str::from_utf8(piece) else {
        let not_text = Malformed::new("the token is not UTF-8 text")
            .hint(Advice::Token(TokenAdvice::UseItsCharacters));
        let one_word = !piece.trim_ascii().iter().any(u8::is_ascii_whitespace);
        return (found.is_empty() && one_word).then_some(Err(not_text));
    };
    let bare = strip(text).token;
    // A wrapped token has to be joined before it can be used.
    if let [only] = found
        && only.layer == Layer::Folded
        && text.get(only.place.clone()) == Some(bare)
    {
        return Some(Ok(text));
    }
    // A text that hides a token is not a token itself.
    let is_hidden = |found: &Found| found.layer != Layer::Plain && found.text != Text::Without;
    if found.iter().any(is_hidden) {
        return None;
    }
    let one_word = || !bare.contains(char::is_whitespace);
    let meant = match found {
        [] => one_word() || bare.starts_with("ey"),
        [only] => {
            let rest = text
                .get(only.place.end..)
                .map_or("", |rest| rest.trim_end());
            let starts = text
                .get(only.place.start..)
                .is_some_and(|t| t.starts_with(bare));
            starts && !rest.trim_start_matches(PUNCTUATION).is_empty() && one_word()
        }
        _ => false,
    };
    (meant || bare.bytes().all(is_token_byte)).then_some(Ok(text))
}

fn one(text: &str, piece: &[u8], ui: &mut Ui<'_, '_>) -> Result<Placed, Failure> {
    let stripped = strip(text);
    let bare = stripped.token;
    if bare.is_empty() {
        let what = match stripped.taken.last() {
            Some(last) => format!("there is no token after {last}"),
            None => "the input is empty: there is no token".to_owned(),
        };
        return Err(Failure::new(Exit::NotAToken, what)
            .hint("`jott decode TOKEN`, or the token on standard input"));
    }
    if !stripped.taken.is_empty() {
        ui.detail(&format!("taken off: {}", stripped.taken.join(", ")));
    }
    let before = piece.get(..stripped.start).unwrap_or_default();
    Ok(Placed {
        token: bare.to_owned(),
        ..Placed::after(before)
    })
}
