//! The grants: a file for each, and a row in the table, which the metadata reads.

mod authorization_code;
mod client_credentials;
mod device_code;
mod jwt_bearer;
mod password;
mod refresh_token;
mod token_exchange;

use std::slice;
use std::sync::Arc;

use crate::demo::client::Client;
use crate::demo::client_certificate::ClientCertificate;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::OAuthError;
use crate::demo::event::Entry;
use crate::demo::handle;
use crate::demo::key_ring::KeyRing;
use crate::demo::parameters::Parameters;
use crate::demo::reference::{CLIENT_ID, CLIENT_SECRET, Field, FieldType, field, text};
use crate::demo::secret::{fingerprint, random};
use crate::demo::store::{Authorization, Refresh};
use crate::demo::tokens::{Contents, Owner, TokenAnswer, make};
use crate::text::time::Timestamp;

pub(super) use authorization_code::make_code;
pub(super) use refresh_token::{FORGOTTEN, RefreshTokenState, find as find_refresh_token};

/// A way to a token.
pub(super) struct Grant {
    /// `grant_type`, as the registry of RFC 6749 and the metadata name it.
    pub(super) name: &'static str,
    /// Whether a request need not name its client.
    pub(super) without_client: bool,
    /// Whether only clients with a secret may use it.
    pub(super) confidential: bool,
    /// What it is, in a few words.
    pub(super) description: &'static str,
    /// Where it is specified.
    pub(super) section: &'static str,
    /// The fields of its form, without those of the client.
    pub(super) fields: &'static [Field],
    /// Gives the tokens, or says why not.
    pub(super) run: fn(&mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError>,
}

/// Every grant.
pub(super) const GRANTS: &[Grant] = &[
    authorization_code::GRANT,
    refresh_token::GRANT,
    client_credentials::GRANT,
    password::GRANT,
    device_code::GRANT,
    token_exchange::GRANT,
    jwt_bearer::GRANT,
];

/// `authorization_code`, which `/authorize` leads to.
pub(super) const AUTHORIZATION_CODE: &str = authorization_code::GRANT.name;

/// `client_credentials`, by which a client asks for itself.
pub(super) const CLIENT_CREDENTIALS: &str = client_credentials::GRANT.name;

/// The device grant, which `/device_authorization` leads to.
pub(super) const DEVICE_CODE: &str = device_code::GRANT.name;

/// RFC 6749 section 3.3.
const SCOPE: Field = text(
    "scope",
    "what the token may be used for, with spaces between; without it, what the client usually may",
);

/// RFC 8707 section 2.
const RESOURCE: Field = field(
    "resource",
    FieldType::Texts,
    "the URI of the resource that the token is for, which becomes its `aud`; it may be given more than once",
);

impl Grant {
    /// The form of a request, with examples.
    pub(super) fn form(&'static self) -> Vec<Field> {
        let name = slice::from_ref(&self.name);
        let grant_type = field("grant_type", FieldType::Word(name), "the grant").required();
        let client = match (self.confidential, self.without_client) {
            (true, _) => [
                CLIENT_ID.example(|examples| examples.service.to_owned()),
                CLIENT_SECRET.example(|examples| examples.secret.to_owned()),
            ],
            (false, false) => [
                CLIENT_ID.example(|examples| examples.app.to_owned()),
                CLIENT_SECRET,
            ],
            (false, true) => [CLIENT_ID, CLIENT_SECRET],
        };
        [&[grant_type], self.fields, &client].concat()
    }
}

/// The grant with this name, or with this last part of a name that is a URN.
pub(super) fn meant(name: &str) -> Option<&'static Grant> {
    let is_meant =
        |grant: &&Grant| grant.name == name || grant.name.rsplit(':').next() == Some(name);
    GRANTS.iter().find(is_meant)
}

/// The grant of a name.
pub(super) fn named(name: &str) -> Option<&'static Grant> {
    GRANTS.iter().find(|grant| grant.name == name)
}

/// The names of all grants, for messages.
pub(super) fn names() -> Vec<&'static str> {
    GRANTS.iter().map(|grant| grant.name).collect()
}

/// A request at the token endpoint whose client is known.
pub(super) struct TokenRequest<'a> {
    pub(super) demo: &'a DemoServer,
    pub(super) keys: &'a KeyRing,
    pub(super) parameters: &'a Parameters,
    pub(super) client: Arc<Client>,
    /// Whether the request named its client.
    pub(super) named_client: bool,
    pub(super) now: Timestamp,
    /// The thumbprint of the key that the sender proves to have (RFC 9449 section 5).
    pub(super) jkt: Option<String>,
    /// The certificate that the sender has the key of.
    pub(super) certificate: Option<&'a ClientCertificate>,
    pub(super) entry: &'a mut Entry,
}

impl TokenRequest<'_> {
    /// The thumbprint of the certificate that tokens of the client are bound to, if they are.
    fn bound_certificate(&self) -> Option<&str> {
        let certificate = self.certificate?;
        (self.client.binds_to_certificate).then(|| certificate.thumbprint())
    }

    /// Tokens for an authorization by a resource owner. They are a new family, with a refresh token
    /// if the client may have one.
    fn tokens_of(
        &self,
        authorization: &Authorization,
        nonce: Option<&str>,
        family: &str,
        refreshes: bool,
    ) -> Result<TokenAnswer, OAuthError> {
        let answer = self.tokens(authorization, nonce, family)?;
        if !refreshes {
            return Ok(answer);
        }
        let lifetimes = self.client.lifetimes(&self.demo.settings().lifetimes);
        let lifetime = lifetimes.refresh_token;
        let until = self.now.saturating_add(lifetime);
        let kind = handle::HandleKind::RefreshToken;
        let handles = self.demo.handles();
        let handle = handles.make(kind, family, &authorization.client_id, until)?;
        let last = random()?;
        // The refresh token of a client with a secret is bound by that secret (RFC 9449 section 5).
        let jkt = self.jkt.clone().filter(|_| self.client.is_public());
        let refresh = Refresh {
            authorization: authorization.clone(),
            current: fingerprint(&last),
            jkt,
        };
        let mut store = self.demo.store();
        store
            .refreshes
            .insert(fingerprint(family), refresh, self.now, until);
        Ok(answer.with_refresh_token(&handle, &last))
    }

    fn tokens(
        &self,
        authorization: &Authorization,
        nonce: Option<&str>,
        family: &str,
    ) -> Result<TokenAnswer, OAuthError> {
        let Authorization {
            scope, resources, ..
        } = authorization;
        let contents = Contents {
            owner: Some(Owner {
                user: &authorization.user,
                auth_time: Some(authorization.auth_time),
                nonce,
                acr: authorization.acr,
                sid: authorization.sid.as_deref(),
                claims: &authorization.claims,
            }),
            jkt: self.jkt.as_deref(),
            certificate: self.bound_certificate(),
            ..Contents::of_client(&self.client, scope, resources, family)
        };
        make(self.demo, self.keys, &contents, self.now)
    }
}
