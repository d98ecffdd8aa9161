//! Where something stands in JSON text.

use std::ops::Range;

/// Where a part of a text stands; it takes half the memory of a range.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Part {
    /// No text is too long for this.
    pub(super) fn of(range: Range<usize>) -> Self {
        let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Part {
            start: narrow(range.start),
            end: narrow(range.end),
        }
    }

    pub(super) fn range(self) -> Range<usize> {
        let wide = |at| usize::try_from(at).unwrap_or(usize::MAX);
        wide(self.start)..wide(self.end)
    }

    pub(super) fn in_text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// What stands between the quotes of a string.
#[derive(Clone, Copy)]
pub(super) struct Quoted<'a> {
    pub(super) text: &'a str,
    pub(super) escaped: bool,
}
