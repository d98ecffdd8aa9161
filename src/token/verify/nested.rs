//! A signed token inside an encrypted one (RFC 7519 section 5.2, RFC 7520 section 6).

use crate::token::advice::Advice;
use crate::token::compact::{Compact, Jws, Malformed};
use crate::token::jwe::{self, DecryptionKeys, MOST_NESTED};
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
    findings: &mut Findings<'_>,
) -> Result<&'t str, Refusal> {
    let Some(keys) = findings.keys.decryption() else {
        return match jwe::is_json(token) {
            true => Err(sealed()),
            false => Ok(token),
        };
    };
    if !is_encrypted(token) {
        return Ok(token);
    }
    let mut outer = None;
    for _ in 0..MOST_NESTED {
        let (text, detail) = open(outer.as_deref().unwrap_or(token), keys)?;
        findings.pass(CheckName::Decryption, || detail);
        if is_encrypted(&text) {
            outer = Some(text);
        } else {
            *inner = text;
            return Ok(inner);
        }
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

fn open(token: &str, keys: &DecryptionKeys) -> Result<(String, String), Refusal> {
    let opened = keys.open(token)?;
    let (alg, enc) = (opened.algorithm.name(), opened.encryption.name());
    let detail = format!("{alg} and {enc}, with {}", opened.key);
    match opened.nested() {
        Some(inner) => Ok((inner.to_owned(), detail)),
        None => Err(Refusal::new(
            Reason::BadSignature,
            "the token is encrypted and not signed: nothing in it says who made it",
        )
        .hint(Advice::DecodeOpened)),
    }
}

fn is_encrypted(token: &str) -> bool {
    jwe::is_json(token) || matches!(Compact::split(token), Ok(Compact::Jwe { .. }))
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
