//! `jott completions`: the script for a shell, made from the commands as they are.

use clap_complete_nushell::Nushell;

use crate::cli::args::{CompletionsArgs, Shell};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;

pub(super) fn run(args: &CompletionsArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    ui.result(&script(args.shell))?;
    Ok(Exit::Done)
}

fn script(shell: Shell) -> Vec<u8> {
    let built_in = match shell {
        Shell::Bash => Some(clap_complete::Shell::Bash),
        Shell::Elvish => Some(clap_complete::Shell::Elvish),
        Shell::Fish => Some(clap_complete::Shell::Fish),
        Shell::PowerShell => Some(clap_complete::Shell::PowerShell),
        Shell::Zsh => Some(clap_complete::Shell::Zsh),
        Shell::Nushell => None,
    };
    let (mut command, mut script) = (super::command(), Vec::new());
    match built_in {
        Some(shell) => clap_complete::generate(shell, &mut command, "jott", &mut script),
        None => clap_complete::generate(Nushell, &mut command, "jott", &mut script),
    }
    script
}
