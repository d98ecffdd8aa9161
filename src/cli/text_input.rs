//! Tokens as people have them: an argument, a pipe, or somewhere in a text of any size.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::path::Path;

use memchr::memchr_iter;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::unpacked::{Format, format_of};
use crate::keys::read_bounded;
use crate::text::{escape, utf16};
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::Malformed;
use crate::token::decode::decode;
use crate::token::find::{CONTEXT, Finds, Layer, SHORT, Search, Text};
use crate::token::pasted::{Stripped, strip};

/// So much is read at once.
const BLOCK: usize = 128 << 10;

/// So much of the buffer is used where no more is needed.
const NEAR: usize = 4 * BLOCK;

/// The first time it is more: a text that is no longer may be one thing that is meant as a token.
const FIRST_BLOCK: usize = 1 << 20;

/// No token is longer.
const MAX_TOKEN: usize = 64 << 20;

/// So much may all different tokens of one text take up together.
const MAX_HELD: usize = 256 << 20;

/// A token in a text, and where it stands first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// The token.
    pub(super) token: String,
    /// The line, from 1.
    pub(super) line: u64,
    /// The character in the line, from 1.
    pub(super) column: u64,
    /// How often it occurs.
    pub(super) seen: u64,
    /// How it stands there.
    pub(super) layer: Layer,
}

impl Placed {
    /// The place of the one token of a text, behind what stands before it. The token itself, which
    /// may be large, is not kept.
    pub(super) fn after(before: &[u8]) -> Self {
        let mut cursor = Cursor::default();
        cursor.pass(before);
        Placed {
            token: String::new(),
            line: cursor.lines.line(),
            column: cursor.column(),
            seen: 1,
            layer: Layer::Plain,
        }
    }
}

/// A text that is read from a stream and searched, piece by piece.
pub(super) struct Searched<'r> {
    reader: &'r mut dyn Read,
    search: Search,
    finds: Finds,
    buffer: Vec<u8>,
    /// What has been handed out, at the beginning of the buffer.
    settled: usize,
    /// Up to here the buffer is filled.
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
}

impl<'r> Searched<'r> {
    pub(super) fn new(reader: &'r mut dyn Read) -> Self {
        Searched {
            reader,
            search: Search::default(),
            finds: Finds::default(),
            buffer: Vec::new(),
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
            // What is held is looked at again when there is twice as much of it.
            let wanted = match is_waiting {
                true if self.is_first => FIRST_BLOCK.max(held),
                true => BLOCK.max(held),
                false if held > BLOCK => held,
                false => 1,
            };
            self.fill(wanted)?;
            let text = self.buffer.get(..self.filled).unwrap_or_default();
            if self.is_first && is_utf16(text) {
                return Err(is_in_utf16());
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
        Ok(Some(Piece {
            text: self.buffer.get(..end).unwrap_or_default(),
            part,
            finds: &self.finds,
            is_whole,
        }))
    }

    /// Reads so much more, or to the end.
    fn fill(&mut self, wanted: usize) -> Result<(), Failure> {
        self.make_room(wanted.max(BLOCK));
        let mut missing = wanted;
        while missing > 0 && !self.has_ended {
            let end = self.filled.saturating_add(missing.max(BLOCK));
            let end = end.min(self.buffer.len());
            let room = self.buffer.get_mut(self.filled..end).unwrap_or_default();
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

    /// Makes room for so much behind what is held, and keeps the context before it. As long as it
    /// suffices, the front of the buffer is used again and again, which stays near the processor.
    fn make_room(&mut self, wanted: usize) {
        let needed = self.filled.saturating_add(wanted);
        if needed <= NEAR.min(self.buffer.len()) {
            return;
        }
        let kept = self.settled.min(CONTEXT);
        let start = self.settled.saturating_sub(kept);
        self.buffer.copy_within(start..self.filled, 0);
        self.settled = kept;
        self.filled = self.filled.saturating_sub(start);
        let needed = self.filled.saturating_add(wanted);
        if self.buffer.is_empty() {
            // The system gives zeros, of which those that nobody uses cost nothing.
            self.buffer = vec![0; needed.max(NEAR)];
        } else if self.buffer.len() < needed {
            self.buffer.resize(needed.max(NEAR), 0);
        }
    }
}

/// A token as text, which it is but for what surrounds it; the standard library looks for what is none
/// byte by byte.
fn text_of(token: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(token).map_or_else(|_| String::from_utf8_lossy(token), Cow::Borrowed)
}

/// The line of a place in a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lines {
    before: u64,
    /// Whether a long text was passed.
    is_long: bool,
}

impl Lines {
    /// Goes on behind a text that begins here; tells whether a line ends in it.
    pub(super) fn pass(&mut self, text: &[u8]) -> bool {
        // To ask the processor for its wide instructions is worth while for long texts only.
        self.is_long |= text.len() >= SHORT;
        let lines = match !self.is_long {
            true => count(text, |byte| byte == b'\n'),
            false => memchr_iter(b'\n', text).count(),
        };
        let lines = u64::try_from(lines).unwrap_or(u64::MAX);
        self.before = self.before.saturating_add(lines);
        lines > 0
    }

    /// The line, from 1.
    pub(super) fn line(self) -> u64 {
        self.before.saturating_add(1)
    }
}

/// How many bytes of a text are of a kind: so many at a time that their number fits into a byte, and
/// many of them are counted at once.
fn count(text: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let blocks = text.chunks(240);
    let of_block = |block: &[u8]| block.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    blocks.map(|block| usize::from(of_block(block))).sum()
}

/// A place in a text, as people count.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    lines: Lines,
    /// The characters before it in its line.
    characters: u64,
}

impl Cursor {
    /// Goes on behind a text that begins here.
    fn pass(&mut self, text: &[u8]) {
        let mut tail = text;
        if self.lines.pass(text) {
            let last = text.iter().rposition(|byte| *byte == b'\n');
            let behind = last.map_or(0, |last| last.saturating_add(1));
            tail = text.get(behind..).unwrap_or_default();
            self.characters = 0;
        }
        // The bytes that continue a character of UTF-8 do not count.
        let begins = count(tail, |byte| byte & 0xC0 != 0x80);
        let begins = u64::try_from(begins).unwrap_or(u64::MAX);
        self.characters = self.characters.saturating_add(begins);
    }

    /// The character in the line, from 1.
    fn column(self) -> u64 {
        self.characters.saturating_add(1)
    }
}

/// Collects the tokens of a text, piece by piece.
#[derive(Default)]
pub(super) struct Collector {
    placed: Vec<Placed>,
    /// Where each of them is in the list, by its hash, or where that was taken, by the next number.
    known: HashMap<u64, usize>,
    hasher: RandomState,
    held: usize,
    cursor: Cursor,
}

impl Collector {
    /// Takes the next piece and what was found in it.
    pub(super) fn add(&mut self, piece: &Piece<'_>) -> Result<(), Failure> {
        let mut at = piece.part.start;
        for found in &piece.finds.tokens {
            let token = match &found.text {
                Text::Plain => text_of(piece.part(found.place.clone())),
                Text::Within(token) => token.into(),
                Text::Without => continue,
            };
            // Several may stand in one text that hides them.
            self.cursor.pass(piece.part(at..found.place.start.max(at)));
            at = at.max(found.place.start);
            self.note(&token, found.layer)?;
        }
        self.cursor.pass(piece.part(at..piece.part.end));
        Ok(())
    }

    fn note(&mut self, token: &str, layer: Layer) -> Result<(), Failure> {
        let mut hash = self.hasher.hash_one(token);
        while let Some(placed) = self.known.get(&hash).and_then(|i| self.placed.get_mut(*i)) {
            if placed.token == token {
                placed.seen = placed.seen.saturating_add(1);
                return Ok(());
            }
            hash = hash.wrapping_add(1);
        }
        self.held = self.held.saturating_add(token.len());
        if self.held > MAX_HELD {
            return Err(Failure::new(
                Exit::NotAToken,
                "the text has more than 256 MiB of different tokens",
            )
            .hint("split it into parts"));
        }
        self.known.insert(hash, self.placed.len());
        self.placed.push(Placed {
            token: token.to_owned(),
            line: self.cursor.lines.line(),
            column: self.cursor.column(),
            seen: 1,
            layer,
        });
        Ok(())
    }

    /// The tokens in the order in which they were met first.
    pub(super) fn placed(self) -> Vec<Placed> {
        self.placed
    }
}

/// Every token of a stream.
pub(super) fn find_all(reader: &mut dyn Read) -> Result<Vec<Placed>, Failure> {
    let mut text = Searched::new(reader);
    let mut collector = Collector::default();
    while let Some(piece) = text.next(true)? {
        collector.add(&piece)?;
    }
    Ok(collector.placed())
}

/// A stream that is to be one token, as text.
pub(super) fn read_token(reader: &mut dyn Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_TOKEN).unwrap_or(u64::MAX);
    let read = read_bounded(reader, limit, &mut bytes);
    if !read.map_err(|e| Failure::input(&e))? {
        return Err(Failure::new(
            Exit::NotAToken,
            "standard input is longer than 64 MiB: that is no token",
        )
        .hint("`jott decode` finds the tokens in a text of any size"));
    }
    Ok(bytes)
}

/// Text that Windows tools wrote in UTF-16, which looks like a token but is not one: by its mark, or by
/// a NUL in each pair of bytes.
pub(super) fn is_utf16(start: &[u8]) -> bool {
    let pairs = start.len().min(64) & !1;
    utf16::after_mark(start).is_some() || utf16::is_plain(start.get(..pairs).unwrap_or_default())
}

/// The text of one token, without what people copy together with it.
pub(super) fn bare(bytes: &[u8]) -> Result<Stripped<'_>, Malformed> {
    if is_utf16(bytes) {
        let hint = Advice::Token(TokenAdvice::LeaveUtf16);
        return Err(Malformed::new("the input is UTF-16 text").hint(hint));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
    let stripped = strip(text);
    match stripped.taken.last() {
        Some(last) if stripped.token.is_empty() => {
            Err(Malformed::new(format!("there is no token after {last}")))
        }
        _ => Ok(stripped),
    }
}

/// The fault of a token that is not text.
pub(super) fn not_utf8() -> Malformed {
    Malformed::new("the token is not UTF-8 text")
}

/// The advice to read a file, where an operand names one in the place of a token.
pub(super) fn file_hint(operand: &OsStr) -> Option<Advice> {
    let name = escape::shorten(&operand.to_string_lossy(), 60);
    // So curl and others name a file.
    if let Some(file) = name.strip_prefix('@').filter(|file| !file.is_empty()) {
        return Some(Advice::RedirectFile { name: file.into() });
    }
    let path = Path::new(operand);
    let is_folder = path.is_dir();
    (is_folder || path.is_file()).then_some(Advice::ReadFile { name, is_folder })
}

/// Refuses a token where the name of a claim belongs: a flag that came without its value took it, and
/// nothing would be left to look at.
pub(super) fn no_token_as_name<'n>(
    flag: &str,
    names: impl IntoIterator<Item = &'n String>,
) -> Result<(), Failure> {
    let is_token = |name: &String| name.starts_with("ey") && decode(name).is_ok();
    match names.into_iter().any(is_token) {
        true => Err(Failure::usage(format!(
            "a token stands where `{flag}` has the name of a claim"
        ))
        .hint(format!("`{flag} NAME TOKEN`, as in `{flag} sub TOKEN`"))),
        false => Ok(()),
    }
}

/// What to say of such text.
pub(super) fn is_in_utf16() -> Failure {
    Failure::new(Exit::NotAToken, "the input is UTF-16 text")
        .hint(Advice::Token(TokenAdvice::LeaveUtf16))
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
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln";

    #[test]
    fn tokens_are_placed_by_line_and_character() {
        let text = format!("é {TOKEN}\n\n  x={TOKEN}&\n{TOKEN}2");
        let placed = find_all(&mut text.as_bytes()).unwrap();
        let places: Vec<_> = placed.iter().map(|p| (p.line, p.column, p.seen)).collect();
        assert_eq!(places, [(1, 3, 2), (4, 1, 1)]);
    }

    #[test]
    fn a_token_that_lies_across_two_pieces_is_found_whole() {
        let text = [
            " ".repeat(FIRST_BLOCK - 10),
            TOKEN.to_owned(),
            "\n".to_owned(),
        ]
        .concat();
        let placed = find_all(&mut text.as_bytes()).unwrap();
        assert_eq!(placed.len(), 1);
        assert_eq!(placed[0].token, TOKEN);
        assert_eq!(placed[0].column, u64::try_from(FIRST_BLOCK).unwrap() - 9);
    }

    #[test]
    fn utf16_is_told_from_text() {
        let wide: Vec<u8> = TOKEN.bytes().flat_map(|b| [b, 0]).collect();
        assert!(is_utf16(&wide));
        assert!(!is_utf16(TOKEN.as_bytes()));
        assert!(!is_utf16(b""));
    }
}
