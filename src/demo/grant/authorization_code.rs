//! A code for tokens (RFC 6749 section 4.1.3), with the verifier of PKCE (RFC 7636 section 4.5).

use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::grant::{FamilyStart, Grant, RESOURCE, TokenRequest, refresh_token};
use crate::demo::pkce;
use crate::demo::reference::text;
use crate::demo::secret::fingerprint;
use crate::demo::state::{Code, Granted, Issued};
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::text::escape;

pub(super) const GRANT: Grant = Grant {
    name: "authorization_code",
    without_client: false,
    confidential: false,
    about: "the code that the resource owner's browser brought back from `/authorize`",
    section: "RFC 6749 section 4.1.3",
    fields: &[
        text("code", "the code").required(),
        text("redirect_uri", "as at `/authorize`")
            .required()
            .such_as(|known| known.redirect_uri.clone()),
        text(
            "code_verifier",
            "the verifier of PKCE (RFC 7636 section 4.5)",
        )
        .such_as(|_| pkce::EXAMPLE.verifier.to_owned()),
        RESOURCE,
    ],
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
        request.entry.remarks.push(pkce::left_out());
    }
    *known = Code::Redeemed(start.family.clone());
    drop(state);
    request.tokens_of(&granted, nonce.as_deref(), start)
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
    pkce::check(code.challenge.as_deref(), verifier)
}

fn invalid(reason: impl Into<String>, section: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidGrant, reason, section)
}
