//! The client: how it authenticates itself, and the key that its tokens are bound to.

use zeroize::Zeroizing;

use crate::cli::args::FetchArgs;
use crate::cli::content_place::ContentPlace;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::proof_key::ProofKey;
use crate::cli::fetch::request::Request;
use crate::cli::key_choice;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::signing_key;
use crate::cli::ui::Ui;
use crate::keys::{Local, Source};
use crate::token::issue::SigningKey;

/// A client at a server.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) authentication: Authentication,
    /// The key that its tokens are bound to, where they are (RFC 9449).
    pub(super) proof_key: Option<ProofKey>,
}

/// How a client authenticates itself.
pub(super) enum Authentication {
    /// It does not: a public client.
    None,
    /// By its secret.
    Secret(Zeroizing<String>),
    /// By an assertion that its key signs (RFC 7523).
    Key {
        key: SigningKey,
        kid: Option<String>,
    },
}

impl Client {
    /// Whether its next proof repeats the nonce of the server.
    pub(super) fn has_nonce(&self) -> bool {
        self.proof_key.as_ref().is_some_and(ProofKey::has_nonce)
    }
}

/// How the client authenticates itself.
pub(super) fn authentication(
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
            let algorithm = key.signing_algorithm()?;
            Ok(Authentication::Key {
                kid: (!key.is_secret()).then(|| key.name()),
                key: SigningKey::new(key, algorithm, args.reading.allow_weak_key)?,
            })
        }
        (None, None) => Ok(Authentication::None),
    }
}

/// A secret from its place on this machine: one line.
pub(super) fn secret(
    source: &str,
    flag: &str,
    ui: &mut Ui<'_, '_>,
) -> Result<Zeroizing<String>, Failure> {
    let wrong = |why: &str| {
        let forms = crate::cli::advice::forms_on_this_machine(|_| true);
        Failure::usage(format!("`{flag}` {why}")).hint(forms)
    };
    let place = match Source::parse(source.as_ref()) {
        Err(_) => return Err(wrong("takes the place of a secret, not the secret itself")),
        Ok(Source::Remote(_) | Source::Roots(_) | Source::Holder(_)) => {
            return Err(wrong("is read from this machine"));
        }
        Ok(Source::Local(Local::Prompt)) => {
            let what = flag.trim_start_matches('-').replace('-', " ");
            return Ok(crate::keys::named_secret(&what)?);
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
