//! How `jott decode` shows each token, and its status.

use std::ffi::OsStr;
use std::io::{self, Write as _};

use crate::cli::advice::{Running, sentence};
use crate::cli::args::DecodeArgs;
use crate::cli::decode::input::hint_at_file;
use crate::cli::decode::value::get;
use crate::cli::decoded::{self, Look, Partly};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::layers::Tally;
use crate::cli::printer::Printer;
use crate::cli::text_input::Placed;
use crate::cli::ui::Ui;
use crate::cli::verify_command;
use crate::text::escape;
use crate::text::time::{Span, Timestamp};
use crate::token::claims::numeric_date;
use crate::token::decode::{self, Payload, TokenForm, Unverified, decode, decode_start};
use crate::token::jwe::DecryptionKeys;
use crate::token::sd_jwt;

/// How and where tokens are shown.
pub(super) struct Shown<'s, 't, 'w, 'a> {
    pub(super) args: &'s DecodeArgs,
    /// The keys that open encrypted tokens.
    pub(super) keys: Option<&'s DecryptionKeys>,
    /// Whether an encrypted token was opened.
    pub(super) has_opened: bool,
    pub(super) expires_after: Option<Span>,
    pub(super) count: usize,
    /// The operand whose token was shown last.
    pub(super) good: Option<&'s OsStr>,
    pub(super) layers: Tally,
    /// What was not checked, or was left out.
    pub(super) note: Option<String>,
    pub(super) out: Printer<'t, 'w, 'a>,
}

impl<'s> Shown<'s, '_, '_, '_> {
    /// Shows one of the tokens; gives the status for it. Text that is not a token is skipped if
    /// there are tokens beside it.
    pub(super) fn token(
        &mut self,
        index: usize,
        placed: &Placed,
        operand: &'s OsStr,
    ) -> Result<Option<Exit>, Failure> {
        let is_among_others = self.good.is_some_and(|good| std::ptr::eq(good, operand));
        let written = match decode(&placed.token) {
            Ok(token) if !self.args.without.is_empty() => {
                self.good = Some(operand);
                if token.key_binding().is_some() {
                    self.note = Some("the proof of the holder's key is left out: it covers all that was disclosed (`sd_hash`), so the holder signs a new one".to_owned());
                }
                self.presented(placed)
            }
            Ok(token) => {
                self.good = Some(operand);
                self.layers.add(placed.layer);
                match self.keys.filter(|_| matches!(token.form, TokenForm::Jwe)) {
                    None => self.whole(index, placed, &token, None),
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
        self.note = None;
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
            Ok(opened) => return self.whole(index, placed, &opened, None),
            Err(refusal) => refusal,
        };
        let note = self.note.clone();
        if self.args.get.is_none() {
            let unopened = Partly::Unopened(&refusal);
            self.whole(index, placed, token, Some(unopened))?;
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

    fn whole(
        &mut self,
        index: usize,
        placed: &Placed,
        token: &Unverified<'_>,
        partly: Option<Partly<'_>>,
    ) -> io::Result<Exit> {
        let exit = if let Some(name) = &self.args.get {
            get(name, self.args.json, token, &mut self.out)?
        } else {
            if self.count > 1 && !self.args.json {
                let heading = heading(placed, index, self.count, self.out.ui);
                self.out.write_all(heading.as_bytes())?;
            }
            self.show(placed, token, partly)?;
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
            let partly = failure.message.as_deref().map(Partly::Start);
            self.show(placed, &start, partly)?;
            self.out.flush()?;
        }
        self.out.ui.fail(failure);
        Ok(failure.exit)
    }

    fn show(
        &mut self,
        placed: &Placed,
        token: &Unverified<'_>,
        partly: Option<Partly<'_>>,
    ) -> io::Result<()> {
        let ui = &self.out.ui;
        let look = Look {
            now: ui.world.now(),
            closely: ui.verbose,
            paint: ui.out,
        };
        match self.args.json {
            true => decoded::write_json(token, partly, placed, look.now, &mut self.out),
            false => decoded::write_lines(token, look, &mut self.out),
        }
    }
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
