//! One answer of a server as it came, for finding out what is wrong with the server.

use ureq::http::HeaderMap;

use crate::keys::address::Address;
use crate::keys::http::Http;
use crate::keys::remote::Network;
use crate::keys::{answer, lifetime};
use crate::token::json::Json;
use crate::token::key_fault::KeyFault;

/// What a server answered, whatever its status.
#[derive(Debug)]
pub struct Probe {
    /// The status.
    pub status: u16,
    /// The body, after the header lines.
    pub body: Vec<u8>,
    /// For how many seconds it may be kept (RFC 9111).
    pub lifetime: u64,
    headers: HeaderMap,
}

/// Fetches an address as a page of an origin would, with a value for `Accept`. No redirect is followed.
///
/// # Errors
/// [`KeyFault`] where nothing comes, or the address is not allowed.
pub fn ask(
    address: &Address,
    origin: &str,
    accept: &str,
    network: &Network<'_>,
) -> Result<Probe, KeyFault> {
    get(address, &[("origin", origin), ("accept", accept)], network)
}

/// Fetches an address with more header lines, and gives the answer with any status.
///
/// # Errors
/// [`KeyFault`] where nothing comes, or the address is not allowed.
pub fn get(
    address: &Address,
    lines: &[(&str, &str)],
    network: &Network<'_>,
) -> Result<Probe, KeyFault> {
    let http = Http::new(network.env, network.now, network.allow_http);
    Ok(Probe::of(http.ask_once(address, lines, None)?, network))
}

/// Sends a form to an address, with more header lines, and gives the answer with any status. No redirect is
/// followed, since the form is secret.
///
/// # Errors
/// [`KeyFault`] where nothing comes, or the address is not allowed.
pub fn post(
    address: &Address,
    lines: &[(&str, &str)],
    form: &[u8],
    network: &Network<'_>,
) -> Result<Probe, KeyFault> {
    let http = Http::new(network.env, network.now, network.allow_http);
    Ok(Probe::of(
        http.ask_once(address, lines, Some(form))?,
        network,
    ))
}

impl Probe {
    fn of((status, headers, body): (u16, HeaderMap, Vec<u8>), network: &Network<'_>) -> Probe {
        Probe {
            status,
            lifetime: lifetime::of(&headers, network.now),
            body,
            headers,
        }
    }

    /// The first header line of that name; bytes that are not text are replaced.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers(name).next()
    }

    /// Every header line of that name.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = String> {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| String::from_utf8_lossy(line.as_bytes()).trim().to_owned())
    }

    /// The media type in lower case, without parameters.
    #[must_use]
    pub fn media_type(&self) -> String {
        let line = self.header("content-type").unwrap_or_default();
        let media_type = line.split(';').next().unwrap_or_default();
        media_type.trim().to_ascii_lowercase()
    }

    /// What an answer that is an error says, short and safe for a terminal, after something in it was hidden.
    #[must_use]
    pub fn said(&self, hide: impl Fn(&str) -> String) -> Option<String> {
        answer::error(&self.body).said(hide)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`KeyFault`] with a clause about what came instead.
    pub fn json(&self) -> Result<Json<'_>, KeyFault> {
        answer::json(&self.body, self.media_type() == "text/html")
    }
}
