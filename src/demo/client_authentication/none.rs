//! `none`: a public client names itself, and has nothing to prove it with (RFC 6749 section 2.1).

use std::sync::Arc;

use crate::demo::client::Client;
use crate::demo::client_authentication::{Method, Needs, Request, with_secret};
use crate::demo::error::OAuthError;

pub(super) const METHOD: Method = Method {
    name: "none",
    proves: false,
    needs: Needs::Nothing,
    is_used: |_| false,
    authenticate,
};

pub(super) fn authenticate(request: &Request<'_>) -> Result<Option<Arc<Client>>, OAuthError> {
    match request.parameters.get("client_id") {
        None => Ok(None),
        Some(id) => with_secret(request.demo, id, None).map(Some),
    }
}
