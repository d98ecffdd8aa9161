//! A place in a text, as a person counts lines and characters.

use memchr::{memchr_iter, memrchr};

use crate::token::find::SHORT;

/// How many bytes of a text are of a kind. They are counted in blocks whose count fits into a byte,
/// so that many bytes are counted at once.
fn count(text: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let blocks = text.chunks(240);
    let of_block = |block: &[u8]| block.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    blocks.map(|block| usize::from(of_block(block))).sum()
}

/// The line of a place in a text.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::cli) struct Lines {
    before: u64,
    /// Whether a long text was passed.
    is_long: bool,
}

impl Lines {
    /// Moves past a text that begins here; tells whether a line ends in it.
    pub(in crate::cli) fn pass(&mut self, text: &[u8]) -> bool {
        // Asking the processor for its wide instructions is worthwhile only for long texts.
        self.is_long |= text.len() >= SHORT;
        let lines = match !self.is_long {
            true => count(text, |byte| byte == b'\n'),
            false => memchr_iter(b'\n', text).count(),
        };
        let lines = u64::try_from(lines).unwrap_or(u64::MAX);
        self.before = self.before.saturating_add(lines);
        lines > 0
    }

    /// The last line break of a text that was passed.
    fn last_break(self, text: &[u8]) -> Option<usize> {
        match !self.is_long {
            true => text.iter().rposition(|byte| *byte == b'\n'),
            false => memrchr(b'\n', text),
        }
    }

    /// The line, from 1.
    pub(in crate::cli) fn line(self) -> u64 {
        self.before.saturating_add(1)
    }
}

/// A place in a text, as people count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    pub(super) lines: Lines,
    /// The characters before it in its line.
    characters: u64,
}

impl Cursor {
    /// Moves past a text that begins here.
    pub(super) fn pass(&mut self, text: &[u8]) {
        let mut tail = text;
        if self.lines.pass(text) {
            let last = self.lines.last_break(text);
            let behind = last.map_or(0, |last| last.saturating_add(1));
            tail = text.get(behind..).unwrap_or_default();
            self.characters = 0;
        }
        // Continuation bytes of UTF-8 do not count.
        let begins = count(tail, |byte| byte & 0xC0 != 0x80);
        let begins = u64::try_from(begins).unwrap_or(u64::MAX);
        self.characters = self.characters.saturating_add(begins);
    }

    /// The character in the line, from 1.
    pub(super) fn column(self) -> u64 {
        self.characters.saturating_add(1)
    }
}
