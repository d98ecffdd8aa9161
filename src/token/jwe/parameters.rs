//! The header parameters of one recipient, wherever they stand.

use std::borrow::Cow;

use crate::token::compact::{Malformed, decode_segment};
use crate::token::json::{Json, Object};

/// The header of a recipient: the protected one, the shared one that is not, and its own (RFC 7516
/// section 7.2.1). No name stands in two of them.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a> {
    pub(super) protected: Option<&'a Object>,
    pub(super) unprotected: [Option<Json<'a>>; 2],
}

impl<'a> Parameters<'a> {
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

    /// The same, of what has to be there.
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
