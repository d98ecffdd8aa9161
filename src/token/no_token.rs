//! What a text without the shape of a token seems to be.

use crate::text::escape;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::{Compact, Malformed, decode_segment, without_padding};
use crate::token::find::{self, Layer};
use crate::token::json::{Json, Object};

/// Beginnings of well-known tokens that only their issuer can read.
const OPAQUE: &[(&str, &str)] = &[
    ("gho_", "a GitHub OAuth token"),
    ("ghp_", "a GitHub personal access token"),
    ("ghs_", "a GitHub app token"),
    ("ghu_", "a GitHub user token"),
    ("ghr_", "a GitHub refresh token"),
    ("github_pat_", "a GitHub personal access token"),
    ("glpat-", "a GitLab personal access token"),
    ("gldt-", "a GitLab deploy token"),
    ("ya29.", "a Google access token"),
    ("1//", "a Google refresh token"),
    ("xoxb-", "a Slack bot token"),
    ("xoxp-", "a Slack user token"),
    ("xapp-", "a Slack app token"),
    ("npm_", "an npm token"),
    ("pypi-", "a PyPI token"),
    ("dop_v1_", "a DigitalOcean token"),
    ("hvs.", "a Vault token"),
    ("sk_live_", "a Stripe key"),
    ("sk_test_", "a Stripe key"),
];

/// Says what a text is that begins as JSON or tokens of another kind do.
pub(crate) fn of_another_kind(text: &str) -> Option<Malformed> {
    if text.starts_with(['{', '[']) {
        let hint = member_with_token(text).map(|member| Advice::TakeTokenOut { member });
        return Some(
            Malformed::new("JSON that is not a token")
                .hint(hint.unwrap_or(Advice::Token(TokenAdvice::FindInText))),
        );
    }
    let opaque = OPAQUE.iter().find(|(prefix, _)| text.starts_with(prefix));
    match opaque {
        Some((_, what)) => Some(
            Malformed::new(format!("{what}, not a JWT: only its issuer can read it"))
                .hint(Advice::Token(TokenAdvice::AskIssuer)),
        ),
        None => paseto(text),
    }
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

/// The first member of an object that is a token, as `value` of the answer of GitHub Actions; its name needs no
/// quotes.
fn member_with_token(text: &str) -> Option<String> {
    let object = Object::parse(text.as_bytes().to_vec()).ok()?;
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let is_plain = |name: &str| {
        name.bytes().all(is_word)
            && name.starts_with(|c: char| !c.is_ascii_digit())
            && name.len() <= 40
    };
    let is_token = |value: Json<'_>| {
        let text = value.as_str();
        text.is_some_and(|text| text.starts_with("ey") && Compact::split(&text).is_ok())
    };
    let mut members = object.members();
    let (name, _) = members.find(|(name, value)| is_plain(name) && is_token(*value))?;
    Some(name.into_owned())
}

/// A PASETO: a version, a purpose and base64url between dots, and maybe a footer.
fn paseto(text: &str) -> Option<Malformed> {
    let mut parts = text.splitn(3, '.');
    let (version, purpose) = (parts.next()?, parts.next()?);
    parts.next()?;
    if !matches!(version, "v1" | "v2" | "v3" | "v4") {
        return None;
    }
    let (how, hint) = match purpose {
        "public" => ("signed", TokenAdvice::CheckPaseto),
        "local" => ("encrypted with a shared key", TokenAdvice::OpenPaseto),
        _ => return None,
    };
    let message = format!("a PASETO, {how} (`{version}.{purpose}`), and not a JWT");
    Some(Malformed::new(message).hint(Advice::Token(hint)))
}

/// Several tokens where one should be; only short texts are looked at, since nobody pastes a long
/// one by mistake.
fn several(text: &str) -> Option<Malformed> {
    const LONGEST: usize = 1 << 20;
    if text.len() > LONGEST {
        return None;
    }
    let found = find::tokens(text.as_bytes()).tokens;
    let mut tokens = found.iter().map(|found| text.get(found.place.clone()));
    let (first, count) = (tokens.next()?, found.len());
    if count < 2 {
        return found
            .iter()
            .any(|found| found.layer == Layer::Base64)
            .then(in_base64);
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
fn in_base64() -> Malformed {
    Malformed::new("the token is encoded in base64 once more")
        .hint(Advice::Token(TokenAdvice::TakeOutOfBase64))
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

/// A token of which only the beginning was copied: dots or an ellipsis stand for the rest.
fn cut(text: &str) -> Option<Malformed> {
    let is_cut = text.ends_with('…') || text.ends_with("..");
    is_cut.then(|| {
        Malformed::new("the token was cut: dots stand in place of its end")
            .hint(Advice::Token(TokenAdvice::CopyBehindDots))
    })
}

fn wrong_count(text: &str) -> Malformed {
    let dots = text.bytes().filter(|b| *b == b'.').count();
    let header = text.split('.').next().map(without_padding);
    let header = header.and_then(|segment| decode_segment(segment, "header").ok());
    if dots == 4 && header.is_some_and(|bytes| Object::parse(bytes).is_ok()) {
        return Malformed::new(
            "the token has five segments, but its header has no `enc`, as that of an encrypted token would",
        )
        .hint(Advice::Token(TokenAdvice::TakeOffRest));
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
