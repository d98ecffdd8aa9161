//! What `jott completions` takes.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the text of the help"
)]

use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
    /// What its script asks: the words of a line up to the cursor
    #[arg(last = true, hide = true, value_name = "WORD")]
    pub words: Vec<OsString>,
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
