//! `jott key add`

use zeroize::Zeroizing;

use crate::cli::args::AddArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key::{check_name, keep};
use crate::cli::key_choice::{self, Place};
use crate::cli::run::Talk;
use crate::keys;
use crate::token::jwk_set;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

pub(super) fn run(args: &AddArgs, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    check_name(&args.name)?;
    let place = match &args.from {
        Some(source) => key_choice::place(source, talk)?,
        None => Place::typed(&keys::secret_twice()?),
    };
    let source = key_choice::load_one(place, &args.reading, talk)?.keys;
    let text =
        text_of(&source).ok_or_else(|| KeyFault::rejected("the key cannot be kept as text"))?;
    keep(&args.name, &text, args.force)?;
    let kinds: Vec<String> = source.keys.iter().map(Key::kind_words).collect();
    talk.note(&format!("keyring:{} is {}", args.name, kinds.join(", ")));
    Ok(Exit::Done)
}

/// A key in the form in which it is kept: text that says by itself what it is.
fn text_of(source: &KeySource) -> Option<Zeroizing<String>> {
    match source.keys.as_slice() {
        [key] if !source.is_set => key.secret_text().or_else(|| key.whole_jwk()),
        keys => jwk_set(keys.iter().map(Key::whole_jwk)),
    }
}
