//! What goes wrong between `jott` and a Secret Service, and the words for it.

use zbus::Error as BusError;

use crate::keys::keyring::{absent, failed};
use crate::text::escape;
use crate::token::key_fault::KeyFault;

/// What goes wrong.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The bus, or the service on it, refused.
    Bus(BusError),
    /// The two do not understand each other's numbers.
    Session,
    /// A fault that is already in words.
    Fault(KeyFault),
}

impl From<BusError> for Trouble {
    fn from(error: BusError) -> Self {
        Trouble::Bus(error)
    }
}

impl From<KeyFault> for Trouble {
    fn from(fault: KeyFault) -> Self {
        Trouble::Fault(fault)
    }
}

/// Names of errors for which another session would not help.
const FINAL: [&str; 5] = [
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.AccessDenied",
    "org.freedesktop.Secret.Error.IsLocked",
    "org.freedesktop.Secret.Error.NoSuchObject",
];

impl Trouble {
    /// The name of the error on the bus.
    fn name(&self) -> Option<&str> {
        match self {
            Trouble::Bus(BusError::MethodError(name, ..)) => Some(name.as_str()),
            _ => None,
        }
    }

    /// Whether another session may work.
    pub(super) fn is_of_session(&self) -> bool {
        match self {
            Trouble::Session => true,
            Trouble::Fault(_) => false,
            Trouble::Bus(_) => self.name().is_some_and(|name| !FINAL.contains(&name)),
        }
    }

    /// Whether what was asked for is not there, or not any more.
    pub(super) fn is_gone(&self) -> bool {
        self.name().is_some_and(|name| {
            name == "org.freedesktop.Secret.Error.NoSuchObject"
                || name.starts_with("org.freedesktop.DBus.Error.Unknown")
        })
    }

    /// Whether the service does not accept what it was given.
    pub(super) fn is_refusal(&self) -> bool {
        self.name() == Some("org.freedesktop.DBus.Error.InvalidArgs")
    }

    pub(super) fn is_locked(&self) -> bool {
        self.name() == Some("org.freedesktop.Secret.Error.IsLocked")
    }

    /// Whether nobody offers the service.
    fn is_absence(&self) -> bool {
        match self {
            Trouble::Bus(BusError::MethodError(name, ..)) => {
                FINAL.iter().take(2).any(|absent| name.as_str() == *absent)
                    || name.starts_with("org.freedesktop.DBus.Error.Spawn.")
            }
            Trouble::Bus(
                BusError::Connection(..)
                | BusError::Address(_)
                | BusError::InputOutput(_)
                | BusError::Handshake(_),
            ) => true,
            _ => false,
        }
    }

    /// The words for a person.
    pub(super) fn fault(self) -> KeyFault {
        let is_absence = self.is_absence();
        let words = match self {
            Trouble::Fault(fault) => return fault,
            Trouble::Session => "it does not understand the numbers of a session".to_owned(),
            // The words are about buses and sockets, and contain nothing of an entry.
            Trouble::Bus(error) => escape::shorten(&error.to_string(), 300),
        };
        match is_absence {
            true => absent(&words),
            false => failed(&words),
        }
    }
}
