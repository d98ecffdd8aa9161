//! Files and folders that only this user can have written, and where they are.

use std::ffi::OsString;
use std::path::PathBuf;

pub(super) use own::{is_private_folder, make_folder, open, try_lock};

type Env<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Where the environment says that this user's caches are; `None` where it does not say.
pub(super) fn cache_folder(env: Env<'_>) -> Option<PathBuf> {
    folder(env, "XDG_CACHE_HOME", ".cache", "Library/Caches")
}

/// Where it says that this user's programs keep what must not be lost.
pub(super) fn state_folder(env: Env<'_>) -> Option<PathBuf> {
    folder(
        env,
        "XDG_STATE_HOME",
        ".local/state",
        "Library/Application Support",
    )
}

/// Where it says that this user's configuration is.
pub fn config_folder(env: Env<'_>) -> Option<PathBuf> {
    folder(
        env,
        "XDG_CONFIG_HOME",
        ".config",
        "Library/Application Support",
    )
}

/// A folder by its variable, or where it usually is (XDG Base Directory Specification 0.8; macOS has
/// places of its own, and Windows one for all).
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

#[cfg(unix)]
mod own {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
    use std::path::Path;

    use rustix::fs::{FlockOperation, Mode, OFlags, flock};

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

    /// Not through a symlink, and without waiting for anybody.
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

    /// The lock of a file, which is made where there is none; `None` while another process has it. It
    /// is given back when the file is dropped, and when the process ends, however it does.
    pub(in crate::keys) fn try_lock(path: &Path) -> io::Result<Option<File>> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file.into())),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
}

/// The folder lies in the user's profile, which others cannot write to.
#[cfg(not(unix))]
mod own {
    use std::fs::File;
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

    /// A file that is open for nobody else is a lock.
    pub(in crate::keys) fn try_lock(path: &Path) -> io::Result<Option<File>> {
        use std::os::windows::fs::OpenOptionsExt as _;

        const ERROR_SHARING_VIOLATION: i32 = 32;
        let mut options = File::options();
        options
            .write(true)
            .create(true)
            .truncate(false)
            .share_mode(0);
        match options.open(path) {
            Ok(file) => Ok(Some(file)),
            Err(e) if e.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
            Err(e) => Err(e),
        }
    }
}
