//! Client ID Metadata Documents: the `client_id` of a client is the URL of its description
//! (draft-ietf-oauth-client-id-metadata-document-03).

use std::thread;

use serde_json::{Map, Value};
use tokio::sync::oneshot;

use crate::demo::backchannel_uri;
use crate::demo::client::Client;
use crate::demo::client_authentication::{self, NONE};
use crate::demo::client_metadata::{ClientMetadata, check_method};
use crate::demo::client_url::check_url;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::redact::quoted;
use crate::demo::registration::members;
use crate::demo::scope::{OF_OPENID, SCOPES, supported};

/// No document is larger, as the draft recommends.
pub const LARGEST: usize = 5 << 10;

const IDENTIFIER: &str = "Client ID Metadata Document draft section Client Identifier";
const DOCUMENT: &str = "Client ID Metadata Document draft section Client Metadata Document";
const DISCOVERY: &str = "Client ID Metadata Document draft section Client Information Discovery";

/// The client of a document that is given when the server starts.
///
/// # Errors
/// What is wrong with the URL or the document, in a sentence.
pub fn documented(url: &str, document: &[u8]) -> Result<Client, String> {
    let scopes = SCOPES.iter().map(|(name, _)| (*name).to_owned());
    let client = read(url, document, scopes.collect(), &[]);
    client.map_err(|refusal| refusal.remark.text)
}

/// The client of a document.
fn read(
    url: &str,
    document: &[u8],
    scopes: Vec<String>,
    unknown: &[&str],
) -> Result<Client, OAuthError> {
    let invalid =
        |reason: String| OAuthError::new(ErrorCode::InvalidClientMetadata, reason, DOCUMENT);
    check_url(url).map_err(|why| {
        let reason = format!("the `client_id` {why}");
        OAuthError::new(ErrorCode::InvalidClientMetadata, reason, IDENTIFIER)
    })?;
    if document.len() > LARGEST {
        return Err(invalid("the document is larger than 5 KiB".to_owned()));
    }
    let mut given = members(document).map_err(|why| invalid(format!("the document: {why}")))?;
    match given.remove("client_id") {
        Some(Value::String(own)) if own == url => {}
        Some(Value::String(own)) => {
            return Err(invalid(format!(
                "the document is of {}, but its URL is another",
                quoted(&own, 120)
            )));
        }
        _ => return Err(invalid("the document has no `client_id`".to_owned())),
    }
    of_members(url, given, scopes, unknown)
}

/// The client that the members of a document describe; `client_id` is not read here.
fn of_members(
    url: &str,
    given: Map<String, Value>,
    scopes: Vec<String>,
    unknown: &[&str],
) -> Result<Client, OAuthError> {
    let invalid =
        |reason: String| OAuthError::new(ErrorCode::InvalidClientMetadata, reason, DOCUMENT);
    let shared = ["client_secret", "client_secret_expires_at"];
    if let Some(name) = shared.iter().find(|name| given.contains_key(**name)) {
        return Err(invalid(format!(
            "the document has `{name}`, which everybody can read there"
        )));
    }
    let mut metadata = ClientMetadata::read(given, NONE)?;
    check_method(metadata.method())?;
    if client_authentication::needs_secret(metadata.method()) {
        return Err(invalid(format!(
            "the document wants {}, but nobody shares a secret with its client",
            metadata.method()
        )));
    }
    metadata.drop_scopes(unknown);
    metadata.client(url, scopes)
}

/// Adds the client of a document that the control gives.
///
/// # Errors
/// What is wrong, in a sentence.
pub(super) fn add(demo: &DemoServer, document: &[u8]) -> Result<String, String> {
    let given = members(document)?;
    let url = given.get("client_id").and_then(Value::as_str);
    let url = url.ok_or("the document has no `client_id`")?.to_owned();
    let client = read_here(demo, &url, document).map_err(|refusal| refusal.remark.text)?;
    demo.registered().give(client, demo.now());
    Ok(url)
}

fn read_here(demo: &DemoServer, url: &str, document: &[u8]) -> Result<Client, OAuthError> {
    let openid = demo.has_openid();
    let unknown: &[&str] = if openid { &[] } else { OF_OPENID };
    let client = read(url, document, supported(demo.settings(), openid), unknown)?;
    backchannel_uri::check_described(demo.settings(), &client)?;
    Ok(client)
}

/// Fetches the document of a client that is not known, where that is allowed.
///
/// # Errors
/// Why there is none. It is not an error if there is no URL, if nothing may be fetched, or if no
/// document is needed.
pub(super) async fn learn(demo: &DemoServer, id: Option<&str>) -> Result<(), OAuthError> {
    let (Some(id), Some(fetch)) = (id, demo.settings().fetch_client_metadata) else {
        return Ok(());
    };
    if check_url(id).is_err() || !demo.wants_document(id) {
        return Ok(());
    }
    let refused = |why: &str| {
        let reason = format!("the document {} {why}", quoted(id, 120));
        OAuthError::new(ErrorCode::InvalidClient, reason, DISCOVERY)
    };
    let permit = demo.fetches().try_acquire();
    let _permit =
        permit.map_err(|_| refused("is not fetched: too many others are being fetched"))?;
    let (sender, receiver) = oneshot::channel();
    let url = id.to_owned();
    let work = move || {
        // If nobody waits any more, the server has stopped.
        let _ = sender.send(fetch(&url));
    };
    let thread = thread::Builder::new().spawn(work);
    thread.map_err(|_| refused("cannot be fetched: there is no thread for it"))?;
    let document = receiver
        .await
        .map_err(|_| refused("could not be fetched"))?;
    let document = document.map_err(|why| refused(&why))?;
    let client = read_here(demo, id, &document)?;
    demo.registered().keep(client, demo.now());
    Ok(())
}
