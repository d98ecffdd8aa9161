//! Whatever is disclosed beside a token of an issuer: what is accepted says nothing that the issuer has not said. The
//! input is what follows the part that the issuer has signed.

use std::sync::LazyLock;

use jott::text::time::Timestamp;
use jott::{Policy, Reading, VerifyingKeys, read_keys, verify};
use serde_json::{Value, json};

const SECRET: &[u8] = b"a secret of issuers, 44 bytes at the very least";

/// Signed with it, and digests of three claims in it.
const ISSUED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwLCJfc2QiOlsiR1ZWM2pETVc4aTJJejl2dWhRVVAzR3JVbTZKV0FFX3FxbkdkQVJlZFpSTSIsIkdvd2x1OE1DdjlPNldtdXk4NU5tUjY1NDhybk9FS3FqWlIxYTVFN25GQmciLCJ2RzVQLXJQZ0pzV3Yta3RtYTlXcU9KV0k1RVZuQnZCR1NCcWxfRUNQMUs0Il0sIl9zZF9hbGciOiJzaGEtMjU2In0.qmE95QQi_fLO3X10a-WmqL9IsX0yezBTs_RA_amtwmA";

static KEYS: LazyLock<VerifyingKeys> =
    LazyLock::new(|| VerifyingKeys::of("test", read_keys(SECRET, &Reading::default()).unwrap()));

pub(crate) fn holds(input: &[u8]) {
    // Without a tilde there is an ordinary token, whose digests are claims like others.
    let disclosed = std::str::from_utf8(input).unwrap_or_default();
    if !disclosed.starts_with('~') {
        return;
    }
    let token = format!("{ISSUED}{disclosed}");
    let now = Timestamp::from_seconds(1_800_000_000);
    let Ok(verified) = verify(&token, &KEYS, &Policy::default(), now) else {
        return;
    };
    let said = json!({
        "iat": 1_700_000_000,
        "exp": 4_102_444_800_i64,
        "sub": "alice",
        "given_name": "Alice",
        "admin": false,
        "address": {"country": "SE", "city": "Umeå"},
    });
    let claims: Value = serde_json::from_str(&verified.claims().compact()).unwrap();
    assert_eq!(claims["sub"], "alice");
    for (name, value) in claims.as_object().unwrap() {
        assert_eq!(said.get(name), Some(value), "{name} of {token}");
    }
}
