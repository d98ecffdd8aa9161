use super::*;

/// Every command with its path, the program first.
fn commands() -> Vec<(String, clap::Command)> {
    let mut program = crate::cli::command();
    program.build();
    let mut all = Vec::new();
    let mut next = vec![(String::new(), program)];
    while let Some((path, command)) = next.pop() {
        let below = command.get_subcommands();
        next.extend(below.map(|c| {
            let path = format!("{path} {}", c.get_name());
            (path.trim().to_owned(), c.clone())
        }));
        all.push((path, command));
    }
    all
}

fn flags(command: &clap::Command) -> Vec<String> {
    let arguments = command.get_arguments();
    let names = arguments.flat_map(|arg| {
        let long = arg.get_long_and_visible_aliases().unwrap_or_default();
        let short = arg.get_short().map(|short| format!("-{short}"));
        long.into_iter()
            .map(|long| format!("--{long}"))
            .chain(short)
    });
    names.collect()
}

#[test]
fn what_is_typed_by_habit_is_nothing_here() {
    let commands = commands();
    for habit in COMMANDS {
        for typed in habit.typed {
            for below in habit.of {
                let path = format!("{below} {typed}");
                assert!(!commands.iter().any(|(p, _)| p == path.trim()), "{path}");
            }
        }
    }
    for habit in FLAGS {
        for (path, command) in &commands {
            if habit.of.contains(&path.as_str()) {
                let flags = flags(command);
                let known = habit
                    .typed
                    .iter()
                    .find(|typed| flags.contains(&(**typed).to_owned()));
                assert_eq!(known, None, "{path}");
            }
        }
    }
}

#[test]
fn no_habit_is_answered_twice() {
    for table in [COMMANDS, FLAGS] {
        let mut met = std::collections::HashSet::new();
        for habit in table {
            for of in habit.of {
                for typed in habit.typed {
                    assert!(met.insert((*of, *typed)), "{of} {typed}");
                }
            }
        }
    }
}

/// A flag in backticks is one of the command that was named last, or else of the one that was typed.
#[test]
fn what_is_to_be_done_instead_exists() {
    let commands = commands();
    for habit in COMMANDS.iter().chain(FLAGS) {
        let mut spoken_of: Vec<&str> = habit.of.to_vec();
        for said in habit.instead.split('`').skip(1).step_by(2) {
            if let Some(line) = said.strip_prefix("jott") {
                let named = |(path, _): &&(String, _)| line.trim().starts_with(path.as_str());
                let called = commands
                    .iter()
                    .filter(named)
                    .max_by_key(|(path, _)| path.len());
                let is_named = called.is_some_and(|(path, _)| !path.is_empty());
                assert!(
                    is_named || line.starts_with(" help") || line.starts_with(" --"),
                    "{said}"
                );
                spoken_of = called.iter().map(|(path, _)| path.as_str()).collect();
            }
            let words = said.split([' ', '=']);
            for flag in words.filter(|word| word.starts_with('-') && !matches!(*word, "-" | "--")) {
                for (path, command) in &commands {
                    let has = || flags(command).contains(&flag.to_owned());
                    assert!(
                        !spoken_of.contains(&path.as_str()) || has(),
                        "{path}: {said}"
                    );
                }
            }
        }
    }
}
