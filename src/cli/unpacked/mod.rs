//! Compressed texts, as gzip (RFC 1952) or Zstandard (RFC 8878), read as they were before. Their
//! first bytes tell whether they are compressed, not the name of a file.

mod fault;
mod packed;
mod stream;

use std::io::Read;

use crate::cli::unpacked::packed::Packed;
use crate::cli::unpacked::stream::read_once;

pub(super) use crate::cli::unpacked::fault::{Fault, Format};

/// What the first bytes of a stream say of it.
enum Begins {
    Packed(Format),
    Plain,
    /// That depends on what follows.
    Open,
}

/// A skippable frame of Zstandard begins with one of 16 numbers (RFC 8878 section 3.1.2).
fn begins(bytes: &[u8]) -> Begins {
    const GZIP: &[u8] = &[0x1F, 0x8B, 8];
    const ZSTANDARD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
    let is_skipped = |bytes: &[u8]| {
        matches!(bytes.first(), Some(0x50..=0x5F)) && b"\x2A\x4D\x18".starts_with(rest(bytes, 1))
    };
    match bytes.get(..bytes.len().min(4)).unwrap_or_default() {
        first if first.starts_with(GZIP) => Begins::Packed(Format::Gzip),
        first if first.len() == 4 && (first == ZSTANDARD || is_skipped(first)) => {
            Begins::Packed(Format::Zstandard)
        }
        first if GZIP.starts_with(first) || ZSTANDARD.starts_with(first) || is_skipped(first) => {
            Begins::Open
        }
        _ => Begins::Plain,
    }
}

/// How a text is compressed that begins with some bytes, if it is.
pub(super) fn format_of(first: &[u8]) -> Option<Format> {
    match begins(first) {
        Begins::Packed(format) => Some(format),
        Begins::Plain | Begins::Open => None,
    }
}

fn rest(bytes: &[u8], from: usize) -> &[u8] {
    bytes.get(from..).unwrap_or_default()
}

/// A stream that may be compressed.
pub(super) struct Unpacked<R> {
    state: State<R>,
}

enum State<R> {
    /// Nothing has been read.
    Fresh(R),
    Plain(R),
    Packed(Box<Packed<R>>),
    /// It failed before.
    Failed,
}

impl<R: Read> Unpacked<R> {
    pub(super) fn new(reader: R) -> Self {
        Unpacked {
            state: State::Fresh(reader),
        }
    }

    /// The stream itself, unless it failed.
    pub(super) fn get_ref(&self) -> Option<&R> {
        match &self.state {
            State::Fresh(reader) | State::Plain(reader) => Some(reader),
            State::Packed(packed) => packed.source().map(|source| &source.reader),
            State::Failed => None,
        }
    }

    /// Reads some bytes, of at least four; none at the end.
    pub(super) fn read(&mut self, room: &mut [u8]) -> Result<usize, Fault> {
        match &mut self.state {
            State::Fresh(_) => self.first(room),
            State::Plain(reader) => Ok(read_once(reader, room)?),
            State::Packed(packed) => packed.read(room),
            State::Failed => Ok(0),
        }
    }

    /// Reads until the kind of the stream is clear. Most streams are text, so the bytes are read
    /// directly to where they are wanted.
    fn first(&mut self, room: &mut [u8]) -> Result<usize, Fault> {
        let State::Fresh(mut reader) = std::mem::replace(&mut self.state, State::Failed) else {
            return Ok(0);
        };
        let mut filled = 0_usize;
        loop {
            let read = read_once(&mut reader, room.get_mut(filled..).unwrap_or_default())?;
            filled = filled.saturating_add(read);
            let there = room.get(..filled).unwrap_or_default();
            match begins(there) {
                Begins::Packed(format) => {
                    let mut packed = Box::new(Packed::new(reader, there, format));
                    let read = packed.read(room);
                    self.state = State::Packed(packed);
                    return read;
                }
                Begins::Open if read > 0 => {}
                Begins::Open | Begins::Plain => {
                    self.state = State::Plain(reader);
                    return Ok(filled);
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "texts of a test are put together from parts, and are short"
)]
mod tests;
