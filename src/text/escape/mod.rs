//! Text that a terminal cannot misread.
//!
//! Whoever wrote a token chose its text, and may have chosen characters that move the cursor, reverse the
//! line or cannot be seen. Here they become `\uXXXX`, so that a reader sees what is there.

use std::borrow::Cow;
use std::fmt::Write;

/// First and last character of a range, both included.
type Range = (char, char);

/// Characters that act on a terminal or do not show, wherever they stand.
const UNSAFE: &[Range] = &[
    ('\0', '\u{1F}'),           // C0
    ('\u{7F}', '\u{9F}'),       // DEL, C1
    ('\u{AD}', '\u{AD}'),       // soft hyphen
    ('\u{34F}', '\u{34F}'),     // combining grapheme joiner
    ('\u{61C}', '\u{61C}'),     // Arabic letter mark
    ('\u{115F}', '\u{1160}'),   // Hangul fillers
    ('\u{17B4}', '\u{17B5}'),   // Khmer vowels that are never drawn
    ('\u{180E}', '\u{180E}'),   // Mongolian vowel separator
    ('\u{200B}', '\u{200B}'),   // zero width space
    ('\u{200E}', '\u{200F}'),   // left-to-right and right-to-left mark
    ('\u{2028}', '\u{202E}'),   // line and paragraph separator, bidi embeddings and overrides
    ('\u{2060}', '\u{206F}'),   // word joiner, invisible operators, bidi isolates
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{FDD0}', '\u{FDEF}'),   // noncharacters
    ('\u{FEFF}', '\u{FEFF}'),   // byte order mark
    ('\u{FFA0}', '\u{FFA0}'),   // halfwidth Hangul filler
    ('\u{FFF0}', '\u{FFFB}'),   // interlinear annotation, and its unassigned, unseen neighbours
    ('\u{13430}', '\u{1343F}'), // Egyptian hieroglyph format controls
    ('\u{16FE4}', '\u{16FE4}'), // Khitan filler
    ('\u{1BCA0}', '\u{1BCA3}'), // shorthand format controls
    ('\u{1D173}', '\u{1D17A}'), // musical format controls
    ('\u{E0000}', '\u{E0FFF}'), // tags and supplementary variation selectors: both can hold hidden text
];

/// Zero width joiner and non-joiner.
const JOINERS: &[Range] = &[('\u{200C}', '\u{200D}')];

/// Variation selectors: they choose how the character before them is drawn, as U+FE0F does for emoji.
const SELECTORS: &[Range] = &[
    ('\u{180B}', '\u{180D}'), // Mongolian
    ('\u{180F}', '\u{180F}'),
    ('\u{FE00}', '\u{FE0F}'),
];

/// Marks that sit on a character and leave it the neighbour of what follows.
const MARKS: &[Range] = &[
    ('\u{300}', '\u{36F}'),   // diacritics
    ('\u{20D0}', '\u{20FF}'), // marks for symbols, keycap among them
];

/// Characters that a joiner may stand between: emoji, and scripts whose letters change shape beside other
/// letters.
const JOINED: &[Range] = &[
    ('\u{600}', '\u{77F}'),     // Arabic, Syriac
    ('\u{7C0}', '\u{7FF}'),     // N'Ko
    ('\u{840}', '\u{DFF}'),     // Mandaic, Arabic, and the Indic scripts from Devanagari to Sinhala
    ('\u{F00}', '\u{109F}'),    // Tibetan, Myanmar
    ('\u{1780}', '\u{18AF}'),   // Khmer, Mongolian
    ('\u{1B00}', '\u{1BBF}'),   // Balinese, Sundanese
    ('\u{1CD0}', '\u{1CFF}'),   // Vedic signs
    ('\u{2194}', '\u{2195}'),   // arrows of the shaking and nodding heads
    ('\u{2600}', '\u{27BF}'),   // symbols and dingbats
    ('\u{2B00}', '\u{2BFF}'),   // arrows and squares
    ('\u{A840}', '\u{A87F}'),   // Phags-pa
    ('\u{A8E0}', '\u{A8FF}'),   // Devanagari
    ('\u{A980}', '\u{A9FF}'),   // Javanese, Myanmar
    ('\u{AA60}', '\u{AA7F}'),   // Myanmar
    ('\u{10D00}', '\u{10D3F}'), // Hanifi Rohingya
    ('\u{11000}', '\u{11FFF}'), // Brahmi and the scripts that descend from it
    ('\u{1E900}', '\u{1E95F}'), // Adlam
    ('\u{1F300}', '\u{1FAFF}'), // emoji
];

/// The text as it may stand in a line of a terminal: what could be misread becomes `\n`, `\r`, `\t` or
/// `\uXXXX` (a surrogate pair above U+FFFF, as in JSON), so no text can forge a line.
///
/// A backslash stays single, since this text is for reading (a Windows path, a regular expression) and only
/// `--json` is exact.
#[must_use]
pub fn terminal(text: &str) -> Cow<'_, str> {
    rewrite(text, |_| true)
}

/// JSON text, or the inside of a JSON string that is already escaped, with `\uXXXX` in place of what a
/// terminal could misread: it parses to the same value (RFC 8259 section 7).
///
/// C0 stays: it cannot stand inside a JSON string, and outside of one it is white space.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    rewrite(text, |c| c >= ' ')
}

/// Whether nothing in the text needs escaping, so that it may be printed bare.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    is_printable_ascii(text) || judged(text).all(|(_, misread)| !misread)
}

/// The text in parts that can be made safe one after the other, which takes less memory than a large text at
/// once. No part ends beside a character that is judged by its neighbours.
pub fn blocks(text: &str) -> impl Iterator<Item = &str> {
    const BLOCK: usize = 16 << 10;
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = BLOCK.min(rest.len());
        while end < rest.len() && !is_boundary(rest, end) {
            end = end.saturating_add(1);
        }
        let (block, after) = rest.split_at_checked(end)?;
        rest = after;
        (!block.is_empty()).then_some(block)
    })
}

/// Whether a text may be cut there.
fn is_boundary(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else {
        return false;
    };
    let alone = |c: char| !is_unseen(c) && !within(c, MARKS);
    before.chars().next_back().is_none_or(alone) && after.chars().next().is_none_or(alone)
}

/// As [`terminal`], cut to at most `most` characters, with `…` where there were more.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    short(text, most).into_owned()
}

/// As [`shorten`], borrowed where nothing changes.
#[must_use]
pub fn short(text: &str, most: usize) -> Cow<'_, str> {
    let end = match text.len() > most {
        true => text.char_indices().nth(most),
        false => None,
    };
    match end {
        Some((end, _)) => format!("{}…", terminal(text.get(..end).unwrap_or_default())).into(),
        None => terminal(text),
    }
}

/// As [`terminal`], cut to at most `most` characters, with `…` in place of the middle of a longer text: names
/// that begin or end alike can still be told apart.
#[must_use]
pub fn middle(text: &str, most: usize) -> Cow<'_, str> {
    let count = match text.len() > most {
        true => text.chars().count(),
        false => 0,
    };
    if count <= most {
        return terminal(text);
    }
    let half = most / 2;
    let place = |n: usize| {
        text.char_indices()
            .nth(n)
            .map_or(text.len(), |(place, _)| place)
    };
    let front = text.get(..place(half)).unwrap_or_default();
    let back = text
        .get(place(count.saturating_sub(half))..)
        .unwrap_or_default();
    format!("{}…{}", terminal(front), terminal(back)).into()
}

/// How many characters of a name, such as a `kid` or an algorithm, are shown.
pub const NAME: usize = 200;

fn rewrite(text: &str, in_scope: impl Fn(char) -> bool) -> Cow<'_, str> {
    if is_printable_ascii(text) || !judged(text).any(|(c, misread)| misread && in_scope(c)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len().saturating_add(16));
    for (c, misread) in judged(text) {
        if misread && in_scope(c) {
            push_escaped(&mut safe, c);
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

fn push_escaped(safe: &mut String, c: char) {
    match c {
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        _ => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
}

fn is_printable_ascii(text: &str) -> bool {
    // In blocks without an early exit, which compilers turn into wide instructions.
    let printable = |all, byte: &u8| all & matches!(byte, b' '..=b'~');
    let (blocks, rest) = text.as_bytes().as_chunks::<64>();
    blocks
        .iter()
        .all(|block| block.iter().fold(true, printable))
        && rest.iter().fold(true, printable)
}

/// Each character, and whether a terminal could misread it where it stands.
fn judged(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut rest = text.chars();
    let mut before = Before::default();
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let misread = before.is_misread(c, rest.clone().next());
        before.pass(c, misread);
        Some((c, misread))
    })
}

/// What stands before a character, once it is written. A character that was escaped does not count: its
/// escape ends in an ASCII letter or digit, after which neither a joiner nor a selector belongs.
#[derive(Default)]
struct Before {
    last: Option<char>,
    /// As `last`, without the marks and selectors that sit on it.
    base: Option<char>,
}

impl Before {
    fn is_misread(&self, c: char, after: Option<char>) -> bool {
        if c.is_ascii() {
            return c.is_ascii_control();
        }
        if within(c, JOINERS) {
            return !(self.base.is_some_and(is_joined) && after.is_some_and(is_joined));
        }
        if within(c, SELECTORS) {
            // After ASCII a selector shows nothing, except in a keycap; a second one in a row never does.
            let keycap = c == '\u{FE0F}' && after == Some('\u{20E3}');
            let chooses = |last: char| keycap || !last.is_ascii();
            return !self
                .last
                .is_some_and(|last| chooses(last) && !is_unseen(last));
        }
        within(c, UNSAFE) || is_noncharacter(c)
    }

    fn pass(&mut self, c: char, escaped: bool) {
        self.last = (!escaped).then_some(c);
        if escaped || !(within(c, MARKS) || within(c, SELECTORS)) {
            self.base = self.last;
        }
    }
}

fn is_joined(c: char) -> bool {
    within(c, JOINED) && !within(c, UNSAFE) && !within(c, SELECTORS)
}

fn is_unseen(c: char) -> bool {
    within(c, JOINERS) || within(c, SELECTORS)
}

/// The last two code points of each plane; those of the first plane's Arabic block are in the table.
fn is_noncharacter(c: char) -> bool {
    u32::from(c) & 0xFFFE == 0xFFFE
}

fn within(c: char, ranges: &[Range]) -> bool {
    ranges
        .iter()
        .any(|&(first, last)| (first..=last).contains(&c))
}

#[cfg(test)]
mod tests;
