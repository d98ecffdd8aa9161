//! `-h`: what a command is called with most, on one screen. What is marked with `hide_short_help` is named
//! in its last lines, and explained by `--help`.

use clap::{Arg, Command};

use crate::cli::topics::TOPICS;

/// The flags of every command, in one line.
const EVERYWHERE: &str = "Everywhere: -q no notes, -v more, --color auto|always|never, -V version.";

/// More values than this are a list to look up, and no reminder.
const FEW_VALUES: usize = 5;

/// Headings that share one section: a screen has no room for one over each flag.
const SHARED: &[(&str, &[&str])] = &[
    (
        "Input and output",
        &["Input", "Output", "Batch", "Instead of serving"],
    ),
    ("Other tokens", &["Encryption", "Purpose"]),
];

/// The same command, with the help that `-h` prints; it has to be built.
pub(super) fn of(command: Command) -> Command {
    let rare: Vec<String> = command
        .get_arguments()
        .filter(|arg| arg.is_hide_short_help_set() && !is_everywhere(arg))
        .filter_map(|arg| arg.get_long().map(|long| format!("--{long}")))
        .collect();
    let last = match rare.as_slice() {
        [] => "--help says more, with examples.".to_owned(),
        rare => format!(
            "--help says more, with examples, and what these are: {}.",
            rare.join(", ")
        ),
    };
    let below = match command.has_subcommands() {
        true => " -h behind a command is about it.",
        false => "",
    };
    let topics = match command.get_name() {
        "jott" => {
            let names: Vec<&str> = TOPICS.iter().map(|topic| topic.name).collect();
            format!("\njott help TOPIC prints a page: {}.", names.join(", "))
        }
        _ => String::new(),
    };
    command
        .mut_args(shortened)
        .after_help(format!("{EVERYWHERE}{below}{topics}\n{last}"))
}

fn is_everywhere(arg: &Arg) -> bool {
    arg.is_global_set() || matches!(arg.get_id().as_str(), "help" | "version")
}

fn shortened(arg: Arg) -> Arg {
    if is_everywhere(&arg) {
        return arg.hide_short_help(true);
    }
    let is_list = arg.get_possible_values().len() > FEW_VALUES;
    let shared = SHARED.iter().find(|(_, headings)| {
        headings
            .iter()
            .any(|own| arg.get_help_heading() == Some(*own))
    });
    let heading = shared.map(|(heading, _)| *heading);
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let arg = arg.help(help.replace("; may be given again", ""));
    let arg = match heading {
        Some(heading) => arg.help_heading(heading),
        None => arg,
    };
    match is_list {
        true => arg.hide_possible_values(true),
        false => arg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_command() -> Vec<Command> {
        let mut program = crate::cli::command();
        program.build();
        let mut all = vec![program];
        let mut at = 0;
        while let Some(command) = all.get(at) {
            let below: Vec<Command> = command.get_subcommands().cloned().collect();
            all.extend(below);
            at = at.saturating_add(1);
        }
        all
    }

    #[test]
    fn the_help_of_each_command_fits_a_screen_and_names_each_flag() {
        for command in every_command() {
            let name = command.get_name().to_owned();
            let flags: Vec<String> = command
                .get_arguments()
                .filter(|arg| !is_everywhere(arg))
                .filter_map(|arg| arg.get_long().map(|long| format!("--{long}")))
                .collect();
            let help = of(command.term_width(80)).render_help().to_string();
            assert!(help.lines().count() <= 50, "{name}:\n{help}");
            for flag in flags {
                assert!(help.contains(&flag), "{name} has {flag}:\n{help}");
            }
        }
    }

    #[test]
    fn the_flags_of_every_command_are_named() {
        for command in every_command() {
            for arg in command.get_arguments().filter(|arg| arg.is_global_set()) {
                let short = arg.get_short().map(|short| format!("-{short} "));
                let long = arg.get_long().map(|long| format!("--{long} "));
                let named = [short, long].into_iter().flatten();
                assert!(named.into_iter().any(|name| EVERYWHERE.contains(&name)));
            }
        }
    }
}
