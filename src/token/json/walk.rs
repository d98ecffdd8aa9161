//! Goes through the elements of an array and the members of an object, in their order.

use std::borrow::Cow;

use crate::token::json::Json;
use crate::token::json::scan::Scanner;
use crate::token::json::unescape::unescape;

/// Walks the parts of an array or object whose text has been checked.
pub(super) struct Inside<'a> {
    scanner: Scanner<'a>,
}

impl<'a> Inside<'a> {
    fn of(json: Json<'a>, open: u8) -> Self {
        let mut scanner = Scanner::new(json.0);
        // Names were compared when the text was parsed; with a name set here, the scanner does not
        // compare them again.
        scanner.duplicate = Some(String::new());
        if !scanner.eat(open) {
            scanner.end();
        }
        Inside { scanner }
    }

    /// Goes on after a part of the outermost object of a text.
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

impl<'a> Elements<'a> {
    pub(super) fn of(json: Json<'a>) -> Self {
        Elements(Inside::of(json, b'['))
    }
}

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

impl<'a> MemberIter<'a> {
    pub(super) fn of(json: Json<'a>) -> Self {
        MemberIter(Inside::of(json, b'{'))
    }

    /// The members that follow the end of one.
    pub(super) fn after(text: &'a str, end: usize) -> Self {
        MemberIter(Inside::after(text, end))
    }
}

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
