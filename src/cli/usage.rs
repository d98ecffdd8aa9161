//! Wrong command lines: what clap found, said in our words.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::args::ColorChoice;
use crate::cli::command_line;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::paint::Paint;
use crate::cli::world::World;
use crate::token::dress::undress;

/// Prints help and version where they were asked for, and what is wrong otherwise.
pub(super) fn explain(error: &clap::Error, args: &[OsString], world: &mut World<'_>) -> Exit {
    let choice = color_choice(args);
    let decide = |is_terminal| Paint::decide(choice, |name| world.variable(name), is_terminal);
    let (out, err) = (
        decide(world.terminals.stdout),
        decide(world.terminals.stderr),
    );
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = match error.kind() {
                ErrorKind::DisplayVersion => format!("jott {}\n", env!("CARGO_PKG_VERSION")),
                _ => rendered(
                    super::command()
                        .try_get_matches_from(args)
                        .as_ref()
                        .err()
                        .unwrap_or(error),
                    out,
                ),
            };
            let written = world
                .stdout
                .write_all(text.as_bytes())
                .and_then(|()| world.stdout.flush());
            match written.map_err(|e| Failure::output(&e)) {
                Ok(()) => Exit::Done,
                Err(failure) => {
                    let _ = world.stderr.write_all(failure.lines(err).as_bytes());
                    failure.exit
                }
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let text = if args.len() <= 1 && !world.terminals.stdin {
                let failure = Failure::usage("a command is missing");
                failure
                    .hint("`… | jott decode` shows a token that comes from a pipe")
                    .lines(err)
            } else {
                rendered(error, err)
            };
            let _ = world.stderr.write_all(text.as_bytes());
            Exit::Usage
        }
        _ => {
            let failure = failure(error, args);
            let _ = world.stderr.write_all(failure.lines(err).as_bytes());
            failure.exit
        }
    }
}

fn rendered(error: &clap::Error, paint: Paint) -> String {
    let text = error.render();
    if paint.is_on() {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

/// `--color` as it stands on a command line that could not be parsed.
fn color_choice(args: &[OsString]) -> ColorChoice {
    let args: Vec<_> = args.iter().filter_map(|a| a.to_str()).collect();
    let given = args
        .windows(2)
        .filter_map(|pair| match pair {
            ["--color", value] => Some(*value),
            [_, arg] => arg.strip_prefix("--color="),
            _ => None,
        })
        .next_back();
    match given {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

fn failure(error: &clap::Error, args: &[OsString]) -> Failure {
    let context = |kind| error.get(kind).map(words);
    let arg = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let failure = match error.kind() {
        ErrorKind::UnknownArgument => {
            let failure = Failure::usage(format!("there is no argument{}", named(&arg)));
            if ["--secret", "--password", "--key-text", "-s", "-S"].contains(&arg.as_str()) {
                failure.hint("keys are not given on the command line, where others see them: `--key SOURCE` names their place")
            } else {
                failure
            }
        }
        ErrorKind::InvalidSubcommand => return no_such_command(error, args),
        ErrorKind::InvalidValue if value.is_empty() => {
            Failure::usage(format!("`{arg}` takes a value"))
        }
        ErrorKind::ValueValidation => {
            let failure = no_such_value(&value, &arg);
            match std::error::Error::source(error) {
                Some(why) => failure.cause(why),
                None => failure,
            }
        }
        ErrorKind::InvalidValue => {
            let failure = no_such_value(&value, &arg);
            if arg.starts_with("--alg") && value.eq_ignore_ascii_case("none") {
                return failure.hint("a token that is not signed can be written by anyone: jott neither makes nor accepts one");
            }
            let Some(ContextValue::Strings(valid)) = error.get(ContextKind::ValidValue) else {
                return failure;
            };
            let failure = failure.hint(format!("one of {}", valid.join(", ")));
            return match valid.iter().find(|v| v.eq_ignore_ascii_case(&value)) {
                Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                None => failure,
            };
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg).unwrap_or_default();
            if prior == arg {
                Failure::usage(format!("`{arg}` can be given only once"))
            } else {
                Failure::usage(format!("`{arg}` cannot be used together with `{prior}`"))
            }
        }
        ErrorKind::MissingRequiredArgument => Failure::usage(format!("`{arg}` is missing")),
        ErrorKind::MissingSubcommand => Failure::usage("a command is missing"),
        ErrorKind::InvalidUtf8 => Failure::usage("an argument is not UTF-8"),
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => Failure::usage(format!("`{arg}` has the wrong number of values")),
        _ => Failure::usage("the command line cannot be read"),
    };
    match suggestion(error) {
        Some(suggestion) => failure.hint(suggestion),
        None if failure.hints.is_empty() => {
            failure.hint(format!("`{} --help` lists what there is", command_of(args)))
        }
        None => failure,
    }
}

fn no_such_value(value: &str, arg: &str) -> Failure {
    Failure::usage(match named(value).strip_prefix(" `") {
        Some(shown) => format!("`{shown} is no value of `{arg}`"),
        None => format!("that is no value of `{arg}`"),
    })
}

/// What was typed, in backticks behind a space; nothing of it where it may be a secret.
fn named(text: &str) -> String {
    let harmless = text.len() <= 24 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if harmless {
        format!(" `{text}`")
    } else {
        " like this".to_owned()
    }
}

/// A token in the place of the command is common; it is not repeated.
fn no_such_command(error: &clap::Error, args: &[OsString]) -> Failure {
    let name = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(name)) => name.as_str(),
        _ => "",
    };
    let bare = undress(name);
    if bare.token.starts_with("ey")
        || bare.token.matches('.').count() >= 2
        || !bare.taken.is_empty()
    {
        return Failure::usage("a token is no command")
            .hint("`jott decode TOKEN` shows what it says, `jott verify TOKEN` checks it");
    }
    if name == "help" {
        return Failure::usage("there is no command `help`")
            .hint("`jott --help`, or `jott COMMAND --help`");
    }
    let failure = Failure::usage(format!("there is no command{}", named(name)));
    match suggestion(error) {
        Some(suggestion) => failure.hint(suggestion),
        None => failure.hint(format!("`{} --help` lists the commands", command_of(args))),
    }
}

fn suggestion(error: &clap::Error) -> Option<String> {
    [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(|kind| error.get(kind).map(words))
    .filter(|found| !found.is_empty())
    .map(|found| format!("did you mean `{found}`?"))
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
        ContextValue::Strings(texts) => texts.join(", "),
        other => other.to_string(),
    }
}

fn command_of(args: &[OsString]) -> String {
    match args.iter().skip(1).find_map(|arg| command_line::named(arg)) {
        Some(command) => format!("jott {}", command.name),
        None => "jott".to_owned(),
    }
}
