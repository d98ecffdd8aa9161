//! Fetches the Client ID Metadata Document of a client. A stranger has named its URL, so the request must not
//! reach a network that the stranger cannot reach (draft-ietf-oauth-client-id-metadata-document, Server Side
//! Request Forgery Attacks).

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::header::CONTENT_TYPE;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::keys::address::Address;
use crate::text::escape;

/// The largest document, as the draft recommends.
const MOST_BYTES: u64 = 5 << 10;
const MOST_HEADER_BYTES: usize = 8 << 10;

/// The time for everything, from the look-up of the name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Fetches the document at an https URL, or at an http URL on this machine: at most 5 KiB of JSON in 5
/// seconds, without a redirect or a proxy, and only from a public or a loopback address.
///
/// # Errors
/// Why there is none, as a clause that follows "the document".
pub fn client_document(url: &str) -> Result<Vec<u8>, String> {
    get(url, DefaultResolver::default(), TIMEOUT)
}

fn get(url: &str, resolver: impl Resolver, timeout: Duration) -> Result<Vec<u8>, String> {
    let address = Address::parse(url).map_err(|why| format!("has a URL that {why}"))?;
    if address.is_plain_elsewhere() {
        return Err("is at plain http on another machine".to_owned());
    }
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(
            Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        );
    let config = Agent::config_builder()
        .tls_config(tls.build())
        // A proxy would look the name up again, and could reach any address.
        .proxy(None)
        .timeout_global(Some(timeout))
        .max_response_header_size(MOST_HEADER_BYTES)
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("jott/", env!("CARGO_PKG_VERSION")))
        .accept("application/json")
        .accept_encoding("identity")
        .build();
    let agent = Agent::with_parts(config, DefaultConnector::default(), Public(resolver));
    let answer = agent.get(address.uri()).call();
    let answer = answer.map_err(|error| words(&error, timeout))?;
    match answer.status().as_u16() {
        200 => {}
        status @ 300..=399 => {
            return Err(format!(
                "is answered with a redirect ({status}), which is not followed"
            ));
        }
        status => return Err(format!("is answered with {status}")),
    }
    let media_type = answer.headers().get(CONTENT_TYPE);
    if !media_type.is_some_and(|value| is_json(value.as_bytes())) {
        return Err("is not application/json, or another media type of JSON".to_owned());
    }
    let body = answer.into_body().into_with_config().limit(MOST_BYTES);
    body.read_to_vec().map_err(|error| words(&error, timeout))
}

fn is_not_public(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<NotPublic>)
}

/// `application/json`, or a media type that ends with `+json` (RFC 6839 section 3.1).
fn is_json(media_type: &[u8]) -> bool {
    let essence = media_type.split(|b| *b == b';').next().unwrap_or_default();
    let essence = essence.trim_ascii().to_ascii_lowercase();
    essence == b"application/json"
        || (essence.starts_with(b"application/") && essence.ends_with(b"+json"))
}

fn words(error: &Error, timeout: Duration) -> String {
    match error {
        Error::Timeout(_) => format!("did not come within {} seconds", timeout.as_secs()),
        Error::BodyExceedsLimit(_) => "is larger than 5 KiB".to_owned(),
        Error::HostNotFound => "is at a host that has no address".to_owned(),
        Error::Io(why) if is_not_public(why) => why.to_string(),
        Error::Io(why) if why.kind() == io::ErrorKind::ConnectionRefused => {
            "cannot be fetched: nothing listens there".to_owned()
        }
        other => format!(
            "cannot be fetched: {}",
            escape::shorten(&other.to_string(), 120)
        ),
    }
}

/// Looks a name up once, and gives only addresses that are allowed. The connection is made to these, even if
/// the name changes its meaning later.
#[derive(Debug)]
struct Public<R>(R);

impl<R: Resolver> Resolver for Public<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        // One forbidden address is enough: nobody has both kinds by chance.
        match found.iter().find(|address| !may_be_asked(address.ip())) {
            Some(_) => Err(Error::Io(io::Error::other(NotPublic))),
            None => Ok(found),
        }
    }
}

#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is at an address that is neither public nor of this machine")
    }
}

impl std::error::Error for NotPublic {}

/// Whether an address has no special use (RFC 6890), or is a loopback address.
fn may_be_asked(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || is_public(address),
        IpAddr::V6(address) => address.is_loopback() || is_public_6(address),
    }
}

fn is_public(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // This network, private, loopback, link-local and shared addresses, those for the IETF, documentation,
    // relays and benchmarks, multicast, and reserved ones.
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let within = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // An address that contains an IPv4 address leads to that.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            within(high, low)
        }
        [0x2002, high, low, ..] => within(high, low),
        // For documentation, Teredo and other uses of the IETF.
        [0x2001, 0x0db8 | 0..=0x01ff, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // All public addresses are in this range; private, link-local and multicast addresses are not.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn only_public_addresses_and_those_of_this_machine_may_be_asked() {
        for good in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "93.184.215.14",
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2001:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(may_be_asked(good.parse().unwrap()), "{good}");
        }
        for bad in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::2",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001:db8::1",
            "2001::1",
            "2002:a00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!may_be_asked(bad.parse().unwrap()), "{bad}");
        }
    }

    /// A name that means one thing the first time, and another the next.
    #[derive(Debug)]
    struct Turning(Vec<SocketAddr>, Arc<AtomicUsize>);

    impl Resolver for Turning {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, Error> {
            let turn = self.1.fetch_add(1, Ordering::Relaxed);
            let mut found = self.empty();
            found.push(self.0[turn]);
            Ok(found)
        }
    }

    /// Answers one request with these bytes, and says where.
    fn answering(bytes: Vec<u8>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&bytes);
            // What never ends is waited for.
            let _ = stream.read(&mut [0; 1]);
        });
        address
    }

    fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
    }

    const JSON: &str = "Content-Type: application/json\r\n";

    fn got(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
        let url = format!("http://{}/client.json", answering(bytes));
        get(&url, DefaultResolver::default(), Duration::from_secs(5))
    }

    #[test]
    fn a_document_in_json_is_had_up_to_5_kib() {
        assert_eq!(got(answer("200 OK", JSON, "{}")).unwrap(), b"{}");
        let other = "Content-Type: Application/client+JSON; charset=utf-8\r\n";
        assert_eq!(got(answer("200 OK", other, "{}")).unwrap(), b"{}");
        let whole = "x".repeat(5 << 10);
        assert_eq!(got(answer("200 OK", JSON, &whole)).unwrap().len(), 5 << 10);
        let more = "x".repeat((5 << 10) + 1);
        let why = got(answer("200 OK", JSON, &more)).unwrap_err();
        assert_eq!(why, "is larger than 5 KiB");
        // Whatever it says of its length.
        let mut endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n2000\r\n".to_vec();
        endless.extend([b'x'; 0x2000]);
        assert_eq!(got(endless).unwrap_err(), "is larger than 5 KiB");
    }

    #[test]
    fn a_redirect_is_not_followed_and_another_answer_is_no_document() {
        for (status, headers, why) in [
            (
                "302 Found",
                "Location: /other\r\n",
                "is answered with a redirect (302), which is not followed",
            ),
            (
                "308 Permanent Redirect",
                "Location: http://127.0.0.1:1/\r\n",
                "is answered with a redirect (308), which is not followed",
            ),
            ("404 Not Found", JSON, "is answered with 404"),
            ("500 Oh", JSON, "is answered with 500"),
            ("201 Created", JSON, "is answered with 201"),
            (
                "200 OK",
                "Content-Type: text/html\r\n",
                "is not application/json, or another media type of JSON",
            ),
            (
                "200 OK",
                "",
                "is not application/json, or another media type of JSON",
            ),
        ] {
            assert_eq!(got(answer(status, headers, "{}")).unwrap_err(), why);
        }
    }

    #[test]
    fn what_does_not_come_in_time_is_given_up() {
        for bytes in [
            Vec::new(),
            b"HTTP/1.1 200 OK\r\n".to_vec(),
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Type: application/json\r\n\r\n{"
                .to_vec(),
        ] {
            let url = format!("http://{}/client.json", answering(bytes));
            let timeout = Duration::from_secs(1);
            let why = get(&url, DefaultResolver::default(), timeout).unwrap_err();
            assert_eq!(why, "did not come within 1 seconds");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for (url, why) in [
            (
                "http://app.example/client.json",
                "is at plain http on another machine",
            ),
            (
                "ftp://127.0.0.1/client.json",
                "has a URL that is neither https nor http",
            ),
            (
                "https://user@app.example/client.json",
                "has a URL that has a user name in it",
            ),
        ] {
            let resolver = Turning(Vec::new(), Arc::default());
            assert_eq!(get(url, resolver, TIMEOUT).unwrap_err(), why);
        }
    }

    #[test]
    fn a_name_is_looked_up_once_and_not_into_another_network() {
        let there = answering(answer("200 OK", JSON, "{}"));
        let turns = Arc::new(AtomicUsize::new(0));
        let private = SocketAddr::from(([10, 0, 0, 1], 80));
        let resolver = Turning(vec![there, private], Arc::clone(&turns));
        let url = format!("http://localhost:{}/client.json", there.port());
        assert_eq!(get(&url, resolver, TIMEOUT).unwrap(), b"{}");
        assert_eq!(turns.load(Ordering::Relaxed), 1);
        let resolver = Turning(vec![private], Arc::default());
        let why = get("https://app.example/client.json", resolver, TIMEOUT).unwrap_err();
        assert_eq!(
            why,
            "is at an address that is neither public nor of this machine"
        );
        let literal = "https://169.254.169.254/latest/meta-data";
        let why = client_document(literal).unwrap_err();
        assert_eq!(
            why,
            "is at an address that is neither public nor of this machine"
        );
    }
}
