//! A place that has a private key and signs with it, and never gives it out.

use std::fmt;
use std::sync::Arc;

use crate::token::advice::Advice;
use crate::token::external::ExternalSigner;
use crate::token::key_fault::KeyFault;

/// Takes what such a place has to say to a person, line by line.
pub type Tell = fn(&str);

/// What every such place does.
pub trait HoldsKey: fmt::Debug + Send + Sync {
    /// The place in words that are safe to print, as it is written on a command line.
    fn label(&self) -> String;

    /// Asks for the public key: gives it in any form in which a key is read.
    ///
    /// # Errors
    /// [`KeyFault`]: `Missing` where there is no such place, `System` where it fails or takes too long.
    fn public(&self, tell: Tell) -> Result<Vec<u8>, KeyFault>;

    /// A signer that uses its key.
    fn signer(&self, tell: Tell) -> Arc<dyn ExternalSigner>;

    /// What to do where it gives something else than one public key.
    fn advice(&self) -> Advice;
}

/// One of these places; a copy is cheap. Two are the same where they are written in the same way.
#[derive(Clone, Debug)]
pub struct KeyHolder(Arc<dyn HoldsKey>);

impl KeyHolder {
    pub(super) fn new(place: impl HoldsKey + 'static) -> Self {
        KeyHolder(Arc::new(place))
    }
}

impl std::ops::Deref for KeyHolder {
    type Target = dyn HoldsKey;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for KeyHolder {
    fn eq(&self, other: &KeyHolder) -> bool {
        self.label() == other.label()
    }
}

impl Eq for KeyHolder {}
