//! Reading claims with their types, and building a header or a claims set.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::text::time::Timestamp;
use crate::token::decimal::Decimal;
use crate::token::json::{self, Json, JsonText, Kind, Object, USUAL_MEMBERS};

/// The claims whose type RFC 7519 section 4.1 fixes, taken in one walk over the claims.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Registered<'a> {
    /// Issuer.
    pub iss: Option<Json<'a>>,
    /// Subject.
    pub sub: Option<Json<'a>>,
    /// Audience.
    pub aud: Option<Json<'a>>,
    /// Expiration time.
    pub exp: Option<Json<'a>>,
    /// Not before.
    pub nbf: Option<Json<'a>>,
    /// Issued at.
    pub iat: Option<Json<'a>>,
    /// JWT ID.
    pub jti: Option<Json<'a>>,
}

impl<'a> Registered<'a> {
    /// Picks the registered claims out of a claims object.
    #[must_use]
    pub fn of(claims: &'a Object) -> Self {
        let [iss, sub, aud, exp, nbf, iat, jti] = claims.pick(|name| match name {
            b"iss" => Some(0),
            b"sub" => Some(1),
            b"aud" => Some(2),
            b"exp" => Some(3),
            b"nbf" => Some(4),
            b"iat" => Some(5),
            b"jti" => Some(6),
            _ => None,
        });
        Registered {
            iss,
            sub,
            aud,
            exp,
            nbf,
            iat,
            jti,
        }
    }
}

/// Why a value is not a NumericDate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotADate {
    /// It is not a number.
    Kind(Kind),
    /// It is a number of 2^63 seconds or more, on either side.
    OutOfRange,
}

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotADate::Kind(kind) => write!(f, "it is {kind}, not a number"),
            NotADate::OutOfRange => f.write_str("it is beyond any calendar"),
        }
    }
}

impl std::error::Error for NotADate {}

const NANO_DIGITS: i64 = 9;

/// Reads a NumericDate (RFC 7519 section 2): a JSON number of seconds, fractions allowed.
///
/// The number is read as it is written, never through a float. A fraction finer than a nanosecond is rounded
/// up, so that `now < t` and `t <= now` keep their results for any `now` in whole nanoseconds.
///
/// # Errors
/// [`NotADate`] for another kind of value, or a number beyond any calendar.
pub fn numeric_date(value: Json<'_>) -> Result<Timestamp, NotADate> {
    if value.kind() != Kind::Number {
        return Err(NotADate::Kind(value.kind()));
    }
    if let Some(seconds) = whole_seconds(value.text()) {
        return Ok(Timestamp::from_seconds(seconds));
    }
    let number = Decimal::of(value.text());
    nanoseconds(&number)
        .filter(|nanos| i64::try_from(nanos.div_euclid(1_000_000_000)).is_ok())
        .map(Timestamp::from_nanos)
        .ok_or(NotADate::OutOfRange)
}

/// A number as in nearly every token: digits alone, few enough to fit.
fn whole_seconds(text: &str) -> Option<i64> {
    let add = |seconds: i64, digit: u8| {
        let value = i64::from(digit.wrapping_sub(b'0'));
        (value < 10).then(|| seconds.wrapping_mul(10).wrapping_add(value))
    };
    match text.len() {
        1..=18 => text.bytes().try_fold(0, add),
        _ => None,
    }
}

fn nanoseconds(number: &Decimal<'_>) -> Option<i128> {
    let shift = number.exponent?.checked_add(NANO_DIGITS)?;
    let magnitude = if shift >= 0 {
        let power = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
        digits(&number.digits)?.checked_mul(power)?
    } else {
        let cut = usize::try_from(shift.unsigned_abs()).ok()?;
        let whole = digits(
            number
                .digits
                .get(..number.digits.len().saturating_sub(cut))?,
        )?;
        // The part that is cut off is never zero: Decimal has no zeros at its end.
        if number.negative {
            whole
        } else {
            whole.checked_add(1)?
        }
    };
    if number.negative {
        magnitude.checked_neg()
    } else {
        Some(magnitude)
    }
}

fn digits(text: &str) -> Option<i128> {
    if text.is_empty() {
        Some(0)
    } else {
        text.parse().ok()
    }
}

/// With more members than these, a name is looked up in an index.
const FEW_MEMBERS: usize = 32;

/// A header or claims set that is being built: names in the order they were first set, each
/// with the JSON text of its value, byte for byte as it was given.
#[derive(Clone, Debug, Default)]
pub struct Members<'a> {
    all: Vec<Member<'a>>,
    /// Where each name stands, once there are many of them and one is looked for.
    places: Option<HashMap<Cow<'a, str>, usize>>,
}

#[derive(Clone, Debug)]
struct Member<'a> {
    name: Cow<'a, str>,
    value: JsonText<'a>,
    /// Name and value as they stand in a text, `"name":json`, where they came from one: they are copied
    /// together.
    written: Option<&'a str>,
}

impl<'a> Members<'a> {
    /// An empty object.
    #[must_use]
    pub fn new() -> Self {
        Members::default()
    }

    /// Sets a member; it keeps its place if it is there.
    ///
    /// A value is JSON that was checked. Unchecked text is not accepted: it could add a claim of its own.
    ///
    /// ```compile_fail
    /// # let mut claims = jott::token::claims::Members::new();
    /// claims.set("role", "\"user\",\"admin\":true");
    /// ```
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<JsonText<'a>>) {
        self.put(Member {
            name: name.into(),
            value: value.into(),
            written: None,
        });
    }

    /// Sets a member, unless it is there.
    pub fn set_missing(&mut self, name: &'a str, value: impl Into<JsonText<'a>>) {
        if self.get(name).is_none() {
            self.set(name, value);
        }
    }

    /// Sets a member to a string.
    pub fn set_text(&mut self, name: impl Into<Cow<'a, str>>, text: &str) {
        self.set(name, JsonText::of_text(text));
    }

    fn put(&mut self, member: Member<'a>) {
        if self.places.is_none() && self.all.len() > FEW_MEMBERS {
            let names = self.all.iter().map(|member| member.name.clone());
            self.places = Some(names.zip(0..).collect());
        }
        let there = match &mut self.places {
            Some(places) => places.get(&member.name).copied(),
            None => self.all.iter().position(|m| m.name == member.name),
        };
        if let Some(there) = there.and_then(|place| self.all.get_mut(place)) {
            *there = member;
            return;
        }
        if let Some(places) = &mut self.places {
            places.insert(member.name.clone(), self.all.len());
        }
        self.all.push(member);
    }

    /// Takes over every member of an object.
    pub fn extend(&mut self, object: &'a Object) {
        self.extend_without(object, &[]);
    }

    /// Takes over every member of an object except those with these names.
    pub fn extend_without(&mut self, object: &'a Object, names: &[&str]) {
        let members = object
            .written_members()
            .map(|(name, value, written)| Member {
                name,
                value: value.into(),
                written,
            })
            .filter(|member| !names.contains(&member.name.as_ref()));
        // Names of an object without repeated ones need not be compared with each other.
        if self.all.is_empty() && object.duplicate().is_none() {
            self.all.reserve(USUAL_MEMBERS);
            self.all.extend(members);
        } else {
            members.for_each(|member| self.put(member));
        }
    }

    /// Drops a member.
    pub fn remove(&mut self, name: &str) {
        self.retain(|kept| kept != name);
    }

    /// Keeps the members whose names fit, and drops the others.
    pub fn retain(&mut self, fits: impl Fn(&str) -> bool) {
        self.all.retain(|member| fits(&member.name));
        self.places = None;
    }

    /// The value of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json<'_>> {
        let member = self.all.iter().find(|member| member.name == name);
        member.map(|member| member.value.json())
    }

    /// The object as JSON text without white space between its members.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    /// Appends the same to a text.
    pub fn push_text(&self, text: &mut String) {
        let room = self.all.iter().map(|member| {
            member
                .name
                .len()
                .saturating_add(member.value.json().text().len())
        });
        let room = room.fold(2_usize, |all, one| {
            all.saturating_add(one).saturating_add(4)
        });
        text.reserve(room);
        text.push('{');
        for (index, member) in self.all.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            if let Some(written) = member.written {
                text.push_str(written);
            } else {
                json::push_quoted(text, &member.name);
                text.push(':');
                text.push_str(member.value.json().text());
            }
        }
        text.push('}');
    }
}

#[cfg(test)]
mod tests;
