//! A token for a JWT of an issuer that the server trusts (RFC 7523 section 2.1).

use crate::cli::fetch::flow::{GrantResponse, grant, purpose};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::session::Session;
use crate::oauth::grant_type;

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    let assertion = session.subject_token.clone();
    let mut form = grant(grant_type::JWT_BEARER);
    form.push(("assertion", assertion));
    purpose(session, &mut form);
    session.tokens(&form).map(GrantResponse::from)
}
