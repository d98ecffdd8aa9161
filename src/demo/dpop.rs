//! Incoming proofs of possession (RFC 9449 section 4.3): the sender of a request shows that it has a key, and
//! tokens are bound to that key.

use axum::http::HeaderMap;

use crate::demo::base_url::BaseUrl;
use crate::demo::claim_time::time;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::handle::HandleKind;
use crate::demo::parameters::Parameters;
use crate::demo::redact::quoted;
use crate::demo::refused_token::refusal;
use crate::demo::secret::random;
use crate::demo::used_once::Use;
use crate::oauth::dpop::{self, HEADER, JKT_PARAMETER, TYP};
use crate::oauth::pkce::is_challenge;
use crate::text::time::Span;
use crate::token::algorithm::Algorithm;
use crate::token::content::{self, Keys, Reading};
use crate::token::decode::decode_header;
use crate::token::json::{Json, Kind};
use crate::token::key::Key;
use crate::token::keyset::VerifyingKeys;
use crate::token::name::Name;
use crate::token::policy::Policy;
use crate::token::verify::ReadyKeys;

/// How old a proof may be (section 11.1).
const OLDEST: Span = Span::from_seconds(60);
/// How far the clock of a client may be ahead.
const AHEAD: Span = Span::from_seconds(10);
/// How long a nonce is valid (section 8).
const NONCE_LIFETIME: Span = Span::from_seconds(120);

const SECTION: &str = "RFC 9449 section 4.3";

/// The server that asks for a proof; each has nonces of its own (section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    AuthorizationServer,
    ResourceServer,
}

impl Asker {
    fn kind(self) -> HandleKind {
        match self {
            Asker::AuthorizationServer => HandleKind::NonceOfAuthorizationServer,
            Asker::ResourceServer => HandleKind::NonceOfResourceServer,
        }
    }
}

/// A request that may have a proof.
pub(super) struct Proven<'a> {
    pub(super) asker: Asker,
    pub(super) headers: &'a HeaderMap,
    pub(super) method: &'a str,
    /// The path below the issuer.
    pub(super) path: &'a str,
    pub(super) access_token: Option<&'a str>,
}

/// A nonce for the next proof.
pub(super) fn nonce(demo: &DemoServer, asker: Asker) -> Result<String, OAuthError> {
    let until = demo.now().saturating_add(NONCE_LIFETIME);
    demo.handles().make(asker.kind(), &random()?, "", until)
}

/// Whether this server has given a nonce, and not too long ago.
pub(super) fn is_nonce(demo: &DemoServer, asker: Asker, nonce: &str) -> bool {
    demo.handles().know(asker.kind(), nonce, "", demo.now())
}

/// The thumbprint in an authorization request, of the key for its tokens (section 10).
pub(super) fn wanted_key(parameters: &Parameters) -> Result<Option<String>, OAuthError> {
    match parameters.get(JKT_PARAMETER) {
        None => Ok(None),
        // Both are the base64url of a SHA-256.
        Some(jkt) if is_challenge(jkt) => Ok(Some(jkt.to_owned())),
        Some(_) => Err(OAuthError::request(
            format!("`{JKT_PARAMETER}` is not the base64url of a SHA-256"),
            "RFC 9449 section 10",
        )),
    }
}

/// Whether a request has the key that a code or a refresh token is bound to.
pub(super) fn check_binding(bound: Option<&str>, proven: Option<&str>) -> Result<(), OAuthError> {
    let Some(bound) = bound else {
        return Ok(());
    };
    let reason = match proven {
        Some(proven) if proven == bound => return Ok(()),
        Some(_) => "it is bound to another key than the one in the proof",
        None => "it is bound to a key, but the request has no proof",
    };
    let section = "RFC 9449 section 5";
    Err(OAuthError::new(ErrorCode::InvalidGrant, reason, section))
}

/// Checks the proof of a request; gives the thumbprint of its key, or nothing where there is no proof.
pub(super) fn check(demo: &DemoServer, request: &Proven<'_>) -> Result<Option<String>, OAuthError> {
    let mut given = request.headers.get_all(HEADER).iter();
    let Some(proof) = given.next() else {
        return Ok(None);
    };
    if given.next().is_some() {
        return Err(invalid("there is more than one DPoP header"));
    }
    let proof = proof
        .to_str()
        .map_err(|_| invalid("the DPoP header is not text"))?;
    let key = key_of(proof)?;
    let jkt = key.thumbprint();
    let keys = VerifyingKeys::of("the key in the proof", Keys::from(key));
    let policy = Policy {
        algorithms: dpop::algorithms().collect(),
        typ: Some(TYP.to_owned()),
        require: ["jti", "htm", "htu", "iat"].map(Name::parse).into(),
        allow_no_exp: true,
        any_audience: true,
        ..Policy::default()
    };
    let now = demo.now();
    let verified = ReadyKeys::new(keys)
        .verify(proof, &policy, now)
        .map_err(|refused| refusal(&refused, ErrorCode::InvalidDpopProof, SECTION))?;
    let text = |name: &str| verified.claims().get(name).and_then(Json::as_str);
    let (method, target) = (
        text("htm").unwrap_or_default(),
        text("htu").unwrap_or_default(),
    );
    if method != request.method {
        return Err(invalid(format!(
            "the proof is for {}, but the method is {}",
            quoted(&method, 20),
            request.method
        )));
    }
    let own = |base: &BaseUrl| dpop::is_same_target(&target, &base.join(request.path));
    if !demo.bases().iter().any(own) {
        return Err(invalid(format!(
            "the proof is for {}, but this is {}",
            quoted(&target, 120),
            demo.settings().issuer.join(request.path)
        )));
    }
    let issued =
        time(&verified, "iat").ok_or_else(|| invalid("`iat` of the proof is not a time"))?;
    let until = issued.saturating_add(OLDEST);
    if until <= now || issued > now.saturating_add(AHEAD) {
        let age = now.seconds().saturating_sub(issued.seconds());
        return Err(invalid(format!(
            "the proof was made {age} seconds ago, and may be from 60 seconds ago to 10 ahead"
        )));
    }
    check_nonce(demo, request.asker, text("nonce").as_deref())?;
    if let Some(token) = request.access_token
        && text("ath").as_deref() != Some(&dpop::hash_of(token))
    {
        return Err(invalid(
            "the proof does not have the hash of this access token as `ath`",
        ));
    }
    let jti = text("jti").filter(|jti| !jti.is_empty());
    let jti = jti.ok_or_else(|| invalid("`jti` of the proof is not text, or is empty"))?;
    match demo
        .store()
        .proofs
        .take(&format!("{jkt} {jti}"), now, until)
    {
        Use::First => Ok(Some(jkt)),
        Use::Again => Err(invalid("the proof has been used already")),
        Use::Forgotten => Err(invalid(
            "the proof may have been used already: it is as old as others that are not remembered any more",
        )),
    }
}

/// Demands a nonce where the server is told to.
fn check_nonce(demo: &DemoServer, asker: Asker, nonce: Option<&str>) -> Result<(), OAuthError> {
    if !demo.settings().dpop_nonces {
        return Ok(());
    }
    let reason = match nonce {
        Some(nonce) if is_nonce(demo, asker, nonce) => return Ok(()),
        Some(_) => "the nonce of the proof is not from this server, or is too old",
        None => "the proof has no nonce",
    };
    let section = match asker {
        Asker::AuthorizationServer => "RFC 9449 section 8",
        Asker::ResourceServer => "RFC 9449 section 9",
    };
    Err(OAuthError::new(ErrorCode::UseDpopNonce, reason, section))
}

/// The algorithms of proofs, as the metadata names them.
pub(super) fn algorithms() -> Vec<&'static str> {
    dpop::algorithms().map(Algorithm::name).collect()
}

/// The public key that a proof has in its header.
fn key_of(proof: &str) -> Result<Key, OAuthError> {
    let header = proof.split('.').next().unwrap_or_default();
    let header = decode_header(header).map_err(|_| invalid("the proof is not a JWT"))?;
    let jwk = header.get("jwk").filter(|jwk| jwk.kind() == Kind::Object);
    let jwk = jwk.ok_or_else(|| invalid("the header of the proof has no `jwk`"))?;
    let no_key = || invalid("the `jwk` of the proof is not a public key");
    let read = content::read(jwk.text().as_bytes(), &Reading::default());
    let mut keys = read.map_err(|_| no_key())?;
    match (keys.keys.pop(), keys.is_set) {
        (Some(key), false) if keys.keys.is_empty() && !key.has_private() => Ok(key),
        _ => Err(no_key()),
    }
}

fn invalid(reason: impl Into<String>) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidDpopProof, reason, SECTION)
}
