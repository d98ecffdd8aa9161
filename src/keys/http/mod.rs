//! One request, with bounds on the answer, which comes from a stranger.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use ureq::http::{HeaderMap, Method, Request, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy, ProxyProtocol};

use crate::keys::address::Address;
use crate::keys::answer;
use crate::keys::{lifetime, tls_fault};
use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::advice::{Advice, NetworkAdvice};
use crate::token::key_fault::{KeyFault, KeyReason};

/// The time for all requests that one source needs.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest set of keys.
const MOST_BYTES: u64 = 1 << 20;

/// The most header lines before it.
const MOST_HEADER_BYTES: usize = 32 << 10;

/// The default of `Accept`.
const KEYS: &str = "application/jwk-set+json, application/json, */*;q=0.5";

/// How many redirects on the same host are followed.
const MOST_REDIRECTS: usize = 3;

/// The way to the network for one source.
pub(super) struct Http<'a> {
    env: &'a dyn Fn(&str) -> Option<OsString>,
    now: Timestamp,
    allow_plain: bool,
    deadline: Instant,
}

/// An answer with status 200.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) is_html: bool,
    /// For how many seconds it may be kept.
    pub(super) lifetime: u64,
}

impl<'a> Http<'a> {
    /// Starts the time limit.
    pub(super) fn new(
        env: &'a dyn Fn(&str) -> Option<OsString>,
        now: Timestamp,
        allow_plain: bool,
    ) -> Self {
        let start = Instant::now();
        Http {
            env,
            now,
            allow_plain,
            deadline: start.checked_add(TIMEOUT).unwrap_or(start),
        }
    }

    /// Fetches an address; `None` where nothing is there (status 404).
    pub(super) fn get(&self, address: &Address) -> Result<Option<Answer>, KeyFault> {
        let shown = address.shown();
        let mut place = address.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = self
                .ask(&place, &[], None)
                .map_err(|e| failure(&shown, e))?;
            match response.status().as_u16() {
                200 => {
                    return self
                        .read(response)
                        .map(Some)
                        .map_err(|e| failure(&shown, e));
                }
                404 => return Ok(None),
                301..=303 | 307 | 308 => place = next(&place, response.headers(), &shown)?,
                status => return Err(refused(address, status, response)),
            }
        }
        Err(KeyFault::rejected(format!(
            "{shown} redirects more than {MOST_REDIRECTS} times"
        )))
    }

    /// Whether the address is https, on this machine, or plain http that is allowed.
    pub(super) fn may_ask(&self, address: &Address) -> bool {
        self.allow_plain || !address.is_plain_elsewhere()
    }

    /// Makes one request, with more header lines, and with a form if there is one to send; gives
    /// the answer with any status.
    pub(super) fn ask_once(
        &self,
        address: &Address,
        lines: &[(&str, &str)],
        form: Option<&[u8]>,
    ) -> Result<(u16, HeaderMap, Vec<u8>), KeyFault> {
        let answer = self.ask(address, lines, form).and_then(|response| {
            let (parts, body) = response.into_parts();
            let body = body.into_with_config().limit(MOST_BYTES).read_to_vec()?;
            Ok((parts.status.as_u16(), parts.headers, body))
        });
        answer.map_err(|fault| failure(&address.shown(), fault))
    }

    fn ask(
        &self,
        address: &Address,
        lines: &[(&str, &str)],
        form: Option<&[u8]>,
    ) -> Result<Response<Body>, Fault> {
        if !self.may_ask(address) {
            return Err(Fault::Plain);
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global).into());
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::aws_lc_rs::default_provider(),
            ));
        let agent: Agent = Agent::config_builder()
            .tls_config(tls.build())
            .proxy(self.proxy(address)?)
            .timeout_global(Some(left))
            .max_response_header_size(MOST_HEADER_BYTES)
            // Redirects are checked here, one by one.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("jott/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .build()
            .into();
        let mut request = Request::builder().uri(address.uri());
        if !lines.iter().any(|(name, _)| *name == "accept") {
            request = request.header(ACCEPT, KEYS);
        }
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let request = match form {
            None => agent.run(request.method(Method::GET).body(())?)?,
            Some(form) => {
                const FORM: &str = "application/x-www-form-urlencoded";
                let request = request.method(Method::POST).header(CONTENT_TYPE, FORM);
                agent.run(request.body(form)?)?
            }
        };
        Ok(request)
    }

    fn read(&self, response: Response<Body>) -> Result<Answer, Fault> {
        let media_type = response.headers().get(CONTENT_TYPE);
        let is_html = media_type.is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
        let lifetime = lifetime::of(response.headers(), self.now);
        let body = response
            .into_body()
            .into_with_config()
            .limit(MOST_BYTES)
            .read_to_vec()?;
        Ok(Answer {
            body,
            is_html,
            lifetime,
        })
    }

    /// The proxy that the environment names for an address. There is none for this machine: plain
    /// http may go there because it does not leave the machine.
    fn proxy(&self, address: &Address) -> Result<Option<Proxy>, Fault> {
        let set = |names: &[&'static str]| {
            names.iter().find_map(|name| {
                let value = (self.env)(name).filter(|value| !value.is_empty())?;
                Some((*name, value.to_string_lossy().into_owned()))
            })
        };
        let named = if address.is_plain() {
            set(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
        } else {
            set(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
        };
        let Some((name, url)) = named.filter(|_| !address.is_loopback()) else {
            return Ok(None);
        };
        let direct = set(&["no_proxy", "NO_PROXY"]);
        if direct.is_some_and(|(_, list)| list.split(',').any(|entry| is_meant(entry, address))) {
            return Ok(None);
        }
        match Proxy::new(&url) {
            Ok(p) if matches!(p.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => {
                Ok(Some(p))
            }
            _ => Err(Fault::Proxy(name)),
        }
    }
}

/// Whether an entry of `NO_PROXY` means an address: `*`, a host with all below it, or a host and
/// port.
fn is_meant(entry: &str, address: &Address) -> bool {
    let entry = entry.trim().to_ascii_lowercase();
    let host = address.host().to_ascii_lowercase();
    let port = format!(":{}", address.port());
    let entry = entry.strip_suffix(&port).unwrap_or(&entry);
    let domain = entry.trim_start_matches('*').trim_start_matches('.');
    entry == "*"
        || !domain.is_empty()
            && host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// How much of an error is read.
const MOST_OF_AN_ERROR: u64 = 64 << 10;

/// The fault of an answer that is an error, with the message of the server. For an address with a
/// query the message is not repeated: some servers repeat the query, which may be secret.
fn refused(address: &Address, status: u16, response: Response<Body>) -> KeyFault {
    let shown = address.shown();
    let body = response.into_body().into_with_config();
    let body = body.limit(MOST_OF_AN_ERROR).read_to_vec();
    let error = answer::error(&body.unwrap_or_default());
    let is_kubernetes = error.is_kubernetes;
    let said = error.said(str::to_owned);
    let said = said.filter(|_| address.uri().query().is_none());
    let fault = KeyFault::rejected(match said {
        Some(said) => format!("{shown} answered {status}: {said}"),
        None => format!("{shown} answered {status}"),
    });
    match status {
        401 | 403 if is_kubernetes => fault.hint(Advice::AskKubernetes),
        401 | 403 => fault.hint(Advice::Network(NetworkAdvice::AskPublicly)),
        _ => fault,
    }
}

/// Where a redirect leads: to another path of the same host, or to a refusal.
fn next(place: &Address, headers: &HeaderMap, shown: &str) -> Result<Address, KeyFault> {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let there = match location.map(|location| place.join(location)) {
        Some(Ok(there)) => there,
        Some(Err(why)) => {
            return Err(KeyFault::rejected(format!(
                "{shown} redirects to an address that {why}"
            )));
        }
        None => return Err(KeyFault::rejected(format!("{shown} redirects to nowhere"))),
    };
    if there.is_beside(place) {
        return Ok(there);
    }
    Err(KeyFault::rejected(format!(
        "{shown} redirects to {}, which is not the host that was asked",
        there.origin()
    ))
    .hint(Advice::Network(NetworkAdvice::NameRedirect)))
}

/// Why there is no answer.
enum Fault {
    /// Plain http to another machine.
    Plain,
    /// The variable does not name a usable proxy.
    Proxy(&'static str),
    /// Any other failure of the network.
    Network(ureq::Error),
}

impl From<ureq::Error> for Fault {
    fn from(error: ureq::Error) -> Self {
        Fault::Network(error)
    }
}

impl From<ureq::http::Error> for Fault {
    fn from(error: ureq::http::Error) -> Self {
        Fault::Network(error.into())
    }
}

fn failure(shown: &str, fault: Fault) -> KeyFault {
    let system = |message: String| KeyFault::new(KeyReason::System, message);
    let error = match fault {
        Fault::Plain => {
            return KeyFault::rejected(format!(
                "{shown} is plain http: anybody between could replace the keys"
            ))
            .hint(Advice::Network(NetworkAdvice::UseHttps));
        }
        Fault::Proxy(name) => {
            return system(format!("{name} does not name a proxy that can be used"))
                .hint(Advice::Network(NetworkAdvice::WriteProxy));
        }
        Fault::Network(error) => error,
    };
    match error {
        ureq::Error::Timeout(_) => system(format!(
            "{shown} did not answer completely within {} seconds",
            TIMEOUT.as_secs()
        )),
        ureq::Error::BodyExceedsLimit(_) => KeyFault::rejected(format!(
            "{shown} answered with more than 1 MiB: that is not a set of keys"
        )),
        ureq::Error::LargeResponseHeader(..) => KeyFault::rejected(format!(
            "{shown} answered with more than {} KiB of header lines",
            MOST_HEADER_BYTES >> 10
        )),
        ureq::Error::ConnectProxyFailed(why) => system(format!(
            "the proxy did not connect to {shown}: {}",
            escape::shorten(&why, 100)
        ))
        .hint(Advice::Network(NetworkAdvice::NameProxy)),
        ureq::Error::Rustls(why) => tls_fault::fault(shown, &why),
        ureq::Error::Io(why) => match why.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(inner) => tls_fault::fault(shown, inner),
            None => system(format!("{shown} cannot be reached: {}", words(&why))),
        },
        other => system(format!(
            "{shown} cannot be asked: {}",
            escape::shorten(&other.to_string(), 200)
        )),
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => "it closed the connection early".to_owned(),
        _ => escape::shorten(&error.to_string(), 200),
    }
}

#[cfg(test)]
mod tests;
