//! Which URLs keys may be fetched from.

use ureq::http::Uri;
use ureq::http::uri::Scheme;

use crate::text::escape;
use crate::text::url::{host_and_port, is_loopback};

/// No URL is longer.
const MOST_BYTES: usize = 4096;

/// An `http` or `https` URL with a host and without user info.
#[derive(Clone, Debug)]
pub struct Address(Uri, String);

impl PartialEq for Address {
    fn eq(&self, other: &Address) -> bool {
        self.0 == other.0
    }
}

impl Eq for Address {}

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// A clause that says what is wrong with it, and holds nothing of it.
    pub fn parse(text: &str) -> Result<Address, &'static str> {
        if text.len() > MOST_BYTES {
            return Err("is longer than an address can be");
        }
        let uri: Uri = text.parse().map_err(|_| "is not a URL")?;
        let authority = uri.authority().ok_or("is not a URL with a host")?;
        if authority.as_str().contains('@') {
            return Err("has a user name in it");
        }
        // The parser accepts much that cannot be a host or a port.
        host_and_port(authority.as_str()).ok_or("is not a URL with a host")?;
        match uri.scheme_str() {
            Some("https" | "http") => Ok(Address(uri, text.to_owned())),
            _ => Err("is neither https nor http"),
        }
    }

    /// The URI to request.
    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// Whether anybody between can read and change what is sent.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == Some(&Scheme::HTTP)
    }

    /// Whether it is on this machine: 127.0.0.0/8, `[::1]` or `localhost`, in their usual form.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// Whether it is plain http on another machine.
    #[must_use]
    pub fn is_plain_elsewhere(&self) -> bool {
        self.is_plain() && !self.is_loopback()
    }

    /// The address that a document from this address names, if it is allowed. Another machine may
    /// not point to this machine, and an https address may not lead to plain http.
    ///
    /// # Errors
    /// A clause that says why it may not.
    pub fn named(&self, url: &str, allow_plain: bool) -> Result<Address, &'static str> {
        let there = Address::parse(url)?;
        if there.is_loopback() && !self.is_loopback() {
            return Err("is on this machine, and the issuer is not");
        }
        let may_be_plain = self.is_plain() || self.is_loopback();
        if there.is_plain() && !(may_be_plain && (there.is_loopback() || allow_plain)) {
            return Err("is not https");
        }
        Ok(there)
    }

    /// All of it, as it was written.
    #[must_use]
    pub fn whole(&self) -> String {
        self.1.clone()
    }

    /// The path, which begins with a slash.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The query, which may be secret.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.query()
    }

    /// The host, an IPv6 address in its brackets.
    pub(super) fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    /// The port, or else the usual one of the scheme.
    pub(super) fn port(&self) -> u16 {
        let default = if self.is_plain() { 80 } else { 443 };
        self.0.port_u16().unwrap_or(default)
    }

    /// Scheme and host, safe to print.
    #[must_use]
    pub fn origin(&self) -> String {
        escape::shorten(&self.bare_origin(), 200)
    }

    fn bare_origin(&self) -> String {
        let authority = self.0.authority().map_or("", |a| a.as_str());
        let scheme = self.0.scheme_str().unwrap_or_default();
        format!("{scheme}://{authority}")
    }

    /// Another path, with its query if it has one, on the same host.
    ///
    /// # Errors
    /// A clause that says why that is not an address.
    pub fn with_path(&self, path: &str) -> Result<Address, &'static str> {
        Address::parse(&format!("{}{path}", self.bare_origin()))
    }

    /// Whether the other has the same scheme, host and port (RFC 6454 section 5).
    #[must_use]
    pub fn is_beside(&self, other: &Address) -> bool {
        self.0.scheme() == other.0.scheme()
            && self.host().eq_ignore_ascii_case(other.host())
            && self.port() == other.port()
    }

    /// The address that a `Location` names, seen from this one (RFC 3986 section 5.2.2).
    ///
    /// # Errors
    /// A clause that says why that is not an address.
    pub fn join(&self, reference: &str) -> Result<Address, &'static str> {
        // A fragment is not part of a request.
        let reference = reference.split('#').next().unwrap_or_default();
        let (hierarchy, query) = match reference.split_once('?') {
            Some((hierarchy, query)) => (hierarchy, Some(query)),
            None => (reference, None),
        };
        let first_segment = hierarchy.split('/').next().unwrap_or_default();
        if first_segment.contains(':') {
            let there = Address::parse(reference)?;
            return there.with_path(&with_query(&without_dots(there.0.path()), there.0.query()));
        }
        if hierarchy.starts_with("//") {
            let scheme = self.0.scheme_str().unwrap_or_default();
            return self.join(&format!("{scheme}:{reference}"));
        }
        let here = self.0.path();
        let (path, query) = if hierarchy.is_empty() {
            (here.to_owned(), query.or(self.0.query()))
        } else if hierarchy.starts_with('/') {
            (without_dots(hierarchy), query)
        } else {
            let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
            (without_dots(&format!("{folder}/{hierarchy}")), query)
        };
        self.with_path(&with_query(&path, query))
    }

    /// Without the query, which may be secret, and safe to print.
    #[must_use]
    pub fn shown(&self) -> String {
        bare_url(&self.0.to_string())
    }

    /// The same, as it was written.
    pub(super) fn written(&self) -> String {
        bare_url(&self.1)
    }
}

/// A URL without user info, query and fragment, which may hold secrets.
fn bare_url(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = url.get(..end).unwrap_or_default();
    let bare = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        None => "…".to_owned(),
    };
    escape::shorten(&bare, 200)
}

fn with_query(path: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// A path that begins with a slash, without the segments `.` and `..` (RFC 3986 section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if segments.peek().is_none() {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests;
