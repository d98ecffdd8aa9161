//! Bytes in the output of programs that show every byte: traces of curl, with 64 characters on a
//! line, and hexadecimal dumps.

use std::ops::Range;

use crate::text::hex;

/// The most bytes on one row.
const MAX_ROW: usize = 64;

/// Rows that follow one another.
#[derive(Debug, Default)]
pub(super) struct Dump {
    /// What the rows show.
    pub(super) bytes: Vec<u8>,
    pub(super) rows: Vec<DumpRow>,
    /// Where the text after them begins.
    pub(super) end: usize,
}

/// The bytes that one row shows, and where.
#[derive(Clone, Debug)]
pub(super) struct DumpRow {
    /// Where the line begins.
    line: usize,
    bytes: Range<usize>,
    /// The line after the offset.
    content: Range<usize>,
    /// Whether the bytes stand there as text.
    is_text: bool,
}

/// How far rows could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// To their end.
    Whole,
    /// As far as was wanted.
    Enough,
    /// To the end of the text that is there so far.
    Open,
}

/// A line that begins with an offset.
#[derive(Clone, Debug)]
struct Line {
    offset: u64,
    content: Range<usize>,
    /// Whether only `: ` stands between the two.
    is_close: bool,
    /// Where the next line begins.
    next: usize,
}

/// What a text begins with.
enum Begins {
    Line(Line),
    Other,
    /// That depends on what follows.
    Open,
}

/// Whether a line could be a row, by its first bytes.
pub(super) fn is_row(line: &[u8]) -> bool {
    !matches!(offset(line), Offset::None)
}

/// The same by the first five bytes alone.
pub(super) fn may_be_row(line: [u8; 5]) -> bool {
    match line {
        [b' ' | b'\t', ..] | [b'0', b'x', ..] => true,
        // The last of them rules out most lines.
        [digits @ .., last] => {
            (matches!(last, b':' | b' ') || last.is_ascii_hexdigit())
                && digits.iter().all(u8::is_ascii_hexdigit)
        }
    }
}

enum Offset {
    /// Its value, and where it ends.
    At(u64, usize),
    /// The text may end within it.
    Cut,
    None,
}

/// The offset that a line begins with: four hexadecimal digits or more, after white space or `0x`.
fn offset(line: &[u8]) -> Offset {
    let margin = line
        .iter()
        .take(8)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    let rest = line.get(margin..).unwrap_or_default();
    let prefix = if rest.starts_with(b"0x") { 2 } else { 0 };
    let digits = rest.get(prefix..).unwrap_or_default();
    let count = digits
        .iter()
        .take(16)
        .take_while(|b| b.is_ascii_hexdigit())
        .count();
    if count == digits.len() {
        return match line.len() < 32 {
            true => Offset::Cut,
            false => Offset::None,
        };
    }
    let ends = matches!(digits.get(count), Some(b':' | b' '));
    let text = digits
        .get(..count)
        .and_then(|d| std::str::from_utf8(d).ok());
    let value = text.and_then(|text| u64::from_str_radix(text, 16).ok());
    match value.filter(|_| ends && count >= 4) {
        Some(value) => Offset::At(value, margin.saturating_add(prefix).saturating_add(count)),
        None => Offset::None,
    }
}

fn line(text: &[u8], at: usize, last: bool) -> Begins {
    let rest = text.get(at..).unwrap_or_default();
    let (offset, len) = match offset(rest) {
        Offset::At(offset, len) => (offset, len),
        Offset::Cut if !last => return Begins::Open,
        _ => return Begins::Other,
    };
    let most = rest.len().min(MAX_LINE);
    let within = rest.get(len..most).unwrap_or_default();
    let end = within.iter().position(|byte| *byte == b'\n');
    let (end, next) = match end {
        Some(end) => (end, end.saturating_add(1)),
        None if rest.len() >= MAX_LINE => return Begins::Other,
        None if last => (within.len(), within.len()),
        None => return Begins::Open,
    };
    let within = within.get(..end).unwrap_or_default();
    let within = within.strip_suffix(b"\r").unwrap_or(within);
    let is_close = within.starts_with(b": ");
    let gap = within
        .iter()
        .take(8)
        .take_while(|b| matches!(b, b':' | b' ' | b'\t'))
        .count();
    let gap = if is_close { 2 } else { gap };
    let place = |offset: usize| at.saturating_add(len).saturating_add(offset);
    Begins::Line(Line {
        offset,
        content: place(gap)..place(within.len()),
        is_close,
        next: place(next),
    })
}

/// After a line that stands for repetitions of the row before it: where the next line begins.
fn repeats(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let lines: [&[u8]; 2] = [b"*\n", b"*\r\n"];
    let line = lines.into_iter().find(|line| rest.starts_with(line))?;
    Some(at.saturating_add(line.len()))
}

/// The most bytes that a repetition may stand for; more of the same are not part of a token.
const MAX_REPEATED: usize = 4096;

/// Longer lines are not rows.
const MAX_LINE: usize = 512;

/// Reads rows from the beginning of a line, about `most` bytes of them; `None` where there are
/// fewer than two.
pub(super) fn read(text: &[u8], start: usize, most: usize, last: bool) -> Option<(Dump, End)> {
    let mut dump = Dump::default();
    let mut this = match line(text, start, last) {
        Begins::Line(line) => line,
        Begins::Open => return Some((dump, End::Open)),
        Begins::Other => return None,
    };
    let mut at = start;
    let mut len = None;
    loop {
        let repeats = repeats(text, this.next).filter(|_| len.is_some());
        let (next, end) = match line(text, repeats.unwrap_or(this.next), last) {
            _ if dump.bytes.len() >= most => (None, End::Enough),
            Begins::Line(next) => (Some(next), End::Whole),
            Begins::Open => (None, End::Open),
            Begins::Other => (None, End::Whole),
        };
        let shown = next
            .as_ref()
            .and_then(|next| next.offset.checked_sub(this.offset))
            .and_then(|shown| usize::try_from(shown).ok());
        let (follows, times) = match (repeats, shown, len) {
            (Some(_), Some(shown), Some(len)) if shown <= MAX_REPEATED => {
                let times = shown.checked_div(len).unwrap_or_default();
                let is_exact = times > 0 && shown.is_multiple_of(len);
                (Some(len).filter(|_| is_exact), times)
            }
            (Some(_), ..) => (None, 0),
            (None, ..) => (shown.filter(|len| (1..=MAX_ROW).contains(len)), 1),
        };
        let is_next =
            follows.is_some_and(|len| (0..times).all(|_| dump.push(text, at, &this, len, true)));
        if end == End::Enough || end == End::Open && len.is_none() {
            dump.end = at;
            return match end {
                End::Open => Some((dump, end)),
                _ => len.is_some().then_some((dump, end)),
            };
        }
        if is_next {
            len = follows;
            at = this.next;
            this = next?;
            continue;
        }
        if end == End::Open {
            dump.end = at;
            return Some((dump, end));
        }
        // The last row may be shorter, or be none: then it is looked at like any other line.
        dump.end = match dump.push(text, at, &this, len?, false) {
            true => this.next,
            false => at,
        };
        return Some((dump, End::Whole));
    }
}

impl Dump {
    /// Adds a row, if `len` bytes can be read on it; the last row may have fewer.
    fn push(&mut self, text: &[u8], line: usize, row: &Line, len: usize, exact: bool) -> bool {
        let content = text.get(row.content.clone()).unwrap_or_default();
        let was_text = self.rows.last().map(|row| row.is_text);
        let hex = digits(content, len);
        let is_hex = was_text != Some(true) && !hex.is_empty() && (!exact || hex.len() == len);
        let is_text =
            !is_hex && was_text != Some(false) && row.is_close && (!exact || content.len() == len);
        let shown = match (is_hex, is_text) {
            (true, _) => hex.as_slice(),
            (_, true) => content,
            _ => return false,
        };
        let before = self.bytes.len();
        self.bytes.extend_from_slice(shown);
        self.rows.push(DumpRow {
            line,
            bytes: before..self.bytes.len(),
            content: row.content.clone(),
            is_text,
        });
        true
    }

    /// Where a part of the bytes is shown, row by row; a row in hexadecimal digits counts as a
    /// whole.
    pub(super) fn places(&self, part: &Range<usize>) -> Vec<Range<usize>> {
        let first = self.rows.partition_point(|row| row.bytes.end <= part.start);
        let rows = self.rows.iter().skip(first);
        rows.take_while(|row| row.bytes.start < part.end)
            .map(|row| {
                if !row.is_text {
                    return row.content.clone();
                }
                let from = part.start.saturating_sub(row.bytes.start);
                let to = part.end.min(row.bytes.end).saturating_sub(row.bytes.start);
                let place = |at: usize| row.content.start.saturating_add(at);
                place(from)..place(to)
            })
            .collect()
    }

    /// Where the line that shows a byte begins.
    pub(super) fn line(&self, byte: usize) -> Option<usize> {
        let row = self.rows.partition_point(|row| row.bytes.end <= byte);
        self.rows.get(row).map(|row| row.line)
    }
}

/// Up to `most` bytes that a row shows as pairs of hexadecimal digits, with or without a space
/// after each.
fn digits(content: &[u8], most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = content;
    while bytes.len() < most {
        let gap = rest.iter().take_while(|byte| **byte == b' ').count();
        // In the middle there are two spaces; after more than two, the bytes are shown as text.
        if gap > 2 || gap == 2 && bytes.len() != 8 && !bytes.is_empty() {
            break;
        }
        rest = rest.get(gap..).unwrap_or_default();
        let group = rest.iter().take_while(|byte| **byte != b' ').count();
        let (digits, after) = rest.split_at_checked(group).unwrap_or_default();
        let pairs = digits.chunks_exact(2);
        let values = pairs.clone().map(hex::byte);
        let Some(values) = values.collect::<Option<Vec<u8>>>().filter(|values| {
            !values.is_empty() && pairs.remainder().is_empty() && values.len() <= 8
        }) else {
            break;
        };
        bytes.extend_from_slice(&values);
        rest = after;
    }
    bytes.truncate(most);
    bytes
}
