//! Who a client is: `client_secret_basic`, `client_secret_post` or `none` (RFC 6749 section 2.3).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::parameters::Parameters;
use crate::oauth::form;

/// The methods, as the metadata names them.
pub(super) const METHODS: &[&str] = &["client_secret_basic", "client_secret_post", "none"];

/// The methods that prove something.
pub(super) const METHODS_WITH_SECRET: &[&str] = &["client_secret_basic", "client_secret_post"];

/// What a request says of its client.
struct Credentials {
    id: String,
    secret: Option<String>,
    /// The halves of a Basic header, where they would be something else if nothing were decoded.
    unencoded: Option<Halves>,
}

/// The id and the secret of a Basic header as they stand in it (RFC 7617 section 2).
struct Halves {
    id: Vec<u8>,
    secret: Vec<u8>,
}

impl Halves {
    fn of(header: &[u8]) -> Option<Halves> {
        let (scheme, encoded) = header.split_at_checked(header.iter().position(|b| *b == b' ')?)?;
        if !scheme.eq_ignore_ascii_case(b"basic") {
            return None;
        }
        let joined = STANDARD.decode(encoded.trim_ascii()).ok()?;
        let (id, secret) = joined.split_at_checked(joined.iter().position(|b| *b == b':')?)?;
        Some(Halves {
            id: id.to_vec(),
            secret: secret.get(1..)?.to_vec(),
        })
    }

    /// Undoes the form encoding that each has before they are joined (RFC 6749 section 2.3.1). An
    /// empty secret is one that was left out (ibid.).
    fn decode(self) -> Result<Credentials, Halves> {
        let decoded = form::decode(&self.id).zip(form::decode(&self.secret));
        let Some((id, secret)) = decoded else {
            return Err(self);
        };
        let is_other = id.as_bytes() != self.id || secret.as_bytes() != self.secret;
        Ok(Credentials {
            id,
            secret: Some(secret).filter(|secret| !secret.is_empty()),
            unencoded: is_other.then_some(self),
        })
    }

    /// Whether it would be right without: many a client forgets it, and many a server forgives that.
    fn is_right(&self, demo: &DemoServer) -> bool {
        let text = |half| str::from_utf8(half).ok();
        let client = text(&self.id).and_then(|id| demo.client(id));
        let known = client.as_ref().and_then(|client| client.secret.as_ref());
        let given = text(&self.secret).unwrap_or_default();
        known.unwrap_or(demo.nobody()).is(given) && known.is_some()
    }
}

/// Finds the client of a request and checks its secret; `None` where the request names none.
pub(super) fn authenticate(
    demo: &DemoServer,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Option<Arc<Client>>, Refusal> {
    let Some(credentials) = credentials(demo, headers, parameters)? else {
        return Ok(None);
    };
    let Credentials {
        id,
        secret,
        unencoded,
    } = credentials;
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
    if let Some(client) = client.as_ref().filter(|_| proven) {
        return Ok(Some(Arc::clone(client)));
    }
    if unencoded.is_some_and(|unencoded| unencoded.is_right(demo)) {
        return Err(not_encoded());
    }
    Err(failed(match client {
        None => format!(
            "there is no such client; there is {}",
            demo.client_ids().join(", ")
        ),
        Some(client) if client.is_public() => {
            format!("{id} is a public client, and has no secret to send")
        }
        Some(_) if secret.is_none() => format!("{id} has a secret, and sent none"),
        Some(_) => format!("that is not the secret of {id}"),
    }))
}

/// The refusal of a request that names no client, and has to.
pub(super) fn nobody() -> Refusal {
    failed("the request names no client".to_owned())
}

fn credentials(
    demo: &DemoServer,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Option<Credentials>, Refusal> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (given.next(), given.next());
    let id = parameters.get("client_id");
    let secret = parameters.get("client_secret");
    let assertion = ["client_assertion", "client_assertion_type"]
        .into_iter()
        .find(|name| parameters.get(name).is_some());
    let ways = [
        first.is_some(),
        second.is_some(),
        secret.is_some(),
        assertion.is_some(),
    ];
    if ways.into_iter().filter(|way| *way).count() > 1 {
        return Err(Refusal::request(
            "the client is authenticated in two ways at once",
            "RFC 6749 section 2.3",
        ));
    }
    if let Some(assertion) = assertion {
        let reason = format!(
            "the client would be known by `{assertion}`, and there is {}",
            METHODS.join(", ")
        );
        let section = "RFC 7521 section 4.2";
        return Err(Refusal::new(ErrorCode::InvalidClient, reason, section));
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
                unencoded: None,
            })),
        };
    };
    let malformed = || {
        failed("the Authorization header is not Basic with a form-encoded id and secret".to_owned())
    };
    let halves = Halves::of(header.as_bytes()).ok_or_else(malformed)?;
    let basic = halves
        .decode()
        .map_err(|halves| match halves.is_right(demo) {
            true => not_encoded(),
            false => malformed(),
        })?;
    match id {
        // A header without either names nobody, as a parameter without a value is none (section
        // 3.2): Swagger UI sends it where the client of its form was left empty.
        id if basic.id.is_empty() && basic.secret.is_none() => Ok(id.map(|id| Credentials {
            id: id.to_owned(),
            secret: None,
            unencoded: None,
        })),
        Some(id) if id != basic.id => Err(Refusal::request(
            "the Authorization header names one client, and `client_id` another",
            "RFC 6749 section 2.3",
        )),
        _ => Ok(Some(basic)),
    }
}

fn not_encoded() -> Refusal {
    let reason = "the secret is right as it stands, but has to be form-encoded before base64: `%` as `%25`, `+` as `%2B`";
    let section = "RFC 6749 section 2.3.1";
    Refusal::new(ErrorCode::InvalidClient, reason, section)
}

fn failed(reason: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidClient, reason, "RFC 6749 section 5.2")
}
