//! A code for tokens (RFC 6749 section 4.1.3), with the verifier of PKCE (RFC 7636 section 4.5).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::event::Remark;
use crate::demo::grant::{FamilyStart, Grant, TokenRequest, refresh_token};
use crate::demo::secret::{Secret, fingerprint};
use crate::demo::state::{Code, Granted, Issued};
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::text::escape;

pub(super) const GRANT: Grant = Grant {
    name: "authorization_code",
    without_client: false,
    confidential: false,
    run,
};

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, Refusal> {
    let section = "RFC 6749 section 4.1.3";
    let code = fingerprint(request.parameters.require("code", section)?);
    let redirect_uri = request.parameters.require("redirect_uri", section)?;
    let verifier = request.parameters.get("code_verifier");
    let asked = resources(request.parameters)?;
    let start = FamilyStart::new(request.client.may_use(refresh_token::GRANT.name))?;
    let now = request.now;

    let mut state = request.demo.state();
    let known = state
        .codes
        .get_mut(code, now)
        .ok_or_else(|| invalid("there is no such code, or it has expired", section))?;
    let issued = match known {
        Code::Issued(issued) => issued,
        Code::Redeemed(family) => {
            let family = family.clone();
            state.revoke_family(&family, now, &request.demo.settings().lifetimes);
            return Err(invalid(
                "the code has been used already: the tokens that came of it are revoked",
                "RFC 6749 section 4.1.2",
            ));
        }
    };
    check(issued, request, redirect_uri, verifier)?;
    let granted = Granted {
        resources: narrow(&issued.granted.resources, asked)?,
        ..issued.granted.clone()
    };
    let nonce = issued.nonce.take();
    if issued.challenge.is_none() {
        request.entry.remarks.push(without_pkce());
    }
    *known = Code::Redeemed(start.family.clone());
    drop(state);
    request.tokens_of(&granted, nonce.as_deref(), start)
}

/// What the log says of a confidential client that leaves PKCE out.
pub(in crate::demo) fn without_pkce() -> Remark {
    Remark::new(
        "the code is not protected by PKCE, which every client should use",
        "RFC 9700 section 2.1.1",
    )
}

/// Whether a code is this client's, in time, for this redirect URI and of this verifier.
fn check(
    code: &Issued,
    request: &TokenRequest<'_>,
    redirect_uri: &str,
    verifier: Option<&str>,
) -> Result<(), Refusal> {
    let Granted { client_id, .. } = &code.granted;
    if code.expires <= request.now {
        return Err(invalid("the code has expired", "RFC 6749 section 4.1.2"));
    }
    if *client_id != request.client.id {
        return Err(invalid(
            format!("the code was issued to {client_id}"),
            "RFC 6749 section 4.1.3",
        ));
    }
    if code.redirect_uri != redirect_uri {
        return Err(invalid(
            format!(
                "`redirect_uri` is `{}`, and was `{}`",
                escape::shorten(redirect_uri, 80),
                escape::shorten(&code.redirect_uri, 80)
            ),
            "RFC 6749 section 4.1.3",
        ));
    }
    match (&code.challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(invalid(
            "there is a `code_verifier`, and was no `code_challenge`: somebody took it away",
            "RFC 9700 section 4.8.2",
        )),
        (Some(_), None) => Err(invalid(
            "there is no `code_verifier`",
            "RFC 7636 section 4.6",
        )),
        (Some(_), Some(verifier)) if !is_verifier(verifier) => Err(Refusal::request(
            "`code_verifier` is not 43 to 128 letters, digits, `-`, `.`, `_` and `~`",
            "RFC 7636 section 4.1",
        )),
        (Some(challenge), Some(verifier)) if s256(verifier).is(challenge) => Ok(()),
        (Some(_), Some(_)) => Err(invalid(
            "`code_verifier` is not that of the `code_challenge`",
            "RFC 7636 section 4.6",
        )),
    }
}

fn is_verifier(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// The challenge of a verifier (RFC 7636 section 4.2).
fn s256(verifier: &str) -> Secret {
    let digest = digest::digest(&digest::SHA256, verifier.as_bytes());
    Secret::new(URL_SAFE_NO_PAD.encode(digest))
}

fn invalid(reason: impl Into<String>, section: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidGrant, reason, section)
}
