//! Whether an access token counts: its signature, its claims, and that nobody has taken it back.

use crate::demo::claim_time::time;
use crate::demo::client_certificate::MEMBER;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::key_ring::KeyRing;
use crate::demo::secret::fingerprint;
use crate::demo::signing::Audience;
use crate::demo::store::{MOST_REVOKED, Standing};
use crate::text::time::Timestamp;
use crate::token::json::Json;
use crate::token::verify::Verified;

/// The thumbprint of the key that a token is bound to (RFC 9449 section 6.1).
pub(in crate::demo) fn bound_to(verified: &Verified) -> Option<String> {
    let jkt = verified.claims().get("cnf")?.get("jkt")?.as_str()?;
    Some(jkt.into_owned())
}

/// The thumbprint of the certificate that a token is bound to (RFC 8705 section 3.1).
pub(in crate::demo) fn certificate_of(verified: &Verified) -> Option<String> {
    let own = verified.claims().get("cnf")?.get(MEMBER)?.as_str()?;
    Some(own.into_owned())
}

/// Checks an access token; one with a valid signature and valid claims may still have been revoked.
pub(in crate::demo) fn judge(
    demo: &DemoServer,
    keys: &KeyRing,
    token: &str,
    audience: Audience,
) -> Result<Verified, OAuthError> {
    let known = match token.contains('.') {
        true => None,
        false => demo
            .store()
            .opaque
            .get(fingerprint(token), demo.now())
            .cloned(),
    };
    let verified = keys.verify(known.as_deref().unwrap_or(token), audience, demo.now())?;
    let client = verified.claims().get("client_id").and_then(Json::as_str);
    if client.is_some_and(|client| demo.registered().is_gone(&client, demo.now())) {
        return Err(OAuthError::new(
            ErrorCode::InvalidToken,
            "the client that it was issued to is not registered any more",
            "RFC 7592 section 2.3",
        ));
    }
    if !demo.store().has_revoked() {
        return Ok(verified);
    }
    let jti = verified.claims().get("jti").and_then(Json::as_str);
    let standing = jti.map_or(Standing::Good, |jti| {
        let issued = time(&verified, "iat").unwrap_or(Timestamp::from_nanos(i128::MIN));
        demo.store().standing(&jti, issued, demo.now())
    });
    let reason = match standing {
        Standing::Good => return Ok(verified),
        Standing::Revoked => "the token has been revoked".to_owned(),
        Standing::Forgotten => format!(
            "the token may have been revoked: the last {MOST_REVOKED} revocations are remembered, and it was issued before them"
        ),
    };
    Err(OAuthError::new(
        ErrorCode::InvalidToken,
        reason,
        "RFC 7009 section 2.2",
    ))
}
