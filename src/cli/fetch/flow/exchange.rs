//! A token for another one (RFC 8693).

use zeroize::Zeroizing;

use crate::cli::fetch::flow::{GrantResponse, grant, purpose};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::session::Session;
use crate::oauth::{grant_type, token_type};

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    let subject = session.subject_token.clone();
    let mut form = grant(grant_type::TOKEN_EXCHANGE);
    form.push(("subject_token", subject));
    let kind = Zeroizing::new(token_type::ACCESS_TOKEN.to_owned());
    form.push(("subject_token_type", kind));
    purpose(session, &mut form);
    session.tokens(&form).map(GrantResponse::from)
}
