//! Whatever the claims and the header say: no token is accepted here that jsonwebtoken refuses, with the same key
//! and the same demands. Refusing more than it does is fine.
//!
//! The input is a header, a line break, and claims; both are signed as they are.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use jott::text::time::{Span, Timestamp};
use jott::token::compact::encode_segment;
use jott::{Algorithm, Policy, Reading, SigningKey, VerifyingKeys, read_keys, verify};
use jsonwebtoken::{DecodingKey, Validation};

const SECRET: &[u8] = b"a secret for two, of 44 bytes at the very least";

static KEYS: LazyLock<(SigningKey, VerifyingKeys)> = LazyLock::new(|| {
    let keys = read_keys(SECRET, &Reading::default()).unwrap();
    let signing = SigningKey::new(&keys.keys[0], Algorithm::HS256, false).unwrap();
    (signing, VerifyingKeys::of("test", keys))
});

/// By which the peer is more patient: the second may change while both look.
const SLACK: u64 = 5;

pub(crate) fn holds(input: &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let (Some(header), Some(claims)) = (parts.next(), parts.next()) else {
        return;
    };
    let signed = format!("{}.{}", encode_segment(header), encode_segment(claims));
    let signature = KEYS.0.sign(signed.as_bytes()).unwrap();
    let token = format!("{signed}.{}", encode_segment(signature));

    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let now = Timestamp::from_seconds(i64::try_from(seconds).unwrap());
    let mut policy = Policy::default();
    policy.audiences = vec!["api".to_owned()];
    policy.leeway = Span::from_seconds(0);
    let Ok(verified) = verify(&token, &KEYS.1, &policy, now) else {
        return;
    };

    let mut validation = Validation::new(jsonwebtoken::Algorithm::HS256);
    validation.set_audience(&["api"]);
    validation.leeway = SLACK;
    validation.validate_nbf = true;
    let peer = jsonwebtoken::decode::<serde_json::Value>(
        &token,
        &DecodingKey::from_secret(SECRET),
        &validation,
    );
    // It reads a key in the header, which nobody may trust, as one of the kinds that it knows.
    let parsed = serde_json::from_slice::<serde_json::Value>(header);
    if parsed.is_ok_and(|header| header.get("jwk").is_some()) {
        return;
    }
    // Its parser has bounds for numbers and texts, which say nothing about a token.
    let Ok(own) = serde_json::from_str::<serde_json::Value>(&verified.claims().compact()) else {
        return;
    };
    let peer = peer.unwrap_or_else(|error| panic!("it alone refuses {token}: {error}"));
    assert_eq!(own, peer.claims);
}
