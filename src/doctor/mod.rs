//! Why an issuer does not work: its metadata, its keys, and the resource that sends clients to it, as
//! clients that follow the specifications see them.
//!
//! Nothing secret is sent anywhere. What a document names is asked for only under the conditions of
//! [`Address::named`](crate::keys::Address::named).

mod answer;
mod finding;
mod issuer_name;
mod key_set;
mod metadata;
mod resource;

use crate::doctor::metadata::Client;
use crate::keys::remote::Network;
use crate::keys::{Address, Issuer};
use crate::token::content::Keys;

pub use crate::doctor::finding::{Finding, Outcome, Part, Remedy};

/// What was found.
#[derive(Debug)]
pub struct Diagnosis {
    /// Document by document.
    pub parts: Vec<Part>,
    /// Whether anybody answered.
    pub is_reached: bool,
    /// The issuers that were looked at, each with its keys where some can be used.
    pub issuers: Vec<(String, Option<Keys>)>,
}

impl Diagnosis {
    /// Every line.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.parts.iter().flat_map(|part| &part.findings)
    }
}

/// Looks at an issuer; where there is none at the URL, but a protected resource that names its
/// authorization servers, at that and at them.
#[must_use]
pub fn of_issuer(issuer: &Issuer, network: &Network<'_>) -> Diagnosis {
    let diagnosis = with_keys(issuer, Client::Any, network);
    let (metadata, is_found) = diagnosis;
    if !is_found && metadata.is_reached && resource::challenged(issuer.address(), network) {
        return of_resource(issuer.address(), network);
    }
    metadata
}

/// Looks at a protected resource and at the authorization servers that it names, as a client of the
/// Model Context Protocol does.
#[must_use]
pub fn of_resource(url: &Address, network: &Network<'_>) -> Diagnosis {
    let resource = resource::examine(url, network);
    let mut diagnosis = Diagnosis {
        parts: resource.parts,
        is_reached: resource.is_reached,
        issuers: Vec::new(),
    };
    for server in &resource.servers {
        let (server, _) = with_keys(server, Client::Mcp, network);
        diagnosis.parts.extend(server.parts);
        diagnosis.issuers.extend(server.issuers);
    }
    diagnosis
}

/// Checks metadata, and the keys at the address that it has; also tells whether there is any.
fn with_keys(issuer: &Issuer, client: Client, network: &Network<'_>) -> (Diagnosis, bool) {
    let metadata = metadata::examine(issuer, client, network);
    let mut parts = vec![metadata.part];
    let mut keys = None;
    if let Some(place) = &metadata.jwks_uri {
        let (part, found) = key_set::examine(place, &metadata.algorithms, network);
        parts.push(part);
        keys = found;
    }
    let diagnosis = Diagnosis {
        parts,
        is_reached: metadata.is_reached,
        issuers: vec![(issuer.name().to_owned(), keys)],
    };
    (diagnosis, metadata.is_found)
}
