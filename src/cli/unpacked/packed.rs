//! The members of a compressed stream, of either format, one behind the other.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::cli::unpacked::fault::{Fault, Format, MOST_FOR_ONE};
use crate::cli::unpacked::stream::BufferedStream;
use crate::cli::unpacked::{Begins, begins};

/// This much may come out of any stream.
const FREE: u64 = 64 << 20;

/// A stream of compressed members, one behind the other.
pub(super) struct Packed<R> {
    member: Member<R>,
    format: Format,
    /// How much came out.
    out: u64,
}

enum Member<R> {
    /// None has begun, or the one before has ended.
    Between(BufferedStream<R>),
    Gzip(GzDecoder<BufferedStream<R>>),
    Zstandard(FrameDecoder, BufferedStream<R>),
    /// What is left of a frame that cannot be read on, and why.
    Rest(FrameDecoder, Fault),
    Failed,
}

impl<R: Read> Packed<R> {
    pub(super) fn new(reader: R, first: &[u8], format: Format) -> Self {
        Packed {
            member: Member::Between(BufferedStream::new(reader, first)),
            format,
            out: 0,
        }
    }

    pub(super) fn source(&self) -> Option<&BufferedStream<R>> {
        match &self.member {
            Member::Between(source) | Member::Zstandard(_, source) => Some(source),
            Member::Gzip(decoder) => Some(decoder.get_ref()),
            Member::Rest(..) | Member::Failed => None,
        }
    }

    pub(super) fn read(&mut self, room: &mut [u8]) -> Result<usize, Fault> {
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
            // Data on a tape is padded with zeros.
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
