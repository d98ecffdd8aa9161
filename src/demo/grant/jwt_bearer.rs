//! An assertion in exchange for a token about its subject (RFC 7523 section 2.1). It comes from a
//! client whose keys are configured, or from an issuer that the configuration trusts.

use std::sync::Arc;

use crate::demo::assertion::{self, Expected};
use crate::demo::claims_request::ClaimsRequest;
use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::{Grant, RESOURCE, SCOPE, TokenRequest};
use crate::demo::id_jag::{self, AssertionGrant};
use crate::demo::public_keys::PublicKeys;
use crate::demo::redact::quoted;
use crate::demo::reference::text;
use crate::demo::scope::{ONLY_WHEN_ASKED, Scope};
use crate::demo::secret::random;
use crate::demo::tokens::{Contents, Owner, TokenAnswer, make, resources};
use crate::oauth::grant_type;
use crate::token::json::Json;

pub(super) const GRANT: Grant = Grant {
    name: grant_type::JWT_BEARER,
    without_client: true,
    confidential: false,
    description: "a JWT that a client or a trusted issuer signs, about the subject of the token",
    section: SECTION,
    fields: &[
        text("assertion", "the JWT: `iss`, `sub`, `aud`, `exp` and `jti`").required(),
        SCOPE,
        RESOURCE,
    ],
    run,
};

const SECTION: &str = "RFC 7523 section 2.1";

/// An issuer whose assertions are accepted.
struct Issuer {
    keys: PublicKeys,
    /// The client that asks where the request names none.
    client: Option<Arc<Client>>,
    /// Whether its assertions may be only about itself and the users.
    is_client: bool,
}

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let demo = request.demo;
    let token = request.parameters.require("assertion", SECTION)?;
    let id = assertion::issuer_of(token);
    let id = id.ok_or_else(|| invalid("the assertion is not a JWT with an `iss`".to_owned()))?;
    let issuer = issuer(demo, &id)?;
    let is_id_jag = id_jag::is(token);
    if is_id_jag {
        id_jag::check_client(request)?;
        if issuer.is_client || id == demo.settings().issuer.as_str() {
            return Err(invalid(format!(
                "an ID-JAG has to come from a trusted issuer, not from {}",
                quoted(&id, 60)
            )));
        }
    }
    let expected = Expected {
        issuer: &id,
        subject: None,
        for_issuer: is_id_jag,
        required: match is_id_jag {
            true => &["jti", "iat"],
            false => &["jti"],
        },
        error: ErrorCode::InvalidGrant,
    };
    if !request.named_client {
        let client = issuer.client.ok_or_else(|| {
            invalid(format!(
                "the request names no client, and none is configured for {}",
                quoted(&id, 60)
            ))
        })?;
        if !client.may_use(GRANT.name) {
            return Err(OAuthError::new(
                ErrorCode::UnauthorizedClient,
                format!(
                    "{} may use {}, not {}",
                    client.id,
                    client.shown_grants(),
                    GRANT.name
                ),
                "RFC 6749 section 5.2",
            ));
        }
        request.entry.client = Some(client.id.clone());
        request.client = client;
    }
    let client = &request.client;
    if issuer.is_client && client.id != id {
        return Err(invalid(format!(
            "the assertion is from {id}, but {} asks",
            client.id
        )));
    }
    let allowed = client
        .scopes
        .iter()
        .filter(|one| !ONLY_WHEN_ASKED.contains(&one.as_str()));
    let allowed: Vec<String> = allowed.cloned().collect();
    let scope = Scope::resolve(request.parameters.get("scope"), &allowed)?;
    let resources = resources(request.parameters)?;
    let verified = assertion::check(demo, token, issuer.keys.ready(), &expected)?;
    let granted = match is_id_jag {
        true => id_jag::granted(&verified, client, &allowed, request)?,
        false => AssertionGrant {
            scope,
            resources,
            actor: None,
        },
    };
    let sub = verified
        .claims()
        .get("sub")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let user = demo.user(&sub);
    if issuer.is_client && user.is_none() && sub != id {
        return Err(invalid(format!("there is no user {}", quoted(&sub, 60))));
    }
    let (claims, family) = (ClaimsRequest::default(), random()?);
    let contents = Contents {
        owner: user.as_deref().map(|user| Owner {
            user,
            auth_time: None,
            nonce: None,
            acr: None,
            sid: None,
            claims: &claims,
        }),
        subject: Some(&sub),
        actor: granted.actor.clone(),
        jkt: request.jkt.as_deref(),
        certificate: request.bound_certificate(),
        ..Contents::of_client(client, &granted.scope, &granted.resources, &family)
    };
    let answer = make(demo, request.keys, &contents, request.now)?;
    Ok(match is_id_jag {
        true => granted.told(answer),
        false => answer,
    })
}

/// The issuer of an assertion, if it is trusted.
fn issuer(demo: &DemoServer, id: &str) -> Result<Issuer, OAuthError> {
    let mut trusted = demo.settings().trusted_issuers.iter();
    if let Some(trusted) = trusted.find(|trusted| trusted.issuer == id) {
        let client = trusted.client.as_ref().and_then(|id| demo.client(id));
        return Ok(Issuer {
            keys: trusted.keys.clone(),
            client,
            is_client: false,
        });
    }
    let client = demo.client(id);
    let keys = client.as_ref().and_then(|client| client.keys.clone());
    match keys {
        Some(keys) => Ok(Issuer {
            keys,
            client,
            is_client: true,
        }),
        None => Err(invalid(format!(
            "no trusted issuer or client is {}: add an `[[issuer]]`, or `jwks` of a client, to the configuration",
            quoted(id, 80)
        ))),
    }
}

fn invalid(reason: String) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, reason, "RFC 7523 section 3.1")
}
