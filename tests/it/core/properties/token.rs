//! A token that nobody has checked is read without harm, what is read of it is what it says, and no key of ours
//! vouches for it.

use std::sync::LazyLock;

use jott::text::time::Timestamp;
use jott::token::profile::Profile;
use jott::{Policy, Reading, TokenVerifier, VerifyingKeys, decode, read_keys};

static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| {
    let keys = read_keys(b"nobody signs a sample with this secret", &Reading::default());
    VerifyingKeys::of("test", keys.unwrap())
});

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let now = Timestamp::from_seconds(1_800_000_000);
    let mut policy = Policy::default();
    policy.allow_no_exp = true;
    let refused = TokenVerifier::new(&KEYS, &policy, now).diagnosing().verify(text);
    assert!(!refused.unwrap_err().refusals.is_empty());
    let Ok(token) = decode(text) else {
        return;
    };
    // Another parser takes it for JSON too.
    let header: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(token.header.json().text()).unwrap();
    let names: Vec<_> = token.header.members().map(|(name, _)| name.into_owned()).collect();
    assert!(names.iter().all(|name| header.contains_key(name)));
    if let Some(claims) = token.claims() {
        let compact = claims.compact();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&compact).unwrap(),
            serde_json::from_str::<serde_json::Value>(claims.text()).unwrap(),
        );
    }
    let warnings = token.warnings(now);
    assert!(warnings.iter().all(|warning| !warning.code.is_empty()));
    let _ = Profile::of(&token);
}
