//! `jott key add`

use zeroize::Zeroizing;

use crate::cli::args::AddArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key::{check_name, keep, made};
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::keys;
use crate::keys::keyring::{self, Change};
use crate::token::jwk_set;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

pub(super) fn run(args: &AddArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    check_name(&args.name)?;
    let place = match &args.from {
        Some(source) => key_choice::place(source, ui)?,
        // Nobody types a secret twice that is not kept then.
        None if !args.force && keyring::get(&args.name, &mut |words| ui.note(words))?.is_some() => {
            return made(Change::Taken, &args.name, &args.name).map(|()| Exit::Done);
        }
        None => KeyPlace::typed(&keys::secret_twice()?),
    };
    let mut passphrase = PassphrasePlace::of(&args.reading, ui)?;
    let source = key_choice::load_one(place, &args.reading, &mut passphrase, ui)?.keys;
    let text = text_of(&source)?;
    keep(&args.name, &text, args.force, ui)?;
    let kinds: Vec<String> = source.keys.iter().map(Key::kind_words).collect();
    ui.note(&format!("keyring:{} is {}", args.name, kinds.join(", ")));
    Ok(Exit::Done)
}

/// A key in the form in which it is kept: text that shows what it is. It is a JWK, unless it is
/// plain text or there is no JWK of it.
fn text_of(source: &KeySource) -> Result<Zeroizing<String>, KeyFault> {
    match source.keys.as_slice() {
        [key] if !source.is_set => match key.secret_text() {
            Some(text) => Ok(text),
            None => key
                .whole_jwk()
                .or_else(|fault| key.private_pem().ok_or(fault)),
        },
        keys => {
            let jwks: Result<Vec<_>, _> = keys.iter().map(Key::whole_jwk).collect();
            jwks.map(|jwks| jwk_set(&jwks))
        }
    }
}
