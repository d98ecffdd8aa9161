//! The endpoints that clients look up.

use serde_json::{Map, Value};

use crate::demo::path;
use crate::demo::settings::Settings;
use crate::oauth::endpoint;

/// The names of the endpoints in metadata, and their URLs; the ready line has them too.
pub(super) fn endpoints(settings: &Settings, openid: bool) -> Map<String, Value> {
    let (issuer, pages) = (&settings.issuer, settings.pages());
    let mut endpoints = Map::new();
    let mut add = |name: &str, url: String| endpoints.insert(name.to_owned(), url.into());
    add(endpoint::AUTHORIZATION, pages.join(path::AUTHORIZE));
    add(endpoint::TOKEN, issuer.join(path::TOKEN));
    add(
        endpoint::PUSHED_AUTHORIZATION_REQUEST,
        issuer.join(path::PAR),
    );
    add(
        endpoint::DEVICE_AUTHORIZATION,
        issuer.join(path::DEVICE_AUTHORIZATION),
    );
    add(endpoint::INTROSPECTION, issuer.join(path::INTROSPECT));
    add(endpoint::REVOCATION, issuer.join(path::REVOKE));
    add(endpoint::REGISTRATION, issuer.join(path::REGISTER));
    if openid {
        add(endpoint::JWKS, issuer.join(path::JWKS));
        add(endpoint::USERINFO, issuer.join(path::USERINFO));
        add(endpoint::END_SESSION, pages.join(path::END_SESSION));
    }
    endpoints
}
