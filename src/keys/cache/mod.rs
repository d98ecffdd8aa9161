//! Answers from the network, kept for later runs in the user's cache folder.
//!
//! The keys in it decide which tokens are good, so a file is used only if nobody but the user can
//! have written it, and anything odd about it is the same as no file. A cache that cannot be
//! written costs one more request, and nothing is said of it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use tempfile::NamedTempFile;

use crate::keys::bounded::read_bounded;
use crate::keys::lifetime;
use crate::text::hex;
use crate::text::time::Timestamp;

/// No file is larger: a head, and the largest answer.
const MOST_BYTES: u64 = (1 << 20) + 1024;

/// How a file begins.
const MAGIC: &str = "jott-cache-1";

/// The folder of kept answers.
pub(super) struct Cache(PathBuf);

/// An answer that is still good.
pub(super) struct Kept {
    pub(super) body: Vec<u8>,
    pub(super) since: Timestamp,
}

impl Cache {
    /// Where the environment says that this user's caches are; `None` where it does not say.
    pub(super) fn find(env: &dyn Fn(&str) -> Option<OsString>) -> Option<Cache> {
        let folder = |name| {
            env(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let caches = if cfg!(windows) {
            folder("LOCALAPPDATA")
        } else {
            let usual = if cfg!(target_os = "macos") {
                "Library/Caches"
            } else {
                ".cache"
            };
            folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(usual)))
        };
        Some(Cache(caches?.join("jott")))
    }

    /// What was kept under a name, if it may still be used.
    pub(super) fn read(&self, name: &str, now: Timestamp) -> Option<Kept> {
        if !own::is_private_folder(&self.0) {
            return None;
        }
        let mut bytes = Vec::new();
        let file = own::open(&self.file(name)).ok()?;
        if !read_bounded(file, MOST_BYTES, &mut bytes).ok()? {
            return None;
        }
        let head_ends = bytes.iter().position(|b| *b == b'\n')?;
        let (head, body) = bytes.split_at_checked(head_ends)?;
        let body = body.get(1..)?;
        let mut head = std::str::from_utf8(head).ok()?.split(' ');
        if head.next()? != MAGIC {
            return None;
        }
        let (since, until) = (head.next()?.parse().ok()?, head.next()?.parse().ok()?);
        let sound = head.next()? == seal(name, since, until, body) && head.next().is_none();
        let longest = since.saturating_add_unsigned(lifetime::LONGEST);
        let fresh = (since..until).contains(&now.seconds()) && until <= longest;
        (sound && fresh).then(|| Kept {
            body: body.to_vec(),
            since: Timestamp::from_seconds(since),
        })
    }

    /// Keeps an answer under a name for so many seconds, if that is possible. One that may not be
    /// kept takes away what was.
    pub(super) fn write(&self, name: &str, body: &[u8], seconds: u64, now: Timestamp) {
        // Without the cache, the next run asks again.
        let _ = match seconds {
            0 => fs::remove_file(self.file(name)),
            _ => self.try_write(name, body, seconds, now),
        };
    }

    fn try_write(&self, name: &str, body: &[u8], seconds: u64, now: Timestamp) -> io::Result<()> {
        own::make_folder(&self.0)?;
        if !own::is_private_folder(&self.0) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let since = now.seconds();
        let until = since.saturating_add_unsigned(seconds);
        let seal = seal(name, since, until, body);
        let head = format!("{MAGIC} {since} {until} {seal}\n");
        // Whole or not at all, whoever else is writing. Its mode is 0600 from the start.
        let mut file = NamedTempFile::new_in(&self.0)?;
        file.write_all(head.as_bytes())?;
        file.write_all(body)?;
        file.persist(self.file(name))?;
        Ok(())
    }

    /// The path of a file beside them that nobody else can have put there; `None` where there is no
    /// such folder, and none can be made.
    pub(super) fn lock_file(&self, name: &str) -> Option<PathBuf> {
        own::make_folder(&self.0).ok()?;
        own::is_private_folder(&self.0).then(|| self.0.join(name))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0
            .join(hex::encode(digest(&SHA256, name.as_bytes()).as_ref()))
    }
}

/// Finds damage, and a file under another's name.
fn seal(name: &str, since: i64, until: i64, body: &[u8]) -> String {
    let mut sealed = format!("{name}\n{since} {until}\n").into_bytes();
    sealed.extend_from_slice(body);
    hex::encode(digest(&SHA256, &sealed).as_ref())
}

/// Files and folders that only this user can have written.
#[cfg(unix)]
mod own {
    use super::{File, Path, io};
    use std::fs::{DirBuilder, Metadata, OpenOptions};
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};

    use rustix::fs::OFlags;

    fn is_private(metadata: &Metadata) -> bool {
        metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
    }

    pub(super) fn is_private_folder(path: &Path) -> bool {
        path.symlink_metadata()
            .is_ok_and(|m| m.is_dir() && is_private(&m))
    }

    pub(super) fn make_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Not through a symlink, and without waiting for anybody.
    pub(super) fn open(path: &Path) -> io::Result<File> {
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
}

/// The folder lies in the user's profile, which others cannot write to.
#[cfg(not(unix))]
mod own {
    use super::{File, Path, io};

    pub(super) fn is_private_folder(path: &Path) -> bool {
        path.symlink_metadata().is_ok_and(|m| m.is_dir())
    }

    pub(super) fn make_folder(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    pub(super) fn open(path: &Path) -> io::Result<File> {
        match path.symlink_metadata()?.is_file() {
            true => File::open(path),
            false => Err(io::ErrorKind::PermissionDenied.into()),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
