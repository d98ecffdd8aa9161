//! Writes a key into a file: readable only by its owner from the first moment, whole or not at all,
//! and never through a link or into a device that somebody has put there.

use std::fs::FileType;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::text::escape;

/// Whether a key may be written there: if nothing is there yet or, if that was asked for, in place
/// of a regular file. This is asked before a key is made.
pub(super) fn check(path: &Path, force: bool) -> Result<(), Failure> {
    let kind = match std::fs::symlink_metadata(path) {
        Ok(there) => there.file_type(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(failed(path, &e)),
    };
    if !kind.is_file() {
        return Err(no_file(path, kind));
    }
    match force {
        true => Ok(()),
        false => Err(there_already(path)),
    }
}

/// Writes a new file of mode 0600. It replaces only a regular file, and only if that was asked for.
pub(super) fn write(path: &Path, content: &[u8], force: bool) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(folder).map_err(|e| failed(path, &e))?;
    file.write_all(content)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| failed(path, &e))?;
    check(path, force)?;
    let kept = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    kept.map(|_| ()).map_err(|e| match e.error.kind() {
        io::ErrorKind::AlreadyExists => there_already(path),
        _ => failed(path, &e.error),
    })
}

fn shown(path: &Path) -> String {
    escape::shorten(&path.to_string_lossy(), 120)
}

fn there_already(path: &Path) -> Failure {
    let message = format!("{} is there already", shown(path));
    Failure::new(Exit::Refused, message).hint("`--force` replaces it")
}

fn no_file(path: &Path, kind: FileType) -> Failure {
    let (what, hint) = match () {
        () if kind.is_symlink() => ("a symbolic link", "name the file itself"),
        () if kind.is_dir() => ("a folder", "name a file in it"),
        () => ("no regular file", "`--out -` writes to standard output"),
    };
    let message = format!(
        "{} is {what}: a key replaces a regular file only",
        shown(path)
    );
    Failure::new(Exit::System, message).hint(hint)
}

/// The cause is given without the name of the temporary file, which means nothing to the user.
fn failed(path: &Path, error: &io::Error) -> Failure {
    let words = error.to_string();
    let cause = words.split(" at path ").next().unwrap_or_default();
    Failure::new(
        Exit::System,
        format!("{} could not be written", shown(path)),
    )
    .cause(cause)
}
