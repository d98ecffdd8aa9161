//! Answers from the network, kept for later runs in the user's cache folder.
//!
//! The keys in it decide which tokens are valid, so a file is used only if nobody but the user can
//! have written it, and an odd file counts as no file. A cache that cannot be written costs one
//! more request, and is not reported.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use tempfile::NamedTempFile;

use crate::keys::bounded::read_bounded;
use crate::keys::{lifetime, private_file};
use crate::text::hex;
use crate::text::time::Timestamp;

/// The largest file: a head, and the largest answer.
const MOST_BYTES: u64 = (1 << 20) + 1024;

/// How a file begins.
const MAGIC: &str = "jott-cache-1";

/// The folder of kept answers.
pub(super) struct Cache(PathBuf);

/// An answer that is still fresh.
pub(super) struct Kept {
    pub(super) body: Vec<u8>,
    pub(super) since: Timestamp,
}

impl Cache {
    /// Where the environment says that this user's caches are; `None` where it does not say.
    pub(super) fn find(env: &dyn Fn(&str) -> Option<OsString>) -> Option<Cache> {
        Some(Cache(private_file::cache_folder(env)?))
    }

    /// What was kept under a name, if it may still be used.
    pub(super) fn read(&self, name: &str, now: Timestamp) -> Option<Kept> {
        if !private_file::is_private_folder(&self.0) {
            return None;
        }
        let mut bytes = Vec::new();
        let file = private_file::open(&self.file(name)).ok()?;
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

    /// Keeps an answer under a name for `seconds`, if that is possible. An answer that may not be
    /// kept removes the one before.
    pub(super) fn write(&self, name: &str, body: &[u8], seconds: u64, now: Timestamp) {
        // Without the cache, the next run asks again.
        let _ = match seconds {
            0 => fs::remove_file(self.file(name)),
            _ => self.try_write(name, body, seconds, now),
        };
    }

    fn try_write(&self, name: &str, body: &[u8], seconds: u64, now: Timestamp) -> io::Result<()> {
        private_file::make_folder(&self.0)?;
        if !private_file::is_private_folder(&self.0) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let since = now.seconds();
        let until = since.saturating_add_unsigned(seconds);
        let seal = seal(name, since, until, body);
        let head = format!("{MAGIC} {since} {until} {seal}\n");
        // The file is written whole or not at all, also when others write at the same time. Its
        // mode is 0600 from the start.
        let mut file = NamedTempFile::new_in(&self.0)?;
        file.write_all(head.as_bytes())?;
        file.write_all(body)?;
        file.persist(self.file(name))?;
        Ok(())
    }

    /// The path of a file in the same folder, which nobody else can write to; `None` where there is
    /// no such folder and none can be made.
    pub(super) fn lock_file(&self, name: &str) -> Option<PathBuf> {
        private_file::make_folder(&self.0).ok()?;
        private_file::is_private_folder(&self.0).then(|| self.0.join(name))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0
            .join(hex::encode(digest(&SHA256, name.as_bytes()).as_ref()))
    }
}

/// A checksum that reveals damage, and a file under the name of another.
fn seal(name: &str, since: i64, until: i64, body: &[u8]) -> String {
    let mut sealed = format!("{name}\n{since} {until}\n").into_bytes();
    sealed.extend_from_slice(body);
    hex::encode(digest(&SHA256, &sealed).as_ref())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
