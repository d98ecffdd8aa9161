//! The keyring of the operating system: Secret Service on Linux and the BSDs, Keychain on macOS,
//! Credential Manager on Windows. Entries are text, under the service `jott` and their name, where
//! other programs (`secret-tool`, `security`) find them too.
//!
//! A lost key cannot be recovered. So an entry is replaced only if it was seen before, each new
//! entry is read back, and a locked keyring is not taken for an empty one.

use std::ffi::OsString;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::keys::timeout::{Progress, Say, TimedOut, with_timeout};
use crate::text::escape;
use crate::token::advice::{Advice, KeyringAdvice};
use crate::token::key_fault::{KeyFault, KeyReason};

mod lock;

#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
#[cfg(all(unix, not(target_os = "macos")))]
mod product;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(all(unix, not(target_os = "macos")))]
mod session;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod system;
#[cfg(all(unix, not(target_os = "macos")))]
mod trouble;

use lock::Lock;
#[cfg(all(unix, not(target_os = "macos")))]
use secret_service::Store;
#[cfg(not(all(unix, not(target_os = "macos"))))]
use system::Store;

/// The prefix of the names of entries that hold tokens, not keys.
pub(super) const TOKEN: &str = "token:";

/// The service that all entries belong to.
const SERVICE: &str = "jott";

/// The most bytes that Windows keeps for one credential, in UTF-16.
const WINDOWS_LIMIT: usize = 2560;

/// The text of an entry, wiped when it is dropped.
pub type Text = Zeroizing<Vec<u8>>;

/// Reads an entry; `None` where there is none.
///
/// # Errors
/// [`KeyFault`]: `Rejected` where the keyring is locked or has several such entries, `System` where
/// it does not answer.
pub fn get(name: &str, say: Say<'_>) -> Result<Option<Text>, KeyFault> {
    let name = name.to_owned();
    asked(say, move |store, _| store.read(&name))
}

/// Whether the fault is that this system has no keyring.
#[must_use]
pub fn is_absence(fault: &KeyFault) -> bool {
    fault.message.starts_with(ABSENT)
}

/// The result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was made.
    Made,
    /// There is no entry of that name.
    NoEntry,
    /// There is an entry already, and it may not be replaced.
    Taken,
}

/// Keeps a text under a name; replaces an entry that is there only if that is wanted.
///
/// # Errors
/// [`KeyFault`], as [`get`], or where the text is too long for the keyring.
pub fn keep(
    name: &str,
    text: &str,
    replace: bool,
    env: &dyn Fn(&str) -> Option<OsString>,
    say: Say<'_>,
) -> Result<Change, KeyFault> {
    let (name, text) = (name.to_owned(), Zeroizing::new(text.to_owned()));
    let lock = Lock::find(env);
    asked(say, move |store, progress| {
        let _lock = lock.take(progress);
        store.write(&name, text.as_bytes(), replace)
    })
}

/// Gives an entry another name.
///
/// # Errors
/// [`KeyFault`], as [`keep`].
pub fn rename(
    from: &str,
    to: &str,
    replace: bool,
    env: &dyn Fn(&str) -> Option<OsString>,
    say: Say<'_>,
) -> Result<Change, KeyFault> {
    let (from, to) = (from.to_owned(), to.to_owned());
    let lock = Lock::find(env);
    asked(say, move |store, progress| {
        let _lock = lock.take(progress);
        let Some(text) = store.read(&from)? else {
            return Ok(Change::NoEntry);
        };
        match store.write(&to, &text, replace)? {
            Change::Made => store.remove(&from, false).map_err(|fault| KeyFault {
                message: format!(
                    "the key is stored as {to} now, but still as {from} too: {}",
                    fault.message
                ),
                ..fault
            }),
            change => Ok(change),
        }
    })
}

/// Drops an entry, and with `all` each of that name.
///
/// # Errors
/// [`KeyFault`], as [`get`].
pub fn remove(
    name: &str,
    all: bool,
    env: &dyn Fn(&str) -> Option<OsString>,
    say: Say<'_>,
) -> Result<Change, KeyFault> {
    let name = name.to_owned();
    let lock = Lock::find(env);
    asked(say, move |store, progress| {
        let _lock = lock.take(progress);
        store.remove(&name, all)
    })
}

/// An entry: its name, and its text.
pub type Kept = (String, Text);

/// Every key with its name, in the order of the names. `say` hears which collections are locked.
///
/// # Errors
/// [`KeyFault`], as [`get`].
pub fn list(say: Say<'_>) -> Result<Vec<Kept>, KeyFault> {
    let mut keys = list_all(say)?;
    keys.retain(|(name, _)| !name.starts_with(TOKEN));
    Ok(keys)
}

/// The names of the keys, in order, as far as they can be had without a question to anybody; no key is read.
#[must_use]
pub fn names() -> Vec<String> {
    let found = asked(&mut |_| {}, |store, _| store.names().map_err(fault));
    let mut names = found.unwrap_or_default();
    names.retain(|name| !name.starts_with(TOKEN));
    names.sort();
    names.dedup();
    names
}

/// Whether there is a keyring that answers.
///
/// # Errors
/// [`KeyFault`] that says why not.
pub fn probe(say: Say<'_>) -> Result<(), KeyFault> {
    asked(say, |_, _| Ok(()))
}

/// The same with the tokens that are kept beside them.
///
/// # Errors
/// [`KeyFault`], as [`get`].
pub(super) fn list_all(say: Say<'_>) -> Result<Vec<Kept>, KeyFault> {
    asked(say, |store, progress| {
        let kept = store.all(progress)?;
        for label in store.locked() {
            progress.note(format!("{label} is locked: the keys in it are not listed"));
        }
        Ok(kept)
    })
}

/// The rules for every store.
impl Store {
    fn read(&self, name: &str) -> Result<Option<Text>, KeyFault> {
        match self.entry(name).and_then(|entry| text_of(&entry.inner)) {
            Ok(text) => Ok(Some(text)),
            Err(Error::NoEntry) => match self.locked().as_slice() {
                [] => Ok(None),
                labels => Err(hidden(name, labels)),
            },
            Err(Error::Ambiguous(entries)) => same(name, &entries).map(Some),
            Err(error) => Err(fault(error)),
        }
    }

    fn write(&self, name: &str, text: &[u8], replace: bool) -> Result<Change, KeyFault> {
        let entry = self.entry(name).map_err(fault)?;
        match text_of(&entry.inner) {
            Ok(_) if !replace => return Ok(Change::Taken),
            Ok(_) | Err(Error::NoEntry) => {}
            Err(Error::Ambiguous(entries)) => return Err(several(name, &entries)),
            Err(error) => return Err(fault(error)),
        }
        // Another program may have stored bytes that are not text.
        let wrote = std::str::from_utf8(text).map(|words| entry.set_password(words));
        wrote.unwrap_or(Ok(())).map_err(fault)?;
        if !self.gives_back(name, text)? {
            // KeePassXC replaces references in braces within a text, but leaves bytes as they are.
            entry.set_secret(text).map_err(fault)?;
            if !self.gives_back(name, text)? {
                let words = format!("it stored {name}, but gives back something else");
                return Err(failed(&words));
            }
        }
        Ok(Change::Made)
    }

    fn gives_back(&self, name: &str, text: &[u8]) -> Result<bool, KeyFault> {
        match self.entry(name).and_then(|entry| text_of(&entry.inner)) {
            Ok(kept) => Ok(**kept == *text),
            Err(Error::NoEntry) => Ok(false),
            Err(Error::Ambiguous(entries)) => Err(several(name, &entries)),
            Err(error) => Err(fault(error)),
        }
    }

    fn remove(&self, name: &str, all: bool) -> Result<Change, KeyFault> {
        match self.entry(name).and_then(|entry| entry.delete_credential()) {
            Ok(()) => Ok(Change::Made),
            Err(Error::NoEntry) => match self.locked().as_slice() {
                [] => Ok(Change::NoEntry),
                labels => Err(hidden(name, labels)),
            },
            Err(Error::Ambiguous(entries)) => {
                if !all {
                    same(name, &entries)?;
                }
                let removed = entries.iter().map(keyring_core::Entry::delete_credential);
                removed.collect::<Result<(), _>>().map_err(fault)?;
                Ok(Change::Made)
            }
            Err(error) => Err(fault(error)),
        }
    }

    fn all(&self, progress: &Progress) -> Result<Vec<Kept>, KeyFault> {
        let mut found = Vec::new();
        for Entry { inner: entry } in self.entries().map_err(fault)? {
            let Some((service, name)) = entry.get_specifiers() else {
                continue;
            };
            match text_of(&entry) {
                Ok(text) if service == SERVICE => found.push((name, text, entry)),
                // It was removed since the search.
                Ok(_) | Err(Error::NoEntry) => {}
                Err(error) => return Err(fault(error)),
            }
        }
        found.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let mut kept = Vec::with_capacity(found.len());
        let mut entries: Vec<keyring_core::Entry> = Vec::new();
        for (name, text, entry) in found {
            if kept.last().is_some_and(|(last, _)| *last != name) {
                note_several(&kept, &entries, progress);
                entries.clear();
            }
            entries.push(entry);
            kept.push((name, text));
        }
        note_several(&kept, &entries, progress);
        Ok(kept)
    }
}

/// Notes where the entries with the name of the last one are.
fn note_several(kept: &[Kept], entries: &[keyring_core::Entry], progress: &Progress) {
    if let (Some((name, _)), [_, _, ..]) = (kept.last(), entries) {
        progress.note(several(name, entries).message);
    }
}

/// The text of an entry. On Windows texts are UTF-16, unless another program has stored bytes.
fn text_of(entry: &keyring_core::Entry) -> Result<Text, Error> {
    let text = match cfg!(windows) {
        true => match entry.get_password() {
            Ok(text) => Ok(text.into_bytes()),
            Err(Error::BadEncoding(bytes)) => Ok(bytes),
            Err(error) => Err(error),
        },
        false => entry.get_secret(),
    };
    text.map(Zeroizing::new)
}

/// The text of entries that all have the same text.
fn same(name: &str, entries: &[keyring_core::Entry]) -> Result<Text, KeyFault> {
    let texts = entries.iter().map(text_of).collect::<Result<_, _>>();
    let texts: Vec<Text> = texts.map_err(fault)?;
    match texts.split_first() {
        Some((first, others)) if others.iter().all(|other| other == first) => Ok(first.clone()),
        _ => Err(several(name, entries)),
    }
}

/// The fault of several entries of one name.
fn several(name: &str, entries: &[keyring_core::Entry]) -> KeyFault {
    let places = entries.iter().filter_map(|entry| {
        let attributes = entry.get_attributes().ok()?;
        let (label, collection) = (attributes.get("label")?, attributes.get("collection")?);
        Some(format!("{label} in {collection}"))
    });
    let places = places.take(5).collect::<Vec<_>>().join(", ");
    let count = entries.len();
    KeyFault::rejected(format!(
        "{count} entries of the keyring are named {name}: {places}"
    ))
    .hint(Advice::Keyring(KeyringAdvice::DropOthers(name.to_owned())))
}

/// The fault of an entry that may be in a locked collection.
fn hidden(name: &str, labels: &[String]) -> KeyFault {
    let labels = labels.join(" and ");
    let message =
        format!("the keyring has no entry {name} that can be read, and {labels} is locked");
    KeyFault::new(KeyReason::Missing, message).hint(Advice::Keyring(KeyringAdvice::UnlockToSee))
}

/// Asks the keyring, which may in turn ask a person who is not there.
fn asked<T: Send + 'static>(
    say: Say<'_>,
    job: impl FnOnce(&Store, &Progress) -> Result<T, KeyFault> + Send + 'static,
) -> Result<T, KeyFault> {
    with_timeout("the keyring", say, |progress| {
        job(&Store::open(progress)?, progress)
    })
    .unwrap_or_else(|late| Err(unanswered(&late)))
}

fn unanswered(late: &TimedOut) -> KeyFault {
    let (what, seconds) = (&late.what, late.seconds);
    let message = match &late.asked {
        Some(words) => format!("nobody answered within {seconds} seconds: {words}"),
        None => format!("{what} did not answer within {seconds} seconds"),
    };
    let advice = match late.asked {
        Some(_) => KeyringAdvice::CloseWindow,
        None => KeyringAdvice::AnswerIt,
    };
    KeyFault::new(KeyReason::System, message).hint(Advice::Keyring(advice))
}

const ABSENT: &str = "there is no keyring";

fn absent(words: &str) -> KeyFault {
    KeyFault::new(KeyReason::System, format!("{ABSENT}: {words}"))
        .hint(Advice::Keyring(KeyringAdvice::BeginSession))
}

fn failed(words: &str) -> KeyFault {
    KeyFault::new(KeyReason::System, format!("the keyring failed: {words}"))
}

/// The error in the platform's words. They are about buses and sockets, and never contain the data
/// of an entry.
fn fault(error: Error) -> KeyFault {
    let error = match error {
        Error::PlatformFailure(error) => match error.downcast() {
            Ok(fault) => return *fault,
            Err(error) => return absent(&escape::shorten(&error.to_string(), 300)),
        },
        error => error,
    };
    match error {
        Error::NoDefaultStore => absent("no store for this system"),
        Error::NoStorageAccess(_) => {
            KeyFault::rejected("the keyring is locked").hint(Advice::Keyring(KeyringAdvice::LogIn))
        }
        Error::TooLong(..) => KeyFault::rejected(format!(
            "the key is too long for the keyring, which keeps {WINDOWS_LIMIT} bytes at most"
        ))
        .hint(Advice::Keyring(KeyringAdvice::ShortenKey)),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => failed("an entry cannot be read"),
        other => failed(&escape::shorten(&other.to_string(), 300)),
    }
}
