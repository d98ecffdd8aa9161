//! What needs nothing but Rust.

mod checklist;
mod clock;
mod command_line;
mod example;
mod floors;
mod generated;
mod house;
mod limbo;
mod ml_dsa;
mod not_a_secret;
mod passphrase;
mod picture;
mod properties;
mod public_api;
mod redaction;
mod rfc;
mod suites;
mod threads;
mod verdicts;
mod ways_to_a_terminal;
