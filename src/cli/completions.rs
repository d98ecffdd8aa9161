//! `jott completions`: the script for a shell, made from the commands as they are.

use crate::cli::args::{CompletionsArgs, Shell};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Talk;

pub(super) fn run(args: &CompletionsArgs, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    talk.result(&script(args.shell))?;
    Ok(Exit::Done)
}

/// The completion script of a shell.
#[must_use]
pub fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    let mut command = super::command();
    let name = "jott";
    match shell {
        Shell::Bash => {
            clap_complete::generate(clap_complete::Shell::Bash, &mut command, name, &mut script)
        }
        Shell::Elvish => clap_complete::generate(
            clap_complete::Shell::Elvish,
            &mut command,
            name,
            &mut script,
        ),
        Shell::Fish => {
            clap_complete::generate(clap_complete::Shell::Fish, &mut command, name, &mut script)
        }
        Shell::Nushell => clap_complete::generate(
            clap_complete_nushell::Nushell,
            &mut command,
            name,
            &mut script,
        ),
        Shell::PowerShell => clap_complete::generate(
            clap_complete::Shell::PowerShell,
            &mut command,
            name,
            &mut script,
        ),
        Shell::Zsh => {
            clap_complete::generate(clap_complete::Shell::Zsh, &mut command, name, &mut script)
        }
    }
    script
}
