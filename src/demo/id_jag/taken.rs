//! An ID-JAG of another authorization server, taken as an assertion.

use crate::demo::audience::is_known;
use crate::demo::client::Client;
use crate::demo::client_url::is_like_url;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::TokenRequest;
use crate::demo::id_jag::{DETAILS, TYPE, one_or_many, refuse_details};
use crate::demo::redact::quoted;
use crate::demo::scope::Scope;
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::token::decode::decode;
use crate::token::json::{Json, JsonText, Kind};
use crate::token::verify::Verified;

/// Where it is specified; its sections move from draft to draft.
const ACCESS: &str =
    "Identity Assertion JWT Authorization Grant draft section Access Token Request";

/// Whether an assertion says that it is one. Its signature covers that, and is checked by all who ask.
pub(in crate::demo) fn is(assertion: &str) -> bool {
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

/// Whether a client may come with one: who has proven to be a client, or is known by its document alone
/// (Enterprise-Managed Authorization, section Access Token Request).
pub(in crate::demo) fn check_client(request: &TokenRequest<'_>) -> Result<(), OAuthError> {
    let client = &request.client;
    match request.named_client && (!client.is_public() || is_like_url(&client.id)) {
        true => Ok(()),
        false => Err(OAuthError::new(
            ErrorCode::InvalidClient,
            "an ID-JAG is for a client that authenticates itself, or has a document at its `client_id`",
            ACCESS,
        )),
    }
}

/// What an assertion allows.
pub(in crate::demo) struct AssertionGrant {
    pub(in crate::demo) scope: Scope,
    pub(in crate::demo) resources: Vec<String>,
    /// Who acts for its subject (RFC 8693 section 4.1).
    pub(in crate::demo) actor: Option<JsonText<'static>>,
}

impl AssertionGrant {
    /// Says in an answer what a token is for.
    pub(in crate::demo) fn told(&self, answer: TokenAnswer) -> TokenAnswer {
        match one_or_many(&self.resources) {
            Some(resources) => answer.with("resource", resources),
            None => answer,
        }
    }
}

/// What one allows, whose signature is good: the scopes and resources that a client may have, that it has, and that
/// are asked for.
pub(in crate::demo) fn granted(
    verified: &Verified,
    client: &Client,
    allowed: &[String],
    request: &TokenRequest<'_>,
) -> Result<AssertionGrant, OAuthError> {
    let named = texts(verified, "client_id")?.unwrap_or_default();
    if named != [client.id.as_str()] {
        return Err(no_grant(format!(
            "the ID-JAG is for the client {}, but {} asks",
            quoted(&named.join(" "), 60),
            client.id
        )));
    }
    check_key(verified, request)?;
    let details = verified.claims().get(DETAILS);
    refuse_details(details.is_some_and(|details| details.text() != "[]"))?;
    Ok(AssertionGrant {
        scope: scope(verified, client, allowed, request)?,
        resources: resources_of(verified, request)?,
        actor: (verified.claims().get("act"))
            .filter(|act| act.kind() == Kind::Object)
            .map(|act| JsonText::from(act).into_owned()),
    })
}

/// Checks that the sender has the key that it is bound to, if it is bound to one (draft section Proof-of-Possession
/// During ID-JAG Exchange). What cannot be checked is no good, as later drafts say.
fn check_key(verified: &Verified, request: &TokenRequest<'_>) -> Result<(), OAuthError> {
    let Some(cnf) = verified.claims().get("cnf") else {
        return Ok(());
    };
    let bound = cnf.get("jkt").and_then(Json::as_str);
    let reason = match (bound, &request.jkt) {
        (None, _) => "the ID-JAG is bound by something else than the thumbprint of a key",
        (Some(_), None) => "the ID-JAG is bound to a key, but the request has no DPoP proof",
        (Some(bound), Some(proven)) if *bound == **proven => return Ok(()),
        (Some(_), Some(_)) => "the ID-JAG is bound to another key than the one in the proof",
    };
    Err(no_grant(reason.to_owned()))
}

/// The scopes that a client may have, which the grant names, if it names any, and the request, if it does.
fn scope(
    verified: &Verified,
    client: &Client,
    allowed: &[String],
    request: &TokenRequest<'_>,
) -> Result<Scope, OAuthError> {
    let asked = Scope::resolve(request.parameters.get("scope"), allowed)?;
    let Some(named) = texts(verified, "scope")? else {
        return Ok(asked);
    };
    let words = || named.iter().flat_map(|text| text.split(' '));
    if !words().any(|word| allowed.iter().any(|one| one == word)) {
        return Err(no_grant(format!(
            "the ID-JAG is for {}, but {} may ask for {}",
            quoted(&named.join(" "), 80),
            client.id,
            allowed.join(" ")
        )));
    }
    let both: Vec<&str> = (words().filter(|word| asked.has(word))).collect();
    match both.is_empty() {
        false => Scope::parse(&both.join(" ")),
        true => Err(OAuthError::new(
            ErrorCode::InvalidScope,
            format!(
                "the ID-JAG is for {}, but the request for {asked}",
                quoted(&named.join(" "), 80)
            ),
            "RFC 6749 section 3.3",
        )),
    }
}

/// The resources that are known here, of those that the grant names, if it names any, and the request, if it does.
fn resources_of(
    verified: &Verified,
    request: &TokenRequest<'_>,
) -> Result<Vec<String>, OAuthError> {
    let asked = resources(request.parameters)?;
    let Some(named) = texts(verified, "resource")? else {
        return Ok(asked);
    };
    let known = named.iter().filter(|one| is_known(request.demo, one));
    let known: Vec<String> = known.cloned().collect();
    match known.is_empty() {
        false => narrow(&known, asked),
        true => Err(no_grant(format!(
            "the ID-JAG is for {}, which is not known here",
            quoted(&named.join(" "), 120)
        ))),
    }
}

/// A claim that is a text, or a list of texts; nothing, where it is not there.
fn texts(verified: &Verified, name: &str) -> Result<Option<Vec<String>>, OAuthError> {
    let Some(claim) = verified.claims().get(name) else {
        return Ok(None);
    };
    let texts = claim.one_or_many();
    let texts = texts.map(|one| Some(one.as_str()?.into_owned()));
    let texts: Option<Vec<String>> = texts.collect();
    match texts {
        Some(texts) => Ok(Some(texts)),
        None => Err(no_grant(format!("`{name}` of the ID-JAG is not text"))),
    }
}

fn no_grant(reason: String) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidGrant, reason, ACCESS)
}
