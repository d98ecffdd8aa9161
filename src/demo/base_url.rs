//! The URL of a server: its scheme, host and path.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::oauth::well_known;
use crate::text::url::HttpUrl;

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
        let lower = text.to_ascii_lowercase();
        if !["http://", "https://"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
        {
            return Err(match text {
                "" => "is not a URL",
                _ => "is not an http or https URL",
            });
        }
        let url = HttpUrl::split(&lower).ok_or("is not a URL")?;
        if text.ends_with("//") {
            return Err("has no host, or an empty path segment");
        }
        let path = text.get(text.len().saturating_sub(url.rest.len())..);
        Ok(BaseUrl {
            origin: format!("{}://{}", url.scheme, url.authority),
            host: url.host.to_owned(),
            path: path.unwrap_or_default().trim_end_matches('/').to_owned(),
            text: text.to_owned(),
        })
    }

    /// The URL of a server at an address, and of one that is at all addresses on this machine.
    #[must_use]
    pub fn at(address: SocketAddr, tls: bool) -> BaseUrl {
        let ip = match address.ip() {
            ip if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            ip => ip,
        };
        let scheme = if tls { "https" } else { "http" };
        let text = format!("{scheme}://{}", SocketAddr::new(ip, address.port()));
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

    /// The same server by the address that it listens at: its name may lead elsewhere, or nowhere.
    #[must_use]
    pub fn seen_at(&self, address: SocketAddr, tls: bool) -> BaseUrl {
        let at = BaseUrl::at(address, tls);
        BaseUrl {
            text: format!("{}{}", at.text, self.path),
            path: self.path.clone(),
            ..at
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

    /// The host, an IPv6 address in its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path without a slash at its end; mostly nothing.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is https.
    #[must_use]
    pub fn is_https(&self) -> bool {
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
        well_known::before(&self.path, name)
    }
}
