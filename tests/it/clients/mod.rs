//! Tokens and keys, exchanged with other libraries and tools.
//!
//! The tests need what `tests/clients/install` makes, and fail without it.

mod differential;
mod disk_errors;
mod encryption;
mod exchange;
mod generated_keys;
mod openssl;
mod provider;
mod syscalls;
