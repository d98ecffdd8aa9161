//! The values that arguments take, where a shell cannot know them: the one place that says which argument
//! takes which.

use std::ffi::OsStr;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::cli::fetch;

/// What can stand where so much of it has been typed.
type Values = fn(&str) -> Vec<CompletionCandidate>;

/// What an argument takes, where clap does not know it.
fn values_of(command: &str, arg: &Arg) -> Option<Values> {
    match (command, arg.get_id().as_str()) {
        ("fetch", "name" | "save") => Some(saved_requests),
        _ => None,
    }
}

/// A command and those below it, with what their arguments take.
pub(super) fn with_values(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| match values_of(&name, &arg) {
        Some(values) => {
            let completer = move |typed: &OsStr| typed.to_str().map(values).unwrap_or_default();
            arg.add(ArgValueCompleter::new(completer))
        }
        None => arg,
    });
    command.mut_subcommands(with_values)
}

/// The names of saved requests, each with its issuer.
fn saved_requests(typed: &str) -> Vec<CompletionCandidate> {
    let saved = fetch::saved(&|name| std::env::var_os(name)).into_iter();
    let fitting = saved.filter(|(name, _)| name.starts_with(typed));
    fitting
        .map(|(name, what)| CompletionCandidate::new(name).help(Some(what.into())))
        .collect()
}
