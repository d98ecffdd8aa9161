//! Finding tokens in any text: a JSON answer, a HAR, a log, a trace of curl.
//!
//! A token is found where its header begins: in any spelling, over any number of lines, in base64, in a
//! hexadecimal dump and in the JSON serialization. A token that is found can be redacted: the finder names
//! the parts of the text without which it is no longer valid.

mod anchors;
mod compact;
mod dump;
mod encoded;
mod event;
mod header;
mod reader;
mod serialized;
mod signature;
mod spelling;
#[cfg(test)]
mod tests;
mod whole;

use std::ops::Range;

use crate::token::find::anchors::Places;
use crate::token::find::compact::{Known, Look, MAX_TRIES, Token};
use crate::token::find::event::Event;

pub use crate::token::find::anchors::SHORT;

/// How much of the settled text, if there is so much, has to stay in front of the next piece: the members of
/// a JSON object belong together, in any order.
pub const CONTEXT: usize = serialized::REACH;

/// The text that replaces a secret.
pub const REDACTED: &[u8] = b"REDACTED";

/// A token in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// Where the token stands, or the text that it is in, by byte offsets.
    pub place: Range<usize>,
    /// The token.
    pub text: Text,
    /// How it stands there.
    pub layer: Layer,
    /// Whether it has a signature that was not redacted before.
    pub is_live: bool,
    /// Whether its signature is shorter than its algorithm makes one.
    pub is_short: bool,
}

/// The text of a token that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Text {
    /// As it stands there.
    Plain,
    /// The token, when its encoding is undone, or the object that it is in a JSON form.
    Within(String),
    /// Not all of it is there, or as it was written.
    Without,
}

/// How a token stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Layer {
    /// As it is.
    Plain,
    /// With some of its characters escaped.
    Escaped,
    /// Broken over several lines.
    Folded,
    /// In a trace or a hexadecimal dump.
    Dump,
    /// In base64 or base64url.
    Base64,
    /// In the JSON serialization (RFC 7515 section 7.2).
    Json,
}

/// What was found in a part of a text.
#[derive(Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finds {
    /// The tokens in their order.
    pub tokens: Vec<Found>,
    /// The parts to replace so that none of the tokens is valid any more, in their order: the signature of a
    /// JWS, the authentication tag of a JWE, both signatures of an SD-JWT, and the whole of an encoded text
    /// that holds a token.
    pub secrets: Vec<Range<usize>>,
    /// Where something begins as a token does, but is not one.
    pub likes: Vec<usize>,
    /// Where tokens begin whose signature is too short for their algorithm, and whose rest may follow them.
    pub broken: Vec<usize>,
}

/// How deep a text lies within another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Text,
    /// In a dump, which may show base64.
    Dump,
    /// In base64, which is looked into once.
    Encoded,
}

/// Looks for tokens in a text that comes piece by piece.
#[derive(Debug)]
pub struct Search {
    depth: Depth,
    /// Pieces that are shorter are looked at byte by byte.
    short: usize,
    /// How much of the whole text is settled, and where in the current piece that ends.
    settled: usize,
    floor: usize,
    /// Up to here everything has been looked at. This and all other places that are kept between pieces are
    /// offsets from the beginning of the text.
    seen: usize,
    /// No header begins before this place.
    dotless: usize,
    /// The end of a word, and how many times it was tried.
    tried: (usize, usize),
    /// The header that was read last.
    known: Known,
    /// What began at this place was no header, by its first digits.
    failed: usize,
    /// The end of some base64, and how many times it was decoded.
    decoded: (usize, usize),
    /// Where the last run of token characters begins, and up to which place it was searched.
    run: (usize, usize),
    /// Whether the end of the text cuts off a token.
    is_cut: bool,
    /// Whether the last part of the text may go on.
    is_open: bool,
    /// What begins as a token does, but is not one, behind what is settled.
    likes: Vec<usize>,
}

impl Default for Search {
    fn default() -> Self {
        Search::at_depth(Depth::Text)
    }
}

/// What to do after a look.
enum Step {
    /// Look at the next place.
    On,
    /// Go on after a token that ends at a place.
    Behind(usize),
    /// Go on at a place; there is nothing before it.
    Past(usize),
    /// Wait for more of the text; it is settled up to a place.
    Wait(usize),
}

/// A piece of a text that is being looked at.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t [u8],
    /// The end of what is settled.
    floor: usize,
    last: bool,
}

impl Search {
    fn at_depth(depth: Depth) -> Self {
        Search {
            depth,
            short: SHORT,
            settled: 0,
            floor: 0,
            seen: 0,
            dotless: 0,
            tried: (0, 0),
            known: Known::default(),
            failed: 0,
            decoded: (0, 0),
            run: (0, 0),
            is_cut: false,
            is_open: false,
            likes: Vec::new(),
        }
    }

    /// Looks at the next piece of a text. It goes on after `floor`, where the last piece was settled;
    /// [`CONTEXT`] of the settled text stands before that. Gives the place up to which all tokens are known;
    /// the rest has to come again, with more text after it, unless this is the last piece.
    pub fn search(&mut self, text: &[u8], floor: usize, last: bool, finds: &mut Finds) -> usize {
        finds.tokens.clear();
        finds.secrets.clear();
        finds.likes.clear();
        finds.broken.clear();
        self.floor = floor;
        let piece = Piece { text, floor, last };
        // What comes again is not looked at again.
        let held = std::mem::take(&mut self.likes).into_iter();
        finds.likes.extend(held.map(|like| self.place(like)));
        let settled = self.pass(piece, finds);
        let behind = finds.likes.extract_if(.., |like| *like >= settled);
        self.likes = behind.map(|like| self.offset(like)).collect();
        self.settled = self.offset(settled);
        settled
    }

    /// How far a place in the piece is from the beginning of the text.
    fn offset(&self, place: usize) -> usize {
        self.settled
            .saturating_add(place)
            .saturating_sub(self.floor)
    }

    /// Where in the piece a place is, by its offset from the beginning of the text.
    fn place(&self, offset: usize) -> usize {
        offset
            .saturating_add(self.floor)
            .saturating_sub(self.settled)
    }

    fn pass(&mut self, piece: Piece<'_>, finds: &mut Finds) -> usize {
        // Where the last token ends: what comes before is not looked at again.
        let mut piece = piece;
        let mut place = self.place(self.seen).max(piece.floor);
        if self.settled == 0 && self.depth == Depth::Text {
            match dumped(piece, 0, finds) {
                Step::On => {}
                Step::Behind(end) => {
                    piece.floor = end;
                    place = place.max(end);
                }
                Step::Past(end) => place = place.max(end),
                Step::Wait(settled) => return settled,
            }
        }
        let mut places = Places::new(self.short);
        loop {
            place = places.next(piece.text, place);
            if place >= piece.text.len() {
                break;
            }
            let Piece { text, floor, last } = piece;
            let mut on = place.saturating_add(1);
            for event in event::at(text, place, floor, last, self.depth).iter() {
                match self.look(piece, place, event, finds) {
                    Step::On => {}
                    Step::Behind(end) => {
                        piece.floor = end;
                        on = on.max(end);
                        break;
                    }
                    Step::Past(end) => on = on.max(end),
                    Step::Wait(settled) => {
                        self.seen = self.offset(place);
                        let word = self.run_start(piece, settled.max(floor));
                        return encoded::first_line(text, word, word, floor);
                    }
                }
            }
            place = on;
        }
        if piece.last {
            return piece.text.len();
        }
        let hold = self.hold(piece);
        let seen = piece.text.len().saturating_sub(event::MAX_LEN);
        self.seen = self.offset(seen.max(hold));
        hold
    }

    fn look(&mut self, piece: Piece<'_>, at: usize, event: Event, finds: &mut Finds) -> Step {
        match event {
            Event::Header(start) => self.compact(piece, start, finds),
            Event::Encoded(beginning) => self.encoded(piece, beginning, finds),
            Event::Member => serialized(piece, at, finds),
            Event::Row(line) => dumped(piece, line, finds),
            Event::Open(start) => Step::Wait(start),
        }
    }

    fn compact(&mut self, piece: Piece<'_>, start: usize, finds: &mut Finds) -> Step {
        let offset = self.offset(start);
        let (word, tries) = self.tried;
        if offset < self.dotless || offset < word && tries >= MAX_TRIES {
            return Step::On;
        }
        match compact::look(piece.text, start, piece.last, &mut self.known) {
            Look::Token(token) if token.is_short && !piece.last && is_near_end(piece, &token) => {
                return Step::Wait(start);
            }
            Look::Token(token) => return Step::Behind(self.take(piece, &token, finds)),
            Look::Open => return Step::Wait(start),
            Look::Cut { is_token } => {
                self.is_open = true;
                if is_token {
                    self.is_cut = true;
                    finds.likes.push(start);
                }
                self.dotless = self.offset(piece.text.len());
            }
            Look::Like(end) => {
                if !serialized::is_protected(piece.text, start) {
                    finds.likes.push(start);
                }
                self.dotless = self.offset(end);
            }
            Look::Word(end) => self.dotless = self.offset(end),
            Look::NoHeader { end, is_like } => {
                if is_like {
                    finds.likes.push(start);
                }
                let end = self.offset(end);
                let tries = if word == end { tries } else { 0 };
                self.tried = (end, tries.saturating_add(1));
            }
            Look::Nothing => {
                let failed = std::mem::replace(&mut self.failed, offset);
                let period = offset.saturating_sub(failed);
                return repeated(piece, start, period).map_or(Step::On, Step::Past);
            }
        }
        Step::On
    }

    /// Takes a token that was found; gives the place where it ends.
    fn take(&mut self, piece: Piece<'_>, token: &Token<'_>, finds: &mut Finds) -> usize {
        let Token { reader, len, .. } = token;
        let place = hull(reader.places(0..*len));
        let bytes = reader.part(&(0..*len));
        let mut is_live = false;
        let is_plain = piece.text.get(place.clone()) == Some(bytes);
        // If the token is escaped, the beginning of what it hides may be escaped too.
        let may_hide = self.depth != Depth::Encoded
            && (!is_plain || piece.text.len() < self.short || anchors::may_hide(bytes));
        for segment in &token.segments {
            let part = reader.part(segment);
            let is_signature = token.signatures.contains(segment);
            let is_signed = is_signature && !part.is_empty() && part != REDACTED;
            is_live |= is_signed;
            if is_signed || !is_signature && may_hide && encoded::is_within(part) {
                finds.secrets.extend(reader.places(segment.clone()));
            }
        }
        self.is_open |= place.end == piece.text.len() && !token.is_sure;
        if token.is_short && has_rest(piece.text, place.end) {
            finds.broken.push(place.start);
        }
        let is_folded = reader.breaks().iter().any(|b| b.at < *len);
        finds.tokens.push(Found {
            text: match is_plain {
                true => Text::Plain,
                false => Text::Within(String::from_utf8_lossy(bytes).into_owned()),
            },
            layer: match (is_plain, is_folded) {
                (true, _) => Layer::Plain,
                (_, true) => Layer::Folded,
                _ => Layer::Escaped,
            },
            is_live,
            is_short: token.is_short,
            place: place.clone(),
        });
        place.end
    }

    fn encoded(
        &mut self,
        piece: Piece<'_>,
        beginning: encoded::Beginning,
        finds: &mut Finds,
    ) -> Step {
        // Base64 that was decoded once is not decoded again for each beginning in it.
        let at = self.offset(beginning.at);
        let (end, tries) = Some(self.decoded)
            .filter(|(end, _)| at < *end)
            .unwrap_or_default();
        if tries >= MAX_TRIES {
            return Step::On;
        }
        match encoded::look(piece.text, beginning, piece.floor, piece.last) {
            encoded::Look::Holds(places, inner) => {
                let place = hull(places.iter().cloned());
                let is_live = inner.is_cut || inner.tokens.iter().any(|(_, live)| *live);
                let mut tokens = inner.tokens;
                if tokens.is_empty() {
                    tokens.push((Text::Without, true));
                }
                finds
                    .tokens
                    .extend(tokens.into_iter().map(|(text, is_live)| Found {
                        place: place.clone(),
                        text,
                        layer: Layer::Base64,
                        is_live,
                        is_short: false,
                    }));
                if is_live {
                    finds.secrets.extend(places);
                }
                Step::Behind(place.end)
            }
            encoded::Look::Open(start) => Step::Wait(start),
            encoded::Look::Empty(place) => {
                self.decoded = (self.offset(place).max(end), tries.saturating_add(1));
                Step::On
            }
            encoded::Look::Nothing => Step::On,
        }
    }

    /// The place up to which a piece is settled, if nothing in it is open.
    fn hold(&mut self, piece: Piece<'_>) -> usize {
        let Piece { text, floor, .. } = piece;
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r');
        let rest = text.get(floor..).unwrap_or_default().iter().rev();
        let spaces = rest.take(CONTEXT).take_while(is_space).count();
        let word = text.len().saturating_sub(spaces);
        let hold = match spaces {
            0 => self.run_start(piece, text.len()),
            _ if event::may_break(text, word) => word.saturating_sub(3).max(floor),
            _ => text.len(),
        };
        encoded::first_line(text, word, hold, floor)
    }

    /// Where the run of token characters before a place begins; not so far back that the text would have to
    /// be kept for ever.
    fn run_start(&mut self, piece: Piece<'_>, end: usize) -> usize {
        let floor = piece.floor;
        let (start, scanned) = self.run;
        let (start, scanned) = (self.place(start).max(floor), self.place(scanned));
        let fresh = piece.text.get(scanned.max(floor)..end);
        let other = fresh.and_then(last_other);
        let start = match (fresh, other) {
            (Some(_), Some(other)) => scanned.max(floor).saturating_add(other).saturating_add(1),
            (Some(_), None) => start,
            // The earlier search went further back.
            (None, _) if start <= end => start,
            (None, _) => {
                let before = piece.text.get(floor..end).unwrap_or_default().iter().rev();
                let run = before.take(CONTEXT).take_while(|byte| is_run(**byte));
                return end.saturating_sub(run.count());
            }
        };
        let start = match end.saturating_sub(start) > MAX_RUN {
            true => end.saturating_sub(CONTEXT),
            false => start,
        };
        self.run = (self.offset(start), self.offset(end));
        start
    }
}

/// How much of a dump is looked at at once.
const DUMP: usize = 1 << 16;

/// How much of a run of token characters is kept: base64 that hides a token is redacted from its beginning
/// on.
const MAX_RUN: usize = 1 << 20;

/// Whether a byte can belong to a token in some spelling, or at least does not end every word. It takes few
/// comparisons, and no branch.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch for each comparison takes longer"
)]
fn is_run(byte: u8) -> bool {
    let is_printed = byte.wrapping_sub(b'!') <= b'~'.wrapping_sub(b'!');
    is_printed & (byte != b'"') & (byte != b',')
}

/// The last byte of a text that is none of those.
fn last_other(text: &[u8]) -> Option<usize> {
    let mut end = text.len();
    // No step ends early, so that its bytes are compared at once.
    for block in text.rchunks_exact(64) {
        if !block.iter().fold(true, |all, byte| all & is_run(*byte)) {
            break;
        }
        end = end.saturating_sub(64);
    }
    let rest = text.get(..end).unwrap_or_default();
    rest.iter().rposition(|byte| !is_run(*byte))
}

/// Where digits end that repeat the few before a place: a repetition holds nothing that was not found the
/// first time.
fn repeated(piece: Piece<'_>, at: usize, period: usize) -> Option<usize> {
    let first = at
        .checked_sub(period)
        .filter(|first| *first >= piece.floor)?;
    if !(1..=8).contains(&period) {
        return None;
    }
    let digits = piece.text.get(first..at.saturating_add(SEEN))?;
    if !digits.iter().all(|byte| spelling::is_digit(*byte)) {
        return None;
    }
    let mut end = at;
    while let Some(block) = piece.text.get(end..end.saturating_add(SEEN)) {
        let before = end.saturating_sub(period);
        if piece.text.get(before..before.saturating_add(SEEN)) != Some(block) {
            break;
        }
        end = end.saturating_add(SEEN);
    }
    // After this place, less is known to be the same than was looked at.
    end.checked_sub(SEEN).filter(|end| *end > at)
}

/// How many digits are looked at to rule out a beginning.
const SEEN: usize = 64;

/// From the first of some places to the last.
fn hull(places: impl IntoIterator<Item = Range<usize>>) -> Range<usize> {
    let mut places = places.into_iter();
    let first = places.next().unwrap_or_default();
    let end = places.last().map_or(first.end, |last| last.end);
    first.start..end
}

/// Whether the rest of a signature may follow a place: digits that are not words, in any spelling.
fn has_rest(text: &[u8], end: usize) -> bool {
    let near = text
        .get(end..text.len().min(end.saturating_add(REST)))
        .unwrap_or_default();
    let is_digit = |byte: &u8| spelling::is_digit(*byte);
    let runs = near.split(|byte| !is_digit(byte));
    // Another token is not the rest.
    let mut runs = runs.take_while(|run| memchr::memmem::find(run, b"eyJ").is_none());
    runs.any(|run| {
        let has = |is: fn(&u8) -> bool| run.iter().any(is);
        run.len() >= 16
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_uppercase)
    })
}

/// Whether the text in which the rest would stand is not all there yet.
fn is_near_end(piece: Piece<'_>, token: &Token<'_>) -> bool {
    let end = hull(token.reader.places(0..token.len)).end;
    piece.text.len().saturating_sub(end) < REST
}

/// How far after a signature its rest is looked for.
const REST: usize = 128;

/// Looks at the rows of a dump that begins with a line.
fn dumped(piece: Piece<'_>, line: usize, finds: &mut Finds) -> Step {
    let before = line.saturating_sub(1);
    let mut most = DUMP;
    loop {
        let Some((dump, end)) = dump::read(piece.text, line, most, piece.last) else {
            return Step::On;
        };
        if dump.rows.is_empty() {
            return Step::Wait(before);
        }
        let is_whole = end == dump::End::Whole;
        let mut inner = Finds::default();
        let settled = Search::at_depth(Depth::Dump).search(&dump.bytes, 0, is_whole, &mut inner);
        let end = match dump.line(settled) {
            _ if is_whole => dump.end,
            Some(first) if first <= line && end == dump::End::Enough => {
                most = most.saturating_mul(4);
                continue;
            }
            Some(first) if first <= line => return Step::Wait(before),
            Some(first) => first.saturating_sub(1),
            None => dump.end.saturating_sub(1),
        };
        finds.take_from(&dump, inner);
        return Step::Behind(end.max(line));
    }
}

fn serialized(piece: Piece<'_>, at: usize, finds: &mut Finds) -> Step {
    match serialized::look(piece.text, at, piece.floor, piece.last) {
        serialized::Look::Secret {
            place: secret,
            object,
        } => {
            let is_live = piece.text.get(secret.clone()) != Some(REDACTED);
            finds.tokens.push(Found {
                place: secret.clone(),
                text: whole::whole(piece.text, &object).map_or(Text::Without, Text::Within),
                layer: Layer::Json,
                is_live,
                is_short: false,
            });
            if is_live {
                finds.secrets.push(secret.clone());
            }
            Step::Behind(secret.end)
        }
        serialized::Look::Open => Step::Wait(at.saturating_sub(1).max(piece.floor)),
        serialized::Look::Far => {
            finds.likes.push(at);
            Step::On
        }
        serialized::Look::Nothing => Step::On,
    }
}

impl Finds {
    /// Takes what was found in the bytes of a dump.
    fn take_from(&mut self, dump: &dump::Dump, inner: Finds) {
        self.tokens.extend(inner.tokens.into_iter().map(|found| {
            let text = match found.text {
                Text::Plain => {
                    let bytes = dump.bytes.get(found.place.clone()).unwrap_or_default();
                    Text::Within(String::from_utf8_lossy(bytes).into_owned())
                }
                other => other,
            };
            Found {
                place: hull(dump.places(&found.place)),
                text,
                layer: Layer::Dump,
                is_live: found.is_live,
                is_short: found.is_short,
            }
        }));
        for place in inner.secrets.iter().flat_map(|secret| dump.places(secret)) {
            // A row in hexadecimal digits is replaced as a whole, for any number of secrets.
            if self
                .secrets
                .last()
                .is_none_or(|last| last.end <= place.start)
            {
                self.secrets.push(place);
            }
        }
    }
}

/// The tokens within a text that hides them.
#[derive(Debug)]
struct Inner {
    tokens: Vec<(Text, bool)>,
    /// From the first of them to the last.
    place: Range<usize>,
    /// Whether the end of the text cuts one off.
    is_cut: bool,
    /// Whether the last part of the text may go on.
    is_open: bool,
}

fn within(text: &[u8]) -> Inner {
    let mut search = Search::at_depth(Depth::Encoded);
    let mut finds = Finds::default();
    search.search(text, 0, true, &mut finds);
    let end = finds.tokens.last().map_or(0, |found| found.place.end);
    let starts = finds.tokens.iter().map(|found| found.place.start);
    let start = starts.chain(finds.likes.iter().copied()).min().unwrap_or(0);
    let tokens = finds.tokens.into_iter().map(|found| {
        let text = match found.text {
            Text::Plain => {
                let bytes = text.get(found.place).unwrap_or_default();
                Text::Within(String::from_utf8_lossy(bytes).into_owned())
            }
            other => other,
        };
        (text, found.is_live)
    });
    Inner {
        tokens: tokens.collect(),
        place: start..end,
        is_cut: search.is_cut,
        is_open: search.is_open,
    }
}

/// Finds each token in a complete text.
#[must_use]
pub fn tokens(text: &[u8]) -> Finds {
    let mut finds = Finds::default();
    Search::default().search(text, 0, true, &mut finds);
    finds
}
