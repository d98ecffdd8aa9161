//! `jott key list`

use crate::cli::args::ListArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::cli::view::{self, Listed};
use crate::keys::keyring;
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
        view::keys_json(&listed)
    } else {
        view::keys(&listed, ui.out)
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
