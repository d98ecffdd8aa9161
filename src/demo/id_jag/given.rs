//! An ID-JAG for another authorization server, given for an ID token.

use serde_json::json;

use crate::demo::audience::is_resource_here;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::fault::Stage;
use crate::demo::grant::TokenRequest;
use crate::demo::id_jag::{DETAILS, TYPE, one_or_many, refuse_details};
use crate::demo::redact::quoted;
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::signing::IdTokenHint;
use crate::demo::tokens::{TokenAnswer, resources};
use crate::oauth::token_type::ID_JAG;
use crate::text::time::Span;
use crate::text::url::{HttpUrl, without_root_slash};
use crate::token::claims::Members;

/// How long it is good, which is once.
const LIFETIME: Span = Span::from_seconds(300);

/// Where it is specified; its sections move from draft to draft.
const EXCHANGE: &str = "Identity Assertion JWT Authorization Grant draft section Token Exchange";

/// Makes one for another server, about whom an ID token of the client is about. The client has the same name
/// there.
pub(in crate::demo) fn issue(
    request: &TokenRequest<'_>,
    subject: &IdTokenHint,
) -> Result<TokenAnswer, OAuthError> {
    let (demo, parameters) = (request.demo, request.parameters);
    refuse_details(parameters.get(DETAILS).is_some())?;
    let audience = audience(request)?;
    let resources = resources(parameters)?;
    check_pairs(request, audience, &resources)?;
    // Which scopes there are, the other server knows.
    let scope = parameters.get("scope").map(Scope::parse).transpose()?;
    let mut claims = Members::new();
    claims.set_text("iss", demo.settings().issuer.as_str());
    claims.set_text("sub", &subject.sub);
    claims.set_text("aud", audience);
    claims.set_text("client_id", &request.client.id);
    claims.set_text("jti", &random()?);
    claims.set("exp", request.now.saturating_add(LIFETIME).seconds());
    claims.set("iat", request.now.seconds());
    if let Some(time) = subject.auth_time {
        claims.set("auth_time", time.seconds());
    }
    // What the ID token says of the log-in and of who it was.
    for (name, value) in [("acr", &subject.acr), ("email", &subject.email)] {
        if let Some(value) = value {
            claims.set_text(name, value);
        }
    }
    if let Some(resource) = one_or_many(&resources) {
        claims.set("resource", resource);
    }
    if let Some(jkt) = &request.jkt {
        claims.set("cnf", &json!({ "jkt": jkt }));
    }
    let scope = scope.map(|scope| scope.to_string()).unwrap_or_default();
    if !scope.is_empty() {
        claims.set_text("scope", &scope);
    }
    let client = Some(request.client.id.as_str());
    let faults = demo
        .faults()
        .take(Stage::Token, Endpoint::Token, client, Some(&subject.sub));
    let token = request
        .keys
        .of_type(Some(TYPE), claims, &faults, request.now)?;
    let mut members = Members::new();
    members.set_text("access_token", &token);
    members.set_text("issued_token_type", ID_JAG);
    members.set_text("token_type", "N_A");
    members.set("expires_in", LIFETIME.seconds());
    members.set_text("scope", &scope);
    let faults = faults.iter().map(|taken| taken.fault).collect();
    Ok(TokenAnswer::new(members, faults))
}

/// The issuer that it is for: another than this one, which takes none of its own.
fn audience<'a>(request: &'a TokenRequest<'_>) -> Result<&'a str, OAuthError> {
    let mut named = request.parameters.all("audience");
    let (Some(audience), None) = (named.next(), named.next()) else {
        return Err(OAuthError::request(
            "`audience` has to be given once: the issuer that the grant is for",
            EXCHANGE,
        ));
    };
    let is_issuer = HttpUrl::split(audience).is_some() && !audience.contains(['?', '#']);
    let own = request.demo.settings().issuer.as_str();
    let why = match (
        is_issuer,
        without_root_slash(audience) == without_root_slash(own),
    ) {
        (true, false) => return Ok(audience),
        (true, true) => "is this server, which does not accept its own grants",
        (false, _) => "is not the URL of an issuer",
    };
    Err(OAuthError::new(
        ErrorCode::InvalidTarget,
        format!("`audience` {why}: {}", quoted(audience, 80)),
        EXCHANGE,
    ))
}

/// Checks that no resource is of this server: the grant is for another, which has others (Enterprise-Managed
/// Authorization, section on pairs of audience and resource).
fn check_pairs(
    request: &TokenRequest<'_>,
    audience: &str,
    resources: &[String],
) -> Result<(), OAuthError> {
    let is_own = |resource: &&String| is_resource_here(request.demo, resource);
    match resources.iter().find(is_own) {
        None => Ok(()),
        Some(own) => Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            format!(
                "`resource` is one of this server, not of {}: {}",
                quoted(audience, 80),
                quoted(own, 80)
            ),
            EXCHANGE,
        )),
    }
}
