//! Secrets: passwords, client secrets, codes, tokens.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::demo::error::OAuthError;

/// A password or a client secret. It has no Display, and its Debug tells nothing. Equality is for
/// settings; the values of a request are compared in constant time.
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

    /// The text, for the owner of the secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the texts are equal, in a time that does not reveal how much of the guess was right
    /// (RFC 6749 section 10.10).
    pub(super) fn is(&self, given: &str) -> bool {
        fingerprint(&self.0).is(given)
    }
}

/// What is kept of a code, a token or a cookie: enough to recognize it, and useless to a thief.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// The length of a random text.
pub(super) const RANDOM_LEN: usize = 32;

/// A text of 192 random bits, which nobody can guess (RFC 6749 section 10.10 asks for 128).
pub(super) fn random() -> Result<String, OAuthError> {
    let mut bytes = [0_u8; 24];
    rand::fill(&mut bytes)
        .map_err(|_| OAuthError::server_error("the system gives no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::array;
    use std::time::Duration;

    use axum::http::HeaderMap;
    use nix::time::{ClockId, clock_gettime};

    use crate::demo::client_authentication::authenticate;
    use crate::demo::demo_server::DemoServer;
    use crate::demo::parameters::Parameters;
    use crate::text::time::Timestamp;

    /// A guess that is so long that to compare it takes longer than all else.
    fn guess() -> String {
        "x".repeat(8 << 20)
    }

    /// The time that this thread has worked.
    fn worked() -> Duration {
        let clock = ClockId::CLOCK_THREAD_CPUTIME_ID;
        clock_gettime(clock).unwrap().into()
    }

    /// Checks that two guesses take equally long: the medians of many, which take turns.
    #[track_caller]
    fn take_the_same_time(known: impl Fn(), unknown: impl Fn()) {
        let time = |guess: &dyn Fn()| {
            let before = worked();
            guess();
            worked().saturating_sub(before)
        };
        let turns: [_; 15] = array::from_fn(|_| (time(&known), time(&unknown)));
        let median = |mut times: [Duration; 15]| *times.select_nth_unstable(7).1;
        let (known, unknown) = (median(turns.map(|t| t.0)), median(turns.map(|t| t.1)));
        assert!(
            known < unknown.saturating_mul(2) && unknown < known.saturating_mul(2),
            "{known:?} for a name that is known, and {unknown:?} for one that is not"
        );
    }

    /// RFC 6749 section 10.10: nobody learns from the time whether there is a user of a name.
    #[test]
    fn an_unknown_user_takes_as_long_as_a_wrong_password() {
        let (demo, _events) = DemoServer::built_in(|| Timestamp::from_seconds(0));
        let guess = guess();
        let log_in = |name| assert!(demo.log_in(name, &guess).is_none());
        take_the_same_time(|| log_in("alice"), || log_in("mallory"));
    }

    /// The same for clients that have a secret.
    #[test]
    fn an_unknown_client_takes_as_long_as_a_wrong_secret() {
        let (demo, _events) = DemoServer::built_in(|| Timestamp::from_seconds(0));
        let form = |id: &str| {
            let body = format!("client_id={id}&client_secret={}", guess());
            Parameters::parse(body.as_bytes()).unwrap()
        };
        let (known, unknown) = (form("demo-web"), form("mallory"));
        let prove = |form| assert!(authenticate(&demo, &HeaderMap::new(), form).is_err());
        take_the_same_time(|| prove(&known), || prove(&unknown));
    }
}
