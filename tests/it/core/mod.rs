//! What needs nothing but Rust.

mod floors;
mod generated;
mod rfc;
mod verdicts;
