//! `--fault`: the name of a fault, what stands behind its colon, and behind each comma when it acts.

use clap_complete::engine::CompletionCandidate;

use crate::cli::issue;
use crate::demo::fault::{Argument, Fault};

/// What can stand behind a comma, and what it is.
const WHEN: &[(&str, &str)] = &[
    ("endpoint=", "at this endpoint alone"),
    ("client=", "for this client alone"),
    ("user=", "for this user alone"),
    ("token=", "in tokens of this kind alone"),
    ("count=", "so many times"),
    ("delay=", "after so many milliseconds"),
    ("probability=", "in this part of all cases, such as 0.5"),
    ("seed=", "by the same chance each time"),
];

/// A fault of a server, with when it acts.
pub(super) fn of_a_server(typed: &str) -> Vec<CompletionCandidate> {
    let Some((before, last)) = typed.rsplit_once(',') else {
        return named(typed, |_| true);
    };
    let given: Vec<&str> = before.split(',').collect();
    let name = given.first().copied().unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    let endpoints = Fault::named(name).map_or(&[][..], Fault::endpoints);
    let values: Vec<(String, &str)> = match last.split_once('=') {
        None => WHEN
            .iter()
            .filter(|(key, _)| !given.iter().any(|given| given.starts_with(key)))
            .map(|(key, about)| ((*key).to_owned(), *about))
            .collect(),
        Some(("endpoint", _)) => {
            let names = endpoints.iter().map(|endpoint| endpoint.name());
            names.map(|name| (format!("endpoint={name}"), "")).collect()
        }
        Some(("token", _)) => ["access_token", "id_token"]
            .map(|kind| (format!("token={kind}"), ""))
            .into(),
        Some(_) => Vec::new(),
    };
    let fitting = values.iter().filter(|(value, _)| value.starts_with(last));
    fitting
        .map(|(value, about)| candidate(format!("{before},{value}"), about))
        .collect()
}

/// A fault of a token that is made.
pub(super) fn of_a_token(typed: &str) -> Vec<CompletionCandidate> {
    named(typed, issue::is_of_tokens)
}

/// The names of faults; behind the colon of one, a value to begin with.
fn named(typed: &str, is_meant: fn(Fault) -> bool) -> Vec<CompletionCandidate> {
    let meant = Fault::ALL.iter().copied().filter(|fault| is_meant(*fault));
    let written = |fault: Fault| match fault.argument() {
        // The number of a fetch may be left out.
        Argument::None | Argument::Fetches if !typed.contains(':') => fault.name().to_owned(),
        Argument::None => fault.name().to_owned(),
        argument if typed.starts_with(&format!("{}:", fault.name())) => {
            format!("{}{}", fault.name(), argument.example())
        }
        _ => format!("{}:", fault.name()),
    };
    let all = meant.map(|fault| (written(fault), fault.about()));
    all.filter(|(value, _)| value.starts_with(typed))
        .map(|(value, about)| candidate(value, about))
        .collect()
}

fn candidate(value: String, about: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(about.to_owned().into()))
}
