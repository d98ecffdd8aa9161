//! What needs nothing but Rust.

mod floors;
mod generated;
mod ml_dsa;
mod passphrase;
mod rfc;
mod verdicts;
