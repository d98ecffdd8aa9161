//! Why there is no usable key.

use std::fmt;

use crate::token::advice::Advice;

/// Why there is no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyReason {
    /// There is none.
    Missing,
    /// It cannot be read, or is not for what is asked of it.
    Rejected,
    /// It is encrypted, and no passphrase is given.
    Encrypted,
    /// It can be broken.
    Weak,
    /// The place where it is kept does not answer.
    System,
}

/// What is wrong with a key and what to do about it, without any part of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFault {
    /// The class of the fault.
    pub reason: KeyReason,
    /// What is wrong, in a clause without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<Advice>,
    /// The issuer that answered in place of the one that was asked for, by its own name, which may
    /// have `{…}` for a part that differs from token to token.
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

    /// The key cannot be read, or is not for what is asked of it.
    pub fn rejected(message: impl Into<String>) -> Self {
        KeyFault::new(KeyReason::Rejected, message)
    }

    /// The key can be broken.
    pub fn weak(message: impl Into<String>) -> Self {
        KeyFault::new(KeyReason::Weak, message)
    }

    /// What to do about it; general advice where nothing better is known.
    #[must_use]
    pub fn advice(&self) -> Advice {
        self.hint.clone().unwrap_or(match self.reason {
            KeyReason::Missing => Advice::NameKey,
            KeyReason::Encrypted => Advice::NamePassphrase,
            KeyReason::Weak => Advice::MakeKey,
            KeyReason::Rejected => Advice::KnownForms,
            KeyReason::System => Advice::TryAgain,
        })
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
    pub fn hint(mut self, hint: Advice) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for KeyFault {}

/// A word of a JWK for a message, with a space before it. It is left out if it is long enough to be
/// a key, or if a terminal could misread it.
pub(super) fn shown(word: &str) -> String {
    let harmless = (1..=24).contains(&word.len())
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.+-#".contains(&b));
    if harmless {
        format!(" `{word}`")
    } else {
        String::new()
    }
}
