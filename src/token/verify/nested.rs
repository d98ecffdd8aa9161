//! A signed token inside an encrypted one (RFC 7519 section 5.2, RFC 7520 section 6).

use crate::token::advice::Advice;
use crate::token::compact::{Compact, Jws, Malformed};
use crate::token::jwe::{self, MOST_NESTED, Opened, Opener};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::sd_jwt::Presented;
use crate::token::verify::findings::Findings;

/// A signed token, and its presentation if it is an SD-JWT.
pub(super) type Signed<'t> = (Jws<'t>, Option<Presented<'t>>);

/// Takes a token in the compact form apart.
pub(super) fn signed(token: &str) -> Result<Signed<'_>, Refusal> {
    match Compact::split(token)? {
        Compact::SdJwt { jws, .. } => Ok((jws, Some(Presented::of(token)))),
        Compact::Jws(jws) => Ok((jws, None)),
        Compact::Jwe { .. } => Err(sealed()),
    }
}

/// Gives the token that is signed: of one that is encrypted, what is inside, which is kept in `inner`.
pub(super) fn signed_text<'t>(
    token: &'t str,
    inner: &'t mut String,
    opener: Option<&mut Opener<'_>>,
    findings: &mut Findings<'_>,
) -> Result<&'t str, Refusal> {
    let Some(opener) = opener else {
        return match jwe::is_json(token) {
            true => Err(sealed()),
            false => Ok(token),
        };
    };
    let mut outer = None;
    for left in (0..=MOST_NESTED).rev() {
        let text = outer.as_deref().unwrap_or(token);
        let like_last = match left {
            0 => None,
            _ => opener.open_like_last(text),
        };
        let opened = match like_last {
            Some(opened) => opened,
            None if !jwe::is_encrypted(text) => {
                let Some(text) = outer else {
                    return Ok(token);
                };
                *inner = text;
                return Ok(inner);
            }
            None if left == 0 => break,
            None => opener.open(text),
        };
        outer = Some(content(opened?, findings)?);
    }
    Err(Malformed::new(format!(
        "more than {MOST_NESTED} encrypted tokens are nested in each other"
    ))
    .into())
}

fn sealed() -> Refusal {
    Malformed::new("the token is encrypted (a JWE), and there is no signature to check")
        .hint(Advice::NameDecryptionKey)
        .into()
}

/// The token inside of one that opened.
fn content(opened: Opened<'_>, findings: &mut Findings<'_>) -> Result<String, Refusal> {
    let (alg, enc, key) = (opened.algorithm, opened.encryption, opened.key);
    let inner = opened.into_nested().map_err(|_| {
        Refusal::new(
            Reason::BadSignature,
            "the token is encrypted and not signed: nothing in it says who made it",
        )
        .hint(Advice::DecodeOpened)
    })?;
    findings.pass(CheckName::Decryption, || {
        format!("{} and {}, with {key}", alg.name(), enc.name())
    });
    Ok(inner)
}

/// The check that a refusal from before the signature belongs to.
pub(super) fn check_of(refusal: &Refusal) -> CheckName {
    match refusal.reason {
        Reason::Malformed => CheckName::Format,
        Reason::CritUnknown => CheckName::Crit,
        Reason::BadSignature => CheckName::Signature,
        _ => CheckName::Decryption,
    }
}
