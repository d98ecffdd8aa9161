//! Why a value is not the one that was asked for, where that can be seen: it has another type, it
//! differs in a slash, or it stands somewhere else in the token.

use std::borrow::Cow;
use std::rc::Rc;

use crate::text::escape;
use crate::token::claim_checks::is_list_of_words;
use crate::token::json::{Json, Kind};
use crate::token::name::Name;
use crate::token::pattern::Pattern;
use crate::token::policy::Expected;

/// So many values of a token are looked at, and those no deeper than so many objects.
const MOST_LOOKED_AT: usize = 10_000;
const DEEPEST: usize = 4;

/// A hint for a value that was found in place of the expected one.
pub(crate) fn of_value(
    name: &Name,
    expected: &Expected,
    found: Json<'_>,
    claims: Json<'_>,
) -> Option<String> {
    match expected {
        Expected::Text(text) => of_text(name, text, found, claims),
        Expected::Json(json) => {
            let expected = Json::parse_str(json).ok()?.value;
            of_json(name, expected, found, claims)
        }
        Expected::Pattern(pattern) => found
            .one_or_many()
            .filter_map(Json::as_str)
            .find_map(|found| numeric_ids(name, pattern.text(), &found)),
    }
}

/// A hint for a text that is none of those that were asked for.
pub(crate) fn of_text(
    name: &Name,
    expected: &str,
    found: Json<'_>,
    claims: Json<'_>,
) -> Option<String> {
    let is_text = |one: &Json<'_>| one.kind() == Kind::String;
    if found.text() == expected && !is_text(&found) {
        return Some(format!(
            "it is {}, not a string: {}",
            found.kind(),
            claim(name, ":=", expected)?
        ));
    }
    let texts = || found.one_or_many().filter_map(Json::as_str);
    texts()
        .find_map(|found| numeric_ids(name, expected, &found))
        .or_else(|| texts().find_map(|found| spelling(expected, &found)))
        .or_else(|| texts().find_map(|found| star(name, expected, &found)))
        .or_else(|| words(name, expected, found))
        .or_else(|| elsewhere(expected, name, claims))
}

/// A hint for a text that was expected where nothing is.
pub(crate) fn of_nothing(name: &Name, expected: Option<&str>, claims: Json<'_>) -> Option<String> {
    expected
        .and_then(|expected| elsewhere(expected, name, claims))
        .or_else(|| same_name(name, claims))
}

fn of_json(name: &Name, expected: Json<'_>, found: Json<'_>, claims: Json<'_>) -> Option<String> {
    let text = expected.as_str();
    if found.kind() == Kind::Array && found.elements().any(|one| one.same(expected)) {
        let Some(text) = text else {
            return Some("it is an array that has it".to_owned());
        };
        let command = claim(name, "=", &text)?;
        return Some(format!(
            "it is an array that has it: {command} is met by that"
        ));
    }
    if found.kind() == Kind::String && found.is(expected.text()) {
        let command = claim(name, "=", expected.text())?;
        return Some(format!(
            "it is a string, not {}: {command}",
            expected.kind()
        ));
    }
    text.and_then(|text| of_text(name, &text, found, claims))
}

/// What two texts differ in that look alike.
fn spelling(expected: &str, found: &str) -> Option<String> {
    let differ = |by: &str| {
        Some(format!(
            "they differ by {by}, and values are compared exactly"
        ))
    };
    if expected.trim_end_matches('/') == found.trim_end_matches('/') {
        differ("a slash at the end")
    } else if expected.trim() == found.trim() {
        differ("white space around them")
    } else if expected.to_lowercase() == found.to_lowercase() {
        differ("upper and lower case")
    } else {
        None
    }
}

/// A star is one, unless a pattern is asked for.
fn star(name: &Name, expected: &str, found: &str) -> Option<String> {
    if !expected.contains('*') || !Pattern::new(expected).matches(found) {
        return None;
    }
    let command = claim(name, "~=", expected)?;
    Some(format!(
        "`*` stands for itself there: {command} takes it for any text"
    ))
}

/// A list of words has each of them, in whatever order.
fn words(name: &Name, expected: &str, found: Json<'_>) -> Option<String> {
    let found = found.as_str().filter(|_| is_list_of_words(name))?;
    let has = |word: &str| found.split(' ').any(|w| w == word);
    if !expected.contains(' ') || !expected.split(' ').all(has) {
        return None;
    }
    let each: Option<Vec<String>> = expected
        .split(' ')
        .map(|word| claim(name, "=", word))
        .collect();
    Some(format!("it has each of these words: {}", each?.join(" ")))
}

/// Since 2026 the `sub` of a GitHub workflow has numbers behind the names, which stay with an owner
/// and a repository when their names go to somebody else.
fn numeric_ids(name: &Name, expected: &str, found: &str) -> Option<String> {
    let (old, new) = (Workflow::of(expected)?, Workflow::of(found)?);
    let numbered = |old: &str, new: &str| {
        let rest = match old.strip_suffix('*') {
            Some(_) => new.rsplit_once('@').map(|(_, id)| id),
            None => new
                .strip_prefix(old)
                .and_then(|rest| rest.strip_prefix('@')),
        };
        rest.is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
    };
    if numbered(old.owner, new.owner) && numbered(old.repository, new.repository) {
        let pattern = format!("repo:{}@*/{}@*{}", old.owner, old.repository, old.rest);
        let any = claim(name, "~=", &pattern)?;
        return Some(format!(
            "GitHub puts numeric ids behind the names of owner and repository: {any} takes any ids; those of the token in their place keep out whoever gets the names later"
        ));
    }
    if numbered(new.owner, old.owner) && numbered(new.repository, old.repository) {
        return Some("the token has the names of owner and repository without numeric ids: GitHub puts these into the tokens of repositories made since July 2026, and of those that ask for it".to_owned());
    }
    None
}

/// The subject of a GitHub workflow: `repo:OWNER/REPOSITORY:…`.
struct Workflow<'a> {
    owner: &'a str,
    repository: &'a str,
    /// From the second colon on.
    rest: &'a str,
}

impl<'a> Workflow<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (owner, rest) = text.strip_prefix("repo:")?.split_once('/')?;
        let colon = rest.find(':').unwrap_or(rest.len());
        let (repository, rest) = rest.split_at_checked(colon)?;
        Some(Workflow {
            owner,
            repository,
            rest,
        })
    }
}

/// Where else in the claims a text stands, by itself, in an array or in a list of words.
fn elsewhere(expected: &str, name: &Name, claims: Json<'_>) -> Option<String> {
    if expected.is_empty() {
        return None;
    }
    let place = find(claims, |place, value| {
        let is_own = matches!(name, Name::Claim(own) if place.is_top(own));
        let words = value
            .as_str()
            .filter(|_| matches!(place.name.as_ref(), "scope" | "scp"));
        let is_word = || words.is_some_and(|words| words.split(' ').any(|word| word == expected));
        !is_own && (value.one_or_many().any(|one| one.is(expected)) || is_word())
    })?;
    let shown = escape::shorten(&place.to_string(), 60);
    Some(match claim(&place, "=", expected) {
        Some(command) => format!("it stands in `{shown}`: {command} asks for that"),
        None => format!("it stands in `{shown}`"),
    })
}

/// Where deeper in the claims a name stands that is not at the top, or is spelled otherwise.
fn same_name(name: &Name, claims: Json<'_>) -> Option<String> {
    let Name::Claim(name) = name else {
        return None;
    };
    let exact = find(claims, |place, _| place.name == *name);
    let place = exact.or_else(|| find(claims, |place, _| place.name.eq_ignore_ascii_case(name)))?;
    let shown = escape::shorten(&place.to_string(), 60);
    Some(format!("the token has `{shown}`"))
}

/// A member of the claims, or of an object in them.
struct Place<'a> {
    above: Option<Rc<Place<'a>>>,
    name: Cow<'a, str>,
}

impl Place<'_> {
    /// Whether it is the claim of this name.
    fn is_top(&self, name: &str) -> bool {
        self.above.is_none() && self.name == name
    }

    fn named(&self) -> Name {
        let above = std::iter::successors(self.above.as_deref(), |place| place.above.as_deref());
        let names = std::iter::once(self)
            .chain(above)
            .map(|place| place.name.as_ref());
        let mut path: Vec<&str> = names.collect();
        path.reverse();
        Name::of_path(&path)
    }
}

/// The first member of which this holds; those at the top come before those of their objects.
fn find<'a>(claims: Json<'a>, holds: impl Fn(&Place<'a>, Json<'a>) -> bool) -> Option<Name> {
    let mut level: Vec<(Option<Rc<Place<'a>>>, Json<'a>)> = vec![(None, claims)];
    let mut left = MOST_LOOKED_AT;
    for _ in 0..DEEPEST {
        let mut deeper = Vec::new();
        for (above, object) in level {
            for (name, value) in object.members() {
                left = left.checked_sub(1)?;
                let above = above.clone();
                let place = Place { above, name };
                if holds(&place, value) {
                    return Some(place.named());
                }
                if value.kind() == Kind::Object {
                    deeper.push((Some(Rc::new(place)), value));
                }
            }
        }
        level = deeper;
    }
    None
}

/// How to ask for a claim, ready to be pasted into a shell; `None` where that cannot be shown.
fn claim(name: &Name, operator: &str, value: &str) -> Option<String> {
    let text = format!("{name}{operator}{value}");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
    if text.bytes().all(plain) && operator == "=" {
        return Some(format!("`--claim {text}`"));
    }
    (text.len() <= 300 && !text.contains('\'') && escape::is_plain(&text))
        .then(|| format!("`--claim '{text}'`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(name: &str, expected: &str, claims: &str) -> Option<String> {
        let claims = Json::parse_str(claims).unwrap().value;
        of_nothing(&Name::parse(name), Some(expected), claims)
    }

    #[test]
    fn a_search_ends_after_so_many_members_and_so_deep() {
        let member = |n: usize| format!(r#""m{n}":"{n}""#);
        let members: Vec<String> = (0..MOST_LOOKED_AT + 5).map(member).collect();
        let wide = format!("{{{}}}", members.join(","));
        assert!(nothing("sub", "9999", &wide).is_some());
        assert_eq!(nothing("sub", "10001", &wide), None);
        let deep = |depth| format!("{}\"x\"{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        let found = nothing("sub", "x", &deep(DEEPEST)).unwrap();
        assert_eq!(
            found,
            "it stands in `/a/a/a/a`: `--claim /a/a/a/a=x` asks for that"
        );
        assert_eq!(nothing("sub", "x", &deep(DEEPEST + 1)), None);
    }

    #[test]
    fn long_names_are_not_copied_for_each_member_below_them() {
        let long = "n\\u0065".repeat(50_000);
        let members = vec![r#""m":{"o":{}}"#; 3_000].join(",");
        let claims = format!(r#"{{"{long}":{{"{long}":{{{members}}}}}}}"#);
        assert_eq!(nothing("sub", "x", &claims), None);
    }

    #[test]
    fn a_claim_of_a_name_that_means_a_place_is_named_by_a_pointer() {
        for (claims, place) in [
            (r#"{"a b":"x"}"#, "`a b`: `--claim 'a b=x'`"),
            (r#"{"/a":"x"}"#, "`/~1a`: `--claim '/~1a=x'`"),
            (r#"{"header.a":"x"}"#, "`/header.a`: `--claim /header.a=x`"),
            (
                r#"{"https://x.test/r":["x"]}"#,
                "`https://x.test/r`: `--claim https://x.test/r=x`",
            ),
        ] {
            let hint = nothing("sub", "x", claims).unwrap();
            assert_eq!(hint, format!("it stands in {place} asks for that"));
        }
        assert_eq!(nothing("sub", "", r#"{"a":""}"#), None);
    }
}
