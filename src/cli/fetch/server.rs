//! The authorization server as a client sees it: its metadata, and its token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::client::{Authentication, Client};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::reply::Reply;
use crate::cli::random;
use crate::cli::world::now;
use crate::keys::probe;
use crate::keys::remote::{self, Network};
use crate::keys::{Address, Issuer};
use crate::oauth::assertion::{Assertion, CLIENT_ASSERTION, CLIENT_ASSERTION_TYPE, JWT_BEARER};
use crate::oauth::token_answer::{self, TokenAnswer};
use crate::oauth::{dpop, endpoint, form};
use crate::text::escape;
use crate::token::json::{Json, Kind};
use crate::token::key_fault::{KeyFault, KeyReason};

/// Parameters of a form, in their order. Some are secrets.
pub(super) type FormFields<'a> = Vec<(&'a str, Zeroizing<String>)>;

/// An authorization server.
pub(super) struct Server {
    /// As it calls itself.
    pub(super) issuer: String,
    address: Address,
    metadata: String,
}

impl Server {
    /// Reads the metadata of an issuer.
    pub(super) fn find(issuer: &Issuer, network: &Network<'_>) -> Result<Server, Failure> {
        let metadata = remote::metadata(issuer, network).map_err(failure)?;
        Ok(Server {
            issuer: metadata.issuer,
            address: issuer.address().clone(),
            metadata: metadata.text,
        })
    }

    fn json(&self) -> Option<Json<'_>> {
        Json::parse_str(&self.metadata)
            .ok()
            .map(|parsed| parsed.value)
    }

    /// The address of an endpoint, if there is one.
    pub(super) fn endpoint(
        &self,
        name: &str,
        network: &Network<'_>,
    ) -> Result<Option<Address>, Failure> {
        let url = self
            .json()
            .and_then(|json| json.get(name))
            .and_then(Json::as_str);
        let Some(url) = url else {
            return Ok(None);
        };
        let address = self
            .address
            .named(&url, network.allow_http)
            .map_err(|why| {
                let url = escape::shorten(&url, 120);
                Failure::new(
                    Exit::Refused,
                    format!("the `{name}` of {} will not do", self.issuer_shown()),
                )
                .cause(format!("`{url}` {why}"))
            })?;
        Ok(Some(address))
    }

    /// The same, for an endpoint that is needed.
    pub(super) fn needed(&self, name: &str, network: &Network<'_>) -> Result<Address, Failure> {
        self.endpoint(name, network)?.ok_or_else(|| {
            Failure::new(
                Exit::Refused,
                format!("{} has no `{name}`", self.issuer_shown()),
            )
            .hint("`jott doctor URL` shows what it has; another `--grant` may do without")
        })
    }

    /// Whether metadata lists a value, or has no such list.
    pub(super) fn may_have(&self, list: &str, value: &str) -> bool {
        let Some(json) = self.json().and_then(|json| json.get(list)) else {
            return true;
        };
        json.kind() != Kind::Array || json.elements().any(|element| element.is(value))
    }

    /// Whether metadata says that something is so.
    pub(super) fn says(&self, name: &str) -> bool {
        let value = self.json().and_then(|json| json.get(name));
        value.is_some_and(|value| value.text() == "true")
    }

    pub(super) fn issuer_shown(&self) -> String {
        escape::shorten(&self.issuer, 120)
    }

    /// Asks for tokens. A server that wants a nonce in the proof is asked once more with it.
    pub(super) fn tokens(
        &self,
        client: &mut Client,
        form: &FormFields<'_>,
        network: &Network<'_>,
    ) -> Result<TokenAnswer, GrantError> {
        let address = self.needed(endpoint::TOKEN, network)?;
        let ask = |client: &mut Client| -> Result<Reply, Failure> {
            let proof = client.proof_key.as_ref();
            let proof = proof.map(|key| key.proof("POST", &address.whole(), None, now()));
            let proof = proof.transpose()?;
            let lines = proof.iter().map(|proof| (dpop::HEADER, proof.as_str()));
            let lines: Vec<(&str, &str)> = lines.collect();
            let probe = self.post(&address, client, &lines, form, network)?;
            if let (Some(key), Some(nonce)) =
                (&mut client.proof_key, probe.header(dpop::NONCE_HEADER))
            {
                key.repeat(&nonce);
            }
            Ok(probe)
        };
        let first = read(&ask(client)?, &address);
        match first {
            Err(GrantError::Server(error))
                if error.code == dpop::USE_NONCE && client.has_nonce() =>
            {
                read(&ask(client)?, &address)
            }
            other => other,
        }
    }

    /// Sends a form with the authentication of the client.
    pub(super) fn post(
        &self,
        address: &Address,
        client: &Client,
        lines: &[(&str, &str)],
        form: &FormFields<'_>,
        network: &Network<'_>,
    ) -> Result<Reply, Failure> {
        let mut secrets = Vec::new();
        let id = || Zeroizing::new(client.id.clone());
        let mut lines: Vec<(&str, Zeroizing<String>)> = lines
            .iter()
            .map(|(name, value)| (*name, Zeroizing::new((*value).to_owned())))
            .collect();
        let mut form = form.clone();
        lines.push(("accept", Zeroizing::new("application/json".to_owned())));
        match &client.authentication {
            Authentication::None => form.push(("client_id", id())),
            Authentication::Secret(secret) => {
                const METHODS: &str = "token_endpoint_auth_methods_supported";
                // RFC 6749 section 2.3.1; without a list it is the one that every server has (RFC 8414 section 2).
                if self.may_have(METHODS, "client_secret_basic") {
                    let pair = Zeroizing::new(format!(
                        "{}:{}",
                        form::encode(&client.id),
                        form::encode(secret)
                    ));
                    let pair = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
                    lines.push((
                        "authorization",
                        Zeroizing::new(format!("Basic {}", pair.as_str())),
                    ));
                    secrets.extend([secret.clone(), pair]);
                } else {
                    form.push(("client_id", id()));
                    form.push(("client_secret", secret.clone()));
                }
            }
            Authentication::Key { key, kid } => {
                let jti = random::uuid()?;
                let assertion = Assertion::of_client(&client.id, &self.issuer, &jti, now());
                let assertion = assertion.sign(key, kid.as_deref())?;
                form.push(("client_id", id()));
                form.push((CLIENT_ASSERTION_TYPE, Zeroizing::new(JWT_BEARER.to_owned())));
                form.push((CLIENT_ASSERTION, Zeroizing::new(assertion)));
            }
        }
        let mut body = Zeroizing::new(String::new());
        for (name, value) in &form {
            let separator = if body.is_empty() { "" } else { "&" };
            body.push_str(&format!(
                "{separator}{name}={}",
                *Zeroizing::new(form::encode(value))
            ));
        }
        let lines: Vec<(&str, &str)> = lines
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let probe = probe::post(address, &lines, body.as_bytes(), network).map_err(failure)?;
        Ok(Reply::new(probe, form, secrets))
    }
}

/// Reads what a token endpoint answered.
fn read(reply: &Reply, address: &Address) -> Result<TokenAnswer, GrantError> {
    let shown = address.shown();
    let error = reply.refusal();
    // A server that cannot answer now has refused nothing (RFC 6585 section 4, RFC 9110 section 15.6).
    if let Some(error) = error.filter(|_| !matches!(reply.status, 429 | 500..=599)) {
        return Err(GrantError::Server(error));
    }
    let unfit = |why: String| Failure::new(Exit::Refused, format!("{shown} {why}"));
    match (reply.status, reply.json()) {
        (200, Ok(json)) => Ok(token_answer::read(json).map_err(unfit)?),
        (200, Err(fault)) => Err(unfit(fault.message).into()),
        (status @ 300..=399, _) => Err(unfit(format!(
            "answered {status}, a redirect, which no client of a token endpoint follows"
        ))
        .into()),
        (429 | 500..=599, _) => {
            let status = reply.status;
            let wait = reply
                .header("retry-after")
                .map(|after| escape::shorten(&after, 40));
            let failure = Failure::new(Exit::System, format!("{shown} answered {status}"));
            Err(match wait {
                Some(wait) => failure.hint(format!("try again after {wait} (`Retry-After`)")),
                None => failure.hint("try again"),
            }
            .into())
        }
        (status @ 201..=299, _) => Err(unfit(format!(
            "answered {status}, and tokens come with 200 (RFC 6749 section 5.1)"
        ))
        .into()),
        (status, _) => Err(unfit(match reply.said() {
            Some(said) => format!("answered {status}: {said}"),
            None => format!("answered {status} without saying why"),
        })
        .into()),
    }
}

/// A server that cannot be reached, or one whose documents are not acceptable.
pub(super) fn failure(fault: KeyFault) -> Failure {
    let exit = match fault.reason {
        KeyReason::System => Exit::System,
        _ => Exit::Refused,
    };
    Failure {
        exit,
        ..Failure::from(fault)
    }
}
