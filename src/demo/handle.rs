//! The first part of codes and refresh tokens: the name of their family of tokens. The server recognizes it
//! even when it has forgotten all else, so that an old token can still end its family, no matter how many
//! followed.

use std::sync::OnceLock;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use aws_lc_rs::rand::SystemRandom;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::demo::error::OAuthError;
use crate::demo::secret::RANDOM_LEN;
use crate::text::time::Timestamp;

/// The kinds of value that begin with a handle.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum HandleKind {
    Code,
    RefreshToken,
    NonceOfAuthorizationServer,
    NonceOfResourceServer,
}

/// Half of the output of the hash (RFC 2104 section 5).
const TAG_LEN: usize = 16;

/// The key with which handles are made, for as long as the server runs.
pub(super) struct Handles(OnceLock<hmac::Key>);

impl Handles {
    pub(super) fn new() -> Self {
        Handles(OnceLock::new())
    }

    /// The handle of a family that belongs to a client, until a time in seconds: the name, and a tag, which
    /// nobody can make from the `jti` of a token.
    pub(super) fn make(
        &self,
        kind: HandleKind,
        family: &str,
        client_id: &str,
        until: Timestamp,
    ) -> Result<String, OAuthError> {
        let key = self.key()?;
        let until = until.seconds().to_be_bytes();
        let tag = tag(key, kind, family, client_id, until);
        let end = [until.as_slice(), &tag].concat();
        Ok(format!("{family}{}", URL_SAFE_NO_PAD.encode(end)))
    }

    fn key(&self) -> Result<&hmac::Key, OAuthError> {
        if let Some(key) = self.0.get() {
            return Ok(key);
        }
        let made = hmac::Key::generate(HMAC_SHA256, &SystemRandom::new())
            .map_err(|_| OAuthError::server_error("the system gives no random bytes"))?;
        Ok(self.0.get_or_init(|| made))
    }

    /// Whether this is a handle of the client, and its time is not over.
    pub(super) fn know(
        &self,
        kind: HandleKind,
        handle: &str,
        client_id: &str,
        now: Timestamp,
    ) -> bool {
        let known = || {
            let (family, end) = handle.split_at_checked(RANDOM_LEN)?;
            let end = URL_SAFE_NO_PAD.decode(end).ok()?;
            let (until, given) = end.split_first_chunk()?;
            let tag = tag(self.0.get()?, kind, family, client_id, *until);
            verify_slices_are_equal(&tag, given).ok()?;
            Some(now < Timestamp::from_seconds(i64::from_be_bytes(*until)))
        };
        known().unwrap_or(false)
    }
}

/// The name of the family in a handle, which is not checked.
pub(super) fn family(handle: &str) -> Option<&str> {
    handle.get(..RANDOM_LEN)
}

fn tag(
    key: &hmac::Key,
    kind: HandleKind,
    family: &str,
    client_id: &str,
    until: [u8; 8],
) -> [u8; TAG_LEN] {
    // The first two are always as long, and so is the name.
    let message = [
        &[kind as u8],
        until.as_slice(),
        family.as_bytes(),
        client_id.as_bytes(),
    ]
    .concat();
    let mut tag = [0; TAG_LEN];
    let whole = hmac::sign(key, &message);
    tag.iter_mut()
        .zip(whole.as_ref())
        .for_each(|(to, from)| *to = *from);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::secret::random;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_handle_is_known_for_what_it_is_and_until_its_time() {
        let handles = Handles::new();
        let name = random().unwrap();
        let handle = handles
            .make(HandleKind::Code, &name, "app", at(60))
            .unwrap();
        assert_eq!(family(&handle), Some(name.as_str()));
        assert!(handles.know(HandleKind::Code, &handle, "app", at(59)));
        assert!(!handles.know(HandleKind::Code, &handle, "app", at(60)));
        assert!(!handles.know(HandleKind::Code, &handle, "web", at(0)));
        assert!(!handles.know(HandleKind::RefreshToken, &handle, "app", at(0)));
        assert!(!Handles::new().know(HandleKind::Code, &handle, "app", at(0)));
    }

    /// Whoever sees an access token knows the name that its `jti` begins with.
    #[test]
    fn a_name_alone_makes_no_handle() {
        let handles = Handles::new();
        let name = random().unwrap();
        let handle = handles
            .make(HandleKind::Code, &name, "app", at(60))
            .unwrap();
        let another = handles
            .make(HandleKind::Code, &random().unwrap(), "app", at(60))
            .unwrap();
        let grafted = format!("{name}{}", another.get(RANDOM_LEN..).unwrap());
        let longer = handles
            .make(HandleKind::Code, &name, "app", at(61))
            .unwrap();
        let mixed = format!(
            "{}{}",
            &longer[..RANDOM_LEN + 11],
            &handle[RANDOM_LEN + 11..]
        );
        for text in [
            "",
            "é",
            &name,
            &grafted,
            &mixed,
            &handle[..63],
            &format!("{handle}A"),
        ] {
            assert!(
                !handles.know(HandleKind::Code, text, "app", at(0)),
                "{text}"
            );
        }
    }
}
