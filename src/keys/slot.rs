//! Reading the bytes of a key from a file, a pipe or a descriptor, with bounds on size and time.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::keys::patience::patiently;
use crate::token::key_fault::{KeyFault, KeyReason};

/// No key is larger.
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
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").finish_non_exhaustive()
    }
}

impl Content {
    /// Content that is exactly what was meant.
    #[must_use]
    pub fn exact(bytes: &[u8]) -> Self {
        Content {
            bytes: Zeroizing::new(bytes.to_vec()),
            text_source: false,
            open_to_others: false,
        }
    }

    /// Reads a stream to its end.
    ///
    /// # Errors
    /// [`KeyFault`] where it fails or is larger than a key can be.
    pub fn read(reader: &mut dyn Read, label: &str) -> Result<Self, KeyFault> {
        let bytes = read_bounded(reader).map_err(|e| unreadable(label, &e))?;
        Content::of_stream(bytes, label)
    }

    fn of_stream(bytes: Zeroizing<Vec<u8>>, label: &str) -> Result<Self, KeyFault> {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_KEY_BYTES {
            return Err(KeyFault::rejected(format!(
                "{label} is larger than 1 MiB: that is no key"
            ))
            .hint("name the file that holds the key"));
        }
        Ok(Content {
            bytes,
            text_source: true,
            open_to_others: false,
        })
    }
}

/// Reads a file of any kind; what is no regular file is given ten seconds.
pub(super) fn read_file(path: &Path, label: &str, kind: &str) -> Result<Content, KeyFault> {
    let metadata = std::fs::metadata(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => absent(kind, label),
        _ => unreadable(label, &e),
    })?;
    if metadata.is_dir() {
        return Err(
            KeyFault::rejected(format!("{label} is a folder, not a key"))
                .hint("name the file in it"),
        );
    }
    let bytes = if metadata.is_file() {
        File::open(path).and_then(|mut file| read_bounded(&mut file))
    } else {
        read_patiently(path.to_owned())
    };
    let mut content = Content::of_stream(bytes.map_err(|e| unreadable(label, &e))?, label)?;
    content.open_to_others = metadata.is_file() && others_can_read(&metadata);
    Ok(content)
}

fn read_bounded(reader: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    reader
        .take(MAX_KEY_BYTES.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opening a FIFO waits for a writer, perhaps for ever.
fn read_patiently(path: PathBuf) -> io::Result<Zeroizing<Vec<u8>>> {
    patiently(move || File::open(path).and_then(|mut file| read_bounded(&mut file)))
        .unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))
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

fn absent(kind: &str, label: &str) -> KeyFault {
    KeyFault::new(KeyReason::Missing, format!("there is no {kind}{label}"))
        .hint("a relative path begins at the current folder, and a descriptor is opened by the shell: `3< key.pem`")
}

fn unreadable(label: &str, error: &io::Error) -> KeyFault {
    match error.kind() {
        io::ErrorKind::TimedOut => KeyFault::new(
            KeyReason::System,
            format!("{label} gave no key within 10 seconds"),
        )
        .hint("something has to write the key into it"),
        io::ErrorKind::PermissionDenied => {
            KeyFault::rejected(format!("{label} may not be read by this user"))
                .hint("`ls -l` shows who may")
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
        assert_eq!(fault.hint.as_deref(), Some("`ls -l` shows who may"));
    }
}
