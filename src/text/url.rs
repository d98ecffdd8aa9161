//! URLs, as far as it matters where they lead: all readers must agree on what the host is.

use core::net::{Ipv4Addr, Ipv6Addr};

/// An http or https URL in its parts, as they stand in it; there is no user info, and nothing is ambiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpUrl<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host and port, as they stand.
    pub authority: &'a str,
    /// The host, an IPv6 address in its brackets.
    pub host: &'a str,
    /// The port, where there is one.
    pub port: Option<u16>,
    /// Path, query and fragment.
    pub rest: &'a str,
}

impl<'a> HttpUrl<'a> {
    /// Splits a URL whose scheme is in lower case; `None` where a part is malformed.
    #[must_use]
    pub fn split(url: &'a str) -> Option<HttpUrl<'a>> {
        let (scheme, rest) = url.split_once("://")?;
        if !["http", "https"].contains(&scheme) {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (host, port) = host_and_port(authority)?;
        Some(HttpUrl {
            scheme,
            authority,
            host,
            port,
            rest,
        })
    }

    /// Whether it is plain http on another machine: anybody between can read and change what is sent.
    #[must_use]
    pub fn is_plain_elsewhere(&self) -> bool {
        self.scheme == "http" && !is_loopback(self.host)
    }
}

/// The host and the port of an authority without user info (RFC 3986 section 3.2); `None` where one of them
/// is malformed.
#[must_use]
pub fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let bracket = authority.find(']').unwrap_or(0);
    let (host, port) = match authority.get(bracket..)?.split_once(':') {
        Some((_, port)) => {
            let host = authority.strip_suffix(port)?.strip_suffix(':')?;
            (host, Some(port))
        }
        None => (authority, None),
    };
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let is_host = match in_brackets(host) {
        Some(ip) => ip.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(named),
    };
    let port = match port {
        None => None,
        // `parse` alone would accept a sign.
        Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => Some(port.parse().ok()?),
        Some(_) => return None,
    };
    is_host.then_some((host, port))
}

/// Whether a host is this machine: 127.0.0.0/8, `[::1]` or `localhost`, in their usual form.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    match in_brackets(host) {
        Some(ip) => ip.parse().is_ok_and(|ip: Ipv6Addr| ip.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
        }
    }
}

/// A URL that somebody gave without its scheme, with the one that is meant: https, or http on this machine.
#[must_use]
pub fn with_scheme(rest: &str) -> String {
    let plain = format!("http://{rest}");
    match HttpUrl::split(&plain) {
        Some(url) if is_loopback(url.host) => plain,
        _ => format!("https://{rest}"),
    }
}

fn in_brackets(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// Whether a text is an absolute URI without a fragment (RFC 3986 section 4.3).
#[must_use]
pub fn is_absolute_uri(uri: &str) -> bool {
    let plain = uri
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"#\"<>\\^`{|}".contains(&b));
    let scheme = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    };
    plain
        && uri
            .split_once(':')
            .is_some_and(|(s, rest)| scheme(s) && !rest.is_empty())
}

/// A URI without the slash that may follow an origin: with or without it the URI is the same (RFC 3986
/// section 6.2.3).
#[must_use]
pub fn without_root_slash(uri: &str) -> &str {
    let origin = uri.strip_suffix('/').filter(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_some_and(|authority| !authority.contains(['/', '?']))
    });
    origin.unwrap_or(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_in_two_ways_has_no_host() {
        for url in [
            "http://",
            "http:///x",
            "HTTP://a.test/",
            "http:/a.test/",
            "http://user@a.test/",
            "http://a.test:80:90/",
            "http://a.test:/",
            "http://a.test:+80/",
            "http://a.test:65536/",
            "http://a.test\\@b.test/",
            "http://[::1/",
            "http://[::1]x/",
            "http://x[::1]/",
            "http://[::g]/",
            "http://a%2etest/",
            "http://\u{e4}.test/",
            "ftp://a.test/",
        ] {
            assert_eq!(HttpUrl::split(url), None, "{url}");
        }
    }

    #[test]
    fn a_scheme_that_was_left_out_is_http_on_this_machine_alone() {
        for (typed, meant) in [
            ("localhost:8000", "http://localhost:8000"),
            ("127.0.0.1/tenant", "http://127.0.0.1/tenant"),
            ("[::1]:8000", "http://[::1]:8000"),
            ("id.example", "https://id.example"),
            ("localhost.example", "https://localhost.example"),
            ("127.0.0.1.example:80", "https://127.0.0.1.example:80"),
            ("not a host", "https://not a host"),
        ] {
            assert_eq!(with_scheme(typed), meant);
        }
    }

    #[test]
    fn a_url_has_its_parts() {
        let url = HttpUrl::split("https://[::1]:8/a?b#c").unwrap();
        assert_eq!((url.host, url.port, url.rest), ("[::1]", Some(8), "/a?b#c"));
        let url = HttpUrl::split("http://a.test?x").unwrap();
        assert_eq!((url.host, url.port, url.rest), ("a.test", None, "?x"));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "[0:0::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "localhost.",
            "a.localhost",
            "0.0.0.0",
            "[::]",
            "::1",
            "[::ffff:127.0.0.1]",
            "127.1",
            "0x7f.1",
            "2130706433",
            "127.0.0.1.nip.io",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
