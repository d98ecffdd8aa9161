//! `client_secret_post`: the id and the secret in the form (RFC 6749 section 2.3.1).

use std::sync::Arc;

use crate::demo::client::Client;
use crate::demo::client_authentication::{Method, Needs, Request, with_secret};
use crate::demo::error::OAuthError;

pub(super) const METHOD: Method = Method {
    name: "client_secret_post",
    proves: true,
    needs: Needs::Secret,
    is_used: |request| request.parameters.get("client_secret").is_some(),
    authenticate,
};

fn authenticate(request: &Request<'_>) -> Result<Option<Arc<Client>>, OAuthError> {
    let id = request.parameters.get("client_id").ok_or_else(|| {
        OAuthError::request(
            "there is a `client_secret`, but no `client_id`",
            "RFC 6749 section 2.3.1",
        )
    })?;
    let secret = request.parameters.get("client_secret");
    with_secret(request.demo, id, secret).map(Some)
}
