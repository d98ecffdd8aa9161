//! A stream whose next bytes can be looked at before they are taken.

use std::io::{self, BufRead, Read};

use crate::cli::unpacked::fault::{Fault, Format};

/// How much compressed data is read at once.
const BLOCK: usize = 64 << 10;

pub(super) fn read_once(reader: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A stream with a buffer, which remembers how it went.
pub(super) struct BufferedStream<R> {
    pub(super) reader: R,
    /// What is there of it stands from one place to another.
    pub(super) buffer: Vec<u8>,
    pub(super) at: usize,
    pub(super) filled: usize,
    /// How much was read in all.
    pub(super) read: u64,
    pub(super) has_ended: bool,
    pub(super) failed: Option<io::Error>,
}

impl<R: Read> BufferedStream<R> {
    /// Of a stream of which something was read already.
    pub(super) fn new(reader: R, first: &[u8]) -> Self {
        let mut buffer = first.to_vec();
        buffer.resize(first.len().max(BLOCK), 0);
        BufferedStream {
            reader,
            buffer,
            at: 0,
            filled: first.len(),
            read: u64::try_from(first.len()).unwrap_or(u64::MAX),
            has_ended: false,
            failed: None,
        }
    }

    pub(super) fn there(&self) -> &[u8] {
        self.buffer.get(self.at..self.filled).unwrap_or_default()
    }

    /// The next four bytes, or those that are left.
    pub(super) fn peek(&mut self) -> Result<&[u8], Fault> {
        while self.there().len() < 4 && !self.has_ended {
            self.fill()?;
        }
        let there = self.there();
        Ok(there.get(..there.len().min(4)).unwrap_or_default())
    }

    /// Reads more behind what is there.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled = self.filled.saturating_sub(self.at);
        self.at = 0;
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = read_once(&mut self.reader, room);
        let len = read.as_ref().copied().unwrap_or_default();
        self.filled = self.filled.saturating_add(len);
        self.has_ended = matches!(read, Ok(0));
        let more = u64::try_from(len).unwrap_or(u64::MAX);
        self.read = self.read.saturating_add(more);
        if let Err(error) = read {
            let kind = error.kind();
            self.failed = Some(error);
            return Err(kind.into());
        }
        Ok(())
    }

    pub(super) fn fault(self, format: Format) -> Fault {
        match self.failed {
            Some(error) => Fault::Unread(error),
            None if self.has_ended => Fault::CutOff(format),
            None => Fault::Damaged(format),
        }
    }
}

impl<R: Read> BufRead for BufferedStream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.there().is_empty() && !self.has_ended {
            self.fill()?;
        }
        Ok(self.there())
    }

    fn consume(&mut self, len: usize) {
        self.at = self.at.saturating_add(len).min(self.filled);
    }
}

impl<R: Read> Read for BufferedStream<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let there = self.fill_buf()?;
        let len = there.len().min(room.len());
        let (from, to) = (there.get(..len), room.get_mut(..len));
        if let (Some(from), Some(to)) = (from, to) {
            to.copy_from_slice(from);
        }
        self.consume(len);
        Ok(len)
    }
}
