//! A client for itself (RFC 6749 section 4.4).

use crate::cli::fetch::flow::{GrantResponse, grant, purpose};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::session::Session;
use crate::oauth::grant_type;

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    let mut form = grant(grant_type::CLIENT_CREDENTIALS);
    purpose(session, &mut form);
    session.tokens(&form).map(GrantResponse::from)
}
