//! Reads JSON text byte by byte, and keeps only the names of the objects that are open.

use std::ops::Range;

use crate::token::json::names::Names;
use crate::token::json::not_json::NotJson;
use crate::token::json::part::{Part, Quoted};
use crate::token::json::unescape::{code_of, unescape};
use crate::token::swar;

/// How deep arrays and objects may be nested; deeper text is refused, not followed.
const MAX_DEPTH: usize = 128;

/// For how many members of the outermost object the places are kept: in a hostile text, all places
/// would take more memory than the text.
const MOST_PLACES: usize = 4096;

/// The longest text: a place in it fits in 32 bits.
const MOST_BYTES: usize = u32::MAX as usize;

/// Where a member of the outermost object stands.
#[derive(Clone, Debug)]
pub(super) struct MemberSpan {
    name: Part,
    value: Part,
    /// Whether the name has escapes.
    pub(super) escaped: bool,
}

impl MemberSpan {
    /// Where its name stands, without quotes.
    pub(super) fn name(&self) -> Range<usize> {
        self.name.range()
    }

    /// Where its value stands.
    pub(super) fn value(&self) -> Range<usize> {
        self.value.range()
    }
}

/// Reads JSON text from its front.
pub(super) struct Scanner<'a> {
    text: &'a str,
    /// How many bytes have been read.
    at: usize,
    depth: usize,
    /// Whether white space was met between two parts.
    pub(super) spaced: bool,
    /// A name that one object has twice, unescaped.
    pub(super) duplicate: Option<String>,
    /// Where the members of the outermost object stand, if the caller wants to know.
    pub(super) places: Option<Vec<MemberSpan>>,
    /// Whether there are more members than places.
    pub(super) more: bool,
}

type Scan<T> = Result<T, NotJson>;

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner {
            text,
            at: 0,
            depth: 0,
            spaced: false,
            duplicate: None,
            places: None,
            more: false,
        }
    }

    /// Begins further on in the text.
    pub(super) fn starting_at(mut self, at: usize) -> Self {
        self.at = at;
        self
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Takes the rest as read.
    pub(super) fn end(&mut self) {
        self.at = self.text.len();
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    pub(super) fn error(&self, problem: &'static str) -> NotJson {
        NotJson {
            offset: self.at,
            problem: if self.is_at_end() {
                "the text ends too early"
            } else {
                problem
            },
        }
    }

    fn slice(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `count` bytes, which are known to be there.
    fn skip(&mut self, count: usize) {
        self.at = self.at.wrapping_add(count);
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.skip(1);
        }
        found
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take_while(|byte| keep(**byte)).count();
        self.skip(count);
        count
    }

    pub(super) fn skip_space(&mut self) {
        if self.peek().is_some_and(|b| b <= b' ') {
            let n = self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
            self.spaced |= n > 0;
        }
    }

    /// Reads a value and gives its text.
    pub(super) fn text_of_value(&mut self) -> Scan<&'a str> {
        if self.text.len() > MOST_BYTES {
            return Err(self.error("longer than 4 GiB"));
        }
        let start = self.at;
        self.value()?;
        Ok(self.slice(start))
    }

    #[expect(
        clippy::inline_always,
        reason = "within the loops the place is in a register, through memory each part would wait for the one before"
    )]
    #[inline(always)]
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

    // Separate from `value`, so that the many plain values need no room for names.
    #[inline(never)]
    fn nested(&mut self, inside: fn(&mut Self) -> Scan<()>) -> Scan<()> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(self.error("nested deeper than 128 levels"));
        }
        self.skip(1);
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
            let start = self.at.saturating_add(1);
            let name = self.name()?;
            if self.duplicate.is_none() && names.repeats(name, start, self.text) {
                self.duplicate = Some(unescape(name.text).into_owned());
            }
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.error("no `:` after a name"));
            }
            self.skip_space();
            let value = self.at;
            self.value()?;
            let end = self.at;
            if self.depth == 1
                && let Some(places) = &mut self.places
            {
                match places.len() < MOST_PLACES {
                    true => places.push(MemberSpan {
                        name: Part::of(start..start.saturating_add(name.text.len())),
                        escaped: name.escaped,
                        value: Part::of(value..end),
                    }),
                    false => self.more = true,
                }
            }
            self.skip_space();
            if self.eat(b'}') {
                if self.duplicate.is_none() {
                    self.duplicate = names.repeated(self.text);
                }
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

    /// Reads a string and gives what stands between its quotes, with its escapes.
    pub(super) fn name(&mut self) -> Scan<Quoted<'a>> {
        let start = self.at.saturating_add(1);
        let escaped = self.string()?;
        let end = self.at.saturating_sub(1);
        let text = self.text.get(start..end).unwrap_or_default();
        Ok(Quoted { text, escaped })
    }

    /// Reads a string; tells whether there are escapes in it.
    #[expect(
        clippy::inline_always,
        reason = "within the loops the place is in a register, through memory each part would wait for the one before"
    )]
    #[inline(always)]
    fn string(&mut self) -> Scan<bool> {
        if !self.eat(b'"') {
            return Err(self.error("no string where a name is expected"));
        }
        self.skip(plain(self.rest()));
        match self.eat(b'"') {
            true => Ok(false),
            false => self.escapes().map(|()| true),
        }
    }

    // Separate from `string`, so that the many strings without escapes need less room.
    #[inline(never)]
    fn escapes(&mut self) -> Scan<()> {
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.skip(1);
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(self.error("a control character in a string")),
            }
            self.skip(plain(self.rest()));
        }
    }

    fn escape(&mut self) -> Scan<()> {
        self.skip(1);
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.skip(1);
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
        self.skip(1);
        let digits = self
            .rest()
            .get(..4)
            .filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else {
            return Err(self.error("a `\\u` without four hex digits"));
        };
        self.skip(4);
        Ok(code_of(digits))
    }

    fn word(&mut self, word: &[u8]) -> Scan<()> {
        if !self.rest().starts_with(word) {
            return Err(self.error("no JSON value"));
        }
        self.skip(word.len());
        Ok(())
    }

    #[inline(never)]
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
            self.skip(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.skip(1);
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

/// How many bytes at the front stand for themselves in a string: all but quotes, backslashes and
/// control characters.
fn plain(text: &[u8]) -> usize {
    swar::find(text, |word| swar::marks(word, *b"\"\\", b' '))
}

/// The length of a string that was checked, without its first quote and with its last.
pub(super) fn string_len(text: &str) -> usize {
    let text = text.as_bytes();
    let mut at = 0_usize;
    loop {
        at = at.saturating_add(plain(text.get(at..).unwrap_or_default()));
        match text.get(at) {
            Some(b'\\') => at = at.saturating_add(2),
            Some(_) => return at.saturating_add(1),
            None => return text.len(),
        }
    }
}

/// Whether a text needs no escapes between quotes.
pub(super) fn is_plain(text: &str) -> bool {
    plain(text.as_bytes()) == text.len()
}
