//! Where a browser comes back to: an address of this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::cli::failure::Failure;
use crate::text::url::HttpUrl;

/// Where it comes back to unless told otherwise, at any port that is free.
pub(super) const USUAL: &str = "http://127.0.0.1/callback";

/// An address of this machine that a browser can come back to (RFC 8252 sections 7.3 and 8.3).
pub(super) struct RedirectUri {
    pub(super) host: String,
    pub(super) ip: IpAddr,
    /// None is any that is free.
    pub(super) port: Option<u16>,
    pub(super) path: String,
}

impl RedirectUri {
    /// Reads a redirect URI.
    pub(super) fn parse(uri: &str) -> Result<RedirectUri, Failure> {
        let wrong = || {
            Failure::usage("`--redirect-uri` is not an http URL of this machine").hint(
                "it is one of 127.0.0.1, [::1] or localhost, like http://127.0.0.1:8400/callback",
            )
        };
        let parts = HttpUrl::split(uri).ok_or_else(wrong)?;
        let ip = match parts.host {
            "127.0.0.1" | "localhost" => IpAddr::from(Ipv4Addr::LOCALHOST),
            "[::1]" => IpAddr::from(Ipv6Addr::LOCALHOST),
            _ => return Err(wrong()),
        };
        let is_plain = parts.scheme == "http" && !uri.contains(['?', '#', '@']);
        let port = parts.port.filter(|port| *port > 0);
        if !is_plain || port != parts.port {
            return Err(wrong());
        }
        Ok(RedirectUri {
            host: parts.host.to_owned(),
            ip,
            port,
            path: parts.rest.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_of_this_machine_is_listened_on_as_it_is_named() {
        let loopback = [
            IpAddr::from(Ipv4Addr::LOCALHOST),
            IpAddr::from(Ipv6Addr::LOCALHOST),
        ];
        for (uri, ip, port, path) in [
            (USUAL, loopback[0], None, "/callback"),
            ("http://localhost:8400", loopback[0], Some(8400), ""),
            ("http://[::1]:8400/cb", loopback[1], Some(8400), "/cb"),
        ] {
            let read = RedirectUri::parse(uri).unwrap();
            assert_eq!((read.ip, read.port, read.path.as_str()), (ip, port, path));
            let port = port.map_or(String::new(), |port| format!(":{port}"));
            assert_eq!(format!("http://{}{port}{path}", read.host), uri);
        }
    }
}
