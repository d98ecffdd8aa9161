//! `jott key list`

use std::borrow::Cow;

use serde::Serialize;

use crate::cli::args::ListArgs;
use crate::cli::columns::{padding, width};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line::line;
use crate::cli::paint::Paint;
use crate::cli::ui::Ui;
use crate::keys::keyring;
use crate::text::escape;
use crate::token::algorithm::Algorithm;
use crate::token::content::{self, Reading};

pub(super) fn run(args: &ListArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let entries = keyring::list(&mut |words| ui.note(words))?;
    let listed: Vec<Listed> = entries
        .iter()
        .map(|(name, content)| describe(name, content))
        .collect();
    if listed.is_empty() {
        ui.note("the keyring has no keys: `jott key generate` and `jott key add` make some");
    }
    let text = if args.json {
        list_json(&listed)
    } else {
        list_lines(&listed, ui.out)
    };
    ui.result(text.as_bytes())?;
    Ok(Exit::Done)
}

/// What may be printed about a key: never the key itself.
fn describe(name: &str, content: &[u8]) -> Listed {
    let reading = Reading {
        allow_weak: true,
        ..Reading::default()
    };
    let (kind, alg, kid) = match content::read(content, &reading) {
        Err(fault) => (fault.message, None, None),
        Ok(keys) => match keys.keys.as_slice() {
            [key] if !keys.is_set => {
                let alg = key.default_algorithm().map_or("ECDH-ES", Algorithm::name);
                (key.kind_words(), Some(alg), key.kid.clone())
            }
            several => (format!("a set of {} keys", several.len()), None, None),
        },
    };
    Listed {
        name: name.to_owned(),
        kind,
        alg,
        kid,
    }
}

/// A key of the keyring, in words.
#[derive(Serialize)]
struct Listed {
    /// Its name.
    name: String,
    /// What it is.
    kind: String,
    /// What it is for.
    alg: Option<&'static str>,
    /// Its `kid`.
    kid: Option<String>,
}

/// For programs.
fn list_json(listed: &[Listed]) -> String {
    listed.iter().map(line).collect()
}

fn name_of(listed: &Listed) -> Cow<'_, str> {
    escape::terminal(&listed.name)
}

/// For people.
fn list_lines(listed: &[Listed], paint: Paint) -> String {
    let widest = |text: fn(&Listed) -> usize| listed.iter().map(text).max().unwrap_or(0);
    let names = widest(|l| width(&name_of(l)));
    let kinds = widest(|l| width(&l.kind));
    let row = |l: &Listed| {
        let name = name_of(l);
        let kid = escape::middle(l.kid.as_deref().unwrap_or_default(), escape::NAME);
        let text = format!(
            "{}{}   {:kinds$}   {:<7} {kid}",
            paint.cyan(&name),
            padding(&name, names),
            l.kind,
            l.alg.unwrap_or_default()
        );
        format!("{}\n", text.trim_end())
    };
    listed.iter().map(row).collect()
}
