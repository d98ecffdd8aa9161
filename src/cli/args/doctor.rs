//! What `jott doctor` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;

use clap::{Args, ValueHint};

/// Find out why an issuer does not work
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The issuer, by its name or by the address of its metadata
    #[arg(value_name = "URL", value_hint = ValueHint::Url)]
    pub url: String,
    /// The URL is a resource, such as an MCP server: look at it, and at its authorization servers
    ///
    /// A URL without metadata is taken for a resource by itself if its answer is 401 and names
    /// metadata.
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
