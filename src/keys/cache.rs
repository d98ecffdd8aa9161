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
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    const NAME: &str = "https://a.test/keys";
    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(NOW.seconds().saturating_add(seconds))
    }

    fn full() -> (tempfile::TempDir, Cache) {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache(home.path().join("caches/jott"));
        cache.write(NAME, b"the keys", 60, NOW);
        (home, cache)
    }

    fn body(cache: &Cache, now: Timestamp) -> Option<Vec<u8>> {
        cache.read(NAME, now).map(|kept| kept.body)
    }

    #[test]
    fn an_answer_is_kept_for_its_time() {
        let (_home, cache) = full();
        assert_eq!(body(&cache, NOW), Some(b"the keys".to_vec()));
        assert_eq!(body(&cache, at(59)), Some(b"the keys".to_vec()));
        assert_eq!(body(&cache, at(60)), None);
        assert_eq!(body(&cache, at(-1)), None, "it is from the future");
        assert!(cache.read("https://b.test/keys", NOW).is_none());
        cache.write(NAME, b"other keys", 60, at(30));
        assert_eq!(body(&cache, at(80)), Some(b"other keys".to_vec()));
        cache.write("https://c.test/keys", b"", 0, NOW);
        cache.write(NAME, b"newer keys", 0, at(31));
        assert_eq!(body(&cache, at(32)), None, "the newer may not be kept");
        cache.write(NAME, b"other keys", 60, at(30));
        assert_eq!(fs::read_dir(&cache.0).unwrap().count(), 1);
    }

    #[test]
    fn only_the_user_can_read_and_write_it() {
        let (_home, cache) = full();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&cache.0), 0o700);
        assert_eq!(mode(&cache.file(NAME)), 0o600);
        let open_up = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        open_up(&cache.file(NAME), 0o620);
        assert_eq!(body(&cache, NOW), None);
        open_up(&cache.file(NAME), 0o600);
        open_up(&cache.0, 0o777);
        assert_eq!(body(&cache, NOW), None);
    }

    #[test]
    fn damage_is_the_same_as_no_file() {
        let (_home, cache) = full();
        let path = cache.file(NAME);
        let sound = fs::read(&path).unwrap();
        for index in 0..sound.len() {
            let mut damaged = sound.clone();
            damaged[index] ^= 1;
            fs::write(&path, &damaged).unwrap();
            assert_eq!(body(&cache, NOW), None, "byte {index}");
            fs::write(&path, &sound[..index]).unwrap();
            assert_eq!(body(&cache, NOW), None, "{index} bytes");
        }
        fs::write(&path, [sound.as_slice(), b"!"].concat()).unwrap();
        assert_eq!(body(&cache, NOW), None);
        fs::write(&path, &sound).unwrap();
        assert!(body(&cache, NOW).is_some());
        // A sound file under another's name.
        fs::rename(&path, cache.file("https://b.test/keys")).unwrap();
        assert!(cache.read("https://b.test/keys", NOW).is_none());
    }

    #[test]
    fn longer_than_a_day_is_damage() {
        let (_home, cache) = full();
        cache.write(NAME, b"the keys", lifetime::LONGEST + 1, NOW);
        assert_eq!(body(&cache, NOW), None);
    }

    #[test]
    fn no_symlink_is_followed() {
        let (home, cache) = full();
        let path = cache.file(NAME);
        let elsewhere = home.path().join("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        symlink(&elsewhere, &path).unwrap();
        assert_eq!(body(&cache, NOW), None);
        let before = fs::read(&elsewhere).unwrap();
        cache.write(NAME, b"other keys", 60, NOW);
        assert_eq!(fs::read(&elsewhere).unwrap(), before);
        assert_eq!(body(&cache, NOW), Some(b"other keys".to_vec()));

        let folder = home.path().join("folder");
        fs::rename(&cache.0, &folder).unwrap();
        symlink(&folder, &cache.0).unwrap();
        assert_eq!(body(&cache, NOW), None);
    }

    #[test]
    fn nothing_else_than_a_file_is_read() {
        let (_home, cache) = full();
        let path = cache.file(NAME);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(body(&cache, NOW), None);
        cache.write(NAME, b"the keys", 60, NOW);
        assert_eq!(
            fs::read_dir(&cache.0).unwrap().count(),
            1,
            "what was begun is gone"
        );
    }

    #[test]
    fn the_environment_says_where_it_is() {
        let find = |variables: &'static [(&str, &str)]| {
            let env = |name: &str| {
                let found = variables.iter().find(|(n, _)| *n == name);
                found.map(|(_, value)| OsString::from(value))
            };
            Cache::find(&env).map(|cache| cache.0)
        };
        assert_eq!(find(&[]), None);
        assert_eq!(
            find(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]),
            Some("/c/jott".into())
        );
        assert_eq!(find(&[("XDG_CACHE_HOME", "c")]), None);
        assert_eq!(find(&[("HOME", "")]), None);
        let usual = if cfg!(target_os = "macos") {
            "/h/Library/Caches/jott"
        } else {
            "/h/.cache/jott"
        };
        assert_eq!(
            find(&[("HOME", "/h"), ("XDG_CACHE_HOME", "")]),
            Some(usual.into())
        );
    }
}
