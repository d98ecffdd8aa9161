//! A key that is read is the same key when it is written and read again, and what it signs it also verifies.

use jott::{Reading, SigningKey, read_keys};

pub(crate) fn holds(input: &[u8]) {
    let mut weak = Reading::default();
    weak.allow_weak = true;
    let mut text = Reading::default();
    text.text_source = true;
    for reading in [&Reading::default(), &weak, &text] {
        match read_keys(input, reading) {
            // In a set a weak key may stand beside others.
            Ok(keys) => keys.keys.iter().for_each(|key| is_the_same_again(key, &weak)),
            Err(fault) => assert!(!fault.message.is_empty()),
        }
    }
}

fn is_the_same_again(key: &jott::Key, reading: &Reading) {
    if let Some(jwk) = key.public_jwk() {
        let again = read_keys(in_a_set(&jwk).as_bytes(), reading).unwrap();
        assert_eq!(again.keys[0].thumbprint(), key.thumbprint());
        assert!(!again.keys[0].has_private(), "{jwk}");
    }
    if let Ok(jwk) = key.whole_jwk() {
        let again = read_keys(in_a_set(&jwk).as_bytes(), reading).unwrap();
        assert_eq!(again.keys[0].thumbprint(), key.thumbprint());
    }
    // It takes a while where a key is large.
    if let Some(algorithm) = key.default_algorithm().filter(|_| key.may_sign() && key.may_verify())
        && let Ok(signing) = SigningKey::new(key, algorithm, true)
        && let Ok(signature) = signing.sign(b"message")
    {
        let verifier = key.verifier(algorithm, true).unwrap();
        assert!(verifier.accepts(b"message", &signature));
        assert!(!verifier.accepts(b"another", &signature));
    }
}

/// In a set a key may be too weak for any use.
fn in_a_set(jwk: &str) -> String {
    format!("{{\"keys\":[{jwk}]}}")
}
