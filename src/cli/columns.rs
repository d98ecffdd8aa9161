//! How wide texts are on a terminal, where a character may take two columns or none.

use unicode_width::UnicodeWidthStr as _;

/// Nothing that is lined up with others is longer, in bytes.
const LONGEST: usize = 1024;

/// The columns that a text takes, which has nothing to escape; of a very long one only that it is wide.
pub(super) fn width(text: &str) -> usize {
    match text.len() {
        ..=LONGEST => text.width(),
        longer => longer,
    }
}

/// The spaces that fill a text up to so many columns.
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

#[cfg(test)]
mod tests {
    use super::*;

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
