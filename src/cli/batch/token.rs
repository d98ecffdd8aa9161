//! The token of a line.

use std::borrow::Cow;

use crate::cli::batch::lines::MAX_LINE;
use crate::cli::text_input;
use crate::text::escape;
use crate::token::compact::Malformed;
use crate::token::json::{Json, Kind};
use crate::token::name::Name;

/// Where the token stands on a line.
pub(super) enum TokenPosition {
    /// It is the line.
    Line,
    /// The line is an object, and the token is a member of it.
    Field(Name),
}

impl TokenPosition {
    pub(super) fn of(field: Option<&str>) -> Self {
        match field {
            None => TokenPosition::Line,
            Some(pointer) if pointer.starts_with('/') => TokenPosition::Field(Name::parse(pointer)),
            Some(name) => TokenPosition::Field(Name::Claim(name.to_owned())),
        }
    }

    /// The line, if the whole line may be a token.
    pub(super) fn whole<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        (matches!(self, TokenPosition::Line) && line.len() <= MAX_LINE).then_some(line)
    }

    /// The token of a line, or why there is none.
    pub(super) fn token<'l>(&self, line: &'l [u8]) -> Result<Cow<'l, str>, Malformed> {
        if line.len() > MAX_LINE {
            return Err(malformed("the line is longer than 1 MiB"));
        }
        let TokenPosition::Field(name) = self else {
            return Ok(Cow::Borrowed(text_input::bare(line)?.token));
        };
        let object = Json::parse(line)
            .map_err(|why| malformed(format!("the line is not a JSON object: {why}")))?
            .value;
        if object.kind() != Kind::Object {
            let message = format!("the line is {}, not a JSON object", object.kind());
            return Err(malformed(message));
        }
        let shown = || escape::shorten(&name.to_string(), 60);
        let value = match name.find(object, Some(object)) {
            Ok(Some(value)) => value,
            Ok(None) => return Err(malformed(format!("the line has no `{}`", shown()))),
            Err(_) => return Err(malformed(format!("the line has `{}` twice", shown()))),
        };
        match value.as_str() {
            Some(Cow::Borrowed(text)) => {
                Ok(Cow::Borrowed(text_input::bare(text.as_bytes())?.token))
            }
            Some(Cow::Owned(text)) => {
                let token = text_input::bare(text.as_bytes())?.token;
                Ok(Cow::Owned(token.to_owned()))
            }
            None => {
                let message = format!("`{}` is {}, not a string", shown(), value.kind());
                Err(malformed(message))
            }
        }
    }
}

fn malformed(message: impl Into<String>) -> Malformed {
    Malformed {
        message: message.into(),
        hint: None,
    }
}

/// Whether there is nothing on a line.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
