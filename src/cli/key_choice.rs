//! Which key a command uses: `--key`, or the first place of the search that is set.

use std::ffi::OsStr;
use std::io::Read;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::cli::advice;
use crate::cli::args::{KeyArgs, ReadingArgs};
use crate::cli::failure::Failure;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::run::Talk;
use crate::keys::remote::{self, Caching, Network, RemoteKeys};
use crate::keys::{self, Content, Source, keyring};
use crate::text::count::counted;
use crate::text::time::{self, Timestamp};
use crate::token::advice::Advice;
use crate::token::content::{self, Keys, Reading};
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::keyset::KeySource;

/// The variable that names the place of the key.
const PLACE: &str = "JOTT_KEY_SOURCE";
/// The variables that hold the key itself, the first before the second.
const OURS: &str = "JOTT_SECRET";
const THEIRS: &str = "SECRET_KEY";

/// The entry of the keyring that is used where nothing else is named.
pub(super) const DEFAULT_NAME: &str = "default";

/// A place to load a key from.
pub(super) struct Place<'a> {
    source: Source,
    way: Way<'a>,
}

/// Standard input is in hand already, so that two uses of it are noticed before anything is read.
enum Way<'a> {
    Load,
    Loaded(Content),
    Stdin(&'a mut (dyn Read + Send)),
}

impl<'a> Place<'a> {
    /// A place for some purpose, which takes standard input if that is the place.
    pub(super) fn new(
        source: Source,
        purpose: &'static str,
        talk: &mut Talk<'_, 'a>,
    ) -> Result<Self, Failure> {
        let way = match source.is_stdin() {
            true => Way::Stdin(talk.world.stdin.take(purpose)?),
            false => Way::Load,
        };
        Ok(Place { source, way })
    }

    /// Refuses a place whose keys are all public.
    pub(super) fn must_sign(&self) -> Result<(), KeyFault> {
        match self.source.is_remote() {
            true => Err(KeyFault::rejected(
                "a key from the network cannot sign: it is a public one",
            )
            .hint(Advice::NamePrivateKey)),
            false => Ok(()),
        }
    }

    /// A place that is not standard input.
    pub(super) fn of(source: Source) -> Self {
        Place {
            source,
            way: Way::Load,
        }
    }

    /// What was typed at the prompt already.
    pub(super) fn typed(text: &Zeroizing<String>) -> Self {
        Place {
            source: Source::Prompt,
            way: Way::Loaded(Content::exact(text.as_bytes())),
        }
    }

    /// The place in words that are safe to print.
    pub(super) fn label(&self) -> String {
        self.source.label()
    }

    /// What is there.
    pub(super) fn content(self, talk: &mut Talk<'_, '_>) -> Result<Content, KeyFault> {
        match self.way {
            Way::Stdin(reader) => {
                Content::read(reader, "standard input", &mut |words| talk.note(words))
            }
            Way::Loaded(content) => Ok(content),
            Way::Load => {
                let env = talk.world.env;
                self.source.load(env, &mut |words| talk.note(words))
            }
        }
    }
}

/// The keys from one place.
pub(super) struct Loaded {
    pub(super) keys: KeySource,
    /// Where newer keys may be, if these are from the network.
    pub(super) fetched: Option<Fetched>,
}

/// Where keys were fetched.
pub(super) struct Fetched {
    pub(super) source: Source,
    /// How long ago that was, where they are from the cache.
    pub(super) kept_for: Option<Duration>,
}

/// Reads the places off the command line, or goes through the search.
///
/// The outer error is a wrong command line; the inner one says that there is no key.
pub(super) fn places<'a>(
    args: &KeyArgs,
    talk: &mut Talk<'_, 'a>,
) -> Result<Result<Vec<Place<'a>>, KeyFault>, Failure> {
    if args.key.is_empty() {
        let place = search(talk)?;
        return Ok(place.map(|place| vec![place]));
    }
    let places = args.key.iter().map(|text| place(text, talk));
    places.collect::<Result<_, _>>().map(Ok)
}

/// Reads one place off the command line.
pub(super) fn place<'a>(text: &OsStr, talk: &mut Talk<'_, 'a>) -> Result<Place<'a>, Failure> {
    let flag = talk.running.key_flag().unwrap_or("--key");
    let source = Source::parse(text)
        .map_err(|bad| Failure::usage(advice::bad_source(bad, flag)).hint(bad.advice()))?;
    Place::new(source, "the key", talk)
}

fn search<'a>(talk: &mut Talk<'_, 'a>) -> Result<Result<Place<'a>, KeyFault>, Failure> {
    let is_set = |name: &str| (talk.world.env)(name).is_some();
    if let Some(place) = (talk.world.env)(PLACE) {
        return match Source::parse(&place) {
            Ok(source) => Place::new(source, "the key", talk).map(Ok),
            Err(bad) => {
                let message = format!("the variable {PLACE} names no place of a key");
                Ok(Err(KeyFault::rejected(message).hint(bad.advice())))
            }
        };
    }
    if is_set(OURS) {
        return Ok(Ok(Place::of(Source::Env(OURS.to_owned()))));
    }
    if is_set(THEIRS) {
        talk.note(&format!(
            "the key is the variable {THEIRS}: {OURS} and `--key` come before it"
        ));
        return Ok(Ok(Place::of(Source::Env(THEIRS.to_owned()))));
    }
    match keyring::get(DEFAULT_NAME, &mut |words| talk.note(words)) {
        Ok(Some(secret)) => {
            return Ok(Ok(Place {
                source: Source::Keyring(DEFAULT_NAME.to_owned()),
                way: Way::Loaded(Content::exact(&secret)),
            }));
        }
        Ok(None) => {}
        // That there is none is no news on a server.
        Err(fault) if keyring::is_absence(&fault) => talk.detail(&fault.message),
        Err(fault) => talk.note(&format!(
            "keyring:{DEFAULT_NAME} is skipped: {}",
            fault.message
        )),
    }
    if keys::has_terminal() {
        return Ok(Ok(Place::of(Source::Prompt)));
    }
    let fault = KeyFault::new(KeyReason::Missing, "there is no key");
    Ok(Err(fault.hint(Advice::NameSomeKey)))
}

/// Loads every place.
pub(super) fn load(
    places: Vec<Place<'_>>,
    reading: &ReadingArgs,
    passphrase: &mut PassphrasePlace<'_>,
    talk: &mut Talk<'_, '_>,
) -> Result<Vec<Loaded>, KeyFault> {
    places
        .into_iter()
        .map(|place| load_one(place, reading, passphrase, talk))
        .collect()
}

/// Loads one place.
pub(super) fn load_one(
    place: Place<'_>,
    reading: &ReadingArgs,
    passphrase: &mut PassphrasePlace<'_>,
    talk: &mut Talk<'_, '_>,
) -> Result<Loaded, KeyFault> {
    if place.source.is_remote() {
        let caching = if reading.no_cache {
            Caching::Off
        } else {
            Caching::On
        };
        let now = talk.world.now;
        return fetch(place.source, caching, now, reading, talk);
    }
    let label = place.label();
    let is_variable = matches!(place.source, Source::Env(_));
    let content = place.content(talk)?;
    content.must_be_there(&label)?;
    let is_raw = reading.key_encoding == Some(Encoding::Raw);
    if is_variable && !is_raw && names_a_place(&content.bytes) {
        let message = format!("{label} holds the place of a key, and no key");
        return Err(KeyFault::rejected(message).hint(Advice::NamePlaceItself));
    }
    let mut reading = Reading {
        encoding: reading.key_encoding.unwrap_or_default(),
        text_source: content.text_source,
        allow_weak: reading.allow_weak_key,
        passphrase: None,
    };
    let Keys {
        keys,
        is_set,
        notes,
    } = match content::read(&content.bytes, &reading) {
        Err(fault) if fault.reason == KeyReason::Encrypted => {
            reading.passphrase = Some(passphrase.get(talk)?.ok_or(fault)?);
            content::read(&content.bytes, &reading)?
        }
        read => read?,
    };
    for note in notes {
        talk.note(&format!("{label}: {note}"));
    }
    if reading.encoding == Encoding::Utf8 {
        let lines = keys.iter().map(Key::secret_lines).max();
        note_further_lines(&label, "secret", lines.unwrap_or_default(), talk);
    }
    if content.open_to_others && keys.iter().any(|k| k.is_secret() || k.has_private()) {
        talk.note(&format!(
            "other users can read {label}: `chmod 600` keeps it private"
        ));
    }
    for key in &keys {
        talk.detail(&format!("the key from {label} is {}", key.kind_words()));
    }
    Ok(Loaded {
        keys: KeySource {
            label,
            keys,
            is_set,
            remote: false,
            issuer: None,
        },
        fetched: None,
    })
}

/// Whether text is the place of a key by its beginning, as a secret is only by mistake.
fn names_a_place(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text.trim_ascii()) else {
        return false;
    };
    let is_name = |name: &str| {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        (1..=64).contains(&name.len()) && name.bytes().all(is_letter)
    };
    let starts = ["file:/", "file:./", "file:../", "https://", "issuer:http"];
    let named = text
        .strip_prefix("keyring:")
        .or_else(|| text.strip_prefix("env:"));
    !text.contains(char::is_whitespace)
        && (starts.iter().any(|start| text.starts_with(start)) || named.is_some_and(is_name))
}

/// Says that all lines count, where only the first may be meant: `pass` keeps others below it.
pub(super) fn note_further_lines(label: &str, what: &str, lines: usize, talk: &mut Talk<'_, '_>) {
    if lines > 1 {
        talk.note(&format!(
            "{label}: the {what} is all {lines} lines; `… | head -n 1` leaves the first alone"
        ));
    }
}

/// Loads keys over the network at a time, or from the cache of what came over it.
pub(super) fn fetch(
    source: Source,
    caching: Caching,
    now: Timestamp,
    reading: &ReadingArgs,
    talk: &mut Talk<'_, '_>,
) -> Result<Loaded, KeyFault> {
    let RemoteKeys {
        keys,
        issuer,
        place,
        kept_since,
    } = remote::fetch(
        &source,
        &Network {
            env: talk.world.env,
            now,
            allow_http: reading.allow_http,
            caching,
        },
    )?;
    let label = source.label();
    for note in keys.notes {
        talk.note(&format!("{label}: {note}"));
    }
    let kept_for = kept_since.map(|since| {
        let nanos = now.since(since).max(0);
        Duration::from_nanos(nanos.try_into().unwrap_or(u64::MAX))
    });
    let count = counted(keys.keys.len(), "key");
    talk.detail(&match kept_since {
        Some(since) => format!(
            "{count} of {place} from the cache, {} old",
            time::span_words(now.since(since))
        ),
        None => format!("{count} fetched from {place}"),
    });
    Ok(Loaded {
        keys: KeySource {
            label,
            keys: keys.keys,
            is_set: keys.is_set,
            remote: true,
            issuer,
        },
        fetched: Some(Fetched { source, kept_for }),
    })
}
