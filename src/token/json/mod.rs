//! JSON as a token holds it: checked strictly, kept byte for byte.
//!
//! A token's header and claims are shown, compared and copied from their own text, so order,
//! number digits and repeated names survive. `serde_json::Value` would lose all three
//! (and its last-name-wins is what RFC 7519 section 4 warns about).

mod names;
mod not_json;
mod object;
mod part;
mod scan;
mod unescape;
mod walk;
mod written;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::token::decimal::Decimal;
use crate::token::json::scan::Scanner;
use crate::token::json::unescape::unescape;

pub use crate::token::json::not_json::NotJson;
pub(crate) use crate::token::json::object::ObjectBuffers;
pub(super) use crate::token::json::object::USUAL_MEMBERS;
pub use crate::token::json::object::{NotObject, Object};
pub use crate::token::json::walk::{Elements, MemberIter};
pub(super) use crate::token::json::written::push_quoted;
pub use crate::token::json::written::{JsonText, array, quote};

/// One JSON value: its text, checked, without white space around it.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(&'a str);

/// What [`Json::parse`] found: the value, and a name that an object has twice.
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    /// The value.
    pub value: Json<'a>,
    /// A name met twice at one level, unescaped.
    pub duplicate: Option<String>,
}

/// The six kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number of any size.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        })
    }
}

impl<'a> Json<'a> {
    /// Reads one JSON value (RFC 8259) in UTF-8, with nothing but white space around it.
    ///
    /// # Errors
    /// [`NotJson`] for any other text: a byte order mark, a lone surrogate, more than 128 levels.
    pub fn parse(bytes: &'a [u8]) -> Result<Parsed<'a>, NotJson> {
        Json::parse_str(std::str::from_utf8(bytes).map_err(NotJson::not_utf8)?)
    }

    /// As [`Json::parse`], for text that is known to be UTF-8.
    ///
    /// # Errors
    /// [`NotJson`].
    pub fn parse_str(text: &'a str) -> Result<Parsed<'a>, NotJson> {
        let mut scanner = Scanner::new(text);
        let value = Json::scan(&mut scanner)?;
        Ok(Parsed {
            value,
            duplicate: scanner.duplicate,
        })
    }

    fn scan(scanner: &mut Scanner<'a>) -> Result<Json<'a>, NotJson> {
        scanner.skip_space();
        let value = scanner.text_of_value()?;
        scanner.skip_space();
        if scanner.is_at_end() {
            Ok(Json(value))
        } else {
            Err(scanner.error("more text after the value"))
        }
    }

    /// The text of the value, as it was given.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.0
    }

    /// Which of the six kinds the value is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// The string without its escapes; `None` for another kind.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let inside = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(unescape(inside))
    }

    /// Whether this is a string with this text.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        self.as_str().is_some_and(|string| string == text)
    }

    /// The elements of an array in their order; another kind of value gives itself.
    pub fn one_or_many(self) -> impl Iterator<Item = Json<'a>> {
        let one = (self.kind() != Kind::Array).then_some(self);
        self.elements().chain(one)
    }

    /// The elements of an array in their order; none for another kind.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        Elements::of(self)
    }

    /// The names (unescaped) and values of an object in their order, repeated ones included;
    /// none for another kind.
    #[must_use]
    pub fn members(self) -> MemberIter<'a> {
        MemberIter::of(self)
    }

    /// The first member of that name, if this is an object that has it.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Json<'a>> {
        self.members().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The element of an array that a reference token of an RFC 6901 pointer names: digits without
    /// a leading zero (section 4).
    #[must_use]
    pub fn element(self, index: &str) -> Option<Json<'a>> {
        let canonical = index == "0" || !index.starts_with('0');
        let digits = canonical && index.bytes().all(|b| b.is_ascii_digit());
        self.elements().nth(digits.then(|| index.parse().ok())??)
    }

    /// Whether two values are equal: numbers by value, objects in any order, strings unescaped.
    #[must_use]
    pub fn same(self, other: Json<'_>) -> bool {
        match (self.kind(), other.kind()) {
            (Kind::Number, Kind::Number) => {
                let ours = Decimal::of(self.0);
                self.0 == other.0 || ours.exponent.is_some() && ours == Decimal::of(other.0)
            }
            (Kind::String, Kind::String) => self.as_str() == other.as_str(),
            (Kind::Array, Kind::Array) => {
                let (mut ours, mut theirs) = (self.elements(), other.elements());
                loop {
                    match (ours.next(), theirs.next()) {
                        (None, None) => return true,
                        (Some(a), Some(b)) if a.same(b) => {}
                        _ => return false,
                    }
                }
            }
            (Kind::Object, Kind::Object) => {
                let mut theirs = HashMap::new();
                let mut count = 0_usize;
                for (name, value) in other.members() {
                    theirs.entry(name).or_insert(value);
                    count = count.saturating_add(1);
                }
                let mut ours = self.members();
                self.members().count() == count
                    && ours.all(|(name, value)| theirs.get(&name).is_some_and(|v| value.same(*v)))
            }
            _ => self.0 == other.0,
        }
    }

    /// The value on one line, without the white space between its parts.
    #[must_use]
    pub fn compact(self) -> Cow<'a, str> {
        let text = self.0;
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let mut out: Option<String> = None;
        // Up to here the text is copied or left out.
        let mut done = 0;
        let mut at = 0_usize;
        while let Some(byte) = text.as_bytes().get(at) {
            let next = at.saturating_add(1);
            match byte {
                b'"' => at = next.saturating_add(scan::string_len(part(next, text.len()))),
                b' ' | b'\t' | b'\n' | b'\r' => {
                    let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
                    out.push_str(part(done, at));
                    at = next;
                    done = next;
                }
                _ => at = next,
            }
        }
        match out {
            None => Cow::Borrowed(text),
            Some(mut out) => {
                out.push_str(part(done, text.len()));
                Cow::Owned(out)
            }
        }
    }
}

#[cfg(test)]
mod tests;
