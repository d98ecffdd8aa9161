//! A text that is to be one token, and what it may be instead.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use memchr::{memchr_iter, memchr2};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::keys::read_bounded;
use crate::text::{escape, utf16};
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::Malformed;
use crate::token::decode::{decode, is_json};
use crate::token::find::{self, Found, Layer};
use crate::token::pasted::{Stripped, strip};

/// No token is longer.
pub(super) const MAX_TOKEN: usize = 64 << 20;

/// A stream that is to be one token, as text.
pub(in crate::cli) fn read_token(reader: &mut dyn Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_TOKEN).unwrap_or(u64::MAX);
    let read = read_bounded(reader, limit, &mut bytes);
    if !read.map_err(|e| Failure::input(&e))? {
        return Err(Failure::new(
            Exit::NotAToken,
            "standard input is longer than 64 MiB: that is no token",
        )
        .hint("`jott decode` finds the tokens in a text of any size"));
    }
    Ok(bytes)
}

/// Text that Windows tools wrote in UTF-16, which looks like a token but is not one: by its mark, or by
/// a NUL in each pair of bytes.
pub(in crate::cli) fn is_utf16(start: &[u8]) -> bool {
    let pairs = start.len().min(64) & !1;
    utf16::after_mark(start).is_some() || utf16::is_plain(start.get(..pairs).unwrap_or_default())
}

/// The text of one token, without what people copy together with it.
pub(in crate::cli) fn bare(bytes: &[u8]) -> Result<Stripped<'_>, Malformed> {
    if is_utf16(bytes) {
        return Err(is_in_utf16());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8())?;
    let stripped = strip(text);
    match stripped.taken.last() {
        Some(last) if stripped.token.is_empty() => {
            Err(Malformed::new(format!("there is no token after {last}")))
        }
        _ => Ok(stripped),
    }
}

/// The fault of a token that is not text.
pub(in crate::cli) fn not_utf8() -> Malformed {
    Malformed::new("the token is not UTF-8 text")
}

/// The advice to read a file, where an operand names one in the place of a token.
pub(in crate::cli) fn file_hint(operand: &OsStr) -> Option<Advice> {
    let name = escape::shorten(&operand.to_string_lossy(), 60);
    // curl and others name a file like this.
    if let Some(file) = name.strip_prefix('@').filter(|file| !file.is_empty()) {
        return Some(Advice::RedirectFile { name: file.into() });
    }
    let path = Path::new(operand);
    let is_folder = path.is_dir();
    (is_folder || path.is_file()).then_some(Advice::ReadFile { name, is_folder })
}

/// Refuses a token where the name of a claim belongs: a flag that came without its value took it, and
/// nothing would be left to look at.
pub(in crate::cli) fn no_token_as_name<'n>(
    flag: &str,
    names: impl IntoIterator<Item = &'n String>,
) -> Result<(), Failure> {
    let is_token = |name: &String| name.starts_with("ey") && decode(name).is_ok();
    match names.into_iter().any(is_token) {
        true => Err(Failure::usage(format!(
            "a token stands where `{flag}` has the name of a claim"
        ))
        .hint(format!("`{flag} NAME TOKEN`, as in `{flag} sub TOKEN`"))),
        false => Ok(()),
    }
}

/// The fault of such text.
pub(in crate::cli) fn is_in_utf16() -> Malformed {
    Malformed::new("the input is UTF-16 text").hint(Advice::Token(TokenAdvice::LeaveUtf16))
}

/// The text, unless it is a line with a token somewhere in it, as a log or a cookie has. A token that was wrapped,
/// and tokens one after the other, have nothing else in them; a token that is damaged is said to be so elsewhere.
pub(in crate::cli) fn unless_surrounded(text: Cow<'_, str>) -> Result<Cow<'_, str>, Malformed> {
    let has_space = memchr2(b' ', b'\t', text.as_bytes()).is_some();
    if !has_space && is_of_segments(text.as_bytes()) || is_json(&text) {
        return Ok(text);
    }
    let finds = find::tokens(text.as_bytes());
    let place = |found: &Found| {
        text.get(found.place.clone())
            .filter(|_| found.layer == Layer::Plain)
    };
    let is_whole = |found: &Found| {
        place(found).is_some_and(|token| decode(token).is_ok())
            && (has_space || found.is_live && !found.is_short)
    };
    let is_surrounded = match has_space {
        true => {
            let is_of_tokens = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
            let first = finds.tokens.first().and_then(place);
            let is_all = first.is_some_and(|token| text.starts_with(token))
                && text.chars().all(is_of_tokens);
            !is_all && finds.tokens.iter().any(is_whole)
        }
        // In one word several tokens are told as such, and what follows a part of a signature may be its rest.
        false => {
            matches!(finds.tokens.as_slice(), [only] if is_whole(only)) && finds.broken.is_empty()
        }
    };
    match is_surrounded {
        true => Err(Malformed::new("there is other text around the token")
            .hint(Advice::Token(TokenAdvice::FindInText))),
        false => Ok(text),
    }
}

/// Whether a text has no characters but those of segments, with padding at the end of one at most.
fn is_of_segments(text: &[u8]) -> bool {
    // No block ends early, so that its bytes are compared at once.
    let mut blocks = text.chunks(64);
    let are_of_segments = |block: &[u8]| {
        block
            .iter()
            .fold(true, |all, byte| all & is_of_segment(*byte))
    };
    blocks.all(are_of_segments)
        && memchr_iter(b'=', text).all(|at| {
            let next = at.checked_add(1).and_then(|next| text.get(next));
            next.is_none_or(|next| b"=.~".contains(next))
        })
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch for each comparison takes longer"
)]
fn is_of_segment(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        | (byte == b'-')
        | (byte == b'_')
        | (byte == b'.')
        | (byte == b'~')
        | (byte == b'=')
}
