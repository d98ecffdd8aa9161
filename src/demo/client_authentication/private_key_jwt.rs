//! `private_key_jwt`: a JWT that the client signs with a key whose public half the server has (OpenID
//! Connect Core 1.0 section 9, RFC 7523 section 2.2).

use crate::demo::client_authentication::assertion::{self, Proof};
use crate::demo::client_authentication::{Method, Needs, failed};

pub(super) const METHOD: Method = Method {
    name: "private_key_jwt",
    proves: true,
    needs: Needs::Keys,
    is_used: |request| assertion::is_given(request) && !assertion::is_by_secret(request),
    authenticate: |request| {
        assertion::authenticate(request, |client| match &client.keys {
            Some(keys) => Ok(Proof::Keys(keys.clone())),
            None => Err(failed(format!(
                "{} signs an assertion, but the server has no keys of it: set `jwks` in the configuration",
                client.id
            ))),
        })
    },
};
