//! Reads the characters of a token word by word, in any spelling, and knows where in the text each
//! of them stands.

use std::ops::Range;

use crate::token::find::spelling::{Fold, Next, digits, is_digit, next};

/// Reads on from a place in a text. As long as no character is escaped, nothing is copied.
#[derive(Clone, Debug)]
pub(super) struct Reader<'t> {
    text: &'t [u8],
    start: usize,
    at: usize,
    /// Whether no more text follows.
    last: bool,
    odd: Option<Odd>,
}

/// Where a word ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Before a dot.
    Dot,
    /// Before a tilde.
    Tilde,
    /// Before a line break after which the word could go on.
    Fold,
    /// It is as long as was asked for.
    Long,
    /// Before something else, or at the end of the whole text.
    Other,
    /// At the end of the text that is there so far.
    Open,
}

/// What to do at line breaks within words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folds {
    /// Words go on after them, up to this many characters in all.
    Cross(usize),
    /// Words end before them.
    Stop,
}

/// How to read an equals sign at the end of a line: it may be padding, or say that the line goes
/// on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equals<'l> {
    /// The line goes on if there is more to the word.
    Break,
    /// It is padding where there can be some.
    Padding,
    /// It is padding where the word has one of these lengths, and cannot be longer.
    PaddingAt(&'l [usize]),
}

/// What was read, where that differs from the text.
#[derive(Clone, Debug, Default)]
struct Odd {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    breaks: Vec<Break>,
    /// Where the line begins, after the last break.
    line: Option<usize>,
}

/// A part of what was read that is one range of the text.
#[derive(Clone, Debug)]
struct Piece {
    read: Range<usize>,
    text: Range<usize>,
}

/// A line break within what was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Break {
    /// What was read before it, in characters.
    pub(super) at: usize,
    /// The length in bytes of the line that it ends, unless the word began on that line.
    pub(super) line: Option<usize>,
    /// Whether the line break itself says that the line goes on.
    pub(super) soft: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8], start: usize, last: bool) -> Self {
        Reader {
            text,
            start,
            at: start,
            last,
            odd: None,
        }
    }

    /// As if `len` bytes, which stand there unescaped, had been read already.
    pub(super) fn behind(text: &'t [u8], start: usize, len: usize, last: bool) -> Self {
        Reader {
            at: start.saturating_add(len),
            ..Reader::new(text, start, last)
        }
    }

    /// What was read, without its line breaks and in its usual spelling.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.odd {
            None => self.text.get(self.start..self.at).unwrap_or_default(),
            Some(odd) => &odd.bytes,
        }
    }

    /// A part of that.
    pub(super) fn part(&self, part: &Range<usize>) -> &[u8] {
        self.bytes().get(part.clone()).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        match &self.odd {
            None => self.at.saturating_sub(self.start),
            Some(odd) => odd.bytes.len(),
        }
    }

    /// Where in the text the part that was read ends.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The line breaks within what was read.
    pub(super) fn breaks(&self) -> &[Break] {
        self.odd.as_ref().map_or(&[], |odd| &odd.breaks)
    }

    /// Reads digits of base64 and padding up to something else, or until `most` were read in all.
    pub(super) fn word(&mut self, most: usize, folds: Folds, equals: Equals<'_>) -> End {
        let start = self.len();
        let mut is_padded = false;
        // Where padding is escaped, an equals sign at the end of a line can only break it.
        let mut is_escaped = false;
        loop {
            let room = most.saturating_sub(self.len());
            if !is_padded {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let plain = digits(rest.get(..room).unwrap_or(rest));
                self.take_plain(plain);
                if plain >= room {
                    return End::Long;
                }
            }
            match self.peek() {
                Next::Character(b'.', _) => return End::Dot,
                Next::Character(b'~', _) => return End::Tilde,
                Next::Character(byte, len) => {
                    if is_padded && byte != b'=' {
                        return End::Other;
                    }
                    is_padded = byte == b'=';
                    is_escaped |= is_padded && len > 1;
                    self.take(byte, len);
                }
                Next::Fold(fold) => {
                    let read = self.len().saturating_sub(start);
                    let is_padding = match equals {
                        _ if is_padded => !is_escaped && !read.is_multiple_of(4),
                        Equals::Break => false,
                        Equals::Padding => read % 4 > 1,
                        Equals::PaddingAt(lengths) => {
                            lengths.contains(&read) && lengths.iter().all(|len| *len <= read)
                        }
                    };
                    let is_equals = self.text.get(self.at) == Some(&b'=');
                    if is_equals && is_padding {
                        is_padded = true;
                        self.take(b'=', 1);
                        continue;
                    }
                    let behind = self.at.saturating_add(fold.len);
                    let follows = next(self.text.get(behind..).unwrap_or_default(), self.last);
                    match (follows, folds) {
                        (Next::Character(byte, _), _) if is_padded && is_digit(byte) => {
                            return End::Other;
                        }
                        (Next::Character(..), Folds::Stop) => return End::Fold,
                        (Next::Character(..), Folds::Cross(most)) => {
                            if self.len().saturating_sub(start) > most {
                                return End::Long;
                            }
                            self.cross(fold);
                        }
                        (Next::End, _) if !self.last => return End::Open,
                        _ if is_equals => {
                            is_padded = true;
                            self.take(b'=', 1);
                        }
                        _ => return End::Other,
                    }
                }
                Next::Other => return End::Other,
                Next::End if self.last => return End::Other,
                Next::End => return End::Open,
            }
        }
    }

    /// Skips what could be read, where its content does not matter; after this only the place is
    /// right.
    pub(super) fn skip_word(&mut self) -> End {
        let mut reader = Reader::new(self.text, self.at, self.last);
        let end = reader.word(1 << 16, Folds::Cross(1 << 16), Equals::Break);
        self.at = reader.at;
        end
    }

    /// Reads the dot or the tilde before which a word ended.
    pub(super) fn mark(&mut self) {
        if let Next::Character(byte @ (b'.' | b'~'), len) = self.peek() {
            self.take(byte, len);
        }
    }

    /// Goes on after the line break before which a word ended.
    pub(super) fn cross_fold(&mut self) {
        if let Next::Fold(fold) = self.peek() {
            self.cross(fold);
        }
    }

    /// Whether a line break stands here, or white space that may come before one.
    pub(super) fn is_at_break(&self) -> bool {
        matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// Whether the text ends here.
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn peek(&self) -> Next {
        next(self.text.get(self.at..).unwrap_or_default(), self.last)
    }

    fn take_plain(&mut self, len: usize) {
        let text = self.at..self.at.saturating_add(len);
        self.at = text.end;
        let Some(odd) = &mut self.odd else { return };
        if len == 0 {
            return;
        }
        let before = odd.bytes.len();
        odd.bytes
            .extend_from_slice(self.text.get(text.clone()).unwrap_or_default());
        let read = before..odd.bytes.len();
        odd.pieces.push(Piece { read, text });
    }

    fn take(&mut self, byte: u8, len: usize) {
        if len == 1 {
            self.take_plain(1);
            return;
        }
        let text = self.at..self.at.saturating_add(len);
        self.at = text.end;
        let odd = self.odd(text.start);
        let before = odd.bytes.len();
        odd.bytes.push(byte);
        let read = before..odd.bytes.len();
        odd.pieces.push(Piece { read, text });
    }

    fn cross(&mut self, fold: Fold) {
        let end = self.at;
        let odd = self.odd(end);
        let at = odd.bytes.len();
        let line = odd.line.map(|start| end.saturating_sub(start));
        odd.breaks.push(Break {
            at,
            line,
            soft: fold.soft,
        });
        let behind = end.saturating_add(fold.len);
        odd.line = Some(behind.saturating_sub(fold.margin));
        self.at = behind;
    }

    /// From now on what was read is kept apart from the text.
    fn odd(&mut self, end: usize) -> &mut Odd {
        let read = self.start..end;
        let text = self.text;
        self.odd.get_or_insert_with(|| Odd {
            bytes: text.get(read.clone()).unwrap_or_default().to_vec(),
            pieces: match read.len() {
                0 => Vec::new(),
                len => vec![Piece {
                    read: 0..len,
                    text: read,
                }],
            },
            ..Odd::default()
        })
    }

    /// Where in the text a part of what was read stands, line by line.
    pub(super) fn places(&self, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let (one, lines) = match &self.odd {
            None => {
                let start = self.start.saturating_add(part.start);
                let place = start..start.saturating_add(part.len());
                (Some(place), Vec::new())
            }
            Some(odd) => (None, places(&odd.pieces, part)),
        };
        one.into_iter().chain(lines)
    }
}

fn places(pieces: &[Piece], part: Range<usize>) -> Vec<Range<usize>> {
    let first = pieces.partition_point(|piece| piece.read.end <= part.start);
    let mut places: Vec<Range<usize>> = Vec::new();
    for piece in pieces.iter().skip(first) {
        if piece.read.start >= part.end {
            break;
        }
        let mut place = piece.text.clone();
        // A part of unescaped text can be told from the rest.
        if piece.read.len() == piece.text.len() {
            place.start = place
                .start
                .saturating_add(part.start.saturating_sub(piece.read.start));
            place.end = place
                .end
                .saturating_sub(piece.read.end.saturating_sub(part.end));
        }
        match places.last_mut() {
            Some(last) if last.end == place.start => last.end = place.end,
            _ => places.push(place),
        }
    }
    places
}
