//! Reads the bytes of a key from a file, a pipe or a descriptor, with bounds on size and time.

use std::fs::Metadata;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::keys::bounded::read_bounded;
use crate::keys::named_file::{self, NamedFile, Unread};
use crate::keys::timeout::{Say, without_timeout};
use crate::token::advice::{Advice, FileAdvice};
use crate::token::key_fault::{KeyFault, KeyReason};

/// The size of the largest key.
pub const MAX_KEY_BYTES: u64 = 1 << 20;

/// The content of a key, wiped when it is dropped.
#[derive(Clone)]
pub struct Content {
    /// The bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether they come from a file or stream, where editors leave a line break at the end.
    pub text_source: bool,
    /// Whether users other than the owner can read the place.
    pub open_to_others: bool,
    /// Whether something else writes the content while it is read.
    pub is_stream: bool,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").finish_non_exhaustive()
    }
}

impl Content {
    /// Content without an additional line break.
    #[must_use]
    pub fn exact(bytes: &[u8]) -> Self {
        Content {
            bytes: Zeroizing::new(bytes.to_vec()),
            text_source: false,
            open_to_others: false,
            is_stream: false,
        }
    }

    /// Reads a stream to its end, however long that takes.
    ///
    /// # Errors
    /// [`KeyFault`] where it fails, gives nothing or is larger than a key can be.
    pub fn read(
        reader: &mut (dyn Read + Send),
        label: &str,
        say: Say<'_>,
    ) -> Result<Self, KeyFault> {
        let mut bytes = Zeroizing::new(Vec::new());
        let read = without_timeout(label, say, || {
            read_bounded(reader, MAX_KEY_BYTES, &mut bytes)
        });
        if !read.map_err(|e| unreadable(label, &e))? {
            return Err(too_large(label));
        }
        Ok(Content {
            bytes,
            text_source: true,
            open_to_others: false,
            is_stream: true,
        })
    }

    /// Refuses a key that is empty, or only line breaks, as from `fd:3 3< <(a command that fails)`:
    /// no other part of the system reports that.
    ///
    /// # Errors
    /// [`KeyFault`], missing.
    pub fn must_be_there(&self, label: &str) -> Result<(), KeyFault> {
        let missing = |message: String| KeyFault::new(KeyReason::Missing, message);
        if !self.text_source || !self.bytes.iter().all(|b| matches!(b, b'\r' | b'\n')) {
            return Ok(());
        }
        Err(match self.is_stream {
            true => missing(format!("{label} ended without a key"))
                .hint(Advice::File(FileAdvice::RunWriter)),
            false => missing(format!("{label} is empty")).hint(Advice::File(FileAdvice::MakeKey)),
        })
    }
}

/// Reads a file of any kind.
pub(super) fn read_file(
    path: &Path,
    label: &str,
    kind: &str,
    say: Say<'_>,
) -> Result<Content, KeyFault> {
    let NamedFile { bytes, metadata } =
        named_file::read(path, label, MAX_KEY_BYTES, say).map_err(|why| match why {
            Unread::Folder => KeyFault::rejected(format!("{label} is a folder, not a key"))
                .hint(Advice::File(FileAdvice::NameInFolder)),
            Unread::TooLarge(_) => too_large(label),
            Unread::Silent(seconds) => KeyFault::new(
                KeyReason::System,
                format!("{label} gave no key within {seconds} seconds"),
            )
            .hint(Advice::File(FileAdvice::WriteIntoPipe)),
            Unread::System(e) if e.kind() == io::ErrorKind::NotFound => absent(kind, label),
            Unread::System(e) => unreadable(label, &e),
        })?;
    Ok(Content {
        bytes,
        text_source: true,
        open_to_others: metadata.is_file() && others_can_read(&metadata),
        is_stream: !metadata.is_file(),
    })
}

#[cfg(unix)]
fn others_can_read(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o044 != 0
}

#[cfg(not(unix))]
fn others_can_read(_metadata: &Metadata) -> bool {
    false
}

fn too_large(label: &str) -> KeyFault {
    KeyFault::rejected(format!("{label} is larger than 1 MiB: that is not a key"))
        .hint(Advice::File(FileAdvice::NameKeyFile))
}

fn absent(kind: &str, label: &str) -> KeyFault {
    KeyFault::new(KeyReason::Missing, format!("there is no {kind}{label}"))
        .hint(Advice::File(FileAdvice::CheckPath))
}

fn unreadable(label: &str, error: &io::Error) -> KeyFault {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            KeyFault::rejected(format!("{label} may not be read by this user"))
                .hint(Advice::File(FileAdvice::CheckOwner))
        }
        _ => KeyFault::rejected(format!("{label} cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tests may run as root, whom no mode keeps from reading.
    #[test]
    fn a_file_that_its_mode_forbids_to_read_says_so() {
        let fault = unreadable("./key.pem", &io::ErrorKind::PermissionDenied.into());
        assert_eq!(fault.reason, KeyReason::Rejected);
        assert_eq!(fault.message, "./key.pem may not be read by this user");
        assert_eq!(fault.hint, Some(Advice::File(FileAdvice::CheckOwner)));
    }
}
