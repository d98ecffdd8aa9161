//! The command line: which commands there are, and how one is read.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Args as _, FromArgMatches as _};

use crate::cli::advice::Running;
use crate::cli::args::{
    CompletionsArgs, DecodeArgs, DoctorArgs, FetchArgs, Global, IssueArgs, KeyCommand,
    KeyCommandArgs, ServeDemoArgs, VerifyArgs, serve_demo_args,
};

/// What is never freed: ending the program is quicker than freeing the thousand parts of a parser.
#[cfg(not(fuzzing))]
type Kept<T> = std::mem::ManuallyDrop<T>;

/// A fuzzer reads more command lines than there is memory for.
#[cfg(fuzzing)]
type Kept<T> = Box<T>;

/// The commands.
#[derive(Debug)]
pub(super) enum Command {
    /// `jott issue`
    Issue(Box<IssueArgs>),
    /// `jott decode`
    Decode(DecodeArgs),
    /// `jott verify`
    Verify(Box<VerifyArgs>),
    /// `jott serve-demo`
    ServeDemo(Box<ServeDemoArgs>),
    /// `jott doctor`
    Doctor(DoctorArgs),
    /// `jott fetch`
    Fetch(Box<FetchArgs>),
    /// `jott key`
    Key(KeyCommandArgs),
    /// `jott completions`
    Completions(CompletionsArgs),
}

impl From<&Command> for Running {
    fn from(command: &Command) -> Self {
        match command {
            Command::Issue(_) => Running::Issue,
            Command::Decode(_) => Running::Decode,
            Command::Verify(_) => Running::Verify,
            Command::ServeDemo(_) => Running::ServeDemo,
            Command::Doctor(_) => Running::Doctor,
            Command::Fetch(_) => Running::Fetch,
            Command::Key(key) => match key.command {
                KeyCommand::Generate(_) => Running::KeyGenerate,
                KeyCommand::Add(_) => Running::KeyAdd,
                KeyCommand::List(_) => Running::KeyList,
                KeyCommand::Show(_) => Running::KeyShow,
                KeyCommand::Rename(_) => Running::KeyRename,
                KeyCommand::Remove(_) => Running::KeyRemove,
            },
            Command::Completions(_) => Running::Completions,
        }
    }
}

/// A command: how it is declared, and how it is taken from the result of clap.
pub(super) struct Declared {
    name: &'static str,
    about: &'static str,
    arguments: fn(clap::Command) -> clap::Command,
    take: fn(&mut ArgMatches) -> Result<Command, clap::Error>,
}

const COMMANDS: &[Declared] = &[
    Declared {
        name: "issue",
        about: "Make a signed token",
        arguments: IssueArgs::augment_args,
        take: |read| {
            IssueArgs::from_arg_matches_mut(read).map(|args| Command::Issue(Box::new(args)))
        },
    },
    Declared {
        name: "decode",
        about: "Show what a token says, without trusting it",
        arguments: DecodeArgs::augment_args,
        take: |read| DecodeArgs::from_arg_matches_mut(read).map(Command::Decode),
    },
    Declared {
        name: "verify",
        about: "Check a token's signature and claims",
        arguments: VerifyArgs::augment_args,
        take: |read| {
            VerifyArgs::from_arg_matches_mut(read).map(|args| Command::Verify(Box::new(args)))
        },
    },
    Declared {
        name: "serve-demo",
        about: "Run a local OAuth 2.0 server and API to test clients against",
        arguments: serve_demo_args,
        take: |read| {
            ServeDemoArgs::from_arg_matches_mut(read).map(|args| Command::ServeDemo(Box::new(args)))
        },
    },
    Declared {
        name: "fetch",
        about: "Get a token, keep it, and refresh it",
        arguments: FetchArgs::augment_args,
        take: |read| {
            FetchArgs::from_arg_matches_mut(read).map(|args| Command::Fetch(Box::new(args)))
        },
    },
    Declared {
        name: "doctor",
        about: "Find out why an issuer does not work",
        arguments: DoctorArgs::augment_args,
        take: |read| DoctorArgs::from_arg_matches_mut(read).map(Command::Doctor),
    },
    Declared {
        name: "key",
        about: "Keep keys: generate, add, list, show, rename, remove",
        arguments: KeyCommandArgs::augment_args,
        take: |read| KeyCommandArgs::from_arg_matches_mut(read).map(Command::Key),
    },
    Declared {
        name: "completions",
        about: "Print the completion script of a shell",
        arguments: CompletionsArgs::augment_args,
        take: |read| CompletionsArgs::from_arg_matches_mut(read).map(Command::Completions),
    },
];

impl Declared {
    /// The command as if it were the whole program.
    fn alone(&self) -> clap::Command {
        let command = program(clap::Command::new(self.name).about(self.about));
        (self.arguments)(command.bin_name(format!("jott {}", self.name)))
    }

    /// The values of its arguments. They are moved out, since clap would copy borrowed ones.
    fn take(&self, read: &mut ArgMatches) -> Result<(Global, Command), clap::Error> {
        Ok((Global::from_arg_matches_mut(read)?, (self.take)(read)?))
    }
}

/// The settings of the whole program, also for a command that is read on its own.
fn program(command: clap::Command) -> clap::Command {
    Global::augment_args(command)
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .disable_help_subcommand(true)
        .max_term_width(100)
}

/// The command line as clap reads it. The arguments of a command are declared when it is called.
pub(super) fn declare() -> clap::Command {
    program(clap::Command::new("jott"))
        .bin_name("jott")
        .about("Issue, decode and verify JSON Web Tokens")
        .long_about(
            "Issue, decode and verify JSON Web Tokens\n\n\
             jott (say \"jot\", as JWT is pronounced) makes tokens, shows what they say, and checks \
             their signature and claims. Keys come from the environment, a file or a prompt, never \
             from the command line, where other users and the shell's history would see them.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(COMMANDS.iter().map(|command| {
            clap::Command::new(command.name)
                .about(command.about)
                .defer(command.arguments)
        }))
}

/// The command of that name.
fn named(name: &OsStr) -> Option<&'static Declared> {
    COMMANDS.iter().find(|command| name == command.name)
}

/// Rewrites `jott help COMMAND` and `jott key help COMMAND` to their long form.
pub(super) fn spelled_out(mut args: Vec<OsString>) -> Vec<OsString> {
    let place = args.iter().take(3).position(|arg| arg == "help");
    let asks = match place {
        Some(1) => true,
        Some(2) => args.get(1).is_some_and(|first| first == "key"),
        _ => false,
    };
    if asks && let Some(place) = place {
        args.remove(place);
        args.push("--help".into());
    }
    args
}

/// Reads a command line; `args` begins with the program's name. A request for help or the version is an error
/// too.
///
/// If the command comes first, only that command is declared: clap copies the common arguments into each
/// command and their values out of it, and a shell loop starts jott for each line.
pub(super) fn read(args: &[OsString]) -> Result<(Global, Command), clap::Error> {
    let called = args.get(1).and_then(|first| named(first));
    let (command, args) = match called {
        Some(called) => (called.alone(), args.get(1..).unwrap_or_default()),
        None => (declare(), args),
    };
    let mut command = Kept::new(command);
    let mut read = command.try_get_matches_from_mut(args)?;
    let (called, read) = match called {
        Some(called) => (called, read),
        None => read
            .remove_subcommand()
            .and_then(|(name, read)| Some((named(name.as_ref())?, read)))
            .ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?,
    };
    let (global, called) = called
        .take(&mut Kept::new(read))
        .map_err(|error| error.format(&mut command))?;
    let is_without_command = match &called {
        Command::ServeDemo(serve) => serve.command.is_empty(),
        Command::Fetch(fetch) => fetch.command.is_empty(),
        _ => false,
    };
    match is_without_command && args.last().is_some_and(|arg| arg == "--") {
        true => Err(missing(COMMAND)),
        false => Ok((global, called)),
    }
}

/// The name in the help for what `jott serve-demo` and `jott fetch` run.
pub(super) const COMMAND: &str = "COMMAND";

/// The error of an argument that is not there.
fn missing(argument: &str) -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::MissingRequiredArgument);
    let name = ContextValue::String(argument.to_owned());
    error.insert(ContextKind::InvalidArg, name);
    error
}
