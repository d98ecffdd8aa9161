//! How a value of a token is named, as `--get`, `--require` and `--claim` take it.

use std::borrow::Cow;
use std::fmt;

use crate::token::json::{Json, Kind};

/// A place in a token: `sub`, `header.kid`, or an RFC 6901 pointer into the claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A top-level claim; dots are part of its name.
    Claim(String),
    /// A header parameter.
    Header(String),
    /// A pointer into the claims, such as `/address/city`.
    Pointer(String),
}

/// The name occurs more than once, so it has no single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate;

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name is there twice")
    }
}

impl std::error::Error for Duplicate {}

impl Name {
    /// Reads a name; every text is one.
    #[must_use]
    pub fn parse(text: &str) -> Name {
        if let Some(parameter) = text.strip_prefix("header.") {
            Name::Header(parameter.to_owned())
        } else if text.starts_with('/') {
            Name::Pointer(text.to_owned())
        } else {
            Name::Claim(text.to_owned())
        }
    }

    /// The steps from the claims to it; none for a parameter of the header.
    pub(crate) fn path(&self) -> Vec<String> {
        match self {
            Name::Claim(name) => vec![name.clone()],
            Name::Header(_) => Vec::new(),
            Name::Pointer(pointer) => pointer.split('/').skip(1).map(unescaped).collect(),
        }
    }

    /// The claim that these names lead to from the top; a single name is that of a top-level claim.
    pub(crate) fn of_path(names: &[&str]) -> Name {
        match names {
            [name] if matches!(Name::parse(name), Name::Claim(_)) => Name::parse(name),
            names => Name::Pointer(names.iter().fold(String::new(), |pointer, name| {
                let token = name.replace('~', "~0").replace('/', "~1");
                format!("{pointer}/{token}")
            })),
        }
    }

    /// The value of that name in a header and claims.
    ///
    /// # Errors
    /// [`Duplicate`] where a name on the way is repeated.
    pub fn find<'a>(
        &self,
        header: Json<'a>,
        claims: Option<Json<'a>>,
    ) -> Result<Option<Json<'a>>, Duplicate> {
        match self {
            Name::Claim(name) => claims.map_or(Ok(None), |claims| once(claims, name)),
            Name::Header(name) => once(header, name),
            Name::Pointer(pointer) => {
                let Some(claims) = claims else {
                    return Ok(None);
                };
                let mut at = claims;
                for token in pointer.split('/').skip(1) {
                    let token = unescaped(token);
                    let step = match at.kind() {
                        Kind::Object => once(at, &token)?,
                        _ => at.element(&token),
                    };
                    match step {
                        Some(value) => at = value,
                        None => return Ok(None),
                    }
                }
                Ok(Some(at))
            }
        }
    }
}

/// A reference token of a pointer (RFC 6901 section 4).
fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

fn once<'a>(object: Json<'a>, name: &str) -> Result<Option<Json<'a>>, Duplicate> {
    let mut found = object.members().filter(|(n, _)| n == name).map(|(_, v)| v);
    let first = found.next();
    match found.next() {
        Some(_) => Err(Duplicate),
        None => Ok(first),
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: Cow<'_, str> = match self {
            Name::Claim(name) | Name::Pointer(name) => name.into(),
            Name::Header(name) => format!("header.{name}").into(),
        };
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'a>(name: &str, claims: &'a str) -> Result<Option<&'a str>, Duplicate> {
        let header = Json::parse(b"{\"kid\":\"k\"}").unwrap().value;
        let claims = Json::parse(claims.as_bytes()).unwrap().value;
        Name::parse(name)
            .find(header, Some(claims))
            .map(|v| v.map(Json::text))
    }

    #[test]
    fn a_claim_is_named_with_its_dots() {
        assert_eq!(
            find("https://x.test/a", r#"{"https://x.test/a":1}"#),
            Ok(Some("1"))
        );
    }

    #[test]
    fn a_pointer_walks_objects_and_arrays() {
        let claims = r#"{"a":{"b/c":[10,{"~":true}]}}"#;
        assert_eq!(find("/a/b~1c/0", claims), Ok(Some("10")));
        assert_eq!(find("/a/b~1c/1/~0", claims), Ok(Some("true")));
        assert_eq!(find("/a/b~1c/00", claims), Ok(None));
        assert_eq!(find("/a/b~1c/2", claims), Ok(None));
        assert_eq!(find("/a/x", claims), Ok(None));
    }

    #[test]
    fn a_name_given_twice_has_no_value() {
        assert_eq!(find("a", r#"{"a":1,"\u0061":2}"#), Err(Duplicate));
        assert_eq!(find("/a/b", r#"{"a":{"b":1,"b":2}}"#), Err(Duplicate));
    }

    #[test]
    fn the_header_is_reached_by_its_prefix() {
        assert_eq!(find("header.kid", "{}"), Ok(Some("\"k\"")));
        assert_eq!(find("header.typ", "{}"), Ok(None));
    }
}
