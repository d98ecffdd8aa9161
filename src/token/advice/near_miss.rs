//! What a value that was refused has to do with the one that was asked for.

use crate::token::json::Kind;
use crate::token::name::Name;
use crate::token::policy::Expectation;

/// What a value that was refused has to do with the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NearMiss {
    /// It is the same as JSON of this kind, which is to be asked for so.
    NotAString(Kind, Expectation),
    /// It is a string that has the text of JSON of this kind, and is to be asked for so.
    IsAString(Kind, Expectation),
    /// It is an array that has it; a text in it can be asked for so.
    InArray(Option<Expectation>),
    /// The two are texts that look alike.
    Spelling(Spelling),
    /// A `*` that was asked for stands for any text in a pattern.
    IsPattern(Expectation),
    /// It has each word of the list.
    HasWords(Vec<Expectation>),
    /// GitHub has put numeric ids into the subject, which this pattern takes.
    NumericIds(Expectation),
    /// GitHub has not put numeric ids into the subject.
    NoNumericIds,
    /// It stands in another claim, which can be asked for.
    Elsewhere(Name, Option<Expectation>),
    /// A claim of that name is somewhere else, or is spelled otherwise.
    NameElsewhere(Name),
}

/// What two texts differ in that look alike.
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
