//! A client asks for itself (RFC 6749 section 4.4): no resource owner, and no refresh token
//! (section 4.4.3).

use crate::demo::error::OAuthError;
use crate::demo::grant::{Grant, RESOURCE, SCOPE, TokenRequest};
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::tokens::{Contents, TokenAnswer, make, resources};
use crate::oauth::grant_type;

pub(super) const GRANT: Grant = Grant {
    name: grant_type::CLIENT_CREDENTIALS,
    without_client: false,
    confidential: true,
    description: "the client's own name and secret, for a token in its own name",
    section: "RFC 6749 section 4.4.2",
    fields: &[SCOPE, RESOURCE],
    run,
};

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let client = &request.client;
    let scope = Scope::of(request.parameters.get("scope"), client)?;
    let (resources, family) = (resources(request.parameters)?, random()?);
    let contents = Contents {
        jkt: request.jkt.as_deref(),
        certificate: request.bound_certificate(),
        ..Contents::of_client(client, &scope, &resources, &family)
    };
    make(request.demo, request.keys, &contents, request.now)
}
