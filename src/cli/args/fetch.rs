//! What `jott fetch` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;

use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum, ValueHint};

use crate::cli::args::{ReadingArgs, named};
use crate::keys::token_store::TokenPlace;

/// Get a token, keep it, and refresh it
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// A request that was saved with --save
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// The issuer, whose metadata names the endpoints
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Request")]
    pub issuer: Option<String>,
    /// The client
    #[arg(long, value_name = "ID", help_heading = "Request")]
    pub client: Option<String>,
    /// Where the client's secret is, never the secret itself
    #[arg(long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub client_secret: Option<OsString>,
    /// Where the client's private key is, with which it authenticates itself (private_key_jwt)
    #[arg(long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub client_key: Option<OsString>,
    /// How to get it [default: code, or client where there is a secret or a key]
    ///
    /// code: a person logs in in a browser, with PKCE. device: a person logs in on another device.
    /// client: the client for itself. password: a user's name and password. exchange: a token for
    /// another one. jwt-bearer: a token for a JWT of an issuer that the server trusts.
    #[arg(
        long,
        value_name = "GRANT",
        value_enum,
        hide_possible_values = true,
        help_heading = "Request"
    )]
    pub grant: Option<Grant>,
    /// What the token is for, one word or several; may be given again
    #[arg(long, value_name = "SCOPE", help_heading = "Request")]
    pub scope: Vec<String>,
    /// The resource that the token is for (RFC 8707); may be given again
    #[arg(
        hide_short_help = true,
        long,
        value_name = "URI",
        help_heading = "Request"
    )]
    pub resource: Vec<String>,
    /// The audience that the token is for, where the server takes that; may be given again
    #[arg(
        hide_short_help = true,
        long,
        visible_alias = "aud",
        value_name = "AUD",
        help_heading = "Request"
    )]
    pub audience: Vec<String>,
    /// The identity token of this job or workload, for one --audience
    ///
    /// On GitHub Actions, GitLab CI, CircleCI, Buildkite, Google Cloud, Kubernetes, or in a file that
    /// AWS_WEB_IDENTITY_TOKEN_FILE, AZURE_FEDERATED_TOKEN_FILE or SPIFFE_JWT_FILE names. It is not kept.
    #[arg(long, requires = "audience", conflicts_with_all = ["name", "issuer", "client", "grant", "scope", "resource", "save", "list", "forget", "fresh"], help_heading = "Request")]
    pub ci: bool,
    /// Bind the token to a key, so that it is useless without proofs by that key (RFC 9449)
    ///
    /// The key is made for the log-in and kept beside the token. --proof makes the proof of a request.
    #[arg(
        hide_short_help = true,
        long,
        conflicts_with = "ci",
        help_heading = "Request"
    )]
    pub dpop: bool,
    /// Where the token to exchange is, or the JWT to give
    #[arg(hide_short_help = true, long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub subject_token: Option<OsString>,
    /// The user, for --grant password
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NAME",
        help_heading = "Request"
    )]
    pub username: Option<String>,
    /// Where the password is, for --grant password [default: prompt]
    #[arg(hide_short_help = true, long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub password: Option<OsString>,
    /// One more parameter of the log-in in a browser, such as prompt=consent, login_hint=alice or access_type=offline; may be given again
    ///
    /// Some servers give a refresh token with prompt=consent alone (OpenID Connect Core 1.0 section 11).
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NAME=VALUE",
        help_heading = "Request"
    )]
    pub param: Vec<String>,
    /// Where the browser comes back to, if the server accepts only one address [default:
    /// http://127.0.0.1/callback at a free port]
    ///
    /// An http URL of 127.0.0.1, ::1 or localhost; without a port in it any free one is taken.
    #[arg(
        hide_short_help = true,
        long,
        value_name = "URI",
        help_heading = "Request"
    )]
    pub redirect_uri: Option<String>,
    /// Print the address of the log-in, and open no browser
    #[arg(long, help_heading = "Request")]
    pub no_browser: bool,
    /// How the client's key is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// How long a kept token must still be valid [default: 1m]
    #[arg(
        hide_short_help = true,
        long,
        value_name = "DUR",
        help_heading = "Keeping"
    )]
    pub min_valid: Option<String>,
    /// Log in anew, even if a valid token is kept; a refresh token is not used
    #[arg(long, help_heading = "Keeping")]
    pub fresh: bool,
    /// Where tokens are kept: keyring, file or none [default: the keyring]
    #[arg(hide_short_help = true, long, value_name = "PLACE", value_parser = token_places(), hide_possible_values = true, help_heading = "Keeping")]
    pub store: Option<TokenPlace>,
    /// Save the request, which has no secret in it, under a name
    #[arg(long, value_name = "NAME", help_heading = "Keeping")]
    pub save: Option<String>,
    /// Replace a request that is saved under that name
    #[arg(
        hide_short_help = true,
        long,
        requires = "save",
        help_heading = "Keeping"
    )]
    pub force: bool,
    /// List the tokens that are kept
    #[arg(long, conflicts_with_all = ["name", "issuer", "client", "forget", "fresh", "save"], help_heading = "Keeping")]
    pub list: bool,
    /// Forget the tokens of a request
    #[arg(long, conflicts_with_all = ["fresh", "save", "command"], help_heading = "Keeping")]
    pub forget: bool,
    /// Revoke them at the server, too (RFC 7009)
    #[arg(
        hide_short_help = true,
        long,
        requires = "forget",
        help_heading = "Keeping"
    )]
    pub revoke: bool,
    /// Print the line of a request: Authorization: Bearer …
    #[arg(long, group = "form", help_heading = "Output")]
    pub header: bool,
    /// Print both lines of a request with a token that is bound to a key: Authorization, and DPoP
    ///
    /// The proof is for that one request, with the hash of the token in it.
    #[arg(hide_short_help = true, long, value_names = ["METHOD", "URL"], num_args = 2, action = clap::ArgAction::Set, group = "form", conflicts_with = "ci", help_heading = "Output")]
    pub proof: Vec<String>,
    /// The nonce to repeat in the proof: the header DPoP-Nonce of the resource's answer
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NONCE",
        requires = "proof",
        help_heading = "Output"
    )]
    pub nonce: Option<String>,
    /// Print everything that the server gave, as one JSON object
    #[arg(long, group = "form", help_heading = "Output")]
    pub json: bool,
    /// Print what kubectl reads of a plugin (ExecCredential)
    #[arg(hide_short_help = true, long, group = "form", help_heading = "Output")]
    pub exec_credential: bool,
    /// Give the ID token instead of the access token
    #[arg(hide_short_help = true, long, help_heading = "Output", conflicts_with_all = ["header", "proof", "json"])]
    pub id_token: bool,
    /// Run this command with the token in JOTT_TOKEN, and end as it ends
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments, conflicts_with_all = ["header", "proof", "json", "exec_credential", "id_token"], help_heading = "Arguments")]
    pub command: Vec<OsString>,
}

/// The ways to a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// authorization_code with PKCE (RFC 6749 section 4.1, RFC 7636)
    #[default]
    Code,
    /// Device authorization (RFC 8628)
    Device,
    /// client_credentials (RFC 6749 section 4.4)
    Client,
    /// password (RFC 6749 section 4.3)
    Password,
    /// Token exchange (RFC 8693)
    Exchange,
    /// JWT bearer (RFC 7523 section 2.1)
    JwtBearer,
}

impl Grant {
    /// Its name on the command line.
    pub(in crate::cli) fn name(self) -> &'static str {
        match self {
            Grant::Code => "code",
            Grant::Device => "device",
            Grant::Client => "client",
            Grant::Password => "password",
            Grant::Exchange => "exchange",
            Grant::JwtBearer => "jwt-bearer",
        }
    }
}

fn token_places() -> impl TypedValueParser<Value = TokenPlace> {
    named(
        &[TokenPlace::Keyring, TokenPlace::Files, TokenPlace::Nowhere],
        |place| match place {
            TokenPlace::Keyring => "keyring",
            TokenPlace::Files => "file",
            TokenPlace::Nowhere => "none",
        },
    )
}
