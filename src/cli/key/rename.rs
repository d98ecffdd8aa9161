//! `jott key rename`

use crate::cli::args::RenameArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key::{check_name, made};
use crate::cli::ui::Ui;
use crate::keys::keyring;

pub(super) fn run(args: &RenameArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let RenameArgs { name, new, force } = args;
    check_name(name)?;
    check_name(new)?;
    if name == new {
        return Err(Failure::usage("the two names are the same"));
    }
    let env = ui.world.env;
    let change = keyring::rename(name, new, *force, env, &mut |words| ui.note(words))?;
    made(change, name, new)?;
    ui.note(&format!("keyring:{name} is keyring:{new} now"));
    Ok(Exit::Done)
}
