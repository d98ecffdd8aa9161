//! Wrong command lines: what clap found, said in our words.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::advice::Running;
use crate::cli::args::ColorChoice;
use crate::cli::command_line::COMMAND;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::habits;
use crate::cli::paint::Paint;
use crate::cli::short_help;
use crate::cli::text_input;
use crate::cli::topics::TOPICS;
use crate::cli::world::World;
use crate::token::algorithm::Algorithm;
use crate::token::algorithm_name;
use crate::token::pasted::strip;

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
                _ if args.iter().any(|arg| arg == "--help") => rendered(
                    super::command()
                        .try_get_matches_from(args)
                        .as_ref()
                        .err()
                        .unwrap_or(error),
                    out,
                ),
                _ => short(args, out),
            };
            let written = world
                .stdout
                .write_all(text.as_bytes())
                .and_then(|()| world.stdout.flush());
            match written.map_err(|e| Failure::output(&e)) {
                Ok(()) => Exit::Done,
                Err(failure) => {
                    let _ = world
                        .stderr
                        .write_all(failure.lines(err, Running::Nothing).as_bytes());
                    failure.exit
                }
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let text = if args.len() <= 1 && !world.terminals.stdin {
                let failure = Failure::usage("a command is missing");
                failure
                    .hint("`… | jott decode` shows a token that comes from a pipe")
                    .lines(err, Running::Nothing)
            } else {
                short(args, err)
            };
            let _ = world.stderr.write_all(text.as_bytes());
            Exit::Usage
        }
        _ => {
            let failure = failure(error, args);
            let _ = world
                .stderr
                .write_all(failure.lines(err, Running::Nothing).as_bytes());
            failure.exit
        }
    }
}

fn rendered(error: &clap::Error, paint: Paint) -> String {
    painted(&error.render(), paint)
}

/// The help on one screen of the command that was called.
fn short(args: &[OsString], paint: Paint) -> String {
    painted(
        &short_help::of(Called::of(args).command).render_help(),
        paint,
    )
}

fn painted(text: &StyledStr, paint: Paint) -> String {
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
    let value = whole(error, ContextKind::InvalidValue);
    let called = Called::of(args);
    let failure = match error.kind() {
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            return no_such_flag(error, &arg, args, &called);
        }
        ErrorKind::UnknownArgument => return stray(error, args, &called),
        ErrorKind::InvalidSubcommand => return no_such_command(error, args),
        ErrorKind::InvalidValue if value.is_empty() => {
            let failure = Failure::usage(format!("`{arg}` takes a value"));
            if let Some(hint) = dashed_value(args, &called) {
                return failure.hint(hint);
            }
            match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(valid)) if !valid.is_empty() => {
                    return failure.hint(format!("one of {}", valid.join(", ")));
                }
                _ => failure,
            }
        }
        ErrorKind::ValueValidation => {
            let failure = no_such_value(value, &arg);
            match std::error::Error::source(error) {
                Some(why) => failure.cause(why),
                None => failure,
            }
        }
        ErrorKind::InvalidValue => {
            let failure = no_such_value(value, &arg);
            if arg.starts_with("--alg") && value.eq_ignore_ascii_case("none") {
                return failure.hint("a token that is not signed can be written by anyone: jott neither makes nor accepts one");
            }
            let Some(ContextValue::Strings(valid)) = error.get(ContextKind::ValidValue) else {
                return failure;
            };
            let failure = failure.hint(format!("one of {}", valid.join(", ")));
            let jose = algorithm_name::in_jose(value).map(Algorithm::name);
            let named = valid.iter().find(|v| Some(v.as_str()) == jose);
            return match named.or_else(|| valid.iter().find(|v| v.eq_ignore_ascii_case(value))) {
                Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                None => match habits::value(&arg, value) {
                    Some(instead) => failure.hint(instead),
                    None if value.contains(',') => {
                        failure.hint(format!("one at a time: `{arg} ONE {arg} ANOTHER`"))
                    }
                    None => failure,
                },
            };
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg).unwrap_or_default();
            if let Some(failure) = needs_batch(&arg, args, &called) {
                return failure;
            }
            if prior == arg {
                Failure::usage(format!("`{arg}` can be given only once"))
            } else {
                Failure::usage(format!("`{arg}` cannot be used together with `{prior}`"))
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let beside = missing_beside(&arg, &called);
            if let Some(failure) = beside.or_else(|| needs_batch(&arg, args, &called)) {
                return failure;
            }
            let several = arg.strip_prefix('<').and_then(|arg| arg.strip_suffix('>'));
            match several.filter(|several| several.starts_with("--")) {
                Some(several) => {
                    let flags = several.replace('|', "`, `");
                    Failure::usage(format!("one of `{flags}` is missing"))
                }
                None => Failure::usage(format!("`{arg}` is missing")),
            }
        }
        ErrorKind::MissingSubcommand => Failure::usage("a command is missing"),
        ErrorKind::InvalidUtf8 => Failure::usage("an argument is not UTF-8"),
        ErrorKind::TooManyValues if is_switch(error) => {
            Failure::usage(format!("`{arg}` takes no value"))
        }
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => Failure::usage(format!("`{arg}` has the wrong number of values")),
        _ => Failure::usage("the command line cannot be read"),
    };
    failure.hint(called.see_help())
}

/// What is told where a command, or what goes with a job, is missing.
fn missing_beside(arg: &str, called: &Called) -> Option<Failure> {
    let (missing, hint) = match arg {
        COMMAND if called.path == "fetch" => (
            "a command is missing behind `--`",
            "`jott fetch NAME -- COMMAND` runs it with the token in JOTT_TOKEN, `jott fetch NAME` prints the token",
        ),
        COMMAND => (
            "a command is missing behind `--`",
            "`jott serve-demo -- COMMAND` serves while it runs, `jott serve-demo` until Ctrl-C",
        ),
        "<COMMAND>..." => (
            "`--as` gives a command what a job has, and there is no command",
            "it follows two dashes: `jott serve-demo --as github -- COMMAND`",
        ),
        _ if arg.starts_with("--as <") => (
            "`--aud` says for whom the tokens of `--as` are, and there is none",
            "`jott serve-demo --as github --aud https://api.example -- COMMAND`",
        ),
        _ => return None,
    };
    Some(Failure::usage(missing).hint(hint))
}

/// Whether the flag that is wrong has no value.
fn is_switch(error: &clap::Error) -> bool {
    let flag = error.get(ContextKind::InvalidArg);
    matches!(flag, Some(ContextValue::String(text)) if !text.contains('<'))
}

/// What a flag of a batch is told that stands without one; `arg` is what clap minds.
fn needs_batch(arg: &str, args: &[OsString], called: &Called) -> Option<Failure> {
    let is_batch = args.iter().any(|arg| arg == "--batch");
    let is_given = |flag: &&&str| {
        let is_it = |arg: &str| arg == **flag || arg.starts_with(&format!("{flag}="));
        args.iter().filter_map(|arg| arg.to_str()).any(is_it)
    };
    let flags = ["--jobs", "--field", "--full", "--only"];
    let given = flags.iter().find(is_given)?;
    if is_batch || (arg != "--batch" && arg != *given) {
        return None;
    }
    let failure = Failure::usage(format!("`{given}` goes with `--batch`"));
    Some(failure.hint(format!(
        "`{} --batch {given} … < FILE` takes one a line from a pipe or a file",
        called.typed()
    )))
}

/// The command that was called, as far as there is one.
struct Called {
    /// Its path, such as `key show`; empty for the program itself.
    path: String,
    command: clap::Command,
}

impl Called {
    fn of(args: &[OsString]) -> Self {
        let mut called = Called {
            path: String::new(),
            command: super::command(),
        };
        called.command.build();
        for word in args.iter().skip(1) {
            let Some(below) = called.command.find_subcommand(word) else {
                continue;
            };
            called = Called {
                path: format!("{} {}", called.path, below.get_name())
                    .trim()
                    .to_owned(),
                command: below.clone(),
            };
        }
        called
    }

    /// As it is typed.
    fn typed(&self) -> String {
        format!("jott {}", self.path).trim_end().to_owned()
    }

    fn see_help(&self) -> String {
        let what = match self.command.has_subcommands() {
            true => "the commands",
            false => "what there is",
        };
        format!("`{} --help` lists {what}", self.typed())
    }
}

fn no_such_flag(error: &clap::Error, flag: &str, args: &[OsString], called: &Called) -> Failure {
    let failure = Failure::usage(format!("there is no argument{}", named(flag)));
    // Other tools have whole words after one dash; here they are letters of short flags.
    let whole = args.iter().filter_map(|arg| arg.to_str());
    let mut whole = whole.filter(|arg| arg.starts_with(flag) && !arg.starts_with("--"));
    let of = |typed: &str| habits::flag(&called.path, typed);
    if let Some(instead) = whole.find_map(of).or_else(|| of(flag)) {
        return failure.hint(instead);
    }
    if let Some(hint) = dashed_value(args, called) {
        return failure.hint(hint);
    }
    if let Some(meant) = suggestion(error, flag) {
        return failure.hint(format!("did you mean `{meant}`?"));
    }
    let others = commands_with(flag);
    let here = others.iter().find(|other| **other == called.typed());
    let before = here.or_else(|| others.first().filter(|_| called.path.is_empty()));
    if let Some(command) = before {
        return failure.hint(format!("it follows its command: `{command} {flag}`"));
    }
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
        return failure.hint(format!("it is a flag of {}", others.join(", ")));
    }
    match called.path.as_str() {
        "issue" if flag.starts_with("--") => {
            failure.hint("any claim is `--claim NAME=TEXT`, or `--claim NAME:=JSON`")
        }
        _ => failure.hint(called.see_help()),
    }
}

/// What helps where the value of a flag begins with a dash, as one key ID of 64 does that is a thumbprint. The value may
/// be a secret and is not repeated.
fn dashed_value(args: &[OsString], called: &Called) -> Option<String> {
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let takes_value = |flag: &str| {
        let mut all = called.command.get_arguments();
        let arg =
            all.find(|arg| arg.get_long().is_some() && arg.get_long() == flag.strip_prefix("--"));
        arg.is_some_and(|arg| arg.get_action().takes_values() && !arg.is_allow_hyphen_values_set())
    };
    let is_dashed =
        |value: &str| value.len() > 2 && value.starts_with('-') && !value.starts_with("--");
    let pair = args.windows(2).find_map(|pair| match pair {
        [flag, value] if is_dashed(value) && takes_value(flag) => Some(*flag),
        _ => None,
    });
    pair.map(|flag| format!("a value that begins with `-` stands after a `=`: `{flag}=VALUE`"))
}

/// The commands that have a flag.
fn commands_with(flag: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut program = super::command();
    program.build();
    let mut below = vec![(String::from("jott"), &program)];
    while let Some((path, command)) = below.pop() {
        let has = |arg: &clap::Arg| {
            let long = flag.strip_prefix("--");
            let short = flag.strip_prefix('-').and_then(|short| short.parse().ok());
            long.is_some() && arg.get_long() == long || short.is_some() && arg.get_short() == short
        };
        if command.get_arguments().any(has) {
            found.push(path.clone());
        }
        let commands = command.get_subcommands().collect::<Vec<_>>();
        let commands = commands.into_iter().rev();
        below.extend(commands.map(|c| (format!("{path} {}", c.get_name()), c)));
    }
    found
}

/// A positional argument where none is accepted. It is not repeated: somebody may have typed a
/// secret there.
fn stray(error: &clap::Error, args: &[OsString], called: &Called) -> Failure {
    let typed = whole(error, ContextKind::InvalidArg);
    let failure = Failure::usage(format!("`{}` takes no argument like this", called.typed()));
    let is_behind = |flag: &str| {
        let pairs = args.windows(2);
        pairs
            .into_iter()
            .any(|pair| matches!(pair, [a, b] if a == flag && b == typed))
    };
    let hint = match called.path.as_str() {
        "issue" if is_behind("--jti") => "an ID of its own is `--jti=ID`, with the `=`",
        "issue" if is_token(typed) => "`--from TOKEN` starts from another token",
        "issue" if typed.trim_start().starts_with('{') => {
            "`--claims -` takes a JSON object from a pipe, `--claim NAME=TEXT` adds one claim"
        }
        "issue" if typed.contains('=') => "`--claim NAME=TEXT` adds a claim",
        "issue" if Path::new(typed).is_file() => "`--claims FILE` takes claims from a file",
        "key add" => "`--from SOURCE` says where the key is: `--from ./key.pem`, `--from env:NAME`",
        "serve-demo" if is_address(typed) => "`--listen 127.0.0.1:8080` sets where it listens",
        "serve-demo" => "a command follows two dashes: `jott serve-demo -- COMMAND`",
        "fetch" => "a command follows two dashes: `jott fetch NAME -- COMMAND`",
        _ => return failure.hint(called.see_help()),
    };
    failure.hint(hint)
}

/// Whether it is a port, with or without a host before it.
fn is_address(typed: &str) -> bool {
    let port = typed.rsplit(':').next().unwrap_or(typed);
    port.parse::<u16>().is_ok()
}

fn no_such_value(value: &str, arg: &str) -> Failure {
    Failure::usage(match named(value).strip_prefix(" `") {
        Some(shown) => format!("`{shown} is not a valid value for `{arg}`"),
        None => format!("that is not a valid value for `{arg}`"),
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

/// A token in the place of the command is common, a key is possible: neither is repeated.
fn no_such_command(error: &clap::Error, args: &[OsString]) -> Failure {
    let name = whole(error, ContextKind::InvalidSubcommand);
    let before = args.split(|arg| arg == name).next();
    let called = Called::of(before.unwrap_or_default());
    if is_token(name) {
        return Failure::usage("a token is no command")
            .hint("`jott decode TOKEN` shows what it says, `jott verify TOKEN` checks it");
    }
    let is_word = name.len() <= 24 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    // `jott help NAME`, which was rewritten, takes the name of a page too.
    let pages = match args {
        [_, _, help] if help == "--help" => TOPICS,
        _ => &[],
    };
    let failure = Failure::usage(match is_word {
        true => format!("there is no command `{name}`"),
        false => "there is no command like this".to_owned(),
    });
    if let Some(instead) = habits::command(&called.path, name) {
        return failure.hint(instead);
    }
    let command = suggestion(error, name);
    let names = pages.iter().map(|page| page.name);
    match closest(names.chain(command.as_deref()), name) {
        Some(page) if command.as_deref() != Some(page) => {
            failure.hint(format!("did you mean `jott help {page}`?"))
        }
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => match text_input::file_hint(name.as_ref()) {
            Some(hint) if called.path.is_empty() => failure.hint(hint),
            _ => failure.hint(called.see_help()),
        },
    }
}

fn is_token(text: &str) -> bool {
    let bare = strip(text);
    bare.token.starts_with("ey") || bare.token.matches('.').count() >= 2 || !bare.taken.is_empty()
}

/// The suggestion of clap, if it is close to what was typed.
fn suggestion(error: &clap::Error, typed: &str) -> Option<String> {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg];
    let meant = kinds.into_iter().find_map(|kind| error.get(kind))?;
    let all = match meant {
        ContextValue::String(one) => std::slice::from_ref(one),
        ContextValue::Strings(several) => several.as_slice(),
        _ => &[],
    };
    let words = all.iter().filter_map(|text| text.split_whitespace().next());
    closest(words, typed).map(str::to_owned)
}

/// The word that is nearest to what was typed, if one is near.
fn closest<'w>(words: impl Iterator<Item = &'w str>, typed: &str) -> Option<&'w str> {
    let close = words.filter(|meant| is_close(typed, meant));
    close.min_by_key(|meant| strsim::damerau_levenshtein(typed, meant))
}

/// Whether one is a typing error for the other: a letter of a short word, two of a long one, or its
/// end.
fn is_close(typed: &str, meant: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches('-').to_owned();
    let (typed, meant) = (bare(typed), bare(meant));
    let shorter = typed.len().min(meant.len());
    let most = if shorter <= 4 { 1 } else { 2 };
    let is_cut = shorter >= 3 && (typed.starts_with(&meant) || meant.starts_with(&typed));
    is_cut || strsim::damerau_levenshtein(&typed, &meant) <= most
}

fn whole(error: &clap::Error, kind: ContextKind) -> &str {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text,
        _ => "",
    }
}

/// An argument by its name alone, as in the usage.
fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => {
            let name = text.split_whitespace().next().unwrap_or_default();
            name.trim_start_matches('[')
                .trim_end_matches('.')
                .trim_end_matches(']')
                .to_owned()
        }
        ContextValue::Strings(texts) => texts.join(", "),
        other => other.to_string(),
    }
}
