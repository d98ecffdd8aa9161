//! Why there is no usable key.

use std::fmt;

/// Why there is no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyReason {
    /// There is none.
    Missing,
    /// It cannot be read, or cannot do what it is wanted for.
    Rejected,
    /// It is encrypted, and its passphrase is not given.
    Encrypted,
    /// It can be broken.
    Weak,
    /// The place where it is kept does not answer.
    System,
}

/// What is wrong with a key and what to do about it, without any part of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// The class of the fault.
    pub reason: KeyReason,
    /// What is wrong, in a clause without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The issuer that answered in place of the one that was asked for, as it calls itself: perhaps
    /// with `{…}` for what differs from token to token.
    pub issuer: Option<String>,
}

impl KeyFault {
    /// A fault without a hint.
    pub fn new(reason: KeyReason, message: impl Into<String>) -> Self {
        KeyFault {
            reason,
            message: message.into(),
            hint: None,
            issuer: None,
        }
    }

    /// The key cannot be read, or cannot do what it is wanted for.
    pub fn rejected(message: impl Into<String>) -> Self {
        KeyFault::new(KeyReason::Rejected, message)
    }

    /// The key can be broken.
    pub fn weak(message: impl Into<String>) -> Self {
        KeyFault::new(KeyReason::Weak, message)
    }

    /// What to do about it, in general where nothing better is known.
    #[must_use]
    pub fn advice(&self) -> String {
        let general = match self.reason {
            KeyReason::Missing => {
                "`--key SOURCE` names the place of a key: env:NAME, ./key.pem, keyring:NAME"
            }
            KeyReason::Encrypted => "`--passphrase env:NAME` names a variable that has it",
            KeyReason::Weak => "`jott key generate` makes a good one",
            KeyReason::Rejected => {
                "keys are JWK, JWKS, PEM or DER (PKCS#1, PKCS#8, SEC1, SPKI, X.509), or secrets of 32 bytes and more"
            }
            KeyReason::System => "try again, or name another place of the key: env:NAME, ./key.pem",
        };
        self.hint.clone().unwrap_or_else(|| general.to_owned())
    }

    /// Puts words in front of what is wrong.
    #[must_use]
    pub(crate) fn after(self, words: &str) -> Self {
        KeyFault {
            message: format!("{words} {}", self.message),
            ..self
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for KeyFault {}
