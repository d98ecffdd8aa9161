//! A text that is to be one token, and what it may be instead.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use memchr::memchr2;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::text_input::{Collector, Placed, find_all};
use crate::keys::read_bounded;
use crate::text::{escape, utf16};
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::Malformed;
use crate::token::decode::{decode, is_json};
use crate::token::find::Layer;
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

/// The text, unless it is a line with a token somewhere in it, as a log has. A token that was wrapped, and tokens
/// one after the other, have nothing else in them; a token that is damaged is said to be so elsewhere.
pub(in crate::cli) fn unless_surrounded(text: Cow<'_, str>) -> Result<Cow<'_, str>, Malformed> {
    if memchr2(b' ', b'\t', text.as_bytes()).is_none() || is_json(&text) {
        return Ok(text);
    }
    let found = find_all(&mut text.as_bytes());
    let found = found.map(Collector::placed).unwrap_or_default();
    let is_of_tokens = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
    let first = found.first().map(|placed| placed.token.as_str());
    let is_all =
        first.is_some_and(|token| text.starts_with(token)) && text.chars().all(is_of_tokens);
    let is_whole = |placed: &Placed| placed.layer == Layer::Plain && decode(&placed.token).is_ok();
    match !is_all && found.iter().any(is_whole) {
        true => Err(Malformed::new("there is other text around the token")
            .hint(Advice::Token(TokenAdvice::FindInText))),
        false => Ok(text),
    }
}
