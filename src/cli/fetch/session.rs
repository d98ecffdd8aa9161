//! What a run has at hand while it asks for tokens: the server, and how the client says who it is.

use zeroize::Zeroizing;

use crate::cli::args::FetchArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::browser;
use crate::cli::fetch::client::{self, Client};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::proof_key::ProofKey;
use crate::cli::fetch::reply::Reply;
use crate::cli::fetch::request::Request;
use crate::cli::fetch::server::{FormFields, Server};
use crate::cli::ui::Ui;
use crate::keys::remote::{Caching, Network};
use crate::keys::{Address, UnseenLine};
use crate::oauth::token_answer::{TokenAnswer, TokenType};

/// What a run has at hand while it asks for tokens.
pub(super) struct Session<'s, 'w, 'a> {
    pub(super) ui: &'s mut Ui<'w, 'a>,
    pub(super) request: Request,
    pub(super) network: Network<'a>,
    pub(super) server: Server,
    pub(super) client: Client,
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
        let authentication = client::authentication(args, &request, ui)?;
        let subject_token = match &request.subject_token {
            Some(source) => client::secret(source, "--subject-token", ui)?,
            None => Zeroizing::default(),
        };
        let password = match &args.password {
            Some(source) => Some(client::secret(&source.to_string_lossy(), "--password", ui)?),
            None => None,
        };
        let network = Network {
            env: ui.world.env,
            now: ui.world.now(),
            allow_http: request.allow_http,
            caching: Caching::On,
        };
        let server = Server::find(&request.issuer()?, &network)?;
        let client = Client {
            id: request.client.clone(),
            authentication,
            proof_key: None,
        };
        Ok(Session {
            ui,
            request,
            network,
            server,
            client,
            subject_token,
            password,
            no_browser: args.no_browser,
        })
    }

    /// The key that the tokens of the next log-in are bound to, where they are to be (RFC 9449).
    pub(super) fn make_proof_key(&mut self) -> Result<(), Failure> {
        if self.request.dpop {
            const LIST: &str = "dpop_signing_alg_values_supported";
            let key = ProofKey::make(|algorithm| self.server.may_have(LIST, algorithm))?;
            self.client.proof_key = Some(key);
        }
        Ok(())
    }

    pub(super) fn tokens(&mut self, form: &FormFields<'_>) -> Result<TokenAnswer, GrantError> {
        let answer = self.server.tokens(&mut self.client, form, &self.network)?;
        for oddity in &answer.oddities {
            self.ui.note(oddity);
        }
        match (&self.client.proof_key, answer.token_type) {
            (Some(_), TokenType::Bearer) => Err(Failure::new(
                Exit::Refused,
                "the server gave a token that is bound to no key (RFC 9449 section 5)",
            )
            .hint("without `--dpop` it is taken; whoever has it can use it then")
            .into()),
            (None, TokenType::DPoP) => Err(Failure::new(
                Exit::Refused,
                "the server gave a token that is bound to a key, and no key was shown to it",
            )
            .hint("`--dpop` shows one")
            .into()),
            _ => Ok(answer),
        }
    }

    pub(super) fn post(&self, address: &Address, form: &FormFields<'_>) -> Result<Reply, Failure> {
        self.server
            .post(address, &self.client, &[], form, &self.network)
    }

    /// Opens an address in the browser, or says it; the log-in comes back to the port, or a person pastes
    /// where it ended.
    pub(super) fn show(&mut self, url: &str, port: u16) -> Option<UnseenLine> {
        browser::show(url, port, !self.no_browser, self.ui)
    }
}
