//! The URL of a server: its scheme, host and path.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;

/// The URL of an issuer or of its pages, as it was given: it is compared code point by code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    origin: String,
    host: String,
    path: String,
}

impl BaseUrl {
    /// Reads an http or https URL without user info, query and fragment (RFC 8414 section 2).
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence.
    pub fn parse(text: &str) -> Result<BaseUrl, &'static str> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/[]".contains(&b);
        if !text.bytes().all(plain) {
            return Err(
                "has a character that does not belong there: no query, no fragment, no user info",
            );
        }
        let uri: Uri = text.parse().map_err(|_| "is not a URL")?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err("is not an http or https URL");
        };
        if !["http", "https"].contains(&scheme) {
            return Err("is not an http or https URL");
        }
        if authority.host().is_empty() || text.ends_with("//") {
            return Err("has no host, or an empty path segment");
        }
        Ok(BaseUrl {
            origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()),
            host: authority.host().to_ascii_lowercase(),
            path: uri.path().trim_end_matches('/').to_owned(),
            text: text.to_owned(),
        })
    }

    /// The URL of a server at an address, and of one that is at all addresses on this machine.
    #[must_use]
    pub fn at(address: SocketAddr) -> BaseUrl {
        let ip = match address.ip() {
            ip if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            ip => ip,
        };
        let text = format!("http://{}", SocketAddr::new(ip, address.port()));
        BaseUrl {
            origin: text.clone(),
            host: match ip {
                IpAddr::V4(ip) => ip.to_string(),
                IpAddr::V6(ip) => format!("[{ip}]"),
            },
            path: String::new(),
            text,
        }
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port, as a browser writes them in `Origin`.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port, as a request has them in `Host`.
    pub(super) fn authority(&self) -> &str {
        let authority = self.origin.split_once("://");
        authority.map_or("", |(_, authority)| authority)
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The path without a slash at its end; mostly nothing.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// The URL of something below it.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text.trim_end_matches('/'))
    }

    /// Where RFC 8414 section 3.1 and RFC 9728 section 3.1 put a document about it: between host and
    /// path.
    pub(super) fn well_known(&self, name: &str) -> String {
        format!("/.well-known/{name}{}", self.path)
    }
}

/// Whether a host is this machine: 127.0.0.0/8, `[::1]` or `localhost`.
pub(super) fn is_loopback(host: &str) -> bool {
    let v6 = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match v6 {
        Some(v6) => v6.parse().is_ok_and(|ip: Ipv6Addr| ip.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
        }
    }
}
