//! Tokens of others, kept for later runs: in the keyring, or in files that only the user can read.
//!
//! A lost refresh token means another log-in. So an entry is written before its content is used, and only the
//! holder of its lock changes it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::Builder;
use zeroize::Zeroizing;

use crate::keys::bounded::read_bounded;
use crate::keys::keyring::{self, Change, Text};
use crate::keys::private_file;
use crate::keys::timeout::Say;
use crate::token::advice::{Advice, FileAdvice};
use crate::token::key_fault::{KeyFault, KeyReason};

/// The largest entry.
const MOST_BYTES: u64 = 1 << 20;

/// How long another process may hold the lock: a refresh, with its time limits.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The end of the name of a file that is being written.
const UNFINISHED: &str = ".new";

/// Where tokens are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// In the keyring of the operating system.
    Keyring,
    /// In files that only the user can read.
    Files,
    /// Nowhere.
    Nowhere,
}

/// Tokens that are kept, each under a name that its owner chose.
pub struct TokenStore<'a> {
    env: &'a dyn Fn(&str) -> Option<OsString>,
    place: TokenPlace,
}

impl std::fmt::Debug for TokenStore<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenStore")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// The right to change an entry, until it is dropped.
#[derive(Debug)]
pub struct TokenLock(#[expect(dead_code, reason = "it is held, not read")] Option<File>);

impl<'a> TokenStore<'a> {
    /// The store of this user.
    #[must_use]
    pub fn new(place: TokenPlace, env: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        TokenStore { env, place }
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> TokenPlace {
        self.place
    }

    /// Reads an entry; `None` where there is none.
    ///
    /// # Errors
    /// [`KeyFault`], as [`keyring::get`], or where a file cannot be read.
    pub fn read(&self, name: &str, say: Say<'_>) -> Result<Option<Text>, KeyFault> {
        match self.place {
            TokenPlace::Nowhere => Ok(None),
            TokenPlace::Keyring => keyring::get(&entry(name), say),
            TokenPlace::Files => self.read_file(name),
        }
    }

    /// Keeps an entry, and replaces the one that is there.
    ///
    /// # Errors
    /// [`KeyFault`], as [`keyring::keep`], or where a file cannot be written.
    pub fn write(&self, name: &str, text: &str, say: Say<'_>) -> Result<(), KeyFault> {
        match self.place {
            TokenPlace::Nowhere => Ok(()),
            TokenPlace::Keyring => {
                keyring::keep(&entry(name), text, true, self.env, say).map(|_| ())
            }
            TokenPlace::Files => self.write_file(name, text),
        }
    }

    /// Removes an entry; tells whether there was one.
    ///
    /// # Errors
    /// [`KeyFault`], as [`keyring::remove`], or where a file cannot be removed.
    pub fn remove(&self, name: &str, say: Say<'_>) -> Result<bool, KeyFault> {
        match self.place {
            TokenPlace::Nowhere => Ok(false),
            TokenPlace::Keyring => {
                let change = keyring::remove(&entry(name), true, self.env, say)?;
                Ok(change == Change::Made)
            }
            TokenPlace::Files => {
                let _ = fs::remove_file(self.unfinished(name)?);
                match fs::remove_file(self.file(name)?) {
                    Ok(()) => Ok(true),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(false),
                    Err(e) => Err(failed(&e)),
                }
            }
        }
    }

    /// Every entry with its name.
    ///
    /// # Errors
    /// [`KeyFault`], as [`keyring::list`], or where the folder cannot be read.
    pub fn list(&self, say: Say<'_>) -> Result<Vec<(String, Text)>, KeyFault> {
        match self.place {
            TokenPlace::Nowhere => Ok(Vec::new()),
            TokenPlace::Keyring => {
                let kept = keyring::list_all(say)?.into_iter();
                let tokens = kept.filter_map(|(name, text)| {
                    Some((name.strip_prefix(keyring::TOKEN)?.to_owned(), text))
                });
                Ok(tokens.collect())
            }
            TokenPlace::Files => {
                let Ok(folder) = fs::read_dir(self.folder()?) else {
                    return Ok(Vec::new());
                };
                let names = folder.filter_map(|file| {
                    let name = file.ok()?.file_name().into_string().ok()?;
                    Some(name.strip_suffix(".json")?.to_owned())
                });
                let mut names: Vec<String> = names.collect();
                names.sort();
                let mut kept = Vec::new();
                for name in names {
                    if let Some(text) = self.read_file(&name)? {
                        kept.push((name, text));
                    }
                }
                Ok(kept)
            }
        }
    }

    /// Waits until nobody else changes an entry. Without a folder of the user there is no lock, and no other
    /// process that would see one.
    ///
    /// # Errors
    /// [`KeyFault`] where another process holds it for a minute.
    pub fn lock(&self, name: &str, say: Say<'_>) -> Result<TokenLock, KeyFault> {
        if self.place == TokenPlace::Nowhere {
            return Ok(TokenLock(None));
        }
        let Ok(path) = self.lock_file(name) else {
            return Ok(TokenLock(None));
        };
        let begun = Instant::now();
        let mut is_said = false;
        loop {
            match private_file::try_lock(&path) {
                Ok(Some(file)) => return Ok(TokenLock(Some(file))),
                Ok(None) => {}
                Err(_) => return Ok(TokenLock(None)),
            }
            if begun.elapsed() > TIMEOUT {
                return Err(KeyFault::new(
                    KeyReason::System,
                    format!(
                        "another process has held the lock of this token for {} seconds",
                        TIMEOUT.as_secs()
                    ),
                ));
            }
            if begun.elapsed() > Duration::from_secs(1) && !is_said {
                is_said = true;
                say("waiting for another process, which gets the same token");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether there is a file of that name: after files were chosen once, they need not be chosen again.
    #[must_use]
    pub fn has_file(&self, name: &str) -> bool {
        self.file(name).is_ok_and(|file| file.exists())
    }

    fn folder(&self) -> Result<PathBuf, KeyFault> {
        let folder = private_file::state_folder(self.env).ok_or_else(|| {
            KeyFault::new(
                KeyReason::System,
                "there is no folder for tokens: HOME is not set",
            )
            .hint(Advice::File(FileAdvice::SetHome))
        })?;
        Ok(folder.join("tokens"))
    }

    fn file(&self, name: &str) -> Result<PathBuf, KeyFault> {
        Ok(self.folder()?.join(format!("{name}.json")))
    }

    /// Where an entry is written before it replaces the old one.
    fn unfinished(&self, name: &str) -> Result<PathBuf, KeyFault> {
        Ok(self.folder()?.join(format!("{name}{UNFINISHED}")))
    }

    fn lock_file(&self, name: &str) -> Result<PathBuf, KeyFault> {
        let folder = self.folder()?;
        private_file::make_folder(&folder).map_err(|e| failed(&e))?;
        Ok(folder.join(format!("{name}.lock")))
    }

    fn read_file(&self, name: &str) -> Result<Option<Text>, KeyFault> {
        let path = self.file(name)?;
        let file = match private_file::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed(&e)),
        };
        let mut bytes = Zeroizing::new(Vec::new());
        match read_bounded(file, MOST_BYTES, &mut bytes) {
            Ok(true) => Ok(Some(bytes)),
            Ok(false) => Err(KeyFault::new(
                KeyReason::System,
                "the file of the token is too large",
            )),
            Err(e) => Err(failed(&e)),
        }
    }

    /// Writes so that after a power failure either the old entry is there or the new one.
    fn write_file(&self, name: &str, text: &str) -> Result<(), KeyFault> {
        let folder = self.folder()?;
        private_file::make_folder(&folder).map_err(|e| failed(&e))?;
        if !private_file::is_private_folder(&folder) {
            return Err(KeyFault::new(
                KeyReason::System,
                format!(
                    "others can write to the folder of the tokens, {}",
                    folder.display()
                ),
            ));
        }
        let (path, unfinished) = (self.file(name)?, self.unfinished(name)?);
        let write = || -> std::io::Result<()> {
            // A process that was killed may have left its file; the lock makes it safe to remove.
            let _ = fs::remove_file(&unfinished);
            // It is made for the user alone (mode 0600).
            let mut file = Builder::new()
                .prefix(name)
                .suffix(UNFINISHED)
                .rand_bytes(0)
                .tempfile_in(&folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            private_file::sync_folder(&folder)
        };
        write().map_err(|e| failed(&e))
    }
}

/// The name of an entry of the keyring.
fn entry(name: &str) -> String {
    format!("{}{name}", keyring::TOKEN)
}

fn failed(error: &std::io::Error) -> KeyFault {
    KeyFault::new(
        KeyReason::System,
        format!("the file of the token failed: {error}"),
    )
}
