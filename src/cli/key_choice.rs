//! Which key a command uses: `--key`, or the first place of the search that is set.

use std::io::Read;

use crate::cli::args::KeyArgs;
use crate::cli::failure::Failure;
use crate::cli::run::Talk;
use crate::keys::{self, BadSource, Content, Source};
use crate::token::key::{self, Encoding, KeyFault, KeyReason, Keys, Reading};
use crate::token::keyset::KeySource;

/// The variable that names the place of the key.
const PLACE: &str = "JOTT_KEY_SOURCE";
/// The variables that hold the key itself, the first before the second.
const OURS: &str = "JOTT_SECRET";
const THEIRS: &str = "SECRET_KEY";

/// A place to load a key from; standard input is in hand already, so that two uses of it are
/// noticed before anything is read.
pub(super) struct Place<'a> {
    source: Source,
    stdin: Option<&'a mut dyn Read>,
}

/// Reads the places off the command line, or goes through the search.
///
/// The outer error is a wrong command line; the inner one says that there is no key.
pub(super) fn places<'a>(
    args: &KeyArgs,
    talk: &mut Talk<'_, 'a>,
) -> Result<Result<Vec<Place<'a>>, KeyFault>, Failure> {
    let sources = if args.key.is_empty() {
        match search(talk) {
            Ok(source) => vec![source],
            Err(fault) => return Ok(Err(fault)),
        }
    } else {
        let parsed = args.key.iter().map(|text| Source::parse(text));
        parsed
            .collect::<Result<_, _>>()
            .map_err(|bad| Failure::usage(bad.message).hint(bad.hint))?
    };
    sources
        .into_iter()
        .map(|source| {
            let stdin = source
                .is_stdin()
                .then(|| talk.world.stdin.take("the key"))
                .transpose()?;
            Ok(Place { source, stdin })
        })
        .collect::<Result<_, Failure>>()
        .map(Ok)
}

fn search(talk: &mut Talk<'_, '_>) -> Result<Source, KeyFault> {
    let is_set = |name: &str| (talk.world.env)(name).is_some();
    if let Some(place) = (talk.world.env)(PLACE) {
        return Source::parse(&place).map_err(|BadSource { hint, .. }| {
            KeyFault::rejected(format!("the variable {PLACE} names no place of a key")).hint(hint)
        });
    }
    if is_set(OURS) {
        return Ok(Source::Env(OURS.to_owned()));
    }
    if is_set(THEIRS) {
        talk.note(&format!(
            "the key is the variable {THEIRS}: {OURS} and `--key` come before it"
        ));
        return Ok(Source::Env(THEIRS.to_owned()));
    }
    if keys::has_terminal() {
        return Ok(Source::Prompt);
    }
    Err(
        KeyFault::new(KeyReason::Missing, "there is no key").hint(format!(
            "name one: `-k env:NAME`, `-k ./key.pem`, `-k stdin`, `-k prompt`; or set {OURS}"
        )),
    )
}

/// Loads every place.
pub(super) fn load(
    places: Vec<Place<'_>>,
    args: &KeyArgs,
    talk: &mut Talk<'_, '_>,
) -> Result<Vec<KeySource>, KeyFault> {
    let encoding = args
        .key_encoding
        .as_deref()
        .and_then(Encoding::parse)
        .unwrap_or_default();
    places
        .into_iter()
        .map(|place| {
            let label = place.source.label();
            let content = match place.stdin {
                Some(reader) => Content::read(reader, "standard input")?,
                None => place.source.load(talk.world.env)?,
            };
            let reading = Reading {
                encoding,
                text_source: content.text_source,
                allow_weak: args.allow_weak_key,
            };
            let Keys {
                keys,
                is_set,
                notes,
            } = key::read(&content.bytes, &reading)?;
            for note in notes {
                talk.note(&format!("{label}: {note}"));
            }
            if content.open_to_others && keys.iter().any(|k| k.is_secret() || k.has_private()) {
                talk.note(&format!(
                    "other users can read {label}: `chmod 600` keeps it private"
                ));
            }
            for key in &keys {
                talk.detail(&format!("the key from {label} is {}", key.kind_words()));
            }
            Ok(KeySource {
                label,
                keys,
                is_set,
                remote: false,
            })
        })
        .collect()
}
