//! What a server is started with.

use serde_json::{Map, Value};

use crate::demo::advice::Advice;
use crate::demo::base_url::BaseUrl;
use crate::demo::client::Client;
use crate::demo::fault::Rule;
use crate::demo::lifetimes::Lifetimes;
use crate::demo::public_keys::PublicKeys;
use crate::demo::secret::Secret;
use crate::demo::user::User;
use crate::demo::workload::Workload;

/// Fetches a document from a URL, or says why it cannot.
pub type FetchDocument = fn(&str) -> Result<Vec<u8>, String>;

/// What a server is started with, beside its key and its clock.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The issuer: `iss` of every token, and where clients find the endpoints.
    pub issuer: BaseUrl,
    /// Where browsers find the pages, if that is elsewhere.
    pub public_url: Option<BaseUrl>,
    /// Whether it speaks TLS, by itself.
    pub tls: bool,
    /// Whether other machines can reach it.
    pub remote: bool,
    /// The port: browsers keep the cookies of a host's ports together, so it is in their names.
    pub port: u16,
    /// Resource owners.
    pub users: Vec<User>,
    /// Clients.
    pub clients: Vec<Client>,
    /// The issuers whose assertions are accepted (RFC 7523 section 3).
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Additional scopes.
    pub scopes: Vec<ConfiguredScope>,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// The faults that are on from the start.
    pub faults: Vec<Rule>,
    /// Whether proofs of possession have to repeat a nonce (RFC 9449 sections 8 and 9).
    pub dpop_nonces: bool,
    /// The job or the workload that runs beside it, if there is one.
    pub workload: Option<Workload>,
    /// Who may control the server while it runs.
    pub control: Control,
    /// Whether log-in and consent happen without asking anybody.
    pub auto_login: bool,
    /// Fetches a Client ID Metadata Document, or says why it cannot, in a clause that follows "the document".
    /// Without this, no document is fetched.
    pub fetch_client_metadata: Option<FetchDocument>,
    /// Puts into words what would allow a refused request; the words follow the reason of the refusal.
    pub advise: fn(&Advice) -> String,
}

/// An issuer whose assertions about others are accepted.
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    /// `iss` of the assertions.
    pub issuer: String,
    /// The keys for their signatures.
    pub keys: PublicKeys,
    /// The client of requests that name none.
    pub client: Option<String>,
}

/// A scope that adds claims to access tokens.
#[derive(Clone, Debug)]
pub struct ConfiguredScope {
    /// Its name.
    pub name: String,
    /// The claims of access tokens that have it.
    pub claims: Map<String, Value>,
}

/// Who may control a server while it runs.
#[derive(Clone, Debug)]
pub enum Control {
    /// Nobody.
    Off,
    /// Everybody on this machine.
    ThisMachine,
    /// Everybody on this machine, and others with this token.
    Token(Secret),
}

impl Settings {
    /// Where browsers find the pages.
    #[must_use]
    pub fn pages(&self) -> &BaseUrl {
        self.public_url.as_ref().unwrap_or(&self.issuer)
    }

    /// The longest lifetimes of the tokens of all clients: that is how long things have to be remembered.
    pub(super) fn longest(&self) -> Lifetimes {
        let of_clients = self
            .clients
            .iter()
            .map(|client| client.lifetimes(&self.lifetimes));
        of_clients.fold(self.lifetimes, |longest, own| Lifetimes {
            access_token: longest.access_token.max(own.access_token),
            refresh_token: longest.refresh_token.max(own.refresh_token),
            ..longest
        })
    }

    /// The scheme of the URLs of the socket.
    pub(super) fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// The origins of the socket, one for each name of this machine.
    pub(super) fn local_origins(&self) -> [String; 3] {
        let port = match (self.tls, self.port) {
            (false, 80) | (true, 443) => String::new(),
            (_, port) => format!(":{port}"),
        };
        ["127.0.0.1", "[::1]", "localhost"].map(|host| format!("{}://{host}{port}", self.scheme()))
    }
}
