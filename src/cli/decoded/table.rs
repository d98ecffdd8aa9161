//! A table of names, values and notes, in as many columns as the stream has.

use std::io::{self, Write};

use crate::cli::columns::{fold, width, wrapped};
use crate::cli::paint::Paint;
use crate::cli::view;
use crate::text::escape;
use crate::token::json::Json;

/// How many rows of a table are shown to a person.
const MOST_ROWS: usize = 10_000;

/// Names and values up to this many bytes are aligned with others.
const LINED_UP: usize = 1024;

/// The widest name, and the widest value with a note, behind which others line up: a UUID does, and where there
/// is room most URLs do.
const WIDEST_NAME: usize = 28;
const WIDEST_VALUE: usize = 36;
const WIDEST_VALUE_OF_WIDE: usize = 64;
const WIDE: usize = 120;

/// How wide a time is: the names leave room for it beside them.
const TIME: usize = "2026-11-28 10:07:10 UTC".len();

/// The gap between a name and its value, and between the value and a note.
const GAP: usize = 3;
const NOTE_GAP: &str = "    ";

/// A name, its value, and the notes beside it.
pub(super) struct Row<'a> {
    pub(super) label: Label<'a>,
    pub(super) value: Value<'a>,
    pub(super) notes: Notes,
}

/// A name in its place.
#[derive(Clone, Copy, Default)]
pub(super) struct Label<'a> {
    /// The number of objects around it.
    pub(super) depth: usize,
    /// The text in front of it.
    pub(super) lead: &'static str,
    pub(super) name: &'a str,
}

/// A value.
pub(super) enum Value<'a> {
    Json(Json<'a>),
    /// One of a list, with the width of the widest of them.
    Item(Json<'a>, usize),
    Words(String),
    /// Its content stands in the rows below.
    Nothing,
}

/// The notes beside a value.
#[derive(Default)]
pub(super) struct Notes {
    /// An explanation that a reader may know already: it is left out if there is no room.
    pub(super) explains: Option<&'static str>,
    /// The notes that are always shown.
    pub(super) says: Vec<String>,
}

/// Where notes are put.
enum NotesPlace {
    /// On the line of the value, behind so many spaces.
    Beside(usize, String),
    /// On the next line.
    Below(String),
}

/// Takes a row of a table.
pub(super) type Each<'e> = dyn FnMut(&Row<'_>) -> io::Result<()> + 'e;

/// Writes a table under its title. The rows are walked twice: they are measured before one is written.
pub(super) fn section(
    title: &str,
    paint: Paint,
    rows: &dyn Fn(&mut Each<'_>) -> io::Result<()>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut layout = Layout::new(paint);
    let mut count = 0_usize;
    rows(&mut |row| {
        count = count.saturating_add(1);
        if count <= MOST_ROWS {
            layout.measure(row);
        }
        Ok(())
    })?;
    writeln!(out, "{}", paint.bold(title))?;
    let mut left = MOST_ROWS;
    rows(&mut |row| match left.checked_sub(1) {
        Some(fewer) => {
            left = fewer;
            layout.write(row, out)
        }
        None => Ok(()),
    })?;
    match count.saturating_sub(MOST_ROWS) {
        _ if count == 0 => writeln!(out, "  (none)"),
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, which `--json` prints"),
    }
}

/// Where the columns of a table are.
struct Layout {
    paint: Paint,
    names: usize,
    values: usize,
    /// The widest note that is always shown.
    says: usize,
}

impl Layout {
    fn new(paint: Paint) -> Self {
        Layout {
            paint,
            names: 0,
            values: 0,
            says: 0,
        }
    }

    fn measure(&mut self, row: &Row<'_>) {
        let columns = self.paint.columns();
        let room = columns.map(|columns| {
            let beside_a_time = columns.saturating_sub(TIME.saturating_add(GAP).saturating_add(2));
            (columns.saturating_mul(2) / 5).min(beside_a_time)
        });
        let name = row.label.width();
        if name <= room.unwrap_or(WIDEST_NAME).min(WIDEST_NAME) {
            self.names = self.names.max(name);
        }
        let widest = match columns {
            Some(WIDE..) => WIDEST_VALUE_OF_WIDE,
            _ => WIDEST_VALUE,
        };
        let value = row.value.width();
        if value <= widest && !row.notes.is_empty() {
            self.values = self.values.max(value);
        }
        self.says = self.says.max(width(&row.notes.says.join(NOTE_GAP)));
    }

    fn write(&self, row: &Row<'_>, out: &mut impl Write) -> io::Result<()> {
        row.label.write(self.paint, out)?;
        let label = row.label.width();
        let is_below = matches!(row.value, Value::Nothing);
        let names = label.max(self.names);
        let gap = names.saturating_sub(label).saturating_add(GAP);
        let at = names.saturating_add(2).saturating_add(GAP);
        // Where one of a list does not fit, none of them is in the column.
        let end = at.saturating_add(row.value.widest());
        match self.paint.columns() {
            // A name that is too wide keeps its value beside it only if lines have no limit.
            Some(columns) if end > columns || label > self.names && !is_below => {
                return self.write_folded(row, columns, out);
            }
            _ => {}
        }
        let notes = self.place_notes(&row.notes, at, row.value.width());
        if !is_below || matches!(notes, Some(NotesPlace::Beside(..))) {
            write!(out, "{}", " ".repeat(gap))?;
        }
        row.value.write(out)?;
        match notes {
            None => writeln!(out),
            Some(NotesPlace::Beside(pad, text)) => writeln!(
                out,
                "{}{NOTE_GAP}{}",
                " ".repeat(pad),
                self.paint.dim(&text)
            ),
            Some(NotesPlace::Below(text)) => {
                writeln!(out)?;
                self.write_below(&text, at, out)
            }
        }
    }

    /// Writes notes on lines of their own.
    fn write_below(&self, notes: &str, at: usize, out: &mut impl Write) -> io::Result<()> {
        wrapped(notes, at, self.paint.columns())
            .into_iter()
            .try_for_each(|line| writeln!(out, "{}{}", " ".repeat(at), self.paint.dim(line)))
    }

    /// Writes the rest of a row whose value goes below its name: it is too wide, or the name is.
    fn write_folded(&self, row: &Row<'_>, columns: usize, out: &mut impl Write) -> io::Result<()> {
        let column = self.names.saturating_add(2).saturating_add(GAP);
        let indent = row.label.indent();
        let (at, lead) = match row.value {
            Value::Item(..) if column.saturating_add(row.value.widest()) <= columns => {
                (column, "- ")
            }
            Value::Item(..) => (indent.saturating_add(2), "- "),
            _ => (indent.saturating_add(2), ""),
        };
        let pad = |to: usize| " ".repeat(to);
        match row.value {
            // One of a list without a name is not the first one.
            Value::Item(..) if row.label.name.is_empty() => {
                write!(out, "{}{lead}", pad(at.saturating_sub(indent)))?;
            }
            _ => write!(out, "\n{}{lead}", pad(at))?,
        }
        let under = at.saturating_add(lead.len());
        let mut is_first = true;
        row.value.fold(columns.saturating_sub(under), |line| {
            let before = if is_first { 0 } else { under };
            is_first = false;
            writeln!(out, "{}{line}", pad(before))
        })?;
        let says = row.notes.says.join(NOTE_GAP);
        match says.is_empty() {
            true => Ok(()),
            false => self.write_below(&says, under, out),
        }
    }

    /// Where the notes are put: in their column if they can, or below the value.
    fn place_notes(&self, notes: &Notes, at: usize, value: usize) -> Option<NotesPlace> {
        let explains = notes.explains.filter(|_| value <= self.values);
        let explains = explains.map(str::to_owned).into_iter();
        let text: Vec<String> = explains.chain(notes.says.iter().cloned()).collect();
        let text = text.join(NOTE_GAP);
        if text.is_empty() {
            return None;
        }
        let column = self.values.max(value).saturating_sub(value);
        let fits = |pad: usize, text: usize| {
            let end = [at, value, pad, NOTE_GAP.len(), text];
            let end = end.into_iter().fold(0, usize::saturating_add);
            self.paint.columns().is_none_or(|columns| end <= columns)
        };
        // These notes stand in their column if all of them fit there.
        let pad = match notes.says.is_empty() || fits(column, self.says) {
            true => column,
            false => 0,
        };
        match fits(pad, width(&text)) {
            true => Some(NotesPlace::Beside(pad, text)),
            // An explanation stands in its column, or is left out.
            false => (!notes.says.is_empty()).then_some(NotesPlace::Below(text)),
        }
    }
}

impl Label<'_> {
    /// The columns in front of it.
    fn indent(self) -> usize {
        self.depth.saturating_mul(2).saturating_add(2)
    }

    /// How wide it is in the column of the names.
    fn width(self) -> usize {
        let name = match self.name.len() {
            ..=LINED_UP => width(&escape::terminal(self.name)),
            longer => longer,
        };
        let before = self.depth.saturating_mul(2).saturating_add(self.lead.len());
        before.saturating_add(name)
    }

    fn write(self, paint: Paint, out: &mut impl Write) -> io::Result<()> {
        let indent = self.indent();
        write!(out, "{}{}", " ".repeat(indent), self.lead)?;
        match (self.name.len(), paint.columns()) {
            (0, _) => Ok(()),
            (1..=LINED_UP, Some(columns)) => {
                let before = indent.saturating_add(self.lead.len());
                let mut gap = String::new();
                fold(self.name, columns.saturating_sub(before), |line| {
                    write!(out, "{gap}{}", paint.cyan(line))?;
                    gap = format!("\n{}", " ".repeat(before));
                    Ok(())
                })
            }
            (1..=LINED_UP, None) => write!(out, "{}", paint.cyan(&escape::terminal(self.name))),
            _ => write_safe(self.name, out),
        }
    }
}

impl Notes {
    /// The explanation of a name.
    pub(super) fn explaining(explains: Option<&'static str>) -> Self {
        Notes {
            explains,
            says: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.explains.is_none() && self.says.is_empty()
    }
}

impl Value<'_> {
    fn width(&self) -> usize {
        match self {
            Value::Json(value) => width_of(*value),
            Value::Item(value, _) => width_of(*value).saturating_add(2),
            Value::Words(words) => width(words),
            Value::Nothing => 0,
        }
    }

    /// How much room it needs: one of a list as much as any of them.
    fn widest(&self) -> usize {
        match self {
            Value::Item(_, widest) => widest.saturating_add(2),
            _ => self.width(),
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let json = match self {
            Value::Json(json) => json,
            Value::Item(json, _) => {
                out.write_all(b"- ")?;
                json
            }
            Value::Words(words) => return out.write_all(words.as_bytes()),
            Value::Nothing => return Ok(()),
        };
        match json.as_str() {
            Some(text) if view::needs_quotes(&text) => {
                out.write_all(b"\"")?;
                write_safe(&text, out)?;
                out.write_all(b"\"")
            }
            Some(text) => write_safe(&text, out),
            None => write_safe(&json.compact(), out),
        }
    }

    /// Passes on the lines of a value that is too long for one line.
    fn fold(&self, room: usize, line: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        match self {
            Value::Json(json) | Value::Item(json, _) => match json.as_str() {
                Some(text) if view::needs_quotes(&text) => fold(&format!("\"{text}\""), room, line),
                Some(text) => fold(&text, room, line),
                None => fold(&json.compact(), room, line),
            },
            Value::Words(words) => fold(words, room, line),
            Value::Nothing => Ok(()),
        }
    }
}

/// How wide a value is in one line.
pub(super) fn width_of(json: Json<'_>) -> usize {
    match json.text().len() {
        ..=LINED_UP => width(&view::shown(json)),
        longer => longer,
    }
}

/// Writes a text that may be large, safe for a terminal.
pub(super) fn write_safe(text: &str, out: &mut impl Write) -> io::Result<()> {
    escape::blocks(text).try_for_each(|part| out.write_all(escape::terminal(part).as_bytes()))
}
