//! What a key of ours opens was encrypted to it: whatever is changed in a JWE, in either form, it does not open, or
//! it opens to what was put in.

use std::sync::LazyLock;

use jott::token::jwe::DecryptionKeys;
use jott::{KeySource, Reading, read_keys};

/// What is in each sample.
const CONTENT: &[u8] = br#"{"sub":"alice","note":"put in by a sample"}"#;

/// The keys of the samples: 128 bits, 256 bits, P-256.
const KEYS: [&str; 3] = [
    r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw","kid":"short"}"#,
    r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kid":"long"}"#,
    r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#,
];

static OPENING: LazyLock<DecryptionKeys> = LazyLock::new(|| {
    let mut reading = Reading::default();
    reading.allow_weak = true;
    let sources = KEYS.map(|jwk| {
        KeySource::new("test", read_keys(jwk.as_bytes(), &reading).unwrap())
    });
    DecryptionKeys::new(sources.into())
});

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if let Ok(opened) = OPENING.open(text.trim()) {
        assert_eq!(&*opened.content, CONTENT, "{text}");
    }
}
