//! Who offers the Secret Service, since how its password is given differs from one to the next.

use crate::token::key_fault::{KeyFault, KeyReason};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Gnome,
    KWallet,
    KeePassXc,
    Other,
}

/// What else can be done.
const ELSEWHERE: &str = "or use env:NAME or a file";

impl Product {
    /// The product whose other names on the bus are the service's too.
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
        let hint = match self {
            Product::Gnome => {
                "log in to the desktop; where there is none, `printf %s \"$PASSWORD\" | gnome-keyring-daemon --replace --unlock --components=secrets`"
            }
            Product::KWallet => "open the wallet, in its own window or in KWalletManager",
            Product::KeePassXc => "unlock the database in KeePassXC",
            Product::Other => "unlock it in the program that keeps it",
        };
        KeyFault::rejected(format!("the keyring is locked: nobody unlocked {labels}"))
            .hint(format!("{hint}; {ELSEWHERE}"))
    }

    /// The fault of a keyring that has no place for new entries.
    pub(super) fn no_default(self) -> KeyFault {
        let hint = match self {
            Product::Gnome => {
                "`printf %s \"$PASSWORD\" | gnome-keyring-daemon --replace --unlock --components=secrets` makes one, with that password"
            }
            Product::KWallet => "make a wallet in KWalletManager",
            Product::KeePassXc => {
                "open a database in KeePassXC, and expose a group of it in its settings, under Secret Service Integration"
            }
            Product::Other => "make one in the program that keeps the keyring",
        };
        KeyFault::new(
            KeyReason::Rejected,
            "the keyring has no default collection, into which new keys go",
        )
        .hint(format!("{hint}; {ELSEWHERE}"))
    }
}

/// The fault of a text that KeePassXC does not keep, as bytes no more than as text.
pub(super) fn not_taken() -> KeyFault {
    KeyFault::rejected(
        "the keyring does not keep this text: KeePassXC takes what stands in braces in it for a reference to another entry",
    )
    .hint("`printf %s \"$SECRET\" | base64 -w0 | jott key add NAME --from stdin` keeps it in base64, and `--key-encoding base64` reads it so")
}

/// The fault of a question that was not answered with yes.
pub(super) fn declined(what: &str) -> KeyFault {
    let message = format!("the keyring asked whether {what}, and nobody said yes");
    KeyFault::rejected(message).hint("answer its window, or change its settings about questions")
}
