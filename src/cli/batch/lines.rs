//! Standard input in chunks of whole lines, as many as there are at the moment.

use std::io::{ErrorKind, Read};

use memchr::{memchr, memchr_iter, memrchr};

use crate::cli::batch::interrupt::Interrupts;
use crate::cli::failure::Failure;
use crate::cli::text_input;

/// No line is longer, in bytes and without its line break.
pub(super) const MAX_LINE: usize = 1 << 20;

/// What is kept of a longer line: enough to see that it is one, with a carriage return at its end.
const KEPT: usize = MAX_LINE + 2;

/// A chunk is of about this size, unless a line is longer.
const CHUNK: usize = 256 << 10;

/// Some whole lines.
#[derive(Default)]
pub(super) struct Chunk {
    /// The number of the first line, from 1.
    first: u64,
    /// The lines, and behind them what was there before.
    buffer: Vec<u8>,
    filled: usize,
}

impl Chunk {
    /// How many bytes the lines have, with their line breaks.
    pub(super) fn len(&self) -> usize {
        self.filled
    }

    fn text(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Where the last whole line ends that ends after a place; the beginning if none does.
    fn end_of_lines(&self, from: usize) -> usize {
        let last = memrchr(b'\n', self.text().get(from..).unwrap_or_default());
        last.map_or(0, |last| from.saturating_add(last).saturating_add(1))
    }

    fn count(&self) -> u64 {
        let ends = memchr_iter(b'\n', self.text()).count();
        let open = usize::from(self.text().last().is_some_and(|last| *last != b'\n'));
        u64::try_from(ends.saturating_add(open)).unwrap_or(u64::MAX)
    }

    /// The memory behind the lines, a chunk of it at least.
    fn room(&mut self) -> &mut [u8] {
        let wanted = self.filled.saturating_add(CHUNK);
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        self.buffer.get_mut(self.filled..).unwrap_or_default()
    }

    fn put(&mut self, bytes: &[u8]) {
        self.buffer.truncate(self.filled);
        self.buffer.extend_from_slice(bytes);
        self.filled = self.buffer.len();
    }

    /// The lines with their numbers, without their line breaks.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut rest = self.text();
        let mut number = self.first;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (line, after) = match memchr(b'\n', rest).and_then(|end| rest.split_at_checked(end))
            {
                Some((line, after)) => (line, after.get(1..).unwrap_or_default()),
                None => (rest, [].as_slice()),
            };
            rest = after;
            let numbered = (number, line.strip_suffix(b"\r").unwrap_or(line));
            number = number.saturating_add(1);
            Some(numbered)
        })
    }
}

/// A stream, read in chunks.
pub(super) struct Lines<'r> {
    reader: &'r mut (dyn Read + Send),
    interrupts: &'r Interrupts,
    /// The beginning of a line whose end has not been read yet.
    begun: Vec<u8>,
    /// The number of the next line.
    next: u64,
    ended: bool,
}

impl<'r> Lines<'r> {
    pub(super) fn of(reader: &'r mut (dyn Read + Send), interrupts: &'r Interrupts) -> Self {
        Lines {
            reader,
            interrupts,
            begun: Vec::new(),
            next: 1,
            ended: false,
        }
    }

    /// Whether the end has been read.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether more can be read without waiting for it.
    fn is_ready(&self) -> bool {
        self.ended || self.interrupts.is_input_ready()
    }

    /// Reads no further.
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.begun.clear();
    }

    /// Reads the next chunk; false at the end, or where a signal says that it is the end.
    pub(super) fn read(&mut self, chunk: &mut Chunk) -> Result<bool, Failure> {
        chunk.first = self.next;
        chunk.filled = 0;
        chunk.put(&std::mem::take(&mut self.begun));
        let mut whole = chunk.end_of_lines(0);
        loop {
            if self.ended {
                // The last line may do without a line break.
                whole = chunk.filled;
                break;
            }
            let begun = chunk.filled.saturating_sub(whole);
            let is_enough = chunk.filled >= CHUNK || begun > KEPT || !self.is_ready();
            if self.interrupts.has_come() || whole > 0 && is_enough {
                break;
            }
            if begun > KEPT {
                self.skip_line(chunk)?;
                whole = chunk.filled;
                break;
            }
            let before = chunk.filled;
            self.fill(chunk)?;
            if self.next == 1 && before == 0 && text_input::is_utf16(chunk.text()) {
                return Err(text_input::utf16());
            }
            whole = whole.max(chunk.end_of_lines(before));
        }
        let begun = chunk.text().get(whole..).unwrap_or_default();
        self.begun.extend_from_slice(begun);
        chunk.filled = whole;
        self.next = self.next.saturating_add(chunk.count());
        Ok(whole > 0)
    }

    /// Reads once, to the end of what the chunk has.
    fn fill(&mut self, chunk: &mut Chunk) -> Result<(), Failure> {
        let room = chunk.room();
        loop {
            if !self.interrupts.wait_for_input() {
                return Ok(());
            }
            match self.reader.read(room) {
                Ok(read) => {
                    self.ended = read == 0;
                    chunk.filled = chunk.filled.saturating_add(read);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::input(&error)),
            }
        }
    }

    /// Passes over the rest of a line that is too long, of which the chunk has the beginning.
    fn skip_line(&mut self, chunk: &mut Chunk) -> Result<(), Failure> {
        loop {
            chunk.filled = KEPT;
            self.fill(chunk)?;
            if self.ended || self.interrupts.has_come() {
                return Ok(());
            }
            let rest = chunk.text().get(KEPT..).unwrap_or_default();
            if let Some(end) = memchr(b'\n', rest) {
                let after = rest.get(end..).and_then(|r| r.get(1..));
                self.begun.extend_from_slice(after.unwrap_or_default());
                chunk.filled = KEPT;
                chunk.put(b"\n");
                return Ok(());
            }
        }
    }
}
