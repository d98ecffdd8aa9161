//! JSON as a token holds it: checked strictly, kept byte for byte.
//!
//! A token's header and claims are shown, compared and copied from their own text, so order,
//! number digits and repeated names survive. `serde_json::Value` would lose all three
//! (and its last-name-wins is what RFC 7519 section 4 warns about).

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use crate::token::decimal::Decimal;
pub use crate::token::scan::NotJson;
use crate::token::scan::{self, MemberSpan, Scanner, unescape};

/// So many members of an object are expected.
pub(super) const USUAL_MEMBERS: usize = 12;

/// One JSON value: its text, checked, without white space around it.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a>(&'a str);

/// What [`Json::parse`] found: the value, and a name that one object gives twice.
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
    /// Reads one JSON value (RFC 8259) in UTF-8 and nothing beside it but white space.
    ///
    /// # Errors
    /// [`NotJson`] for any other text: a byte order mark, a lone surrogate, more than 128 levels.
    pub fn parse(bytes: &'a [u8]) -> Result<Parsed<'a>, NotJson> {
        Json::parse_str(std::str::from_utf8(bytes).map_err(NotJson::not_utf8)?)
    }

    /// As [`Json::parse`], of text that is known to be UTF-8.
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

    /// Whether this is a string, and this one.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        self.as_str().is_some_and(|string| string == text)
    }

    /// The elements of an array in their order, or the one value that another kind is.
    pub fn one_or_many(self) -> impl Iterator<Item = Json<'a>> {
        let one = (self.kind() != Kind::Array).then_some(self);
        self.elements().chain(one)
    }

    /// The elements of an array in their order; none for another kind.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        Elements(Inside::of(self, b'['))
    }

    /// The names (unescaped) and values of an object in their order, repeated ones included;
    /// none for another kind.
    #[must_use]
    pub fn members(self) -> MemberIter<'a> {
        MemberIter(Inside::of(self, b'{'))
    }

    /// The first member of that name, if this is an object that has it.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Json<'a>> {
        self.members().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The element of an array that a token of an RFC 6901 pointer names: digits without a
    /// leading zero (section 4).
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
        let mut in_string = false;
        let mut escaped = false;
        let mut is_part = |c: char| {
            if in_string {
                in_string = escaped || c != '"';
                escaped = !escaped && c == '\\';
                return true;
            }
            in_string = c == '"';
            !matches!(c, ' ' | '\t' | '\n' | '\r')
        };
        match self.0.char_indices().find(|(_, c)| !is_part(*c)) {
            None => Cow::Borrowed(self.0),
            Some((space, _)) => {
                let (before, rest) = self.0.split_at_checked(space).unwrap_or_default();
                let mut out = String::with_capacity(self.0.len());
                out.push_str(before);
                out.extend(rest.chars().filter(|c| is_part(*c)));
                Cow::Owned(out)
            }
        }
    }
}

/// The text of one JSON value, checked, which may be owned: what a member is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText<'a>(Cow<'a, str>);

impl<'a> JsonText<'a> {
    /// A string, quoted and escaped.
    #[must_use]
    pub fn of_text(text: &str) -> JsonText<'static> {
        JsonText(quote(text).into())
    }

    /// An array of strings.
    #[must_use]
    pub fn of_texts(texts: &[impl AsRef<str>]) -> JsonText<'static> {
        JsonText(array(texts).into())
    }

    /// The value.
    #[must_use]
    pub fn json(&self) -> Json<'_> {
        Json(&self.0)
    }

    /// The text of the value.
    #[must_use]
    pub fn into_text(self) -> Cow<'a, str> {
        self.0
    }

    /// The same, independent of the text that it was taken from.
    #[must_use]
    pub fn into_owned(self) -> JsonText<'static> {
        JsonText(self.0.into_owned().into())
    }
}

impl<'a> From<Json<'a>> for JsonText<'a> {
    fn from(json: Json<'a>) -> Self {
        JsonText(json.0.into())
    }
}

impl From<i64> for JsonText<'_> {
    fn from(number: i64) -> Self {
        JsonText(number.to_string().into())
    }
}

impl From<u64> for JsonText<'_> {
    fn from(number: u64) -> Self {
        JsonText(number.to_string().into())
    }
}

impl From<bool> for JsonText<'_> {
    fn from(is: bool) -> Self {
        JsonText(if is { "true" } else { "false" }.into())
    }
}

impl From<&serde_json::Value> for JsonText<'_> {
    fn from(value: &serde_json::Value) -> Self {
        JsonText(value.to_string().into())
    }
}

/// An owned JSON object: the decoded header or claims of a token, or a file of claims.
#[derive(Clone, Debug)]
pub struct Object {
    text: String,
    duplicate: Option<String>,
    /// Where its members stand, or the first of them.
    places: Vec<MemberSpan>,
    /// Whether there are more members than places.
    more: bool,
    spaced: bool,
}

/// The memory of an object that is done with, for the next one.
#[derive(Debug, Default)]
pub(crate) struct ObjectBuffers {
    /// The text of the next one.
    pub(crate) bytes: Vec<u8>,
    places: Vec<MemberSpan>,
}

impl ObjectBuffers {
    /// Takes the memory of an object.
    #[must_use]
    pub(crate) fn of(object: Object) -> Self {
        let (mut bytes, mut places) = (object.text.into_bytes(), object.places);
        bytes.clear();
        places.clear();
        ObjectBuffers { bytes, places }
    }

    /// Takes the bytes that were put there as one JSON object.
    ///
    /// # Errors
    /// [`NotObject`] for anything else.
    pub(crate) fn parse(&mut self) -> Result<Object, NotObject> {
        let ObjectBuffers { bytes, places } = std::mem::take(self);
        Object::parse_with(places, bytes).map_err(|(_, why)| why)
    }
}

/// Why bytes are not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotObject {
    /// They are not JSON.
    NotJson(NotJson),
    /// They are JSON of another kind.
    Kind(Kind),
}

impl fmt::Display for NotObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotObject::NotJson(e) => write!(f, "not JSON: {e}"),
            NotObject::Kind(kind) => write!(f, "{kind}, not a JSON object"),
        }
    }
}

impl std::error::Error for NotObject {}

impl Object {
    /// Takes the bytes of one JSON object.
    ///
    /// # Errors
    /// [`NotObject`] for anything else.
    pub fn parse(bytes: Vec<u8>) -> Result<Object, NotObject> {
        Object::parse_or_return(bytes).map_err(|(_, why)| why)
    }

    /// As [`Object::parse`], and gives the bytes back where they are no object.
    ///
    /// # Errors
    /// The bytes, and [`NotObject`].
    pub(crate) fn parse_or_return(bytes: Vec<u8>) -> Result<Object, (Vec<u8>, NotObject)> {
        Object::parse_with(Vec::with_capacity(USUAL_MEMBERS), bytes)
    }

    /// As [`Object::parse_or_return`], with memory for the places of the members.
    fn parse_with(room: Vec<MemberSpan>, bytes: Vec<u8>) -> Result<Object, (Vec<u8>, NotObject)> {
        let text = String::from_utf8(bytes).map_err(|e| {
            let why = NotObject::NotJson(NotJson::not_utf8(e.utf8_error()));
            (e.into_bytes(), why)
        })?;
        let mut scanner = Scanner::new(&text);
        scanner.places = Some(room);
        let why = match Json::scan(&mut scanner) {
            Ok(value) if value.kind() == Kind::Object => {
                let Scanner {
                    duplicate,
                    places,
                    more,
                    spaced,
                    ..
                } = scanner;
                return Ok(Object {
                    duplicate,
                    places: places.unwrap_or_default(),
                    more,
                    spaced,
                    text,
                });
            }
            Ok(value) => NotObject::Kind(value.kind()),
            Err(e) => NotObject::NotJson(e),
        };
        Err((text.into_bytes(), why))
    }

    /// The names (unescaped) and values of the members in their order, repeated ones included.
    pub fn members(&self) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>)> {
        self.written_members().map(|(name, value, _)| (name, value))
    }

    /// The same, each with the text of both if nothing but a colon stands between them and the name
    /// has no escapes.
    pub(super) fn written_members(
        &self,
    ) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>, Option<&str>)> {
        let placed = self.places.iter().map(|place| {
            let (name, value) = (place.name(), place.value());
            let colon = name.end.saturating_add(1);
            let is_close = !place.escaped && value.start == colon.saturating_add(1);
            let start = name.start.saturating_sub(1);
            let written = is_close.then(|| self.part(start..value.end));
            let name = match place.escaped {
                true => unescape(self.part(name)),
                false => Cow::Borrowed(self.part(name)),
            };
            (name, Json(self.part(value)), written)
        });
        placed.chain(self.unplaced().map(|(name, value)| (name, value, None)))
    }

    /// The members whose places were not kept.
    fn unplaced(&self) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>)> {
        let last = self.places.last().filter(|_| self.more);
        let rest = last.map(|last| MemberIter(Inside::after(&self.text, last.value().end)));
        rest.into_iter().flatten()
    }

    /// The first member of that name, found without reading the values.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json<'_>> {
        self.members().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The values of some members, each in the slot that its name has; of several the last.
    pub(super) fn pick<'a, const N: usize>(
        &'a self,
        slot_of: impl Fn(&[u8]) -> Option<usize>,
    ) -> [Option<Json<'a>>; N] {
        let mut values = [None; N];
        let mut put = |slot: Option<usize>, value: Json<'a>| {
            if let Some(free) = slot.and_then(|slot| values.get_mut(slot)) {
                *free = Some(value);
            }
        };
        let text = self.text.as_bytes();
        for place in &self.places {
            let slot = match place.escaped {
                true => slot_of(unescape(self.part(place.name())).as_bytes()),
                false => slot_of(text.get(place.name()).unwrap_or_default()),
            };
            if slot.is_some() {
                put(slot, Json(self.part(place.value())));
            }
        }
        for (name, value) in self.unplaced() {
            put(slot_of(name.as_bytes()), value);
        }
        values
    }

    fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The object on one line, without the white space between its parts.
    #[must_use]
    pub fn compact(&self) -> Cow<'_, str> {
        match self.spaced {
            true => self.json().compact(),
            false => Cow::Borrowed(&self.text),
        }
    }

    /// The object.
    #[must_use]
    pub fn json(&self) -> Json<'_> {
        match self.spaced {
            true => Json(self.text.trim_matches([' ', '\t', '\n', '\r'])),
            false => Json(&self.text),
        }
    }

    /// A name that is given twice at one level, here or deeper.
    #[must_use]
    pub fn duplicate(&self) -> Option<&str> {
        self.duplicate.as_deref()
    }
}

/// A string as a JSON value, quoted and escaped.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    push_quoted(&mut quoted, text);
    quoted
}

/// As [`quote`], at the end of a text.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    if scan::is_plain(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // serde_json cannot fail on a string: it would only report an error of the writer.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// An array of strings as a JSON value.
#[must_use]
pub fn array(texts: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text.as_ref())).collect();
    format!("[{}]", quoted.join(","))
}

/// Walks the parts of an array or object whose text has been checked.
struct Inside<'a> {
    scanner: Scanner<'a>,
}

impl<'a> Inside<'a> {
    fn of(json: Json<'a>, open: u8) -> Self {
        let mut scanner = Scanner::new(json.0);
        // Names were compared when the text was parsed; a set value keeps the scanner from it.
        scanner.duplicate = Some(String::new());
        if !scanner.eat(open) {
            scanner.end();
        }
        Inside { scanner }
    }

    /// What follows a part of the outermost object of a text.
    fn after(text: &'a str, end: usize) -> Self {
        let mut scanner = Scanner::new(text).starting_at(end);
        scanner.duplicate = Some(String::new());
        Inside { scanner }
    }

    /// Steps over white space and a comma; false where the array or object ends.
    fn advance(&mut self) -> bool {
        self.scanner.skip_space();
        if self.scanner.eat(b',') {
            self.scanner.skip_space();
        }
        !matches!(self.scanner.peek(), None | Some(b'}' | b']'))
    }

    fn value(&mut self) -> Option<Json<'a>> {
        self.scanner.text_of_value().ok().map(Json)
    }
}

/// The elements of an array, in their order.
#[expect(
    missing_debug_implementations,
    reason = "an iterator over a value that has one"
)]
pub struct Elements<'a>(Inside<'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        self.0.advance().then(|| self.0.value()).flatten()
    }
}

/// The members of an object, in their order.
#[expect(
    missing_debug_implementations,
    reason = "an iterator over a value that has one"
)]
pub struct MemberIter<'a>(Inside<'a>);

impl<'a> Iterator for MemberIter<'a> {
    type Item = (Cow<'a, str>, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.0.advance() {
            return None;
        }
        let name = self.0.scanner.name().ok()?;
        self.0.scanner.skip_space();
        self.0.scanner.eat(b':');
        self.0.scanner.skip_space();
        Some((unescape(name.text), self.0.value()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Parsed<'_>, NotJson> {
        Json::parse(text.as_bytes())
    }

    fn same(a: &str, b: &str) -> bool {
        parse(a).unwrap().value.same(parse(b).unwrap().value)
    }

    #[test]
    fn what_serde_json_reads_is_read_and_nothing_else() {
        let texts = [
            "0",
            "-0",
            "1.50",
            "1e400",
            "-1E-9",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "--1",
            "NaN",
            "-Infinity",
            "true",
            "tru",
            "null",
            "nul",
            "\"\"",
            "\"a",
            "\"\\u00e9\"",
            "\"\\u12\"",
            "\"\\x\"",
            "\"\t\"",
            "[]",
            "[1,]",
            "[1 2]",
            "{}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "{\"a\":{\"b\":[1,{}]}}",
            " {} ",
            "{}{}",
            "",
            " ",
            "\u{feff}{}",
            "\"\\ud83d\\ude00\"",
            "/**/1",
            "'a'",
        ];
        for text in texts {
            // serde_json reads 1e400 as an error of range, not of grammar.
            let expected =
                text == "1e400" || serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(parse(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn lone_surrogates_are_refused() {
        for text in [
            r#""\ud800""#,
            r#""\ud800x""#,
            r#""\udc00""#,
            r#""\ud800\ud800""#,
            r#""\ud800A""#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        assert!(Json::parse(b"\xff\xfe{\0}\0").is_err());
        assert!(Json::parse(b"\"\xed\xa0\x80\"").is_err());
        assert!(Json::parse(b"\"\xc0\xaf\"").is_err());
    }

    #[test]
    fn depth_has_a_bound_that_is_no_stack_overflow() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(128)).is_ok());
        assert!(parse(&nested(129)).is_err());
        assert!(parse(&nested(1_000_000)).is_err());
    }

    #[test]
    fn a_name_given_twice_at_one_level_is_noticed() {
        let duplicate = |text: &str| parse(text).unwrap().duplicate;
        assert_eq!(duplicate(r#"{"a":1,"b":{"a":1}}"#), None);
        assert_eq!(duplicate(r#"{"a":1,"a":2}"#).as_deref(), Some("a"));
        assert_eq!(duplicate(r#"{"a":1,"\u0061":2}"#).as_deref(), Some("a"));
        assert_eq!(duplicate(r#"[{"x":{"b":1,"b":1}}]"#).as_deref(), Some("b"));
        let many: Vec<String> = (0..100).map(|n| format!("\"n{n}\":{n}")).collect();
        assert_eq!(duplicate(&format!("{{{}}}", many.join(","))), None);
        assert_eq!(
            duplicate(&format!("{{{},\"n7\":0}}", many.join(","))).as_deref(),
            Some("n7")
        );
        assert_eq!(duplicate(r#"{"a":{"b":1},"c":{"b":1},"b":1}"#), None);
    }

    #[test]
    fn a_name_given_twice_is_noticed_wherever_it_stands() {
        for count in [2, 16, 17, 18, 40, 5000] {
            let all: Vec<String> = (0..count).map(|n| format!("\"n{n}\":{n}")).collect();
            let text = |extra: &str| format!("{{{},{extra}}}", all.join(","));
            let duplicate = |extra: &str| parse(&text(extra)).unwrap().duplicate;
            assert_eq!(duplicate("\"n\":0"), None);
            assert_eq!(duplicate("\"\\u006e\":0,\"N0\":0"), None);
            for again in [0, 1, count / 2, count - 1] {
                let name = format!("n{again}");
                for extra in [
                    format!("\"x\":1,\"{name}\":0"),
                    format!("\"\\u006e{again}\":[{{}}]"),
                    format!("\"{name}\":0,\"n0\":1,\"y\":0"),
                ] {
                    assert_eq!(duplicate(&extra).as_ref(), Some(&name), "{count}: {extra}");
                }
            }
        }
    }

    #[test]
    fn an_object_of_many_members_is_read_to_its_end() {
        let many: Vec<String> = (0..10_000)
            .map(|n| format!(" \"n\\u006f{n}\" : [{n}, {{\"x\":1}}] "))
            .collect();
        let text = format!("{{{} , \"exp\":7,\"n\":\"end\"\n}} ", many.join(","));
        let object = Object::parse(text.clone().into_bytes()).unwrap();
        let walked: Vec<_> = object.members().map(|(n, v)| (n, v.text())).collect();
        let expected = parse(&text).unwrap().value;
        let expected: Vec<_> = expected.members().map(|(n, v)| (n, v.text())).collect();
        assert_eq!(walked, expected);
        assert_eq!(walked.len(), 10_002);
        assert_eq!(object.get("no9999").unwrap().text(), "[9999, {\"x\":1}]");
        assert!(object.get("no10000").is_none());
        let picked: [Option<Json<'_>>; 2] = object.pick(|name| match name {
            b"exp" => Some(0),
            b"no3" => Some(1),
            _ => None,
        });
        let texts = picked.map(|value| value.map(Json::text));
        assert_eq!(texts, [Some("7"), Some("[3, {\"x\":1}]")]);
    }

    #[test]
    fn values_keep_their_text() {
        let parsed = parse("{ \"n\" : 1.50e+03 , \"s\":\"\\/\" }").unwrap();
        assert_eq!(parsed.value.get("n").unwrap().text(), "1.50e+03");
        assert_eq!(parsed.value.get("s").unwrap().as_str().unwrap(), "/");
        assert_eq!(parsed.value.compact(), "{\"n\":1.50e+03,\"s\":\"\\/\"}");
    }

    #[test]
    fn numbers_are_compared_by_value() {
        for (a, b) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("0", "-0.0"),
            ("0.1", "1E-1"),
            ("1e400", "10e399"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("1", "-1"),
            ("9007199254740993", "9007199254740992"),
            ("1e99999999999999999999", "1e88888888888888888888"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn objects_are_compared_in_any_order_and_arrays_in_theirs() {
        assert!(same(
            r#"{"a":1,"b":[1,2]}"#,
            r#"{ "b":[1.0,2], "\u0061":1 }"#
        ));
        assert!(!same("[1,2]", "[2,1]"));
        assert!(!same("[1]", "[1,2]"));
        assert!(!same(r#"{"a":1}"#, r#"{"a":1,"b":2}"#));
        assert!(!same("\"1\"", "1"));
    }

    #[test]
    fn large_objects_are_compared_without_looking_for_each_name() {
        let object = |names: &mut dyn Iterator<Item = u32>| {
            let members: Vec<String> = names.map(|n| format!("\"n{n}\":{n}")).collect();
            format!("{{{}}}", members.join(","))
        };
        let ours = object(&mut (0..100_000));
        assert!(same(&ours, &object(&mut (0..100_000).rev())));
        assert!(!same(&ours, &object(&mut (1..=100_000))));
    }

    #[test]
    fn an_error_names_the_byte() {
        let error = parse("{\"a\":x}").unwrap_err();
        assert_eq!(error.offset, 5);
        assert_eq!(error.to_string(), "no JSON value at byte 6");
        assert_eq!(
            parse("{").unwrap_err().to_string(),
            "the text ends too early at byte 2"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_as_serde_json_does(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let ours = Json::parse(&bytes).is_ok();
            let theirs = serde_json::from_slice::<serde_json::Value>(&bytes).is_ok();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn json_like_text_is_judged_as_serde_json_does(text in r#"[\[\]{}:,"\\u0-9a-ftrueeE+. -]{0,24}"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            let out_of_range = theirs.as_ref().is_err_and(|e| e.to_string().contains("out of range"));
            prop_assert_eq!(parse(&text).is_ok(), theirs.is_ok() || out_of_range);
        }

        #[test]
        fn strings_come_back(text in ".*") {
            let quoted = quote(&text);
            prop_assert_eq!(parse(&quoted).unwrap().value.as_str().unwrap(), text.as_str());
            let escaped: Vec<String> = text.encode_utf16().map(|u| format!("\\u{u:04X}")).collect();
            let escaped = format!("\"{}\"", escaped.concat());
            prop_assert_eq!(parse(&escaped).unwrap().value.as_str().unwrap(), text.as_str());
        }
    }
}
