//! The ID token of a log-in, by the rules of `verify` and of OpenID Connect Core 1.0 section 3.1.3.7.

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::server;
use crate::cli::fetch::session::Session;
use crate::keys::Issuer;
use crate::keys::Remote;
use crate::keys::remote::{self, Network};
use crate::text::time::Span;
use crate::token::json::Json;
use crate::token::keyset::{KeySource, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::verify::TokenVerifier;

/// How far the server's clock may be from the one here.
const LEEWAY: Span = Span::from_seconds(60);

/// Refuses an ID token that is not for this client, by another issuer, or of another log-in.
pub(super) fn check(
    id_token: &str,
    nonce: Option<&str>,
    is_first: bool,
    session: &mut Session<'_, '_, '_>,
) -> Result<(), Failure> {
    let issuer: Issuer = session.request.issuer()?;
    let network = Network { ..session.network };
    let found =
        remote::fetch(&Remote::Issuer(Box::new(issuer)), &network).map_err(server::failure)?;
    let issuer = session.server.issuer.clone();
    let source = KeySource::new(format!("issuer:{issuer}"), found.keys);
    let keys = VerifyingKeys::new(vec![source], false);
    let policy = Policy {
        issuers: vec![issuer],
        audiences: vec![session.request.client.clone()],
        leeway: LEEWAY,
        ..Policy::default()
    };
    let mut verifier = TokenVerifier::new(&keys, &policy, crate::cli::world::now()).diagnosing();
    let refuse = |why: String| {
        Failure::new(
            Exit::Refused,
            "the ID token of the server is refused: nothing was kept",
        )
        .cause(why)
    };
    let verified = verifier.verify(id_token).map_err(|refused| {
        let why = refused
            .refusals
            .iter()
            .map(|refusal| refusal.message.clone());
        refuse(why.collect::<Vec<_>>().join("; "))
    })?;
    let found = verified.claims().get("nonce").and_then(Json::as_str);
    match (nonce, found) {
        (Some(nonce), Some(found)) if nonce == found => Ok(()),
        (None, _) if !is_first => Ok(()),
        (None, None) => Ok(()),
        (Some(_), _) | (None, Some(_)) => Err(refuse(
            "its `nonce` is not that of the request: it is of another log-in".to_owned(),
        )),
    }
}
