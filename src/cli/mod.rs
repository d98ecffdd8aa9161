//! Words: flags, messages, colour, JSON, statuses. The only floor that writes to a terminal.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

mod advice;
mod any_algorithm;
pub mod args;
mod assignment;
mod batch;
mod clock;
mod columns;
mod command_line;
mod completions;
mod content_place;
mod decode;
mod decoded;
mod decryption;
mod diff;
mod doctor;
pub mod exit;
mod failure;
mod fault_flag;
mod fetch;
mod glossary;
mod habits;
mod issue;
mod json_line;
mod key;
mod key_choice;
mod layers;
pub mod manual;
mod operand;
mod other_issuer;
mod paint;
mod passphrase;
mod printer;
mod proof_request;
mod random;
mod redact;
mod renewable_keys;
mod report;
mod run;
mod sentence;
mod serve_demo;
mod short_help;
mod signing_key;
mod source_forms;
mod source_help;
mod text_input;
pub mod topics;
mod ui;
mod unpacked;
mod usage;
mod verdict;
mod verdict_json;
mod verify;
mod verify_command;
mod view;
mod waiting_input;
pub mod world;

pub use run::run;
use world::{Stdin, Terminals, World};

/// The program as a function of its arguments; the rest it takes from the process.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), world::stdout(), io::stderr());
    let mut world = World {
        stdin: Stdin::new(&mut stdin),
        stdout: &mut stdout,
        stderr: &mut stderr,
        env: &|name| std::env::var_os(name),
        peek: &waiting_input::peek,
        clock: &world::now,
        terminals: Terminals::of_process(),
    };
    run(args, &mut world).into()
}

/// The command line as a clap command, for help, completion scripts and man pages. To parse it the
/// ends of the help are not needed, and not put together.
#[must_use]
pub fn command() -> clap::Command {
    let bare = command_line::declare();
    manual::PAGES
        .iter()
        .fold(bare, |command, page| match page.command {
            "" => command.after_long_help(page.help()),
            name => command.mut_subcommand(name, |command| command.after_long_help(page.help())),
        })
}
