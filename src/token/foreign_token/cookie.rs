//! The sessions and cookies of web frameworks.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::token::advice::TokenAdvice;
use crate::token::foreign_token::encoded::{undone, without_escapes};
use crate::token::foreign_token::{Foreign, foreign};
use crate::token::json::Json;

/// What the sessions and cookies of web frameworks look like.
pub(super) fn cookie(text: &str) -> Option<Foreign> {
    let of_application = |what: &str| Some(foreign(what, TokenAdvice::AskApplication));
    if text.starts_with("CfDJ8") {
        return of_application("data that ASP.NET Core protects (a cookie or a token of it)");
    }
    if text.starts_with("Fe26.2*") {
        return of_application("a session that iron seals");
    }
    if text.starts_with("SFMyNTY.") {
        return of_application("a token of Phoenix");
    }
    let express = text
        .strip_prefix("s:")
        .or_else(|| text.strip_prefix("s%3A"));
    if express.is_some_and(|rest| rest.contains('.')) {
        return of_application("a signed cookie of Express");
    }
    let readable = |what: &str| Some(foreign(what, TokenAdvice::ReadSession));
    if is_itsdangerous(text) {
        return readable("a session of Flask, or other data that itsdangerous signed");
    }
    if is_django(text) {
        return readable("data that Django signed");
    }
    rails(text).and_then(of_application)
}

/// Content, the time in four bytes, and an HMAC, between dots; content that begins with a dot is compressed.
fn is_itsdangerous(text: &str) -> bool {
    let parts = text
        .rsplit_once('.')
        .and_then(|(rest, signature)| Some((rest.rsplit_once('.')?, signature)));
    let Some(((content, time), signature)) = parts else {
        return false;
    };
    let is_time = time.len() == 6 && URL_SAFE_NO_PAD.decode(time).is_ok();
    is_time && is_hmac(signature) && is_content(content)
}

/// Content, the time in base 62, and an HMAC, between colons.
fn is_django(text: &str) -> bool {
    let mut parts = text.split(':');
    let (Some(content), Some(time), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_time =
        matches!(time.len(), 5..=8) && time.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_time && is_hmac(signature) && is_content(content)
}

/// As long as an HMAC in base64url.
fn is_hmac(text: &str) -> bool {
    matches!(text.len(), 27 | 43 | 64 | 86) && URL_SAFE_NO_PAD.decode(text).is_ok()
}

/// Compressed data behind a dot, or JSON that is not the header of a JWS.
fn is_content(text: &str) -> bool {
    if let Some(compressed) = text.strip_prefix('.') {
        return compressed.starts_with("eJ");
    }
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else {
        return false;
    };
    Json::parse(&bytes).is_ok_and(|parsed| parsed.value.get("alg").is_none())
}

/// Base64 and an HMAC in hexadecimal, or base64, the nonce and the tag of AES-GCM, between two dashes.
fn rails(text: &str) -> Option<&'static str> {
    let text = without_escapes(text);
    let mut parts = text.split("--");
    let (content, second) = (undone(parts.next()?)?, parts.next()?);
    if content.is_empty() {
        return None;
    }
    match (parts.next(), parts.next()) {
        (None, _) => {
            let is_hmac = matches!(second.len(), 40 | 64 | 128)
                && second.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hmac.then_some("a signed cookie of Rails")
        }
        (Some(tag), None) => {
            let has = |text: &str, len| undone(text).is_some_and(|bytes| bytes.len() == len);
            (has(second, 12) && has(tag, 16)).then_some("an encrypted cookie of Rails")
        }
        _ => None,
    }
}
