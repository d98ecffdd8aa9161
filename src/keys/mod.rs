//! Where keys are kept: the environment, the keyring, files, descriptors, the terminal.
//!
//! This floor reads the world and knows nothing of flags; what a person should hear it gives back
//! as values. The content of a key is read on the floor below.

pub mod keyring;
mod patience;
mod prompt;
mod slot;
pub mod source;

pub use prompt::{has_terminal, secret, secret_twice};
pub use slot::{Content, MAX_KEY_BYTES};
pub use source::{BadSource, Source};
