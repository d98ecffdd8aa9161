//! The ways to a token, a file each: what is asked, of whom, and what comes back.

mod client;
mod code;
mod device;
mod exchange;
mod jwt_bearer;
mod password;

use zeroize::Zeroizing;

use crate::cli::args::Grant;
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::server::FormFields;
use crate::cli::fetch::session::Session;
use crate::oauth::grant_type;
use crate::oauth::token_answer::TokenAnswer;

/// Tokens, and what the ID token has to say.
pub(super) struct GrantResponse {
    pub(super) answer: TokenAnswer,
    /// The `nonce` of the request.
    pub(super) nonce: Option<String>,
}

impl From<TokenAnswer> for GrantResponse {
    fn from(answer: TokenAnswer) -> Self {
        GrantResponse {
            answer,
            nonce: None,
        }
    }
}

/// Gets tokens in the way that is asked for.
pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    session.make_proof_key()?;
    match session.request.grant {
        Grant::Code => code::run(session),
        Grant::Device => device::run(session),
        Grant::Client => client::run(session),
        Grant::Password => password::run(session),
        Grant::Exchange => exchange::run(session),
        Grant::JwtBearer => jwt_bearer::run(session),
    }
}

/// Whether a person is asked.
pub(super) fn needs_a_person(session: &Session<'_, '_, '_>) -> bool {
    match session.request.grant {
        Grant::Code | Grant::Device => true,
        Grant::Password => session.password.is_none(),
        Grant::Client | Grant::Exchange | Grant::JwtBearer => false,
    }
}

/// Gets new tokens for a refresh token (RFC 6749 section 6).
pub(super) fn refresh(
    session: &mut Session<'_, '_, '_>,
    refresh_token: &str,
) -> Result<TokenAnswer, GrantError> {
    let mut form = grant(grant_type::REFRESH_TOKEN);
    form.push(("refresh_token", Zeroizing::new(refresh_token.to_owned())));
    resources(session, &mut form);
    session.tokens(&form)
}

/// A form for a grant.
fn grant(name: &str) -> FormFields<'static> {
    vec![("grant_type", Zeroizing::new(name.to_owned()))]
}

/// The purpose of the token: scopes (RFC 6749 section 3.3), resources (RFC 8707 section 2), and
/// audiences, which come from RFC 8693 section 2.1, and which many servers accept for other grants
/// too.
fn purpose(session: &Session<'_, '_, '_>, form: &mut FormFields<'_>) {
    if !session.request.scope.is_empty() {
        form.push(("scope", Zeroizing::new(session.request.scope.join(" "))));
    }
    resources(session, form);
}

fn resources(session: &Session<'_, '_, '_>, form: &mut FormFields<'_>) {
    let values = |name, values: &[String]| {
        let values = values
            .iter()
            .map(|value| (name, Zeroizing::new(value.clone())));
        values.collect::<FormFields<'_>>()
    };
    form.extend(values("resource", &session.request.resource));
    form.extend(values("audience", &session.request.audience));
}
