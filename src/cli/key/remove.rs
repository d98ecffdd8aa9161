//! `jott key remove`

use crate::cli::args::RemoveArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key::{check_name, made};
use crate::cli::ui::Ui;
use crate::keys::keyring;

pub(super) fn run(args: &RemoveArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let RemoveArgs { name, all } = args;
    check_name(name)?;
    let env = ui.world.env;
    let change = keyring::remove(name, *all, env, &mut |words| ui.note(words))?;
    made(change, name, name)?;
    ui.note(&format!("keyring:{name} is removed"));
    Ok(Exit::Done)
}
