//! The header of a token in a JSON form, which may stand in several parts.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::text::escape;
use crate::token::compact::{Malformed, decode_segment};
use crate::token::json::{Json, Kind, Object, quote};

/// The header of a signature or a recipient: the part that is protected, and those that are not (RFC
/// 7515 section 7.2.1, RFC 7516 section 7.2.1). No name stands in two of them.
#[derive(Clone, Copy)]
pub(super) struct HeaderParts<'a> {
    pub(super) protected: Option<&'a Object>,
    /// What all recipients share, and what is of this one.
    pub(super) unprotected: [Option<Json<'a>>; 2],
}

impl<'a> HeaderParts<'a> {
    /// Refuses a name that stands there twice; what is not protected was read as JSON without one.
    pub(super) fn check_names(&self) -> Result<(), Malformed> {
        if let Some(name) = self.protected.and_then(Object::duplicate) {
            let name = escape::shorten(name, 40);
            return Err(Malformed::new(format!("the header has `{name}` twice")));
        }
        if self.unprotected.iter().any(Option::is_some) {
            let mut names = HashSet::new();
            for (name, _) in self.members() {
                if let Some(name) = names.replace(name) {
                    let name = escape::shorten(&name, 40);
                    return Err(Malformed::new(format!(
                        "two headers of the token have `{name}`"
                    )));
                }
            }
        }
        Ok(())
    }

    /// All of it as one object.
    pub(super) fn joined(&self) -> Result<Object, Malformed> {
        self.joined_without(&[])
    }

    /// The same without parameters of these names that are not protected.
    pub(super) fn joined_without(&self, names: &[&str]) -> Result<Object, Malformed> {
        if let (Some(protected), [None, None]) = (self.protected, self.unprotected) {
            return Ok(protected.clone());
        }
        let is_protected = |name: &str| self.protected.is_some_and(|all| all.get(name).is_some());
        let members: Vec<String> = self
            .members()
            .filter(|(name, _)| !names.contains(&&**name) || is_protected(name))
            .map(|(name, value)| format!("{}:{}", quote(&name), value.text()))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        Object::parse(text.into_bytes()).map_err(|_| Malformed::new("the token has no header"))
    }

    pub(super) fn get(&self, name: &str) -> Option<Json<'a>> {
        let protected = self.protected.and_then(|header| header.get(name));
        protected.or_else(|| {
            let mut others = self.unprotected.iter().flatten();
            others.find_map(|header| header.get(name))
        })
    }

    /// A string.
    pub(super) fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, Malformed> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match value.as_str() {
            Some(text) => Ok(Some(text)),
            None => Err(Malformed::new(format!(
                "the header's `{name}` is {}, not a string",
                value.kind()
            ))),
        }
    }

    /// Bytes in base64url, unpadded and canonical.
    pub(super) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Malformed> {
        let text = self.text(name)?;
        text.map(|text| decode_segment(&text, &format!("header's `{name}`")))
            .transpose()
    }

    /// The same for a parameter that must be there.
    pub(super) fn needed_bytes(&self, name: &str) -> Result<Vec<u8>, Malformed> {
        self.bytes(name)?.ok_or_else(|| lacking(name))
    }

    /// Every parameter.
    pub(super) fn members(&self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        let protected = self.protected.into_iter().flat_map(Object::members);
        let others = self.unprotected.into_iter().flatten();
        protected.chain(others.flat_map(Json::members))
    }
}

pub(super) fn lacking(name: &str) -> Malformed {
    Malformed::new(format!("the header has no `{name}`"))
}

/// A member of a token in a JSON form that is a string.
pub(super) fn text_of<'a>(token: Json<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Malformed> {
    let wrong = |kind| Malformed::new(format!("`{name}` of the token is {kind}, not a string"));
    match token.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| wrong(value.kind())),
    }
}

/// One that is an object.
pub(super) fn object_of<'a>(token: Json<'a>, name: &str) -> Result<Option<Json<'a>>, Malformed> {
    match token.get(name) {
        Some(value) if value.kind() != Kind::Object => Err(Malformed::new(format!(
            "`{name}` of the token is {}, not an object",
            value.kind()
        ))),
        value => Ok(value),
    }
}

/// A token in a JSON form, in which no name stands twice.
pub(super) fn read_json(text: &str) -> Result<Json<'_>, Malformed> {
    let parsed = Json::parse_str(text)
        .map_err(|why| Malformed::new(format!("the token is not JSON: {why}")))?;
    match parsed.duplicate {
        None => Ok(parsed.value),
        Some(name) => {
            let name = escape::shorten(&name, 40);
            Err(Malformed::new(format!("the token has `{name}` twice")))
        }
    }
}
