//! A token within base64: a Kubernetes Secret, a cookie, a body in a HAR.

use std::ops::Range;

use crate::token::find::compact::MAX_TRIES;
use crate::token::find::header::{self, FRONT, SHORTEST};
use crate::token::find::reader::{End, Equals, Folds, Reader};
use crate::token::find::spelling::{self, is_digit};
use crate::token::find::{Inner, within};

/// The most that is decoded at once, in digits.
pub(super) const MAX_ENCODED: usize = 1 << 20;

/// How many digits are decoded to see whether a header begins there.
const LOOK: usize = FRONT / 3 * 4;

/// A header that begins within base64, and how many digits of its first group come before the digits that all
/// headers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) at: usize,
    pub(super) lead: usize,
}

/// The text around such a beginning.
#[derive(Debug)]
pub(super) enum Look {
    /// Base64 that holds tokens, or the beginning of a token: where it stands, line by line.
    Holds(Vec<Range<usize>>, Inner),
    /// It begins here and goes on after the text that is there so far.
    Open(usize),
    /// Base64 without a token, up to here.
    Empty(usize),
    /// It is no header.
    Nothing,
}

/// The digits of base64 for `ey` and `ew` with one more character, by their place in a group of three bytes.
pub(super) fn lead(three: &[u8]) -> Option<usize> {
    match three {
        [b'Z', b'X', b'l' | b'd' | b'c', ..] => Some(0),
        [b'V', b'5', b'S' | b'T' | b'Q', ..] | [b'V', b'3', b'b' | b'a' | b'M', ..] => Some(2),
        [b'l', b'e', b'U', ..] | [b'l', b'd', b'2' | b'z', ..] => Some(3),
        _ => None,
    }
}

/// Digits that replace those of the group before a beginning, where they are not known.
fn filler(lead: usize) -> &'static [u8] {
    match lead {
        0 => b"",
        2 => b"AW",
        _ => b"AAB",
    }
}

/// Looks whether a header begins there, and if so, at all the base64 around it.
pub(super) fn look(text: &[u8], beginning: Beginning, floor: usize, last: bool) -> Look {
    let Beginning { at, lead } = beginning;
    let mut reader = Reader::new(text, at, last);
    let end = reader.word(LOOK, Folds::Cross(LOOK), Equals::Break);
    let front = [filler(lead), reader.bytes()].concat();
    let inside = decode(&front);
    // The beginning is at the first, second or third byte of a group.
    let offset = lead.saturating_sub(1);
    let inside = inside.get(offset..).unwrap_or_default();
    // With a line break after them, the digits that decide may be still to come.
    let is_known = end != End::Open || inside.len() >= header::TELLING;
    let begins = || header::start(inside, 0, 0).is_some() && header::is_likely(inside);
    if is_known && (!begins() || is_too_short(inside)) {
        return Look::Nothing;
    }
    let first = at.saturating_sub(run_before(text.get(floor..at).unwrap_or_default()));
    let earlier = earlier_line(text, first, floor);
    let is_broken = !reader.breaks().is_empty();
    let mut look = match end {
        End::Open => Look::Open(first),
        _ => all(
            text,
            start(text, beginning, first),
            beginning,
            is_broken,
            last,
        ),
    };
    // These may be the claims of a token that began in an earlier line.
    if let (Look::Empty(_), Some(first)) = (&look, earlier) {
        look = all(text, start(text, beginning, first), beginning, true, last);
    }
    match look {
        Look::Open(_) => Look::Open(earlier.unwrap_or(first)),
        look => look,
    }
}

/// Whether the text that begins as a header has too few digits, read across what may be an escape or the end
/// of a line. In random base64 that is true of most such beginnings, and looking at all of them takes long.
fn is_too_short(inside: &[u8]) -> bool {
    let mut reader = Reader::new(inside, 0, false);
    let end = reader.word(SHORTEST, Folds::Cross(SHORTEST), Equals::Break);
    !matches!(end, End::Long | End::Open)
}

/// Whether a text in base64 holds a token.
pub(super) fn is_within(digits: &[u8]) -> bool {
    let beginnings = (0..digits.len()).filter_map(|at| {
        let lead = lead(digits.get(at..)?)?;
        Some(Beginning { at, lead })
    });
    let looks = beginnings.map(|beginning| look(digits, beginning, 0, true));
    let looks = looks.filter(|look| !matches!(look, Look::Nothing));
    looks
        .take(MAX_TRIES)
        .any(|look| matches!(look, Look::Holds(..)))
}

/// Where base64 begins.
#[derive(Clone, Copy, Debug)]
struct Start {
    /// Where the first group of its digits begins.
    at: usize,
    /// How many digits before it are not part of the text: words directly before it.
    glued: usize,
}

/// Where the base64 around a place begins, if digits begin at `first`.
fn start(text: &[u8], Beginning { at, lead }: Beginning, first: usize) -> Start {
    // Includes the first known digit, so that a line break before it is crossed.
    let end = at.saturating_add(1);
    let mut reader = Reader::new(text.get(..end).unwrap_or_default(), first, true);
    reader.word(usize::MAX, Folds::Cross(MAX_ENCODED), Equals::Break);
    if reader.at() != end {
        return Start { at, glued: 0 };
    }
    let Some(groups) = reader.len().saturating_sub(1).checked_sub(lead) else {
        let at = first;
        return Start { at, glued: 0 };
    };
    let odd = groups % 4;
    let digits = reader.part(&(odd..groups));
    let of_text = digits
        .rchunks_exact(4)
        .take_while(|group| header::decode(group).iter().all(|byte| is_text(*byte)))
        .count();
    let glued = digits.len().saturating_sub(of_text.saturating_mul(4));
    let place = reader.places(odd..odd.saturating_add(1)).next();
    Start {
        at: place.map_or(at, |place| place.start),
        // A long run that is not a path is data of another kind, and belongs to the rest.
        glued: if odd == 0 && glued > 64 { 0 } else { glued },
    }
}

/// How many bytes before the end of a text are digits of base64, or escapes of them.
fn run_before(text: &[u8]) -> usize {
    let text = text
        .get(text.len().saturating_sub(MAX_ENCODED)..)
        .unwrap_or_default();
    let mut start = text.len();
    loop {
        let before = text.get(..start).unwrap_or_default();
        let Some(other) = before.iter().rposition(|byte| !is_digit(*byte)) else {
            return text.len();
        };
        start = other.saturating_add(1);
        let rest = text.get(start..).unwrap_or_default();
        // How much of it belongs to an escape, and whether the escape stands for a digit.
        let (escape, is_digit) = match (text.get(other), rest) {
            (Some(b'\\'), [b'/', ..]) => (1, true),
            (Some(b'\\'), [b'u', b'0', b'0', b'2', b'b' | b'B' | b'f' | b'F', ..]) => (5, true),
            (Some(b'\\'), [b'u', b'0', b'0', _, _, ..]) => (5, false),
            (Some(b'\\'), [b'n' | b'r' | b't', ..]) => (1, false),
            (Some(b'%'), [b'2', b'b' | b'B' | b'f' | b'F', ..]) => (2, true),
            (Some(b'%'), [_, _, ..]) => (2, false),
            _ => (0, false),
        };
        if !is_digit {
            return rest.len().saturating_sub(escape);
        }
        start = other;
    }
}

/// Where the lines of base64 begin that a place continues, if there are any before it. Such lines hold
/// nothing else.
fn earlier_line(text: &[u8], first: usize, floor: usize) -> Option<usize> {
    let mut found = None;
    let mut at = first;
    while first.saturating_sub(at) < MAX_LINES {
        let word = spelling::word_before(text.get(..at)?);
        let Some(line) = word.and_then(|end| line_before(text, end, floor)) else {
            break;
        };
        at = line;
        found = Some(at);
    }
    found
}

/// Where the text to keep begins, at `hold` at the latest. The line that ends at `end`, or in whose line
/// break `end` is, may be base64 that goes on in the next line, and so may the lines before it.
pub(super) fn first_line(text: &[u8], end: usize, hold: usize, floor: usize) -> usize {
    let end = spelling::word_end(text.get(..end).unwrap_or_default());
    let line = line_before(text, end, floor).unwrap_or(hold).min(hold);
    earlier_line(text, line, floor).unwrap_or(line)
}

/// Where the line that ends at a place begins, if it is a line of base64.
fn line_before(text: &[u8], end: usize, floor: usize) -> Option<usize> {
    let run = run_before(text.get(floor.max(end.saturating_sub(MAX_LINE))..end)?);
    let at = end.saturating_sub(run);
    let is_line = || at == 0 || spelling::word_before(text.get(..at).unwrap_or_default()).is_some();
    ((MIN_LINE..MAX_LINE).contains(&run) && is_line()).then_some(at)
}

/// The bounds for a line of base64; only the last one may be shorter.
const MIN_LINE: usize = 20;
const MAX_LINE: usize = 1 << 10;

/// How much of the lines before is looked through.
const MAX_LINES: usize = 1 << 14;

fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

/// Decodes all that belongs together and looks into it; `is_broken` if a header goes on after the end of the
/// first line.
fn all(
    text: &[u8],
    start: Start,
    Beginning { at, lead }: Beginning,
    is_broken: bool,
    last: bool,
) -> Look {
    let before = at.saturating_sub(start.at);
    let most = before.saturating_add(MAX_ENCODED);
    // Where less than a group comes before the beginning, fillers complete it.
    let filler = filler(lead)
        .get(..lead.saturating_sub(before))
        .unwrap_or_default();
    let search = |reader: &Reader<'_>| {
        let inside = decode(&[filler, reader.bytes()].concat());
        within(&inside)
    };
    let mut reader = Reader::new(text, start.at, last);
    if reader.word(most, Folds::Stop, Equals::Padding) == End::Open {
        return Look::Open(start.at);
    }
    let mut inner = search(&reader);
    if is_broken || inner.is_open {
        // More lines may belong to it.
        let mut lines = Reader::new(text, start.at, last);
        if lines.word(most, Folds::Cross(most), Equals::Break) == End::Open {
            return Look::Open(start.at);
        }
        if lines.len() > reader.len() {
            inner = search(&lines);
            reader = lines;
        }
    }
    if inner.tokens.is_empty() && !inner.is_cut {
        return Look::Empty(reader.at());
    }
    let first = (inner.place.start / 3).saturating_mul(4);
    let first = first.saturating_sub(filler.len()).min(start.glued);
    let mut end = reader.len();
    if !inner.is_cut {
        // The lines after it are not part of it.
        let digits = inner.place.end.saturating_mul(4).div_ceil(3);
        let digits = digits.saturating_sub(filler.len());
        let mut breaks = reader.breaks().iter().map(|found| found.at);
        end = breaks.find(|at| *at >= digits).unwrap_or(end);
    }
    Look::Holds(reader.places(first..end).collect(), inner)
}

/// Decodes digits up to their padding; what is left over at the end is dropped.
fn decode(word: &[u8]) -> Vec<u8> {
    let digits = word.iter().take_while(|byte| is_digit(**byte)).count();
    let digits = match digits % 4 {
        1 => digits.saturating_sub(1),
        _ => digits,
    };
    header::decode(word.get(..digits).unwrap_or_default())
}
