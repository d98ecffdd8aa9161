//! What `jott serve-demo` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueHint};

use crate::cli::args::{KeyArgs, algorithms};
use crate::cli::source_help;
use crate::demo::workload::PLATFORMS;
use crate::token::algorithm::Algorithm;

/// Run a local OAuth 2.0 server and API to test clients against
#[derive(Debug, Args)]
pub struct ServeDemoArgs {
    /// Where to listen; port 0 is any that is free [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Server")]
    pub listen: Option<String>,
    /// Listen on an address that other machines can reach
    #[arg(hide_short_help = true, long, help_heading = "Server")]
    pub allow_remote: bool,
    /// The issuer, where clients find the server by another name
    #[arg(long, value_name = "URL", help_heading = "Server")]
    pub issuer: Option<String>,
    /// Where browsers find the pages, if that is elsewhere
    #[arg(
        hide_short_help = true,
        long,
        value_name = "URL",
        help_heading = "Server"
    )]
    pub public_url: Option<String>,
    /// Speak TLS: self-signed, or the PEM files of a certificate and its key
    ///
    /// self-signed makes an authority and a certificate for this run, for localhost, the address that is
    /// listened on and the hosts of --issuer and --public-url. The file of the authority, which clients have
    /// to trust, is named as the server starts, and is gone when it ends.
    #[arg(long, value_name = "self-signed|CERT,KEY", help_heading = "Server")]
    pub tls: Option<String>,
    /// The key.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Algorithm to sign with [default: the key's, or RS256]
    #[arg(hide_short_help = true, short, long, value_name = "ALG", value_parser = algorithms(), help_heading = "Key")]
    pub alg: Option<Algorithm>,
    /// How long access tokens and ID tokens live [default: 30m]
    #[arg(long, value_name = "DUR", help_heading = "What there is")]
    pub expires: Option<String>,
    /// A user; may be given again
    #[arg(
        long = "user",
        value_name = "NAME:PASSWORD",
        help_heading = "What there is"
    )]
    pub users: Vec<String>,
    /// A client, public if it has no secret; may be given again
    ///
    /// ID+=MORE adds to a client that is there: another redirect URI, logout:URI for one to go to
    /// after a log-out, or introspects for the right to inspect the tokens of all clients. The log has the
    /// flag that would allow a request.
    #[arg(
        long = "client",
        value_name = "ID[:SECRET]=REDIRECT_URI",
        help_heading = "What there is"
    )]
    pub clients: Vec<String>,
    /// A scope for all clients; may be given again
    #[arg(long = "scope", value_name = "NAME", help_heading = "What there is")]
    pub scopes: Vec<String>,
    /// A client by its metadata document; may be given again
    ///
    /// The URL is its client_id, as clients of the Model Context Protocol have it (Client ID Metadata
    /// Documents). FILE is what the client would serve there: nothing is fetched.
    #[arg(
        hide_short_help = true,
        long = "client-metadata",
        value_name = "URL=FILE",
        help_heading = "What there is"
    )]
    pub client_metadata: Vec<String>,
    /// Fetch the metadata document of a client (its id is a URL)
    ///
    /// From https, or http on this machine: at most 5 KiB in 5 seconds, without a redirect or a proxy, and
    /// from no private or link-local address. Without this nothing is fetched because a client says so.
    #[arg(hide_short_help = true, long, help_heading = "What there is")]
    pub fetch_client_metadata: bool,
    /// Users, clients and lifetimes from a TOML file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "What there is")]
    pub config: Option<PathBuf>,
    /// Log in and consent without asking anybody
    ///
    /// For tests without a browser. The user is the one of login_hint, or of an ID token, or the first one
    /// there is; prompt=none works, too.
    #[arg(long, help_heading = "What there is")]
    pub auto_login: bool,
    /// Give the command the tokens of a job or workload
    ///
    /// github: an address and a token to ask with. gitlab, circleci: variables. buildkite, circleci: the
    /// program that gives tokens. kubernetes, spiffe: files. The tokens have the claims that they have there,
    /// but are signed by this server, whose issuer they name; `[workload]` of the configuration changes the
    /// claims. The libraries of Google, Azure and AWS get access tokens for them here, and find where in
    /// their own variables.
    #[arg(
        long = "as",
        value_name = "PLATFORM",
        value_parser = platforms(),
        hide_possible_values = true,
        requires = "command",
        help_heading = "What there is"
    )]
    pub platform: Option<String>,
    /// The audience of those tokens [default: the issuer]
    ///
    /// Only of the tokens that are there from the start: a request for a token names its audience itself. It
    /// may be given again: with gitlab each audience has a variable, named after it.
    #[arg(
        hide_short_help = true,
        long = "aud",
        value_name = "AUD",
        requires = "platform",
        help_heading = "What there is"
    )]
    pub audience: Vec<String>,
    /// A fault that clients have to survive; may be given again
    ///
    /// After the name, each after a comma: endpoint=NAME, client=ID, user=NAME, token=access_token or
    /// id_token, count=N for how often, delay=MS, probability=0.5 and seed=N. /_control/faults lists the
    /// faults, and switches them on and off while the server runs.
    #[arg(
        long = "fault",
        value_name = "NAME[,KEY=VALUE]...",
        help_heading = "Faults and control"
    )]
    pub faults: Vec<String>,
    /// Let other machines that have this token control the server: a SOURCE, like env:NAME
    #[arg(
        hide_short_help = true,
        long,
        value_name = "SOURCE",
        conflicts_with = "no_control",
        help_heading = "Faults and control"
    )]
    pub control_token: Option<OsString>,
    /// Let nobody control the server while it runs
    #[arg(hide_short_help = true, long, help_heading = "Faults and control")]
    pub no_control: bool,
    /// Print a configuration with comments, and end
    #[arg(long, help_heading = "Instead of serving")]
    pub print_config: bool,
    /// Ask whether the server of an issuer is up, and end
    #[arg(
        hide_short_help = true,
        long,
        value_name = "URL",
        conflicts_with = "print_config",
        help_heading = "Instead of serving"
    )]
    pub check: Option<String>,
    /// Print one JSON object once the server listens
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// Serve while this command runs, and end as it ends
    ///
    /// The server listens on any free port then, and the command finds it in JOTT_ISSUER,
    /// JOTT_TOKEN_ENDPOINT, JOTT_JWKS_URI, JOTT_KEY_SOURCE, and in JOTT_CLIENT_ID and
    /// JOTT_CLIENT_SECRET the client demo-service. With --tls self-signed, JOTT_CA_FILE is the file of the
    /// authority, and so are SSL_CERT_FILE, NODE_EXTRA_CA_CERTS and REQUESTS_CA_BUNDLE, which others read.
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments, help_heading = "Arguments")]
    pub command: Vec<OsString>,
}

/// The places that `--as` knows.
fn platforms() -> PossibleValuesParser {
    let names = PLATFORMS.iter().map(|platform| platform.name);
    PossibleValuesParser::new(names)
}

/// The key options are those of every command, but for where a key comes from by itself.
pub(in crate::cli) fn serve_demo_args(command: clap::Command) -> clap::Command {
    ServeDemoArgs::augment_args(command).mut_arg("key", |key| {
        key.help("Where the key is, never the key itself [default: one that is made for this run]")
            .long_help(source_help::of_server())
    })
}
