//! Why a file is no configuration, and where that shows.

use crate::text::escape;

/// Why a file is not a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong; nothing that may be a secret.
    pub message: String,
    /// Where: line and column, from 1.
    pub place: Option<(usize, usize)>,
    /// What the user may have meant.
    pub hint: Option<String>,
}

/// An error of the TOML reader in this program's words, with its place.
pub(super) fn explain(text: &str, error: &toml::de::Error) -> ConfigError {
    let names: Vec<&str> = error.message().split('`').skip(1).step_by(2).collect();
    let (message, hint) = match (
        error.message().starts_with("unknown field"),
        names.as_slice(),
    ) {
        (true, [unknown, known @ ..]) => {
            let near = known
                .iter()
                .map(|name| (strsim::jaro_winkler(unknown, name), *name))
                .filter(|(likeness, _)| *likeness > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = match near {
                Some((_, name)) => format!("did you mean `{name}`?"),
                None => format!("known: {}", known.join(", ")),
            };
            (
                format!("there is no key `{}`", escape::shorten(unknown, 40)),
                Some(hint),
            )
        }
        _ => (without_values(error.message()), None),
    };
    // A claim that cannot stand there is told by the table around it.
    let claim = error.message().strip_prefix("the claim `");
    let claim = claim.and_then(|rest| rest.split('`').next());
    let start = error.span().map(|span| span.start);
    let start = start.map(|start| {
        claim
            .and_then(|name| key_after(text, start, name))
            .unwrap_or(start)
    });
    ConfigError {
        place: start.and_then(|start| place(text, start)),
        message,
        hint,
    }
}

/// The reader's message; a value that it repeats may be a secret.
fn without_values(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    match message.split_once("string \"") {
        Some((before, _)) => format!("{before}a string cannot stand here"),
        None => message.to_owned(),
    }
}

/// The line and column of a byte.
fn place(text: &str, offset: usize) -> Option<(usize, usize)> {
    let before = text.get(..offset)?;
    let line = before.matches('\n').count().saturating_add(1);
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let column = before.get(start..)?.chars().count().saturating_add(1);
    Some((line, column))
}

/// Where a key stands first behind a byte of the text.
fn key_after(text: &str, start: usize, name: &str) -> Option<usize> {
    let rest = text.get(start..)?;
    let is_key = |at: &usize| {
        let before = rest
            .get(..*at)
            .and_then(|before| before.chars().next_back());
        let after = rest
            .get(at.saturating_add(name.len())..)
            .unwrap_or_default();
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        !before.is_some_and(is_word)
            && after
                .trim_start_matches(['"', '\'', ' ', '\t'])
                .starts_with('=')
    };
    let mut places = rest.match_indices(name).map(|(at, _)| at);
    let at = places.find(is_key)?;
    Some(start.saturating_add(at))
}

/// Where the table of an index begins.
pub(super) fn place_of_table(text: &str, table: &str, index: usize) -> Option<(usize, usize)> {
    let heading = format!("[[{table}]]");
    let (line, text) = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with(&heading))
        .nth(index)?;
    let indent = text.len().saturating_sub(text.trim_start().len());
    Some((line.saturating_add(1), indent.saturating_add(1)))
}
