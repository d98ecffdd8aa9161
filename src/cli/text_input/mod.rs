//! Tokens as people have them: an argument, a pipe, or somewhere in a text of any size.

mod collector;
mod cursor;
mod one_token;
mod placed;

use std::io::{ErrorKind, Read};
use std::ops::Range;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::text_input::one_token::MAX_TOKEN;
use crate::cli::unpacked::{Format, format_of};
use crate::token::find::{CONTEXT, Finds, Search};

pub(super) use crate::cli::text_input::collector::{Collector, find_all};
pub(super) use crate::cli::text_input::cursor::Lines;
pub(super) use crate::cli::text_input::one_token::{
    bare, file_hint, is_in_utf16, is_utf16, no_token_as_name, not_utf8, read_token,
    unless_surrounded,
};
pub(super) use crate::cli::text_input::placed::Placed;

/// How much is read at once.
const BLOCK: usize = 128 << 10;

/// How much of the buffer is used if no more is needed.
const NEAR: usize = 4 * BLOCK;

/// What is read is put at the beginning of a page: where a copy begins a few bytes further than in
/// the page that it comes from, some processors take three times as long for it.
const PAGE: usize = 4 << 10;

/// The first time it is more: a text that is no longer may be one thing that is meant as a token.
const FIRST_BLOCK: usize = 1 << 20;

/// A text that is read from a stream and searched, piece by piece.
pub(super) struct Searched<'r> {
    reader: &'r mut dyn Read,
    search: Search,
    finds: Finds,
    buffer: Vec<u8>,
    /// Where the text begins in the buffer.
    front: usize,
    /// How much of the text has been handed out.
    settled: usize,
    /// How much text there is.
    filled: usize,
    has_ended: bool,
    is_first: bool,
}

/// A part of a text in which every token is known.
pub(super) struct Piece<'p> {
    text: &'p [u8],
    part: Range<usize>,
    /// What was found in it.
    pub(super) finds: &'p Finds,
    /// Whether it is all of the text.
    pub(super) is_whole: bool,
}

impl Piece<'_> {
    /// The part itself.
    pub(super) fn text(&self) -> &[u8] {
        self.part(self.part.clone())
    }

    /// What stands in it before a place.
    pub(super) fn before(&self, place: usize) -> &[u8] {
        self.part(self.part.start..place)
    }

    /// A part of it, by the places of what was found.
    pub(super) fn part(&self, part: Range<usize>) -> &[u8] {
        self.text.get(part).unwrap_or_default()
    }

    /// Where the part begins, as the places of what was found are counted.
    pub(super) fn start(&self) -> usize {
        self.part.start
    }

    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.part.end
    }

    /// Whether it begins with a header that is too long for the search.
    fn is_long_header(&self) -> bool {
        let text = self.text().trim_ascii_start();
        let goes_on = |byte: &u8| is_token_byte(*byte) && *byte != b'.';
        let is_long = !self.is_whole || text.len() > FIRST_BLOCK;
        is_long && text.starts_with(b"ey") && text.iter().take(FIRST_BLOCK).all(goes_on)
    }
}

impl<'r> Searched<'r> {
    pub(super) fn new(reader: &'r mut dyn Read) -> Self {
        Searched {
            reader,
            search: Search::default(),
            finds: Finds::default(),
            buffer: Vec::new(),
            front: 0,
            settled: 0,
            filled: 0,
            has_ended: false,
            is_first: true,
        }
    }

    /// The next piece, which is of about the usual size, or of what could be read without waiting;
    /// `None` at the end.
    ///
    /// A stream in UTF-16 is refused at its beginning, and so is a compressed one, in which nothing
    /// would be found.
    pub(super) fn next(&mut self, is_waiting: bool) -> Result<Option<Piece<'_>>, Failure> {
        if self.has_ended {
            return Ok(None);
        }
        let end = loop {
            let held = self.filled.saturating_sub(self.settled);
            if held > MAX_TOKEN {
                return Err(Failure::new(
                    Exit::NotAToken,
                    "what begins as a token goes on for 64 MiB",
                ));
            }
            // The text that is held is searched again when there is twice as much of it.
            let wanted = match is_waiting {
                true if self.is_first => FIRST_BLOCK.max(held),
                true => BLOCK.max(held),
                false if held > BLOCK => held,
                false => 1,
            };
            self.fill(wanted)?;
            let text = self.front.saturating_add(self.filled);
            let text = self.buffer.get(self.front..text).unwrap_or_default();
            if self.is_first && is_utf16(text) {
                return Err(is_in_utf16().into());
            }
            if let Some(format) = format_of(text).filter(|_| self.is_first) {
                return Err(compressed(format));
            }
            let end = self
                .search
                .search(text, self.settled, self.has_ended, &mut self.finds);
            if end > self.settled || self.has_ended {
                break end;
            }
        };
        let part = self.settled..end;
        self.settled = end;
        let is_whole = std::mem::take(&mut self.is_first) && self.has_ended;
        let text = self.front.saturating_add(end);
        Ok(Some(Piece {
            text: self.buffer.get(self.front..text).unwrap_or_default(),
            part,
            finds: &self.finds,
            is_whole,
        }))
    }

    /// Reads this much more, or to the end.
    fn fill(&mut self, wanted: usize) -> Result<(), Failure> {
        self.make_room(wanted.max(BLOCK));
        let mut missing = wanted;
        while missing > 0 && !self.has_ended {
            let place = self.front.saturating_add(self.filled);
            let end = place.saturating_add(missing.max(BLOCK));
            let end = end.min(self.buffer.len());
            let room = self.buffer.get_mut(place..end).unwrap_or_default();
            match self.reader.read(room) {
                Ok(0) => self.has_ended = true,
                Ok(read) => {
                    self.filled = self.filled.saturating_add(read);
                    missing = missing.saturating_sub(read);
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(Failure::input(&e)),
            }
        }
        Ok(())
    }

    /// Makes room for this much after the text that is held, and keeps the context before it. As
    /// long as it suffices, the front of the buffer is used again and again, which stays near the
    /// processor.
    fn make_room(&mut self, wanted: usize) {
        let place = self.front.saturating_add(self.filled);
        if place.saturating_add(wanted) <= NEAR.min(self.buffer.len()) {
            return;
        }
        let kept = self.settled.min(CONTEXT);
        let start = self.settled.saturating_sub(kept);
        let held = self.filled.saturating_sub(start);
        let needed = held.saturating_add(wanted).saturating_add(PAGE);
        if self.buffer.is_empty() {
            // Zeroed memory of the system costs nothing until it is used.
            self.buffer = vec![0; needed.max(NEAR)];
        } else if self.buffer.len() < needed {
            self.buffer.resize(needed.max(NEAR), 0);
        }
        let page = self.buffer.as_ptr().align_offset(PAGE);
        let front = page.wrapping_sub(held) % PAGE;
        let start = self.front.saturating_add(start);
        self.buffer.copy_within(start..place, front);
        self.front = front;
        self.settled = kept;
        self.filled = held;
    }
}

/// Whether a byte may stand in a token: base64url, and the `.` and `~` between segments.
pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

fn compressed(format: Format) -> Failure {
    let failure = Failure::new(
        Exit::NotAToken,
        format!("the input is compressed as {format}"),
    );
    failure.hint(match format {
        Format::Gzip => "unpack it before: `gzip -dc FILE | jott …`",
        Format::Zstandard => "unpack it before: `zstd -dc FILE | jott …`",
    })
}

#[cfg(test)]
mod tests;
