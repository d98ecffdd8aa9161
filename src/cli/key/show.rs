//! `jott key show`

use zeroize::Zeroizing;

use crate::cli::args::ShowArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key::check_name;
use crate::cli::key_choice::{self, Place};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::run::Talk;
use crate::keys::Source;
use crate::text::escape;
use crate::token::jwk_set;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

pub(super) fn run(args: &ShowArgs, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    let place = match args.key.key.as_slice() {
        [] => {
            check_name(&args.name)?;
            Place::of(Source::Keyring(args.name.clone()))
        }
        [source] => key_choice::place(source, talk)?,
        _ => {
            return Err(Failure::usage(
                "one key is shown at a time: give one `--key`",
            ));
        }
    };
    let reading = &args.key.reading;
    let mut passphrase = PassphrasePlace::of(reading, talk)?;
    let source = key_choice::load_one(place, reading, &mut passphrase, talk)?.keys;
    let mut out = Zeroizing::new(String::new());
    if args.jwks {
        let jwks = source.keys.iter().map(|key| jwk_of(key, args.private));
        let jwks: Result<Vec<_>, KeyFault> = jwks.collect();
        out.push_str(&jwk_set(&jwks?));
        out.push('\n');
    } else {
        for key in &source.keys {
            out.push_str(&form_of(key, args)?);
            out.push('\n');
        }
    }
    talk.result(out.as_bytes())?;
    Ok(Exit::Done)
}

fn form_of(key: &Key, args: &ShowArgs) -> Result<Zeroizing<String>, Failure> {
    if args.thumbprint {
        return Ok(Zeroizing::new(key.thumbprint()));
    }
    if args.secret {
        let secret = key.secret_text().filter(|text| escape::is_plain(text));
        return secret.ok_or_else(|| {
            let what = if key.is_secret() {
                "the secret is not plain text"
            } else {
                "the key is no secret"
            };
            Failure::from(KeyFault::rejected(what).hint("`--private --jwk` prints it as a JWK"))
        });
    }
    if args.private && !key.is_secret() && !key.has_private() {
        return Err(KeyFault::rejected(format!(
            "the key is {}: it has no private part",
            key.kind_words()
        ))
        .into());
    }
    if !args.pem {
        return Ok(jwk_of(key, args.private)?);
    }
    let pem = match args.private {
        true => key.private_pem(),
        false => key.public_pem().map(Zeroizing::new),
    };
    let pem = pem.ok_or_else(|| {
        KeyFault::rejected("a secret has no PEM").hint("`--private --secret` prints it as text")
    })?;
    Ok(Zeroizing::new(pem.trim_end().to_owned()))
}

fn jwk_of(key: &Key, private: bool) -> Result<Zeroizing<String>, KeyFault> {
    if private {
        key.whole_jwk()
    } else {
        let jwk = key.public_jwk().ok_or_else(no_public_part)?;
        Ok(Zeroizing::new(jwk))
    }
}

fn no_public_part() -> KeyFault {
    KeyFault::rejected("a secret has no public part")
        .hint("`--private --secret` prints it as text, `--private --jwk` as a JWK")
}
