//! One token for another (RFC 8693): the same subject for another service, with fewer rights, and
//! with an actor where a second token names one.

use std::borrow::Cow;

use crate::demo::audience::is_known;
use crate::demo::bearer::{Audience, bound_to, certificate_of, judge};
use crate::demo::claim_time::time;
use crate::demo::claims_request::ClaimsRequest;
use crate::demo::client_certificate::ClientCertificate;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::{Grant, RESOURCE, SCOPE, TokenRequest};
use crate::demo::id_jag;
use crate::demo::redact::quoted;
use crate::demo::reference::{FieldType, field, text};
use crate::demo::scope::{ONLY_WHEN_ASKED, Scope};
use crate::demo::secret::random;
use crate::demo::signing::IdTokenHint;
use crate::demo::tokens::{Contents, Owner, TokenAnswer, make, resources};
use crate::oauth::grant_type;
use crate::oauth::token_type::{ACCESS_TOKEN, ID_JAG, ID_TOKEN, JWT};
use crate::text::time::Timestamp;
use crate::token::claims::Members;
use crate::token::json::{Json, JsonText};

pub(super) const GRANT: Grant = Grant {
    name: grant_type::TOKEN_EXCHANGE,
    without_client: false,
    confidential: true,
    description: "a token of this server, for a token that another service accepts, with no more rights",
    section: SECTION,
    fields: &[
        text(
            "subject_token",
            "a token about the subject of the new token",
        )
        .required(),
        field("subject_token_type", FieldType::Word(TYPES), "its type")
            .required()
            .example(|_| ACCESS_TOKEN.to_owned()),
        text(
            "actor_token",
            "a token about the actor, who will act for the subject (section 1.1)",
        ),
        field("actor_token_type", FieldType::Word(TYPES), "its type"),
        field(
            "requested_token_type",
            FieldType::Word(ISSUED),
            "the type of token that is wanted",
        ),
        text(
            "audience",
            "the name of the service; it may be given more than once",
        ),
        SCOPE,
        RESOURCE,
    ],
    run,
};

const SECTION: &str = "RFC 8693 section 2.1";
const TYPES: &[&str] = &[ACCESS_TOKEN, ID_TOKEN, JWT];
const ISSUED: &[&str] = &[ACCESS_TOKEN, JWT, ID_JAG];

/// A token of this server that was presented, as far as it matters for the new one.
struct Party {
    sub: String,
    /// Its scopes; an ID token has none to pass on.
    scope: Option<String>,
    audience: Vec<String>,
    /// The family that it belongs to: revoking it revokes the new token too.
    family: String,
    auth_time: Option<Timestamp>,
    expires: Timestamp,
    /// The actors before.
    act: Option<JsonText<'static>>,
    /// The party that may act for the subject (section 4.4).
    may_act: Option<JsonText<'static>>,
}

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let parameters = request.parameters;
    let issued = match parameters.get("requested_token_type") {
        None => ACCESS_TOKEN,
        Some(asked) => ISSUED
            .iter()
            .copied()
            .find(|one| *one == asked)
            .ok_or_else(|| {
                let reason = format!(
                    "`requested_token_type` is {}; supported: {}",
                    quoted(asked, 80),
                    ISSUED.join(", ")
                );
                OAuthError::request(reason, SECTION)
            })?,
    };
    if issued == ID_JAG {
        return id_jag::issue(request, &who_logged_in(request)?);
    }
    let subject = party(request, "subject_token")?;
    let subject =
        subject.ok_or_else(|| OAuthError::request("there is no `subject_token`", SECTION))?;
    let actor = party(request, "actor_token")?;
    let acting = actor
        .as_ref()
        .map_or(&request.client.id, |actor| &actor.sub);
    check_may_act(&subject, acting)?;
    let client = &request.client;
    let granted = |scope: &&String| {
        let words = subject.scope.as_deref();
        let is_granted = words.is_none_or(|words| words.split(' ').any(|word| word == *scope));
        is_granted && !ONLY_WHEN_ASKED.contains(&scope.as_str())
    };
    let allowed: Vec<String> = client.scopes.iter().filter(granted).cloned().collect();
    let scope = Scope::resolve(parameters.get("scope"), &allowed)?;
    let mut targets = resources(parameters)?;
    for audience in parameters.all("audience") {
        check_audience(request.demo, audience)?;
        targets.push(audience.to_owned());
    }
    if targets.is_empty() {
        targets.clone_from(&subject.audience);
    }
    let actor = match actor {
        None => subject.act.clone(),
        Some(actor) => Some(chain(&actor.sub, subject.act.as_ref())?),
    };
    let user = request.demo.user(&subject.sub);
    let claims = ClaimsRequest::default();
    let contents = Contents {
        owner: user.as_deref().map(|user| Owner {
            user,
            auth_time: subject.auth_time,
            nonce: None,
            acr: None,
            sid: None,
            claims: &claims,
        }),
        subject: Some(&subject.sub),
        actor,
        until: Some(subject.expires),
        jkt: request.jkt.as_deref(),
        certificate: request.bound_certificate(),
        ..Contents::of_client(client, &scope, &targets, &subject.family)
    };
    let answer = make(request.demo, request.keys, &contents, request.now)?;
    Ok(answer.with("issued_token_type", JsonText::of_text(issued)))
}

/// Whom the ID token is about that an ID-JAG is asked for with; nobody acts for them.
fn who_logged_in(request: &TokenRequest<'_>) -> Result<IdTokenHint, OAuthError> {
    let parameters = request.parameters;
    if parameters.get("subject_token_type") != Some(ID_TOKEN) {
        return Err(refused(format!(
            "for an ID-JAG, the `subject_token` has to be an ID token, and `subject_token_type` {ID_TOKEN}"
        )));
    }
    let actor = ["actor_token", "actor_token_type"];
    if actor.iter().any(|name| parameters.get(name).is_some()) {
        return Err(refused("an ID-JAG has no `actor_token`".to_owned()));
    }
    let token = parameters.require("subject_token", SECTION)?;
    id_token(request, "subject_token", token)
}

/// Reads a presented token, with its type; `None` where there is none.
fn party(request: &TokenRequest<'_>, name: &str) -> Result<Option<Party>, OAuthError> {
    let parameters = request.parameters;
    let type_name = format!("{name}_type");
    let (token, kind) = match (parameters.get(name), parameters.get(&type_name)) {
        (None, None) => return Ok(None),
        (Some(token), Some(kind)) => (token, kind),
        (Some(_), None) => return Err(refused(format!("there is no `{type_name}`"))),
        (None, Some(_)) => {
            return Err(refused(format!(
                "there is a `{type_name}`, but no `{name}`"
            )));
        }
    };
    match kind {
        ID_TOKEN => of_id_token(request, name, token),
        ACCESS_TOKEN | JWT => of_access_token(request, name, token),
        other => Err(refused(format!(
            "`{type_name}` is {}; supported: {}",
            quoted(other, 80),
            TYPES.join(", ")
        ))),
    }
    .map(Some)
}

fn of_access_token(
    request: &TokenRequest<'_>,
    name: &str,
    token: &str,
) -> Result<Party, OAuthError> {
    let verified = judge(request.demo, request.keys, token, Audience::Any).map_err(|refusal| {
        refused(format!(
            "the `{name}` is not valid: {}",
            refusal.remark.text
        ))
    })?;
    // A thief of a token that is bound to a key must not get one that is not.
    if let Some(jkt) = bound_to(&verified)
        && request.jkt.as_ref() != Some(&jkt)
    {
        let reason =
            format!("the `{name}` is bound to a key, but the request has no proof of that key");
        return Err(refused(reason));
    }
    let bound = certificate_of(&verified);
    if bound.is_some() && bound.as_deref() != request.certificate.map(ClientCertificate::thumbprint)
    {
        let reason = format!("the `{name}` is bound to a certificate that the connection has not");
        return Err(refused(reason));
    }
    let claims = verified.claims();
    let text = |name: &str| claims.get(name).and_then(Json::as_str).map(Cow::into_owned);
    let object = |name: &str| {
        claims
            .get(name)
            .map(|value| JsonText::from(value).into_owned())
    };
    let audience = claims.get("aud").into_iter().flat_map(Json::one_or_many);
    let jti = text("jti").unwrap_or_default();
    Ok(Party {
        sub: text("sub").unwrap_or_default(),
        scope: Some(text("scope").unwrap_or_default()),
        audience: audience
            .filter_map(Json::as_str)
            .map(Cow::into_owned)
            .collect(),
        family: jti.split('.').next().unwrap_or_default().to_owned(),
        auth_time: time(&verified, "auth_time"),
        expires: time(&verified, "exp").unwrap_or(request.now),
        act: object("act"),
        may_act: object("may_act"),
    })
}

/// An ID token of the client that asks.
fn id_token(
    request: &TokenRequest<'_>,
    name: &str,
    token: &str,
) -> Result<IdTokenHint, OAuthError> {
    let found = request.keys.own_id_token(token, request.now);
    let found =
        found.ok_or_else(|| refused(format!("the `{name}` is not an ID token of this server")))?;
    if found.expires <= request.now {
        return Err(refused(format!("the `{name}` has expired")));
    }
    if found.aud != request.client.id {
        let reason = format!("the `{name}` was issued to {}", quoted(&found.aud, 60));
        return Err(refused(reason));
    }
    Ok(found)
}

fn of_id_token(request: &TokenRequest<'_>, name: &str, token: &str) -> Result<Party, OAuthError> {
    let found = id_token(request, name, token)?;
    Ok(Party {
        sub: found.sub,
        scope: None,
        audience: Vec::new(),
        family: random()?,
        auth_time: found.auth_time,
        expires: found.expires,
        act: None,
        may_act: None,
    })
}

/// Checks that the subject lets this party act for them, if its token says who may (section 4.4).
fn check_may_act(subject: &Party, acting: &str) -> Result<(), OAuthError> {
    let Some(may_act) = &subject.may_act else {
        return Ok(());
    };
    let allowed = may_act.json().get("sub").and_then(Json::as_str);
    match allowed.as_deref() == Some(acting) {
        true => Ok(()),
        false => Err(OAuthError::request(
            format!(
                "the subject token lets {} act, not {acting}",
                quoted(may_act.json().text(), 80)
            ),
            "RFC 8693 section 4.4",
        )),
    }
}

/// The actor, and the actors before (section 4.1).
fn chain(sub: &str, before: Option<&JsonText<'static>>) -> Result<JsonText<'static>, OAuthError> {
    let mut act = Members::new();
    act.set_text("sub", sub);
    if let Some(before) = before {
        act.set("act", before.json());
    }
    let text = act.text();
    let parsed = Json::parse_str(&text);
    let parsed = parsed.map_err(|_| refused("the actors are nested too deep".to_owned()))?;
    Ok(JsonText::from(parsed.value).into_owned())
}

/// Checks that a party of this name is known that accepts tokens (section 2.2.2).
fn check_audience(demo: &DemoServer, audience: &str) -> Result<(), OAuthError> {
    match is_known(demo, audience) {
        true => Ok(()),
        false => Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            format!(
                "no service is known as {} that accepts tokens",
                quoted(audience, 80)
            ),
            "RFC 8693 section 2.2.2",
        )),
    }
}

fn refused(reason: String) -> OAuthError {
    OAuthError::request(reason, "RFC 8693 section 2.2.2")
}
