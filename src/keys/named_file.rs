//! A file that the user names, read within bounds of size and time: it may be a device without an
//! end, or a FIFO that nobody ever writes to.

use std::fmt;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::keys::bounded::read_bounded;
use crate::keys::timeout::{Say, with_timeout};

/// A file that was read. It may hold a key, so it is wiped when it is dropped.
#[expect(missing_debug_implementations, reason = "it may hold a key")]
pub struct NamedFile {
    /// What is in it.
    pub bytes: Zeroizing<Vec<u8>>,
    pub(super) metadata: Metadata,
}

/// Why a file was not read.
#[derive(Debug)]
pub enum Unread {
    /// It is a folder.
    Folder,
    /// It has more than this many bytes.
    TooLarge(u64),
    /// It is not a regular file, and did not come to an end within this many seconds.
    Silent(u64),
    /// A system error.
    System(io::Error),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Folder => f.write_str("it is a folder"),
            Unread::TooLarge(most) => write!(f, "it is larger than {} MiB", most >> 20),
            Unread::Silent(seconds) => {
                write!(f, "it did not come to an end within {seconds} seconds")
            }
            Unread::System(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Unread {}

/// Reads a file of any kind with at most `most` bytes. If it is not a regular file, this waits a
/// while, and says so.
///
/// # Errors
/// [`Unread`].
pub fn read(path: &Path, label: &str, most: u64, say: Say<'_>) -> Result<NamedFile, Unread> {
    let metadata = std::fs::metadata(path).map_err(Unread::System)?;
    if metadata.is_dir() {
        return Err(Unread::Folder);
    }
    let bytes = match metadata.is_file() {
        true => bounded(path, most),
        false => patient(path.to_owned(), label, most, say),
    }?;
    Ok(NamedFile { bytes, metadata })
}

fn bounded(path: &Path, most: u64) -> Result<Zeroizing<Vec<u8>>, Unread> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| read_bounded(file, most, &mut bytes));
    match read.map_err(Unread::System)? {
        true => Ok(bytes),
        false => Err(Unread::TooLarge(most)),
    }
}

/// Opening a FIFO waits for a writer, perhaps for ever.
fn patient(
    path: PathBuf,
    label: &str,
    most: u64,
    say: Say<'_>,
) -> Result<Zeroizing<Vec<u8>>, Unread> {
    with_timeout(label, say, move |_| bounded(&path, most))
        .unwrap_or_else(|late| Err(Unread::Silent(late.seconds)))
}
