//! `client_secret_jwt`: a JWT under an HMAC with the client's secret (OpenID Connect Core 1.0 section 9,
//! RFC 7523 section 2.2).

use crate::demo::client_authentication::assertion::{self, Proof};
use crate::demo::client_authentication::{Method, Needs, failed};

pub(super) const METHOD: Method = Method {
    name: "client_secret_jwt",
    proves: true,
    needs: Needs::Secret,
    is_used: |request| assertion::is_given(request) && assertion::is_by_secret(request),
    authenticate: |request| {
        assertion::authenticate(request, |client| match &client.secret {
            Some(secret) => Ok(Proof::Secret(secret.clone())),
            None => Err(failed(format!(
                "{} has no secret to sign an assertion with",
                client.id
            ))),
        })
    },
};
