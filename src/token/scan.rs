//! Reading JSON text byte by byte, with nothing kept but the names of the objects that are open.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use crate::token::words;

/// How deep arrays and objects may be nested; deeper text is refused, not followed.
const MAX_DEPTH: usize = 128;

/// Up to this many names of one object are compared pair by pair; more go into a hash set.
const FEW_NAMES: usize = 16;

/// Why a text is not JSON, and the offset of the byte where that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// Bytes before the one at fault.
    pub offset: usize,
    problem: &'static str,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at byte {}",
            self.problem,
            self.offset.saturating_add(1)
        )
    }
}

impl std::error::Error for NotJson {}

impl NotJson {
    pub(super) fn not_utf8(error: std::str::Utf8Error) -> Self {
        NotJson {
            offset: error.valid_up_to(),
            problem: "not UTF-8",
        }
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn problem(&self) -> &'static str {
        self.problem
    }
}

/// Where a member of the outermost object stands: its name without quotes, and its value.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) name: Range<usize>,
    /// Whether the name has escapes.
    pub(super) escaped: bool,
    pub(super) value: Range<usize>,
}

/// Reads JSON text from its front; `rest` is what has not been read.
pub(super) struct Scanner<'a> {
    text: &'a str,
    pub(super) rest: &'a [u8],
    depth: usize,
    /// Whether white space was met between two parts.
    pub(super) spaced: bool,
    /// The first name that one object gives twice, unescaped.
    pub(super) duplicate: Option<String>,
    /// Where the members of the outermost object stand, if somebody wants to know.
    pub(super) places: Option<Vec<Place>>,
}

pub(super) type Scan<T> = Result<T, NotJson>;

/// What stands between the quotes of a string.
#[derive(Clone, Copy)]
pub(super) struct Inside<'a> {
    pub(super) text: &'a str,
    pub(super) escaped: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner {
            text,
            rest: text.as_bytes(),
            depth: 0,
            spaced: false,
            duplicate: None,
            places: None,
        }
    }

    fn offset(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    pub(super) fn error(&self, problem: &'static str) -> NotJson {
        NotJson {
            offset: self.offset(),
            problem: if self.rest.is_empty() {
                "the text ends too early"
            } else {
                problem
            },
        }
    }

    fn slice(&self, start: usize) -> &'a str {
        self.text.get(start..self.offset()).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn skip(&mut self) {
        self.rest = self.rest.split_first().map_or(&[], |(_, rest)| rest);
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.skip();
        }
        found
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) -> usize {
        let before = self.rest.len();
        while let [first, rest @ ..] = self.rest
            && keep(*first)
        {
            self.rest = rest;
        }
        before.saturating_sub(self.rest.len())
    }

    pub(super) fn skip_space(&mut self) {
        if self.peek().is_some_and(|b| b <= b' ') {
            let n = self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
            self.spaced |= n > 0;
        }
    }

    /// Reads a value and gives its text.
    pub(super) fn text_of_value(&mut self) -> Scan<&'a str> {
        let start = self.offset();
        self.value()?;
        Ok(self.slice(start))
    }

    fn value(&mut self) -> Scan<()> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'{') => self.nested(Scanner::object),
            Some(b'[') => self.nested(Scanner::array),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.error("no JSON value")),
        }
    }

    // Apart from `value`, so that the many plain values need no room for names.
    #[inline(never)]
    fn nested(&mut self, inside: fn(&mut Self) -> Scan<()>) -> Scan<()> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(self.error("nested deeper than 128 levels"));
        }
        self.skip();
        self.skip_space();
        inside(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn object(&mut self) -> Scan<()> {
        if self.eat(b'}') {
            return Ok(());
        }
        let mut names = Names::default();
        loop {
            let start = self.offset().saturating_add(1);
            let name = self.name()?;
            if self.duplicate.is_none() && names.repeats(name) {
                self.duplicate = Some(unescape(name.text).into_owned());
            }
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.error("no `:` after a name"));
            }
            self.skip_space();
            let value = self.offset();
            self.value()?;
            let end = self.offset();
            if self.depth == 1
                && let Some(places) = &mut self.places
            {
                places.push(Place {
                    name: start..start.saturating_add(name.text.len()),
                    escaped: name.escaped,
                    value: value..end,
                });
            }
            self.skip_space();
            if self.eat(b'}') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.error("no `,` or `}` after a member"));
            }
            self.skip_space();
        }
    }

    fn array(&mut self) -> Scan<()> {
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            self.value()?;
            self.skip_space();
            if self.eat(b']') {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err(self.error("no `,` or `]` after an element"));
            }
            self.skip_space();
        }
    }

    /// Reads a string and gives what stands between its quotes, escapes and all.
    pub(super) fn name(&mut self) -> Scan<Inside<'a>> {
        let start = self.offset().saturating_add(1);
        let escaped = self.string()?;
        let end = self.offset().saturating_sub(1);
        let text = self.text.get(start..end).unwrap_or_default();
        Ok(Inside { text, escaped })
    }

    /// Reads a string; tells whether there are escapes in it.
    #[inline]
    fn string(&mut self) -> Scan<bool> {
        if !self.eat(b'"') {
            return Err(self.error("no string where a name is due"));
        }
        let mut escaped = false;
        loop {
            self.rest = after_plain(self.rest);
            match self.peek() {
                Some(b'"') => {
                    self.skip();
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(self.error("a control character in a string")),
            }
        }
    }

    fn escape(&mut self) -> Scan<()> {
        self.skip();
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.skip();
                Ok(())
            }
            Some(b'u') => match self.hex4()? {
                0xD800..=0xDBFF => {
                    let paired = self.eat(b'\\')
                        && self.peek() == Some(b'u')
                        && matches!(self.hex4()?, 0xDC00..=0xDFFF);
                    if paired {
                        Ok(())
                    } else {
                        Err(self.error("a lone surrogate in a string"))
                    }
                }
                0xDC00..=0xDFFF => Err(self.error("a lone surrogate in a string")),
                _ => Ok(()),
            },
            _ => Err(self.error("an unknown escape in a string")),
        }
    }

    /// Reads `uXXXX`.
    fn hex4(&mut self) -> Scan<u32> {
        self.skip();
        let digits = self
            .rest
            .get(..4)
            .filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(self.error("a `\\u` without four hex digits"));
        };
        self.rest = self.rest.get(4..).unwrap_or_default();
        Ok(hex(digits))
    }

    fn word(&mut self, word: &[u8]) -> Scan<()> {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.error("no JSON value")),
        }
    }

    fn number(&mut self) -> Scan<()> {
        self.eat(b'-');
        if self.eat(b'0') {
            if self.peek().is_some_and(|b| b.is_ascii_digit()) {
                return Err(self.error("a number with a leading zero"));
            }
        } else {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.skip();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.skip();
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Scan<()> {
        if self.skip_while(|b| b.is_ascii_digit()) == 0 {
            return Err(self.error("a number without a digit"));
        }
        Ok(())
    }
}

/// What follows the bytes that stand for themselves in a string: all but quotes, backslashes and
/// control characters.
fn after_plain(text: &[u8]) -> &[u8] {
    let special =
        |word| words::equal(word, b'"') | words::equal(word, b'\\') | words::below(word, b' ');
    text.get(words::find(text, special)..).unwrap_or_default()
}

/// The names of one object, as far as they have been read.
#[derive(Default)]
struct Names<'a> {
    few: [&'a str; FEW_NAMES],
    count: usize,
    escaped: bool,
    /// A bit for each kind of name that was met: a name of another kind is a new one.
    kinds: u64,
    many: Option<HashSet<Cow<'a, str>>>,
}

impl<'a> Names<'a> {
    /// Takes the next name; tells whether it was there before.
    fn repeats(&mut self, name: Inside<'a>) -> bool {
        self.escaped |= name.escaped;
        if let Some(set) = &mut self.many {
            return !set.insert(unescape(name.text));
        }
        let kind = kind(name.text);
        let few = self.few.get(..self.count).unwrap_or_default();
        let repeated = match self.escaped {
            false => self.kinds & kind != 0 && few.contains(&name.text),
            true => few.iter().any(|e| unescape(e) == unescape(name.text)),
        };
        self.kinds |= kind;
        if self.count == FEW_NAMES {
            let all = few.iter().copied().chain([name.text]);
            self.many = Some(all.map(unescape).collect());
        } else if let Some(free) = self.few.get_mut(self.count) {
            *free = name.text;
            self.count = self.count.saturating_add(1);
        }
        repeated
    }
}

/// One bit of 64, by the length and the ends of a name.
fn kind(name: &str) -> u64 {
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

fn hex(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |n, d| {
        let digit = char::from(*d).to_digit(16).unwrap_or_default();
        (n << 4) | digit
    })
}

/// Takes the escapes out of the inside of a checked JSON string.
pub(super) fn unescape(inside: &str) -> Cow<'_, str> {
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        match chars.next() {
            Some('u') => {
                let (c, read) = unicode_escape(after);
                out.push(c);
                rest = after.get(read..).unwrap_or_default();
                continue;
            }
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(c) => out.push(c),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character of `uXXXX` or `uXXXX\\uXXXX` at the front, and how many bytes spell it.
fn unicode_escape(text: &str) -> (char, usize) {
    let unit = |from: usize| {
        let end = from.saturating_add(4);
        text.as_bytes().get(from..end).map_or(0, hex)
    };
    let (code, read) = match unit(1) {
        high @ 0xD800..=0xDBFF => {
            let offset = ((high & 0x3FF) << 10) | (unit(7) & 0x3FF);
            (offset.saturating_add(0x1_0000), 11)
        }
        code => (code, 5),
    };
    (
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        read,
    )
}
