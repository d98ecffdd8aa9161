//! What needs nothing but Rust.
