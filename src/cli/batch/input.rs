//! Where the lines of a batch come from: standard input, or files, one after the other.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
#[cfg(unix)]
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::batch::interrupt::Interrupts;
use crate::cli::failure::Failure;
use crate::cli::json_line;
use crate::cli::operand::{self, Operand};
use crate::cli::ui::Ui;
use crate::keys::named_file::Unread;
use crate::text::escape;
use crate::token::decode::decode;

/// What a batch reads, before any of it is opened.
pub(in crate::cli) struct Input<'a> {
    sources: VecDeque<InputSource<'a>>,
    /// Whether there are several; each line then names its file.
    is_several: bool,
}

enum InputSource<'a> {
    Stdin(&'a mut (dyn Read + Send)),
    File(PathBuf),
}

impl<'a> Input<'a> {
    /// Files by their names, where `-` is standard input; without one, standard input.
    pub(in crate::cli) fn of(names: &[OsString], ui: &mut Ui<'_, 'a>) -> Result<Self, Failure> {
        let source = |name| match Operand::of(name, "the lines of the batch", ui)? {
            Operand::Stdin(reader) => Ok(InputSource::Stdin(reader)),
            Operand::Given(name) if is_token(name) => Err(token_for_file()),
            Operand::Given(name) => Ok(InputSource::File(name.into())),
        };
        let names = operand::or_stdin(names).into_iter();
        let sources: VecDeque<_> = names.map(source).collect::<Result<_, _>>()?;
        let is_several = sources.len() > 1;
        Ok(Input {
            sources,
            is_several,
        })
    }

    /// The same for as long as it is read.
    pub(super) fn while_read<'r>(self) -> Input<'r>
    where
        'a: 'r,
    {
        let source = |source| match source {
            InputSource::Stdin(reader) => InputSource::Stdin(reader),
            InputSource::File(path) => InputSource::File(path),
        };
        Input {
            sources: self.sources.into_iter().map(source).collect(),
            is_several: self.is_several,
        }
    }

    pub(super) fn has_stdin(&self) -> bool {
        self.sources
            .iter()
            .any(|source| matches!(source, InputSource::Stdin(_)))
    }

    /// How many bytes it has in all, if it has only files.
    pub(super) fn size(&self) -> Option<u64> {
        let size = |source: &InputSource<'_>| match source {
            InputSource::Stdin(_) => stdin_metadata().ok(),
            InputSource::File(path) => fs::metadata(path).ok(),
        };
        let size = |source| {
            size(source)
                .filter(Metadata::is_file)
                .map(|file| file.len())
        };
        self.sources
            .iter()
            .map(size)
            .try_fold(0_u64, |all, one| all.checked_add(one?))
    }

    /// Whether there is nothing more in it.
    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Opens the next one.
    pub(super) fn next(
        &mut self,
        interrupts: &'a Interrupts,
    ) -> Option<Result<Opened<'a>, Failure>> {
        let source = self.sources.pop_front()?;
        let name = match &source {
            InputSource::Stdin(_) => "standard input".to_owned(),
            InputSource::File(path) => {
                format!("`{}`", escape::shorten(&path.to_string_lossy(), 200))
            }
        };
        let json = || match &source {
            InputSource::Stdin(_) => json_line::string("-"),
            InputSource::File(path) => json_line::string(&path.to_string_lossy()),
        };
        let json = self.is_several.then(|| json().into());
        let stream = match source {
            InputSource::Stdin(reader) => Stream::Stdin(reader),
            InputSource::File(path) => match open(&path) {
                Ok(file) => Stream::File(file),
                Err(why) => return Some(Err(Failure::unread(name, &why))),
            },
        };
        Some(Ok(Opened {
            name,
            json,
            stream: Waiting {
                stream,
                interrupts,
                read: 0,
            },
        }))
    }
}

fn open(path: &PathBuf) -> Result<File, Unread> {
    let file = File::open(path).map_err(Unread::System)?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => Err(Unread::Folder),
        _ => Ok(file),
    }
}

#[cfg(unix)]
fn stdin_metadata() -> io::Result<Metadata> {
    File::from(io::stdin().as_fd().try_clone_to_owned()?).metadata()
}

#[cfg(not(unix))]
fn stdin_metadata() -> io::Result<Metadata> {
    Err(io::ErrorKind::Unsupported.into())
}

fn is_token(name: &OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| name.starts_with("ey") && decode(name).is_ok())
}

fn token_for_file() -> Failure {
    Failure::usage("a token stands where `--batch` has the name of a file")
        .hint("leave `--batch` out for single tokens, or give them on standard input, one a line")
}

/// Something that is being read.
pub(super) struct Opened<'a> {
    /// Its name for a person.
    pub(super) name: String,
    /// Its name as JSON, where there are several.
    pub(super) json: Option<Arc<str>>,
    pub(super) stream: Waiting<'a>,
}

enum Stream<'a> {
    Stdin(&'a mut (dyn Read + Send)),
    File(File),
}

#[cfg(unix)]
impl AsFd for Stream<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Stream::Stdin(_) => rustix::stdio::stdin(),
            Stream::File(file) => file.as_fd(),
        }
    }
}

/// A stream that waits for input until an interrupt comes, which is then an error.
pub(super) struct Waiting<'a> {
    stream: Stream<'a>,
    interrupts: &'a Interrupts,
    read: u64,
}

impl Waiting<'_> {
    /// How many bytes have been read.
    pub(super) fn count(&self) -> u64 {
        self.read
    }

    /// Whether more can be read without waiting.
    pub(super) fn is_ready(&self) -> bool {
        self.interrupts.is_ready(&self.stream)
    }
}

impl Read for Waiting<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if !self.interrupts.wait_for(&self.stream) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let read = match &mut self.stream {
            Stream::Stdin(reader) => reader.read(room)?,
            Stream::File(file) => file.read(room)?,
        };
        let more = u64::try_from(read).unwrap_or(u64::MAX);
        self.read = self.read.saturating_add(more);
        Ok(read)
    }
}
