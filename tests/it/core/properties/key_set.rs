//! Whatever is published as a set of keys: what is taken from it is public, and can be written and read again.

use jott::token::published;

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match published::read(text) {
        Ok(keys) => {
            for key in &keys.keys {
                assert!(!key.has_private() && !key.is_secret());
                let jwk = key.public_jwk().unwrap();
                let again = published::read(&format!("{{\"keys\":[{jwk}]}}")).unwrap();
                assert_eq!(again.keys[0].thumbprint(), key.thumbprint());
            }
        }
        Err(fault) => assert!(!fault.message.contains(char::is_control), "{}", fault.message),
    }
}
