//! A token in the compact serialization, read from where its header begins.

use std::ops::Range;

use crate::token::find::header::{self, FRONT, Header, MAX_HEADER};
use crate::token::find::reader::{End, Equals, Folds, Reader};
use crate::token::find::{REDACTED, signature};
use crate::token::json::Json;
use crate::token::swar;

/// The longest word that may be broken over lines, in characters.
const BROKEN: Folds = Folds::Cross(1 << 20);

/// The longest signature that may be broken over lines.
const BROKEN_SIGNATURE: Folds = Folds::Cross(1 << 13);

/// A shorter disclosure hides no token: a token with a signature is longer, and so is its base64.
const SHORTEST_HIDING: usize = 16;

/// How many beginnings of a header are tried within one word.
pub(super) const MAX_TRIES: usize = 8;

/// What stands where a token may begin.
#[derive(Debug)]
pub(super) enum Look<'t> {
    /// A token.
    Token(Token<'t>),
    /// A token may begin here that goes on after the text that is there so far.
    Open,
    /// A token, or perhaps one, that the end of the text cuts off.
    Cut { is_token: bool },
    /// A header, but not a token; the word that it is in, or the next one, ends before this place.
    Like(usize),
    /// A word that ends before this place, and not in a dot.
    Word(usize),
    /// A word that ends in a dot at this place and is not a header, but perhaps begins as one.
    NoHeader { end: usize, is_like: bool },
    /// Nothing that begins as a header does.
    Nothing,
}

/// A token as it was read.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// Who read it.
    pub(super) reader: Reader<'t>,
    /// Its length in characters.
    pub(super) len: usize,
    /// Where its segments stand in it, with the signatures. Disclosures too short to hide anything are left
    /// out: there may be more of them than there is memory for.
    pub(super) segments: Vec<Range<usize>>,
    /// Where its signatures stand in it.
    pub(super) signatures: Vec<Range<usize>>,
    /// Whether the last signature is as long as its algorithm makes it.
    pub(super) is_sure: bool,
    /// Whether it is shorter than any signature of its algorithm.
    pub(super) is_short: bool,
}

/// A header that was read, for the next token with the same header: most tokens of a text come from few
/// issuers.
#[derive(Debug, Default)]
pub(super) struct Known {
    text: Vec<u8>,
    header: Header,
}

impl Known {
    /// Reads the header at a place, if it stands there unescaped and ends in a dot.
    fn at<'t>(&self, text: &'t [u8], start: usize, last: bool) -> Option<Reader<'t>> {
        let behind = text.get(start..)?.strip_prefix(self.text.as_slice())?;
        let is_whole = behind.starts_with(b".") && !self.text.is_empty();
        is_whole.then(|| Reader::behind(text, start, self.text.len(), last))
    }
}

/// Reads the token that begins at a place, if one does.
pub(super) fn look<'t>(text: &'t [u8], start: usize, last: bool, known: &mut Known) -> Look<'t> {
    if let Some(reader) = known.at(text, start, last) {
        return behind(reader, &known.header);
    }
    let mut reader = Reader::new(text, start, last);
    let mut end = reader.word(FRONT, BROKEN, Equals::Break);
    if !header::is_likely(reader.bytes()) {
        return match broken_line(&reader) {
            Some(end) => Look::Like(end),
            None => Look::Nothing,
        };
    }
    if end == End::Long {
        end = reader.word(MAX_HEADER, BROKEN, Equals::Break);
    }
    match end {
        End::Dot => {}
        End::Open => return Look::Open,
        _ => return without_dot(reader, end),
    }
    let Some(header) = header::read(reader.bytes()) else {
        return Look::NoHeader {
            end: reader.at(),
            is_like: broken_line(&reader).is_some(),
        };
    };
    known.text.clear();
    known.text.extend_from_slice(reader.bytes());
    known.header = header;
    behind(reader, &known.header)
}

/// Reads on after a header.
fn behind<'t>(reader: Reader<'t>, header: &Header) -> Look<'t> {
    let look = match header.encrypted {
        true => segments(reader.clone(), header, 5),
        false => Look::Nothing,
    };
    match look {
        Look::Token(_) | Look::Open => look,
        // Whatever the header says, there may be a signature.
        _ => segments(reader, header, 3),
    }
}

/// A word that begins as a header does, but is not followed by a dot.
fn without_dot(mut reader: Reader<'_>, end: End) -> Look<'_> {
    if end == End::Long {
        let is_like = header::is_cut(reader.bytes());
        // A beginning so far from the end of its word is not a header either.
        while reader.skip_word() == End::Long {}
        let next = reader.at().saturating_sub(MAX_HEADER);
        return match is_like {
            true => Look::Like(next),
            false => Look::Word(next),
        };
    }
    if reader.is_at_end() {
        let is_token = header::is_cut(reader.bytes());
        return Look::Cut { is_token };
    }
    match header::read(reader.bytes()) {
        Some(header) if header.named => Look::Like(reader.at()),
        None if header::is_cut(reader.bytes()) || broken_line(&reader).is_some() => {
            Look::Like(reader.at())
        }
        _ => Look::Word(reader.at()),
    }
}

/// Where the line ends in which a header begins, if the header goes on in a way that is not known.
fn broken_line(reader: &Reader<'_>) -> Option<usize> {
    let line = reader.breaks().first()?.at;
    let end = reader.places(0..line).last()?.end;
    header::is_cut(reader.part(&(0..line))).then_some(end)
}

fn is_short(reader: &Reader<'_>, signature: &Range<usize>, header: &Header) -> bool {
    let is_shorter = header.lengths.iter().all(|len| signature.len() < *len);
    is_shorter && !header.lengths.is_empty() && reader.part(signature) != REDACTED
}

/// Reads on after the header, for a token of `count` segments.
fn segments<'t>(mut reader: Reader<'t>, header: &Header, count: usize) -> Look<'t> {
    let like = |reader: &Reader<'_>| match header.named {
        true => Look::Like(reader.at()),
        false => Look::Word(reader.at()),
    };
    let header_len = reader.len();
    let header_segment = 0..header_len;
    let mut segments = Vec::with_capacity(count);
    segments.push(header_segment);
    for _ in 2..count {
        reader.mark();
        let start = reader.len();
        match reader.word(usize::MAX, BROKEN, Equals::Break) {
            End::Dot if is_segment(reader.part(&(start..reader.len()))) => {
                segments.push(start..reader.len());
            }
            End::Open => return Look::Open,
            _ if reader.is_at_end() => return Look::Cut { is_token: true },
            End::Long => return Look::Nothing,
            _ => return like(&reader),
        }
    }
    // Lines of any text may look as if they went on, and so may paths: the result has to make sense.
    let payload = segments.last().map_or(&[][..], |s| reader.part(s));
    let is_odd = !reader.breaks().is_empty()
        || swar::find(payload, |word| swar::marks(word, *b"+/", 0)) < payload.len();
    if count == 3 && is_odd && !is_payload(payload) {
        let header_end = reader
            .places(0..header_len)
            .last()
            .map_or(0, |place| place.end);
        return match header.named {
            true => Look::Like(header_end),
            false => Look::Nothing,
        };
    }
    // A word that is not a header may stand before a token.
    if count == 3 && !header.named && header::read(payload).is_some_and(|header| header.named) {
        return Look::Nothing;
    }
    reader.mark();
    let start = reader.len();
    let end = reader.word(
        usize::MAX,
        BROKEN_SIGNATURE,
        Equals::PaddingAt(&header.lengths),
    );
    let Some(len) = signature::len(&reader, start, &header.lengths, end) else {
        return Look::Open;
    };
    let mut signature = start..start.saturating_add(len);
    let is_whole = signature.end == reader.len();
    if end == End::Dot
        && is_whole
        && let Some(glued) = glued(reader.part(&signature))
    {
        signature.end = start.saturating_add(glued);
    }
    segments.push(signature.clone());
    let token = Token {
        len: signature.end,
        is_sure: header.lengths.contains(&signature.len()),
        is_short: is_short(&reader, &signature, header),
        signatures: vec![signature],
        segments,
        reader,
    };
    match end {
        End::Tilde if is_whole && count == 3 => disclosures(token),
        _ => Look::Token(token),
    }
}

/// Whether there is padding only where it can be.
fn is_segment(word: &[u8]) -> bool {
    let digits = swar::find(word, |word| swar::marks(word, *b"=", 0));
    let padding = word.get(digits..).unwrap_or_default();
    padding.len() < 3 && padding.iter().all(|byte| *byte == b'=')
}

fn is_payload(segment: &[u8]) -> bool {
    let digits = segment.iter().take_while(|byte| **byte != b'=').count();
    let payload = header::decode(segment.get(..digits).unwrap_or_default());
    Json::parse(&payload).is_ok() || header::start(&payload, 0, 0).is_some()
}

/// Where in a signature another token begins that follows it directly.
fn glued(signature: &[u8]) -> Option<usize> {
    (0..signature.len())
        .filter(|at| header::start(signature, *at, 0) == Some(*at))
        .filter_map(|at| Some((at, signature.get(at..)?)))
        .filter(|(_, word)| header::is_likely(word))
        .take(MAX_TRIES)
        .find(|(_, word)| header::read(word).is_some())
        .map(|(at, _)| at)
}

/// Reads the disclosures after a token, and the key binding token after them (RFC 9901 section 4).
fn disclosures(mut token: Token<'_>) -> Look<'_> {
    loop {
        token.reader.mark();
        let start = token.reader.len();
        token.len = start;
        let breaks = token.reader.breaks().len();
        let end = token.reader.word(usize::MAX, BROKEN, Equals::Break);
        let word = start..token.reader.len();
        match end {
            End::Tilde if word.len() < SHORTEST_HIDING => {}
            End::Tilde => token.segments.push(word),
            End::Dot => return key_binding(token, &word),
            End::Open => return Look::Open,
            _ => {
                if token.reader.breaks().len() == breaks {
                    token.len = word.end;
                    token.segments.push(word);
                }
                return Look::Token(token);
            }
        }
    }
}

fn key_binding<'t>(mut token: Token<'t>, word: &Range<usize>) -> Look<'t> {
    let Some(header) = header::read(token.reader.part(word)) else {
        return Look::Token(token);
    };
    token.reader.mark();
    let payload = token.reader.len();
    match token.reader.word(usize::MAX, BROKEN, Equals::Break) {
        End::Dot => {}
        End::Open => return Look::Open,
        _ => return Look::Token(token),
    }
    let payload = payload..token.reader.len();
    token.reader.mark();
    let start = token.reader.len();
    let end = token.reader.word(
        usize::MAX,
        BROKEN_SIGNATURE,
        Equals::PaddingAt(&header.lengths),
    );
    let Some(len) = signature::len(&token.reader, start, &header.lengths, end) else {
        return Look::Open;
    };
    let signature = start..start.saturating_add(len);
    token.len = signature.end;
    token
        .segments
        .extend([word.clone(), payload, signature.clone()]);
    token.is_sure = header.lengths.contains(&signature.len());
    token.is_short |= is_short(&token.reader, &signature, &header);
    token.signatures.push(signature);
    Look::Token(token)
}
