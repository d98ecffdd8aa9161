//! Searches for the few bytes that every token has near its beginning, many at a time.

use std::sync::OnceLock;

use aho_corasick::Span;
use aho_corasick::packed::{Config, Searcher};
use memchr::memchr_iter;
use memchr::memmem::Finder;

use crate::token::base64url;
use crate::token::find::event;
use crate::token::find::spelling::MAX_LAYERS;

/// In shorter texts every byte is looked at: asking a virtual processor for its wide instructions would take
/// longer.
pub const SHORT: usize = 1 << 14;

/// The beginnings of headers, as they are, in base64 and escaped; and the names of members that mark a token.
///
/// The search looks at eight groups of patterns at once; every eighth pattern of the list goes into the same
/// group. It also stops where bytes fit a group without being one of its patterns. In this order it stops at
/// one byte in some thousand in logs and JSON, and at one in a hundred in base64.
#[rustfmt::skip]
const ANCHORS: &[&str] = &[
    "ZXd", "ew0", "ldz", "%25", "ewk", "V5T", r"\x6", "Al7", "SB7", "gp7", r"\x{", "CXs", "eyJ",
    "&#X", r"\u{", "Q17", "IHs", "&#x", r"\x4", "%65", "eyI", "&#1", "%44", "&#7", "DXs",
    "ciphertext", r"\u004", "V3a", "eyL", "&am", r"\11", "&#6", "iB7", "signature", "g17", "%43",
    "eyA", "V3M", r"\10", "Qp7", "ZXc", "CB7", "ld2", "Cns", "ewo", "V5Q", "V5S", r"\u006", "A17",
    "gl7", "leU", "%49", "Ap7", "V3b", "%u0", "&#0", "ZXl", "Ql7", r"\14",
];

/// The beginnings of headers in base64 among them.
const ENCODED: &[&str] = &[
    "ZXl", "ZXd", "ZXc", "V5S", "V5T", "V5Q", "V3b", "V3a", "V3M", "leU", "ld2", "ldz",
];

struct Anchors {
    all: Searcher,
    encoded: Searcher,
    line_break: Finder<'static>,
}

/// `None` where the processor has no instructions for it.
static FINDERS: OnceLock<Option<Anchors>> = OnceLock::new();

fn anchors() -> Option<&'static Anchors> {
    let searcher = |patterns: &[&str]| {
        // With twice as many groups fewer bytes would fit one, but only half as many bytes would be looked at
        // at once.
        let mut config = Config::new();
        config
            .only_teddy_fat(Some(false))
            .heuristic_pattern_limits(false);
        config.builder().extend(patterns).build()
    };
    let anchors = FINDERS.get_or_init(|| {
        // Its tokens are decoded with the same wide instructions: the processor is asked only once.
        base64url::prepare();
        Some(Anchors {
            all: searcher(ANCHORS)?,
            encoded: searcher(ENCODED)?,
            line_break: Finder::new("\\n"),
        })
    });
    anchors.as_ref()
}

/// Whether base64 in a text may hide a token.
pub(super) fn may_hide(text: &[u8]) -> bool {
    anchors().is_none_or(|anchors| anchors.encoded.find(text).is_some())
}

/// The places of a text where an event may be; each is found when it is asked for.
#[derive(Debug)]
pub(super) struct Places {
    /// Texts that are shorter are looked at byte by byte.
    short: usize,
    /// The next one of each kind, if it is after the place that is asked for.
    next: [usize; 3],
}

impl Places {
    pub(super) fn new(short: usize) -> Self {
        Places {
            short,
            next: [0; 3],
        }
    }

    /// The first place at or after `from`; the length of the text if there is none.
    pub(super) fn next(&mut self, text: &[u8], from: usize) -> usize {
        let rest = text.get(from..).unwrap_or_default();
        let fast = match text.len() < self.short {
            true => None,
            false => anchors(),
        };
        let Some(anchors) = fast else {
            let first = rest.iter().position(|byte| event::may_begin(*byte));
            return first.map_or(text.len(), |at| from.saturating_add(at));
        };
        let span = Span::from(from..text.len());
        let [all, lines, escaped] = &mut self.next;
        if *all < from {
            let found = anchors.all.find_in(text, span);
            *all = first_backslash(text, from, found.map_or(text.len(), |found| found.start()));
        }
        if *lines < from {
            *lines = line_break(text, from);
        }
        if *escaped < from {
            let found = anchors.line_break.find(rest);
            *escaped = found.map_or(text.len(), |at| from.saturating_add(at));
        }
        (*all).min(*lines).min(*escaped)
    }
}

/// Where the row of backslashes begins that ends at a place: an escape may have been escaped again.
fn first_backslash(text: &[u8], from: usize, at: usize) -> usize {
    let before = text.get(from..at).unwrap_or_default().iter().rev();
    let backslashes = match text.get(at) {
        Some(b'\\') => before
            .take(MAX_LAYERS)
            .take_while(|byte| **byte == b'\\')
            .count(),
        _ => 0,
    };
    at.saturating_sub(backslashes)
}

/// The first line break after which something may go on, or rows begin.
fn line_break(text: &[u8], from: usize) -> usize {
    memchr_iter(b'\n', text.get(from..).unwrap_or_default())
        .map(|at| from.saturating_add(at))
        .find(|place| event::may_be_at_line_break(text, *place))
        .unwrap_or(text.len())
}
