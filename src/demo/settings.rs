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

/// Gets what is at a URL, or says why that cannot be had.
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
    /// Whose assertions count (RFC 7523 section 3).
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Scopes beside those that there are.
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
    /// Whether a browser is logged in, and consents, without anybody being asked.
    pub auto_login: bool,
    /// Gets the Client ID Metadata Document of a URL, or says why there is none, as a clause behind "the
    /// document"; without it none is fetched.
    pub fetch_client_metadata: Option<FetchDocument>,
    /// The words for what would allow a refused request, behind what was refused.
    pub advise: fn(&Advice) -> String,
}

/// Somebody whose assertions about others count.
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    /// `iss` of the assertions.
    pub issuer: String,
    /// What they are signed with.
    pub keys: PublicKeys,
    /// The client that asks where a request names none.
    pub client: Option<String>,
}

/// A scope by which access tokens say more.
#[derive(Clone, Debug)]
pub struct ConfiguredScope {
    /// Its name.
    pub name: String,
    /// What access tokens say that have it.
    pub claims: Map<String, Value>,
}

/// Who may control a server while it runs.
#[derive(Clone, Debug)]
pub enum Control {
    /// Nobody.
    Off,
    /// Whoever is on this machine.
    ThisMachine,
    /// Whoever is on this machine, and others with this token.
    Token(Secret),
}

impl Settings {
    /// Where browsers find the pages.
    #[must_use]
    pub fn pages(&self) -> &BaseUrl {
        self.public_url.as_ref().unwrap_or(&self.issuer)
    }

    /// The longest that tokens of any client live: what has to be remembered of them is for so long.
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

    /// The origins of the socket by each of the names that this machine has for itself.
    pub(super) fn local_origins(&self) -> [String; 3] {
        let port = match (self.tls, self.port) {
            (false, 80) | (true, 443) => String::new(),
            (_, port) => format!(":{port}"),
        };
        ["127.0.0.1", "[::1]", "localhost"].map(|host| format!("{}://{host}{port}", self.scheme()))
    }
}
