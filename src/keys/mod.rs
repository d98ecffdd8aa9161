//! Where keys are kept: the environment, the keyring, files, descriptors, the terminal, the network.
//!
//! This floor reads from the outside world and knows nothing of flags; what to tell a person is
//! returned as values. The content of a key is read on the floor below.

mod address;
mod answer;
mod bounded;
mod cache;
mod client_document;
mod content;
mod ending;
mod http;
mod issuer;
mod key_holder;
pub mod key_program;
pub mod keyring;
mod lifetime;
mod local;
pub mod named_file;
mod private_file;
pub mod probe;
pub mod program;
mod prompt;
pub mod remote;
pub mod source;
mod timeout;
mod tls_fault;
pub mod token_store;
mod unseen_line;

pub use address::Address;
pub use bounded::read_bounded;
pub use client_document::client_document;
pub use content::{Content, MAX_KEY_BYTES};
pub use ending::{Unbroken, leave_signals, unbroken};
pub use issuer::Issuer;
pub use key_holder::{HoldsKey, KeyHolder, Tell};
pub use local::Local;
pub use private_file::config_folder;
pub use prompt::{has_terminal, named_secret, passphrase, secret, secret_twice};
pub use source::{BadSource, Gives, Remote, Source, SourceForm, Stdin};
pub use timeout::Say;
pub use unseen_line::UnseenLine;
