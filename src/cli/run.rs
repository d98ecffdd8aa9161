//! From arguments to an exit status: parse, dispatch, print what went wrong.

use std::ffi::OsString;

use crate::cli::advice::Running;
use crate::cli::args::Global;
use crate::cli::clock;
use crate::cli::command_line::{self, Command};
use crate::cli::exit::Exit;
use crate::cli::topics;
use crate::cli::ui::Ui;
use crate::cli::world::World;
use crate::cli::{completions, decode, doctor, fetch, issue, key, serve_demo, usage, verify};

/// Runs `jott` in a world; `args` begins with the program's name.
pub fn run(args: impl IntoIterator<Item = OsString>, world: &mut World<'_>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(topic) = topics::asked(&args) {
        let mut ui = Ui::new(&Global::default(), Running::Nothing, world);
        return match ui.result(topic.text.as_bytes()) {
            Ok(()) => Exit::Done,
            Err(failure) => {
                ui.fail(&failure);
                failure.exit
            }
        };
    }
    let args = command_line::spelled_out(args);
    let (global, command) = match command_line::read(&args) {
        Ok(parsed) => parsed,
        Err(error) => return usage::explain(&error, &args, world),
    };
    let mut ui = Ui::new(&global, Running::from(&command), world);
    if !matches!(command, Command::Key(_) | Command::Completions(_)) {
        clock::warn_if_not_set(&mut ui);
    }
    let result = match command {
        Command::Issue(args) => issue::run(&args, &mut ui),
        Command::Decode(args) => decode::run(&args, &mut ui),
        Command::Verify(args) => verify::run(&args, &mut ui),
        Command::ServeDemo(args) => serve_demo::run(&args, &mut ui),
        Command::Doctor(args) => doctor::run(&args, &mut ui),
        Command::Fetch(args) => fetch::run(&args, &mut ui),
        Command::Key(args) => key::run(args.command, &mut ui),
        Command::Completions(args) => completions::run(&args, &mut ui),
    };
    match result {
        Ok(exit) => exit,
        Err(failure) => {
            ui.fail(&failure);
            failure.exit
        }
    }
}
