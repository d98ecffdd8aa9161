//! The tests of the whole: one binary, four suites.
//!
//! `core` needs Rust alone, `cli` runs the command as a person does, `clients` brings in the
//! libraries and tools that tokens and keys are exchanged with, and `demo` talks to the server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs
)]

mod cli;
mod clients;
mod core;
#[cfg(unix)]
mod demo;
mod peer;
mod support;
#[cfg(unix)]
mod terminal;
