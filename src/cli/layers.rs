//! How the tokens stood in a text, in words.

use crate::text::count::counted;
use crate::token::find::Layer;

/// The ways that are worth mentioning.
const HIDDEN: &[(Layer, &str)] = &[
    (Layer::Escaped, "with some characters escaped"),
    (Layer::Folded, "broken over several lines"),
    (Layer::Base64, "in base64"),
    (Layer::Dump, "in a trace or a dump"),
    (Layer::Json, "in the JSON serialization"),
];

/// How many tokens stood in a text in each way.
#[derive(Debug, Default)]
pub(super) struct Tally {
    plain: usize,
    hidden: [usize; HIDDEN.len()],
}

impl Tally {
    pub(super) fn of(layers: impl Iterator<Item = Layer>) -> Self {
        let mut tally = Tally::default();
        layers.for_each(|layer| tally.add(layer));
        tally
    }

    pub(super) fn add(&mut self, layer: Layer) {
        let ways = HIDDEN.iter().zip(&mut self.hidden);
        let count = ways.into_iter().find(|((way, _), _)| *way == layer);
        let count = count.map_or(&mut self.plain, |(_, count)| count);
        *count = count.saturating_add(1);
    }

    pub(super) fn total(&self) -> usize {
        let hidden = self
            .hidden
            .iter()
            .fold(0, |sum: usize, n| sum.saturating_add(*n));
        self.plain.saturating_add(hidden)
    }

    /// `1 in base64, 2 broken over several lines`, if any token did not stand there plainly.
    fn hidden(&self) -> Option<String> {
        let ways = HIDDEN.iter().zip(&self.hidden).filter(|(_, n)| **n > 0);
        let ways: Vec<String> = ways.map(|((_, words), n)| format!("{n} {words}")).collect();
        (!ways.is_empty()).then(|| ways.join(", "))
    }

    /// A note where tokens were decoded from another form.
    pub(super) fn found(&self) -> Option<String> {
        let hidden = self.hidden()?;
        Some(match self.total() {
            1 => format!("the token was found {}", hidden.trim_start_matches("1 ")),
            total => format!("{total} tokens found, {hidden}"),
        })
    }

    /// A note where they were redacted.
    pub(super) fn redacted(&self) -> String {
        let total = self.total();
        let tokens = counted(total, "token");
        match self.hidden() {
            None => format!("{tokens} redacted"),
            Some(hidden) if total == 1 => {
                format!("{tokens} redacted, {}", hidden.trim_start_matches("1 "))
            }
            Some(hidden) => format!("{tokens} redacted, {hidden}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_hidden_is_said() {
        let said = |layers: &[Layer]| {
            let tally = Tally::of(layers.iter().copied());
            (tally.found().unwrap_or_default(), tally.redacted())
        };
        let both = |found: &str, redacted: &str| (found.to_owned(), redacted.to_owned());
        assert_eq!(said(&[Layer::Plain]), both("", "1 token redacted"));
        assert_eq!(
            said(&[Layer::Base64]),
            both(
                "the token was found in base64",
                "1 token redacted, in base64"
            )
        );
        assert_eq!(
            said(&[Layer::Base64, Layer::Plain, Layer::Folded, Layer::Base64]),
            both(
                "4 tokens found, 1 broken over several lines, 2 in base64",
                "4 tokens redacted, 1 broken over several lines, 2 in base64"
            )
        );
    }
}
