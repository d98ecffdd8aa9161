//! How wide texts are on a terminal, where a character may take two columns or none.

use std::io;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::text::escape;

/// The longest text that is aligned with others, in bytes.
const LONGEST: usize = 1024;

/// The columns that a text without escapes takes; for a very long one, only that it is wide.
pub(super) fn width(text: &str) -> usize {
    match text.len() {
        ..=LONGEST => text.width(),
        longer => longer,
    }
}

/// The spaces that fill a text up to `to` columns.
pub(super) fn padding(text: &str, to: usize) -> String {
    " ".repeat(to.saturating_sub(width(text)))
}

/// The columns of the terminal on standard error; 80 where it does not say.
pub(super) fn of_stderr() -> usize {
    #[cfg(unix)]
    let columns = rustix::termios::tcgetwinsize(rustix::stdio::stderr())
        .ok()
        .map(|size| usize::from(size.ws_col));
    #[cfg(not(unix))]
    let columns = None;
    columns.filter(|columns| *columns > 0).unwrap_or(80)
}

/// A text in lines of words. No line is longer than the columns without `indent`, if their number is known. A
/// text in backticks is one word of any length: it may be a command, and if the terminal breaks it, it can
/// still be copied whole.
pub(super) fn wrapped(text: &str, indent: usize, columns: Option<usize>) -> Vec<&str> {
    let Some(room) = columns.map(|columns| columns.saturating_sub(indent)) else {
        return vec![text];
    };
    let (mut lines, mut start, mut used) = (Vec::new(), 0, 0_usize);
    let mut at = 0_usize;
    for word in words(text) {
        let columns = width(word.trim_end());
        if used > 0 && used.saturating_add(columns) > room {
            lines.push(text.get(start..at).unwrap_or_default().trim_end());
            (start, used) = (at, 0);
        }
        used = used.saturating_add(width(word));
        at = at.saturating_add(word.len());
    }
    lines.push(text.get(start..).unwrap_or_default());
    lines
}

/// The words of a text, each with the space after it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut is_quoted = false;
        let end = rest.char_indices().find_map(|(at, c)| {
            is_quoted ^= c == '`';
            (c == ' ' && !is_quoted).then(|| at.saturating_add(1))
        });
        let (word, more) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = more;
        (!word.is_empty()).then_some(word)
    })
}

/// Passes on a text in lines of a number of columns, safe for a terminal. A line ends after a space or else
/// another separating character, if one is in its second half. The text may be large.
pub(super) fn fold(
    text: &str,
    room: usize,
    mut line: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    const PARTS: &str = "/,:;&?=|@_-.";
    let mut buffer = String::new();
    // The columns in use, and where the line may end, after a word or after a part: in bytes, and in columns.
    let (mut used, mut word, mut part) = (0_usize, (0, 0_usize), (0, 0_usize));
    for block in escape::blocks(text) {
        for c in escape::terminal(block).chars() {
            let columns = c.width().unwrap_or(0);
            if used.saturating_add(columns) > room && !buffer.is_empty() {
                let ends = [word, part].into_iter();
                let mut late = ends.filter(|(_, columns)| *columns > room / 2);
                let (end, end_used) = late.next().unwrap_or((buffer.len(), used));
                line(buffer.get(..end).unwrap_or_default())?;
                buffer.drain(..end);
                used = used.saturating_sub(end_used);
                [word, part] = [word, part].map(|(at, columns)| {
                    (at.saturating_sub(end), columns.saturating_sub(end_used))
                });
            }
            buffer.push(c);
            used = used.saturating_add(columns);
            match c {
                ' ' => word = (buffer.len(), used),
                _ if PARTS.contains(c) => part = (buffer.len(), used),
                _ => {}
            }
        }
    }
    line(&buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_breaks_between_words_and_never_in_a_command() {
        let text = "one two `a command of words` three";
        assert_eq!(wrapped(text, 4, None), [text]);
        assert_eq!(
            wrapped(text, 30, Some(40)),
            ["one two", "`a command of words`", "three"]
        );
        assert_eq!(wrapped("", 4, Some(40)), [""]);
        assert_eq!(
            wrapped("日本 日本 日本", 31, Some(40)),
            ["日本 日本", "日本"]
        );
        let quote = "an ` alone is no end of a line";
        assert_eq!(
            wrapped(quote, 30, Some(40)).concat(),
            quote.replace("an `", "an`")
        );
    }

    #[test]
    fn a_long_value_is_folded_where_it_has_parts() {
        let folded = |text: &str, room| {
            let mut lines = Vec::new();
            fold(text, room, |line| {
                lines.push(line.to_owned());
                Ok(())
            })
            .unwrap();
            lines
        };
        assert_eq!(
            folded("https://id.example/a/b", 12),
            ["https://id.", "example/a/b"]
        );
        assert_eq!(
            folded("profile read:all write:all", 20),
            ["profile read:all ", "write:all"]
        );
        assert_eq!(
            folded("a b.example.com/path", 12),
            ["a b.example.", "com/path"]
        );
        assert_eq!(folded("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(folded("日本語日本語", 5), ["日本", "語日", "本語"]);
        assert_eq!(
            folded("e\u{301}e\u{301}e\u{301}", 2),
            ["e\u{301}e\u{301}", "e\u{301}"]
        );
        assert_eq!(folded("a\u{1b}[31m", 40), ["a\\u001b[31m"]);
        assert_eq!(folded("", 4), [""]);
        let long = "x".repeat(1_000_000);
        let lines = folded(&long, 80);
        assert_eq!((lines.len(), lines.concat()), (12_500, long));
    }

    #[test]
    fn a_character_takes_the_columns_that_a_terminal_gives_it() {
        for (text, columns) in [
            ("", 0),
            ("alice", 5),
            ("日本語", 6),
            ("한국", 4),
            ("e\u{301}", 1),
            ("Ｂ", 2),
            ("👩\u{200d}👩\u{200d}👧", 2),
            ("❤\u{fe0f}", 2),
            ("…", 1),
        ] {
            assert_eq!(width(text), columns, "{text}");
            assert_eq!(padding(text, columns + 3), "   ");
            assert_eq!(padding(text, 0), "");
        }
        assert!(width(&"é".repeat(1_000_000)) > LONGEST);
    }
}
