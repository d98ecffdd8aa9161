//! Flags and files to the settings of a server.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use crate::cli::args::ServeDemoArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fault_flag;
use crate::cli::serve_demo::advice;
use crate::cli::serve_demo::tls::ServerTls;
use crate::cli::serve_demo::whole;
use crate::demo::config::{self, Config, ConfigError};
use crate::demo::fault::Rule;
use crate::demo::workload::{Platform, Workload};
use crate::demo::{
    BaseUrl, Client, Control, INTROSPECTS, LARGEST_CLIENT_DOCUMENT, POST_LOGOUT, RedirectUri,
    Secret, Settings, User, documented,
};
use crate::keys::{Say, client_document, named_file};
use crate::text::escape;
use crate::text::time::Span;

/// How `--client` is written.
const CLIENT_FORM: &str =
    "`--client ID=REDIRECT_URI` for a public client, `--client ID:SECRET=REDIRECT_URI` for another";

/// How `--client` adds to an existing client.
const MORE_FORM: &str = "`--client ID+=` takes a redirect URI, `logout:URI` for the way back from a log-out, or `introspects`";

/// The largest configuration.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// Reads where to listen; addresses that other machines can reach must be allowed.
pub(super) fn address(text: &str, allow_remote: bool) -> Result<SocketAddr, Failure> {
    let shown = escape::shorten(text, 60);
    let local = text
        .strip_prefix("localhost:")
        .map(|port| format!("127.0.0.1:{port}"));
    let address: SocketAddr = local.as_deref().unwrap_or(text).parse().map_err(|_| {
        let failure = Failure::usage(format!("`{shown}` is no address and port"));
        match text.trim_start_matches(':').parse::<u16>() {
            Ok(port) => failure.hint(format!("`--listen 127.0.0.1:{port}`")),
            Err(_) => failure.hint("write it like 127.0.0.1:8000 or [::1]:8000"),
        }
    })?;
    if address.ip().is_loopback() || allow_remote {
        return Ok(address);
    }
    Err(Failure::usage(format!("other machines can reach {shown}"))
        .hint("`--allow-remote` lets them, with users and clients that everybody knows"))
}

/// The built-in users and clients, those of the file, and those of the flags.
fn config(args: &ServeDemoArgs, say: Say<'_>) -> Result<Config, Failure> {
    let mut config = Config::built_in();
    if let Some(path) = &args.config {
        let shown = escape::shorten(&path.to_string_lossy(), 120);
        let file = named_file::read(path, &shown, MAX_CONFIG_BYTES, say)
            .map_err(|why| Failure::unread(&shown, &why))?;
        let text = std::str::from_utf8(&file.bytes).map_err(|_| {
            Failure::new(Exit::System, format!("{shown} cannot be read"))
                .cause("it is not UTF-8 text")
        })?;
        // A file that it names is in the same folder.
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut key_file = |name: &str| {
            let place = folder.join(name);
            let shown = escape::shorten(&place.to_string_lossy(), 120);
            let read = named_file::read(&place, &shown, MAX_CONFIG_BYTES, say);
            read.map(|file| file.bytes.to_vec())
                .map_err(|why| format!("{shown} cannot be read: {why}"))
        };
        let read = Config::read(text, &mut key_file);
        config = config.and(read.map_err(|error| explain(&shown, error))?);
    }
    let mut flags = Config {
        lifetimes: config.lifetimes,
        dpop_nonces: config.dpop_nonces,
        workload: config.workload.clone(),
        ..Config::default()
    };
    for text in &args.users {
        flags.users.push(user(text)?);
    }
    let mut additions = Vec::new();
    for text in &args.clients {
        match addition(text)? {
            Some(addition) => additions.push(addition),
            None => add(&mut flags.clients, client(text)?),
        }
    }
    for text in &args.client_metadata {
        flags.clients.push(documented_client(text, say)?);
    }
    if let Some(text) = &args.expires {
        flags.lifetimes.access_token = Span::parse(text)?;
        if flags.lifetimes.access_token == Span::default() {
            return Err(
                Failure::usage("a token that lives for nothing is of no use")
                    .hint("`--expires 1s` is the shortest"),
            );
        }
    }
    if !args.audience.is_empty() {
        flags.workload.audience.clone_from(&args.audience);
    }
    for text in &args.faults {
        let rule =
            Rule::parse(text).map_err(|error| fault_flag::refused(text, &error, |_| true))?;
        flags.faults.push(rule);
    }
    let mut config = config.and(flags);
    for scope in &args.scopes {
        config::check_scope(scope).map_err(|why| {
            Failure::usage(format!("`--scope` {why}")).hint("`--scope notes:read` is one word")
        })?;
        for client in &mut config.clients {
            if !client.scopes.contains(scope) {
                client.scopes.push(scope.clone());
            }
        }
    }
    for (id, more) in additions {
        match config.clients.iter_mut().find(|client| client.id == id) {
            Some(client) => give(client, more)?,
            None => return Err(nobody_to_add_to(&id, &config.clients)),
        }
    }
    Ok(config)
}

/// A client that is given again on the command line has both redirect URIs.
fn add(clients: &mut Vec<Client>, client: Client) {
    match clients.iter_mut().find(|known| known.id == client.id) {
        Some(known) => {
            known.secret = client.secret;
            known.introspects |= client.introspects;
            known.redirect_uris.extend(client.redirect_uris);
            known
                .post_logout_redirect_uris
                .extend(client.post_logout_redirect_uris);
        }
        None => clients.push(client),
    }
}

/// What a client may get, after `=` or `+=`.
enum More {
    RedirectUri(RedirectUri),
    PostLogoutRedirectUri(RedirectUri),
    Introspects,
}

impl More {
    fn parse(id: &str, text: &str, form: &str) -> Result<More, Failure> {
        let logout = text.strip_prefix(POST_LOGOUT);
        if text == INTROSPECTS {
            return Ok(More::Introspects);
        }
        let uri = RedirectUri::parse(logout.unwrap_or(text)).map_err(|why| {
            let shown = escape::shorten(id, 60);
            Failure::usage(format!("the redirect URI of `{shown}` {why}")).hint(form)
        })?;
        Ok(match logout {
            Some(_) => More::PostLogoutRedirectUri(uri),
            None => More::RedirectUri(uri),
        })
    }
}

fn give(client: &mut Client, more: More) -> Result<(), Failure> {
    match more {
        More::RedirectUri(uri) => client.redirect_uris.push(uri),
        More::PostLogoutRedirectUri(uri) => client.post_logout_redirect_uris.push(uri),
        More::Introspects if client.secret.is_none() && client.keys.is_none() => {
            let id = escape::shorten(&client.id, 60);
            return Err(Failure::usage(format!(
                "{id} has no secret, so anybody could be told of all tokens in its name"
            ))
            .hint(format!(
                "`--client '{id}:SECRET={INTROSPECTS}'` gives it one"
            )));
        }
        More::Introspects => client.introspects = true,
    }
    Ok(())
}

/// Adds to an existing client, as `ID+=MORE`. A secret, which may end with `+`, follows a colon.
fn addition(text: &str) -> Result<Option<(String, More)>, Failure> {
    match text.split_once("+=") {
        Some((id, more)) if !id.contains([':', '=']) => {
            Ok(Some((id.to_owned(), More::parse(id, more, MORE_FORM)?)))
        }
        _ => Ok(None),
    }
}

fn nobody_to_add_to(id: &str, clients: &[Client]) -> Failure {
    let id = escape::shorten(id, 60);
    let known: Vec<&str> = clients.iter().map(|client| client.id.as_str()).collect();
    let known = escape::shorten(&known.join(", "), 200);
    Failure::usage(format!("there is no client `{id}` to add to")).hint(format!(
        "there is {known}; `--client '{id}=REDIRECT_URI'` makes one"
    ))
}

fn explain(path: &str, error: ConfigError) -> Failure {
    let place = error
        .place
        .map(|(line, column)| format!(":{line}:{column}"));
    let place = place.unwrap_or_default();
    let failure = Failure::usage(format!("{path}{place}: {}", error.message));
    match error.hint {
        Some(hint) => failure.hint(hint),
        None => failure.hint("`jott serve-demo --print-config` shows what there is"),
    }
}

/// The password is never repeated in a message.
fn user(text: &str) -> Result<User, Failure> {
    let form = "`--user NAME:PASSWORD`, like `--user carol:secret`";
    let Some((name, password)) = text.split_once(':') else {
        return Err(
            Failure::usage("`--user` takes a name and a password with `:` between").hint(form),
        );
    };
    named("the name of a user", name)?;
    named("the password of a user", password)?;
    Ok(User::new(name, Secret::new(password)))
}

/// The secret is never repeated in a message.
fn client(text: &str) -> Result<Client, Failure> {
    let Some((identity, more)) = text.split_once('=') else {
        return Err(
            Failure::usage("`--client` takes an id and a redirect URI with `=` between")
                .hint(CLIENT_FORM),
        );
    };
    let (id, secret) = match identity.split_once(':') {
        // A client with a document has a URL as its id, and no secret.
        Some(("https" | "http", rest)) if rest.starts_with("//") => (identity, None),
        Some((id, secret)) => (id, Some(secret)),
        None => (identity, None),
    };
    named("the id of a client", id)?;
    secret.map_or(Ok(()), |secret| named("the secret of a client", secret))?;
    let mut client = Client::new(id, secret.map(Secret::new)).with_usual_rights();
    give(&mut client, More::parse(id, more, CLIENT_FORM)?)?;
    Ok(client)
}

fn named(what: &str, text: &str) -> Result<(), Failure> {
    config::check_name(text).map_err(|why| Failure::usage(format!("{what} will not do: {why}")))
}

/// The client of a metadata document, as `URL=FILE` has it.
fn documented_client(text: &str, say: Say<'_>) -> Result<Client, Failure> {
    let form = "`--client-metadata https://app.example/client.json=client.json`";
    // The URL may have a `=` in its query; a file name seldom has one.
    let (url, path) = text
        .rsplit_once('=')
        .filter(|(url, path)| !url.is_empty() && !path.is_empty())
        .ok_or_else(|| {
            Failure::usage("`--client-metadata` takes a URL and a file with `=` between").hint(form)
        })?;
    let shown = escape::shorten(path, 120);
    let largest = u64::try_from(LARGEST_CLIENT_DOCUMENT).unwrap_or(u64::MAX);
    let file = named_file::read(Path::new(path), &shown, largest, say)
        .map_err(|why| Failure::unread(&shown, &why))?;
    documented(url, &file.bytes).map_err(|why| Failure::usage(format!("{shown}: {why}")).hint(form))
}

/// The settings that are known before anything listens.
pub(super) struct Plan {
    config: Config,
    platform: Option<&'static Platform>,
    auto_login: bool,
    fetches: bool,
    control: Control,
    issuer: Option<BaseUrl>,
    public_url: Option<BaseUrl>,
}

impl Plan {
    /// Reads flags and files.
    pub(super) fn read(
        args: &ServeDemoArgs,
        control: Control,
        say: Say<'_>,
    ) -> Result<Plan, Failure> {
        let config = config(args, say)?;
        let platform = args.platform.as_deref().and_then(Platform::named);
        whole::check(&config, platform, args.tls.is_some())?;
        Ok(Plan {
            config,
            platform,
            auto_login: args.auto_login,
            fetches: args.fetch_client_metadata,
            control,
            issuer: url("--issuer", args.issuer.as_deref())?,
            public_url: url("--public-url", args.public_url.as_deref())?,
        })
    }

    /// The certificate of the server at an address, as `--tls` asks for it.
    pub(super) fn tls(
        &self,
        text: &str,
        address: IpAddr,
        say: Say<'_>,
    ) -> Result<ServerTls, Failure> {
        let (issuer, pages) = (self.issuer.as_ref(), self.public_url.as_ref());
        let mut clients = self.config.clients.iter();
        let asks = clients.any(|client| client.binds_to_certificate);
        ServerTls::new(text, address, issuer, pages, asks, say)
    }

    /// The settings of a server that listens.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub(super) fn at(self, address: SocketAddr, tls: bool) -> Result<Settings, Failure> {
        let workload = self.config.workload;
        let workload = self
            .platform
            .map(|platform| Workload::new(platform, workload));
        let workload = workload.transpose();
        Ok(Settings {
            workload: workload.map_err(|why| {
                Failure::new(Exit::System, "the workload has no secret to ask with").cause(why)
            })?,
            issuer: self.issuer.unwrap_or_else(|| BaseUrl::at(address, tls)),
            public_url: self.public_url,
            tls,
            remote: !address.ip().is_loopback(),
            port: address.port(),
            users: self.config.users,
            clients: self.config.clients,
            trusted_issuers: self.config.trusted_issuers,
            scopes: self.config.scopes,
            lifetimes: self.config.lifetimes,
            faults: self.config.faults,
            dpop_nonces: self.config.dpop_nonces,
            control: self.control,
            auto_login: self.auto_login,
            fetch_client_metadata: self.fetches.then_some(client_document),
            advise: advice::sentence,
        })
    }
}

/// The URL is not repeated, since it may have a password in it.
fn url(flag: &str, text: Option<&str>) -> Result<Option<BaseUrl>, Failure> {
    let url = text.map(BaseUrl::parse).transpose();
    url.map_err(|why| {
        Failure::usage(format!("the URL of `{flag}` {why}"))
            .hint("write it like http://auth.test:8000")
    })
}
