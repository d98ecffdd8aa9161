//! The description of the server: it names what exists, and nothing else.

use serde_json::{Map, Value, json};

use crate::demo::acr::Acr;
use crate::demo::client_authentication::{self, names_that_prove};
use crate::demo::dpop;
use crate::demo::endpoints::endpoints;
use crate::demo::grant;
use crate::demo::id_jag;
use crate::demo::prompt::PROMPTS;
use crate::demo::protected::Resource;
use crate::demo::response_mode::ResponseMode;
use crate::demo::scope::supported;
use crate::demo::settings::Settings;
use crate::oauth::pkce::S256;
use crate::oauth::token_type::ID_JAG;
use crate::token::algorithm::Algorithm;

/// RFC 8414 section 2; `protected_resources` is RFC 9728 section 4, the parameter of the answer RFC 9207
/// section 3, and what is said of documents is in the draft on them, section Authorization Server Metadata;
/// what is said of grants for others is in draft-ietf-oauth-identity-chaining and
/// draft-ietf-oauth-identity-assertion-authz-grant-04.
/// A client that has one would use it wherever it is promised, so it is promised where it can be known.
pub(super) fn authorization_server(
    settings: &Settings,
    openid: bool,
    takes_documents: bool,
) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("issuer".to_owned(), settings.issuer.as_str().into());
    document.extend(endpoints(settings, openid));
    let more = json!({
        "scopes_supported": supported(settings, openid),
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL.iter().map(|mode| mode.name()).collect::<Vec<_>>(),
        "grant_types_supported": grant::names(),
        "token_endpoint_auth_methods_supported": client_authentication::names(),
        "token_endpoint_auth_signing_alg_values_supported": client_authentication::algorithms(),
        "introspection_endpoint_auth_methods_supported": names_that_prove(),
        "introspection_endpoint_auth_signing_alg_values_supported": client_authentication::algorithms(),
        "revocation_endpoint_auth_methods_supported": client_authentication::names(),
        "revocation_endpoint_auth_signing_alg_values_supported": client_authentication::algorithms(),
        "code_challenge_methods_supported": [S256],
        "authorization_response_iss_parameter_supported": true,
        "client_id_metadata_document_supported": takes_documents,
        "require_pushed_authorization_requests": false,
        "dpop_signing_alg_values_supported": dpop::algorithms(),
        "tls_client_certificate_bound_access_tokens": settings.clients.iter().any(|client| client.binds_to_certificate),
        "protected_resources": Resource::ALL
            .iter()
            .filter(|resource| openid || !resource.is_of_openid())
            .map(|resource| resource.url(&settings.issuer))
            .collect::<Vec<_>>(),
    });
    document.extend(more.as_object().cloned().unwrap_or_default());
    // What is given for ID tokens, and what is taken of others who are trusted.
    if openid {
        let name = "identity_chaining_requested_token_types_supported";
        document.insert(name.to_owned(), json!([ID_JAG]));
    }
    if !settings.trusted_issuers.is_empty() {
        let name = "authorization_grant_profiles_supported";
        document.insert(name.to_owned(), json!([id_jag::PROFILE]));
    }
    document
}

/// With what OpenID Connect Discovery 1.0 section 3 adds; the values of `prompt` are section 4.2 of
/// Initiating User Registration via OpenID Connect 1.0.
pub(super) fn openid_provider(
    settings: &Settings,
    algorithm: Algorithm,
    takes_documents: bool,
) -> Map<String, Value> {
    let mut document = authorization_server(settings, true, takes_documents);
    let mut claims = vec![
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "at_hash",
        "acr",
        "sid",
    ];
    for name in settings.users.iter().flat_map(|user| user.claims.keys()) {
        if !claims.contains(&name.as_str()) {
            claims.push(name);
        }
    }
    let more = json!({
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [algorithm.name()],
        "introspection_signing_alg_values_supported": [algorithm.name()],
        "claims_supported": claims,
        "prompt_values_supported": PROMPTS,
        "acr_values_supported": Acr::ALL.iter().map(|acr| acr.name()).collect::<Vec<_>>(),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    document.extend(more.as_object().cloned().unwrap_or_default());
    document
}
