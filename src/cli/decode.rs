//! `jott decode`: find the tokens of a text, show what they say.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};

use crate::cli::advice::{Running, sentence};
use crate::cli::args::{DecodeArgs, ReadingArgs};
use crate::cli::batch;
use crate::cli::decoded::{self, Look};
use crate::cli::decryption::Decryption;
use crate::cli::diff;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::layers::Tally;
use crate::cli::operand::{self, Operand};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::printer::Printer;
use crate::cli::redact;
use crate::cli::text_input::{Collector, Placed, Searched, file_hint, no_token_as_name};
use crate::cli::ui::Ui;
use crate::cli::verify_command;
use crate::cli::view;
use crate::text::escape;
use crate::text::time::{Span, Timestamp};
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::claims::numeric_date;
use crate::token::compact::Malformed;
use crate::token::decode::{self, Form, Payload, Unverified, decode, decode_start};
use crate::token::find::{Found, Layer, Text};
use crate::token::json::Kind;
use crate::token::jwe::DecryptionKeys;
use crate::token::name::{Duplicate, Name};
use crate::token::pasted::strip;
use crate::token::sd_jwt;

pub(super) fn run(args: &DecodeArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    no_token_as_name("--get", &args.get)?;
    let reading = reading(args);
    let decryption = Decryption::read(
        ("--key", &args.key),
        args.key_derivation.as_deref(),
        &args.alg,
        ui,
    )?;
    let mut passphrase = PassphrasePlace::of(&reading, ui)?;
    let keys = decryption.map(|keys| {
        let keys = keys.inflate_up_to(args.max_inflated);
        keys.load(&reading, &mut passphrase, ui)
    });
    let keys = keys.transpose()?;
    if args.batch {
        return batch::decode(args, keys, ui);
    }
    if args.diff {
        return diff::run(&args.tokens, args.json, keys.as_ref(), ui);
    }
    let expires_after = args.expires_after.as_deref().map(Span::parse).transpose()?;
    let mut exits = Vec::new();
    let mut tokens = Vec::new();
    let operands = operands(args)?;
    // They are counted first only if the number is shown too.
    let counted = !args.json && args.get.is_none();
    for operand in operands {
        let result = with_reader(operand, ui, |reader, ui| match args.redact {
            true => redact::run(reader, ui).map(|()| Vec::new()),
            false => read(reader, counted, ui),
        });
        match result {
            Ok(found) => tokens.push((operand, found)),
            Err(failure) => {
                let failure = hint_at_file(failure, operand);
                ui.fail(&failure);
                exits.push(failure.exit);
            }
        }
    }
    if args.redact {
        return Ok(Exit::of_several(exits));
    }
    let silent = ui.quiet && expires_after.is_some();
    let mut shown = Shown {
        args,
        keys: keys.as_ref(),
        has_opened: false,
        expires_after,
        count: tokens.iter().map(|(_, found)| found.len()).sum(),
        good: None,
        layers: Tally::default(),
        note: None,
        out: Printer::new(ui, silent),
    };
    let all = tokens
        .iter()
        .flat_map(|(operand, found)| found.iter().map(move |placed| (placed, *operand)));
    for (index, (placed, operand)) in all.enumerate() {
        exits.extend(shown.token(index, placed, operand)?);
    }
    let note = shown.note.take();
    let hidden = shown.layers.found();
    let unused =
        keys.is_some() && !shown.has_opened && exits.iter().all(|exit| *exit == Exit::Done);
    shown.out.finish()?;
    if unused {
        ui.note("no token is encrypted, so `--key` opens nothing; `jott verify` checks signatures");
    }
    if let Some(hidden) = hidden {
        ui.note(&hidden);
    }
    if let Some(note) = note {
        ui.note(&note);
    }
    Ok(Exit::of_several(exits))
}

/// How and where tokens are shown.
struct Shown<'s, 't, 'w, 'a> {
    args: &'s DecodeArgs,
    /// The keys that open encrypted tokens.
    keys: Option<&'s DecryptionKeys>,
    /// Whether an encrypted token was opened.
    has_opened: bool,
    expires_after: Option<Span>,
    count: usize,
    /// The operand whose token was shown last.
    good: Option<&'s OsStr>,
    layers: Tally,
    /// What was not checked.
    note: Option<String>,
    out: Printer<'t, 'w, 'a>,
}

impl<'s> Shown<'s, '_, '_, '_> {
    /// Shows one of the tokens; gives the status for it. Text that is not a token is skipped if
    /// there are tokens beside it.
    fn token(
        &mut self,
        index: usize,
        placed: &Placed,
        operand: &'s OsStr,
    ) -> Result<Option<Exit>, Failure> {
        let is_among_others = self.good.is_some_and(|good| std::ptr::eq(good, operand));
        let written = match decode(&placed.token) {
            Ok(_) if !self.args.without.is_empty() => {
                self.good = Some(operand);
                self.presented(placed)
            }
            Ok(token) => {
                self.good = Some(operand);
                self.layers.add(placed.layer);
                match self.keys.filter(|_| matches!(token.form, Form::Jwe)) {
                    None => self.whole(index, placed, &token),
                    Some(keys) => self.opened(index, placed, &token, keys),
                }
            }
            Err(_) if is_among_others => return Ok(None),
            Err(malformed) => self.start(placed, &hint_at_file(malformed.into(), operand)),
        };
        written.map(Some).map_err(|error| Failure::output(&error))
    }

    /// Prints an SD-JWT with fewer disclosures.
    fn presented(&mut self, placed: &Placed) -> io::Result<Exit> {
        let names: Vec<&str> = self.args.without.iter().map(String::as_str).collect();
        let failure = match sd_jwt::without(&placed.token, &names) {
            Ok((token, unknown)) => match unknown.first() {
                None => {
                    writeln!(self.out, "{token}")?;
                    return Ok(Exit::Done);
                }
                Some(name) => {
                    let name = escape::shorten(name, 60);
                    Failure::new(
                        Exit::Refused,
                        format!("no disclosure of the token is of `{name}`"),
                    )
                    .hint("`jott decode` shows what is disclosed")
                }
            },
            Err(malformed) => malformed.into(),
        };
        self.out.ui.fail(&failure);
        Ok(failure.exit)
    }

    /// Shows an encrypted token with its content, or says why it does not open.
    fn opened(
        &mut self,
        index: usize,
        placed: &Placed,
        token: &Unverified<'_>,
        keys: &DecryptionKeys,
    ) -> io::Result<Exit> {
        self.has_opened = true;
        let refusal = match decode::open(&placed.token, keys) {
            Ok(opened) => return self.whole(index, placed, &opened),
            Err(refusal) => refusal,
        };
        let note = self.note.clone();
        if self.args.get.is_none() {
            self.whole(index, placed, token)?;
            self.note = note;
        }
        self.out.flush()?;
        let exit = Exit::of_reason(refusal.reason);
        let mut failure = Failure::new(exit, refusal.message);
        if let Some(hint) = refusal.hint {
            failure = failure.hint(sentence(&hint, Running::Decode));
        }
        self.out.ui.fail(&failure);
        Ok(exit)
    }

    fn whole(&mut self, index: usize, placed: &Placed, token: &Unverified<'_>) -> io::Result<Exit> {
        let exit = if let Some(name) = &self.args.get {
            get(name, self.args.json, token, &mut self.out)?
        } else {
            if self.count > 1 && !self.args.json {
                let heading = heading(placed, index, self.count, self.out.ui);
                self.out.write_all(heading.as_bytes())?;
            }
            self.show(placed, token, None)?;
            if !self.args.json {
                self.note = unchecked(token, self.count);
            }
            match token.payload {
                Payload::Claims(_) | Payload::Sealed => Exit::Done,
                Payload::Other(..) => Exit::NotAToken,
            }
        };
        let now = self.out.ui.world.now();
        Ok(match self.expires_after {
            Some(span) if exit == Exit::Done => expiry(token, span, now),
            _ => exit,
        })
    }

    /// Shows what can be read of a text that begins as a token but is not one.
    fn start(&mut self, placed: &Placed, failure: &Failure) -> io::Result<Exit> {
        if let Some(start) = decode_start(&placed.token)
            && self.args.get.is_none()
        {
            self.show(placed, &start, failure.message.as_deref())?;
            self.out.flush()?;
        }
        self.out.ui.fail(failure);
        Ok(failure.exit)
    }

    fn show(
        &mut self,
        placed: &Placed,
        token: &Unverified<'_>,
        fault: Option<&str>,
    ) -> io::Result<()> {
        let ui = &self.out.ui;
        let look = Look {
            now: ui.world.now(),
            closely: ui.verbose,
            paint: ui.out,
        };
        match self.args.json {
            true => decoded::write_json(token, fault, placed, look.now, &mut self.out),
            false => decoded::write_lines(token, look, &mut self.out),
        }
    }
}

/// How the keys are read.
fn reading(args: &DecodeArgs) -> ReadingArgs {
    ReadingArgs {
        key_encoding: args.key_encoding,
        passphrase: args.passphrase.clone(),
        ..ReadingArgs::default()
    }
}

fn operands(args: &DecodeArgs) -> Result<Vec<&OsStr>, Failure> {
    if args.tokens.iter().filter(|t| *t == "-").count() > 1 {
        return Err(Failure::usage("standard input is given twice").hint("`-` stands for it once"));
    }
    Ok(operand::or_stdin(&args.tokens))
}

fn with_reader<T>(
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
fn hint_at_file(failure: Failure, operand: &OsStr) -> Failure {
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
fn read(reader: &mut dyn Read, counted: bool, ui: &mut Ui<'_, '_>) -> Result<Vec<Placed>, Failure> {
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
        collector.add(&piece)?;
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
    if placed.is_empty() {
        return Err(
            Failure::new(Exit::NotAToken, "there is no token in the text")
                .hint("a token looks like `eyJ….eyJ….…`"),
        );
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

/// Whether a byte may stand in a token: base64url, and the `.` and `~` between segments.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
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

fn heading(placed: &Placed, index: usize, count: usize, ui: &Ui<'_, '_>) -> String {
    let seen = match placed.seen {
        1 => String::new(),
        n => format!(", seen {n} times"),
    };
    let gap = if index == 0 { "" } else { "\n" };
    let number = index.saturating_add(1);
    let text = format!(
        "Token {number} of {count}, line {}, column {}{seen}",
        placed.line, placed.column
    );
    format!("{gap}{}\n\n", ui.out.bold(&text))
}

fn get(
    name: &str,
    as_json: bool,
    token: &Unverified<'_>,
    out: &mut Printer<'_, '_, '_>,
) -> io::Result<Exit> {
    let shown = escape::shorten(name, 60);
    let name = Name::parse(name);
    let failure = match name.find(token.header.json(), token.claims()) {
        Ok(Some(value)) => match as_json || value.kind() != Kind::String {
            true => {
                view::write_json_value(value, out)?;
                return Ok(Exit::Done);
            }
            false => match value.as_str().filter(|text| escape::is_plain(text)) {
                Some(text) => {
                    writeln!(out, "{text}")?;
                    return Ok(Exit::Done);
                }
                None => unprintable(&shown),
            },
        },
        Ok(None) => absent(&name, &shown, token),
        Err(Duplicate) => Failure::new(Exit::NotAToken, format!("the token has `{shown}` twice")),
    };
    out.ui.fail(&failure);
    Ok(failure.exit)
}

/// A value that would need escapes to be printed bare.
pub(super) fn unprintable(shown: &str) -> Failure {
    Failure::new(
        Exit::Refused,
        format!("`{shown}` has characters that cannot be printed bare"),
    )
    .hint(format!("`--get {shown} --json` prints it with escapes"))
}

fn absent(name: &Name, shown: &str, token: &Unverified<'_>) -> Failure {
    let failure = Failure::new(Exit::Refused, format!("the token has no `{shown}`"));
    let (object, what) = match name {
        Name::Header(_) => (Some(token.header.json()), "the header"),
        Name::Claim(_) | Name::Pointer(_) => (token.claims(), "it"),
    };
    match object {
        Some(object) => {
            let names: Vec<String> = object
                .members()
                .take(12)
                .map(|(n, _)| escape::shorten(&n, 30))
                .collect();
            let in_header = matches!(name, Name::Claim(claim) if token.header.get(claim).is_some());
            if in_header {
                failure.hint(format!("the header has it: `--get header.{shown}`"))
            } else if names.is_empty() {
                failure
            } else {
                failure.hint(format!("{what} has {}", names.join(", ")))
            }
        }
        None => failure.hint("its payload is not a JSON object"),
    }
}

/// Whether the token lives longer than this; only then the status is done.
fn expiry(token: &Unverified<'_>, span: Span, now: Timestamp) -> Exit {
    let exp = token.claims().and_then(|c| c.get("exp"));
    match exp.map(numeric_date) {
        Some(Ok(exp)) if exp > now.saturating_add(span) => Exit::Done,
        _ => Exit::Expired,
    }
}

/// A note about what was not checked, and how to check it.
fn unchecked(token: &Unverified<'_>, count: usize) -> Option<String> {
    match count {
        1 => verify_command::advice(token),
        _ => Some("no signature was checked: anyone can write tokens like these; `jott verify --find` checks them".to_owned()),
    }
}
