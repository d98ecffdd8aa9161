//! A token that nobody has checked is read without harm, what is read of it is what it says, and no key of ours
//! vouches for it.

use std::sync::LazyLock;

use jott::text::time::Timestamp;
use jott::token::profile::Profile;
use jott::{Policy, Reading, TokenVerifier, VerifyingKeys, decode, read_keys};
use serde::de::IgnoredAny;
use serde_json::Value;

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
    // Another parser takes it for JSON too; what it makes of a number or a text is not asked, for it has bounds.
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    let header = token.header.json().text();
    assert!(is_json(header), "{header}");
    if let Ok(Value::Object(members)) = serde_json::from_str(header) {
        let mut names = token.header.members().map(|(name, _)| name);
        assert!(names.all(|name| members.contains_key(&*name)));
    }
    if let Some(claims) = token.claims() {
        let (text, compact) = (claims.text(), claims.compact());
        assert!(is_json(text) && is_json(&compact), "{text}");
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            assert_eq!(serde_json::from_str::<Value>(&compact).unwrap(), value);
        }
    }
    let warnings = token.warnings(now);
    assert!(warnings.iter().all(|warning| !warning.code.is_empty()));
    let _ = Profile::of(&token);
}
