//! Tokens that a server would not make: with its own key, and anything in them.

use std::fs;

use jott::token::algorithm::Algorithm;
use jott::token::claims::Members;
use jott::token::content::{Reading, read};
use jott::token::issue::SigningKey;
use jott::token::key::Key;
use jott::token::{generate, issue};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::server::Server;

/// A server and its key.
pub(super) struct Mint {
    pub(super) server: Server,
    pub(super) key: Key,
    _file: NamedTempFile,
}

impl Mint {
    pub(super) fn new() -> Mint {
        Mint::with(&[])
    }

    /// With more flags.
    pub(super) fn with(args: &[&str]) -> Mint {
        let made = generate::generate(Algorithm::ES256, None).unwrap();
        let file = NamedTempFile::new().unwrap();
        let jwk = made.whole_jwk().unwrap();
        fs::write(file.path(), jwk.as_bytes()).unwrap();
        let source = format!("file:{}", file.path().display());
        let server = Server::with(&[&["--key", &source], args].concat());
        let key = read(jwk.as_bytes(), &Reading::default())
            .unwrap()
            .keys
            .remove(0);
        Mint {
            server,
            key,
            _file: file,
        }
    }

    /// The header of an access token.
    pub(super) fn header(&self) -> Value {
        json!({"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid})
    }

    /// The claims of an access token.
    pub(super) fn claims(&self) -> Value {
        let now = now();
        json!({
            "iss": self.server.issuer(), "aud": self.server.issuer(), "sub": "alice",
            "client_id": "demo-app", "jti": "one", "iat": now, "exp": now + 60,
            "scope": "openid items:read",
        })
    }
}

pub(super) fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// Signs any header over any claims.
pub(super) fn sign(key: &Key, algorithm: Algorithm, header: &Value, claims: &Value) -> String {
    let signing = SigningKey::new(key, algorithm, true).unwrap();
    issue(&members(claims), &members(header), &signing).unwrap()
}

fn members(object: &Value) -> Members<'_> {
    let mut members = Members::new();
    for (name, value) in object.as_object().unwrap() {
        members.set(name, value);
    }
    members
}

/// An object with a member set, or taken away by null.
pub(super) fn with(mut object: Value, name: &str, value: Value) -> Value {
    match value {
        Value::Null => object.as_object_mut().unwrap().remove(name),
        value => object
            .as_object_mut()
            .unwrap()
            .insert(name.to_owned(), value),
    };
    object
}

/// The payload of a token.
pub(super) fn payload(token: &str) -> Value {
    segment(token, 1)
}

/// A segment of a token that is JSON.
pub(super) fn segment(token: &str, index: usize) -> Value {
    use base64::Engine as _;
    let text = token.split('.').nth(index).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
