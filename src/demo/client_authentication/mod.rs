//! Client authentication (RFC 6749 section 2.3): a file for each method, and a row in the table, which the
//! metadata reads.

mod assertion;
mod basic;
mod client_secret_jwt;
mod none;
mod post;
mod private_key_jwt;

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use crate::demo::assertion::issuer_of;
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::parameters::Parameters;
use crate::demo::unknown_client;
use crate::oauth::assertion::CLIENT_ASSERTION;

/// A method by which a client authenticates itself.
struct Method {
    /// Its name in the registry of RFC 7591 section 4.2, and in the metadata.
    name: &'static str,
    /// Whether it proves something.
    proves: bool,
    /// What the server must know of the client for it.
    needs: Needs,
    /// Whether a request uses this method.
    is_used: fn(&Request<'_>) -> bool,
    /// Finds and authenticates the client; `None` where the request names none.
    authenticate: fn(&Request<'_>) -> Result<Option<Arc<Client>>, OAuthError>,
}

/// What the server must know of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Secret,
    Keys,
}

/// Every method; the last one is for requests that use no other.
const METHODS: &[Method] = &[
    basic::METHOD,
    post::METHOD,
    private_key_jwt::METHOD,
    client_secret_jwt::METHOD,
    none::METHOD,
];

/// A request of a client.
struct Request<'a> {
    demo: &'a DemoServer,
    headers: &'a HeaderMap,
    parameters: &'a Parameters,
}

/// The names of all methods.
pub(super) fn names() -> Vec<&'static str> {
    METHODS.iter().map(|method| method.name).collect()
}

/// The name of the method of a public client.
pub(super) const NONE: &str = none::METHOD.name;

/// Whether a client that uses the method of this name has a secret.
pub(super) fn needs_secret(name: &str) -> bool {
    needs(name) == Some(Needs::Secret)
}

/// Whether it has keys.
pub(super) fn needs_keys(name: &str) -> bool {
    needs(name) == Some(Needs::Keys)
}

fn needs(name: &str) -> Option<Needs> {
    let method = METHODS.iter().find(|method| method.name == name)?;
    Some(method.needs)
}

/// The names of those that prove something.
pub(super) fn names_that_prove() -> Vec<&'static str> {
    let proving = METHODS.iter().filter(|method| method.proves);
    proving.map(|method| method.name).collect()
}

pub(super) use assertion::algorithms;

/// Finds and authenticates the client of a request; `None` where the request names none.
pub(super) fn authenticate(
    demo: &DemoServer,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Option<Arc<Client>>, OAuthError> {
    let request = Request {
        demo,
        headers,
        parameters,
    };
    let mut used = METHODS.iter().filter(|method| (method.is_used)(&request));
    let (first, second) = (used.next(), used.next());
    let several_headers = headers.get_all(header::AUTHORIZATION).iter().nth(1);
    if second.is_some() || several_headers.is_some() {
        return Err(OAuthError::request(
            "the client is authenticated in two ways at once",
            "RFC 6749 section 2.3",
        ));
    }
    let method = first.unwrap_or(&none::METHOD);
    let client = (method.authenticate)(&request)?;
    match client.as_ref().and_then(|client| client.method.as_deref()) {
        // A client without a proof may send an empty one.
        Some(registered) if registered != method.name && registered != NONE => {
            Err(failed(format!(
                "the client has registered to authenticate itself by {registered}, but uses {}",
                method.name
            )))
        }
        _ => Ok(client),
    }
}

/// The client that a request names, in the form or by an assertion that is not checked yet.
pub(super) fn named(parameters: &Parameters) -> Option<String> {
    let plain = parameters.get("client_id").map(str::to_owned);
    plain.or_else(|| issuer_of(parameters.get(CLIENT_ASSERTION)?))
}

/// The refusal of a request that has to name a client, but does not.
pub(super) fn nobody() -> OAuthError {
    failed("the request names no client".to_owned())
}

/// The client of an id, if the secret is its own; a public client has none.
fn with_secret(
    demo: &DemoServer,
    id: &str,
    secret: Option<&str>,
) -> Result<Arc<Client>, OAuthError> {
    let client = demo.client(id);
    let given = secret.unwrap_or_default();
    let known = client.as_ref().and_then(|client| client.secret.as_ref());
    // Also an unknown client costs one comparison (RFC 6749 section 10.10).
    let is_right = known.unwrap_or(demo.nobody()).is(given) && known.is_some();
    let Some(client) = client else {
        return Err(no_such_client(demo, id));
    };
    match secret {
        Some(_) if is_right => Ok(client),
        None if client.is_public() => Ok(client),
        None if client.keys.is_some() => {
            let ways = if client.secret.is_some() {
                "a secret and keys"
            } else {
                "keys"
            };
            Err(failed(format!("{id} has {ways}, but sent no assertion")))
        }
        None => Err(failed(format!("{id} has a secret, but sent none"))),
        Some(_) if client.is_public() => Err(failed(format!(
            "{id} is a public client, and has no secret to send"
        ))),
        Some(_) if client.secret.is_none() => {
            Err(failed(format!("{id} has keys, but no secret to send")))
        }
        Some(_) => Err(failed(format!("that is not the secret of {id}"))),
    }
}

fn no_such_client(demo: &DemoServer, id: &str) -> OAuthError {
    unknown_client::refusal(demo, id, ErrorCode::InvalidClient, "RFC 6749 section 5.2")
}

fn failed(reason: String) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient, reason, "RFC 6749 section 5.2")
}
