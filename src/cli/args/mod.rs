//! The arguments of each command, as clap sees them: declared here, used elsewhere.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

mod completions;
mod decode;
mod doctor;
mod fetch;
mod issue;
mod key;
mod serve_demo;
mod verify;

use std::ffi::OsString;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum, ValueHint};

use crate::token::algorithm::Algorithm;
use crate::token::encoding::Encoding;

pub use completions::{CompletionsArgs, Shell};
pub use decode::DecodeArgs;
pub use doctor::DoctorArgs;
pub use fetch::{FetchArgs, Grant};
pub use issue::IssueArgs;
pub use key::{
    AddArgs, GenerateArgs, KeyCommand, KeyCommandArgs, ListArgs, RemoveArgs, RenameArgs, ShowArgs,
};
pub use serve_demo::ServeDemoArgs;
pub(super) use serve_demo::serve_demo_args;
pub use verify::VerifyArgs;

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
    #[arg(short, long, value_name = "SOURCE", action = ArgAction::Append, allow_hyphen_values = true, value_hint = ValueHint::Other)]
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
    #[arg(hide_short_help = true, long, value_name = "ENCODING", value_parser = encodings())]
    pub key_encoding: Option<Encoding>,
    /// Accept a secret that is shorter than its hash
    #[arg(hide_short_help = true, long)]
    pub allow_weak_key: bool,
    /// Where the passphrase of an encrypted key is, never the passphrase itself [default: prompt]
    #[arg(hide_short_help = true, long, value_name = "SOURCE", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub passphrase: Option<OsString>,
    /// Fetch keys from the network again, and do not cache them
    #[arg(hide_short_help = true, long)]
    pub no_cache: bool,
    /// Also fetch keys over plain http from other machines
    #[arg(hide_short_help = true, long)]
    pub allow_http: bool,
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
