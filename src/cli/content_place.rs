//! A place with the content of a key, or of a passphrase.

use std::ffi::OsStr;
use std::io::Read;
use std::path::PathBuf;

use crate::cli::advice::forms_on_this_machine;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::keys::{Content, Local, Source, Stdin};
use crate::token::key_fault::KeyFault;

/// A place with the content of a key, or of a passphrase.
pub(super) struct ContentPlace<'a> {
    /// The place in words that are safe to print.
    pub(super) label: String,
    way: Way<'a>,
}

/// Standard input is taken at once, so that two uses of it are noticed before anything is read.
enum Way<'a> {
    Load(Local),
    Loaded(Content),
    Stdin(&'a mut (dyn Read + Send)),
}

impl<'a> ContentPlace<'a> {
    /// A place on this machine.
    pub(super) fn of(local: Local) -> Self {
        ContentPlace {
            label: local.label(),
            way: Way::Load(local),
        }
    }

    /// A place whose content is read already.
    pub(super) fn loaded(local: &Local, content: Content) -> Self {
        ContentPlace {
            label: local.label(),
            way: Way::Loaded(content),
        }
    }

    /// A file, or standard input in its place: `-`, for a purpose.
    pub(super) fn of_file(
        file: &OsStr,
        purpose: &'static str,
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Self, Failure> {
        match file == "-" {
            true => ContentPlace::stdin(Stdin::Name, purpose, ui),
            false => Ok(ContentPlace::of(Local::File(PathBuf::from(file)))),
        }
    }

    /// Standard input, for a purpose.
    pub(super) fn stdin(
        name: Stdin,
        purpose: &'static str,
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Self, Failure> {
        Ok(ContentPlace {
            label: Source::Stdin(name).label(),
            way: Way::Stdin(ui.world.stdin.take(purpose)?),
        })
    }

    /// Whether it is a variable.
    pub(super) fn is_variable(&self) -> bool {
        matches!(self.way, Way::Load(Local::Env(_)))
    }

    /// The place of a token that a flag names, for a purpose. It must be on this machine, and
    /// nobody is asked.
    pub(super) fn of_token(
        flag: &str,
        text: &OsStr,
        purpose: &'static str,
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Self, Failure> {
        let elsewhere = || unfit_token(flag, "is read from this machine, and not asked for");
        match Source::parse(text) {
            Err(_) => {
                let why = "takes the place of the token, not the token itself";
                Err(unfit_token(flag, why))
            }
            Ok(Source::Local(Local::Prompt)) => Err(elsewhere()),
            Ok(source) => ContentPlace::of_source(source, purpose, ui)?.ok_or_else(elsewhere),
        }
    }

    /// The place of a source, for a purpose; `None` for a source that has no content.
    pub(super) fn of_source(
        source: Source,
        purpose: &'static str,
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Option<Self>, Failure> {
        Ok(match source {
            Source::Local(local) => Some(ContentPlace::of(local)),
            Source::Stdin(name) => Some(ContentPlace::stdin(name, purpose, ui)?),
            Source::Holder(_) | Source::Roots(_) | Source::Remote(_) => None,
        })
    }

    /// Reads the content.
    pub(super) fn content(self, ui: &mut Ui<'_, '_>) -> Result<Content, KeyFault> {
        match self.way {
            Way::Stdin(reader) => {
                Content::read(reader, "standard input", &mut |words| ui.note(words))
            }
            Way::Loaded(content) => Ok(content),
            Way::Load(local) => {
                let env = ui.world.env;
                local.load(env, &mut |words| ui.note(words))
            }
        }
    }
}

/// Why the text of a flag is not the place of a token, or no token is there.
pub(super) fn unfit_token(flag: &str, why: &str) -> Failure {
    let forms = forms_on_this_machine(|form| form.prefix != "prompt");
    Failure::usage(format!("`{flag}` {why}")).hint(forms)
}

/// Notes that all lines count, where the user may mean only the first: `pass` keeps other lines
/// below it.
pub(super) fn note_further_lines(label: &str, what: &str, lines: usize, ui: &mut Ui<'_, '_>) {
    if lines > 1 {
        ui.note(&format!(
            "{label}: the {what} is all {lines} lines; `… | head -n 1` leaves the first alone"
        ));
    }
}
