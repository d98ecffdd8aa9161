//! Why a value is not the one that was asked for, where that can be seen: it has another type,
//! differs in a slash, or stands elsewhere in the token.

use std::borrow::Cow;
use std::rc::Rc;

use crate::text::escape;
use crate::token::advice::{NearMiss, Spelling};
use crate::token::json::{Json, Kind};
use crate::token::name::Name;
use crate::token::pattern::Pattern;
use crate::token::policy::{Expectation, Expected};

/// How many values of a token are looked at, and how deep.
const MOST_LOOKED_AT: usize = 10_000;

const DEEPEST: usize = 4;

/// No longer value is suggested, if it needs quotes.
const LONGEST: usize = 300;

/// A hint for a value that was found in place of the expected one.
pub(crate) fn of_value(
    name: &Name,
    expected: &Expected,
    found: Json<'_>,
    claims: Json<'_>,
) -> Option<NearMiss> {
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

/// A hint for a text that is not one of those that were asked for.
pub(crate) fn of_text(
    name: &Name,
    expected: &str,
    found: Json<'_>,
    claims: Json<'_>,
) -> Option<NearMiss> {
    let is_text = |one: &Json<'_>| one.kind() == Kind::String;
    if found.text() == expected && !is_text(&found) {
        let instead = ask(name, Expected::Json(expected.to_owned()))?;
        return Some(NearMiss::NotAString(found.kind(), instead));
    }
    let texts = || found.one_or_many().filter_map(Json::as_str);
    texts()
        .find_map(|found| numeric_ids(name, expected, &found))
        .or_else(|| texts().find_map(|found| spelling(expected, &found)))
        .or_else(|| texts().find_map(|found| star(name, expected, &found)))
        .or_else(|| words(name, expected, found))
        .or_else(|| texts().find_map(|found| list(expected, &found)))
        .or_else(|| elsewhere(expected, name, claims))
}

/// A hint for a text that was expected where there is none.
pub(crate) fn of_nothing(
    name: &Name,
    expected: Option<&str>,
    claims: Json<'_>,
) -> Option<NearMiss> {
    expected
        .and_then(|expected| elsewhere(expected, name, claims))
        .or_else(|| same_name(name, claims))
}

fn of_json(name: &Name, expected: Json<'_>, found: Json<'_>, claims: Json<'_>) -> Option<NearMiss> {
    let text = expected.as_str();
    if found.kind() == Kind::Array && found.elements().any(|one| one.same(expected)) {
        return Some(NearMiss::InArray(match text {
            Some(text) => Some(ask_text(name, &text)?),
            None => None,
        }));
    }
    if found.kind() == Kind::String && found.is(expected.text()) {
        let instead = ask_text(name, expected.text())?;
        return Some(NearMiss::IsAString(expected.kind(), instead));
    }
    text.and_then(|text| of_text(name, &text, found, claims))
}

/// The prefix before the ID of an application in some audiences of Microsoft Entra.
const API: &str = "api://";

/// The difference between two texts that look alike.
fn spelling(expected: &str, found: &str) -> Option<NearMiss> {
    let differ = |by| Some(NearMiss::Spelling(by));
    if expected.trim_end_matches('/') == found.trim_end_matches('/') {
        differ(Spelling::Slash)
    } else if expected.trim() == found.trim() {
        differ(Spelling::Space)
    } else if expected.to_lowercase() == found.to_lowercase() {
        differ(Spelling::Case)
    } else if expected.strip_prefix(API) == Some(found) || found.strip_prefix(API) == Some(expected)
    {
        differ(Spelling::Scheme)
    } else {
        None
    }
}

/// A star is only a star, unless a pattern is asked for.
fn star(name: &Name, expected: &str, found: &str) -> Option<NearMiss> {
    if !expected.contains('*') || !Pattern::new(expected).matches(found) {
        return None;
    }
    ask(name, Expected::Pattern(Pattern::new(expected))).map(NearMiss::IsPattern)
}

/// A list has each of these words, in any order.
fn words(name: &Name, expected: &str, found: Json<'_>) -> Option<NearMiss> {
    let found = found.as_str().filter(|_| is_list_of_words(name))?;
    let has = |word: &str| found.split(' ').any(|w| w == word);
    if !expected.contains(' ') || !expected.split(' ').all(has) {
        return None;
    }
    let each = expected.split(' ').map(|word| ask_text(name, word));
    each.collect::<Option<_>>().map(NearMiss::HasWords)
}

/// A text is one of the words of the other, with commas or spaces between them, or as JSON.
fn list(expected: &str, found: &str) -> Option<NearMiss> {
    let has = |list: &str, one: &str| {
        let mut words = list.split([',', ' ', ';']);
        let bare = |word: &str| word.trim_matches(['[', ']', '"', '\'']) == one;
        !one.is_empty() && list != one && words.any(bare)
    };
    match (has(found, expected), has(expected, found)) {
        (true, _) => Some(NearMiss::ListInString),
        (_, true) => Some(NearMiss::AskedForList),
        _ => None,
    }
}

/// Since 2026 the `sub` of a GitHub workflow has numbers after the names. The numbers stay with an
/// owner and a repository when somebody else takes over their names.
fn numeric_ids(name: &Name, expected: &str, found: &str) -> Option<NearMiss> {
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
        let any = ask(name, Expected::Pattern(Pattern::new(pattern)))?;
        return Some(NearMiss::NumericIds(any));
    }
    if numbered(new.owner, old.owner) && numbered(new.repository, old.repository) {
        return Some(NearMiss::NoNumericIds);
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

/// Where else in the claims a text stands: alone, in an array or in a list of words.
fn elsewhere(expected: &str, name: &Name, claims: Json<'_>) -> Option<NearMiss> {
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
    let instead = ask_text(&place, expected);
    Some(NearMiss::Elsewhere(place, instead))
}

/// Where a name stands deeper in the claims, or with another spelling.
fn same_name(name: &Name, claims: Json<'_>) -> Option<NearMiss> {
    let Name::Claim(name) = name else {
        return None;
    };
    let exact = find(claims, |place, _| place.name == *name);
    exact
        .or_else(|| find(claims, |place, _| place.name.eq_ignore_ascii_case(name)))
        .map(NearMiss::NameElsewhere)
}

/// A member of the claims, or of an object in them.
struct Member<'a> {
    above: Option<Rc<Member<'a>>>,
    name: Cow<'a, str>,
}

impl Member<'_> {
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

/// The first member for which this holds; those at the top come before those of their objects.
fn find<'a>(claims: Json<'a>, holds: impl Fn(&Member<'a>, Json<'a>) -> bool) -> Option<Name> {
    let mut level: Vec<(Option<Rc<Member<'a>>>, Json<'a>)> = vec![(None, claims)];
    let mut left = MOST_LOOKED_AT;
    for _ in 0..DEEPEST {
        let mut deeper = Vec::new();
        for (above, object) in level {
            for (name, value) in object.members() {
                left = left.checked_sub(1)?;
                let above = above.clone();
                let place = Member { above, name };
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

/// What to ask for instead; `None` where that is too long or odd to be shown and pasted.
fn ask(name: &Name, value: Expected) -> Option<Expectation> {
    let instead = Expectation {
        name: name.clone(),
        value,
    };
    let text = instead.to_string();
    let can_be_quoted = text.len() <= LONGEST && !text.contains('\'') && escape::is_plain(&text);
    (can_be_quoted || text.bytes().all(is_word)).then_some(instead)
}

fn ask_text(name: &Name, text: &str) -> Option<Expectation> {
    ask(name, Expected::Text(text.to_owned()))
}

/// Whether a byte stands for itself in every shell.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte)
}

/// Whether a claim is a string of words with spaces between them (RFC 8693 section 4.2; others call
/// it `scp`).
pub(crate) fn is_list_of_words(name: &Name) -> bool {
    matches!(name, Name::Claim(name) if name == "scope" || name == "scp")
}

#[cfg(test)]
mod tests;
