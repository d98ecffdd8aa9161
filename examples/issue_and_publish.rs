//! Makes a key pair, publishes its public half as a JWK Set, and signs a token that others can verify with it.

use std::error::Error;

use jott::token::jwk_set;
use jott::{
    Members, Policy, Reading, Reason, SigningKey, Timestamp, VerifyingKeys, generate, issue,
    read_keys, verify,
};

/// When the token is made; a service takes the time of day.
const NOW: i64 = 1_800_000_000;

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let key = generate(jott::Algorithm::ES256, None)?;
    let public = key.public_jwk().ok_or("a secret has no public half")?;

    let mut header = Members::new();
    header.set_text("alg", "ES256");
    header.set_text("kid", &key.thumbprint());
    let mut claims = Members::new();
    claims.set_text("iss", "https://id.example");
    claims.set_text("sub", "alice");
    claims.set_text("aud", "api");
    claims.set("exp", NOW + 600);
    let token = issue(
        &claims,
        &header,
        &SigningKey::new(&key, jott::Algorithm::ES256, false)?,
    )?;

    // The other side has the JWK Set and a policy of its own.
    let keys = read_keys(jwk_set(&[public.into()]).as_bytes(), &Reading::default())?;
    let keys = VerifyingKeys::of("jwks.json", keys);
    let mut policy = Policy::default();
    policy.issuers = vec!["https://id.example".to_owned()];
    policy.audiences = vec!["api".to_owned()];
    let verified = verify(&token, &keys, &policy, Timestamp::from_seconds(NOW))?;
    assert!(
        verified
            .claims()
            .get("sub")
            .is_some_and(|sub| sub.is("alice"))
    );

    policy.audiences = vec!["shop".to_owned()];
    let refused = verify(&token, &keys, &policy, Timestamp::from_seconds(NOW));
    let reasons = refused
        .map_err(|refused| refused.refusals)
        .err()
        .unwrap_or_default();
    assert!(
        reasons
            .iter()
            .all(|refusal| refusal.reason == Reason::WrongAud)
            && reasons.len() == 1
    );
    Ok(())
}
