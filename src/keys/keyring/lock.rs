//! A lock of the user's, under which one process at a time changes the keyring: what is looked up
//! before an entry is written still holds while it is written.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;

use crate::keys::cache::Cache;
use crate::keys::timeout::Progress;

/// The file that is locked.
#[derive(Clone)]
pub(super) struct Lock(Option<PathBuf>);

impl Lock {
    /// Where the lock is; without a home there is none, and what was written is read back all the
    /// same.
    pub(super) fn find(env: &dyn Fn(&str) -> Option<OsString>) -> Self {
        Lock(Cache::find(env).and_then(|cache| cache.lock_file("keyring.lock")))
    }

    /// Waits for the lock, which is given back when the file is dropped.
    pub(super) fn take(&self, progress: &Progress) -> Option<File> {
        let path = self.0.as_ref()?;
        progress.waits_for("another jott, which changes the keyring");
        let taken = take(path).ok();
        progress.waits_for("the keyring");
        taken
    }
}

#[cfg(unix)]
fn take(path: &std::path::Path) -> std::io::Result<File> {
    use rustix::fs::{FlockOperation, Mode, OFlags, flock, open};

    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = open(path, flags, Mode::RUSR | Mode::WUSR)?;
    flock(&file, FlockOperation::LockExclusive)?;
    Ok(file.into())
}

/// A file that is open for nobody else is a lock.
#[cfg(windows)]
fn take(path: &std::path::Path) -> std::io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;

    const ERROR_SHARING_VIOLATION: i32 = 32;
    let mut options = File::options();
    options
        .write(true)
        .create(true)
        .truncate(false)
        .share_mode(0);
    loop {
        match options.open(path) {
            Err(e) if e.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
}
