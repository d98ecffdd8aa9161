//! A JWS in JSON form that is accepted says what the owner of the key has signed, whatever was changed in it.

use std::sync::LazyLock;

use jott::token::policy::SignatureChoice;
use jott::{Policy, Reading, VerifyingKeys, read_keys, verify_signature};

/// What is in each sample.
const CONTENT: &[u8] = br#"{"sub":"alice","note":"signed in a sample"}"#;

static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| {
    let secret = b"a secret of samples, 44 bytes at the very least";
    VerifyingKeys::of("test", read_keys(secret, &Reading::default()).unwrap())
});

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let mut policy = Policy::default();
    if text.trim_start().starts_with('{') {
        // It is not the form of a JWT, and has to be asked for.
        assert!(verify_signature(text, &KEYS, &policy).is_err());
    }
    for choice in [
        SignatureChoice::Any,
        SignatureChoice::Number(2),
        SignatureChoice::Kid("sample".to_owned()),
    ] {
        policy.signature = Some(choice);
        match verify_signature(text, &KEYS, &policy) {
            Ok(signed) => assert_eq!(signed.payload(), CONTENT, "{text}"),
            Err(refused) => assert!(!refused.refusals.is_empty()),
        }
    }
}
