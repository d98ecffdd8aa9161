//! Writing a key into a file: readable by its owner alone from the first moment, whole or not at
//! all, and never through a link that somebody has put there.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::text::escape;

/// Writes a new file of mode 0600; what is there is replaced only where that was asked for.
pub(super) fn write(path: &Path, content: &[u8], force: bool) -> Result<(), Failure> {
    let shown = escape::shorten(&path.to_string_lossy(), 120);
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Refused, format!("{shown} is there already"))
                .hint("`--force` replaces it")
        }
        _ => Failure::new(Exit::System, format!("{shown} could not be written")).cause(bare(error)),
    };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(folder).map_err(|e| failed(&e))?;
    file.write_all(content)
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| failed(&e))?;
    let kept = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    kept.map(|_| ()).map_err(|e| failed(&e.error))
}

/// The cause without the name of the temporary file, which nobody has asked for.
fn bare(error: &io::Error) -> String {
    let words = error.to_string();
    words
        .split(" at path ")
        .next()
        .unwrap_or_default()
        .to_owned()
}
