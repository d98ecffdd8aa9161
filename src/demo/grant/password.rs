//! The resource owner's password, in the hands of the client (RFC 6749 section 4.3): many
//! applications begin with this, and RFC 9700 section 2.4 forbids it.

use crate::demo::claims_request::ClaimsRequest;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::{Grant, RESOURCE, SCOPE, TokenRequest, refresh_token};
use crate::demo::reference::text;
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::store::Authorization;
use crate::demo::tokens::{TokenAnswer, resources};
use crate::oauth::grant_type;

pub(super) const GRANT: Grant = Grant {
    name: grant_type::PASSWORD,
    without_client: true,
    confidential: false,
    description: "the name and the password of the resource owner, which no client should see (RFC 9700 section 2.4)",
    section: "RFC 6749 section 4.3.2",
    fields: &[
        text("username", "whose token it will be")
            .required()
            .example(|examples| examples.user.to_owned()),
        text("password", "their password")
            .required()
            .example(|examples| examples.password.to_owned()),
        SCOPE,
        RESOURCE,
    ],
    run,
};

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let section = "RFC 6749 section 4.3.2";
    request.entry.remark(
        "a client that sees the password of its user is a risk: the authorization code is the safe way",
        "RFC 9700 section 2.4",
    );
    let name = request.parameters.require("username", section)?;
    let password = request.parameters.require("password", section)?;
    let user = request.demo.log_in(name, password).ok_or_else(|| {
        OAuthError::new(
            ErrorCode::InvalidGrant,
            "there is no user of this name and password",
            "RFC 6749 section 5.2",
        )
    })?;
    let client = &request.client;
    let authorization = Authorization {
        client_id: client.id.clone(),
        user,
        scope: Scope::of(request.parameters.get("scope"), client)?,
        claims: ClaimsRequest::default(),
        resources: resources(request.parameters)?,
        auth_time: request.now,
        acr: None,
        sid: None,
    };
    let refreshes = request.named_client && client.may_use(refresh_token::GRANT.name);
    request.tokens_of(&authorization, None, &random()?, refreshes)
}
