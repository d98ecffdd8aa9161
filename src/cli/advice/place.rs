//! What to do about a place that gives no key, in words.

use crate::cli::advice::Running;
use crate::token::advice::{FileAdvice, KeyringAdvice, KeyringProduct, NetworkAdvice};

pub(super) fn file(advice: FileAdvice) -> &'static str {
    match advice {
        FileAdvice::NameInFolder => "name the file in it",
        FileAdvice::NameKeyFile => "name the file that holds the key",
        FileAdvice::CheckPath => {
            "a relative path begins at the current folder, and a descriptor is opened by the shell: `3< key.pem`"
        }
        FileAdvice::CheckOwner => "`ls -l` shows who may",
        FileAdvice::SetHome => "set HOME, or XDG_STATE_HOME, to a folder of yours",
        FileAdvice::MakeKey => "`jott key generate --out PATH` makes a key",
        FileAdvice::WriteIntoPipe => "something has to write the key into it",
        FileAdvice::RunWriter => {
            "the command that writes into it may have failed: run it alone to see what it says"
        }
    }
}

pub(super) fn network(advice: NetworkAdvice) -> &'static str {
    match advice {
        NetworkAdvice::AskPublicly => {
            "keys are public: is it the right address? Keys that need a log-in can be saved, and named as a file: ./jwks.json"
        }
        NetworkAdvice::NameRedirect => "name that address itself if its keys are to be trusted",
        NetworkAdvice::UseHttps => "use https; `--allow-http` accepts plain http",
        NetworkAdvice::UseHttp => "is it plain http? On this machine http:// is enough",
        NetworkAdvice::WriteProxy => "it has the form http://HOST:PORT or https://HOST:PORT",
        NetworkAdvice::NameProxy => {
            "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names it; NO_PROXY names hosts to go to without it"
        }
        NetworkAdvice::InstallAuthorities => {
            "install them (Debian: ca-certificates), or name a file in SSL_CERT_FILE"
        }
        NetworkAdvice::NameAuthorities => {
            "on Linux `SSL_CERT_FILE=ca.pem` names the authorities to trust"
        }
        NetworkAdvice::CheckClock => "is the clock of this machine right? `date -u` shows it",
        NetworkAdvice::GiveOwnCertificate => {
            "a server needs a certificate of its own, which says CA:FALSE"
        }
    }
}

pub(super) fn keyring(advice: &KeyringAdvice, running: Running) -> String {
    let elsewhere = |words: &str| match elsewhere(running) {
        Some(elsewhere) => format!("{words}; or {elsewhere}"),
        None => words.to_owned(),
    };
    match advice {
        KeyringAdvice::ListEntries => {
            "`jott key list` shows what it has; `jott key add` and `jott key generate` make entries"
                .into()
        }
        KeyringAdvice::Unlock(product) => elsewhere(match product {
            KeyringProduct::Gnome => {
                "log in to the desktop; where there is none, `printf %s \"$PASSWORD\" | gnome-keyring-daemon --replace --unlock --components=secrets`"
            }
            KeyringProduct::KWallet => "open the wallet, in its own window or in KWalletManager",
            KeyringProduct::KeePassXc => "unlock the database in KeePassXC",
            KeyringProduct::Other => "unlock it in the program that keeps it",
        }),
        KeyringAdvice::MakeCollection(product) => elsewhere(match product {
            KeyringProduct::Gnome => {
                "`printf %s \"$PASSWORD\" | gnome-keyring-daemon --replace --unlock --components=secrets` makes one, with that password"
            }
            KeyringProduct::KWallet => "make a wallet named kdewallet in KWalletManager",
            KeyringProduct::KeePassXc => {
                "open a database in KeePassXC, and expose a group of it in the Database Settings, under Secret Service Integration"
            }
            KeyringProduct::Other => "make one in the program that keeps the keyring",
        }),
        KeyringAdvice::UnlockToSee => {
            "unlock it in the program of the keyring; `jott key list` shows what can be read".into()
        }
        KeyringAdvice::AnswerIt => {
            let unlock = "it may be locked and ask somewhere for its password: unlock it";
            match self::elsewhere(running) {
                Some(elsewhere) => format!("{unlock}, or {elsewhere}"),
                None => unlock.into(),
            }
        }
        KeyringAdvice::CloseWindow => {
            let close = "if its window is still open, close it; unlock the keyring in its program";
            match self::elsewhere(running) {
                Some(elsewhere) => format!("{close}, or {elsewhere}"),
                None => close.into(),
            }
        }
        KeyringAdvice::AllowIt => {
            "answer its window, or change its settings about questions".into()
        }
        KeyringAdvice::DropOthers(name) => format!(
            "drop all but one in the program of the keyring, or all of them by `jott key remove {name} --all`"
        ),
        KeyringAdvice::BeginSession => match self::elsewhere(running) {
            Some(elsewhere) => {
                format!("is a desktop session running? on a server {elsewhere}")
            }
            None => "is a desktop session running?".into(),
        },
        KeyringAdvice::LogIn => match self::elsewhere(running) {
            Some(elsewhere) => format!("log in to the desktop, or {elsewhere}"),
            None => "log in to the desktop".into(),
        },
        KeyringAdvice::KeepInBase64 => {
            "`printf %s \"$SECRET\" | base64 -w0 | jott key add NAME --from stdin` keeps it in base64, and `--key-encoding base64` reads it so".into()
        }
        KeyringAdvice::ShortenKey => {
            "use a shorter kind of key (`jott key generate --alg ES256`), or a file".into()
        }
    }
}

/// What the running command takes in place of the keyring.
fn elsewhere(running: Running) -> Option<&'static str> {
    match running {
        Running::Issue
        | Running::Sealing
        | Running::Decode
        | Running::Verify
        | Running::Opening
        | Running::ServeDemo
        | Running::KeyShow => Some("use env:NAME or a file"),
        Running::KeyGenerate => Some("keep the key in a file: `--out ./key.pem`"),
        _ => None,
    }
}
