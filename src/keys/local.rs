//! Places of a key on this machine, and how to read each.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::keys::content::{self, Content};
use crate::keys::timeout::Say;
use crate::keys::{keyring, prompt};
use crate::text::escape;
use crate::token::advice::{Advice, KeyringAdvice};
use crate::token::key_fault::{KeyFault, KeyReason};

/// A place on this machine with the content of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    /// The value of an environment variable.
    Env(String),
    /// An entry of the OS keyring.
    Keyring(String),
    /// A file.
    File(PathBuf),
    /// An open file descriptor other than standard input.
    Fd(u32),
    /// Typed at the terminal.
    Prompt,
}

impl Local {
    /// The place in words that are safe to print: what may be part of a secret is left out.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Local::Env(name) => format!("env:{}", nameable(name)),
            Local::Keyring(name) => format!("keyring:{}", nameable(name)),
            Local::File(path) if is_path(path) => escape::shorten(&path.display().to_string(), 120),
            Local::File(_) => "file:…".to_owned(),
            Local::Fd(number) => format!("fd:{number}"),
            Local::Prompt => "prompt".to_owned(),
        }
    }

    /// Reads the content of the key.
    ///
    /// # Errors
    /// [`KeyFault`]: `Missing` where there is nothing, `Rejected` where it cannot be read, `System`
    /// where the place does not answer.
    pub fn load(
        &self,
        env: &dyn Fn(&str) -> Option<OsString>,
        say: Say<'_>,
    ) -> Result<Content, KeyFault> {
        match self {
            Local::Env(name) => match env(name) {
                Some(value) if value.is_empty() => Err(missing(format!(
                    "the environment variable {} is empty",
                    nameable(name)
                ))),
                Some(value) => Ok(Content::exact(value.as_encoded_bytes())),
                None => Err(missing(format!(
                    "the environment variable {} is not set",
                    nameable(name)
                ))
                .hint(Advice::SetVariable)),
            },
            Local::File(path) => {
                let kind = if is_path(path) { "file " } else { "" };
                content::read_file(path, &self.label(), kind, say)
            }
            Local::Fd(number) => {
                let path = format!("/dev/fd/{number}");
                content::read_file(Path::new(&path), &self.label(), "open descriptor ", say)
            }
            Local::Prompt => prompt::secret("key: ").map(|typed| Content::exact(typed.as_bytes())),
            Local::Keyring(name) => match keyring::get(name, say)? {
                Some(secret) => Ok(Content::exact(&secret)),
                None => Err(
                    missing(format!("the keyring has no entry {}", nameable(name)))
                        .hint(Advice::Keyring(KeyringAdvice::ListEntries)),
                ),
            },
        }
    }
}

fn missing(message: String) -> KeyFault {
    KeyFault::new(KeyReason::Missing, message)
}

/// The name, if it cannot be a secret in the wrong place; otherwise it is not repeated.
fn nameable(name: &str) -> &str {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) {
        name
    } else {
        "…"
    }
}

/// A secret in base64 may begin with a slash, and `file:` may stand before one by mistake. So a
/// path without a file is repeated only if its form or its folder shows that a file was meant.
fn is_path(path: &Path) -> bool {
    let in_a_folder = || {
        path.parent()
            .is_some_and(|p| p.parent().is_some() && p.is_dir())
    };
    path.starts_with("./")
        || path.starts_with("..")
        || path.extension().is_some()
        || in_a_folder()
        || path.exists()
}
