//! What each command takes, as clap sees it: declared here, decided elsewhere.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Subcommand, ValueEnum, ValueHint};

use crate::cli::any_algorithm::{self, AnyAlgorithm};
use crate::cli::source_help;
use crate::demo::workload::PLATFORMS;
use crate::keys::token_store::TokenPlace;
use crate::token::algorithm::Algorithm;
use crate::token::encoding::Encoding;
use crate::token::jwe::ContentEncryption;

/// What every command takes.
#[derive(Debug, Default, Args)]
pub struct Global {
    /// When to colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        display_order = 900
    )]
    #[arg(help = "When to colour: auto, always or never")]
    pub color: ColorChoice,
    /// Print no notes; verify and decode --expires-after then print errors only
    #[arg(short, long, global = true, display_order = 901)]
    pub quiet: bool,
    /// Say where the key came from and what was not checked
    #[arg(
        short,
        long,
        global = true,
        display_order = 902,
        conflicts_with = "quiet"
    )]
    pub verbose: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that wants it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where a key is and how to read it: the same wherever a key is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Key")]
pub struct KeyArgs {
    /// Where the key is.
    #[arg(short, long, help = source_help::short(), long_help = source_help::long(), value_name = "SOURCE", action = ArgAction::Append, allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub key: Vec<OsString>,
    /// How it is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How the content of a key is read.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Key")]
pub struct ReadingArgs {
    /// How a secret is written
    #[arg(long, value_name = "ENCODING", value_parser = encodings())]
    pub key_encoding: Option<Encoding>,
    /// Accept a secret that is shorter than its hash
    #[arg(long)]
    pub allow_weak_key: bool,
    /// Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    #[arg(long, value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub passphrase: Option<OsString>,
    /// Fetch keys from the network again, and do not cache them
    #[arg(long)]
    pub no_cache: bool,
    /// Also fetch keys over plain http from other machines
    #[arg(long)]
    pub allow_http: bool,
}

/// Make a signed token
#[derive(Debug, Args)]
pub struct IssueArgs {
    /// The key.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Algorithm to sign with [default: the key's]
    ///
    /// With --encrypt-to it may be given again, for the algorithm of key management: RSA-OAEP-256,
    /// RSA-OAEP, ECDH-ES, ECDH-ES+A256KW, A256KW, A256GCMKW, dir, PBES2-HS512+A256KW and their likes.
    #[arg(short, long, value_name = "ALG", value_parser = any_algorithm::parser(true), help_heading = "Key")]
    pub alg: Vec<AnyAlgorithm>,
    /// Issuer
    #[arg(long, value_name = "ISS", help_heading = "Claims")]
    pub iss: Option<String>,
    /// Subject
    #[arg(long, value_name = "SUB", help_heading = "Claims")]
    pub sub: Option<String>,
    /// Audience; several make an array
    #[arg(long, value_name = "AUD", help_heading = "Claims")]
    pub aud: Vec<String>,
    /// Token ID; a random one without a value
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "", help_heading = "Claims")]
    pub jti: Option<String>,
    /// When it expires: a duration from now, a time, or never [default: 30m]
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Claims"
    )]
    pub exp: Option<String>,
    /// From when on it is valid
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Claims"
    )]
    pub nbf: Option<String>,
    /// When it was issued, or none [default: now]
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Claims"
    )]
    pub iat: Option<String>,
    /// Any claim: NAME=TEXT for a string, NAME:=JSON for any JSON value
    #[arg(
        short,
        long = "claim",
        value_name = "NAME=TEXT",
        help_heading = "Claims"
    )]
    pub claims: Vec<String>,
    /// Claims from a file with a JSON object; - is standard input
    #[arg(long = "claims", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Claims")]
    pub claims_file: Option<OsString>,
    /// Start from the claims and header of this token; - is standard input
    #[arg(long, value_name = "TOKEN", help_heading = "Claims")]
    pub from: Option<OsString>,
    /// Drop a claim
    #[arg(long, value_name = "NAME", help_heading = "Claims")]
    pub without: Vec<String>,
    /// Make an SD-JWT in which this claim is disclosed by itself (RFC 9901); may be given again
    #[arg(long, value_name = "NAME", conflicts_with_all = ["batch", "dpop", "client_assertion"], help_heading = "Claims")]
    pub sd: Vec<String>,
    /// Where the key of the token's holder is, whose public half goes into `cnf`
    #[arg(long, value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other, conflicts_with_all = ["batch", "dpop", "client_assertion"], help_heading = "Claims")]
    pub holder_key: Option<OsString>,
    /// Any header parameter: NAME=TEXT or NAME:=JSON
    #[arg(long = "header", value_name = "NAME=TEXT", help_heading = "Header")]
    pub header: Vec<String>,
    /// Key ID for the header, or none; of a JWKS it picks the key [default: the key's]
    #[arg(long, value_name = "ID", help_heading = "Header")]
    pub kid: Option<String>,
    /// Media type for the header, or none [default: JWT]
    #[arg(long, value_name = "TYPE", help_heading = "Header")]
    pub typ: Option<String>,
    /// Encrypt to the key at this place, of the token's recipient: what --key signs, or else the claims
    ///
    /// A SOURCE, also of public keys on the network. Whoever has a public key can encrypt to it, so
    /// without --key nothing says who made the token.
    #[arg(
        long,
        value_name = "SOURCE",
        allow_hyphen_values = true,
        value_hint = ValueHint::Other,
        conflicts_with_all = ["dpop", "client_assertion", "batch"],
        help_heading = "Encryption"
    )]
    pub encrypt_to: Option<OsString>,
    /// How the content is encrypted [default: A256GCM, or what the key is for]
    #[arg(long, value_name = "ENC", value_parser = any_algorithm::encryptions(), requires = "encrypt_to", help_heading = "Encryption")]
    pub enc: Option<ContentEncryption>,
    /// Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    #[arg(
        long,
        value_name = "HOW",
        requires = "encrypt_to",
        help_heading = "Encryption"
    )]
    pub key_derivation: Option<String>,
    /// Make a proof of possession for a request, with the public half of the key in it (RFC 9449)
    ///
    /// Its claims are those of the RFC: `jti`, `htm`, `htu` without the query, and `iat`. It goes into
    /// the header DPoP of that one request.
    #[arg(
        long,
        value_names = ["METHOD", "URL"],
        num_args = 2,
        action = clap::ArgAction::Set,
        conflicts_with_all = ["iss", "sub", "aud", "exp", "nbf", "claims", "claims_file", "from", "without", "header", "typ", "batch", "client_assertion"],
        help_heading = "Purpose"
    )]
    pub dpop: Vec<String>,
    /// The access token that the proof goes with, of which it has the hash; - is standard input
    #[arg(
        long,
        value_name = "TOKEN",
        requires = "dpop",
        help_heading = "Purpose"
    )]
    pub ath: Option<OsString>,
    /// What the server wants repeated: the header DPoP-Nonce of its answer
    #[arg(
        long,
        value_name = "NONCE",
        requires = "dpop",
        help_heading = "Purpose"
    )]
    pub nonce: Option<String>,
    /// Make an assertion by which this client says who it is, for a minute (RFC 7523)
    ///
    /// It goes to the token endpoint as client_assertion; `--aud` is the issuer of the server, or its
    /// token endpoint. With a secret as the key it is for client_secret_jwt.
    #[arg(
        long,
        value_name = "CLIENT",
        conflicts_with_all = ["iss", "sub", "nbf", "claims", "claims_file", "from", "without", "header", "typ", "batch"],
        help_heading = "Purpose"
    )]
    pub client_assertion: Option<String>,
    /// Break the token on purpose, to test who checks it; may be given again
    ///
    /// The same faults that serve-demo has for its tokens: expired, not-yet-valid, wrong-aud, wrong-iss,
    /// wrong-typ, wrong-kid, wrong-alg, bad-signature, alg-none, missing-sub, missing-iat, clock-skew:DUR
    /// and others. A note says what is wrong with the token.
    #[arg(
        long = "fault",
        value_name = "NAME",
        conflicts_with = "batch",
        help_heading = "Output"
    )]
    pub faults: Vec<String>,
    /// Print one JSON object with the token, header, claims and expiry
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// Make a token of each line of standard input, which is a JSON object of claims
    #[arg(long, conflicts_with = "claims_file", help_heading = "Batch")]
    pub batch: bool,
    /// How many threads work on it [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "batch", help_heading = "Batch")]
    pub jobs: Option<u16>,
}

/// Show what a token says, without trusting it
#[derive(Debug, Args)]
pub struct DecodeArgs {
    /// Tokens, or texts with tokens in them, or with --batch files; - or nothing is standard input
    ///
    /// A token that is longer than the system lets an argument be (128 KiB on Linux) has to come on
    /// standard input.
    #[arg(value_name = "TOKEN")]
    pub tokens: Vec<OsString>,
    /// Where the key is that opens encrypted tokens, never the key itself; may be given again
    ///
    /// A private key or a secret, at a place such as env:NAME, keyring:NAME or ./private.pem. What is
    /// inside is shown as any token is, and not checked: jott verify --decrypt-key does that.
    #[arg(short, long, value_name = "SOURCE", action = ArgAction::Append, allow_hyphen_values = true, value_hint = ValueHint::Other, conflicts_with = "redact", help_heading = "Key")]
    pub key: Vec<OsString>,
    /// How a secret is written
    #[arg(long, value_name = "ENCODING", value_parser = encodings(), requires = "key", help_heading = "Key")]
    pub key_encoding: Option<Encoding>,
    /// Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    #[arg(long, value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other, requires = "key", help_heading = "Key")]
    pub passphrase: Option<OsString>,
    /// Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    #[arg(long, value_name = "HOW", requires = "key", help_heading = "Key")]
    pub key_derivation: Option<String>,
    /// Algorithm to open tokens with; may be given again [default: those that the key can mean]
    #[arg(short, long, value_name = "ALG", value_parser = any_algorithm::parser(false), requires = "key", help_heading = "Key")]
    pub alg: Vec<AnyAlgorithm>,
    /// How many bytes may come out of a compressed content [default: 262144]
    #[arg(long, value_name = "BYTES", requires = "key", help_heading = "Key")]
    pub max_inflated: Option<u32>,
    /// Compare two tokens: what only one of them says, and what they say differently
    #[arg(long, help_heading = "Output", conflicts_with_all = ["redact", "get", "expires_after", "batch", "without"])]
    pub diff: bool,
    /// Print an SD-JWT without what is disclosed of this name, to present fewer claims; may be given again
    #[arg(long, value_name = "NAME", help_heading = "Output", conflicts_with_all = ["redact", "json", "get", "expires_after", "batch"])]
    pub without: Vec<String>,
    /// Print one JSON object a token, each on a line
    #[arg(long, help_heading = "Output", conflicts_with = "redact")]
    pub json: bool,
    /// Print one value: a claim, header.NAME, or a pointer such as /address/city
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Output",
        conflicts_with = "redact"
    )]
    pub get: Option<String>,
    /// End with status 6 if the token expires within this time, has expired or never says
    #[arg(
        long,
        value_name = "DUR",
        help_heading = "Output",
        allow_hyphen_values = true,
        conflicts_with = "redact"
    )]
    pub expires_after: Option<String>,
    /// Copy the input with the signature of every token replaced
    #[arg(long, help_heading = "Output")]
    pub redact: bool,
    /// Take each line of standard input or of files for a token, and print one JSON object for it
    ///
    /// Files may be compressed, as gzip or Zstandard. Where there are several, each object names the
    /// file in its first member.
    #[arg(long, conflicts_with_all = ["get", "expires_after", "redact"], help_heading = "Batch")]
    pub batch: bool,
    /// Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b
    #[arg(long, value_name = "NAME", requires = "batch", help_heading = "Batch")]
    pub field: Option<String>,
    /// How many threads work on it [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "batch", help_heading = "Batch")]
    pub jobs: Option<u16>,
}

/// Check a token's signature and claims
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Tokens, or with --batch files; - or nothing is standard input
    ///
    /// A token that is longer than the system lets an argument be (128 KiB on Linux) has to come on
    /// standard input.
    #[arg(value_name = "TOKEN")]
    pub tokens: Vec<OsString>,
    /// The key.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Where the key is that opens encrypted tokens; --key checks what is inside
    #[arg(long, value_name = "SOURCE", action = ArgAction::Append, allow_hyphen_values = true, value_hint = ValueHint::Other, help_heading = "Key")]
    pub decrypt_key: Vec<OsString>,
    /// Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    #[arg(
        long,
        value_name = "HOW",
        requires = "decrypt_key",
        help_heading = "Key"
    )]
    pub key_derivation: Option<String>,
    /// Algorithm to allow; may be given again [default: those of the key]
    #[arg(short, long, value_name = "ALG", value_parser = any_algorithm::parser(true), help_heading = "Checks")]
    pub alg: Vec<AnyAlgorithm>,
    /// Issuer to accept; may be given again
    #[arg(
        long,
        value_name = "ISS",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub iss: Vec<String>,
    /// Audience to accept; may be given again
    #[arg(
        long,
        value_name = "AUD",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub aud: Vec<String>,
    /// Accept any audience, also under a key from the network
    #[arg(long, help_heading = "Checks", conflicts_with_all = ["aud", "signature_only"])]
    pub any_aud: bool,
    /// Subject to accept
    #[arg(
        long,
        value_name = "SUB",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub sub: Option<String>,
    /// Media type that the header's typ must be, such as at+jwt
    #[arg(long, value_name = "TYPE", help_heading = "Checks")]
    pub typ: Option<String>,
    /// What a claim must be: NAME=TEXT, NAME:=JSON, or NAME~=PATTERN with * for any text
    ///
    /// NAME=TEXT: the claim is this text, or an array that contains it, or (scope, scp) a list of
    /// words that contains it. NAME:=JSON: the claim is equal to this JSON value, numbers by value.
    /// NAME~=PATTERN: the claim, or one value of an array, matches from beginning to end; * stands
    /// for any text, everything else for itself, upper and lower case are told apart.
    #[arg(
        short,
        long = "claim",
        value_name = "NAME=TEXT",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub claims: Vec<String>,
    /// For whom the proof of the holder's key in an SD-JWT must have been made
    #[arg(
        long,
        value_name = "AUD",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub kb_aud: Option<String>,
    /// The nonce that the proof of the holder's key must repeat
    #[arg(
        long,
        value_name = "NONCE",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub kb_nonce: Option<String>,
    /// Refuse a token without a proof of its holder's key
    #[arg(long, help_heading = "Checks", conflicts_with = "signature_only")]
    pub require_kb: bool,
    /// A claim that must be there
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub require: Vec<String>,
    /// How far clocks may differ, 10m at most [default: 0s]
    #[arg(
        long,
        value_name = "DUR",
        allow_hyphen_values = true,
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub leeway: Option<String>,
    /// How long ago it may have been issued
    #[arg(
        long,
        value_name = "DUR",
        allow_hyphen_values = true,
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub max_age: Option<String>,
    /// Judge as of this time
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub at: Option<String>,
    /// Accept a token that never expires
    #[arg(long, help_heading = "Checks", conflicts_with = "signature_only")]
    pub allow_no_exp: bool,
    /// Accept segments that keep their padding, signed as they stand: AWS load balancers make such tokens
    #[arg(long, help_heading = "Checks")]
    pub allow_padding: bool,
    /// Check the header and signature only, over any payload, and show no claims
    #[arg(long, help_heading = "Checks")]
    pub signature_only: bool,
    /// The payload of a detached JWS, which is signed and not in the token; - is standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "signature_only", conflicts_with = "find", help_heading = "Checks")]
    pub payload: Option<OsString>,
    /// Check every token that is found in any text
    #[arg(long, help_heading = "Input")]
    pub find: bool,
    /// Print the verdict as one JSON object a token, each on a line
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// Print one value of a valid token; it must be there
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Output",
        conflicts_with = "signature_only"
    )]
    pub get: Option<String>,
    /// Take each line of standard input or of files for a token, and print a verdict in JSON for it
    ///
    /// Files may be compressed, as gzip or Zstandard. Where there are several, each verdict names the
    /// file in its first member.
    #[arg(long, conflicts_with_all = ["find", "get"], help_heading = "Batch")]
    pub batch: bool,
    /// Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b
    #[arg(long, value_name = "NAME", requires = "batch", help_heading = "Batch")]
    pub field: Option<String>,
    /// Print the whole verdict, as --json does
    #[arg(long, requires = "batch", help_heading = "Batch")]
    pub full: bool,
    /// Print the verdicts of valid or of refused tokens alone
    #[arg(long, value_name = "VERDICT", value_parser = ["valid", "invalid"], requires = "batch", help_heading = "Batch")]
    pub only: Option<String>,
    /// How many threads work on it [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "batch", help_heading = "Batch")]
    pub jobs: Option<u16>,
}

/// Run a local OAuth 2.0 server and API to try clients and tokens against
#[derive(Debug, Args)]
pub struct ServeDemoArgs {
    /// Where to listen; port 0 is any that is free [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Server")]
    pub listen: Option<String>,
    /// Listen on an address that other machines can reach
    #[arg(long, help_heading = "Server")]
    pub allow_remote: bool,
    /// The issuer, where clients find the server by another name
    #[arg(long, value_name = "URL", help_heading = "Server")]
    pub issuer: Option<String>,
    /// Where browsers find the pages, if that is elsewhere
    #[arg(long, value_name = "URL", help_heading = "Server")]
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
    #[arg(short, long, value_name = "ALG", value_parser = algorithms(), help_heading = "Key")]
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
    /// after a log-out, or introspects for the right to be told of the tokens of all clients. The log
    /// has the flag that would allow a request.
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
        long = "client-metadata",
        value_name = "URL=FILE",
        help_heading = "What there is"
    )]
    pub client_metadata: Vec<String>,
    /// Fetch the metadata document of a client (its id is a URL)
    ///
    /// From https, or http on this machine: at most 5 KiB in 5 seconds, without a redirect or a proxy, and
    /// from no private or link-local address. Without this nothing is fetched because a client says so.
    #[arg(long, help_heading = "What there is")]
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
    /// program that gives tokens. kubernetes, spiffe: files. The tokens say what they say there, and are signed
    /// by this server, whose issuer they name; `[workload]` of the configuration changes what they say.
    /// Google's and Azure's libraries get access tokens for them here, and find where in their own variables.
    #[arg(
        long = "as",
        value_name = "PLATFORM",
        value_parser = platforms(),
        hide_possible_values = true,
        requires = "command",
        help_heading = "What there is"
    )]
    pub platform: Option<String>,
    /// For whom those tokens are [default: the issuer]
    ///
    /// Those that are there from the start: where a token is asked for, whoever asks says for whom it is. It may
    /// be given again: with gitlab each has a variable, named after it.
    #[arg(
        long = "aud",
        value_name = "AUD",
        requires = "platform",
        help_heading = "What there is"
    )]
    pub audience: Vec<String>,
    /// A fault that clients have to survive; may be given again
    ///
    /// Behind the name and a comma each: endpoint=NAME, client=ID, user=NAME, token=access_token or
    /// id_token, count=N for how often, delay=MS, probability=0.5 and seed=N. /_control/faults lists what
    /// there is, and switches faults on and off while the server runs.
    #[arg(
        long = "fault",
        value_name = "NAME[,KEY=VALUE]...",
        help_heading = "Faults and control"
    )]
    pub faults: Vec<String>,
    /// Let other machines control the server that have this token: a SOURCE, like env:NAME
    #[arg(
        long,
        value_name = "SOURCE",
        conflicts_with = "no_control",
        help_heading = "Faults and control"
    )]
    pub control_token: Option<OsString>,
    /// Let nobody control the server while it runs
    #[arg(long, help_heading = "Faults and control")]
    pub no_control: bool,
    /// Print a configuration with comments, and end
    #[arg(long, help_heading = "Instead of serving")]
    pub print_config: bool,
    /// Ask whether the server of an issuer is up, and end
    #[arg(
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
pub(super) fn serve_demo_args(command: clap::Command) -> clap::Command {
    ServeDemoArgs::augment_args(command).mut_arg("key", |key| {
        key.help("Where the key is, never the key itself [default: one that is made for this run]")
            .long_help(source_help::of_server())
    })
}

/// Get a token, keep it, and refresh it
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// A request that was saved with --save
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// The issuer, whose metadata says where everything is
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Request")]
    pub issuer: Option<String>,
    /// The client
    #[arg(long, value_name = "ID", help_heading = "Request")]
    pub client: Option<String>,
    /// Where the client's secret is, never the secret itself
    #[arg(long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub client_secret: Option<OsString>,
    /// Where the client's private key is, with which it says who it is (private_key_jwt)
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
    /// What the token is for; may be given again, or hold several words
    #[arg(long, value_name = "SCOPE", help_heading = "Request")]
    pub scope: Vec<String>,
    /// The resource that the token is for (RFC 8707); may be given again
    #[arg(long, value_name = "URI", help_heading = "Request")]
    pub resource: Vec<String>,
    /// The audience that the token is for, where the server takes that; may be given again
    #[arg(
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
    /// Bind the token to a key, so that it is of no use without proofs by that key (RFC 9449)
    ///
    /// The key is made for the log-in and kept beside the token. --proof makes the proof of a request.
    #[arg(long, conflicts_with = "ci", help_heading = "Request")]
    pub dpop: bool,
    /// Where the token is that is exchanged, or the JWT that is given
    #[arg(long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub subject_token: Option<OsString>,
    /// The user, for --grant password
    #[arg(long, value_name = "NAME", help_heading = "Request")]
    pub username: Option<String>,
    /// Where the password is, for --grant password [default: prompt]
    #[arg(long, value_name = "SOURCE", help_heading = "Request", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub password: Option<OsString>,
    /// One more parameter of the log-in in a browser, such as prompt=consent, login_hint=alice or access_type=offline; may be given again
    ///
    /// Some servers give a refresh token with prompt=consent alone (OpenID Connect Core 1.0 section 11).
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Request")]
    pub param: Vec<String>,
    /// Where the browser comes back to, for a server that knows one address [default: http://127.0.0.1/callback at a free port]
    ///
    /// An http URL of 127.0.0.1, ::1 or localhost; without a port in it any free one is taken.
    #[arg(long, value_name = "URI", help_heading = "Request")]
    pub redirect_uri: Option<String>,
    /// Print the address of the log-in, and open no browser
    #[arg(long, help_heading = "Request")]
    pub no_browser: bool,
    /// How the client's key is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// How long a token that is kept must be good for [default: 1m]
    #[arg(long, value_name = "DUR", help_heading = "Keeping")]
    pub min_valid: Option<String>,
    /// Get a new one, whatever is kept
    #[arg(long, help_heading = "Keeping")]
    pub fresh: bool,
    /// Where tokens are kept: keyring, file or none [default: the keyring]
    #[arg(long, value_name = "PLACE", value_parser = token_places(), hide_possible_values = true, help_heading = "Keeping")]
    pub store: Option<TokenPlace>,
    /// Save the request, which has no secret in it, under a name
    #[arg(long, value_name = "NAME", help_heading = "Keeping")]
    pub save: Option<String>,
    /// Replace a request that is saved under that name
    #[arg(long, requires = "save", help_heading = "Keeping")]
    pub force: bool,
    /// List the tokens that are kept
    #[arg(long, conflicts_with_all = ["name", "issuer", "client", "forget", "fresh", "save"], help_heading = "Keeping")]
    pub list: bool,
    /// Forget the tokens of a request
    #[arg(long, conflicts_with_all = ["fresh", "save", "command"], help_heading = "Keeping")]
    pub forget: bool,
    /// Tell the server too that they are not to be taken any more (RFC 7009)
    #[arg(long, requires = "forget", help_heading = "Keeping")]
    pub revoke: bool,
    /// Print the line of a request: Authorization: Bearer …
    #[arg(long, group = "form", help_heading = "Output")]
    pub header: bool,
    /// Print both lines of a request with a token that is bound to a key: Authorization, and DPoP
    ///
    /// The proof is for that one request, with the hash of the token in it.
    #[arg(long, value_names = ["METHOD", "URL"], num_args = 2, action = clap::ArgAction::Set, group = "form", conflicts_with = "ci", help_heading = "Output")]
    pub proof: Vec<String>,
    /// What the resource wants repeated in the proof: the header DPoP-Nonce of its answer
    #[arg(
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
    #[arg(long, group = "form", help_heading = "Output")]
    pub exec_credential: bool,
    /// Give the ID token in the place of the access token
    #[arg(long, help_heading = "Output", conflicts_with_all = ["header", "proof", "json"])]
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
    pub(super) fn name(self) -> &'static str {
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

/// Find out why an issuer does not work
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The issuer, by its name or by the address of its metadata
    #[arg(value_name = "URL", value_hint = ValueHint::Url)]
    pub url: String,
    /// The URL is a resource, such as an MCP server: look at it, and at its authorization servers
    ///
    /// A URL without metadata whose answer is 401 and names its metadata is taken for one by itself.
    #[arg(long)]
    pub mcp: bool,
    /// Also ask other machines over plain http
    #[arg(long)]
    pub allow_http: bool,
    /// A token to judge with the keys of the issuer: a SOURCE, like env:NAME or stdin
    ///
    /// It is read from this machine and sent nowhere.
    #[arg(long, value_name = "SOURCE", help_heading = "Token", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub token: Option<OsString>,
    /// Audience to accept; may be given again [default: any]
    #[arg(long, value_name = "AUD", help_heading = "Token", requires = "token")]
    pub aud: Vec<String>,
    /// Print one JSON object
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

/// Keep keys: generate, add, list, show, rename, remove
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct KeyCommandArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeyCommand,
}

/// The commands of `jott key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key, and keep it in the keyring or a file
    ///
    /// Prints the public key as a JWK. A secret (HS256, HS384, HS512) has none: it is kept as hex
    /// text, which is the secret as it stands.
    Generate(GenerateArgs),
    /// Put a key into the keyring, from the prompt or a SOURCE
    Add(AddArgs),
    /// List the keys in the keyring
    List(ListArgs),
    /// Print a key: its public JWK unless told otherwise
    Show(ShowArgs),
    /// Give a key in the keyring another name
    Rename(RenameArgs),
    /// Take a key out of the keyring
    Remove(RemoveArgs),
}

/// `jott key generate`
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Its name in the keyring
    #[arg(value_name = "NAME", default_value = "default")]
    pub name: String,
    /// Algorithm that it is for
    #[arg(short, long, value_name = "ALG", value_parser = algorithms(), default_value = "ES256")]
    pub alg: Algorithm,
    /// Size of an RSA key: 2048, 3072, 4096 or 8192 [default: 3072]
    #[arg(long, value_name = "N")]
    pub bits: Option<u32>,
    /// Keep it in this file instead: PKCS#8 if the name ends in .pem, else a JWK or the secret; - prints it
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "name")]
    pub out: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
}

/// `jott key add`
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Its name in the keyring
    #[arg(value_name = "NAME", default_value = "default")]
    pub name: String,
    /// Where the key is now [default: prompt]
    #[arg(short = 'k', long, visible_alias = "key", value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub from: Option<OsString>,
    /// How it is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
}

/// `jott key list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print one JSON object a key, each on a line
    #[arg(long)]
    pub json: bool,
}

/// `jott key show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Its name in the keyring, or the names of several
    #[arg(value_name = "NAME", default_value = "default", conflicts_with = "key")]
    pub names: Vec<String>,
    /// The key.
    #[command(flatten)]
    pub key: KeyArgs,
    /// As a JWK, which is the default
    #[arg(long, group = "form", help_heading = "Form")]
    pub jwk: bool,
    /// As a JWK Set
    #[arg(long, group = "form", help_heading = "Form")]
    pub jwks: bool,
    /// As PEM: SPKI, or PKCS#8 with --private
    #[arg(long, group = "form", help_heading = "Form")]
    pub pem: bool,
    /// Only its RFC 7638 thumbprint (SHA-256)
    #[arg(
        long,
        group = "form",
        help_heading = "Form",
        conflicts_with = "private"
    )]
    pub thumbprint: bool,
    /// Only the fingerprint of its public half: sha256, of the SPKI, in base64
    #[arg(
        long,
        value_name = "HASH",
        value_parser = ["sha256"],
        group = "form",
        help_heading = "Form",
        conflicts_with = "private"
    )]
    pub fingerprint: Option<String>,
    /// A secret as text
    #[arg(long, group = "form", help_heading = "Form", requires = "private")]
    pub secret: bool,
    /// With the private part, or the secret
    #[arg(long, help_heading = "Form")]
    pub private: bool,
}

/// `jott key rename`
#[derive(Debug, Args)]
pub struct RenameArgs {
    /// Its name in the keyring
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Its name from now on
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Replace what has that name
    #[arg(long)]
    pub force: bool,
}

/// `jott key remove`
#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// Its name in the keyring
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Take out every entry of that name, where there are several
    #[arg(long)]
    pub all: bool,
}

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// The shells that there is a completion script for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU bash
    Bash,
    /// Elvish
    Elvish,
    /// fish
    Fish,
    /// Nushell
    Nushell,
    /// PowerShell
    #[value(name = "powershell")]
    PowerShell,
    /// Z shell
    Zsh,
}

fn algorithms() -> impl TypedValueParser<Value = Algorithm> {
    named(Algorithm::ALL, Algorithm::name)
}

fn encodings() -> impl TypedValueParser<Value = Encoding> {
    named(Encoding::ALL, Encoding::name)
}

/// One of some values, by its name.
fn named<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let names = all.iter().map(|value| PossibleValue::new(name(*value)));
    PossibleValuesParser::new(names).try_map(move |given| {
        let found = all.iter().copied().find(|value| name(*value) == given);
        found.ok_or("there is no such value")
    })
}
