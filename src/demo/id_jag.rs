//! A grant of one authorization server for another, which trusts it for who logs in: given for an ID token, and
//! taken as an assertion (draft-ietf-oauth-identity-assertion-authz-grant-04).

use crate::demo::client::Client;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, Refusal};
use crate::demo::fault::Stage;
use crate::demo::grant::TokenRequest;
use crate::demo::redact::quoted;
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::signing::IdTokenHint;
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::oauth::token_type::ID_JAG;
use crate::text::time::Span;
use crate::text::url::{HttpUrl, without_root_slash};
use crate::token::claims::Members;
use crate::token::decode::decode;
use crate::token::json::{Json, JsonText};
use crate::token::verify::Verified;

/// `typ` in its header.
const TYPE: &str = "oauth-id-jag+jwt";

/// What the metadata of a server that takes them has among its profiles.
pub(super) const PROFILE: &str = "urn:ietf:params:oauth:grant-profile:id-jag";

/// How long it is good, which is once.
const LIFETIME: Span = Span::from_seconds(300);

/// Where it is specified; its sections move from draft to draft.
const EXCHANGE: &str = "Identity Assertion JWT Authorization Grant draft section Token Exchange";
const ACCESS: &str =
    "Identity Assertion JWT Authorization Grant draft section Access Token Request";

/// Makes one for another server, about whom an ID token of the client is about. The client has the same name
/// there.
pub(super) fn issue(
    request: &TokenRequest<'_>,
    subject: &IdTokenHint,
) -> Result<TokenAnswer, Refusal> {
    let (demo, parameters) = (request.demo, request.parameters);
    let audience = audience(request)?;
    let resources = resources(parameters)?;
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
    match resources.as_slice() {
        [] => {}
        [one] => claims.set_text("resource", one),
        several => claims.set("resource", JsonText::of_texts(several)),
    }
    let scope = scope.map(|scope| scope.to_string()).unwrap_or_default();
    if !scope.is_empty() {
        claims.set_text("scope", &scope);
    }
    let client = Some(request.client.id.as_str());
    let faults = demo
        .faults()
        .take(Stage::Token, Endpoint::Token, client, Some(&subject.sub));
    let token = request.keys.of_type(TYPE, claims, &faults, request.now)?;
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
fn audience<'a>(request: &'a TokenRequest<'_>) -> Result<&'a str, Refusal> {
    let mut named = request.parameters.all("audience");
    let (Some(audience), None) = (named.next(), named.next()) else {
        return Err(Refusal::request(
            "`audience` is there once, and is the issuer that the grant is for",
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
        (true, true) => "is this server, which takes no grant of its own",
        (false, _) => "is no URL of an issuer",
    };
    Err(Refusal::new(
        ErrorCode::InvalidTarget,
        format!("`audience` {why}: {}", quoted(audience, 80)),
        EXCHANGE,
    ))
}

/// Whether an assertion says that it is one. Its signature covers that, and is checked by all who ask.
pub(super) fn is(assertion: &str) -> bool {
    let unverified = decode(assertion).ok();
    unverified.is_some_and(|token| {
        let typ = token.header.get("typ").and_then(Json::as_str);
        typ.is_some_and(|typ| {
            let prefix = "application/";
            let short = match typ.get(..prefix.len()) {
                Some(start) if start.eq_ignore_ascii_case(prefix) => typ.get(prefix.len()..),
                _ => Some(&*typ),
            };
            short.is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE))
        })
    })
}

/// Whether a client may come with one: who has proven to be a client.
pub(super) fn check_client(request: &TokenRequest<'_>) -> Result<(), Refusal> {
    match request.named_client && !request.client.is_public() {
        true => Ok(()),
        false => Err(Refusal::new(
            ErrorCode::InvalidClient,
            "an ID-JAG is for a client that authenticates itself",
            ACCESS,
        )),
    }
}

/// What one allows, whose signature is good: fewer scopes and resources than a client may have.
pub(super) fn limits(
    verified: &Verified,
    client: &Client,
    allowed: &[String],
    request: &TokenRequest<'_>,
) -> Result<(Scope, Vec<String>), Refusal> {
    let named = texts(verified, "client_id")?.unwrap_or_default();
    if named != [client.id.as_str()] {
        return Err(no_grant(format!(
            "the ID-JAG is for the client {}, and {} asks",
            quoted(&named.join(" "), 60),
            client.id
        )));
    }
    let asked = request.parameters.get("scope");
    let scope = match texts(verified, "scope")? {
        None => Scope::resolve(asked, allowed)?,
        Some(granted) => {
            let words = granted.iter().flat_map(|text| text.split(' '));
            let known = words.filter(|word| allowed.iter().any(|one| one == word));
            let known: Vec<String> = known.map(str::to_owned).collect();
            if known.is_empty() {
                let reason = format!(
                    "the ID-JAG is for {}, and {} may ask for {}",
                    quoted(&granted.join(" "), 80),
                    client.id,
                    allowed.join(" ")
                );
                let section = "RFC 6749 section 3.3";
                return Err(Refusal::new(ErrorCode::InvalidScope, reason, section));
            }
            Scope::resolve(asked, &known)?
        }
    };
    let asked = resources(request.parameters)?;
    let resources = match texts(verified, "resource")? {
        None => asked,
        Some(granted) => narrow(&granted, asked)?,
    };
    Ok((scope, resources))
}

/// A claim that is a text, or a list of texts; nothing, where it is not there.
fn texts(verified: &Verified, name: &str) -> Result<Option<Vec<String>>, Refusal> {
    let Some(claim) = verified.claims().get(name) else {
        return Ok(None);
    };
    let texts = claim.one_or_many();
    let texts = texts.map(|one| Some(one.as_str()?.into_owned()));
    let texts: Option<Vec<String>> = texts.collect();
    match texts {
        Some(texts) => Ok(Some(texts)),
        None => Err(no_grant(format!("`{name}` of the ID-JAG is no text"))),
    }
}

fn no_grant(reason: String) -> Refusal {
    Refusal::new(ErrorCode::InvalidGrant, reason, ACCESS)
}
