//! The keyring of the operating system: Secret Service on Linux and the BSDs, Keychain on macOS,
//! Credential Manager on Windows. Entries are text, under the service `jott` and their name, where
//! other programs (`secret-tool`, `security`) find them too.

use std::collections::HashMap;

use keyring::Entry;
use keyring_core::Error;
use zeroize::Zeroizing;

use crate::keys::patience::patiently;
use crate::text::escape;
use crate::token::key_fault::{KeyFault, KeyReason};

/// The service that all entries belong to.
const SERVICE: &str = "jott";

/// What Windows keeps of one credential, in UTF-16.
const WINDOWS_LIMIT: usize = 2560;

/// The text of an entry; `None` where there is none.
///
/// # Errors
/// [`KeyFault`]: rejected where the keyring is locked, system where it does not answer.
pub fn get(name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyFault> {
    let entry = name.to_owned();
    match asked(move || open(&entry)?.get_secret())? {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(fault(&error)),
    }
}

/// Keeps a text, in the place of what was there.
///
/// # Errors
/// [`KeyFault`], as [`get`], or where the text is too long for the keyring.
pub fn set(name: &str, text: &str) -> Result<(), KeyFault> {
    let (entry, text) = (name.to_owned(), Zeroizing::new(text.to_owned()));
    asked(move || open(&entry)?.set_password(&text))?.map_err(|error| fault(&error))
}

/// Drops an entry; false where there was none.
///
/// # Errors
/// [`KeyFault`], as [`get`].
pub fn remove(name: &str) -> Result<bool, KeyFault> {
    let entry = name.to_owned();
    match asked(move || open(&entry)?.delete_credential())? {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(fault(&error)),
    }
}

/// An entry: its name, and its text.
pub type Kept = (String, Zeroizing<Vec<u8>>);

/// Every entry with its name, in the order of the names.
///
/// # Errors
/// [`KeyFault`], as [`get`].
pub fn list() -> Result<Vec<Kept>, KeyFault> {
    asked(entries)?.map_err(|error| fault(&error))
}

fn entries() -> Result<Vec<Kept>, Error> {
    store()?;
    let mut found = Vec::new();
    for entry in keyring_core::Entry::search(&search())? {
        let Some(name) = name_of(&entry)? else {
            continue;
        };
        match entry.get_secret() {
            Ok(secret) => found.push((name, Zeroizing::new(secret))),
            // It was dropped since the search.
            Err(Error::NoEntry) => {}
            Err(error) => return Err(error),
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

/// The stores search in their own words.
fn search() -> HashMap<&'static str, &'static str> {
    if cfg!(windows) {
        HashMap::from([("pattern", r"\.jott$")])
    } else {
        HashMap::from([("service", SERVICE)])
    }
}

fn name_of(entry: &keyring_core::Entry) -> Result<Option<String>, Error> {
    if let Some((service, user)) = entry.get_specifiers() {
        return Ok((service == SERVICE).then_some(user));
    }
    Ok(entry.get_attributes()?.remove("username"))
}

fn open(name: &str) -> Result<Entry, Error> {
    store()?;
    Entry::new(SERVICE, name)
}

/// Connects to the keyring, with the cause where that fails: `Entry::new` alone would lose it.
fn store() -> Result<(), Error> {
    match Entry::store_status() {
        Ok(()) => Ok(()),
        Err(Error::NoStorageAccess(e)) => Err(Error::NoStorageAccess(e.to_string().into())),
        Err(Error::PlatformFailure(e)) => Err(Error::PlatformFailure(e.to_string().into())),
        Err(error) => Err(Error::PlatformFailure(error.to_string().into())),
    }
}

/// Asks the keyring, which may in turn ask a person who is not there.
fn asked<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, KeyFault> {
    patiently(job).ok_or_else(|| {
        KeyFault::new(KeyReason::System, "the keyring did not answer within 10 seconds")
            .hint("it may be locked and ask somewhere for its password: unlock it, or use env:NAME or a file")
    })
}

fn fault(error: &Error) -> KeyFault {
    match error {
        Error::NoStorageAccess(_) => KeyFault::rejected("the keyring is locked")
            .hint("unlock it (log in to the desktop, or `gnome-keyring-daemon --unlock`), or use env:NAME or a file"),
        Error::TooLong(..) => KeyFault::rejected(format!(
            "the key is too long for the keyring, which keeps {WINDOWS_LIMIT} bytes at most"
        ))
        .hint("use a shorter kind of key (`jott key generate --alg ES256`), or a file"),
        Error::PlatformFailure(_) | Error::NoDefaultStore => {
            KeyFault::new(KeyReason::System, format!("there is no keyring: {}", cause(error)))
                .hint("is a desktop session running? on a server use env:NAME or a file")
        }
        _ => KeyFault::new(KeyReason::System, format!("the keyring failed: {}", cause(error))),
    }
}

/// The words of the platform. They are about buses and sockets; an entry's data is never in them.
fn cause(error: &Error) -> String {
    let words = match error {
        Error::PlatformFailure(e) => e.to_string(),
        Error::NoDefaultStore => "no store for this system".to_owned(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "an entry cannot be read".to_owned(),
        Error::Ambiguous(_) => "two entries have this name".to_owned(),
        other => other.to_string(),
    };
    escape::shorten(&words, 300)
}
