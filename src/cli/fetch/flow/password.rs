//! A user's name and password (RFC 6749 section 4.3).

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::fetch::flow::{GrantResponse, grant, purpose};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::session::Session;
use crate::keys;
use crate::oauth::grant_type;

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    let username = session.request.username.clone().unwrap_or_default();
    session.ui.note("the password grant must not be used (RFC 9700 section 2.4): the client sees the password, and no second factor is asked for");
    let password = match session.password.take() {
        Some(password) => password,
        None => keys::named_secret("password").map_err(Failure::from)?,
    };
    let mut form = grant(grant_type::PASSWORD);
    form.push(("username", Zeroizing::new(username)));
    form.push(("password", password));
    purpose(session, &mut form);
    session.tokens(&form).map(GrantResponse::from)
}
