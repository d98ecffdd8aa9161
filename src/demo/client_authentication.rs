//! Who a client is: `client_secret_basic`, `client_secret_post` or `none` (RFC 6749 section 2.3).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::demo::client::Client;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::parameters::{self, Parameters};
use crate::demo::service::Demo;

/// The methods, as the metadata names them.
pub(super) const METHODS: &[&str] = &["client_secret_basic", "client_secret_post", "none"];

/// The methods that prove something.
pub(super) const METHODS_WITH_SECRET: &[&str] = &["client_secret_basic", "client_secret_post"];

/// What a request says of its client.
struct Credentials {
    id: String,
    secret: Option<String>,
}

/// Finds the client of a request and checks its secret; `None` where the request names none.
pub(super) fn authenticate(
    demo: &Demo,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Option<Arc<Client>>, Refusal> {
    let Some(Credentials { id, secret }) = credentials(headers, parameters)? else {
        return Ok(None);
    };
    let client = demo.client(&id);
    let proven = match client.as_ref().map(|client| &client.secret) {
        // A comparison is made for clients that do not exist, too (RFC 6749 section 10.10).
        None => {
            demo.nobody().is(secret.as_deref().unwrap_or_default());
            false
        }
        Some(Some(known)) => known.is(secret.as_deref().unwrap_or_default()),
        Some(None) => secret.is_none(),
    };
    match client {
        Some(client) if proven => Ok(Some(client)),
        None => Err(failed(format!(
            "there is no such client; there is {}",
            demo.client_ids().join(", ")
        ))),
        Some(client) if client.is_public() => Err(failed(format!(
            "{id} is a public client, and has no secret to send"
        ))),
        Some(_) if secret.is_none() => Err(failed(format!("{id} has a secret, and sent none"))),
        Some(_) => Err(failed(format!("that is not the secret of {id}"))),
    }
}

/// As [`authenticate`], where a client has to be named.
pub(super) fn require(
    demo: &Demo,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Arc<Client>, Refusal> {
    authenticate(demo, headers, parameters)?
        .ok_or_else(|| failed("the request names no client".to_owned()))
}

fn credentials(
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Option<Credentials>, Refusal> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (given.next(), given.next());
    let id = parameters.get("client_id");
    let secret = parameters.get("client_secret");
    if second.is_some() || (first.is_some() && secret.is_some()) {
        return Err(Refusal::request(
            "the client is authenticated in two ways at once",
            "RFC 6749 section 2.3",
        ));
    }
    let Some(header) = first else {
        return match (id, secret) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Refusal::request(
                "there is a `client_secret`, and no `client_id`",
                "RFC 6749 section 2.3.1",
            )),
            (Some(id), secret) => Ok(Some(Credentials {
                id: id.to_owned(),
                secret: secret.map(str::to_owned),
            })),
        };
    };
    let basic = basic(header.as_bytes()).ok_or_else(|| {
        failed("the Authorization header is not Basic with a form-encoded id and secret".to_owned())
    })?;
    match id {
        // A header without either names nobody, as a parameter without a value is none (section
        // 3.2): Swagger UI sends it where the client of its form was left empty.
        id if basic.id.is_empty() && basic.secret.is_none() => Ok(id.map(|id| Credentials {
            id: id.to_owned(),
            secret: None,
        })),
        Some(id) if id != basic.id => Err(Refusal::request(
            "the Authorization header names one client, and `client_id` another",
            "RFC 6749 section 2.3",
        )),
        _ => Ok(Some(basic)),
    }
}

/// Reads a Basic header (RFC 7617 section 2), whose halves are form-encoded before they are joined
/// (RFC 6749 section 2.3.1). An empty secret is one that was left out (ibid.).
fn basic(header: &[u8]) -> Option<Credentials> {
    let (scheme, encoded) = header.split_at_checked(header.iter().position(|b| *b == b' ')?)?;
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return None;
    }
    let joined = STANDARD.decode(encoded.trim_ascii()).ok()?;
    let colon = joined.iter().position(|b| *b == b':')?;
    let (id, secret) = joined.split_at_checked(colon)?;
    Some(Credentials {
        id: parameters::decode(id)?,
        secret: Some(parameters::decode(secret.get(1..)?)?).filter(|secret| !secret.is_empty()),
    })
}

fn failed(reason: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidClient, reason, "RFC 6749 section 5.2")
}
