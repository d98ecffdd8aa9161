//! `jott key show`

use std::collections::{HashMap, HashSet};

use zeroize::Zeroizing;

use crate::cli::args::ShowArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line;
use crate::cli::key::check_name;
use crate::cli::key_choice::{self, KeyPlace, Loaded};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::keys::Local;
use crate::text::count::counted;
use crate::text::escape;
use crate::token::jwk_set;
use crate::token::key::Key;
use crate::token::keyset::KeySource;

/// How many reasons are worth reading.
const MOST_NOTES: usize = 5;

pub(super) fn run(args: &ShowArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let places = places(args, ui)?;
    let reading = &args.key.reading;
    let mut passphrase = PassphrasePlace::of(reading, ui)?;
    let sources = key_choice::load(places, reading, &mut passphrase, ui)?;
    let mut forms = Vec::new();
    for source in &sources {
        forms.extend(forms_of(&source.keys, args, ui)?);
    }
    if args.jwks {
        forms = each_once(forms);
        note_shared_ids(&sources, ui);
    }
    let text = if args.jwks {
        json_line::line_of(&jwk_set(&forms))
    } else {
        // In PEM and thumbprints there is nothing to escape.
        let mut lines = Zeroizing::new(String::new());
        for form in &forms {
            lines.push_str(&json_line::line_of(form));
        }
        lines
    };
    ui.result(text.as_bytes())?;
    Ok(Exit::Done)
}

fn places<'a>(args: &ShowArgs, ui: &mut Ui<'_, 'a>) -> Result<Vec<KeyPlace<'a>>, Failure> {
    if !args.key.key.is_empty() {
        let places = args.key.key.iter();
        return places.map(|text| key_choice::place(text, ui)).collect();
    }
    let places = args.names.iter().map(|name| {
        check_name(name)?;
        Ok(KeyPlace::of(Local::Keyring(name.clone())))
    });
    places.collect()
}

/// A key that a set has twice is shown once.
fn each_once(forms: Vec<Zeroizing<String>>) -> Vec<Zeroizing<String>> {
    let mut seen = HashSet::with_capacity(forms.len());
    let is_new: Vec<bool> = forms
        .iter()
        .map(|form| seen.insert(form.as_str()))
        .collect();
    drop(seen);
    let with_newness = forms.into_iter().zip(is_new);
    with_newness
        .filter_map(|(form, is_new)| is_new.then_some(form))
        .collect()
}

/// Notes key IDs that several keys of a set share: a look-up by ID may find the other key (RFC 7517
/// section 4.5).
fn note_shared_ids(sources: &[Loaded], ui: &mut Ui<'_, '_>) {
    let keys = sources.iter().flat_map(|source| &source.keys.keys);
    let mut owners = HashMap::new();
    for key in keys {
        let Some(id) = key.kid.as_deref() else {
            continue;
        };
        let thumbprint = key.thumbprint();
        let other = owners.insert(id, thumbprint.clone());
        if other.is_some_and(|other| other != thumbprint) {
            let id = escape::shorten(id, 200);
            ui.note(&format!("two keys of the set have the `kid` {id}"));
        }
    }
}

/// Each key in the form that is asked for. An entry of a set that has no such form is skipped
/// with a note, unless no entry has it.
fn forms_of(
    source: &KeySource,
    args: &ShowArgs,
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Zeroizing<String>>, Failure> {
    let mut forms = Vec::new();
    let mut skipped: Vec<(Failure, usize)> = Vec::new();
    for key in &source.keys {
        match form_of(key, args) {
            Ok(form) => forms.push(form),
            Err(failure) if source.is_set => {
                if let Some((_, count)) = skipped.iter_mut().find(|(f, _)| *f == failure) {
                    *count = count.saturating_add(1);
                } else if skipped.len() < MOST_NOTES {
                    skipped.push((failure, 1));
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    if forms.is_empty()
        && let Some((failure, _)) = skipped.pop()
    {
        return Err(failure);
    }
    for (failure, count) in skipped {
        let keys = counted(count, "key");
        let why = failure.message.unwrap_or_default();
        ui.note(&format!("{keys} of the set left out: {why}"));
    }
    Ok(forms)
}

fn form_of(key: &Key, args: &ShowArgs) -> Result<Zeroizing<String>, Failure> {
    if args.jwks {
        return jwk_of(key, args.private);
    }
    if args.thumbprint {
        return Ok(Zeroizing::new(key.thumbprint()));
    }
    if args.fingerprint.is_some() {
        let fingerprint = key.fingerprint().map(Zeroizing::new);
        return fingerprint.ok_or_else(no_public_part);
    }
    if args.secret {
        let secret = key.secret_text().filter(|text| escape::is_plain(text));
        return secret.ok_or_else(|| {
            let what = if key.is_secret() {
                "the secret is not plain text"
            } else {
                "the key is no secret"
            };
            rejected(what).hint("`--private --jwk` prints it as a JWK")
        });
    }
    if args.private && !key.is_secret() && !key.has_private() {
        return Err(rejected(format!(
            "the key is {}: it has no private part",
            key.kind_words()
        )));
    }
    if !args.pem {
        return jwk_of(key, args.private);
    }
    let pem = match args.private {
        true => key.private_pem(),
        false => key.public_pem().map(Zeroizing::new),
    };
    let pem = pem.ok_or_else(|| {
        rejected("a secret has no PEM").hint("`--private --secret` prints it as text")
    })?;
    Ok(Zeroizing::new(pem.trim_end().to_owned()))
}

fn rejected(message: impl Into<String>) -> Failure {
    Failure::new(Exit::NoKey, message)
}

fn jwk_of(key: &Key, private: bool) -> Result<Zeroizing<String>, Failure> {
    if private {
        Ok(key.whole_jwk()?)
    } else {
        let jwk = key.public_jwk().ok_or_else(no_public_part)?;
        Ok(Zeroizing::new(jwk))
    }
}

fn no_public_part() -> Failure {
    rejected("a secret has no public part")
        .hint("`--private --secret` prints it as text, `--private --jwk` as a JWK")
}
