//! Why a compressed stream cannot be read any further.

use std::fmt;
use std::io::{self};

/// Of more, no more than so many bytes may come out of one. Text becomes so small only where it is one
/// thing over and over.
pub(super) const MOST_FOR_ONE: u64 = 200;

/// How something is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Format {
    Gzip,
    Zstandard,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Gzip => "gzip",
            Format::Zstandard => "Zstandard",
        })
    }
}

/// Why no more can be read.
#[derive(Debug)]
pub(in crate::cli) enum Fault {
    /// The stream itself cannot be read.
    Unread(io::Error),
    /// It ends before it is complete.
    CutOff(Format),
    /// It is not what it should be.
    Damaged(Format),
    /// Something else follows.
    Followed(Format),
    /// More comes out than is to be expected.
    TooMuch(Format),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Unread(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Unread(error) => error.fmt(f),
            Fault::CutOff(format) => write!(f, "it is {format}, and its end is missing"),
            Fault::Damaged(format) => write!(f, "it is {format}, and damaged"),
            Fault::Followed(format) => {
                write!(f, "it is {format}, and something else follows behind it")
            }
            Fault::TooMuch(format) => write!(
                f,
                "it is {format}, and becomes more than {MOST_FOR_ONE} times as long"
            ),
        }
    }
}
