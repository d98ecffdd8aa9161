//! A lock for each user, so that only one process at a time changes the keyring: a look-up before
//! an entry is written is still true while it is written.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;

use crate::keys::cache::Cache;
use crate::keys::private_file;
use crate::keys::timeout::Progress;

/// The file that is locked.
#[derive(Clone)]
pub(super) struct Lock(Option<PathBuf>);

impl Lock {
    /// Where the lock is. Without a home there is none; entries are read back in any case.
    pub(super) fn find(env: &dyn Fn(&str) -> Option<OsString>) -> Self {
        Lock(Cache::find(env).and_then(|cache| cache.lock_file("keyring.lock")))
    }

    /// Waits for the lock, which is released when the file is dropped.
    pub(super) fn take(&self, progress: &Progress) -> Option<File> {
        let path = self.0.as_ref()?;
        progress.waits_for("another jott, which changes the keyring");
        let taken = private_file::lock(path).ok();
        progress.waits_for("the keyring");
        taken
    }
}
