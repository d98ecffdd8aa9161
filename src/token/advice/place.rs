//! What to do about a place that gives no key.

/// What to do about a file, a pipe or a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileAdvice {
    /// Name a file in the folder.
    NameInFolder,
    /// Name the file with the key: this is too large to be one.
    NameKeyFile,
    /// Look where the path starts from, or whether the descriptor is open.
    CheckPath,
    /// Look who may read it.
    CheckOwner,
    /// Say in the environment where the user's own files are.
    SetHome,
    /// Make a key: the file is empty.
    MakeKey,
    /// Write the key into the pipe.
    WriteIntoPipe,
    /// Run the command that writes into the pipe alone.
    RunWriter,
}

/// What to do about an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkAdvice {
    /// Use an address where everybody may read the keys, or save them.
    AskPublicly,
    /// Name the address that the named one redirects to.
    NameRedirect,
    /// Use https, or allow plain http.
    UseHttps,
    /// Use plain http: there is no TLS.
    UseHttp,
    /// Write the variable of a proxy in its right form.
    WriteProxy,
    /// Name the proxy in its variable, or list the host as one that needs none.
    NameProxy,
    /// Install the certificates of authorities.
    InstallAuthorities,
    /// Name the file of authorities to trust.
    NameAuthorities,
    /// Look at the clock of the machine.
    CheckClock,
    /// Give the server a certificate of its own.
    GiveOwnCertificate,
}

/// What to do about the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringAdvice {
    /// Look at which entries there are, or make one.
    ListEntries,
    /// Unlock the keyring that this program keeps.
    Unlock(KeyringProduct),
    /// Unlock it, to see what it has.
    UnlockToSee,
    /// Unlock it: it may be asking for its password somewhere.
    AnswerIt,
    /// Close the window that may still ask, and unlock it in its program.
    CloseWindow,
    /// Allow what it asks for.
    AllowIt,
    /// Make the collection for new entries in this program.
    MakeCollection(KeyringProduct),
    /// Drop all but one of the entries of this name.
    DropOthers(String),
    /// Begin a desktop session.
    BeginSession,
    /// Log in.
    LogIn,
    /// Keep the secret in base64, since the keyring does not take it as it is.
    KeepInBase64,
    /// Take a shorter kind of key.
    ShortenKey,
}

/// The program that keeps the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringProduct {
    /// GNOME Keyring.
    Gnome,
    /// KWallet.
    KWallet,
    /// KeePassXC.
    KeePassXc,
    /// Any other.
    Other,
}
