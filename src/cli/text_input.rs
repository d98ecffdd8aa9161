//! Tokens as people have them: an argument, a pipe, or somewhere in a text of any size.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::text::escape;
use crate::token::compact::Malformed;
use crate::token::dress::{Undressed, undress};
use crate::token::find::{self, Found};

/// Texts are searched in pieces of about this size.
const PIECE: usize = 1 << 20;

/// No token is longer: a text that goes on so long without a space is given up.
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
}

impl Placed {
    /// The place of the one token of a text, behind what stands before it. The token itself, which
    /// may be large, is not kept.
    pub(super) fn after(before: &[u8]) -> Self {
        let mut collector = Collector::default();
        collector.walk(before);
        Placed {
            token: String::new(),
            line: collector.line,
            column: collector.column,
            seen: 1,
        }
    }
}

/// A stream, read piece by piece; no piece ends inside a token.
pub(super) struct Pieces<'r> {
    reader: &'r mut dyn Read,
    buffer: Vec<u8>,
    ended: bool,
    first: bool,
}

impl<'r> Pieces<'r> {
    pub(super) fn of(reader: &'r mut dyn Read) -> Self {
        Pieces {
            reader,
            buffer: Vec::new(),
            ended: false,
            first: true,
        }
    }

    /// The next piece, and whether it is the whole of the stream; `None` at the end.
    ///
    /// A stream in UTF-16 is refused at its beginning.
    pub(super) fn next(&mut self) -> Result<Option<(Vec<u8>, bool)>, Failure> {
        let mut wanted = PIECE;
        let mut searched = 0;
        loop {
            self.fill(wanted)?;
            if self.first && is_utf16(&self.buffer) {
                return Err(utf16());
            }
            let end = if self.ended {
                self.buffer.len()
            } else {
                match find::complete(self.buffer.get(searched..).unwrap_or_default()) {
                    0 => 0,
                    end => searched.saturating_add(end),
                }
            };
            if end > 0 {
                let rest = self.buffer.split_off(end);
                let piece = std::mem::replace(&mut self.buffer, rest);
                let whole = self.first && self.ended;
                self.first = false;
                return Ok(Some((piece, whole)));
            }
            if self.ended {
                return Ok(std::mem::take(&mut self.first).then(|| (Vec::new(), true)));
            }
            searched = self.buffer.len();
            wanted = wanted.saturating_mul(2);
            if wanted > MAX_TOKEN.saturating_mul(2) {
                return Err(Failure::new(
                    Exit::NotAToken,
                    "the text goes on for 64 MiB without a space: that is no token",
                ));
            }
        }
    }

    fn fill(&mut self, wanted: usize) -> Result<(), Failure> {
        let missing = wanted.saturating_sub(self.buffer.len());
        let limit = u64::try_from(missing).unwrap_or(u64::MAX);
        let read = (&mut self.reader).take(limit).read_to_end(&mut self.buffer);
        self.ended |= read.map_err(|e| Failure::input(&e))? < missing;
        Ok(())
    }
}

/// Collects the tokens of a text, piece by piece.
pub(super) struct Collector {
    placed: Vec<Placed>,
    known: HashMap<String, usize>,
    held: usize,
    line: u64,
    column: u64,
}

impl Default for Collector {
    fn default() -> Self {
        Collector {
            placed: Vec::new(),
            known: HashMap::new(),
            held: 0,
            line: 1,
            column: 1,
        }
    }
}

impl Collector {
    /// Takes the next piece and what was found in it.
    pub(super) fn add(&mut self, piece: &[u8], found: &[Found]) -> Result<(), Failure> {
        let mut at = 0;
        for Found { token, .. } in found {
            self.walk(piece.get(at..token.start).unwrap_or_default());
            at = token.start;
            let text = piece.get(token.clone()).unwrap_or_default();
            self.note(&String::from_utf8_lossy(text))?;
        }
        self.walk(piece.get(at..).unwrap_or_default());
        Ok(())
    }

    fn note(&mut self, token: &str) -> Result<(), Failure> {
        if let Some(placed) = self.known.get(token).and_then(|i| self.placed.get_mut(*i)) {
            placed.seen = placed.seen.saturating_add(1);
            return Ok(());
        }
        self.held = self.held.saturating_add(token.len());
        if self.held > MAX_HELD {
            return Err(Failure::new(
                Exit::NotAToken,
                "the text has more than 256 MiB of different tokens",
            )
            .hint("split it into parts"));
        }
        self.known.insert(token.to_owned(), self.placed.len());
        self.placed.push(Placed {
            token: token.to_owned(),
            line: self.line,
            column: self.column,
            seen: 1,
        });
        Ok(())
    }

    fn walk(&mut self, text: &[u8]) {
        let lines = count(text, |b| b == b'\n');
        let tail = match text.iter().rposition(|b| *b == b'\n') {
            Some(last) => {
                self.column = 1;
                text.get(last.saturating_add(1)..).unwrap_or_default()
            }
            None => text,
        };
        self.line = self.line.saturating_add(lines);
        // The bytes that continue a character of UTF-8 do not count.
        self.column = self
            .column
            .saturating_add(count(tail, |b| b & 0xC0 != 0x80));
    }

    /// The tokens in the order in which they were met first.
    pub(super) fn placed(self) -> Vec<Placed> {
        self.placed
    }
}

fn count(text: &[u8], matches: impl Fn(u8) -> bool) -> u64 {
    let n = text.iter().filter(|b| matches(**b)).count();
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Every token of a stream.
pub(super) fn find_all(reader: &mut dyn Read) -> Result<Vec<Placed>, Failure> {
    let mut pieces = Pieces::of(reader);
    let mut collector = Collector::default();
    while let Some((piece, _)) = pieces.next()? {
        collector.add(&piece, &find::tokens(&piece))?;
    }
    Ok(collector.placed())
}

/// A stream that is to be one token, as text.
pub(super) fn read_token(reader: &mut dyn Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_TOKEN).unwrap_or(u64::MAX);
    let read: io::Result<usize> = reader.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|e| Failure::input(&e))?;
    if bytes.len() > MAX_TOKEN {
        return Err(Failure::new(
            Exit::NotAToken,
            "standard input is longer than 64 MiB: that is no token",
        )
        .hint("`jott decode` finds the tokens in a text of any size"));
    }
    Ok(bytes)
}

/// Text that Windows tools wrote in UTF-16, which looks like a token and is none: by its mark, or by
/// a NUL in each pair of bytes.
pub(super) fn is_utf16(start: &[u8]) -> bool {
    if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        return true;
    }
    let pairs = start
        .get(..start.len().min(64))
        .unwrap_or_default()
        .chunks_exact(2);
    let side = |nul: fn(&[u8]) -> bool| pairs.len() > 1 && pairs.clone().all(nul);
    side(|pair| matches!(pair, [1..=255, 0])) || side(|pair| matches!(pair, [0, 1..=255]))
}

/// The text of one token, without what people copy together with it.
pub(super) fn bare(bytes: &[u8]) -> Result<Undressed<'_>, Malformed> {
    if is_utf16(bytes) {
        return Err(Malformed::new("the input is UTF-16 text").hint(
            "PowerShell's `>` writes that: pipe the token (`… | jott verify`) or use `Out-File -Encoding ascii`",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
    let undressed = undress(text);
    match undressed.taken.last() {
        Some(last) if undressed.token.is_empty() => {
            Err(Malformed::new(format!("there is no token after {last}")))
        }
        _ => Ok(undressed),
    }
}

/// The fault of a token that is not text.
pub(super) fn not_utf8() -> Malformed {
    Malformed::new("the token is not UTF-8 text")
}

/// The command that reads a file, where an operand names one in the place of a token.
pub(super) fn file_hint(operand: &OsStr, command: &str) -> Option<String> {
    let name = escape::shorten(&operand.to_string_lossy(), 60);
    Path::new(operand)
        .is_file()
        .then(|| format!("there is a file of that name: `{command} < {name}`"))
}

/// What to say of such text.
pub(super) fn utf16() -> Failure {
    Failure::new(Exit::NotAToken, "the input is UTF-16 text")
        .hint("PowerShell's `>` writes that: pipe the token (`… | jott decode`), or use `Out-File -Encoding ascii`")
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
        let text = [" ".repeat(PIECE - 10), TOKEN.to_owned(), "\n".to_owned()].concat();
        let placed = find_all(&mut text.as_bytes()).unwrap();
        assert_eq!(placed.len(), 1);
        assert_eq!(placed[0].token, TOKEN);
        assert_eq!(placed[0].column, u64::try_from(PIECE).unwrap() - 9);
    }

    #[test]
    fn utf16_is_told_from_text() {
        let wide: Vec<u8> = TOKEN.bytes().flat_map(|b| [b, 0]).collect();
        assert!(is_utf16(&wide));
        assert!(!is_utf16(TOKEN.as_bytes()));
        assert!(!is_utf16(b""));
    }
}
