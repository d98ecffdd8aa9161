//! What people type out of habit from other tools, and what to use here: a table of commands, and a table of
//! flags. The names are those of jwt-cli, step, jose, `jwt_tool`, jwt-hack, `PyJWT` and oauth2c, of the tools
//! of Go and Node, and of mock servers.

mod commands;
mod flags;

use crate::cli::habits::commands::COMMANDS;
use crate::cli::habits::flags::{FAMILIES, FLAGS};

/// A habit: what is typed, for which commands, and what to do instead.
struct Habit {
    /// Command paths, such as `key show`; the program itself is empty, and none stands for all.
    of: &'static [&'static str],
    typed: &'static [&'static str],
    instead: &'static str,
}

const EVERYWHERE: &[&str] = &[];

const TOP: &[&str] = &[""];

const ISSUE: &[&str] = &["issue"];

const DECODE: &[&str] = &["decode"];

const VERIFY: &[&str] = &["verify"];

const SIGNED: &[&str] = &["issue", "verify"];

const TOKENS: &[&str] = &["issue", "decode", "verify"];

const READ: &[&str] = &["decode", "verify"];

const SERVER: &[&str] = &["serve-demo"];

const KEY: &[&str] = &["key"];

const GENERATE: &[&str] = &["key generate"];

const ADD: &[&str] = &["key add"];

const SHOW: &[&str] = &["key show"];

const COMPLETIONS: &[&str] = &["completions"];

const KEYED: &[&str] = &["issue", "verify", "serve-demo", "key show"];

const fn habit(
    of: &'static [&'static str],
    typed: &'static [&'static str],
    instead: &'static str,
) -> Habit {
    Habit { of, typed, instead }
}

/// What to do instead of a command, below another or below the program itself.
pub(super) fn command(below: &str, typed: &str) -> Option<&'static str> {
    find(COMMANDS, below, typed)
}

/// What to do instead of a flag of a command.
pub(super) fn flag(of: &str, typed: &str) -> Option<&'static str> {
    find(FLAGS, of, typed)
}

/// What to give to a flag instead of a value.
pub(super) fn value(flag: &str, typed: &str) -> Option<&'static str> {
    let typed = typed.to_ascii_lowercase();
    let meant = FAMILIES
        .iter()
        .find(|(names, _)| names.contains(&typed.as_str()));
    meant
        .filter(|_| flag.starts_with("--alg"))
        .map(|(_, instead)| *instead)
}

fn find(habits: &[Habit], of: &str, typed: &str) -> Option<&'static str> {
    let meant = |habit: &&Habit| {
        (habit.of.is_empty() || habit.of.contains(&of)) && habit.typed.contains(&typed)
    };
    habits.iter().find(meant).map(|habit| habit.instead)
}

#[cfg(test)]
mod tests;
