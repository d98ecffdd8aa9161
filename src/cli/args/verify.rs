//! What `jott verify` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;

use clap::{ArgAction, Args, ValueHint};

use crate::cli::any_algorithm::{self, AnyAlgorithm};
use crate::cli::args::KeyArgs;
use crate::cli::source_forms::VERIFYING_KEY;
use crate::cli::source_help;
use crate::token::policy::SignatureChoice;

/// Check a token's signature and claims
#[derive(Debug, Args)]
#[command(mut_arg("key", |key| source_help::with_forms(key, VERIFYING_KEY)))]
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
    #[arg(hide_short_help = true, long, value_name = "SOURCE", action = ArgAction::Append, allow_hyphen_values = true, value_hint = ValueHint::Other, help_heading = "Key")]
    pub decrypt_key: Vec<OsString>,
    /// Derive the key from the secret, as an application does: nextauth:COOKIE_NAME
    #[arg(
        hide_short_help = true,
        long,
        value_name = "HOW",
        requires = "decrypt_key",
        help_heading = "Key"
    )]
    pub key_derivation: Option<String>,
    /// How many bytes may come out of a compressed content [default: 262144]
    #[arg(
        hide_short_help = true,
        long,
        value_name = "BYTES",
        requires = "decrypt_key",
        help_heading = "Key"
    )]
    pub max_inflated: Option<u32>,
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
    #[arg(hide_short_help = true, long, help_heading = "Checks", conflicts_with_all = ["aud", "signature_only"])]
    pub any_aud: bool,
    /// Subject to accept
    #[arg(
        long,
        value_name = "SUB",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub sub: Option<String>,
    /// What the header's typ must be, such as at+jwt
    #[arg(long, value_name = "TYPE", help_heading = "Checks")]
    pub typ: Option<String>,
    /// What a claim must be: NAME=TEXT, NAME:=JSON, or NAME~=PATTERN with * for any text
    ///
    /// NAME=TEXT: the claim is this text, or an array that contains it, or (scope, scp) a list of
    /// words that contains it. NAME:=JSON: the claim is equal to this JSON value, numbers by value.
    /// NAME~=PATTERN: the claim, or one value of an array, matches from beginning to end; * stands for any
    /// text, everything else for itself, and case matters.
    #[arg(
        short,
        long = "claim",
        value_name = "NAME=TEXT",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub claims: Vec<String>,
    /// The audience that the proof of the holder's key in an SD-JWT must have
    #[arg(
        hide_short_help = true,
        long,
        value_name = "AUD",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub kb_aud: Option<String>,
    /// The nonce that the proof of the holder's key must repeat
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NONCE",
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub kb_nonce: Option<String>,
    /// Refuse a token without a proof of its holder's key
    #[arg(
        hide_short_help = true,
        long,
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
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
    /// How long ago it may have been issued; of an SD-JWT with a proof of its holder's key, how old that may be
    #[arg(
        long,
        value_name = "DUR",
        allow_hyphen_values = true,
        help_heading = "Checks",
        conflicts_with = "signature_only"
    )]
    pub max_age: Option<String>,
    /// Judge as if it were this time
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Checks"
    )]
    pub at: Option<String>,
    /// Accept a token that never expires
    #[arg(long, help_heading = "Checks", conflicts_with = "signature_only")]
    pub allow_no_exp: bool,
    /// Accept segments that keep their padding, signed as they stand: AWS load balancers make such tokens
    #[arg(hide_short_help = true, long, help_heading = "Checks")]
    pub allow_padding: bool,
    /// Check the header and signature only, over any payload, and show no claims
    #[arg(hide_short_help = true, long, help_heading = "Checks")]
    pub signature_only: bool,
    /// A purpose that the certificate of the signer must have, as an object identifier such as
    /// 1.3.6.1.5.5.7.3.3; of several, one is enough
    #[arg(hide_short_help = true, long, value_name = "OID", value_parser = object_identifier, help_heading = "Certificates")]
    pub leaf_eku: Vec<String>,
    /// A name that the certificate of the signer must have: a host, an address, a URI or a mailbox; of
    /// several, one is enough
    #[arg(hide_short_help = true, long, value_name = "NAME", value_parser = alternative_name, help_heading = "Certificates")]
    pub leaf_san: Vec<String>,
    /// A revocation list of the authorities, in PEM or DER; - is standard input; may be given again
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Certificates")]
    pub crl: Vec<OsString>,
    /// Take a JWS in JSON form too, if this signature of it is good: N, kid:KID or any
    ///
    /// N counts from 1. any: one of them is enough, whichever it is. Without it, JSON is refused: a JWT is in
    /// the compact form (RFC 7519 section 1).
    #[arg(long, value_name = "WHICH", value_parser = signature_choice, help_heading = "Checks")]
    pub signature: Option<SignatureChoice>,
    /// The payload of a detached JWS, which is signed and not in the token; - is standard input
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "signature_only", conflicts_with = "find", help_heading = "Checks")]
    pub payload: Option<OsString>,
    /// Check every token that is found in any text
    #[arg(long, help_heading = "Input")]
    pub find: bool,
    /// Print the verdict as a JSON object a token, one a line
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
    /// Read each line of standard input or of files as a token, and print a verdict in JSON for it
    ///
    /// Files may be compressed, as gzip or Zstandard. Where there are several, each verdict names the
    /// file in its first member.
    #[arg(long, conflicts_with_all = ["find", "get"], help_heading = "Batch")]
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
    /// Print the whole verdict, as --json does, with warnings
    ///
    /// Without it nothing is looked at but what refuses a token: there are no warnings.
    #[arg(
        hide_short_help = true,
        long,
        requires = "batch",
        help_heading = "Batch"
    )]
    pub full: bool,
    /// Print only the verdicts of valid or of refused tokens
    #[arg(hide_short_help = true, long, value_name = "VERDICT", value_parser = ["valid", "invalid"], requires = "batch", help_heading = "Batch")]
    pub only: Option<String>,
    /// How many threads work on it [default: the number of cores]
    #[arg(hide_short_help = true, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "batch", help_heading = "Batch")]
    pub jobs: Option<u16>,
}

fn signature_choice(text: &str) -> Result<SignatureChoice, String> {
    let number = || text.parse().ok().filter(|number| *number > 0);
    match (text, text.strip_prefix("kid:")) {
        ("any", _) => Ok(SignatureChoice::Any),
        (_, Some(kid)) => Ok(SignatureChoice::Kid(kid.to_owned())),
        _ => number()
            .map(SignatureChoice::Number)
            .ok_or_else(|| "write a number from 1, kid:KID or any".to_owned()),
    }
}

fn object_identifier(text: &str) -> Result<String, String> {
    let is_number = |part: &str| {
        !part.is_empty()
            && part.len() <= 20
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let mut arcs = text
        .split('.')
        .map(|part| part.parse().unwrap_or(u128::MAX));
    // There are three roots, and 40 numbers below the first two (X.660 clause 6.2).
    let has_root = match (arcs.next(), arcs.next()) {
        (Some(0 | 1), Some(second)) => second < 40,
        (Some(2), Some(_)) => true,
        _ => false,
    };
    match has_root && arcs.next().is_some() && text.split('.').all(is_number) {
        true => Ok(text.to_owned()),
        false => {
            Err("write an object identifier, such as 1.3.6.1.5.5.7.3.3 for code signing".to_owned())
        }
    }
}

fn alternative_name(text: &str) -> Result<String, String> {
    match text.trim() == text && !text.is_empty() {
        true => Ok(text.to_owned()),
        false => {
            Err("write a host, an address, a URI or a mailbox, with no space around it".to_owned())
        }
    }
}
