//! `jott key remove`

use crate::cli::args::RemoveArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key::check_name;
use crate::cli::run::Talk;
use crate::keys::keyring;

pub(super) fn run(args: &RemoveArgs, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    check_name(&args.name)?;
    if keyring::remove(&args.name)? {
        talk.note(&format!("keyring:{} is removed", args.name));
        return Ok(Exit::Done);
    }
    Err(Failure::new(
        Exit::NoKey,
        format!("the keyring has no entry {}", args.name),
    )
    .hint("`jott key list` shows what it has"))
}
