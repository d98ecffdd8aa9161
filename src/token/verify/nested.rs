//! A signed token inside an encrypted one (RFC 7519 section 5.2, RFC 7520 section 6).

use std::sync::Arc;

use crate::token::advice::Advice;
use crate::token::compact::{Compact, Jws, Malformed};
use crate::token::json::Object;
use crate::token::jwe::{self, ContentEncryption, KeyManagement, MOST_NESTED, Opened, Opener};
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

/// Opens a token if it is encrypted.
pub(super) fn opened<'k>(
    token: &str,
    opener: Option<&mut Opener<'k>>,
) -> Option<Result<Opened<'k>, Refusal>> {
    let Some(opener) = opener else {
        return jwe::is_json(token).then(|| Err(sealed()));
    };
    opener
        .open_like_last(token.as_bytes())
        .or_else(|| opener.open_if_encrypted(token))
}

/// Gives the token that is signed, inside of one that was opened.
pub(super) fn signed_text<'k>(
    outer: Opened<'k>,
    mut opener: Option<&mut Opener<'k>>,
    findings: &mut Findings<'_>,
) -> Result<String, Refusal> {
    let mut text = content(outer, findings)?;
    for _ in 1..MOST_NESTED {
        match opened(&text, opener.as_deref_mut()) {
            Some(inner) => text = content(inner?, findings)?,
            None => return Ok(text),
        }
    }
    match jwe::is_encrypted(&text) {
        false => Ok(text),
        true => Err(Malformed::new(format!(
            "more than {MOST_NESTED} encrypted tokens are nested in each other"
        ))
        .into()),
    }
}

fn sealed() -> Refusal {
    Malformed::new("the token is encrypted (a JWE), and there is no signature to check")
        .hint(Advice::NameDecryptionKey)
        .into()
}

/// The token inside of one that opened.
fn content(opened: Opened<'_>, findings: &mut Findings<'_>) -> Result<String, Refusal> {
    let by = (opened.algorithm, opened.encryption, opened.key);
    let header = Arc::clone(&opened.header);
    let inner = opened.into_nested().map_err(|_| {
        Refusal::new(
            Reason::BadSignature,
            "the token is encrypted and not signed: nothing in it says who made it",
        )
        .hint(Advice::DecodeOpened)
    })?;
    findings.decryption(by, &header);
    Ok(inner)
}

impl Findings<'_> {
    /// Notes how an encrypted token was opened, which has another one inside.
    pub(super) fn decryption(
        &mut self,
        (alg, enc, key): (KeyManagement, ContentEncryption, &str),
        header: &Arc<Object>,
    ) {
        self.warn(|| jwe::nested_without_cty(header));
        if !self.without_report {
            self.envelopes.push(Arc::clone(header));
        }
        self.pass(CheckName::Decryption, || {
            format!("{} and {}, with {key}", alg.name(), enc.name())
        });
    }
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
