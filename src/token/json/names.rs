//! Names that one object has twice: programs read such JSON differently.

use crate::token::json::part::{Part, Quoted};
use crate::token::json::unescape::unescape;

/// Up to this many names of one object are compared pair by pair; more are sorted.
const FEW_NAMES: usize = 16;

/// The names of one object, as far as they have been read.
#[derive(Default)]
pub(super) struct Names {
    few: [Part; FEW_NAMES],
    count: usize,
    escaped: bool,
    /// A bit for each kind of name that was met: a name of another kind is a new one.
    kinds: u64,
    /// Where the names after the first few stand.
    more: Vec<Part>,
}

impl Names {
    /// Takes the next name, which begins at a place in the text; tells whether it is already known to
    /// be a repeated one.
    pub(super) fn repeats(&mut self, name: Quoted<'_>, start: usize, text: &str) -> bool {
        self.escaped |= name.escaped;
        let part = Part::of(start..start.saturating_add(name.text.len()));
        if self.count == FEW_NAMES {
            self.more.push(part);
            return false;
        }
        let kind = kind(name.text);
        let few = self.few.get(..self.count).unwrap_or_default();
        let mut few = few.iter().map(|few| few.in_text(text));
        let repeated = match self.escaped {
            false => self.kinds & kind != 0 && few.any(|few| few == name.text),
            true => few.any(|few| unescape(few) == unescape(name.text)),
        };
        self.kinds |= kind;
        if let Some(free) = self.few.get_mut(self.count) {
            *free = part;
            self.count = self.count.saturating_add(1);
        }
        repeated
    }

    /// The first repeated name after the first few. They are sorted where they stand, which takes
    /// less memory than a set.
    pub(super) fn repeated(&mut self, text: &str) -> Option<String> {
        match self.more.is_empty() {
            true => None,
            false => self.repeated_of_many(text),
        }
    }

    #[cold]
    fn repeated_of_many(&mut self, text: &str) -> Option<String> {
        let name = |part: &Part| unescape(part.in_text(text));
        match self.escaped {
            true => self
                .more
                .sort_unstable_by_key(|part| (name(part), part.start)),
            false => self
                .more
                .sort_unstable_by_key(|part| (part.in_text(text), part.start)),
        }
        let twice = self.more.windows(2).filter_map(|pair| match pair {
            [one, next] => (name(one) == name(next)).then_some(next),
            _ => None,
        });
        let again = self.few.iter().filter_map(|few| {
            let few = unescape(few.in_text(text));
            let place = self.more.partition_point(|part| name(part) < few);
            self.more.get(place).filter(|part| name(part) == few)
        });
        let first = twice.chain(again).min_by_key(|part| part.start)?;
        Some(name(first).into_owned())
    }
}

/// One bit of 64, by the length and the ends of a name.
pub(super) fn kind(name: &str) -> u64 {
    let (first, last) = match name.as_bytes() {
        [first, .., last] => (*first, *last),
        [only] => (*only, *only),
        [] => (0, 0),
    };
    let mixed = usize::from(first)
        .wrapping_mul(7)
        .wrapping_add(usize::from(last).wrapping_mul(31))
        .wrapping_add(name.len().wrapping_mul(13));
    1 << (mixed & 63)
}
