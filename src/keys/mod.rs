//! Where keys are kept: the environment, the keyring, files, descriptors, the terminal, the network.
//!
//! This floor reads the world and knows nothing of flags; what a person should hear it gives back
//! as values. The content of a key is read on the floor below.

mod address;
mod answer;
mod bounded;
mod cache;
mod ending;
mod http;
mod issuer;
pub mod keyring;
mod lifetime;
mod local;
pub mod named_file;
mod patience;
mod prompt;
pub mod remote;
mod slot;
pub mod source;
mod tls_fault;

pub use address::Address;
pub use bounded::read_bounded;
pub use ending::leave_signals;
pub use issuer::Issuer;
pub use local::Local;
pub use patience::Say;
pub use prompt::{has_terminal, passphrase, secret, secret_twice};
pub use slot::{Content, MAX_KEY_BYTES};
pub use source::{BadSource, Form, Remote, Source, Stdin};
