//! The places of a text at which a token may begin.

use crate::token::find::Depth;
use crate::token::find::encoded::{self, Beginning};
use crate::token::find::reader::{End, Equals, Folds, Reader};
use crate::token::find::spelling::{self, Next, is_digit, next};
use crate::token::find::{dump, header, serialized};

/// What may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A header begins at this place.
    Header(usize),
    /// A header begins within base64.
    Encoded(Beginning),
    /// A member that makes its object a token.
    Member,
    /// A line of a dump.
    Row(usize),
    /// Perhaps one of them: more of the text decides.
    Open(usize),
}

/// How much of a text is looked at to see an event, not counting line breaks.
pub(super) const MAX_LEN: usize = 24;

/// The events of one place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Events {
    list: [Option<Event>; 4],
}

impl Events {
    fn add(&mut self, event: Option<Event>) {
        if let Some(free) = self.list.iter_mut().find(|one| one.is_none()) {
            *free = event;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Event> {
        self.list.into_iter().flatten()
    }
}

/// Whether an event can be at such a byte.
pub(super) fn may_begin(byte: u8) -> bool {
    matches!(
        byte,
        b'e' | b'I'
            | b'C'
            | b'D'
            | b'i'
            | b'S'
            | b'A'
            | b'g'
            | b'Q'
            | b'Z'
            | b'V'
            | b'l'
            | b's'
            | b'c'
            | b'\n'
            | b'%'
            | b'\\'
            | b'&'
    )
}

/// What may stand at a place; nothing before `floor` belongs to it.
pub(super) fn at(text: &[u8], place: usize, floor: usize, last: bool, depth: Depth) -> Events {
    let mut events = Events::default();
    let rest = text.get(place..).unwrap_or_default();
    match rest.first() {
        Some(b'e' | b'I' | b'C' | b'D' | b'i' | b'S' | b'A' | b'g' | b'Q') => {
            events.add(header::start(text, place, floor).map(Event::Header));
        }
        Some(b'Z' | b'V' | b'l') if depth != Depth::Encoded => {
            let beginning = |lead| Event::Encoded(Beginning { at: place, lead });
            events.add(encoded::lead(rest).map(beginning));
        }
        Some(b's' | b'c') if serialized::is_name(text, place) => events.add(Some(Event::Member)),
        Some(b'\n') => {
            breaks(text, place, floor, last, depth, &mut events);
            let line = place.saturating_add(1);
            let is_row = depth == Depth::Text && dump::is_row(text.get(line..).unwrap_or_default());
            events.add(is_row.then_some(Event::Row(line)));
        }
        Some(b'%' | b'\\' | b'&') => {
            if let Next::Character(b'e' | b'I' | b'C' | b'D', _) = next(rest, last) {
                let mut reader = Reader::new(text, place, last);
                reader.word(4, Folds::Stop, Equals::Padding);
                let begins = header::begins(reader.bytes());
                events.add(begins.then_some(Event::Header(place)));
            }
            if rest.starts_with(b"\\n") {
                breaks(text, place, floor, last, depth, &mut events);
            }
        }
        _ => {}
    }
    events
}

/// Whether an event can be at an unescaped line break. Texts have many of them, and few comparisons rule most
/// of them out.
pub(super) fn may_be_at_line_break(text: &[u8], place: usize) -> bool {
    let behind = text.get(place.saturating_add(1)..).unwrap_or_default();
    let Some(&line) = behind.first_chunk::<5>() else {
        return true;
    };
    let byte = |back| place.checked_sub(back).and_then(|at| text.get(at));
    let before = match byte(1) {
        Some(b'\r') => byte(2),
        before => before,
    };
    let [after, ..] = line;
    let meet = before.map_or(0, |before| row(&ENDS, *before) & row(&BEGINS, after));
    meet != 0 || dump::may_be_row(line)
}

/// Finds the beginnings that a line break cuts in two.
fn breaks(text: &[u8], place: usize, floor: usize, last: bool, depth: Depth, events: &mut Events) {
    let end = spelling::word_end(text.get(..place).unwrap_or_default()).max(floor);
    let Some(before) = text.get(floor..end).and_then(<[u8]>::last) else {
        return;
    };
    if !may_go_on(*before) {
        return;
    }
    let mut reader = Reader::new(text, end, last);
    let is_open = match next(text.get(end..).unwrap_or_default(), last) {
        Next::Fold(fold) => match text.get(end.saturating_add(fold.len)) {
            Some(after) if may_cross(*before, *after) => {
                reader.cross_fold();
                reader.word(3, Folds::Stop, Equals::Padding) == End::Open
            }
            _ => return,
        },
        Next::End => !last,
        _ => return,
    };
    if is_open {
        let start = end.saturating_sub(3).max(floor);
        events.add(Some(Event::Open(start)));
        return;
    }
    for before in [2, 1] {
        let Some(start) = end.checked_sub(before).filter(|start| *start >= floor) else {
            continue;
        };
        let broken = text.get(start..end).unwrap_or_default();
        let word = [broken, reader.bytes()].concat();
        events.add(match broken.iter().all(|byte| is_digit(*byte)) {
            true => broken_beginning(text, start, &word, floor, depth),
            false => None,
        });
    }
}

/// The beginning of a word that stands at a place and goes on in the next line.
fn broken_beginning(
    text: &[u8],
    at: usize,
    word: &[u8],
    floor: usize,
    depth: Depth,
) -> Option<Event> {
    let begins = |word: &[u8], at| header::start(word, at, 0) == Some(0);
    if begins(word, 0) || begins(word, 1) {
        return Some(Event::Header(at));
    }
    // With white space in front, a header begins one digit earlier.
    let earlier = at.checked_sub(1).filter(|earlier| *earlier >= floor);
    if let Some(earlier) = earlier
        && let Some(digit) = text.get(earlier)
        && begins(&[&[*digit], word].concat(), 1)
    {
        return Some(Event::Header(earlier));
    }
    let lead = encoded::lead(word).filter(|_| depth != Depth::Encoded)?;
    Some(Event::Encoded(Beginning { at, lead }))
}

/// Which digits can follow each other in a beginning, or before it where white space is in front.
const FOLLOW: [(&[u8], &[u8]); 17] = [
    (b"e", b"ywU"),
    (b"y", b"IJLA"),
    (b"w", b"o0k"),
    (b"I", b"HCiSAgQ"),
    (b"C", b"nXBCiSAgQ"),
    (b"D", b"XCiSAgQ"),
    (b"Hn", b"s"),
    (b"X", b"sldc"),
    (b"iS", b"B"),
    (b"AgQ", b"pl1"),
    (b"Bp1", b"7"),
    (b"l", b"7ed"),
    (b"Z", b"X"),
    (b"V", b"53"),
    (b"5", b"STQ"),
    (b"3", b"baM"),
    (b"d", b"2z"),
];

/// The rows of that table in which a byte stands on the left side, and on the right, as bits.
const BEFORE: [u32; 256] = rows(false);
const AFTER: [u32; 256] = rows(true);

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is worked out when this is compiled"
)]
const fn rows(right: bool) -> [u32; 256] {
    let mut bits = [0; 256];
    let mut row = 0;
    while row < FOLLOW.len() {
        let digits = if right { FOLLOW[row].1 } else { FOLLOW[row].0 };
        let mut nth = 0;
        while nth < digits.len() {
            bits[digits[nth] as usize] |= 1 << row;
            nth += 1;
        }
        row += 1;
    }
    bits
}

/// Also marks the characters with which one line may end, or the next begin, where something goes on. A
/// margin may stand before the first digit of the next line, and white space, `=` or a backslash after the
/// last digit of this one.
const ENDS: [u32; 256] = beside_rows(&BEFORE, b" \t=\\", GOES_ON);
const BEGINS: [u32; 256] = beside_rows(&AFTER, b" \t>|#*", MARGIN);
const GOES_ON: u32 = 1 << 30;
const MARGIN: u32 = 1 << 31;

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is worked out when this is compiled"
)]
const fn beside_rows(rows: &[u32; 256], marks: &[u8], mark: u32) -> [u32; 256] {
    let mut bits = *rows;
    let mut byte = 0;
    while byte < bits.len() {
        // A digit in a row meets every margin, and whatever comes next meets a mark of its end.
        match mark {
            MARGIN => bits[byte] |= GOES_ON,
            _ if bits[byte] != 0 => bits[byte] |= MARGIN,
            _ => {}
        }
        byte += 1;
    }
    let mut nth = 0;
    while nth < marks.len() {
        bits[marks[nth] as usize] |= mark;
        nth += 1;
    }
    bits
}

fn row(bits: &[u32; 256], byte: u8) -> u32 {
    bits.get(usize::from(byte)).copied().unwrap_or_default()
}

fn may_cross(before: u8, after: u8) -> bool {
    row(&BEFORE, before) & row(&AFTER, after) != 0
}

/// Whether a character can be the first or the second of a beginning.
fn may_go_on(byte: u8) -> bool {
    row(&BEFORE, byte) != 0
}

/// Whether a beginning may be broken where a word ends.
pub(super) fn may_break(text: &[u8], end: usize) -> bool {
    let last = end.checked_sub(1).and_then(|at| text.get(at));
    last.is_some_and(|byte| may_go_on(*byte) || matches!(byte, b'=' | b'\\'))
}
