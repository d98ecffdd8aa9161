//! What `jott issue` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, ValueHint};

use crate::cli::any_algorithm::{self, AnyAlgorithm};
use crate::cli::args::KeyArgs;
use crate::cli::source_forms::SIGNING_KEY;
use crate::cli::source_help;
use crate::token::jwe::ContentEncryption;
use crate::token::serialization::Serialization;

/// Make a signed token
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("of_certificate").multiple(true)))]
#[command(mut_arg("key", |key| source_help::with_forms(key, SIGNING_KEY)))]
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
    /// When it becomes valid
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
    /// Claims from a JSON object in a file; - is standard input
    #[arg(long = "claims", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Claims")]
    pub claims_file: Option<OsString>,
    /// Start from what this token says; - is standard input
    ///
    /// Of an SD-JWT the disclosed claims are taken, and neither its digests nor its `typ`.
    #[arg(long, value_name = "TOKEN", help_heading = "Claims")]
    pub from: Option<OsString>,
    /// Drop a claim
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NAME",
        help_heading = "Claims"
    )]
    pub without: Vec<String>,
    /// Make an SD-JWT in which this claim is disclosed by itself (RFC 9901); may be given again
    ///
    /// NAME is a claim, or an RFC 6901 pointer to a member or an element within one, such as /address/street
    /// or /nationalities/0. Both may be given: then what is within is disclosed after what it is in.
    #[arg(hide_short_help = true, long, value_name = "NAME", conflicts_with_all = ["dpop", "client_assertion"], help_heading = "Claims")]
    pub sd: Vec<String>,
    /// Where the key of the token's holder is, whose public half goes into `cnf`
    #[arg(hide_short_help = true, long, value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other, conflicts_with_all = ["dpop", "client_assertion"], help_heading = "Claims")]
    pub holder_key: Option<OsString>,
    /// Any header parameter: NAME=TEXT or NAME:=JSON
    #[arg(long = "header", value_name = "NAME=TEXT", help_heading = "Header")]
    pub header: Vec<String>,
    /// Key ID for the header, or none; of a JWKS it picks the key [default: the key's]
    ///
    /// It is of the key that signs. With --encrypt-to and without --key it is of the recipient's key.
    #[arg(long, value_name = "ID", help_heading = "Header")]
    pub kid: Option<String>,
    /// Media type for the header, or none [default: JWT]
    #[arg(long, value_name = "TYPE", help_heading = "Header")]
    pub typ: Option<String>,
    /// The certificate of the key that signs, and those above it, for --x5c, --x5t or --x5t-s256; - is
    /// standard input
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "of_certificate", conflicts_with = "dpop", help_heading = "Header")]
    pub cert: Option<OsString>,
    /// Put the certificates into the header
    #[arg(
        hide_short_help = true,
        long,
        requires = "cert",
        group = "of_certificate",
        help_heading = "Header"
    )]
    pub x5c: bool,
    /// Put the SHA-1 thumbprint of the first certificate into the header, as Entra asks of clients
    #[arg(
        hide_short_help = true,
        long,
        requires = "cert",
        group = "of_certificate",
        help_heading = "Header"
    )]
    pub x5t: bool,
    /// Put its SHA-256 thumbprint into the header
    #[arg(
        hide_short_help = true,
        long,
        requires = "cert",
        group = "of_certificate",
        help_heading = "Header"
    )]
    pub x5t_s256: bool,
    /// Encrypt to the recipient's key at this place
    ///
    /// The token that --key signs is encrypted, or without --key the claims. A SOURCE, also of public keys on
    /// the network. Whoever has a public key can encrypt to it, so without --key nothing says who made the
    /// token. Of a JWKS, --kid picks the recipient's key where nothing is signed; else the first key that
    /// can be encrypted to is taken. Given again, it makes one token that each of them opens, in the general
    /// JSON form (RFC 7516 section 7.2.1); `dir` and ECDH-ES are only for one recipient.
    #[arg(
        long,
        value_name = "SOURCE",
        allow_hyphen_values = true,
        value_hint = ValueHint::Other,
        conflicts_with_all = ["dpop", "client_assertion"],
        help_heading = "Encryption"
    )]
    pub encrypt_to: Vec<OsString>,
    /// How the content is encrypted [default: A256GCM, or what the key is for]
    #[arg(hide_short_help = true, long, value_name = "ENC", value_parser = any_algorithm::encryptions(), requires = "encrypt_to", help_heading = "Encryption")]
    pub enc: Option<ContentEncryption>,
    /// Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    #[arg(
        hide_short_help = true,
        long,
        value_name = "HOW",
        requires = "encrypt_to",
        help_heading = "Encryption"
    )]
    pub key_derivation: Option<String>,
    /// Make a proof of possession for a request (RFC 9449)
    ///
    /// The public half of the key is in it. Its claims are those of the RFC: `jti`, `htm`, `htu` without the query, and `iat`. It goes into
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
    /// The access token that goes with the proof, which has its hash; - is standard input
    #[arg(
        hide_short_help = true,
        long,
        value_name = "TOKEN",
        requires = "dpop",
        help_heading = "Purpose"
    )]
    pub ath: Option<OsString>,
    /// The nonce to repeat: the header DPoP-Nonce of the server's answer
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NONCE",
        requires = "dpop",
        help_heading = "Purpose"
    )]
    pub nonce: Option<String>,
    /// Make an assertion with which a client authenticates itself, valid for a minute (RFC 7523)
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
    /// Break the token on purpose, to test a verifier; may be given again
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
    /// Write the token in a JSON form: flattened, or general with a list of signatures or recipients
    #[arg(hide_short_help = true, long, value_name = "FORM", value_parser = serializations(), conflicts_with_all = ["sd", "holder_key", "faults"], help_heading = "Output")]
    pub serialization: Option<Serialization>,
    /// Print a JSON object: the token, header, claims and expiry
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// Make a token of each line of standard input, which is a JSON object of claims
    #[arg(long, conflicts_with = "claims_file", help_heading = "Batch")]
    pub batch: bool,
    /// How many threads work on it [default: the number of cores]
    #[arg(hide_short_help = true, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "batch", help_heading = "Batch")]
    pub jobs: Option<u16>,
}

fn serializations() -> impl TypedValueParser<Value = Serialization> {
    PossibleValuesParser::new(["compact", "flattened", "general"]).map(|name| match name.as_str() {
        "flattened" => Serialization::Flattened,
        "general" => Serialization::General,
        _ => Serialization::Compact,
    })
}
