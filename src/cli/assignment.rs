//! `NAME=TEXT` and `NAME:=JSON`: the type is visible in the syntax.

use crate::cli::failure::Failure;
use crate::text::escape;
use crate::token::json::{Json, JsonText};

/// A name with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// The text before the `=` or `:=`.
    pub(super) name: String,
    /// The text after it.
    pub(super) value: Value,
}

/// A value in one of the two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `=TEXT`
    Text(String),
    /// `:=JSON`.
    Json(JsonText<'static>),
}

impl Assignment {
    /// Splits at the first `=`; a `:` before it means JSON.
    pub(super) fn parse(flag: &str, text: &str) -> Result<Assignment, Failure> {
        let forms =
            format!("write {flag} NAME=TEXT for a string, {flag} 'NAME:=JSON' for any JSON value");
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::usage(format!(
                "`{flag} {}` has no `=`",
                escape::shorten(text, 60)
            ))
            .hint(forms));
        };
        let (name, is_json) = match name.strip_suffix(':') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name.is_empty() {
            return Err(Failure::usage(format!(
                "`{flag} {}` names nothing",
                escape::shorten(text, 60)
            ))
            .hint(forms));
        }
        let value = if is_json {
            json(flag, name, value)?
        } else {
            Value::Text(value.to_owned())
        };
        Ok(Assignment {
            name: name.to_owned(),
            value,
        })
    }
}

fn json(flag: &str, name: &str, value: &str) -> Result<Value, Failure> {
    let shown = escape::shorten(name, 60);
    let parsed = Json::parse_str(value).map_err(|e| {
        Failure::usage(format!("the value of `{flag} {shown}:=` is not JSON: {e}"))
            .hint(format!("a string is {flag} {shown}=TEXT; JSON needs quotes for the shell: '{shown}:={{\"a\":1}}'"))
    })?;
    match parsed.duplicate {
        Some(twice) => Err(Failure::usage(format!(
            "the value of `{flag} {shown}:=` has `{}` twice",
            escape::shorten(&twice, 60)
        ))
        .hint("two readers could take two values: keep one")),
        None => Ok(Value::Json(JsonText::from(parsed.value).into_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (String, Value) {
        let Assignment { name, value } = Assignment::parse("--claim", text).unwrap();
        (name, value)
    }

    #[test]
    fn the_first_equals_sign_splits() {
        assert_eq!(parse("a=b=c"), ("a".into(), Value::Text("b=c".into())));
        assert_eq!(parse("a="), ("a".into(), Value::Text(String::new())));
        assert_eq!(
            parse("https://x.test/role=:=1"),
            ("https://x.test/role".into(), Value::Text(":=1".into()))
        );
    }

    #[test]
    fn a_colon_before_it_means_json() {
        let number = Json::parse_str("1.50").unwrap().value;
        assert_eq!(parse("a:= 1.50 "), ("a".into(), Value::Json(number.into())));
        assert_eq!(parse("a:b=1"), ("a:b".into(), Value::Text("1".into())));
    }

    #[test]
    fn what_assigns_nothing_is_refused() {
        for text in ["role", "=x", ":=1", "n:={", "n:=", "n:={\"a\":1,\"a\":2}"] {
            assert!(Assignment::parse("--claim", text).is_err(), "{text}");
        }
    }
}
