//! The few bytes that every token has somewhere near its beginning, searched for many at a time.

use std::sync::OnceLock;

use aho_corasick::packed::{Config, Searcher};
use aho_corasick::{Match, Span};
use memchr::{memchr_iter, memmem};

use crate::token::find::event;
use crate::token::find::spelling::MAX_LAYERS;

/// In texts that are shorter every byte is looked at: to ask the processor for its wide
/// instructions takes longer where it is a virtual one.
pub const SHORT: usize = 1 << 14;

/// What headers begin with.
///
/// The search looks at eight groups of patterns at once, in which the order puts every eighth one,
/// and stops where bytes fit to a group without being one of its patterns. In this order, and in
/// that of [`HIDDEN`], it stops at less than one byte of a thousand in logs, in JSON and in base64.
const HEADERS: &[&str] = &[
    "eyJ", "CXs", "Cns", "eyI", "CB7", "Al7", "ewk", "Ap7", "Ql7", "IHs", "SB7", "eyL", "iB7",
    "gl7", "ew0", "gp7", "ewo", "DXs", "Qp7", "eyA", "A17", "g17", "Q17",
];

/// What they begin with in base64 or escaped, and the names of members that tell a token.
const HIDDEN: &[&str] = &[
    "V5T",
    "&#7",
    "ldz",
    "ciphertext",
    "\\u004",
    "&#6",
    "%49",
    "&#1",
    "V5S",
    "ZXc",
    "ld2",
    "signature",
    "ZXl",
    "%65",
    "%44",
    "V3b",
    "V5Q",
    "ZXd",
    "leU",
    "V3a",
    "\\u006",
    "%43",
    "&#x",
    "V3M",
    "%25",
    "&am",
    "&#0",
    "&#X",
    "\\x6",
    "\\x4",
];

struct Anchors {
    headers: Searcher,
    hidden: Searcher,
}

/// `None` where the processor has no instructions for it.
static ANCHORS: OnceLock<Option<Anchors>> = OnceLock::new();

fn anchors() -> Option<&'static Anchors> {
    let searcher = |patterns: &[&str]| Config::new().builder().extend(patterns).build();
    let anchors = ANCHORS.get_or_init(|| {
        Some(Anchors {
            headers: searcher(HEADERS)?,
            hidden: searcher(HIDDEN)?,
        })
    });
    anchors.as_ref()
}

/// The places of a text where an event may be, each found when it is asked for.
#[derive(Debug)]
pub(super) struct Places {
    /// Texts that are shorter are looked at byte by byte.
    short: usize,
    /// The next one of each kind, if it lies behind the place that is asked for.
    next: [usize; 4],
}

impl Places {
    pub(super) fn new(short: usize) -> Self {
        Places {
            short,
            next: [0; 4],
        }
    }

    /// The next place where base64 that hides something may begin, or any that comes before it.
    pub(super) fn hidden(&self) -> usize {
        self.next.get(1).copied().unwrap_or_default()
    }

    /// The first place from one on; the length of the text if there is none.
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
        let start = |found: Option<Match>| found.map_or(text.len(), |found| found.start());
        let [headers, hidden, lines, escaped] = &mut self.next;
        if *headers < from {
            *headers = start(anchors.headers.find_in(text, span));
        }
        if *hidden < from {
            let found = start(anchors.hidden.find_in(text, span));
            *hidden = first_backslash(text, from, found);
        }
        if *lines < from {
            *lines = line_break(text, from);
        }
        if *escaped < from {
            let found = memmem::find(rest, b"\\n");
            *escaped = found.map_or(text.len(), |at| from.saturating_add(at));
        }
        (*headers).min(*hidden).min(*lines).min(*escaped)
    }
}

/// Where the backslashes begin that end at a place: an escape may have been escaped again.
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

/// The first line break behind which something may go on, or rows begin.
fn line_break(text: &[u8], from: usize) -> usize {
    memchr_iter(b'\n', text.get(from..).unwrap_or_default())
        .map(|at| from.saturating_add(at))
        .find(|place| event::may_be_at_line_break(text, *place))
        .unwrap_or(text.len())
}
