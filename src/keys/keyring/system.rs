//! The keyrings of macOS and Windows, by the stores of the package keyring.

use std::collections::HashMap;

use keyring::{Entry, Error};

use crate::keys::keyring::{SERVICE, fault};
use crate::keys::timeout::Progress;
use crate::token::key_fault::KeyFault;

/// The keyring, connected to.
pub(super) struct Store(());

impl Store {
    /// Connects to the keyring, with the cause where that fails: `Entry::new` alone would lose it.
    pub(super) fn open(_: &Progress) -> Result<Self, KeyFault> {
        match Entry::store_status() {
            Ok(()) => Ok(Store(())),
            Err(Error::NoStorageAccess(e)) => {
                Err(fault(Error::NoStorageAccess(e.to_string().into())))
            }
            Err(error) => Err(fault(Error::PlatformFailure(error.to_string().into()))),
        }
    }

    /// The entry of a name, whether it is there or not.
    #[expect(clippy::unused_self, reason = "as in the other stores")]
    pub(super) fn entry(&self, name: &str) -> Result<Entry, Error> {
        Entry::new(SERVICE, name)
    }

    /// Every entry.
    #[expect(clippy::unused_self, reason = "as in the other stores")]
    pub(super) fn entries(&self) -> Result<Vec<Entry>, Error> {
        // The stores search in their own words.
        let spec = match cfg!(windows) {
            true => HashMap::from([("pattern", r"\.jott$")]),
            false => HashMap::from([("service", SERVICE)]),
        };
        let found = keyring_core::Entry::search(&spec)?;
        Ok(found.into_iter().map(|inner| Entry { inner }).collect())
    }

    /// The names of the entries.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        let entries = self.entries()?.into_iter();
        let named = entries.filter_map(|entry| entry.inner.get_specifiers());
        let ours = named.filter(|(service, _)| service == SERVICE);
        Ok(ours.map(|(_, name)| name).collect())
    }

    /// These keyrings are locked and unlocked as a whole.
    #[expect(clippy::unused_self, reason = "as in the other stores")]
    pub(super) fn locked(&self) -> Vec<String> {
        Vec::new()
    }
}
