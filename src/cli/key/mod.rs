//! `jott key`: keys in the keyring, and keys in other forms.

mod add;
mod file;
mod generate;
mod list;
mod remove;
mod rename;
mod show;

use zeroize::Zeroizing;

use crate::cli::args::KeyCommand;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::keys::Source;
use crate::keys::keyring::{self, Change};

pub(super) fn run(command: KeyCommand, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    match command {
        KeyCommand::Generate(args) => generate::run(&args, ui),
        KeyCommand::Add(args) => add::run(&args, ui),
        KeyCommand::List(args) => list::run(&args, ui),
        KeyCommand::Show(args) => show::run(&args, ui),
        KeyCommand::Rename(args) => rename::run(&args, ui),
        KeyCommand::Remove(args) => remove::run(&args, ui),
    }
}

/// A name must be safe to repeat in messages, and need no quotes in a shell.
fn check_name(name: &str) -> Result<(), Failure> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let failure = Failure::usage("the name of a key is 1 to 64 letters, digits, `_`, `.` and `-`");
    Err(failure.hint(match Source::parse(name.as_ref()) {
        Ok(_) => "the place of a key follows a flag: `jott key show --key SOURCE`, `jott key add NAME --from SOURCE`",
        Err(_) => "the key itself is asked for, or read from a SOURCE; it does not go on the command line",
    }))
}

/// Keeps a key under a name that is free, or replaces it where that was asked for.
fn keep(
    name: &str,
    text: &Zeroizing<String>,
    force: bool,
    ui: &mut Ui<'_, '_>,
) -> Result<(), Failure> {
    let env = ui.world.env;
    let change = keyring::keep(name, text, force, env, &mut |words| ui.note(words))?;
    made(change, name, name)
}

/// Says why a change was not made: `from` is not there, or `to` is.
fn made(change: Change, from: &str, to: &str) -> Result<(), Failure> {
    match change {
        Change::Made => Ok(()),
        Change::NoEntry => Err(Failure::new(
            Exit::NoKey,
            format!("the keyring has no entry {from}"),
        )
        .hint("`jott key list` shows what it has")),
        Change::Taken => Err(
            Failure::new(Exit::Refused, format!("keyring:{to} is there already")).hint(format!(
                "`jott key rename {to} {to}-old` keeps it under another name; `--force` replaces it"
            )),
        ),
    }
}
