//! Whether metadata is that of the issuer, and if not, at which character the names differ.

use crate::doctor::finding::Finding;
use crate::keys::Issuer;
use crate::text::escape;
use crate::token::json::Json;

const NAME: &str = "issuer";
const SECTION: &str = "RFC 8414 section 3.3";

/// Compares the `issuer` of metadata with the one that was asked for, code point by code point.
pub(super) fn finding(asked: &Issuer, named: Option<Json<'_>>) -> Finding {
    let Some(named) = named else {
        return Finding::fail(
            NAME,
            SECTION,
            "there is no `issuer`: this is not the metadata of an issuer",
        );
    };
    let Some(named) = named.as_str() else {
        return Finding::fail(NAME, SECTION, "`issuer` is not a string");
    };
    let shown = escape::shorten(&named, 200);
    if asked.is(&named) {
        return Finding::pass(NAME, SECTION, shown);
    }
    let finding = Finding::fail(
        NAME,
        SECTION,
        format!(
            "the metadata is that of {shown}: {}",
            difference(asked.name(), &named)
        ),
    );
    match named.contains('{') {
        true => finding.remedy("replace what is in braces by the name or the ID of your tenant"),
        false => finding.remedy(
            "clients compare both character by character, and refuse: give them the issuer exactly as its metadata has it",
        ),
    }
}

/// How two names differ, in a clause.
fn difference(asked: &str, named: &str) -> String {
    if named.strip_suffix('/') == Some(asked) {
        return "it ends with a slash, and what was asked for does not".into();
    }
    if asked.strip_suffix('/') == Some(named) {
        return "it does not end with a slash, and what was asked for does".into();
    }
    if asked.eq_ignore_ascii_case(named) {
        return "they differ in upper and lower case".into();
    }
    let scheme = |url: &str| {
        url.split_once("://")
            .map(|(scheme, rest)| (scheme.to_owned(), rest.to_owned()))
    };
    if let (Some((one, rest)), Some((other, same))) = (scheme(asked), scheme(named))
        && rest == same
    {
        return format!(
            "it begins with {}, and what was asked for with {one}",
            escape::shorten(&other, 20)
        );
    }
    let same = asked
        .chars()
        .zip(named.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let rest = |text: &str| {
        let rest: String = text.chars().skip(same).take(40).collect();
        escape::shorten(&rest, 20)
    };
    let at = |text: &str| {
        let next: String = text.chars().skip(same).take(1).collect();
        escape::shorten(&next, 20)
    };
    match (named.chars().nth(same), asked.chars().nth(same)) {
        (None, _) => format!(
            "it ends where what was asked for goes on with `{}`",
            rest(asked)
        ),
        (_, None) => format!(
            "it goes on with `{}` where what was asked for ends",
            rest(named)
        ),
        _ => format!(
            "at character {} it has `{}`, and what was asked for `{}`",
            same.saturating_add(1),
            at(named),
            at(asked)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        for (asked, named, said) in [
            (
                "https://a.test",
                "https://a.test/",
                "it ends with a slash, and what was asked for does not",
            ),
            (
                "https://a.test/",
                "https://a.test",
                "it does not end with a slash, and what was asked for does",
            ),
            (
                "https://a.test/X",
                "https://a.test/x",
                "they differ in upper and lower case",
            ),
            (
                "https://a.test",
                "http://a.test",
                "it begins with http, and what was asked for with https",
            ),
            (
                "https://a.test/v1",
                "https://a.test/v2",
                "at character 17 it has `2`, and what was asked for `1`",
            ),
            (
                "https://a.test/v1",
                "https://a.test",
                "it ends where what was asked for goes on with `/v1`",
            ),
            (
                "https://a.test",
                "https://a.test/v1",
                "it goes on with `/v1` where what was asked for ends",
            ),
            (
                "https://a.test",
                "\u{1b}",
                "at character 1 it has `\\u001b`, and what was asked for `h`",
            ),
        ] {
            assert_eq!(difference(asked, named), said);
        }
    }
}
