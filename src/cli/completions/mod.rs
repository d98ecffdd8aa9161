//! `jott completions`: the script for a shell, and what that script asks: which words can stand where the
//! cursor is. Bash, zsh and fish ask each time, and so they know what is there at that moment; the others
//! have a script with all flags, made from the commands as they are.

mod faults;
mod values;

use std::ffi::OsString;
use std::path::Path;

use clap_complete::engine::{self, CompletionCandidate};
use clap_complete_nushell::Nushell;

use crate::cli::args::{CompletionsArgs, Shell};
use crate::cli::command_line;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::text::escape;

pub(super) fn run(args: &CompletionsArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let text = match args.words.is_empty() {
        true => script(args.shell),
        false => answer(args.words.clone(), (ui.world.env)("HOME")),
    };
    ui.result(&text)?;
    Ok(Exit::Done)
}

fn script(shell: Shell) -> Vec<u8> {
    let static_script = |shell| {
        let (mut command, mut script) = (super::command(), Vec::new());
        clap_complete::generate(shell, &mut command, "jott", &mut script);
        script
    };
    match shell {
        Shell::Bash => include_bytes!("../../../completions/jott.bash").to_vec(),
        Shell::Fish => include_bytes!("../../../completions/jott.fish").to_vec(),
        Shell::Zsh => include_bytes!("../../../completions/_jott").to_vec(),
        Shell::Elvish => static_script(clap_complete::Shell::Elvish),
        Shell::PowerShell => static_script(clap_complete::Shell::PowerShell),
        Shell::Nushell => {
            let (mut command, mut script) = (super::command(), Vec::new());
            clap_complete::generate(Nushell, &mut command, "jott", &mut script);
            script
        }
    }
}

/// What can stand in the place of the last word: a line for each, with a tab and what it is.
fn answer(mut words: Vec<OsString>, home: Option<OsString>) -> Vec<u8> {
    let last = words.pop().unwrap_or_default();
    let is_empty = last.is_empty();
    // The shell would put the home in its place, but the word has not come so far.
    let last = last.to_string_lossy().into_owned();
    let home = home.map(|home| home.to_string_lossy().into_owned());
    let (word, home) = match (last.split_once("~/"), home) {
        (Some((before, rest)), Some(home)) if before.is_empty() || before.ends_with(['=', ':']) => {
            (format!("{before}{home}/{rest}"), Some(home))
        }
        _ => (last, None),
    };
    let index = words.len();
    words.push(word.into());
    // What a command takes is declared once it is built.
    let mut command = command_line::declare();
    command.build();
    let mut command = values::with_values(command);
    let here = Path::new(".");
    let found = engine::complete(&mut command, words, index, Some(here)).unwrap_or_default();
    let value = |candidate: &CompletionCandidate| {
        let value = candidate.get_value().to_string_lossy().into_owned();
        match &home {
            Some(home) => value.replacen(&format!("{home}/"), "~/", 1),
            None => value,
        }
    };
    let mut found: Vec<(String, String)> = found
        .iter()
        .map(|candidate| (value(candidate), description(candidate)))
        .filter(|(value, _)| escape::is_plain(value))
        .collect();
    // Before anything is typed, flags are shown only if there is nothing else.
    if is_empty && found.iter().any(|(value, _)| !value.starts_with('-')) {
        found.retain(|(value, _)| !value.starts_with('-'));
    }
    let lines = found
        .iter()
        .map(|(value, what)| format!("{value}\t{what}\n"));
    lines.collect::<String>().into_bytes()
}

/// The first line of what help says.
fn description(candidate: &CompletionCandidate) -> String {
    let help = candidate.get_help().map(ToString::to_string);
    let first = help.unwrap_or_default();
    let first = first.lines().next().unwrap_or_default();
    escape::terminal(first).into_owned()
}
