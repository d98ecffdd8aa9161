//! `jott decode`: find the tokens of a text, show what they say.

mod input;
mod shown;
mod value;

use crate::cli::args::{DecodeArgs, ReadingArgs};
use crate::cli::batch;
use crate::cli::decode::input::{hint_at_file, operands, read, with_reader};
use crate::cli::decode::shown::Shown;
use crate::cli::decryption::Decryption;
use crate::cli::diff;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::layers::Tally;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::printer::Printer;
use crate::cli::redact;
use crate::cli::text_input::no_token_as_name;
use crate::cli::ui::Ui;
use crate::text::time::Span;

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

/// How the keys are read.
fn reading(args: &DecodeArgs) -> ReadingArgs {
    ReadingArgs {
        key_encoding: args.key_encoding,
        passphrase: args.passphrase.clone(),
        ..ReadingArgs::default()
    }
}
