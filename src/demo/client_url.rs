//! A `client_id` that is the URL of the client's description
//! (draft-ietf-oauth-client-id-metadata-document-03, section Client Identifier).

use crate::text::url::{HttpUrl, is_absolute_uri};

/// Whether a `client_id` is written like a URL.
pub(super) fn is_like_url(id: &str) -> bool {
    id.starts_with("https://") || id.starts_with("http://")
}

/// Checks a `client_id` that is a URL: it must be https, or http on this machine, with a path
/// without dot segments, and without a fragment.
///
/// # Errors
/// What is wrong, as the end of a sentence.
pub(super) fn check_url(id: &str) -> Result<(), &'static str> {
    let url = HttpUrl::split(id)
        .filter(|_| is_absolute_uri(id))
        .ok_or("is not a URL with a host, or has a user name or a fragment")?;
    if url.is_plain_elsewhere() {
        return Err("is plain http on another machine");
    }
    let path = url.rest.split('?').next().unwrap_or_default();
    if !path.starts_with('/') {
        return Err("has no path");
    }
    let is_dots = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    match path.split('/').any(is_dots) {
        true => Err("has a path with dot segments"),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_client_with_a_document_is_a_plain_url() {
        for good in [
            "https://app.example/client.json",
            "https://app.example:8443/a/b?c=d",
            "https://app.example/",
            "http://127.0.0.1:9/client.json",
            "http://localhost/client.json",
        ] {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for bad in [
            "https://app.example",
            "https://app.example?x",
            "http://app.example/client.json",
            "https://user@app.example/client.json",
            "https://app.example/client.json#x",
            "https://app.example/a/../client.json",
            "https://app.example/%2e%2E/client.json",
            "https://app.example/./client.json",
            "https://app.example/a b",
            "https:///client.json",
            "HTTPS://app.example/client.json",
            "ftp://app.example/client.json",
            "app",
            "",
        ] {
            assert!(check_url(bad).is_err(), "{bad}");
        }
    }
}
