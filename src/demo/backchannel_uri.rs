//! Where a client is told of log-outs: a place on this machine.

use crate::demo::client::Client;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::redact::quoted;
use crate::demo::settings::Settings;
use crate::text::url::{HttpUrl, is_loopback};

/// Checks such a URI.
///
/// # Errors
/// What is wrong, as the end of a sentence.
pub(super) fn check(uri: &str) -> Result<(), &'static str> {
    let url = HttpUrl::split(uri).ok_or("is not an http URL")?;
    match url.scheme == "http" && is_loopback(url.host) && !uri.contains('#') {
        true => Ok(()),
        false => Err("is not http on a loopback address: only clients on this machine are called"),
    }
}

/// Whether a client that has described itself may be told: where other machines can reach the server, its word
/// has nobody called on this one.
///
/// # Errors
/// A refusal.
pub(super) fn check_described(settings: &Settings, client: &Client) -> Result<(), OAuthError> {
    match &client.backchannel_logout_uri {
        Some(uri) if settings.remote => Err(refused(
            uri,
            "is called only for a client of the configuration, since other machines can reach the server",
        )),
        _ => Ok(()),
    }
}

/// The refusal of one in what a client says of itself, with why as the end of a sentence.
pub(super) fn refused(uri: &str, why: &str) -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidClientMetadata,
        format!("the `backchannel_logout_uri` {} {why}", quoted(uri, 80)),
        "OpenID Connect Back-Channel Logout 1.0 section 2.2",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_this_machine_is_called_and_no_other() {
        for uri in [
            "http://127.0.0.1:3000/logout",
            "http://[::1]:3000/logout?x=1",
            "http://localhost/logout",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
        for uri in [
            "https://127.0.0.1/logout",
            "http://app.example/logout",
            "http://127.0.0.1.app.example/logout",
            "http://10.0.0.1/logout",
            "http://169.254.169.254/latest",
            "http://127.0.0.1/logout#x",
            "com.example:/logout",
            "",
        ] {
            assert!(check(uri).is_err(), "{uri}");
        }
    }
}
