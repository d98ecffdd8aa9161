//! The tokens that a client gets: an access token, and others that go with it.

use crate::demo::acr::Acr;
use crate::demo::claims_request::ClaimsRequest;
use crate::demo::client::Client;
use crate::demo::client_certificate::MEMBER;
use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Remark;
use crate::demo::fault::{Fault, Stage, Taken};
use crate::demo::parameters::Parameters;
use crate::demo::redact::quoted;
use crate::demo::scope::{OPENID, Scope};
use crate::demo::secret::{fingerprint, random};
use crate::demo::signing::ServerKeys;
use crate::demo::user::{User, scope_of};
use crate::oauth::dpop;
use crate::text::time::{Span, Timestamp};
use crate::text::url::{is_absolute_uri, without_root_slash};
use crate::token::claims::Members;
use crate::token::json::JsonText;
use serde_json::{Value, json};

/// The claim of an access token with the names of additional claims for `/userinfo`.
pub(super) const USERINFO_CLAIMS: &str = "userinfo_claims";

/// The content of tokens.
pub(super) struct Contents<'a> {
    pub(super) client: &'a Client,
    /// The resource owner that they are about; without one, they are about the client itself.
    pub(super) owner: Option<Owner<'a>>,
    /// Their subject, where it is neither a resource owner nor the client.
    pub(super) subject: Option<&'a str>,
    /// The actors for their subject (RFC 8693 section 4.1).
    pub(super) actor: Option<JsonText<'a>>,
    pub(super) scope: &'a Scope,
    pub(super) resources: &'a [String],
    /// The name of the family that they belong to.
    pub(super) family: &'a str,
    /// The thumbprint of the key that the access token is bound to (RFC 9449 section 6).
    pub(super) jkt: Option<&'a str>,
    /// The thumbprint of the certificate that it is bound to (RFC 8705 section 3.1).
    pub(super) certificate: Option<&'a str>,
    /// When they expire at the latest.
    pub(super) until: Option<Timestamp>,
}

impl<'a> Contents<'a> {
    /// The content for a client that asks for itself.
    pub(super) fn of_client(
        client: &'a Client,
        scope: &'a Scope,
        resources: &'a [String],
        family: &'a str,
    ) -> Self {
        Contents {
            client,
            owner: None,
            subject: None,
            actor: None,
            scope,
            resources,
            family,
            jkt: None,
            certificate: None,
            until: None,
        }
    }
}

/// A resource owner who logged in.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) user: &'a User,
    /// When they logged in, if it is known.
    pub(super) auth_time: Option<Timestamp>,
    pub(super) nonce: Option<&'a str>,
    /// How strong the log-in was, if that was asked for.
    pub(super) acr: Option<Acr>,
    /// The name of their session, for a client that is told when it ends.
    pub(super) sid: Option<&'a str>,
    pub(super) claims: &'a ClaimsRequest,
}

/// The answer of the token endpoint (RFC 6749 section 5.1).
pub(super) struct TokenAnswer {
    members: Members<'static>,
    /// The faults that have acted.
    pub(super) faults: Vec<Fault>,
}

impl TokenAnswer {
    /// One of members that are not those of an access token, with the faults that have acted.
    pub(super) fn new(members: Members<'static>, faults: Vec<Fault>) -> TokenAnswer {
        TokenAnswer { members, faults }
    }

    /// Adds a refresh token: the part that is the same in a family, and the part that changes.
    pub(super) fn with_refresh_token(mut self, handle: &str, last: &str) -> TokenAnswer {
        let token = format!("{handle}.{last}");
        self.members.set_text("refresh_token", &token);
        self
    }

    /// Adds a member.
    pub(super) fn with(mut self, name: &'static str, value: JsonText<'static>) -> TokenAnswer {
        self.members.set(name, value);
        self
    }

    /// The access token, and for how many seconds it is good.
    pub(super) fn access_token(&self) -> (String, u64) {
        let own: Value = serde_json::from_str(&self.json()).unwrap_or_default();
        let token = own.get("access_token").and_then(Value::as_str);
        let lifetime = own.get("expires_in").and_then(Value::as_u64);
        (
            token.unwrap_or_default().to_owned(),
            lifetime.unwrap_or_default(),
        )
    }

    pub(super) fn json(&self) -> String {
        let text = self.members.text();
        match self.faults.contains(&Fault::DuplicateMembers) {
            true => text.replacen('{', "{\"access_token\":\"wrong\",", 1),
            false => text,
        }
    }
}

/// Makes an access token (RFC 9068 section 2.2), and an ID token where `openid` was asked for
/// (OpenID Connect Core 1.0 section 3.1.3.3).
pub(super) fn make(
    demo: &DemoServer,
    keys: &ServerKeys,
    contents: &Contents<'_>,
    now: Timestamp,
) -> Result<TokenAnswer, OAuthError> {
    let lifetimes = contents.client.lifetimes(&demo.settings().lifetimes);
    let usual = now.saturating_add(lifetimes.access_token);
    let expires = contents.until.map_or(usual, |until| usual.min(until));
    let scope = contents.scope.to_string();
    let mut claims = Members::new();
    let owned = contents
        .owner
        .iter()
        .flat_map(|owner| owner.user.own_claims());
    let of_scopes = (demo.settings().scopes.iter())
        .filter(|scope| contents.scope.has(&scope.name))
        .flat_map(|scope| &scope.claims);
    for (name, value) in owned.chain(&contents.client.claims).chain(of_scopes) {
        claims.set(name, value);
    }
    basics(&mut claims, demo, contents, now, expires);
    claims.set("aud", audience(demo, contents));
    claims.set_text("client_id", &contents.client.id);
    let asked = contents.owner.map(|owner| &owner.claims.userinfo);
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        claims.set(USERINFO_CLAIMS, JsonText::of_texts(asked));
    }
    claims.set_text("jti", &format!("{}.{}", contents.family, random()?));
    if !contents.scope.is_empty() {
        claims.set_text("scope", &scope);
    }
    match (contents.jkt, contents.certificate) {
        (None, None) => {}
        (Some(jkt), None) => claims.set("cnf", &json!({ "jkt": jkt })),
        (None, Some(own)) => claims.set("cnf", &json!({ MEMBER: own })),
        (Some(jkt), Some(own)) => claims.set("cnf", &json!({ "jkt": jkt, MEMBER: own })),
    }
    if let Some(actor) = &contents.actor {
        claims.set("act", actor.clone());
    }
    let client = Some(contents.client.id.as_str());
    let user = contents.owner.map(|owner| owner.user.name.as_str());
    let take = |stage| demo.faults().take(stage, Endpoint::Token, client, user);
    let faults = take(Stage::Token);
    let access_token = keys.access_token(claims, contents.client, &faults, now)?;
    let access_token = match contents.client.opaque_access_tokens {
        true => named(demo, access_token, now, expires)?,
        false => access_token,
    };
    let mut members = Members::new();
    members.set_text("access_token", &access_token);
    let token_type = contents.jkt.map_or("Bearer", |_| dpop::SCHEME);
    members.set_text("token_type", token_type);
    let lifetime = Span::from_seconds(seconds_until(expires, now));
    members.set("expires_in", lifetime.seconds());
    members.set_text("scope", &scope);
    if let Some(owner) = contents.owner.filter(|_| contents.scope.has(OPENID)) {
        let id_token = id_token(
            demo,
            keys,
            contents,
            owner,
            &access_token,
            (now, expires),
            &faults,
        )?;
        members.set_text("id_token", &id_token);
    }
    let beside = take(Stage::TokenAnswer);
    let faults: Vec<Fault> = faults
        .iter()
        .chain(&beside)
        .map(|taken| taken.fault)
        .collect();
    for fault in &faults {
        spoil_answer(*fault, &mut members, lifetime);
    }
    Ok(TokenAnswer { members, faults })
}

/// A name for an access token, by which only this server finds it again.
fn named(
    demo: &DemoServer,
    access_token: String,
    now: Timestamp,
    until: Timestamp,
) -> Result<String, OAuthError> {
    let name = random()?;
    let mut store = demo.store();
    store
        .opaque
        .insert(fingerprint(&name), access_token.into(), now, until);
    Ok(name)
}

fn id_token(
    demo: &DemoServer,
    keys: &ServerKeys,
    contents: &Contents<'_>,
    owner: Owner<'_>,
    access_token: &str,
    (now, expires): (Timestamp, Timestamp),
    faults: &[Taken],
) -> Result<String, OAuthError> {
    let mut claims = Members::new();
    let told = |name: &String| match scope_of(name) {
        None => true,
        Some(scope) => {
            let configured = contents.client.id_token_claims.contains(name);
            (configured && contents.scope.has(scope)) || owner.claims.id_token.contains(name)
        }
    };
    for (name, value) in owner.user.claims.iter().filter(|(name, _)| told(name)) {
        claims.set(name, value);
    }
    basics(&mut claims, demo, contents, now, expires);
    claims.set_text("aud", &contents.client.id);
    if let Some(nonce) = owner.nonce {
        claims.set_text("nonce", nonce);
    }
    if let Some(sid) = owner.sid {
        claims.set_text("sid", sid);
    }
    if let Some(at_hash) = keys.at_hash(access_token, faults) {
        claims.set_text("at_hash", &at_hash);
    }
    keys.id_token(claims, faults, now)
}

/// What faults change beside the tokens (RFC 6749 section 5.1).
fn spoil_answer(fault: Fault, members: &mut Members<'_>, lifetime: Span) {
    match fault {
        Fault::NoExpiresIn => members.remove("expires_in"),
        Fault::StringExpiresIn => members.set_text("expires_in", &lifetime.seconds().to_string()),
        Fault::NegativeExpiresIn => members.set("expires_in", -1_i64),
        Fault::LyingExpiresIn => members.set("expires_in", 3600_i64),
        Fault::NoAccessToken => members.remove("access_token"),
        Fault::NoTokenType => members.remove("token_type"),
        Fault::NoScope => members.remove("scope"),
        Fault::OtherScope => members.set_text("scope", "other"),
        _ => {}
    }
}

/// How many seconds it is until a time.
fn seconds_until(time: Timestamp, now: Timestamp) -> u64 {
    let seconds = time.seconds().saturating_sub(now.seconds());
    u64::try_from(seconds).unwrap_or(0)
}

/// The claims of both tokens.
fn basics(
    claims: &mut Members<'_>,
    demo: &DemoServer,
    contents: &Contents<'_>,
    now: Timestamp,
    expires: Timestamp,
) {
    let of_itself = contents.subject.unwrap_or(&contents.client.id);
    let sub = contents.owner.map_or(of_itself, |owner| &owner.user.name);
    claims.set_text("iss", demo.settings().issuer.as_str());
    claims.set_text("sub", sub);
    claims.set("exp", expires.seconds());
    claims.set("iat", now.seconds());
    if let Some(time) = contents.owner.and_then(|owner| owner.auth_time) {
        claims.set("auth_time", time.seconds());
    }
    // In access tokens, too: a resource may want to know (RFC 9470 section 6).
    if let Some(acr) = contents.owner.and_then(|owner| owner.acr) {
        claims.set_text("acr", acr.name());
    }
}

/// The audience of a token: the resources that were asked for, or the configured audience of the
/// client, or this server. With `openid` the token is also for `/userinfo`, unless another resource
/// was named.
fn audience(demo: &DemoServer, contents: &Contents<'_>) -> JsonText<'static> {
    let issuer = demo.settings().issuer.as_str();
    let configured = contents.client.audience.as_slice();
    let asks_userinfo = contents.owner.is_some() && contents.scope.has(OPENID);
    match (contents.resources, configured) {
        ([], []) => JsonText::of_text(issuer),
        ([], _) if asks_userinfo && configured.iter().all(|one| one != issuer) => {
            let own = [issuer.to_owned()];
            JsonText::of_texts(&[configured, &own].concat())
        }
        ([one], _) | ([], [one]) => JsonText::of_text(one),
        ([], several) | (several, _) => JsonText::of_texts(several),
    }
}

/// The remark about `audience`, which other servers use for the same purpose.
pub(super) fn audience_dropped(parameters: &Parameters) -> Option<Remark> {
    let reason = "`audience` has no effect here: `resource` says what a token is for";
    parameters
        .get("audience")
        .map(|_| Remark::new(reason, "RFC 8707 section 2"))
}

/// The resources that a request names: absolute URIs without a fragment (RFC 8707 section 2).
pub(super) fn resources(parameters: &Parameters) -> Result<Vec<String>, OAuthError> {
    parameters
        .all("resource")
        .map(|resource| match is_absolute_uri(resource) {
            true => Ok(resource.to_owned()),
            false => Err(OAuthError::new(
                ErrorCode::InvalidTarget,
                format!(
                    "`resource` is not an absolute URI without a fragment: {}",
                    quoted(resource, 80)
                ),
                "RFC 8707 section 2",
            )),
        })
        .collect()
}

/// The resources of a request with a grant: those of the grant, or fewer (RFC 8707 section 2.2).
pub(super) fn narrow(granted: &[String], asked: Vec<String>) -> Result<Vec<String>, OAuthError> {
    let is_granted = |asked: &String| {
        let mut granted = granted.iter();
        granted.any(|granted| without_root_slash(granted) == without_root_slash(asked))
    };
    match asked.iter().find(|resource| !is_granted(resource)) {
        _ if asked.is_empty() => Ok(granted.to_vec()),
        None => Ok(asked),
        Some(other) => Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            format!("{} was not granted", quoted(other, 80)),
            "RFC 8707 section 2.2",
        )),
    }
}
