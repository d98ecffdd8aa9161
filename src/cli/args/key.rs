//! What `jott key` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::cli::args::{KeyArgs, ReadingArgs, algorithms};
use crate::cli::source_forms::ANY_KEY;
use crate::cli::source_help;
use crate::token::algorithm::Algorithm;

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
    /// Remove a key from the keyring
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
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
    /// How it is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
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
#[command(mut_arg("key", |key| source_help::with_forms(key, ANY_KEY)))]
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
    /// Remove every entry of that name, if there are several
    #[arg(long)]
    pub all: bool,
}
