//! What a run has at hand while it asks for tokens: the server, and how the client says who it is.

use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use crate::cli::args::FetchArgs;
use crate::cli::content_place::ContentPlace;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::request::Request;
use crate::cli::fetch::server::{Authentication, Form, Refused, Server};
use crate::cli::key_choice;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::signing_key;
use crate::cli::ui::Ui;
use crate::keys::probe::Probe;
use crate::keys::remote::{Caching, Network};
use crate::keys::{Address, Local, Source};
use crate::oauth::token_answer::TokenAnswer;
use crate::text::escape;
use crate::token::issue::SigningKey;

/// What a run has at hand while it asks for tokens.
pub(super) struct Session<'s, 'w, 'a> {
    pub(super) ui: &'s mut Ui<'w, 'a>,
    pub(super) request: Request,
    pub(super) network: Network<'a>,
    pub(super) server: Server,
    authentication: Authentication,
    /// The token that is exchanged, or that stands for a person, where the grant has one.
    pub(super) subject_token: Zeroizing<String>,
    pub(super) password: Option<Zeroizing<String>>,
    no_browser: bool,
}

impl<'s, 'w, 'a> Session<'s, 'w, 'a> {
    /// Reads what is needed, and then the metadata of the server.
    pub(super) fn begin(
        args: &FetchArgs,
        request: Request,
        ui: &'s mut Ui<'w, 'a>,
    ) -> Result<Self, Failure> {
        let authentication = authentication(args, &request, ui)?;
        let text = |source: &str, flag, ui: &mut Ui<'_, '_>| secret(source, flag, ui);
        let subject_token = match &request.subject_token {
            Some(source) => text(source, "--subject-token", ui)?,
            None => Zeroizing::default(),
        };
        let password = match &args.password {
            Some(source) => Some(text(&source.to_string_lossy(), "--password", ui)?),
            None => None,
        };
        let network = Network {
            env: ui.world.env,
            now: ui.world.now,
            allow_http: request.allow_http,
            caching: Caching::On,
        };
        let server = Server::find(&request.issuer()?, &network)?;
        Ok(Session {
            ui,
            request,
            network,
            server,
            authentication,
            subject_token,
            password,
            no_browser: args.no_browser,
        })
    }

    pub(super) fn tokens(&mut self, form: Form) -> Result<TokenAnswer, Refused> {
        let client = &self.request.client;
        self.server
            .tokens(client, &self.authentication, form, &self.network)
    }

    pub(super) fn post(&mut self, address: &Address, form: Form) -> Result<Probe, Failure> {
        let client = &self.request.client;
        self.server
            .post(address, client, &self.authentication, form, &self.network)
    }

    /// Opens an address in the browser, or says it.
    pub(super) fn show(&mut self, url: &str) {
        let browser = self.ui.world.variable("BROWSER");
        let is_opened = !self.no_browser && open(browser, url);
        let words = match is_opened {
            true => "the log-in goes on in the browser; if none opens:",
            false => "open this in a browser on this machine to log in:",
        };
        let words = format!("{words}\n\n  {}\n\n", escape::terminal(url));
        self.ui.aside(&words);
    }
}

/// Opens a browser, the one that is named or the system's; whether one could be started.
fn open(browser: Option<String>, url: &str) -> bool {
    // What a browser says is not for this terminal.
    let start = |command: &mut Command| {
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().is_ok()
    };
    match browser.filter(|browser| !browser.is_empty()) {
        Some(browser) => start(Command::new(browser).arg(url)),
        None => open::commands(url).iter_mut().any(start),
    }
}

/// How the client says who it is.
fn authentication(
    args: &FetchArgs,
    request: &Request,
    ui: &mut Ui<'_, '_>,
) -> Result<Authentication, Failure> {
    match (&request.client_secret, &request.client_key) {
        (Some(_), Some(_)) => Err(Failure::usage(
            "a client has a secret or a key: give one of `--client-secret` and `--client-key`",
        )),
        (Some(source), None) => secret(source, "--client-secret", ui).map(Authentication::Secret),
        (None, Some(source)) => {
            let place = key_choice::place(source.as_ref(), ui)?;
            place.must_sign()?;
            let mut passphrase = PassphrasePlace::of(&args.reading, ui)?;
            let sources = key_choice::load(vec![place], &args.reading, &mut passphrase, ui)?;
            let Some(source) = sources.first() else {
                return Err(Failure::new(Exit::NoKey, "there is no key"));
            };
            let key = signing_key::pick(&source.keys, None, None)?;
            let algorithm = key.default_algorithm();
            Ok(Authentication::Key {
                kid: (!key.is_secret()).then(|| key.name()),
                key: SigningKey::new(key, algorithm, args.reading.allow_weak_key)?,
            })
        }
        (None, None) => Ok(Authentication::None),
    }
}

/// A secret from its place on this machine: one line.
fn secret(source: &str, flag: &str, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let wrong = |why: &str| {
        let forms = crate::cli::advice::forms_on_this_machine(|_| true);
        Failure::usage(format!("`{flag}` {why}")).hint(forms)
    };
    let place = match Source::parse(source.as_ref()) {
        Err(_) => return Err(wrong("takes the place of a secret, not the secret itself")),
        Ok(Source::Remote(_)) => return Err(wrong("is read from this machine")),
        Ok(Source::Local(Local::Prompt)) => {
            let what = flag.trim_start_matches('-').replace('-', " ");
            return Ok(crate::keys::secret(&format!("{what}: "))?);
        }
        Ok(Source::Local(local)) => ContentPlace::of(local),
        Ok(Source::Stdin(name)) => ContentPlace::stdin(name, "a secret", ui)?,
    };
    let content = place.content(ui)?;
    let text = std::str::from_utf8(content.bytes.trim_ascii_end());
    let text = text.map_err(|_| wrong("names something that is not text"))?;
    match text.is_empty() {
        true => Err(Failure::new(
            Exit::NoKey,
            format!("`{flag}` names something that is empty"),
        )),
        false => Ok(Zeroizing::new(text.to_owned())),
    }
}
