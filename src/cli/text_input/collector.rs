//! The tokens that are found in a text, each once, with where it stands.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::io::Read;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::text_input::cursor::Cursor;
use crate::cli::text_input::placed::Placed;
use crate::cli::text_input::{Piece, Searched};
use crate::token::find::{Layer, Text};

/// How much memory all different tokens of one text may take.
const MAX_HELD: usize = 256 << 20;

/// Collects the tokens of a text, piece by piece.
#[derive(Default)]
pub(in crate::cli) struct Collector {
    placed: Vec<Placed>,
    /// The place of each token in the list, by its hash, or if that was taken, by the next number.
    known: HashMap<u64, usize>,
    hasher: RandomState,
    held: usize,
    cursor: Cursor,
    /// Whether the text begins with a header that is too long to be looked for.
    begins_long: Option<bool>,
}

impl Collector {
    /// Takes the next piece and what was found in it.
    pub(in crate::cli) fn add(&mut self, piece: &Piece<'_>) -> Result<(), Failure> {
        self.begins_long
            .get_or_insert_with(|| piece.is_long_header());
        let mut at = piece.part.start;
        for found in &piece.finds.tokens {
            let token = match &found.text {
                Text::Plain => text_of(piece.part(found.place.clone())),
                Text::Within(token) => token.into(),
                Text::Without => continue,
            };
            // One encoded text may hold several.
            self.cursor.pass(piece.part(at..found.place.start.max(at)));
            at = at.max(found.place.start);
            self.note(&token, found.layer)?;
        }
        self.cursor.pass(piece.part(at..piece.part.end));
        Ok(())
    }

    fn note(&mut self, token: &str, layer: Layer) -> Result<(), Failure> {
        let mut hash = self.hasher.hash_one(token);
        while let Some(placed) = self.known.get(&hash).and_then(|i| self.placed.get_mut(*i)) {
            if placed.token == token {
                placed.seen = placed.seen.saturating_add(1);
                return Ok(());
            }
            hash = hash.wrapping_add(1);
        }
        self.held = self.held.saturating_add(token.len());
        if self.held > MAX_HELD {
            return Err(Failure::new(
                Exit::NotAToken,
                "the text has more than 256 MiB of different tokens",
            )
            .hint("split it into parts"));
        }
        self.known.insert(hash, self.placed.len());
        self.placed.push(Placed {
            token: token.to_owned(),
            line: self.cursor.lines.line(),
            column: self.cursor.column(),
            seen: 1,
            layer,
        });
        Ok(())
    }

    /// The failure of a text without a token.
    pub(in crate::cli) fn none_found(&self, exit: Exit) -> Failure {
        match self.begins_long {
            Some(true) => Failure::new(
                exit,
                "what begins as a token has no dot in its first MiB: so long a header is not looked for",
            )
            .hint("`jott verify` without `--find` takes a text as one token, up to 64 MiB"),
            _ => Failure::new(exit, "there is no token in the text")
                .hint("a token looks like `eyJ….eyJ….…`"),
        }
    }

    /// Whether there is none.
    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// The tokens in the order in which they were first met.
    pub(in crate::cli) fn placed(self) -> Vec<Placed> {
        self.placed
    }
}

/// Every token of a stream.
pub(in crate::cli) fn find_all(reader: &mut dyn Read) -> Result<Collector, Failure> {
    let mut text = Searched::new(reader);
    let mut collector = Collector::default();
    while let Some(piece) = text.next(true)? {
        collector.add(&piece)?;
    }
    Ok(collector)
}

/// A token as text. Its own bytes are always text; the standard library would check them byte by
/// byte.
fn text_of(token: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(token).map_or_else(|_| String::from_utf8_lossy(token), Cow::Borrowed)
}
