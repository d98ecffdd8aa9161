//! One answer of a server as it came, for whoever asks what is wrong with the server.

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
    /// What came behind the header lines.
    pub body: Vec<u8>,
    /// For how many seconds it may be kept (RFC 9111).
    pub lifetime: u64,
    headers: HeaderMap,
}

/// Asks for what is at an address, as a page of the origin would, with what is accepted. No redirect
/// is followed.
///
/// # Errors
/// [`KeyFault`] where nothing comes, or it may not be asked for.
pub fn ask(
    address: &Address,
    origin: &str,
    accept: &str,
    network: &Network<'_>,
) -> Result<Probe, KeyFault> {
    get(address, &[("origin", origin), ("accept", accept)], network)
}

/// Asks for what is at an address, with more header lines, and gives the answer whatever it is.
///
/// # Errors
/// [`KeyFault`] where nothing comes, or it may not be asked for.
pub fn get(
    address: &Address,
    lines: &[(&str, &str)],
    network: &Network<'_>,
) -> Result<Probe, KeyFault> {
    let http = Http::new(network.env, network.now, network.allow_http);
    Ok(Probe::of(http.ask_once(address, lines, None)?, network))
}

/// Sends a form to an address, with more header lines, and gives the answer whatever it is. No redirect
/// is followed: what is sent is secret.
///
/// # Errors
/// [`KeyFault`] where nothing comes, or it may not be asked.
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

    /// The first header line of that name; bytes that are no text are replaced.
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

    /// The body as JSON.
    ///
    /// # Errors
    /// [`KeyFault`] that says in a clause what came instead.
    pub fn json(&self) -> Result<Json<'_>, KeyFault> {
        answer::json(&self.body, self.media_type() == "text/html")
    }
}
