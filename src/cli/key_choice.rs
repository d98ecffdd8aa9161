//! Which key a command uses: `--key`, or the first place of the search that is set.

use std::ffi::OsStr;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::cli::advice;
use crate::cli::args::{KeyArgs, ReadingArgs};
use crate::cli::content_place::{ContentPlace, note_further_lines};
use crate::cli::failure::Failure;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::{self, Ui};
use crate::keys::program::KEY_VARIABLES;
use crate::keys::remote::{self, Caching, Network, RemoteKeys};
use crate::keys::{self, Content, KeyHolder, Local, Remote, Source, keyring};
use crate::text::count::counted;
use crate::text::time::{self, Timestamp};
use crate::token::advice::Advice;
use crate::token::chain::Roots;
use crate::token::content::{self, Keys, Reading};
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::keyset::KeySource;

/// The variable that names the place of the key.
const PLACE: &str = "JOTT_KEY_SOURCE";

/// The entry of the keyring that is used where nothing else is named.
pub(super) const DEFAULT_NAME: &str = "default";

/// A place to load a key from.
pub(super) enum KeyPlace<'a> {
    /// A place with the content of a key.
    Content(ContentPlace<'a>),
    /// A place that signs, and has the public key.
    Holder(KeyHolder),
    /// A place with public keys.
    Remote(Remote),
    /// One that has certificates which others must lead to.
    Roots(Local, String),
    /// None was named, and the search has found none.
    Missing(KeyFault),
}

impl<'a> KeyPlace<'a> {
    fn new(source: Source, ui: &mut Ui<'_, 'a>) -> Result<Self, Failure> {
        Ok(match source {
            Source::Stdin(name) => KeyPlace::Content(ContentPlace::stdin(name, "the key", ui)?),
            Source::Local(local) => KeyPlace::of(local),
            Source::Holder(holder) => KeyPlace::Holder(holder),
            Source::Remote(remote) => KeyPlace::Remote(remote),
            Source::Roots(ref local) => KeyPlace::Roots(local.clone(), source.label()),
        })
    }

    /// Refuses a place whose keys are all public.
    pub(super) fn must_sign(&self) -> Result<(), KeyFault> {
        match self {
            KeyPlace::Remote(_) => Err(KeyFault::rejected(
                "a key from the network cannot sign: it is a public one",
            )
            .hint(Advice::NamePrivateKey)),
            KeyPlace::Roots(..) => Err(no_key_in_roots().hint(Advice::NamePrivateKey)),
            KeyPlace::Content(_) | KeyPlace::Holder(_) | KeyPlace::Missing(_) => Ok(()),
        }
    }

    /// Refuses a place whose keys open nothing.
    pub(super) fn must_open(&self) -> Result<(), KeyFault> {
        match self {
            KeyPlace::Remote(_) => Err(KeyFault::rejected(
                "a key from the network opens no token: it is a public one",
            )
            .hint(Advice::NamePrivateKey)),
            KeyPlace::Holder(_) => Err(KeyFault::rejected(
                "a key that never leaves its place opens no token: it is for signatures",
            )
            .hint(Advice::NamePrivateKey)),
            KeyPlace::Roots(..) => Err(no_key_in_roots().hint(Advice::NamePrivateKey)),
            KeyPlace::Content(_) | KeyPlace::Missing(_) => Ok(()),
        }
    }

    /// A place on this machine.
    pub(super) fn of(local: Local) -> Self {
        KeyPlace::Content(ContentPlace::of(local))
    }

    /// A key that was typed at the prompt already.
    pub(super) fn typed(text: &Zeroizing<String>) -> Self {
        KeyPlace::loaded(&Local::Prompt, Content::exact(text.as_bytes()))
    }

    fn loaded(local: &Local, content: Content) -> Self {
        KeyPlace::Content(ContentPlace::loaded(local, content))
    }
}

/// The keys from one place.
pub(super) struct Loaded {
    pub(super) keys: KeySource,
    /// Where newer keys may be found, if these are from the network.
    pub(super) fetched: Option<Fetched>,
}

/// What comes from the places that keys for a token are looked for in.
pub(super) struct Trusted {
    pub(super) keys: Vec<Loaded>,
    pub(super) roots: Vec<Roots>,
}

fn no_key_in_roots() -> KeyFault {
    KeyFault::rejected("`roots:` has certificates that vouch for the keys of others, and no key")
}

/// Where keys were fetched.
pub(super) struct Fetched {
    pub(super) source: Remote,
    /// How long ago, if they are from the cache.
    pub(super) kept_for: Option<Duration>,
}

/// Reads the places off the command line, or goes through the search.
pub(super) fn places<'a>(
    args: &KeyArgs,
    ui: &mut Ui<'_, 'a>,
) -> Result<Vec<KeyPlace<'a>>, Failure> {
    match args.key.as_slice() {
        [] => Ok(vec![search(ui)?]),
        named => named.iter().map(|text| place(text, ui)).collect(),
    }
}

/// Reads one place off the command line.
pub(super) fn place<'a>(text: &OsStr, ui: &mut Ui<'_, 'a>) -> Result<KeyPlace<'a>, Failure> {
    place_of(ui.running.key_flag().unwrap_or("--key"), text, ui)
}

/// Reads the place that a flag names.
pub(super) fn place_of<'a>(
    flag: &str,
    text: &OsStr,
    ui: &mut Ui<'_, 'a>,
) -> Result<KeyPlace<'a>, Failure> {
    let source = Source::parse(text)
        .map_err(|bad| Failure::usage(advice::bad_source(bad, flag)).hint(bad.advice()))?;
    KeyPlace::new(source, ui)
}

fn search<'a>(ui: &mut Ui<'_, 'a>) -> Result<KeyPlace<'a>, Failure> {
    let is_set = |name: &str| (ui.world.env)(name).is_some();
    if let Some(place) = (ui.world.env)(PLACE) {
        return match Source::parse(&place) {
            Ok(source) => KeyPlace::new(source, ui),
            Err(bad) => {
                let message = format!("the variable {PLACE} names no place of a key");
                let fault = KeyFault::rejected(message).hint(bad.advice());
                Ok(KeyPlace::Missing(fault))
            }
        };
    }
    let [ours, theirs] = KEY_VARIABLES;
    if is_set(ours) {
        return Ok(KeyPlace::of(Local::Env(ours.to_owned())));
    }
    if is_set(theirs) {
        ui.note(&format!(
            "the key is the variable {theirs}: {ours} and `--key` come before it"
        ));
        return Ok(KeyPlace::of(Local::Env(theirs.to_owned())));
    }
    match keyring::get(DEFAULT_NAME, &mut |words| ui.note(words)) {
        Ok(Some(secret)) => {
            let entry = Local::Keyring(DEFAULT_NAME.to_owned());
            return Ok(KeyPlace::loaded(&entry, Content::exact(&secret)));
        }
        Ok(None) => {}
        // On a server it is normal that there is no keyring.
        Err(fault) if keyring::is_absence(&fault) => ui.detail(&fault.message),
        Err(fault) => ui.note(&format!(
            "keyring:{DEFAULT_NAME} is skipped: {}",
            fault.message
        )),
    }
    if keys::has_terminal() {
        return Ok(KeyPlace::of(Local::Prompt));
    }
    let fault = KeyFault::new(KeyReason::Missing, "there is no key");
    Ok(KeyPlace::Missing(fault.hint(Advice::NameSomeKey)))
}

/// Loads every place.
pub(super) fn load(
    places: Vec<KeyPlace<'_>>,
    reading: &ReadingArgs,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Loaded>, KeyFault> {
    places
        .into_iter()
        .map(|place| load_one(place, reading, passphrase, ui))
        .collect()
}

/// Loads every place, also those of roots, which revocation lists may go with.
pub(super) fn load_trusted(
    places: Vec<KeyPlace<'_>>,
    revocations: &[Content],
    reading: &ReadingArgs,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Trusted, KeyFault> {
    let mut trusted = Trusted {
        keys: Vec::new(),
        roots: Vec::new(),
    };
    for place in places {
        let KeyPlace::Roots(local, label) = place else {
            let loaded = load_one(place, reading, passphrase, ui)?;
            trusted.keys.push(loaded);
            continue;
        };
        let content = ContentPlace::of(local).content(ui)?;
        content.must_be_there(&label)?;
        let words = format!("{label}:");
        let mut roots = Roots::read(label, &content.bytes).map_err(|fault| fault.after(&words))?;
        for list in revocations {
            roots
                .revoke(&list.bytes)
                .map_err(|fault| fault.after("--crl:"))?;
        }
        trusted.roots.push(roots);
    }
    Ok(trusted)
}

/// Loads one place.
pub(super) fn load_one(
    place: KeyPlace<'_>,
    reading: &ReadingArgs,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Loaded, KeyFault> {
    let place = match place {
        KeyPlace::Content(place) => place,
        KeyPlace::Missing(fault) => return Err(fault),
        KeyPlace::Roots(..) => return Err(no_key_in_roots().hint(Advice::NameKeyOfCertificate)),
        KeyPlace::Holder(holder) => return ask(&holder, ui),
        KeyPlace::Remote(remote) => {
            let caching = match reading.no_cache {
                true => Caching::Off,
                false => Caching::On,
            };
            let now = ui.world.now();
            return fetch(remote, caching, now, reading, ui);
        }
    };
    let label = place.label.clone();
    let is_variable = place.is_variable();
    let content = place.content(ui)?;
    content.must_be_there(&label)?;
    let is_a_place =
        |bytes: &[u8]| std::str::from_utf8(bytes.trim_ascii()).is_ok_and(Source::is_meant);
    let is_raw = reading.key_encoding == Some(Encoding::Raw);
    if is_variable && !is_raw && is_a_place(&content.bytes) {
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
            reading.passphrase = Some(passphrase.get(ui)?.ok_or(fault)?);
            content::read(&content.bytes, &reading)?
        }
        read => read?,
    };
    for note in notes {
        ui.note(&format!("{label}: {note}"));
    }
    if reading.encoding == Encoding::Utf8 {
        let lines = keys.iter().map(Key::secret_lines).max();
        note_further_lines(&label, "secret", lines.unwrap_or_default(), ui);
    }
    if content.open_to_others && keys.iter().any(|k| k.is_secret() || k.has_private()) {
        ui.note(&format!(
            "other users can read {label}: `chmod 600` keeps it private"
        ));
    }
    for key in &keys {
        ui.detail(&format!("the key from {label} is {}", key.kind_words()));
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

/// Asks a place that signs for its public key.
fn ask(holder: &KeyHolder, ui: &mut Ui<'_, '_>) -> Result<Loaded, KeyFault> {
    let label = holder.label();
    let public = holder.public(ui::say_aside)?;
    let words = format!("{label}:");
    let read = content::read(&public, &Reading::default());
    let read = read.map_err(|fault| fault.after(&words).hint(holder.advice()))?;
    let only = match <[Key; 1]>::try_from(read.keys) {
        Ok([key]) if !read.is_set => key,
        _ => {
            let message = format!("{label} gives a set of keys, and is to give one key");
            return Err(KeyFault::rejected(message).hint(holder.advice()));
        }
    };
    ui.detail(&format!("the key from {label} is {}", only.kind_words()));
    let key = only.with_signer(holder.signer(ui::say_aside));
    let key = key.map_err(|fault| fault.after(&words).hint(holder.advice()))?;
    Ok(Loaded {
        keys: KeySource {
            label,
            keys: vec![key],
            is_set: false,
            remote: false,
            issuer: None,
        },
        fetched: None,
    })
}

/// Loads keys over the network, or from its cache, at a time.
pub(super) fn fetch(
    source: Remote,
    caching: Caching,
    now: Timestamp,
    reading: &ReadingArgs,
    ui: &mut Ui<'_, '_>,
) -> Result<Loaded, KeyFault> {
    let RemoteKeys {
        keys,
        issuer,
        place,
        kept_since,
    } = remote::fetch(
        &source,
        &Network {
            env: ui.world.env,
            now,
            allow_http: reading.allow_http,
            caching,
        },
    )?;
    let label = source.label();
    for note in keys.notes {
        ui.note(&format!("{label}: {note}"));
    }
    let kept_for = kept_since.map(|since| {
        let nanos = now.since(since).max(0);
        Duration::from_nanos(nanos.try_into().unwrap_or(u64::MAX))
    });
    let count = counted(keys.keys.len(), "key");
    ui.detail(&match kept_since {
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
