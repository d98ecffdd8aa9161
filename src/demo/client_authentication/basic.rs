//! `client_secret_basic`: the id and the secret in the Authorization header (RFC 6749 section 2.3.1).

use std::sync::Arc;

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::demo::client::Client;
use crate::demo::client_authentication::{Method, Needs, Request, failed, none, with_secret};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::oauth::form;

pub(super) const METHOD: Method = Method {
    name: "client_secret_basic",
    proves: true,
    needs: Needs::Secret,
    is_used: |request| request.headers.contains_key(header::AUTHORIZATION),
    authenticate,
};

/// The id and the secret of a header as they stand in it (RFC 7617 section 2).
struct Halves {
    id: Vec<u8>,
    secret: Vec<u8>,
}

/// The same, decoded.
struct Credentials {
    id: String,
    secret: Option<String>,
    /// Both without decoding, if decoding changes them.
    unencoded: Option<Halves>,
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

    /// Undoes the form encoding that each has before they are joined (RFC 6749 section 2.3.1). An empty
    /// secret counts as left out (ibid.).
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

    /// Whether it would be right without decoding: many clients forget the encoding, and many servers accept
    /// that.
    fn is_right(&self, demo: &DemoServer) -> bool {
        let text = |half| str::from_utf8(half).ok();
        let client = text(&self.id).and_then(|id| demo.client(id));
        let known = client.as_ref().and_then(|client| client.secret.as_ref());
        let given = text(&self.secret).unwrap_or_default();
        known.unwrap_or(demo.nobody()).is(given) && known.is_some()
    }
}

fn authenticate(request: &Request<'_>) -> Result<Option<Arc<Client>>, OAuthError> {
    let demo = request.demo;
    let malformed = || {
        failed("the Authorization header is not Basic with a form-encoded id and secret".to_owned())
    };
    let header = request.headers.get(header::AUTHORIZATION);
    let halves = header.and_then(|header| Halves::of(header.as_bytes()));
    let Credentials {
        id,
        secret,
        unencoded,
    } = halves
        .ok_or_else(malformed)?
        .decode()
        .map_err(|halves| match halves.is_right(demo) {
            true => not_encoded(),
            false => malformed(),
        })?;
    match request.parameters.get("client_id") {
        // A header without both names nobody, just as a parameter without a value counts as omitted (section
        // 3.2). Swagger UI sends it if the client in its form was left empty.
        _ if id.is_empty() && secret.is_none() => return none::authenticate(request),
        Some(other) if other != id => {
            return Err(OAuthError::request(
                "the Authorization header names one client, but `client_id` another",
                "RFC 6749 section 2.3",
            ));
        }
        _ => {}
    }
    match with_secret(demo, &id, secret.as_deref()) {
        Err(_) if unencoded.is_some_and(|unencoded| unencoded.is_right(demo)) => Err(not_encoded()),
        checked => checked.map(Some),
    }
}

fn not_encoded() -> OAuthError {
    let reason = "the secret is right as it stands, but has to be form-encoded before base64: `%` as `%25`, `+` as `%2B`";
    let section = "RFC 6749 section 2.3.1";
    OAuthError::new(ErrorCode::InvalidClient, reason, section)
}
