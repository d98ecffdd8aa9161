//! How a refused value resembles the one that was asked for, in words.

use crate::text::escape;
use crate::token::advice::{NearMiss, Spelling};
use crate::token::name::Name;
use crate::token::policy::{Expectation, Expected};

pub(super) fn sentence(near: &NearMiss) -> String {
    let shown = |name: &Name| escape::shorten(&name.to_string(), 60);
    match near {
        NearMiss::NotAString(kind, ask) => format!("it is {kind}, not a string: {}", claim(ask)),
        NearMiss::IsAString(kind, ask) => format!("it is a string, not {kind}: {}", claim(ask)),
        NearMiss::InArray(None) => "it is an array that has it".into(),
        NearMiss::InArray(Some(ask)) => {
            format!("it is an array that has it: {} is met by that", claim(ask))
        }
        NearMiss::Spelling(differ) => {
            let by = match differ {
                Spelling::Slash => "a slash at the end",
                Spelling::Space => "white space around them",
                Spelling::Case => "upper and lower case",
                Spelling::Scheme => {
                    "`api://` in front, which tokens of Microsoft Entra have in version 1 and not in version 2"
                }
            };
            format!("they differ by {by}, and values are compared exactly")
        }
        NearMiss::ListInString => {
            "it has several values in one string, which is compared whole: its issuer has to write an array".into()
        }
        NearMiss::AskedForList => {
            "a value is compared whole: to accept one of several, give the flag once for each".into()
        }
        NearMiss::IsPattern(ask) => format!(
            "`*` stands for itself there: {} takes it for any text",
            claim(ask)
        ),
        NearMiss::HasWords(each) => {
            let each: Vec<String> = each.iter().map(claim).collect();
            format!("it has each of these words: {}", each.join(" "))
        }
        NearMiss::NumericIds(ask) => format!(
            "GitHub puts numeric ids after the names of owner and repository: {} accepts any ids; the ids of the token, in place of `*`, keep out a later owner of the names",
            claim(ask)
        ),
        NearMiss::NoNumericIds => "the token has the names of owner and repository without numeric ids: GitHub puts these into the tokens of repositories made since July 2026, and of those that ask for it".into(),
        NearMiss::Elsewhere(place, None) => format!("it stands in `{}`", shown(place)),
        NearMiss::Elsewhere(place, Some(ask)) => {
            format!("it stands in `{}`: {} asks for that", shown(place), claim(ask))
        }
        NearMiss::NameElsewhere(place) => format!("the token has `{}`", shown(place)),
    }
}

/// How to ask for a claim, ready to be pasted into a shell.
fn claim(asked: &Expectation) -> String {
    let text = asked.to_string();
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
    match matches!(asked.value, Expected::Text(_)) && text.bytes().all(is_word) {
        true => format!("`--claim {text}`"),
        false => format!("`--claim '{text}'`"),
    }
}
