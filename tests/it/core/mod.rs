//! What needs nothing but Rust.

mod command_line;
mod floors;
mod generated;
mod ml_dsa;
mod not_a_secret;
mod passphrase;
mod redaction;
mod rfc;
mod threads;
mod verdicts;
