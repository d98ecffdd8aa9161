//! The server as its handlers see it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;

use axum::body::Bytes;
use axum::http::HeaderValue;
use serde_json::{Map, Value};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::sync::{OnceCell, Semaphore, SetOnce};

use crate::demo::base_url::BaseUrl;
use crate::demo::client::Client;
use crate::demo::clock::Clock;
use crate::demo::endpoints::endpoints;
use crate::demo::event::Event;
use crate::demo::fault::{Faults, Rule};
use crate::demo::handle::Handles;
use crate::demo::key_ring::KeyRing;
use crate::demo::lifetimes::Lifetimes;
use crate::demo::path::PLAYGROUND;
use crate::demo::protected;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::registered::{Registered, Registration};
use crate::demo::requests_seen::RequestsSeen;
use crate::demo::scope;
use crate::demo::secret::Secret;
use crate::demo::settings::Settings;
use crate::demo::signing::{KeyChoice, ServerKeys};
use crate::demo::store::Store;
use crate::demo::user::User;
use crate::text::time::{Span, Timestamp};
use crate::text::url::is_loopback;
use crate::token::algorithm::{Algorithm, Family};
use crate::token::generate::generate;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};

/// The size of an RSA key that lives for one run.
const RSA_BITS: u32 = 2048;

/// How many documents of clients are fetched at once.
const MOST_FETCHES: usize = 8;

/// The client that the playground plays first.
pub(super) const PLAYGROUND_CLIENT: &str = "demo-app";

/// The events, in order.
pub type Events = UnboundedReceiver<Event>;

/// The current keys, and those of the start.
struct KeyRings {
    first: Arc<KeyRing>,
    now: RwLock<Arc<KeyRing>>,
}

/// A server: settings, keys and what it remembers. Copies are the same server.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct DemoServer(Arc<Inner>);

struct Inner {
    settings: Settings,
    longest: Lifetimes,
    users: HashMap<String, Arc<User>>,
    clients: HashMap<String, Arc<Client>>,
    registered: Registered,
    /// How many documents may be fetched at once.
    fetches: Semaphore,
    /// The URLs under which it may be asked.
    bases: Vec<BaseUrl>,
    /// Where the playground is.
    playground: Vec<RedirectUri>,
    /// A secret that belongs to nobody, to compare with for unknown names.
    nobody: Secret,
    openid: bool,
    algorithm: Algorithm,
    /// Prepared keys stay in the thread that made them; it is the only one.
    keys: SetOnce<KeyRings>,
    other_jwks: OnceCell<Bytes>,
    /// When the key that signs took its place.
    rotated: Mutex<Option<Timestamp>>,
    store: Mutex<Store>,
    handles: Handles,
    clock: Clock,
    faults: Faults,
    requests: RequestsSeen,
    events: UnboundedSender<Event>,
}

impl DemoServer {
    /// A server that has no key yet; it tells its events to the second value.
    #[must_use]
    pub fn new(
        mut settings: Settings,
        key: &KeyChoice,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> (DemoServer, Events) {
        let openid = !key.is_shared();
        if !openid {
            for client in &mut settings.clients {
                client
                    .scopes
                    .retain(|s| !scope::OF_OPENID.contains(&s.as_str()));
            }
        }
        let (sender, receiver) = unbounded_channel();
        let users = settings
            .users
            .iter()
            .map(|user| (user.name.clone(), Arc::new(user.clone())));
        let clients = settings
            .clients
            .iter()
            .map(|c| (c.id.clone(), Arc::new(c.clone())));
        let demo = DemoServer(Arc::new(Inner {
            users: users.collect(),
            clients: clients.collect(),
            registered: Registered::default(),
            fetches: Semaphore::new(MOST_FETCHES),
            bases: protected::bases(&settings),
            playground: playground_uris(&settings),
            nobody: Secret::new("nobody's"),
            openid,
            algorithm: key.algorithm(),
            keys: SetOnce::new(),
            other_jwks: OnceCell::new(),
            rotated: Mutex::new(None),
            store: Mutex::new(Store::new()),
            handles: Handles::new(),
            clock: Clock::new(clock),
            faults: Faults::new(settings.faults.clone()),
            requests: RequestsSeen::default(),
            events: sender,
            longest: settings.longest(),
            settings,
        }));
        (demo, receiver)
    }

    /// A server with the built-in configuration, and with a key that is made quickly and is not ready yet.
    #[cfg(test)]
    pub(super) fn built_in(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> (DemoServer, Events) {
        use crate::demo::config::Config;
        use crate::demo::settings::Control;
        let Config {
            users,
            clients,
            trusted_issuers,
            scopes,
            lifetimes,
            faults,
            dpop_nonces,
            workload: _,
        } = Config::built_in();
        let settings = Settings {
            issuer: BaseUrl::parse("http://127.0.0.1:8000").unwrap(),
            public_url: None,
            tls: false,
            remote: false,
            port: 8000,
            users,
            clients,
            trusted_issuers,
            scopes,
            lifetimes,
            faults,
            dpop_nonces,
            workload: None,
            control: Control::ThisMachine,
            auto_login: false,
            fetch_client_metadata: None,
            advise: |advice| format!("{advice:?}"),
        };
        DemoServer::new(settings, &KeyChoice::Fresh(Algorithm::ES256), clock)
    }

    /// Makes its key ready; requests that need it wait until then. A key for this run is made in a thread,
    /// since an RSA key takes some time.
    ///
    /// # Errors
    /// [`KeyFault`] where the key cannot sign with the algorithm, or none could be made.
    pub async fn prepare(&self, choice: KeyChoice) -> Result<(), KeyFault> {
        let (key, algorithm, allow_weak) = match choice {
            KeyChoice::Given {
                key,
                algorithm,
                allow_weak,
            } => (*key, algorithm, allow_weak),
            KeyChoice::Fresh(algorithm) => (made(algorithm).await?, algorithm, false),
        };
        let first = Arc::new(KeyRing::new(self.keys_of(key, algorithm, allow_weak)?));
        // It is called once.
        let _ = self.0.keys.set(KeyRings {
            now: RwLock::new(Arc::clone(&first)),
            first,
        });
        Ok(())
    }

    fn keys_of(
        &self,
        key: Key,
        algorithm: Algorithm,
        allow_weak: bool,
    ) -> Result<ServerKeys, KeyFault> {
        ServerKeys::new(
            key,
            algorithm,
            allow_weak,
            &self.0.settings.issuer,
            &self.0.bases,
            &self.0.settings.clients,
        )
    }

    pub(super) async fn keys(&self) -> Arc<KeyRing> {
        let keys = self.0.keys.wait().await;
        Arc::clone(&keys.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Signs with a new key from now on. The previous key stays published until its tokens have expired; in
    /// an emergency it is removed at once.
    pub(super) async fn rotate(&self, emergency: bool) -> Result<(), KeyFault> {
        let keys = self.0.keys.wait().await;
        let key = made(self.0.algorithm).await?;
        let new = self.keys_of(key, self.0.algorithm, false)?;
        let now = self.now();
        let lifetime = self.0.longest.access_token;
        let over = (!emergency).then(|| now.saturating_add(lifetime));
        let mut ring = keys.now.write().unwrap_or_else(PoisonError::into_inner);
        *ring = Arc::new(ring.rotated(new, now, over));
        Ok(())
    }

    /// Whether the signing key has signed for this long. If several requests ask at the same time, only one
    /// gets a yes. The first question starts the time.
    pub(super) fn is_rotation_due(&self, after: Span) -> bool {
        let now = self.now();
        let mut rotated = self
            .0
            .rotated
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let since = rotated.filter(|since| *since <= now);
        let is_due = since.is_some_and(|since| now >= since.saturating_add(after));
        if is_due || since.is_none() {
            *rotated = Some(now);
        }
        is_due
    }

    /// A key set without the server's own key, which is made when it is first asked for.
    pub(super) async fn other_jwks(&self) -> Result<&Bytes, KeyFault> {
        let make = async || {
            let mut key = made(self.0.algorithm).await?;
            key.declare_signing();
            let jwk = key.public_jwk().unwrap_or_default();
            Ok(Bytes::from(format!("{{\"keys\":[{jwk}]}}")))
        };
        self.0.other_jwks.get_or_try_init(make).await
    }

    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> &BaseUrl {
        &self.0.settings.issuer
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The URLs under which it may be asked, the issuer first.
    pub(super) fn bases(&self) -> &[BaseUrl] {
        &self.0.bases
    }

    /// The longest that tokens of any client live.
    pub(super) fn longest_lifetimes(&self) -> &Lifetimes {
        &self.0.longest
    }

    /// The URL under which a request with this Host has come, and whether it is a known one.
    pub(super) fn base_of(&self, host: Option<&HeaderValue>) -> (&BaseUrl, bool) {
        match protected::base_of(&self.0.bases, host) {
            Some(base) => (base, true),
            None => (&self.0.settings.issuer, false),
        }
    }

    /// The URLs of the endpoints, by their names in metadata.
    #[must_use]
    pub fn endpoints(&self) -> Map<String, Value> {
        endpoints(&self.0.settings, self.0.openid)
    }

    /// The public keys as a JWK Set, once there are some.
    pub async fn jwks(&self) -> Option<Bytes> {
        self.keys().await.jwks(self.now())
    }

    /// Whether there is OpenID Connect.
    pub(super) fn has_openid(&self) -> bool {
        self.0.openid
    }

    /// What the tokens are signed with.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.0.algorithm
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The faults that were asked for at the start, are still on, and have never acted.
    #[must_use]
    pub fn unused_faults(&self) -> Vec<Rule> {
        self.0.faults.unused()
    }

    pub(super) fn requests(&self) -> &RequestsSeen {
        &self.0.requests
    }

    /// Everything as it was at the start.
    pub(super) fn reset(&self) {
        self.0.clock.reset();
        self.0.faults.reset();
        self.0.requests.clear();
        self.0.registered.clear();
        if let Some(keys) = self.0.keys.get() {
            let mut now = keys.now.write().unwrap_or_else(PoisonError::into_inner);
            *now = Arc::clone(&keys.first);
        }
        *self.store() = Store::new();
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.0.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn handles(&self) -> &Handles {
        &self.0.handles
    }

    pub(super) fn user(&self, name: &str) -> Option<Arc<User>> {
        self.0.users.get(name).cloned()
    }

    pub(super) fn client(&self, id: &str) -> Option<Arc<Client>> {
        let configured = self.0.clients.get(id).cloned();
        configured.or_else(|| self.0.registered.client(id, self.now()))
    }

    /// Registers a client, or changes what is registered of one.
    pub(super) fn register(&self, registration: Registration) {
        let now = self.now();
        let until = now.saturating_add(self.0.longest.access_token);
        self.0.registered.put(registration, now, until);
    }

    /// Forgets a client that has registered itself.
    pub(super) fn unregister(&self, id: &str) {
        let now = self.now();
        let until = now.saturating_add(self.0.longest.access_token);
        self.0.registered.remove(id, now, until);
    }

    /// The permits for fetching a document.
    pub(super) fn fetches(&self) -> &Semaphore {
        &self.0.fetches
    }

    /// Whether the document of a client has to be fetched, for the first time or again.
    pub(super) fn wants_document(&self, id: &str) -> bool {
        !self.0.clients.contains_key(id) && self.0.registered.wants_document(id, self.now())
    }

    /// The clients that have described themselves.
    pub(super) fn registered(&self) -> &Registered {
        &self.0.registered
    }

    /// Whether there are clients with documents, or can be.
    pub(super) fn takes_documents(&self) -> bool {
        let settings = &self.0.settings;
        let is_documented = |client: &Client| client.has_described_itself();
        settings.fetch_client_metadata.is_some()
            || settings.clients.iter().any(is_documented)
            || self
                .0
                .registered
                .documents(self.now())
                .iter()
                .any(|known| !known.is_empty())
    }

    /// The URLs of the playground, where answers for the clients that it plays may be sent.
    pub(super) fn playground(&self) -> &[RedirectUri] {
        &self.0.playground
    }

    /// The clients that there are, for the log.
    pub(super) fn client_ids(&self) -> Vec<&str> {
        self.0
            .settings
            .clients
            .iter()
            .map(|c| c.id.as_str())
            .collect()
    }

    /// A user whose name and password everybody knows.
    pub(super) fn known_user(&self) -> Option<(&str, &str)> {
        let known = self.0.settings.users.iter().find(|user| user.is_built_in)?;
        Some((&known.name, known.password.expose()))
    }

    /// The secrets of users and clients.
    pub(super) fn secrets(&self) -> Vec<&str> {
        let settings = &self.0.settings;
        let passwords = settings.users.iter().map(|user| &user.password);
        let secrets = settings.clients.iter().filter_map(|c| c.secret.as_ref());
        passwords.chain(secrets).map(Secret::expose).collect()
    }

    /// A secret that nobody has.
    pub(super) fn nobody(&self) -> &Secret {
        &self.0.nobody
    }

    /// The user with this name and password. It takes as long if there is no such name (RFC 6749 section
    /// 10.10).
    pub(super) fn log_in(&self, name: &str, password: &str) -> Option<Arc<User>> {
        let user = self.user(name);
        let known = user.as_ref().map_or(self.nobody(), |user| &user.password);
        let proven = known.is(password);
        user.filter(|_| proven)
    }

    /// Whether a host is a name of this server. Other names may lead here too, by a DNS record of somebody
    /// else.
    pub(super) fn answers_to(&self, host: &str) -> bool {
        let settings = &self.0.settings;
        let own = settings.public_url.iter().chain([&settings.issuer]);
        is_loopback(host)
            || own
                .into_iter()
                .any(|url| url.host().eq_ignore_ascii_case(host))
    }

    pub(super) fn tell(&self, event: Event) {
        // Nobody may be listening.
        let _ = self.0.events.send(event);
    }
}

/// The URLs of the playground, one for each name that browsers may have for this machine.
fn playground_uris(settings: &Settings) -> Vec<RedirectUri> {
    let pages = settings.pages();
    let below = |origin: String| format!("{origin}{}{PLAYGROUND}", pages.path());
    let uris: Vec<String> = match (is_loopback(pages.host()), pages.is_https()) {
        // Any port is allowed (RFC 8252 section 7.3).
        (true, false) => ["127.0.0.1", "[::1]", "localhost"]
            .map(|host| below(format!("http://{host}")))
            .into(),
        (true, true) if settings.tls => {
            let local = settings.local_origins().map(below);
            [pages.join(PLAYGROUND)].into_iter().chain(local).collect()
        }
        _ => vec![pages.join(PLAYGROUND)],
    };
    let parsed = uris.iter().map(|uri| RedirectUri::parse(uri));
    parsed.filter_map(Result::ok).collect()
}

/// A new key, made while other requests are served.
async fn made(algorithm: Algorithm) -> Result<Key, KeyFault> {
    let rsa = matches!(algorithm.family(), Family::RsaPkcs1 | Family::RsaPss);
    let bits = rsa.then_some(RSA_BITS);
    let (sender, receiver) = oneshot::channel();
    let work = move || {
        // If nobody waits any more, the server has stopped.
        let _ = sender.send(generate(algorithm, bits));
    };
    thread::Builder::new().spawn(work).map_err(|e| {
        KeyFault::new(
            KeyReason::System,
            format!("there is no thread to make a key in: {e}"),
        )
    })?;
    receiver
        .await
        .unwrap_or_else(|_| Err(KeyFault::new(KeyReason::System, "no key could be made")))
}
