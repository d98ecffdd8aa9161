//! What the methods with an assertion have in common (RFC 7521 section 4.2, RFC 7523 section 3).

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::demo::assertion::{self, Expected};
use crate::demo::client::Client;
use crate::demo::client_authentication::{Request, no_such_client};
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::public_keys::PublicKeys;
use crate::demo::redact::quoted;
use crate::demo::secret::Secret;
use crate::oauth::assertion::{CLIENT_ASSERTION, CLIENT_ASSERTION_TYPE, JWT_BEARER};
use crate::token::algorithm::{Algorithm, Family};
use crate::token::content::Keys;
use crate::token::decode::decode;
use crate::token::json::Json;
use crate::token::key::Key;
use crate::token::keyset::VerifyingKeys;
use crate::token::verify::ReadyKeys;

/// The kind of key that a client signs its assertions with.
pub(super) enum Proof {
    Keys(PublicKeys),
    Secret(Secret),
}

/// The algorithms of assertions, as the metadata names them.
pub(in crate::demo) fn algorithms() -> Vec<&'static str> {
    Algorithm::ALL.iter().map(|one| one.name()).collect()
}

pub(super) fn is_given(request: &Request<'_>) -> bool {
    let parameters = [CLIENT_ASSERTION, CLIENT_ASSERTION_TYPE];
    let mut given = parameters.into_iter();
    given.any(|name| request.parameters.get(name).is_some())
}

/// Whether the assertion says that it is signed with an HMAC. It only selects what has to match.
pub(super) fn is_by_secret(request: &Request<'_>) -> bool {
    let token = request.parameters.get(CLIENT_ASSERTION);
    let unverified = token.and_then(|token| decode(token).ok());
    unverified.is_some_and(|token| {
        let alg = token.header.get("alg").and_then(Json::as_str);
        let algorithm = alg.and_then(|alg| Algorithm::parse(&alg));
        algorithm.is_some_and(|algorithm| matches!(algorithm.family(), Family::Hmac { .. }))
    })
}

/// Finds the client that an assertion names, and checks the assertion with the key of the client.
pub(super) fn authenticate(
    request: &Request<'_>,
    proof: impl FnOnce(&Client) -> Result<Proof, OAuthError>,
) -> Result<Option<Arc<Client>>, OAuthError> {
    let section = "RFC 7521 section 4.2";
    let refused = |reason: String| OAuthError::new(ErrorCode::InvalidClient, reason, section);
    match request.parameters.get(CLIENT_ASSERTION_TYPE) {
        Some(JWT_BEARER) => {}
        None => {
            let reason =
                format!("there is a `{CLIENT_ASSERTION}`, but no `{CLIENT_ASSERTION_TYPE}`");
            return Err(refused(reason));
        }
        Some(other) => {
            return Err(refused(format!(
                "`{CLIENT_ASSERTION_TYPE}` is {}; supported: {JWT_BEARER}",
                quoted(other, 80)
            )));
        }
    }
    let token = request.parameters.get(CLIENT_ASSERTION).ok_or_else(|| {
        refused(format!(
            "there is a `{CLIENT_ASSERTION_TYPE}`, but no `{CLIENT_ASSERTION}`"
        ))
    })?;
    let named = request.parameters.get("client_id");
    let Some(id) = assertion::issuer_of(token) else {
        let reason = format!("`{CLIENT_ASSERTION}` is not a JWT with an `iss`");
        return Err(refused(reason));
    };
    if named.is_some_and(|named| named != id) {
        return Err(refused(
            "the assertion names one client, but `client_id` another".to_owned(),
        ));
    }
    let demo = request.demo;
    let client = demo.client(&id).ok_or_else(|| no_such_client(demo, &id))?;
    let expected = Expected {
        issuer: &client.id,
        subject: Some(&client.id),
        for_issuer: false,
        required: &["jti"],
        error: ErrorCode::InvalidClient,
    };
    match proof(&client)? {
        Proof::Keys(keys) => assertion::check(demo, token, keys.ready(), &expected)?,
        Proof::Secret(secret) => {
            let bytes = Zeroizing::new(secret.expose().as_bytes().to_vec());
            let label = format!("the secret of {}", client.id);
            let keys = VerifyingKeys::of(label, Keys::from(Key::secret(bytes)));
            assertion::check(demo, token, &ReadyKeys::new(keys), &expected)?
        }
    };
    Ok(Some(client))
}
