//! Where an answer may be sent: the redirect URIs of a client.

use serde::Deserialize;

use crate::text::url::HttpUrl;

/// A redirect URI that a client has registered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Accepts https, http, or a private-use scheme with a dot in it (RFC 8252 section 7.1),
    /// without fragment (RFC 6749 section 3.1.2), user info and dot segments.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence.
    pub fn parse(text: &str) -> Result<RedirectUri, &'static str> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&b);
        if text.contains('#') {
            return Err("has a fragment");
        }
        if !text.bytes().all(allowed) {
            return Err("has a character that no URI has");
        }
        let (scheme, rest) = text.split_once(':').ok_or("has no scheme")?;
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b);
        if !scheme.starts_with(|c: char| c.is_ascii_lowercase()) || !scheme.bytes().all(letters) {
            return Err("has a malformed scheme, or one that is not in lower case");
        }
        let path = rest.split('?').next().unwrap_or_default();
        if path
            .split('/')
            .any(|segment| segment == "." || segment == "..")
        {
            return Err("has a path with dot segments");
        }
        if ["http", "https"].contains(&scheme) {
            parts(text).ok_or("has no host, or a malformed port")?;
        } else if !scheme.contains('.') {
            return Err(
                "has a scheme that anybody may use: take https, http on this machine, or a scheme of your own, like com.example.app",
            );
        }
        Ok(RedirectUri(text.to_owned()))
    }

    /// As it was registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a redirect URI of a request is this one: the same text (RFC 9700 section 2.1),
    /// except for the port of a loopback address (RFC 8252 section 7.3). Clients in the field count
    /// `localhost` as such an address.
    pub(super) fn allows(&self, given: &str) -> bool {
        if self.0 == given {
            return true;
        }
        let (Some(own), Some(given)) = (parts(&self.0), parts(given)) else {
            return false;
        };
        own.scheme == "http"
            && given.scheme == "http"
            && ["127.0.0.1", "[::1]", "localhost"].contains(&own.host)
            && own.host == given.host
            && own.rest == given.rest
    }
}

/// The part of a redirect URI to show to a person: host and port, or a private scheme.
pub(super) fn shown_host(uri: &str) -> &str {
    match parts(uri) {
        Some(url) => url.authority,
        None => uri.split(':').next().unwrap_or_default(),
    }
}

/// Its parts, where it is an http or https URL; nothing listens on port 0.
fn parts(uri: &str) -> Option<HttpUrl<'_>> {
    HttpUrl::split(uri).filter(|url| url.port != Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> RedirectUri {
        RedirectUri::parse(text).unwrap()
    }

    #[test]
    fn the_port_of_a_loopback_address_may_vary_and_nothing_else() {
        let registered = uri("http://127.0.0.1/callback");
        for good in [
            "http://127.0.0.1/callback",
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:65535/callback",
        ] {
            assert!(registered.allows(good), "{good}");
        }
        for bad in [
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:+9/callback",
            "http://127.0.0.1:9@evil.example/callback",
            "http://evil.example@127.0.0.1/callback",
            "http://127.0.0.1:9/callback#x",
            "http://127.0.0.1:9/callback?x",
            "http://127.0.0.1:9/callback/",
            "http://127.0.0.1:9/Callback",
            "http://127.0.0.1:9/x/../callback",
            "http://127.0.0.1:9/%63allback",
            "http://127.0.0.1:9\\evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.2:9/callback",
            "http://localhost:9/callback",
            "https://127.0.0.1:9/callback",
            "HTTP://127.0.0.1:9/callback",
            "http:/127.0.0.1:9/callback",
            " http://127.0.0.1:9/callback",
            "javascript:alert(1)",
            "data:text/html,x",
            "",
        ] {
            assert!(!registered.allows(bad), "{bad}");
        }
        assert!(uri("http://[::1]/callback").allows("http://[::1]:9/callback"));
        assert!(uri("http://localhost/callback").allows("http://localhost:9/callback"));
        assert!(!uri("http://localhost/callback").allows("http://LOCALHOST:9/callback"));
    }

    #[test]
    fn a_person_is_shown_the_host_or_the_private_scheme() {
        assert_eq!(shown_host("http://[::1]:9/callback?x=://y"), "[::1]:9");
        assert_eq!(shown_host("https://app.example"), "app.example");
        assert_eq!(shown_host("com.example.app:/cb"), "com.example.app");
        assert_eq!(shown_host("com.example.app://host/cb"), "com.example.app");
    }

    #[test]
    fn elsewhere_the_port_is_part_of_it() {
        assert!(!uri("https://app.example/cb").allows("https://app.example:8443/cb"));
        assert!(!uri("http://app.example/cb").allows("http://app.example:80/cb"));
        assert!(uri("com.example.app:/cb").allows("com.example.app:/cb"));
    }

    #[test]
    fn what_may_not_be_registered_is_refused() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "app:/cb",
            "https://app.example/cb#x",
            "https://user@app.example/cb",
            "https:///cb",
            "https://app.example/a/../cb",
            "https://app.example/a b",
            "https://app.example/\u{e9}",
            "https://app.example:0/cb",
            "https://app.example:x/cb",
            "HTTPS://app.example/cb",
            "/cb",
            "",
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
    }
}
