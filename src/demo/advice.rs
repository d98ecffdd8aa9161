//! What would allow a refused request, as data: the program that started the server puts it into
//! words.

use crate::demo::redact::{hide, without_random};
use crate::demo::redirect_uri::RedirectUri;

/// The word for the right to inspect the tokens of other clients.
pub const INTROSPECTS: &str = "introspects";

/// The prefix of a URI to which browsers may be sent after a log-out.
pub const POST_LOGOUT: &str = "logout:";

/// A longer URI is not repeated.
const LONGEST: usize = 400;

/// What would allow a refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Let a client send browsers to a URI.
    AllowUri {
        /// The client.
        client: String,
        /// The URI; `None` where it is too long to be repeated, or may hold a secret.
        uri: Option<String>,
        /// Whether they go there after a log-out.
        after_logout: bool,
    },
    /// Let a client inspect the tokens of all.
    AllowIntrospection {
        /// The client.
        client: String,
    },
    /// Let a client be known by its document.
    KnowDocument,
    /// Give the server the name under which it was asked.
    NameServer,
}

impl Advice {
    /// How to let a client send browsers to a URI that it has not registered, or why it cannot.
    pub(super) fn allow(client: &str, uri: &str, after_logout: bool) -> Result<Self, &'static str> {
        RedirectUri::parse(uri)?;
        // The user knows the URI, so it need not be repeated.
        let can_be_repeated = uri.len() <= LONGEST && without_random(uri) == uri;
        Ok(Advice::AllowUri {
            client: client.to_owned(),
            uri: can_be_repeated.then(|| uri.to_owned()),
            after_logout,
        })
    }

    /// The same without any of the secrets.
    pub(super) fn without_secrets(self, secrets: &[&str]) -> Self {
        match self {
            Advice::AllowUri {
                client,
                uri,
                after_logout,
            } => Advice::AllowUri {
                client,
                uri: uri.map(|uri| hide(&uri, secrets)),
                after_logout,
            },
            other => other,
        }
    }
}
