//! What `jott decode` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;

use clap::{ArgAction, Args, ValueHint};

use crate::cli::any_algorithm::{self, AnyAlgorithm};
use crate::cli::args::encodings;
use crate::token::encoding::Encoding;

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
    #[arg(hide_short_help = true, long, value_name = "ENCODING", value_parser = encodings(), requires = "key", help_heading = "Key")]
    pub key_encoding: Option<Encoding>,
    /// Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    #[arg(hide_short_help = true, long, value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other, requires = "key", help_heading = "Key")]
    pub passphrase: Option<OsString>,
    /// Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    #[arg(
        hide_short_help = true,
        long,
        value_name = "HOW",
        requires = "key",
        help_heading = "Key"
    )]
    pub key_derivation: Option<String>,
    /// Algorithm to open tokens with; may be given again [default: those that the key can mean]
    #[arg(hide_short_help = true, short, long, value_name = "ALG", value_parser = any_algorithm::parser(false), requires = "key", help_heading = "Key")]
    pub alg: Vec<AnyAlgorithm>,
    /// How many bytes may come out of a compressed content [default: 262144]
    #[arg(
        hide_short_help = true,
        long,
        value_name = "BYTES",
        requires = "key",
        help_heading = "Key"
    )]
    pub max_inflated: Option<u32>,
    /// Compare two tokens: what only one of them says, and what they say differently
    ///
    /// The status is 0 whether they differ or not; with --json, `same` tells.
    #[arg(long, help_heading = "Output", conflicts_with_all = ["redact", "get", "expires_after", "batch", "without"])]
    pub diff: bool,
    /// Print an SD-JWT without the disclosures of this name, to present fewer claims; may be given again
    ///
    /// NAME is that of a claim wherever it is, or a pointer to one value, such as /address/street or /langs/0.
    #[arg(hide_short_help = true, long, value_name = "NAME", help_heading = "Output", conflicts_with_all = ["redact", "json", "get", "expires_after", "batch"])]
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
    /// End with status 6 if the token expires within this time, has expired or has no exp
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
    /// Read each line of standard input or of files as a token, and print one JSON object for it
    ///
    /// Files may be compressed, as gzip or Zstandard. Where there are several, each object names the
    /// file in its first member.
    #[arg(long, conflicts_with_all = ["get", "expires_after", "redact"], help_heading = "Batch")]
    pub batch: bool,
    /// Each line is a JSON object: the token is its member of this name, or at a pointer such as /a/b
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NAME",
        requires = "batch",
        help_heading = "Batch"
    )]
    pub field: Option<String>,
    /// How many threads work on it [default: the number of cores]
    #[arg(hide_short_help = true, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "batch", help_heading = "Batch")]
    pub jobs: Option<u16>,
}
