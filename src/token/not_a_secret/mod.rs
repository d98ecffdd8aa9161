//! Content that could be taken for a secret but is not one: keys in forms that are not read, and
//! files that hold keys.
//!
//! If a public key were taken for a secret, everybody who can read it could sign with it (RFC 8725
//! section 2.1). So content is searched for certain signs: a key in DER, JSON, SSH or PEM form,
//! anywhere in it or in its base64 or hexadecimal; and the marks of one table. Random bytes of the
//! length of a secret, in any encoding, have none of these signs by chance. The one exception is a
//! form for which the fault says how to give a secret that has it by chance.

mod marks;
mod words;

use crate::token::advice::Advice;
use crate::token::key_fault::KeyFault;
use crate::token::not_a_secret::marks::{BARE, anywhere, at_the_start, begins};
use crate::token::not_a_secret::words::{in_lines, in_words};
use crate::token::{bare, encoding};

/// What content is, in words that follow "the content is", and what to do about it.
#[derive(Clone)]
struct Claim {
    what: &'static str,
    hint: Option<Advice>,
}

const fn claim(what: &'static str) -> Claim {
    Claim { what, hint: None }
}

const fn hinted(what: &'static str, hint: Advice) -> Claim {
    Claim {
        what,
        hint: Some(hint),
    }
}

/// The fault of content that is certainly not a secret; `None` for any other.
pub(super) fn find(content: &[u8]) -> Option<KeyFault> {
    let text = || std::str::from_utf8(content).ok();
    let claimed = at_the_start(content.trim_ascii_start())
        .or_else(|| anywhere(content))
        .or_else(|| in_words(text()?).or_else(|| in_lines(text()?)));
    if let Some(Claim { what, hint }) = claimed {
        return Some(fault(format!("the content is {what}"), hint));
    }
    if matches!(bare::find(content), Some(Ok(_))) {
        return Some(fault("the content is a key in bare bytes".into(), None));
    }
    let Claim { what, hint } = encoding::hidden(content).find_map(|bytes| {
        let is_bare = || matches!(bare::find(&bytes), Some(Ok(_))).then_some(BARE);
        anywhere(&bytes).or_else(is_bare)
    })?;
    let message = format!("the content contains, as base64 or hexadecimal, {what}");
    Some(fault(message, hint.or(Some(Advice::LeaveKey))))
}

/// The fault of a public key or a signature of minisign or signify without its comment: base64 of
/// the letters `Ed` or `ED`, the number of a key, and the key or the signature.
///
/// Of random secrets of this length in base64, one in 32,768 has this form.
pub(super) fn find_bare_line(content: &[u8]) -> Option<KeyFault> {
    let text = content.trim_ascii();
    let quoted = [b'"', b'\''].iter().find_map(|quote| {
        let inside = text.strip_prefix(std::slice::from_ref(quote))?;
        inside.strip_suffix(std::slice::from_ref(quote))
    });
    let text = quoted.unwrap_or(text);
    let what = match text.len() {
        56 => "a public key",
        100 => "a signature",
        _ => return None,
    };
    let bytes = encoding::Encoding::Base64.undo(text)?;
    let is_line =
        matches!(bytes.len(), 42 | 74) && begins(&bytes, b"Ed") && bytes.starts_with(b"E");
    is_line.then(|| {
        let message = format!("the content has the form of {what} of minisign or signify");
        KeyFault::rejected(message).hint(Advice::WriteInHexadecimal)
    })
}

fn fault(message: String, hint: Option<Advice>) -> KeyFault {
    let fault = KeyFault::rejected(message);
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}
