//! Patterns: texts with gaps, for a claim that is not known exactly.

/// A text in which each `*` stands for any text, also an empty one, and every other character for
/// itself. It has to match the whole text, with the same case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Reads a pattern; every text is one.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Pattern(text.into())
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text matches, in a time that grows with the sum of both lengths, not with their
    /// product.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else {
            return text == self.0;
        };
        let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let inside = text
            .strip_prefix(first)
            .and_then(|text| text.strip_suffix(last));
        // The first place of a part leaves the most room for the next one.
        let after = |text, part| str::split_once(text, part).map(|(_, after)| after);
        inside.is_some_and(|inside| between.split('*').try_fold(inside, after).is_some())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_the_rest_for_itself() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "anything\nat all"),
            ("**", "x"),
            ("a", "a"),
            ("a*", "a"),
            ("*a", "ba"),
            ("a*b", "ab"),
            ("a*b*c", "a b b c c"),
            ("*ab*ab*", "abab"),
            ("a*a", "aa"),
            (".+?[x]", ".+?[x]"),
            ("ü*é", "ü→é"),
            (
                "repo:o@*/r@*:ref:refs/heads/main",
                "repo:o@1/r@2:ref:refs/heads/main",
            ),
        ] {
            assert!(Pattern::new(pattern).matches(text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", "ab"),
            ("a", "A"),
            ("a*", "ba"),
            ("*a", "ab"),
            ("a*a", "a"),
            ("ab*ba", "aba"),
            ("*ab*ab*", "aba"),
            ("a*c*b", "ab"),
            (".*", "x"),
            ("a?", "ab"),
        ] {
            assert!(!Pattern::new(pattern).matches(text), "{pattern} {text}");
        }
    }

    /// As the definition has it: the star takes nothing, or one character more.
    fn by_definition(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            (['*', rest @ ..], _) => {
                by_definition(rest, text)
                    || matches!(text, [_, more @ ..] if by_definition(pattern, more))
            }
            ([p, pattern @ ..], [t, text @ ..]) => p == t && by_definition(pattern, text),
            (pattern, text) => pattern.is_empty() && text.is_empty(),
        }
    }

    proptest! {
        #[test]
        fn patterns_match_as_their_definition_has_it(pattern in "[ab*]{0,8}", text in "[ab]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = by_definition(&chars(&pattern), &chars(&text));
            prop_assert_eq!(Pattern::new(pattern).matches(&text), expected);
        }
    }

    #[test]
    fn long_texts_with_many_gaps_are_matched_at_once() {
        let (part, times) = ("aaaaaaaaab*", 20_000);
        let text = "a".repeat(1_000_000);
        assert!(!Pattern::new(part.repeat(times)).matches(&text));
        assert!(Pattern::new("a*".repeat(times)).matches(&text));
    }
}
