//! The answer to a request for keys or metadata.

use crate::text::escape;
use crate::token::content::Keys;
use crate::token::json::Json;
use crate::token::key_fault::KeyFault;
use crate::token::{error_answer, published};

/// Reads an answer as public keys; the error is a clause about what came instead.
pub(super) fn keys(body: &[u8], is_html: bool) -> Result<Keys, KeyFault> {
    let text = text(body, is_html)?;
    published::read(text).map_err(|fault| fault.after("answered with"))
}

/// Reads an answer as JSON.
pub(super) fn json(body: &[u8], is_html: bool) -> Result<Json<'_>, KeyFault> {
    let parsed = Json::parse_str(text(body, is_html)?);
    parsed
        .map(|parsed| parsed.value)
        .map_err(|_| KeyFault::rejected("answered with something that is not JSON"))
}

/// The text of an answer, without the byte order mark that RFC 8259 section 8.1 lets a reader
/// ignore.
fn text(body: &[u8], is_html: bool) -> Result<&str, KeyFault> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let what = match (body.trim_ascii_start().first(), std::str::from_utf8(body)) {
        (None, _) => "nothing",
        (Some(b'<'), _) => "HTML",
        (Some(first), Ok(_)) if is_html && !b"{[-".contains(first) => "HTML",
        (_, Ok(text)) => return Ok(text),
        _ if body.starts_with(b"\x1f\x8b") => "compressed data that was not asked for",
        _ => "something that is not text",
    };
    Err(KeyFault::rejected(format!("answered with {what}")))
}

/// No more of what an error says is repeated.
const MOST_SAID: usize = 200;

/// An answer that is an error.
pub(super) struct ErrorAnswer {
    /// What it says, as it stands there.
    words: Option<String>,
    /// Whether it comes from a Kubernetes cluster, which gives its keys only to known users.
    pub(super) is_kubernetes: bool,
}

impl ErrorAnswer {
    /// What it says, short and safe for a terminal, after something in it was hidden.
    pub(super) fn said(self, hide: impl Fn(&str) -> String) -> Option<String> {
        let said = hide(&self.words?);
        Some(escape::shorten(said.trim(), MOST_SAID))
    }
}

/// Reads an answer as an error: JSON, XML as stores of objects write it, or plain text. A page is
/// for a browser.
pub(super) fn error(body: &[u8]) -> ErrorAnswer {
    let mut answer = ErrorAnswer {
        words: None,
        is_kubernetes: false,
    };
    let Ok(text) = text(body, false).or_else(|_| std::str::from_utf8(body)) else {
        return answer;
    };
    let text = text.trim();
    if let Ok(parsed) = Json::parse_str(text) {
        answer.words = error_answer::words(parsed.value);
        answer.is_kubernetes = error_answer::is_kubernetes(parsed.value);
    } else if text.starts_with('<') {
        let message = text
            .split_once("<Message>")
            .and_then(|(_, rest)| rest.split_once("</Message>"));
        answer.words = message.map(|(message, _)| message.to_owned());
    } else if !text.is_empty() {
        answer.words = Some(text.to_owned());
    }
    answer
}
