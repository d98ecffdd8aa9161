//! What a text without the shape of a token seems to be.

use crate::text::escape;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::{Compact, Malformed, decode_segment, without_padding};
use crate::token::encoding::Encoding;
use crate::token::find::{self, Layer};
use crate::token::foreign_token::{self, Foreign};
use crate::token::json::Object;

/// Says what a text is that has no token in it, but something else that is known.
pub(crate) fn of_another_kind(text: &str) -> Option<Malformed> {
    if let Some(placeholder) = placeholder(text) {
        return Some(placeholder);
    }
    let Foreign { what, hint } = foreign_token::find(text)?;
    Some(Malformed {
        message: what,
        hint,
    })
}

/// What programs write where a variable has no value, or what stands for a variable itself. The name of one is
/// not repeated: it may be something else.
fn placeholder(text: &str) -> Option<Malformed> {
    const NOTHING: [&str; 7] = [
        "undefined",
        "null",
        "nil",
        "None",
        "NaN",
        "[object Object]",
        "[object Promise]",
    ];
    const AROUND: [(&str, &str); 6] = [
        ("${{", "}}"),
        ("${", "}"),
        ("{{", "}}"),
        ("<", ">"),
        ("%", "%"),
        ("$", ""),
    ];
    let is_name = |name: &str| {
        let is_of_name = |b: u8| b.is_ascii_alphanumeric() || b"_-. ".contains(&b);
        matches!(name.len(), 1..=40) && name.bytes().all(is_of_name)
    };
    let is_filled = |(open, close): &&(&str, &str)| {
        let inside = text.strip_prefix(open);
        inside
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(is_name)
    };
    let shown = match NOTHING.contains(&text) {
        true => text.to_owned(),
        false => AROUND
            .iter()
            .find(is_filled)
            .map(|(open, close)| format!("{open}…{close}"))?,
    };
    Some(
        Malformed::new(format!("`{shown}` stands in place of the token"))
            .hint(Advice::Token(TokenAdvice::FillPlaceholder)),
    )
}

/// Says what a text without the shape of a token seems to be.
pub(crate) fn diagnose(text: &str) -> Malformed {
    if let Some(other) = of_another_kind(text) {
        return other;
    }
    if text.contains("%2E") || text.contains("%2e") {
        return Malformed::new("the token is percent-encoded")
            .hint(Advice::Token(TokenAdvice::PercentDecode));
    }
    if text.starts_with('~') {
        return Malformed::new("a tilde stands before the token")
            .hint(Advice::Token(TokenAdvice::BeginWithIssued));
    }
    several(text)
        .or_else(|| {
            let mut segments = text.splitn(3, '.');
            let segments = [segments.next()?, segments.next()?, segments.next()?];
            left_out(segments)
        })
        .or_else(|| followed_by_dot(text))
        .or_else(|| cut(text))
        .unwrap_or_else(|| wrong_count(text))
}

/// Several tokens where one should be; only short texts are looked at, since nobody pastes a long
/// one by mistake.
fn several(text: &str) -> Option<Malformed> {
    const LONGEST: usize = 1 << 20;
    if text.len() > LONGEST {
        return None;
    }
    let found = find::tokens(text.as_bytes()).tokens;
    if found.is_empty() {
        return in_more(text);
    }
    let mut tokens = found.iter().map(|found| text.get(found.place.clone()));
    let (first, count) = (tokens.next()?, found.len());
    if count < 2 {
        return found
            .iter()
            .any(|found| found.layer == Layer::Base64)
            .then(|| in_base64("in base64 once more", TokenAdvice::TakeOutOfBase64));
    }
    Some(match tokens.all(|token| token == first) {
        true => Malformed::new(match count {
            2 => "the same token twice, one after the other".to_owned(),
            _ => format!("the same token {count} times, one after the other"),
        })
        .hint(Advice::Token(TokenAdvice::GiveOnce { count })),
        false => Malformed::new(match count {
            2 => "two tokens, one after the other".to_owned(),
            _ => format!("{count} tokens, one after the other"),
        })
        .hint(Advice::Token(TokenAdvice::GiveOne)),
    })
}

/// A token in base64, as a Secret of Kubernetes holds it.
fn in_base64(how: &str, hint: TokenAdvice) -> Malformed {
    Malformed::new(format!("the token is encoded {how}")).hint(Advice::Token(hint))
}

/// A token in base64 of base64, as a Secret holds it that was encoded before, or in hexadecimal.
fn in_more(text: &str) -> Option<Malformed> {
    if text.contains('.') {
        return None;
    }
    let is_token = |bytes: &[u8]| find::tokens(bytes).tokens.first().map(|found| found.layer);
    let hex = Encoding::Hex.undo(text.as_bytes());
    if hex.is_some_and(|bytes| is_token(&bytes) == Some(Layer::Plain)) {
        return Some(in_base64(
            "in hexadecimal",
            TokenAdvice::TakeOutOfHexadecimal,
        ));
    }
    let once = Encoding::Base64.undo(text.as_bytes())?;
    (is_token(&once) == Some(Layer::Base64))
        .then(|| in_base64("in base64 twice", TokenAdvice::TakeOutOfBase64Twice))
}

/// A token in which something else stands in place of a segment, as from programs that do not print
/// whole tokens; or in which a segment was cut.
pub(crate) fn left_out(segments: [&str; 3]) -> Option<Malformed> {
    /// Nothing longer is repeated: it may be a part of what was left out.
    const SHORT: usize = 16;
    let names = ["header", "payload", "signature"];
    names.into_iter().zip(segments).find_map(|(name, segment)| {
        let bytes = segment.as_bytes();
        if [bytes.first(), bytes.last()]
            .into_iter()
            .all(|end| end.is_none_or(u8::is_ascii_alphanumeric))
        {
            return None;
        }
        let copy = || Advice::Token(TokenAdvice::CopyLeftOut);
        // A payload that is not encoded (RFC 7797) may begin with a bracket.
        let is_bracketed = segment.starts_with(['<', '[', '(', '{', '#', '$']);
        if segment.starts_with(['…', '*', '•', '█']) || is_bracketed && name == "signature" {
            let what = match segment.chars().count() {
                ..=SHORT => format!("`{}`", escape::terminal(segment)),
                _ => "something else".to_owned(),
            };
            let message = format!("the {name} was left out: {what} stands in its place");
            return Some(Malformed::new(message).hint(copy()));
        }
        segment.ends_with('…').then(|| {
            let message = format!("the {name} was cut: dots stand in place of its end");
            Malformed::new(message).hint(copy())
        })
    })
}

/// A token at the end of a sentence.
fn followed_by_dot(text: &str) -> Option<Malformed> {
    let token = text
        .strip_suffix('.')
        .filter(|token| !token.ends_with('.'))?;
    Compact::split(token).ok()?;
    Some(Malformed::new("a dot follows the token").hint(Advice::Token(TokenAdvice::TakeOffDot)))
}

/// A token of which only a part was copied: dots, an ellipsis or asterisks stand for the rest.
fn cut(text: &str) -> Option<Malformed> {
    if text.ends_with('…') || text.ends_with("..") {
        return Some(
            Malformed::new("the token was cut: dots stand in place of its end")
                .hint(Advice::Token(TokenAdvice::CopyBehindDots)),
        );
    }
    let marks = ["…", "...", "***", "•••", "[REDACTED]", "<redacted>"];
    let mark = marks.iter().find(|mark| text.contains(*mark))?;
    Some(
        Malformed::new(format!(
            "a part of the token was left out: `{mark}` stands in its place"
        ))
        .hint(Advice::Token(TokenAdvice::CopyLeftOut)),
    )
}

fn wrong_count(text: &str) -> Malformed {
    let dots = text.bytes().filter(|b| *b == b'.').count();
    let header = text.split('.').next().map(without_padding);
    let header = header.and_then(|segment| decode_segment(segment, "header").ok());
    if dots == 4
        && header
            .as_ref()
            .is_some_and(|bytes| Object::parse(bytes.clone()).is_ok())
    {
        return Malformed::new(
            "the token has five segments, but its header has no `enc`, as that of an encrypted token would",
        )
        .hint(Advice::Token(TokenAdvice::TakeOffRest));
    }
    if dots == 0
        && let Some(object) = header.and_then(|bytes| Object::parse(bytes).ok())
    {
        let (what, without) = match object.get("alg") {
            Some(_) => ("header", "payload"),
            None => ("payload", "header"),
        };
        return Malformed::new(format!(
            "only the {what} of a token, without {without} and signature"
        ))
        .hint(Advice::Token(TokenAdvice::CopyShape));
    }
    let segments = match dots {
        0 => "no dot, and so one segment".to_owned(),
        1 => "two segments".to_owned(),
        3 => "four segments".to_owned(),
        n => format!("{} segments", n.saturating_add(1)),
    };
    Malformed::new(format!("the token has {segments}; a signed one has three"))
        .hint(Advice::Token(TokenAdvice::CopyShape))
}
