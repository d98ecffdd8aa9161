//! Reads the error of a server, in the forms that servers use.

use std::borrow::Cow;

use crate::text::escape;
use crate::token::json::Json;

/// Only this much of it is worth reading.
const MOST: usize = 200;

/// Whether JSON is an error of Kubernetes: a `Status` that is not a success.
pub(crate) fn is_kubernetes(json: Json<'_>) -> bool {
    let is = |name, text| json.get(name).is_some_and(|value| value.is(text));
    is("kind", "Status") && is("apiVersion", "v1") && !is("status", "Success")
}

/// The text of the error, short and safe for a terminal; `None` where the JSON is not an error.
pub(crate) fn said(json: Json<'_>) -> Option<String> {
    Some(escape::shorten(words(json)?.trim(), MOST))
}

/// The text of the error as it stands there; `None` where the JSON is not an error.
///
/// It knows the forms of OAuth (RFC 6749 section 5.2), of problem details (RFC 9457 section 3), of
/// Kubernetes and of Google, and other usual ones.
pub(crate) fn words(json: Json<'_>) -> Option<String> {
    const WORDS: &[&str] = &[
        "error_description",
        "message",
        "Message",
        "detail",
        "title",
        "msg",
    ];
    let code = one(json, &["error"]);
    let inner = json.get("error").or_else(|| {
        let errors = json.get("errors")?;
        errors.one_or_many().next()
    });
    let words = one(json, WORDS).or_else(|| one(inner?, WORDS));
    // The errors of Vault are strings.
    let words = words.or_else(|| inner?.as_str());
    match (code, words) {
        (Some(code), Some(words)) if code != words => Some(format!("{code}: {words}")),
        (Some(one), _) | (None, Some(one)) => Some(one.into_owned()),
        (None, None) => None,
    }
}

/// The first of these members that is text.
fn one<'a>(json: Json<'a>, names: &[&str]) -> Option<Cow<'a, str>> {
    let mut found = names.iter().filter_map(|name| json.get(name)?.as_str());
    found.find(|text| !text.trim().is_empty())
}
