//! The values that were asked for, and the claims that have to be there.

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::claim_checks::{does_not_match, missing};
use crate::token::json::{self, Json, Kind, Object};
use crate::token::name::Name;
use crate::token::near_miss;
use crate::token::near_miss::is_list_of_words;
use crate::token::policy::{Expectation, Expected};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::verify::findings::Findings;

pub(super) fn expectations(findings: &mut Findings<'_>, header: &Object, claims: &Object) {
    let policy = findings.policy;
    for Expectation { name, value } in &policy.claims {
        let shown = escape::shorten(&name.to_string(), 60);
        let expected = match value {
            Expected::Text(text) => json::quote(text),
            Expected::Json(text) => text.clone(),
            Expected::Pattern(pattern) => json::quote(pattern.text()),
        };
        let Some(found) = look_up(name, header, claims) else {
            let mut refusal = missing(&name.to_string(), &format!("the token has no `{shown}`"));
            let text = match value {
                Expected::Text(text) => Some(text.as_str()),
                Expected::Json(_) | Expected::Pattern(_) => None,
            };
            refusal.hint = near_miss::of_nothing(name, text, claims.json()).map(Advice::from);
            findings.refuse(CheckName::Claim, refusal.expected(expected));
            continue;
        };
        if let Some(how) = meets(found, name, value) {
            findings.pass(CheckName::Claim, || {
                format!("{shown} {how} {}", escape::shorten(&expected, 60))
            });
            continue;
        }
        let message = match value {
            Expected::Pattern(_) => format!("`{shown}` does not match the pattern"),
            Expected::Text(_) | Expected::Json(_) => does_not_match(&shown),
        };
        let mut refusal = Refusal::new(Reason::WrongClaim, message)
            .claim(name.to_string())
            .expected(expected)
            .found(found.text());
        refusal.hint = near_miss::of_value(name, value, found, claims.json()).map(Advice::from);
        findings.refuse(CheckName::Claim, refusal);
    }
}

/// How a value meets what is expected, if it does. Expected text is met by that string, by an array
/// that has it, and in a scope by one of its words (RFC 8693 section 4.2).
fn meets(found: Json<'_>, name: &Name, value: &Expected) -> Option<&'static str> {
    let is_array = found.kind() == Kind::Array;
    let (is_met, how) = match value {
        Expected::Json(text) => {
            let expected = Json::parse_str(text);
            (
                expected.is_ok_and(|expected| found.same(expected.value)),
                "is",
            )
        }
        Expected::Text(text) if is_array || found.is(text) => (
            found.one_or_many().any(|one| one.is(text)),
            if is_array { "contains" } else { "is" },
        ),
        Expected::Text(text) => {
            let words = found.as_str().filter(|_| is_list_of_words(name));
            let has = words.is_some_and(|words| words.split(' ').any(|word| word == text));
            (has, "contains")
        }
        Expected::Pattern(pattern) => {
            let mut texts = found.one_or_many().filter_map(Json::as_str);
            let how = if is_array {
                "has one that matches"
            } else {
                "matches"
            };
            (texts.any(|text| pattern.matches(&text)), how)
        }
    };
    is_met.then_some(how)
}

pub(super) fn required(findings: &mut Findings<'_>, header: &Object, claims: &Object) {
    let policy = findings.policy;
    for name in &policy.require {
        let shown = || escape::shorten(&name.to_string(), 60);
        if look_up(name, header, claims).is_some() {
            findings.pass(CheckName::Require, || format!("{} is there", shown()));
        } else {
            let mut refusal = missing(
                &name.to_string(),
                &format!("the token has no `{}`", shown()),
            );
            refusal.hint = near_miss::of_nothing(name, None, claims.json()).map(Advice::from);
            findings.refuse(CheckName::Require, refusal);
        }
    }
}

/// No name occurs twice: that was refused before.
fn look_up<'a>(name: &Name, header: &'a Object, claims: &'a Object) -> Option<Json<'a>> {
    match name {
        Name::Claim(name) => claims.get(name),
        Name::Header(name) => header.get(name),
        Name::Pointer(_) => name
            .find(header.json(), Some(claims.json()))
            .unwrap_or_default(),
    }
}
