//! JSON for output: values that were checked, and quoted text.

use std::borrow::Cow;

use crate::token::json::Json;
use crate::token::json::scan;

/// The checked text of one JSON value, borrowed or owned: what a member is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText<'a>(Cow<'a, str>);

impl<'a> JsonText<'a> {
    /// A string, quoted and escaped.
    #[must_use]
    pub fn of_text(text: &str) -> JsonText<'static> {
        JsonText(quote(text).into())
    }

    /// An array of strings.
    #[must_use]
    pub fn of_texts(texts: &[impl AsRef<str>]) -> JsonText<'static> {
        JsonText(array(texts).into())
    }

    /// The value.
    #[must_use]
    pub fn json(&self) -> Json<'_> {
        Json(&self.0)
    }

    /// The text of the value.
    #[must_use]
    pub fn into_text(self) -> Cow<'a, str> {
        self.0
    }

    /// The same, independent of the text that it was taken from.
    #[must_use]
    pub fn into_owned(self) -> JsonText<'static> {
        JsonText(self.0.into_owned().into())
    }
}

impl<'a> From<Json<'a>> for JsonText<'a> {
    fn from(json: Json<'a>) -> Self {
        JsonText(json.0.into())
    }
}

impl From<i64> for JsonText<'_> {
    fn from(number: i64) -> Self {
        JsonText(number.to_string().into())
    }
}

impl From<u64> for JsonText<'_> {
    fn from(number: u64) -> Self {
        JsonText(number.to_string().into())
    }
}

impl From<bool> for JsonText<'_> {
    fn from(is: bool) -> Self {
        JsonText(if is { "true" } else { "false" }.into())
    }
}

impl From<&serde_json::Value> for JsonText<'_> {
    fn from(value: &serde_json::Value) -> Self {
        JsonText(value.to_string().into())
    }
}

/// A string as a JSON value, quoted and escaped.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    push_quoted(&mut quoted, text);
    quoted
}

/// As [`quote`], at the end of a text.
pub(in crate::token) fn push_quoted(out: &mut String, text: &str) {
    if scan::is_plain(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // serde_json cannot fail on a string: it would only report an error of the writer.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// An array of strings as a JSON value.
#[must_use]
pub fn array(texts: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text.as_ref())).collect();
    format!("[{}]", quoted.join(","))
}
