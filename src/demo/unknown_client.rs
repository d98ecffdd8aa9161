//! An unknown client: the remark for the log, and what would make the client known.

use crate::demo::advice::Advice;
use crate::demo::client_url::{check_url, is_like_url};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::redact::quoted;

/// The refusal of a request from an unknown client, with an error code and its section.
pub(super) fn refusal(
    demo: &DemoServer,
    id: &str,
    error: ErrorCode,
    section: &'static str,
) -> OAuthError {
    let refuse = |reason| OAuthError::new(error, reason, section);
    match (is_like_url(id), check_url(id)) {
        (true, Ok(())) => refuse(format!("there is no document of {}", quoted(id, 120)))
            .advise(Ok(Advice::KnowDocument)),
        (true, Err(why)) => refuse(format!(
            "{} {why}, so it can have no document",
            quoted(id, 120)
        )),
        (false, _) => refuse(format!(
            "there is no such client; known: {}",
            demo.client_ids().join(", ")
        )),
    }
}
