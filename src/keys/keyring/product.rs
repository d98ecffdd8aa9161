//! Which product offers the Secret Service, since each is unlocked in another way.

use crate::token::advice::{Advice, KeyringAdvice, KeyringProduct as Product};
use crate::token::key_fault::{KeyFault, KeyReason};

impl Product {
    /// The product whose own name on the bus belongs to the service too.
    pub(super) fn by(is_also: impl Fn(&str) -> bool) -> Self {
        let names = [
            (Product::Gnome, "org.gnome.keyring"),
            (Product::KeePassXc, "org.keepassxc.KeePassXC.MainWindow"),
            (Product::KWallet, "org.kde.kwalletd5"),
            (Product::KWallet, "org.kde.kwalletd6"),
        ];
        let known = names.into_iter().find(|(_, name)| is_also(name));
        known.map_or(Product::Other, |(product, _)| product)
    }

    /// The fault of collections that nobody unlocked.
    pub(super) fn locked(self, labels: &str) -> KeyFault {
        KeyFault::rejected(format!("the keyring is locked: nobody unlocked {labels}"))
            .hint(Advice::Keyring(KeyringAdvice::Unlock(self)))
    }

    /// The fault of a keyring that has no place for new entries.
    pub(super) fn no_default(self) -> KeyFault {
        KeyFault::new(
            KeyReason::Rejected,
            "the keyring has no default collection, into which new keys go",
        )
        .hint(Advice::Keyring(KeyringAdvice::MakeCollection(self)))
    }
}

/// The fault of a text that KeePassXC keeps neither as text nor as bytes.
pub(super) fn not_taken() -> KeyFault {
    KeyFault::rejected(
        "the keyring does not keep this text: KeePassXC takes the part in braces for a reference to another entry",
    )
    .hint(Advice::Keyring(KeyringAdvice::KeepInBase64))
}

/// The fault of a question that was not answered with yes.
pub(super) fn declined(what: &str) -> KeyFault {
    let message = format!("the keyring asked whether {what}, and nobody said yes");
    KeyFault::rejected(message).hint(Advice::Keyring(KeyringAdvice::AllowIt))
}
