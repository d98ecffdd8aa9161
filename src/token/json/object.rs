//! A JSON object that is kept: its text, and where its members stand.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::token::json::scan::{MemberSpan, Scanner};
use crate::token::json::unescape::unescape;
use crate::token::json::walk::MemberIter;
use crate::token::json::{Json, Kind, NotJson};

/// How many members an object usually has.
pub(in crate::token) const USUAL_MEMBERS: usize = 12;

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

/// The memory of an object that is no longer needed, for the next one.
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

    /// As [`Object::parse`], but gives the bytes back where they are not an object.
    ///
    /// # Errors
    /// The bytes, and [`NotObject`].
    pub(crate) fn parse_or_return(bytes: Vec<u8>) -> Result<Object, (Vec<u8>, NotObject)> {
        Object::parse_with(Vec::with_capacity(USUAL_MEMBERS), bytes)
    }

    /// As [`Object::parse_or_return`], with given memory for the places of the members.
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
        let placed = self.places.iter().map(|place| self.member(place));
        placed.chain(self.unplaced())
    }

    fn member(&self, place: &MemberSpan) -> (Cow<'_, str>, Json<'_>) {
        let name = self.part(place.name());
        let name = match place.escaped {
            true => unescape(name),
            false => Cow::Borrowed(name),
        };
        (name, Json(self.part(place.value())))
    }

    /// The same, each with the text of name and value if only a colon stands between them and the
    /// name has no escapes.
    pub(in crate::token) fn written_members(
        &self,
    ) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>, Option<&str>)> {
        let placed = self.places.iter().map(|place| {
            let (name, value) = (place.name(), place.value());
            let colon = name.end.saturating_add(1);
            let is_close = !place.escaped && value.start == colon.saturating_add(1);
            let start = name.start.saturating_sub(1);
            let written = is_close.then(|| self.part(start..value.end));
            let (name, value) = self.member(place);
            (name, value, written)
        });
        placed.chain(self.unplaced().map(|(name, value)| (name, value, None)))
    }

    /// The members whose places were not kept.
    fn unplaced(&self) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>)> {
        let last = self.places.last().filter(|_| self.more);
        let rest = last.map(|last| MemberIter::after(&self.text, last.value().end));
        rest.into_iter().flatten()
    }

    /// The first member of that name, found without reading the values.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json<'_>> {
        let is_named = |place: &&MemberSpan| match place.escaped {
            true => unescape(self.part(place.name())) == name,
            false => self.text.as_bytes().get(place.name()) == Some(name.as_bytes()),
        };
        match self.places.iter().find(is_named) {
            Some(place) => Some(Json(self.part(place.value()))),
            None if self.more => self.unplaced().find(|(n, _)| n == name).map(|(_, v)| v),
            None => None,
        }
    }

    /// As [`Object::get`] for several names, in one walk over the members.
    pub(in crate::token) fn get_all<const N: usize>(
        &self,
        names: [&str; N],
    ) -> [Option<Json<'_>>; N] {
        if self.more {
            return names.map(|name| self.get(name));
        }
        let mut values = [None; N];
        let mut put = |name: &[u8], value: Range<usize>| {
            let slot = names.iter().position(|wanted| wanted.as_bytes() == name);
            if let Some(free @ None) = slot.and_then(|slot| values.get_mut(slot)) {
                *free = Some(Json(self.part(value)));
            }
        };
        for place in &self.places {
            match place.escaped {
                true => put(unescape(self.part(place.name())).as_bytes(), place.value()),
                false => put(self.part(place.name()).as_bytes(), place.value()),
            }
        }
        values
    }

    /// The values of some members, each in the slot of its name; of repeated ones the last.
    pub(in crate::token) fn pick<'a, const N: usize>(
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
        if self.more {
            for (name, value) in self.unplaced() {
                put(slot_of(name.as_bytes()), value);
            }
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

    /// A name that occurs twice at one level, here or deeper.
    #[must_use]
    pub fn duplicate(&self) -> Option<&str> {
        self.duplicate.as_deref()
    }
}
