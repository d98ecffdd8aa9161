//! The one writer of JSON: it escapes everything that a terminal could misread, in every text.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::text::escape;

/// A value as a line.
pub(super) fn line(value: &impl Serialize) -> String {
    // Serializing strings, numbers and checked JSON text cannot fail.
    let mut json = serde_json::to_string(value).unwrap_or_default();
    if let Cow::Owned(safe) = escape::json(&json) {
        json = safe;
    }
    json.push('\n');
    json
}

/// Writes a value as a line; a large one is not put together first.
pub(super) fn write(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(Safe(&mut *out), value)?;
    out.write_all(b"\n")
}

/// Appends the members of an object, which are written as JSON, and the end of its line to a buffer that ends
/// in its brace.
pub(super) fn push_members(
    out: &mut Vec<u8>,
    members: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) {
    let start = out.len();
    // Writing strings, numbers and checked JSON text to a vector cannot fail.
    let _ = members(out);
    let json = out.get(start..).map(str::from_utf8);
    if let Some(Ok(json)) = json
        && let Cow::Owned(safe) = escape::json(json)
    {
        out.truncate(start);
        out.extend_from_slice(safe.as_bytes());
    }
    out.extend_from_slice(b"}\n");
}

/// Writes the same.
pub(super) fn write_members<W: Write>(
    out: &mut W,
    members: impl FnOnce(&mut Safe<'_, W>) -> io::Result<()>,
) -> io::Result<()> {
    members(&mut Safe(&mut *out))?;
    out.write_all(b"}\n")
}

/// Writes a member behind others. Its name is one of our own and has nothing to escape: to look for that would
/// take as long as the value.
pub(super) fn member(name: &str, value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b",\"")?;
    out.write_all(name.as_bytes())?;
    out.write_all(b"\":")?;
    serde_json::to_writer(out, value)?;
    Ok(())
}

/// Escapes the text that goes through; each part has whole characters.
pub(super) struct Safe<'a, W>(&'a mut W);

impl<W: Write> Write for Safe<'_, W> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.write_all(part).map(|()| part.len())
    }

    fn write_all(&mut self, part: &[u8]) -> io::Result<()> {
        let text = std::str::from_utf8(part).map_err(io::Error::other)?;
        escape::blocks(text).try_for_each(|block| self.0.write_all(escape::json(block).as_bytes()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A text as a JSON string.
pub(super) fn string(text: &str) -> String {
    let mut json = line(&text);
    json.truncate(json.trim_end().len());
    json
}

/// The line of a batch that an object is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'f> {
    /// The file that it is in, where there are several: its name as JSON.
    pub(super) file: Option<&'f str>,
    /// Its number, from 1.
    pub(super) line: u64,
}

impl Origin<'_> {
    /// Appends the beginning of an object with it to a buffer.
    pub(super) fn push(self, out: &mut Vec<u8>) {
        out.push(b'{');
        if let Some(file) = self.file {
            out.extend_from_slice(b"\"file\":");
            out.extend_from_slice(file.as_bytes());
            out.push(b',');
        }
        out.extend_from_slice(b"\"line\":");
        push_number(self.line, out);
        out.push(b',');
    }

    /// Puts it at the front of an object from [`line`].
    pub(super) fn in_front_of(self, object: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(object.len().saturating_add(64));
        self.push(&mut out);
        out.extend_from_slice(object.strip_prefix('{').unwrap_or_default().as_bytes());
        out
    }
}

/// JSON that is already checked or complete, such as a key, as a line.
pub(super) fn line_of(json: &str) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(json.len().saturating_add(1)));
    line.push_str(&Zeroizing::new(escape::json(json).into_owned()));
    line.push('\n');
    line
}

/// The same within a line, at the end of a buffer.
pub(super) fn push(json: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(escape::json(json).as_bytes());
}

/// A number within a line, at the end of a buffer.
fn push_number(number: u64, out: &mut Vec<u8>) {
    // Writing a number to a vector cannot fail, and `write!` takes three times as long.
    let _ = serde_json::to_writer(out, &number);
}
