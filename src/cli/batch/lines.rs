//! The input in chunks of whole lines, as many as are there at the moment.

use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use crate::cli::batch::input::{Input, Opened, Waiting};
use crate::cli::batch::interrupt::Interrupts;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line::Origin;
use crate::cli::text_input;
use crate::cli::unpacked::{Fault, Unpacked};

/// The longest line, in bytes and without its line break.
pub(super) const MAX_LINE: usize = 1 << 20;

/// How much of a longer line is kept: enough to see that it is too long, even with a carriage
/// return at its end.
const KEPT: usize = MAX_LINE + 2;

/// A chunk is of about this size, unless a line is longer.
const CHUNK: usize = 256 << 10;

/// Some whole lines.
#[derive(Default)]
pub(super) struct Chunk {
    /// The file that they are in, where there are several: its name as JSON.
    file: Option<Arc<str>>,
    /// The number of the first line, from 1.
    first: u64,
    /// How many bytes were read for them.
    read: u64,
    /// The lines, followed by old bytes.
    buffer: Vec<u8>,
    filled: usize,
}

impl Chunk {
    /// How many bytes were read for the lines, which may have been compressed.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    fn text(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// The end of the last whole line that ends after a place; the beginning if there is none.
    fn end_of_lines(&self, from: usize) -> usize {
        let last = memrchr(b'\n', self.text().get(from..).unwrap_or_default());
        last.map_or(0, |last| from.saturating_add(last).saturating_add(1))
    }

    fn count(&self) -> u64 {
        let ends = memchr_iter(b'\n', self.text()).count();
        let open = usize::from(self.text().last().is_some_and(|last| *last != b'\n'));
        u64::try_from(ends.saturating_add(open)).unwrap_or(u64::MAX)
    }

    /// The memory after the lines, at least a chunk.
    fn room(&mut self) -> &mut [u8] {
        let wanted = self.filled.saturating_add(CHUNK);
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        self.buffer.get_mut(self.filled..).unwrap_or_default()
    }

    fn put(&mut self, bytes: &[u8]) {
        // The bytes after the end stay: if they were cut off, they would be filled with zeros
        // again.
        let end = self.filled.saturating_add(bytes.len());
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        if let Some(place) = self.buffer.get_mut(self.filled..end) {
            place.copy_from_slice(bytes);
        }
        self.filled = end;
    }

    /// The lines without their line breaks, and where they are from.
    pub(super) fn lines(&self) -> impl Iterator<Item = (Origin<'_>, &[u8])> {
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
            let origin = Origin {
                file: self.file.as_deref(),
                line: number,
            };
            number = number.saturating_add(1);
            Some((origin, line.strip_suffix(b"\r").unwrap_or(line)))
        })
    }
}

/// The input, read in chunks.
pub(super) struct Lines<'r> {
    input: Input<'r>,
    interrupts: &'r Interrupts,
    /// What is being read.
    current: Option<Current<'r>>,
}

impl<'r> Lines<'r> {
    pub(super) fn of<'a: 'r>(input: Input<'a>, interrupts: &'r Interrupts) -> Self {
        Lines {
            input: input.while_read(),
            interrupts,
            current: None,
        }
    }

    /// Whether the end has been read.
    pub(super) fn has_ended(&self) -> bool {
        let is_read = |current: &Current<'_>| current.ended;
        self.input.is_empty() && self.current.as_ref().is_none_or(is_read)
    }

    /// Reads the next chunk; false at the end, or after a signal. If a file cannot be read further,
    /// its last chunk says so, and the next file follows.
    pub(super) fn read(&mut self, chunk: &mut Chunk) -> Result<bool, Failure> {
        while !self.interrupts.has_come() {
            let mut current = match self.current.take() {
                Some(current) => current,
                None => match self.input.next(self.interrupts) {
                    Some(opened) => Current::of(opened?, self.interrupts),
                    None => break,
                },
            };
            match current.read(chunk) {
                Ok(true) => {
                    self.current = Some(current);
                    return Ok(true);
                }
                Ok(false) => {}
                Err(failure) => {
                    chunk.filled = 0;
                    return Err(failure);
                }
            }
        }
        chunk.filled = 0;
        Ok(false)
    }
}

/// One file or stream, read in chunks.
struct Current<'r> {
    interrupts: &'r Interrupts,
    /// Its name for a person, and as JSON where there are several.
    name: String,
    json: Option<Arc<str>>,
    text: Unpacked<Waiting<'r>>,
    /// How many bytes were read before this chunk.
    read_before: u64,
    /// The beginning of a line whose end has not been read yet.
    begun: Vec<u8>,
    /// The number of the next line.
    next: u64,
    ended: bool,
    /// Why it ended too early.
    fault: Option<Failure>,
}

impl<'r> Current<'r> {
    fn of(opened: Opened<'r>, interrupts: &'r Interrupts) -> Self {
        Current {
            interrupts,
            name: opened.name,
            json: opened.json,
            text: Unpacked::new(opened.stream),
            read_before: 0,
            begun: Vec::new(),
            next: 1,
            ended: false,
            fault: None,
        }
    }

    /// Whether more can be read without waiting for it.
    fn is_ready(&self) -> bool {
        self.ended || self.text.get_ref().is_some_and(Waiting::is_ready)
    }

    fn read(&mut self, chunk: &mut Chunk) -> Result<bool, Failure> {
        chunk.file.clone_from(&self.json);
        chunk.first = self.next;
        chunk.filled = 0;
        chunk.put(&std::mem::take(&mut self.begun));
        let mut whole = chunk.end_of_lines(0);
        loop {
            if self.ended {
                // The last line needs no line break, unless it was cut off.
                if self.fault.is_none() {
                    whole = chunk.filled;
                }
                break;
            }
            let begun = chunk.filled.saturating_sub(whole);
            let is_enough = chunk.filled >= CHUNK || begun > KEPT || !self.is_ready();
            if self.interrupts.has_come() || whole > 0 && is_enough {
                break;
            }
            if begun > KEPT {
                self.skip_line(chunk);
                whole = chunk.filled;
                break;
            }
            let before = chunk.filled;
            self.fill(chunk);
            if self.next == 1 && before == 0 && text_input::is_utf16(chunk.text()) {
                return Err(text_input::is_in_utf16().into());
            }
            whole = whole.max(chunk.end_of_lines(before));
        }
        let begun = chunk.text().get(whole..).unwrap_or_default();
        self.begun.extend_from_slice(begun);
        chunk.filled = whole;
        self.next = self.next.saturating_add(chunk.count());
        let read = self.text.get_ref().map_or(0, Waiting::count);
        chunk.read = read.saturating_sub(self.read_before);
        self.read_before = self.read_before.max(read);
        match self.fault.take_if(|_| whole == 0) {
            Some(fault) => Err(fault),
            None => Ok(whole > 0),
        }
    }

    /// Reads once, to the end of the chunk's content.
    fn fill(&mut self, chunk: &mut Chunk) {
        match self.text.read(chunk.room()) {
            Ok(read) => {
                self.ended = read == 0;
                chunk.filled = chunk.filled.saturating_add(read);
            }
            // The signal ended the wait.
            Err(Fault::Unread(_)) if self.interrupts.has_come() => {}
            Err(fault) => {
                self.ended = true;
                self.fault = Some(self.failure(&fault));
            }
        }
    }

    fn failure(&self, fault: &Fault) -> Failure {
        let exit = match fault {
            Fault::Unread(_) => Exit::System,
            _ => Exit::NotAToken,
        };
        let failure = Failure::new(exit, format!("{} could not be read", self.name)).cause(fault);
        match fault {
            Fault::Unread(_) => failure,
            Fault::TooMuch(_) => {
                failure.hint("what is unpacked before, as by `gzip -dc`, may be of any length")
            }
            _ => failure.hint("the lines before its end are answered"),
        }
    }

    /// Skips the rest of a line that is too long; the chunk has its beginning.
    fn skip_line(&mut self, chunk: &mut Chunk) {
        loop {
            chunk.filled = KEPT;
            self.fill(chunk);
            if self.ended || self.interrupts.has_come() {
                return;
            }
            let rest = chunk.text().get(KEPT..).unwrap_or_default();
            if let Some(end) = memchr(b'\n', rest) {
                let after = rest.get(end..).and_then(|r| r.get(1..));
                self.begun.extend_from_slice(after.unwrap_or_default());
                chunk.filled = KEPT;
                chunk.put(b"\n");
                return;
            }
        }
    }
}
