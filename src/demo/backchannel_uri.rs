//! Where a client is told of log-outs: a place on this machine.

use crate::text::url::{HttpUrl, is_loopback};

/// What a URI of such a client has to be.
///
/// # Errors
/// What is wrong, as the end of a sentence.
pub(super) fn check(uri: &str) -> Result<(), &'static str> {
    let url = HttpUrl::split(uri).ok_or("is no http URL")?;
    match url.scheme == "http" && is_loopback(url.host) && !uri.contains('#') {
        true => Ok(()),
        false => Err("is not on this machine, http and a loopback address: no other is called"),
    }
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
