//! A pattern fits what its grammar says: `*` stands for any text, everything else for itself. The input is a pattern, a
//! line break, and a text.

use jott::Name;
use jott::token::json::Json;
use jott::token::pattern::Pattern;

/// The rule as one reads it, which takes long for long texts.
fn fits(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|skip| fits(rest, &text[skip..])),
        Some((one, rest)) => text.split_first().is_some_and(|(first, others)| one == first && fits(rest, others)),
    }
}

pub(crate) fn holds(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let Some((pattern, text)) = input.split_once('\n') else {
        return;
    };
    let answer = Pattern::new(pattern).matches(text);
    let stars = pattern.matches('*').count();
    if stars <= 3 && text.len() <= 40 {
        let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
        assert_eq!(answer, fits(&pattern, &text), "{pattern:?} {text:?}");
    }
    // The name of a claim, and the JSON in which it is looked for.
    let name = Name::parse(pattern);
    if let Ok(parsed) = Json::parse_str(text) {
        let _ = name.find(parsed.value, Some(parsed.value));
    }
}
