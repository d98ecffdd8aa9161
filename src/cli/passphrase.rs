//! The passphrase of an encrypted key: from `--passphrase`, else from the terminal. It is asked for
//! at the first encrypted key, and used for all.

use crate::cli::advice::passphrase_forms;
use crate::cli::args::ReadingArgs;
use crate::cli::content_place::{ContentPlace, note_further_lines};
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::keys::{self, Local, Source};
use crate::token::advice::Advice;
use crate::token::key_fault::KeyFault;
use crate::token::passphrase::Passphrase;

/// Where the passphrase is, until it is needed.
pub(super) enum PassphrasePlace<'a> {
    Named(ContentPlace<'a>),
    Terminal,
    /// The terminal, if there is one.
    Unnamed,
    Known(Passphrase),
}

impl<'a> PassphrasePlace<'a> {
    /// Reads the place off the command line.
    pub(super) fn of(reading: &ReadingArgs, ui: &mut Ui<'_, 'a>) -> Result<Self, Failure> {
        let Some(text) = &reading.passphrase else {
            return Ok(PassphrasePlace::Unnamed);
        };
        match Source::parse(text) {
            Ok(Source::Local(Local::Prompt)) => Ok(PassphrasePlace::Terminal),
            Ok(Source::Holder(_)) => Err(Failure::usage(
                "a place that signs with a key gives no passphrase",
            )
            .hint(passphrase_forms())),
            Ok(Source::Roots(_)) => Err(Failure::usage(
                "`roots:` names certificates, not a passphrase",
            )
            .hint(passphrase_forms())),
            Ok(source) => match ContentPlace::of_source(source, "the passphrase", ui)? {
                Some(place) => Ok(PassphrasePlace::Named(place)),
                None => Err(
                    Failure::usage("a passphrase is not fetched from the network")
                        .hint(passphrase_forms()),
                ),
            },
            Err(_) => Err(Failure::usage(
                "`--passphrase` takes the place of a passphrase, not the passphrase itself",
            )
            .hint(passphrase_forms())),
        }
    }

    /// The passphrase; `None` if nobody can be asked for it.
    pub(super) fn get(&mut self, ui: &mut Ui<'_, '_>) -> Result<Option<Passphrase>, KeyFault> {
        let found = match std::mem::replace(self, PassphrasePlace::Unnamed) {
            PassphrasePlace::Unnamed if !keys::has_terminal() => return Ok(None),
            PassphrasePlace::Named(place) => {
                let label = place.label.clone();
                let content = place.content(ui).map_err(|fault| match fault.hint {
                    // Not every place of a key can hold a passphrase.
                    None | Some(Advice::SetVariable) => fault.hint(Advice::PutPassphrase),
                    Some(_) => fault,
                })?;
                let lines = content.bytes.trim_ascii_end().split(|b| *b == b'\n');
                note_further_lines(&label, "passphrase", lines.count(), ui);
                Passphrase::new(&content.bytes, content.text_source)
            }
            PassphrasePlace::Terminal | PassphrasePlace::Unnamed => {
                Passphrase::new(keys::passphrase()?.as_bytes(), false)
            }
            PassphrasePlace::Known(passphrase) => passphrase,
        };
        *self = PassphrasePlace::Known(found.clone());
        Ok(Some(found))
    }
}
