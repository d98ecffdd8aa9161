//! The key of the server, made ready to sign tokens, to check them, and to be published.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::demo::base_url::BaseUrl;
use crate::demo::claim_time::time;
use crate::demo::client::Client;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::fault::{Fault, Spoiled, Taken, TokenUse, spoil, wrong_algorithm};
use crate::demo::protected::Resource;
use crate::demo::redact::quoted;
use crate::demo::refused_token::refusal;
use crate::text::time::Timestamp;
use crate::token::algorithm::Algorithm;
use crate::token::claims::{Members, Registered};
use crate::token::compact::Compact;
use crate::token::decode::decode_header;
use crate::token::issue;
use crate::token::issue::SigningKey;
use crate::token::json::Json;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::{KeySource, VerifyingKeys};
use crate::token::name::Name;
use crate::token::policy::Policy;
use crate::token::verify::{ReadyKeys, Refused, Verified};

/// The media type of an access token (RFC 9068 section 2.1).
const ACCESS_TOKEN: &str = "at+jwt";
/// The media type of an ID token.
const ID_TOKEN: &str = "JWT";

/// The key that a server signs with.
#[derive(Debug)]
pub enum KeyChoice {
    /// A key that is made for this run, for an algorithm with key pairs.
    Fresh(Algorithm),
    /// One that was given.
    Given {
        /// The key, private or secret.
        key: Box<Key>,
        /// What it signs with.
        algorithm: Algorithm,
        /// Whether a short secret is accepted.
        allow_weak: bool,
    },
}

impl KeyChoice {
    /// The algorithm of the tokens.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            KeyChoice::Fresh(algorithm) | KeyChoice::Given { algorithm, .. } => *algorithm,
        }
    }

    /// Whether it is a secret that the server shares with others: then nothing is published, and there is no
    /// OpenID Connect.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        match self {
            KeyChoice::Fresh(_) => false,
            KeyChoice::Given { key, .. } => key.is_secret(),
        }
    }
}

/// The content of an ID token that comes back (OpenID Connect Core 1.0 section 3.1.2.1).
pub(super) struct IdTokenHint {
    /// Whom it is about.
    pub(super) sub: String,
    /// The client that it was issued to.
    pub(super) aud: String,
    /// When they logged in.
    pub(super) auth_time: Option<Timestamp>,
    /// How they logged in (section 2).
    pub(super) acr: Option<String>,
    /// Their e-mail address, if it was told.
    pub(super) email: Option<String>,
    /// When it expires.
    pub(super) expires: Timestamp,
}

/// The audience that an access token must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// A resource of this server.
    Of(Resource),
    /// Any: the authorization server knows all resources.
    Any,
}

/// The URL of a resource, and the audiences that a token for it may have.
struct Audiences {
    url: String,
    accepted: Vec<String>,
}

/// The type of the access tokens of a client, and the header with it.
struct OtherType {
    client_id: String,
    /// The type; empty, if it is left out.
    typ: String,
    header: Members<'static>,
}

impl OtherType {
    /// Media types have no case (RFC 7515 section 4.1.9).
    fn is(&self, typ: &str) -> bool {
        self.typ.eq_ignore_ascii_case(typ)
    }
}

/// The kind of token.
#[derive(Clone, PartialEq, Eq)]
enum TokenKind {
    /// An access token of this server (RFC 9068).
    Own,
    /// A token for a client that wants another type.
    OfOtherType(String),
    /// A token that somebody else made with a shared secret.
    Foreign,
}

/// A key of the server, made ready for what it signs and checks.
pub(super) struct ServerKeys {
    algorithm: Algorithm,
    signing: SigningKey,
    /// The same key with another algorithm, if there is one: for a fault.
    other_signing: Option<SigningKey>,
    access_header: Members<'static>,
    /// The headers of the access tokens of clients that want another type.
    other_types: Vec<OtherType>,
    id_header: Members<'static>,
    verifying: ReadyKeys,
    policy: Policy,
    /// For tokens that others made with a shared secret.
    foreign_policy: Option<Policy>,
    issuer: String,
    audiences: Vec<(Resource, Audiences)>,
    /// The public half as a JWK, and its name.
    pub(super) jwk: Option<String>,
    pub(super) kid: Option<String>,
}

impl ServerKeys {
    /// Makes a key ready for an issuer.
    pub(super) fn new(
        mut key: Key,
        algorithm: Algorithm,
        allow_weak: bool,
        issuer: &BaseUrl,
        bases: &[BaseUrl],
        clients: &[Client],
    ) -> Result<ServerKeys, KeyFault> {
        let signing = SigningKey::new(&key, algorithm, allow_weak)?;
        let shared = key.is_secret();
        key.alg = None;
        let other = wrong_algorithm(algorithm).filter(|other| key.allows(*other));
        let other = other.map(|other| SigningKey::new(&key, other, allow_weak));
        key.alg = Some(algorithm);
        if !shared && key.kid.is_none() {
            key.kid = Some(key.thumbprint());
        }
        let kid = key.kid.clone().filter(|_| !shared);
        let header = |typ: &str| {
            let mut header = Members::new();
            header.set_text("alg", algorithm.name());
            if !typ.is_empty() {
                header.set_text("typ", typ);
            }
            if let Some(kid) = &kid {
                header.set_text("kid", kid);
            }
            header
        };
        key.declare_signing();
        let jwk = key.public_jwk();
        // The claims that RFC 9068 section 2.2 demands of every access token.
        let mut required = vec!["aud", "sub", "client_id", "iat", "jti"];
        required.extend((!shared).then_some("header.kid"));
        let policy = Policy {
            algorithms: vec![algorithm],
            issuers: vec![issuer.as_str().to_owned()],
            typ: Some(ACCESS_TOKEN.to_owned()),
            require: required.into_iter().map(Name::parse).collect(),
            ..Policy::default()
        };
        let audiences = Resource::ALL.iter().map(|resource| {
            let accepted = resource.audiences(bases);
            let url = resource.url(issuer);
            (*resource, Audiences { url, accepted })
        });
        let foreign_policy = shared.then(|| Policy {
            algorithms: vec![algorithm],
            require: vec![Name::parse("sub")],
            ..Policy::default()
        });
        let source = KeySource {
            label: "the key of this server".to_owned(),
            keys: vec![key.public().unwrap_or(key)],
            is_set: !shared,
            remote: false,
            issuer: None,
        };
        Ok(ServerKeys {
            algorithm,
            signing,
            // A secret may be too short.
            other_signing: other.and_then(Result::ok),
            access_header: header(ACCESS_TOKEN),
            other_types: clients
                .iter()
                .filter_map(|client| {
                    let typ = client.access_token_typ.as_deref()?;
                    Some(OtherType {
                        client_id: client.id.clone(),
                        typ: typ.to_owned(),
                        header: header(typ),
                    })
                })
                .collect(),
            id_header: header(ID_TOKEN),
            verifying: ReadyKeys::new(VerifyingKeys::new(vec![source], allow_weak)),
            policy,
            foreign_policy,
            audiences: audiences.collect(),
            issuer: issuer.as_str().to_owned(),
            jwk,
            kid,
        })
    }

    /// Signs an access token.
    pub(super) fn access_token(
        &self,
        claims: Members<'_>,
        client: &Client,
        faults: &[Taken],
        now: Timestamp,
    ) -> Result<String, OAuthError> {
        let mut others = self.other_types.iter();
        let other = others.find(|other| other.client_id == client.id);
        let header = other.map_or(&self.access_header, |other| &other.header);
        self.sign_spoiled(header, claims, TokenUse::Access, faults, now)
    }

    /// Signs an ID token.
    pub(super) fn id_token(
        &self,
        claims: Members<'_>,
        faults: &[Taken],
        now: Timestamp,
    ) -> Result<String, OAuthError> {
        self.sign_spoiled(&self.id_header, claims, TokenUse::Id, faults, now)
    }

    /// Signs a token of another type, or of none, in which faults act as in an ID token.
    pub(super) fn of_type(
        &self,
        typ: Option<&str>,
        claims: Members<'_>,
        faults: &[Taken],
        now: Timestamp,
    ) -> Result<String, OAuthError> {
        let mut header = self.id_header.clone();
        match typ {
            Some(typ) => header.set_text("typ", typ),
            None => header.remove("typ"),
        }
        self.sign_spoiled(&header, claims, TokenUse::Id, faults, now)
    }

    /// The header of a token of a client, if the client is known.
    pub(super) fn header(&self, is_id_token: bool, client: Option<&Client>) -> Members<'static> {
        let mut others = self.other_types.iter();
        let own = |other: &&OtherType| client.is_some_and(|client| client.id == other.client_id);
        match is_id_token {
            true => self.id_header.clone(),
            false => others
                .find(own)
                .map_or(&self.access_header, |other| &other.header)
                .clone(),
        }
    }

    /// The hash of an access token for the ID token beside it (OpenID Connect Core 1.0 section 3.1.3.6), with
    /// the hash of the ID token's algorithm, which a fault may change.
    pub(super) fn at_hash(&self, access_token: &str, faults: &[Taken]) -> Option<String> {
        let is_changed =
            |taken: &Taken| taken.fault == Fault::WrongAlg && taken.is_for(TokenUse::Id);
        let other = self.other_signing.as_ref().map(SigningKey::algorithm);
        let other = other.filter(|_| faults.iter().any(is_changed));
        let algorithm = other.unwrap_or(self.algorithm);
        let hash = digest::digest(algorithm.hash()?, access_token.as_bytes());
        let hash = hash.as_ref();
        let half = hash.get(..hash.len() / 2)?;
        Some(URL_SAFE_NO_PAD.encode(half))
    }

    /// Signs a token in which some faults act.
    fn sign_spoiled(
        &self,
        header: &Members<'_>,
        mut claims: Members<'_>,
        token: TokenUse,
        faults: &[Taken],
        now: Timestamp,
    ) -> Result<String, OAuthError> {
        let mut faults = faults.iter().filter(|taken| taken.is_for(token)).peekable();
        if faults.peek().is_none() {
            return self.sign(header, &claims);
        }
        let mut header = header.clone();
        let rest: Vec<Spoiled> = faults
            .map(|taken| spoil(taken.fault, taken.argument, &mut header, &mut claims, now))
            .collect();
        let token = self.sign(&header, &claims)?;
        Ok(rest
            .into_iter()
            .fold(token, |token, rest| rest.finish(token)))
    }

    pub(super) fn sign(
        &self,
        header: &Members<'_>,
        claims: &Members<'_>,
    ) -> Result<String, OAuthError> {
        let named = header.get("alg").and_then(Json::as_str);
        let is_named = |key: &&SigningKey| named.as_deref() == Some(key.algorithm().name());
        let other = self.other_signing.as_ref().filter(is_named);
        issue(claims, header, other.unwrap_or(&self.signing))
            .map_err(|fault| OAuthError::server_error(fault.message))
    }

    /// Checks an access token (RFC 9068 section 4). With a shared secret, a token that somebody else made for
    /// this server is accepted too: without a type or of the type `JWT`, without an issuer, with a subject,
    /// and for no other audience.
    pub(super) fn verify(
        &self,
        token: &str,
        audience: Audience,
        now: Timestamp,
    ) -> Result<Verified, OAuthError> {
        let (verdict, kind) = self.verdict(token, now);
        let verified = verdict.map_err(|refused| {
            refusal(&refused, ErrorCode::InvalidToken, "RFC 9068 section 2.2")
        })?;
        let registered = Registered::of(verified.claims());
        if registered
            .sub
            .and_then(Json::as_str)
            .is_none_or(|sub| sub.is_empty())
        {
            return Err(invalid(
                "the token is about nobody",
                "RFC 7519 section 4.1.2",
            ));
        }
        match &kind {
            TokenKind::Own => {}
            TokenKind::OfOtherType(typ) => self.check_type(typ, verified.claims().json())?,
            TokenKind::Foreign if registered.iss.is_none() => {}
            TokenKind::Foreign => {
                return Err(invalid(
                    "the token has an `iss`, but is not an access token of this server: its `typ` is not at+jwt",
                    "RFC 9068 section 4",
                ));
            }
        }
        let resource = match audience {
            Audience::Of(resource) => Some(resource),
            Audience::Any => (kind == TokenKind::Foreign).then_some(Resource::Whole),
        };
        // Only a foreign token may have none.
        if let Some((resource, aud)) = resource.zip(registered.aud) {
            self.check_audience(resource, aud)?;
        }
        Ok(verified)
    }

    /// Checks a token by the rules of its `typ`; no two kinds share one.
    fn verdict(&self, token: &str, now: Timestamp) -> (Result<Verified, Refused>, TokenKind) {
        let own = self.verifying.verify(token, &self.policy, now);
        let Some(typ) = own.is_err().then(|| typ_of(token)).flatten() else {
            return (own, TokenKind::Own);
        };
        let mut verdict = (own, TokenKind::Own);
        if self.other_types.iter().any(|other| other.is(&typ)) {
            let policy = Policy {
                typ: None,
                ..self.policy.clone()
            };
            let other = self.verifying.verify(token, &policy, now);
            verdict = (other, TokenKind::OfOtherType(typ.clone()));
        }
        match &self.foreign_policy {
            Some(policy) if verdict.0.is_err() && is_foreign(&typ) => (
                self.verifying.verify(token, policy, now),
                TokenKind::Foreign,
            ),
            _ => verdict,
        }
    }

    /// Checks that a token has the type that its client wants.
    fn check_type(&self, typ: &str, claims: Json<'_>) -> Result<(), OAuthError> {
        let client_id = claims.get("client_id").and_then(Json::as_str);
        let mut others = self.other_types.iter();
        let is_own = |other: &OtherType| Some(other.client_id.as_str()) == client_id.as_deref();
        match others.any(|other| is_own(other) && other.is(typ)) {
            true => Ok(()),
            false => Err(invalid(
                &format!(
                    "the `typ` of the token is {}, not the one of its client",
                    quoted(typ, 40)
                ),
                "RFC 8725 section 3.11",
            )),
        }
    }

    /// Checks a JWT of this server that is not an access token, except for its audience.
    pub(super) fn own_jwt(&self, token: &str, now: Timestamp) -> Result<Verified, Refused> {
        let has_type = typ_of(token).is_none_or(|typ| !typ.is_empty());
        let policy = Policy {
            algorithms: self.policy.algorithms.clone(),
            typ: has_type.then(|| ID_TOKEN.to_owned()),
            issuers: vec![self.issuer.clone()],
            ..Policy::default()
        };
        self.verifying.verify(token, &policy, now)
    }

    /// An ID token of this server as a hint, whether it has expired or not.
    pub(super) fn own_id_token(&self, token: &str) -> Option<IdTokenHint> {
        let policy = Policy {
            algorithms: self.policy.algorithms.clone(),
            typ: Some(ID_TOKEN.to_owned()),
            issuers: vec![self.issuer.clone()],
            ..Policy::default()
        };
        // Checked as of long ago, since it may have expired.
        let long_ago = Timestamp::from_seconds(0);
        let verified = self.verifying.verify(token, &policy, long_ago).ok()?;
        let registered = Registered::of(verified.claims());
        // An access token may have this type too, but it has a `client_id`.
        if verified.claims().get("client_id").is_some() {
            return None;
        }
        let text = |name: &str| Some(verified.claims().get(name)?.as_str()?.into_owned());
        Some(IdTokenHint {
            acr: text("acr"),
            email: text("email"),
            sub: registered.sub?.as_str()?.into_owned(),
            aud: registered.aud?.as_str()?.into_owned(),
            auth_time: time(&verified, "auth_time"),
            expires: time(&verified, "exp")?,
        })
    }

    /// Whether a token is for a resource (RFC 9068 section 4).
    fn check_audience(&self, resource: Resource, aud: Json<'_>) -> Result<(), OAuthError> {
        let known = self.audiences.iter().find(|(known, _)| *known == resource);
        let is_own = |one: Json<'_>| {
            let (one, own) = (one.as_str(), known.map(|(_, known)| &known.accepted));
            own.into_iter()
                .flatten()
                .any(|own| one.as_deref() == Some(own))
        };
        if aud.one_or_many().any(is_own) {
            return Ok(());
        }
        let url = known.map_or("", |(_, known)| &known.url);
        let reason = format!(
            "the token is for {}, but this is `{url}`: ask for it with `resource`",
            quoted(aud.text(), 120)
        );
        Err(invalid(&reason, "RFC 8725 section 3.9"))
    }
}

fn invalid(reason: &str, section: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidToken, reason, section)
}

/// The `typ` in the header of a token, if it has one. It only selects the rules by which the token is then
/// checked.
fn typ_of(token: &str) -> Option<String> {
    let Ok(Compact::Jws(jws)) = Compact::split(token) else {
        return None;
    };
    let header = decode_header(jws.header).ok()?;
    match header.json().get("typ") {
        None => Some(String::new()),
        Some(typ) => Some(typ.as_str()?.into_owned()),
    }
}

/// Whether this type is not one of an authorization server's access tokens.
fn is_foreign(typ: &str) -> bool {
    typ.is_empty() || typ.eq_ignore_ascii_case(ID_TOKEN)
}
