//! The values that arguments take, where a shell cannot know them: the one place that says which argument
//! takes which. A shell asks while a person types, so nothing here waits for anybody, and nothing that may be
//! a secret is shown.

use std::env;
use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _,
};

use crate::cli::completions::faults;
use crate::cli::{fetch, source_forms};
use crate::keys::{Gives, key_program, keyring};
use crate::text::escape;
use crate::token::profile;

/// What can stand where so much of it has been typed.
type Values = fn(&str) -> Vec<CompletionCandidate>;

/// What an argument takes, where clap does not know it.
fn values_of(command: &str, arg: &Arg) -> Option<Values> {
    let names = arg.get_value_names().unwrap_or_default();
    let is_source = names.iter().any(|name| name.as_str() == "SOURCE");
    Some(match (command, arg.get_id().as_str()) {
        ("fetch", "name" | "save") => saved_requests,
        ("fetch", "issuer") | ("verify", "iss") | ("doctor", "url") => issuers,
        ("show", "names") | ("rename" | "remove", "name") => keys_in_the_keyring,
        ("serve-demo", "faults") => faults::of_a_server,
        ("issue", "faults") => faults::of_a_token,
        ("verify", "key") => verifying_key,
        ("show", "key") | ("add", "from") | ("issue", "encrypt_to") => any_key,
        ("decode", "key") => content,
        (_, "key" | "holder_key" | "client_key") => signing_key,
        _ if is_source => content,
        _ => return None,
    })
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
    let saved = fetch::saved(&|name| env::var_os(name)).into_iter();
    let fitting = saved.filter(|(name, _)| name.starts_with(typed));
    fitting
        .map(|(name, what)| {
            // The text of help is one with colours, which are taken out as if they were some.
            let safe = escape::terminal(&what).into_owned();
            CompletionCandidate::new(name).help(Some(safe.into()))
        })
        .collect()
}

fn issuers(typed: &str) -> Vec<CompletionCandidate> {
    let fitting = profile::issuer::WELL_KNOWN.iter();
    fitting
        .filter(|(address, _)| address.starts_with(typed))
        .map(|(address, name)| CompletionCandidate::new(*address).help(Some((*name).into())))
        .collect()
}

fn keys_in_the_keyring(typed: &str) -> Vec<CompletionCandidate> {
    plain(keyring::names().into_iter(), typed)
}

/// Candidates without a description.
fn plain(all: impl Iterator<Item = String>, typed: &str) -> Vec<CompletionCandidate> {
    all.filter(|value| value.starts_with(typed))
        .map(CompletionCandidate::new)
        .collect()
}

/// A key of whatever kind.
fn any_key(typed: &str) -> Vec<CompletionCandidate> {
    sources(typed, source_forms::ANY_KEY)
}

/// What a signature is checked with.
fn verifying_key(typed: &str) -> Vec<CompletionCandidate> {
    sources(typed, source_forms::VERIFYING_KEY)
}

/// A key that signs.
fn signing_key(typed: &str) -> Vec<CompletionCandidate> {
    sources(typed, source_forms::SIGNING_KEY)
}

/// A secret, or a key that opens.
fn content(typed: &str) -> Vec<CompletionCandidate> {
    sources(typed, source_forms::CONTENT)
}

/// A SOURCE: first its form, then what can stand behind that.
fn sources(typed: &str, gives: &[Gives]) -> Vec<CompletionCandidate> {
    let forms = source_forms::forms(gives);
    let is_path = |beginning: &&str| typed.starts_with(beginning);
    for form in forms.clone().filter(|form| !form.placeholder.is_empty()) {
        if form.beginnings.iter().any(is_path) {
            return paths(typed);
        }
        if let Some(rest) = typed.strip_prefix(form.prefix) {
            let places = places(form.prefix, rest).into_iter();
            return places.map(|place| place.add_prefix(form.prefix)).collect();
        }
    }
    let beginnings = forms.flat_map(|form| {
        let all = [form.prefix]
            .into_iter()
            .chain(form.beginnings.iter().copied());
        all.map(|beginning| (beginning, form.description))
    });
    beginnings
        .filter(|(beginning, _)| beginning.starts_with(typed))
        .map(|(beginning, what)| CompletionCandidate::new(beginning).help(Some(what.into())))
        .collect()
}

/// What can stand behind the prefix of a SOURCE.
fn places(prefix: &str, typed: &str) -> Vec<CompletionCandidate> {
    let path = || env::var_os("PATH").unwrap_or_default();
    match prefix {
        "env:" => {
            let mut names: Vec<String> = env::vars_os()
                .filter_map(|(name, _): (OsString, _)| name.into_string().ok())
                .collect();
            names.sort();
            plain(names.into_iter(), typed)
        }
        "keyring:" => keys_in_the_keyring(typed),
        "file:" | "roots:" => paths(typed),
        "exec:" => plain(
            key_program::names(env::split_paths(&path())).into_iter(),
            typed,
        ),
        "issuer:" => issuers(typed),
        _ => Vec::new(),
    }
}

fn paths(typed: &str) -> Vec<CompletionCandidate> {
    let mut found = PathCompleter::any().complete(OsStr::new(typed));
    found.retain(|path| path.get_value() != ".");
    found
}
