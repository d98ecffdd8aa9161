//! What only one party may know: passwords, client secrets, codes, tokens.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::demo::error::Refusal;

/// A password or a client secret. It has no Display, and its Debug tells nothing. Equality is for
/// settings; what a request brings is compared in constant time.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Takes the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text, for the one whose secret it is.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is it, in a time that does not tell how much of it was right (RFC 6749 section
    /// 10.10 wants guessing to be hopeless).
    pub(super) fn is(&self, given: &str) -> bool {
        fingerprint(&self.0).is(given)
    }
}

/// What is kept of a code, a token or a cookie: enough to know it again, and no use to a thief.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Whether a text has this fingerprint; the comparison takes the same time for all.
    pub(super) fn is(self, given: &str) -> bool {
        verify_slices_are_equal(&self.0, &fingerprint(given).0).is_ok()
    }
}

/// The fingerprint of a text.
pub(super) fn fingerprint(text: &str) -> Fingerprint {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    Fingerprint(bytes)
}

/// A text of 192 random bits, which nobody guesses (RFC 6749 section 10.10 asks for 128).
pub(super) fn random() -> Result<String, Refusal> {
    let mut bytes = [0_u8; 24];
    rand::fill(&mut bytes)
        .map_err(|_| Refusal::server_error("the system gives no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
