//! How a value that was refused resembles the one that was asked for.

use crate::token::json::Kind;
use crate::token::name::Name;
use crate::token::policy::Expectation;

/// How a value that was refused resembles the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NearMiss {
    /// It is the same value as JSON of this kind; ask for it so.
    NotAString(Kind, Expectation),
    /// It is a string with the text of JSON of this kind; ask for it so.
    IsAString(Kind, Expectation),
    /// It is an array with that value; a text in an array can be asked for so.
    InArray(Option<Expectation>),
    /// The two are texts that look alike.
    Spelling(Spelling),
    /// It was asked for with a `*`, which stands for any text only in a pattern.
    IsPattern(Expectation),
    /// It is a string with several values, of which one was expected.
    ListInString,
    /// Several values were asked for as one, of which it is one.
    AskedForList,
    /// It has each word of the list.
    HasWords(Vec<Expectation>),
    /// GitHub has put numeric ids into the subject; this pattern accepts them.
    NumericIds(Expectation),
    /// GitHub has not put numeric ids into the subject.
    NoNumericIds,
    /// It stands in another claim, which can be asked for.
    Elsewhere(Name, Option<Expectation>),
    /// A claim of that name is somewhere else, or is spelled otherwise.
    NameElsewhere(Name),
}

/// The difference between two texts that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spelling {
    /// A slash at the end.
    Slash,
    /// White space around them.
    Space,
    /// Upper and lower case.
    Case,
    /// The scheme `api://` in front.
    Scheme,
}
