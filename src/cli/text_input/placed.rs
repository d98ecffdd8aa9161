//! A token that was found, and where it stands.

use crate::cli::text_input::cursor::Cursor;
use crate::token::find::Layer;

/// A token in a text, and where it stands first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Placed {
    /// The token.
    pub(in crate::cli) token: String,
    /// The line, from 1.
    pub(in crate::cli) line: u64,
    /// The character in the line, from 1.
    pub(in crate::cli) column: u64,
    /// How often it occurs.
    pub(in crate::cli) seen: u64,
    /// How it stands there.
    pub(in crate::cli) layer: Layer,
}

impl Placed {
    /// The place of the one token of a text, behind what stands before it. The token itself, which
    /// may be large, is not kept.
    pub(in crate::cli) fn after(before: &[u8]) -> Self {
        let mut cursor = Cursor::default();
        cursor.pass(before);
        Placed {
            token: String::new(),
            line: cursor.lines.line(),
            column: cursor.column(),
            seen: 1,
            layer: Layer::Plain,
        }
    }
}
