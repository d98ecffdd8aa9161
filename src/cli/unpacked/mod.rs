//! Text that is kept compressed, as gzip (RFC 1952) or Zstandard (RFC 8878), read as they were
//! before. Whether they are, their first bytes say, not the name of a file.

use std::fmt;
use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// So much may come out of anything.
const FREE: u64 = 64 << 20;

/// Of more, no more than so many bytes may come out of one. Text becomes so small only where it is one
/// thing over and over.
const MOST_FOR_ONE: u64 = 200;

/// So much is read at once of what is compressed.
const BLOCK: usize = 64 << 10;

/// How something is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Gzip,
    Zstandard,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Gzip => "gzip",
            Format::Zstandard => "Zstandard",
        })
    }
}

/// Why no more can be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// The stream itself cannot be read.
    Unread(io::Error),
    /// It ends before it is complete.
    CutOff(Format),
    /// It is not what it should be.
    Damaged(Format),
    /// Something else follows.
    Followed(Format),
    /// More comes out than is to be expected.
    TooMuch(Format),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Unread(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Unread(error) => error.fmt(f),
            Fault::CutOff(format) => write!(f, "it is {format}, and its end is missing"),
            Fault::Damaged(format) => write!(f, "it is {format}, and damaged"),
            Fault::Followed(format) => {
                write!(f, "it is {format}, and something else follows behind it")
            }
            Fault::TooMuch(format) => write!(
                f,
                "it is {format}, and becomes more than {MOST_FOR_ONE} times as long"
            ),
        }
    }
}

/// What the first bytes of a stream say of it.
enum Begins {
    Packed(Format),
    Plain,
    /// That depends on what follows.
    Open,
}

/// A frame of Zstandard that says nothing begins with one of 16 numbers (RFC 8878 section 3.1.2).
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

    /// Reads until it is clear what stands there. As that is text mostly, it is read to where it is
    /// wanted.
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

fn read_once(reader: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A stream of compressed members, one behind the other.
struct Packed<R> {
    member: Member<R>,
    format: Format,
    /// How much came out.
    out: u64,
}

enum Member<R> {
    /// None has begun, or the one before has ended.
    Between(Source<R>),
    Gzip(GzDecoder<Source<R>>),
    Zstandard(FrameDecoder, Source<R>),
    /// What is left of a frame that cannot be read on, and why.
    Rest(FrameDecoder, Fault),
    Failed,
}

impl<R: Read> Packed<R> {
    fn new(reader: R, first: &[u8], format: Format) -> Self {
        Packed {
            member: Member::Between(Source::new(reader, first)),
            format,
            out: 0,
        }
    }

    fn source(&self) -> Option<&Source<R>> {
        match &self.member {
            Member::Between(source) | Member::Zstandard(_, source) => Some(source),
            Member::Gzip(decoder) => Some(decoder.get_ref()),
            Member::Rest(..) | Member::Failed => None,
        }
    }

    fn read(&mut self, room: &mut [u8]) -> Result<usize, Fault> {
        loop {
            let read = match &mut self.member {
                Member::Between(_) => match self.begin()? {
                    true => continue,
                    false => return Ok(0),
                },
                Member::Gzip(decoder) => decoder.read(room).ok(),
                Member::Zstandard(decoder, source) => unpack(decoder, source, room),
                Member::Rest(decoder, _) => decoder.read(room).ok().filter(|read| *read > 0),
                Member::Failed => return Ok(0),
            };
            match read {
                Some(0) => self.end(),
                Some(read) => {
                    self.count(read)?;
                    return Ok(read);
                }
                None => self.fail()?,
            }
        }
    }

    /// Begins the next member; false if there is none.
    fn begin(&mut self) -> Result<bool, Fault> {
        let Member::Between(mut source) = std::mem::replace(&mut self.member, Member::Failed)
        else {
            return Ok(false);
        };
        let first = source.peek()?;
        self.member = match begins(first) {
            // What is written to a tape is filled up with zeros.
            _ if first.iter().all(|byte| *byte == 0) => {
                let (len, is_end) = (first.len(), first.is_empty());
                source.consume(len);
                self.member = Member::Between(source);
                return Ok(!is_end);
            }
            Begins::Packed(Format::Gzip) => {
                self.format = Format::Gzip;
                Member::Gzip(GzDecoder::new(source))
            }
            Begins::Packed(Format::Zstandard) => {
                self.format = Format::Zstandard;
                let mut decoder = FrameDecoder::new();
                match decoder.init(&mut source) {
                    Ok(()) => Member::Zstandard(decoder, source),
                    Err(FrameDecoderError::ReadFrameHeaderError(
                        ReadFrameHeaderError::SkipFrame { length, .. },
                    )) => {
                        let skipped = u64::from(length);
                        let passed = io::copy(&mut (&mut source).take(skipped), &mut io::sink())?;
                        if passed < skipped {
                            return Err(Fault::CutOff(self.format));
                        }
                        Member::Between(source)
                    }
                    Err(_) => return Err(source.fault(self.format)),
                }
            }
            Begins::Open => return Err(Fault::CutOff(self.format)),
            Begins::Plain => return Err(Fault::Followed(self.format)),
        };
        Ok(true)
    }

    fn end(&mut self) {
        self.member = match std::mem::replace(&mut self.member, Member::Failed) {
            Member::Between(source) | Member::Zstandard(_, source) => Member::Between(source),
            Member::Gzip(decoder) => Member::Between(decoder.into_inner()),
            Member::Rest(..) | Member::Failed => Member::Failed,
        };
    }

    fn count(&mut self, more: usize) -> Result<(), Fault> {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        self.out = self.out.saturating_add(more);
        let most = self
            .source()
            .map(|source| source.read.saturating_mul(MOST_FOR_ONE));
        match most.is_some_and(|most| self.out > most.saturating_add(FREE)) {
            true => {
                self.member = Member::Failed;
                Err(Fault::TooMuch(self.format))
            }
            false => Ok(()),
        }
    }

    /// Says why a member cannot be read on, when what is left of it has been read. The decoder of a
    /// frame keeps what later blocks may repeat, until the last one: it is given one.
    fn fail(&mut self) -> Result<(), Fault> {
        const LAST_BLOCK: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
        match std::mem::replace(&mut self.member, Member::Failed) {
            Member::Between(source) => Err(source.fault(self.format)),
            Member::Gzip(decoder) => Err(decoder.into_inner().fault(self.format)),
            Member::Zstandard(mut decoder, source) => {
                let _ = decoder.decode_blocks(LAST_BLOCK, BlockDecodingStrategy::All);
                self.member = Member::Rest(decoder, source.fault(self.format));
                Ok(())
            }
            Member::Rest(_, fault) => Err(fault),
            Member::Failed => Err(Fault::Damaged(self.format)),
        }
    }
}

/// Reads on in a frame; `None` where that is not possible.
fn unpack(decoder: &mut FrameDecoder, source: &mut impl Read, room: &mut [u8]) -> Option<usize> {
    while decoder.can_collect() == 0 && !decoder.is_finished() {
        let one = BlockDecodingStrategy::UptoBlocks(1);
        decoder.decode_blocks(&mut *source, one).ok()?;
    }
    match decoder.read(room).ok()? {
        0 if is_other_than_its_checksum(decoder) => None,
        read => Some(read),
    }
}

fn is_other_than_its_checksum(decoder: &FrameDecoder) -> bool {
    let checksum = decoder.get_checksum_from_data();
    checksum.is_some() && checksum != decoder.get_calculated_checksum()
}

/// A stream with a buffer, which remembers how it went.
struct Source<R> {
    reader: R,
    /// What is there of it stands from one place to another.
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// How much was read in all.
    read: u64,
    has_ended: bool,
    failed: Option<io::Error>,
}

impl<R: Read> Source<R> {
    /// Of a stream of which something was read already.
    fn new(reader: R, first: &[u8]) -> Self {
        let mut buffer = first.to_vec();
        buffer.resize(first.len().max(BLOCK), 0);
        Source {
            reader,
            buffer,
            at: 0,
            filled: first.len(),
            read: u64::try_from(first.len()).unwrap_or(u64::MAX),
            has_ended: false,
            failed: None,
        }
    }

    fn there(&self) -> &[u8] {
        self.buffer.get(self.at..self.filled).unwrap_or_default()
    }

    /// The next four bytes, or those that are left.
    fn peek(&mut self) -> Result<&[u8], Fault> {
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

    fn fault(self, format: Format) -> Fault {
        match self.failed {
            Some(error) => Fault::Unread(error),
            None if self.has_ended => Fault::CutOff(format),
            None => Fault::Damaged(format),
        }
    }
}

impl<R: Read> BufRead for Source<R> {
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

impl<R: Read> Read for Source<R> {
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

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "texts of a test are put together from parts, and are short"
)]
mod tests;
