//! Files and folders that only this user can write, and where they are.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

pub(super) use own::{is_private_folder, make_folder, open, sync_folder};

type Env<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Where the environment says that this user's caches are; `None` where it does not say.
pub(super) fn cache_folder(env: Env<'_>) -> Option<PathBuf> {
    folder(env, "XDG_CACHE_HOME", ".cache", "Library/Caches")
}

/// Where the environment says that this user's programs keep data that must not be lost.
pub(super) fn state_folder(env: Env<'_>) -> Option<PathBuf> {
    folder(
        env,
        "XDG_STATE_HOME",
        ".local/state",
        "Library/Application Support",
    )
}

/// Where the environment says that this user's configuration is.
pub fn config_folder(env: Env<'_>) -> Option<PathBuf> {
    folder(
        env,
        "XDG_CONFIG_HOME",
        ".config",
        "Library/Application Support",
    )
}

/// A folder by its variable, or else its usual place (XDG Base Directory Specification 0.8; macOS has places
/// of its own, and Windows one for all).
fn folder(env: Env<'_>, variable: &str, usual: &str, on_macos: &str) -> Option<PathBuf> {
    let absolute = |name| {
        env(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else {
        let usual = if cfg!(target_os = "macos") {
            on_macos
        } else {
            usual
        };
        absolute(variable).or_else(|| Some(absolute("HOME")?.join(usual)))
    };
    Some(folder?.join("jott"))
}

/// Waits for the lock of a file, and makes the file where there is none. The lock is released when the file
/// is dropped, and when the process ends in any way.
pub(super) fn lock(path: &Path) -> io::Result<File> {
    let file = open_lock(path)?;
    file.lock()?;
    Ok(file)
}

/// The same without waiting; `None` while another process has it.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(e),
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = own::options_of_lock();
    options.write(true).create(true).truncate(false).open(path)
}

#[cfg(unix)]
mod own {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
    use std::path::Path;

    use rustix::fs::OFlags;

    fn is_private(metadata: &Metadata) -> bool {
        metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
    }

    pub(in crate::keys) fn is_private_folder(path: &Path) -> bool {
        path.symlink_metadata()
            .is_ok_and(|m| m.is_dir() && is_private(&m))
    }

    pub(in crate::keys) fn make_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Opens a file, not through a symlink, and without waiting.
    pub(in crate::keys) fn open(path: &Path) -> io::Result<File> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let flags = flags.bits().try_into().unwrap_or_default();
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_file() && is_private(&metadata) {
            Ok(file)
        } else {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }

    /// Makes changes to the names in a folder survive a power failure.
    pub(in crate::keys) fn sync_folder(path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    /// Options that make the file where there is none, and do not follow a symlink.
    pub(super) fn options_of_lock() -> OpenOptions {
        let mut options = File::options();
        options
            .custom_flags(OFlags::NOFOLLOW.bits().try_into().unwrap_or_default())
            .mode(0o600);
        options
    }
}

/// The folder lies in the user's profile, which others cannot write to.
#[cfg(not(unix))]
mod own {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(in crate::keys) fn is_private_folder(path: &Path) -> bool {
        path.symlink_metadata().is_ok_and(|m| m.is_dir())
    }

    pub(in crate::keys) fn make_folder(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    pub(in crate::keys) fn open(path: &Path) -> io::Result<File> {
        match path.symlink_metadata()?.is_file() {
            true => File::open(path),
            false => Err(io::ErrorKind::PermissionDenied.into()),
        }
    }

    /// Windows has no such call.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(in crate::keys) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn options_of_lock() -> OpenOptions {
        File::options()
    }
}
