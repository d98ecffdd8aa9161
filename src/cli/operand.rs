//! An operand of a command, or standard input in its place: `-`, or nothing.

use std::ffi::{OsStr, OsString};
use std::io::Read;

use crate::cli::failure::Failure;
use crate::cli::ui::Ui;

/// Where something is read from.
pub(super) enum Operand<'o, 'a> {
    /// The text on the command line.
    Given(&'o OsStr),
    /// Standard input, taken and not read yet.
    Stdin(&'a mut (dyn Read + Send)),
}

impl<'o, 'a> Operand<'o, 'a> {
    /// Takes standard input for a purpose where `-` stands.
    pub(super) fn of(
        text: &'o OsStr,
        purpose: &'static str,
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Self, Failure> {
        match text == "-" {
            true => ui.world.stdin.take(purpose).map(Operand::Stdin),
            false => Ok(Operand::Given(text)),
        }
    }

    /// Whether somebody has to paste the input.
    pub(super) fn is_terminal(&self, ui: &Ui<'_, '_>) -> bool {
        ui.world.terminals.stdin && matches!(self, Operand::Stdin(_))
    }

    /// Says that a token has to be pasted, if so.
    pub(super) fn ask_for_token(&self, ui: &mut Ui<'_, '_>) {
        if self.is_terminal(ui) {
            ui.note("reading the token from the terminal: paste it, then press Ctrl-D");
        }
    }
}

/// The given text, or else standard input.
pub(super) fn or_stdin(given: &[OsString]) -> Vec<&OsStr> {
    match given {
        [] => vec![OsStr::new("-")],
        given => given.iter().map(OsString::as_os_str).collect(),
    }
}
