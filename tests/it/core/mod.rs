//! What needs nothing but Rust.

mod command_line;
mod floors;
mod generated;
mod ml_dsa;
mod passphrase;
mod rfc;
mod verdicts;
