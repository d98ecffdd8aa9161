//! `jott decode --redact`: copies a text without the parts that make its tokens valid.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::layers::Tally;
use crate::cli::text_input::{Lines, Piece, Searched};
use crate::cli::ui::Ui;
use crate::token::find::REDACTED;

pub(super) fn run(reader: &mut dyn Read, ui: &mut Ui<'_, '_>) -> Result<(), Failure> {
    let is_pipe = is_pipe();
    let mut text = Searched::new(reader);
    let mut seen = Seen::default();
    while let Some(piece) = text.next(false)? {
        let written = match is_pipe {
            // As much as a pipe takes at once, in whole lines.
            true => ui.write(&joined(&piece)),
            false => write_all(ui.world.stdout, &mut parts(&piece)),
        };
        written.map_err(|error| Failure::output(&error))?;
        seen.add(&piece);
    }
    seen.report(ui)
}

/// What was found.
#[derive(Default)]
struct Seen {
    redacted: Tally,
    /// How many had no signature, or none any more.
    others: usize,
    lines: Lines,
    /// The line in which something begins as a token does, but is not one.
    like: Option<u64>,
    /// The line of a token with a part of its signature perhaps left.
    broken: Option<u64>,
}

impl Seen {
    fn add(&mut self, piece: &Piece<'_>) {
        for found in &piece.finds.tokens {
            match found.is_live {
                true => self.redacted.add(found.layer),
                false => self.others = self.others.saturating_add(1),
            }
        }
        for (line, places) in [
            (&mut self.like, &piece.finds.likes),
            (&mut self.broken, &piece.finds.broken),
        ] {
            if let (None, Some(first)) = (&line, places.first()) {
                let mut lines = self.lines;
                lines.pass(piece.before(*first));
                *line = Some(lines.line());
            }
        }
        if self.like.is_none() || self.broken.is_none() {
            self.lines.pass(piece.text());
        }
    }

    /// Reports what was done. If something looks like a token, but nothing or only a part of a
    /// signature was redacted, the text is not as safe as its user may think.
    fn report(self, ui: &mut Ui<'_, '_>) -> Result<(), Failure> {
        let redacted = self.redacted.total();
        match (redacted, self.others) {
            (0, 0) if self.like.is_some() => {}
            (0, 0) => ui.note("no token was found, and so nothing was redacted"),
            (0, 1) => ui.note(
                "nothing was redacted: the token has no signature, or it was redacted before",
            ),
            (0, n) => ui.note(&format!(
                "nothing was redacted: the {n} tokens have no signature, or it was redacted before"
            )),
            _ => ui.note(&self.redacted.redacted()),
        }
        if let Some(line) = self.like {
            let hint = "a token that was cut or written in an unusual way is not found: look at the text before you show it to others";
            ui.warn(
                &format!(
                    "what begins as a token in line {line} is not one, and was copied as it is"
                ),
                (redacted == 0).then_some(hint),
            );
        }
        if let Some(line) = self.broken {
            ui.warn(
                &format!("the signature of the token in line {line} is too short, and the rest of it may follow"),
                Some("look at the text before you show it to others"),
            );
        }
        match self.broken.is_some() || redacted == 0 && self.like.is_some() {
            true => Err(Failure::silent(Exit::NotAToken)),
            false => Ok(()),
        }
    }
}

/// The parts of a piece that stay, and the replacements of its secrets between them.
fn parts<'p>(piece: &'p Piece<'_>) -> Vec<IoSlice<'p>> {
    let mut parts = Vec::new();
    let mut at = piece.start();
    for secret in &piece.finds.secrets {
        parts.push(IoSlice::new(piece.part(at..secret.start)));
        parts.push(IoSlice::new(REDACTED));
        at = secret.end;
    }
    parts.push(IoSlice::new(piece.part(at..piece.end())));
    parts
}

fn joined(piece: &Piece<'_>) -> Vec<u8> {
    parts(piece)
        .iter()
        .flat_map(|part| part.iter().copied())
        .collect()
}

/// Writes separate parts in their order.
fn write_all(out: &mut dyn Write, mut parts: &mut [IoSlice<'_>]) -> io::Result<()> {
    IoSlice::advance_slices(&mut parts, 0);
    while !parts.is_empty() {
        match out.write_vectored(parts) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut parts, written),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    out.flush()
}

/// Whether standard output is a pipe, whose reader sees what was written before a signal.
#[cfg(unix)]
fn is_pipe() -> bool {
    let stat = rustix::fs::fstat(io::stdout());
    let kind = stat.map(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode));
    !kind.is_ok_and(|kind| kind.is_file() || kind.is_char_device())
}

#[cfg(not(unix))]
fn is_pipe() -> bool {
    true
}
