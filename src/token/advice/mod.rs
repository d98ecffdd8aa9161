//! What to do about a fault, as data. The code that talks to the user puts it into words, since it knows
//! which flags and sources there are.

mod diagnosis;
mod foreign;
mod near_miss;
mod place;
mod token;

use std::time::Duration;

pub use diagnosis::{Diagnosis, Difference, KeyName, SecretReading, SignatureForm, SignedText};
pub use foreign::{Foreign, JsonEdit, JsonPlace};
pub use near_miss::{NearMiss, Spelling};
pub use place::{FileAdvice, KeyringAdvice, KeyringProduct, NetworkAdvice};
pub use token::TokenAdvice;

use crate::text::time::Span;
use crate::token::algorithm::Algorithm;
use crate::token::jwe::key_management::KeyManagement;

/// What to do about a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// About the text of a token.
    Token(TokenAdvice),

    // Where a key is, and how it is read.
    /// About a file, a pipe or a descriptor.
    File(FileAdvice),
    /// About an address.
    Network(NetworkAdvice),
    /// About the keyring.
    Keyring(KeyringAdvice),
    /// Convert the key into a form that is read.
    Convert(Foreign),
    /// Make a JWK or a JWK Set of JSON.
    EditJson(JsonPlace, JsonEdit),
    /// Name the place of a key.
    NameKey,
    /// Name another place of the key, since nobody can be asked for it.
    NameOtherKey,
    /// Write the place of the key in a form that is known.
    WriteSource,
    /// Write the place of the key in the form that was begun.
    WriteAs {
        /// What it begins with.
        prefix: &'static str,
        /// What stands behind that.
        placeholder: &'static str,
        /// An example, or nothing.
        example: &'static str,
    },
    /// Write the URL of a JWK Set, without a password.
    WriteUrl,
    /// Mark what was written as a path: there is a file of that name.
    MarkPath,
    /// Try again, or name another place of the key.
    TryAgain,
    /// Name the place directly, as the text does, or use the text as a secret.
    NamePlaceItself,
    /// Install the program that has the key.
    InstallKeyProgram,
    /// Read what a server says, which is short and safe for a terminal.
    ReadError(String),
    /// Look at the output of the program that has the key.
    AskKeyProgram,
    /// Set the environment variable, and export it.
    SetVariable,
    /// Load the file of `NAME=value` lines, and name the variable with the key.
    LoadVariables {
        /// The name of the variable, where it cannot be part of a secret.
        name: Option<String>,
        /// The line that sets it.
        line: usize,
    },
    /// Give a key in a form that is known.
    KnownForms,
    /// Take the content of the secret byte for byte.
    ReadRaw,
    /// Write the secret in hexadecimal, since it looks like a key by chance.
    WriteInHexadecimal,
    /// Say how the secret is written.
    NameEncoding,
    /// Write the base64 of a JWK as base64url.
    WriteBase64url,

    // What is in the place of a key.
    /// Name the issuer, since this is its metadata: this issuer, where it is known.
    NameIssuer(Option<String>),
    /// Name the address in this member.
    NameAddress {
        /// The member, as jq writes the way to it.
        member: String,
        /// The address, safe for a terminal.
        url: String,
    },
    /// Save the single key that is there.
    SaveKey,
    /// Ask the Kubernetes cluster as a user that it knows.
    AskKubernetes,
    /// Keep one of several keys, and remove the others.
    LeaveOne,
    /// Remove all but the key.
    LeaveKey,
    /// Remove all but the line of the key.
    LeaveLine,
    /// Copy the key again: the line before it is damaged.
    CopyKey,
    /// Give the token in its own place: this is the place of the key.
    MoveToken,
    /// Export an RSA key with its primes.
    ExportPrimes,
    /// Write every number as wide as the curve.
    WidenNumbers,
    /// Write the name that JOSE has for the algorithm into the JWK.
    NameAlgorithmOfKey(Algorithm),

    // What a key is for.
    /// Name a key, at any place.
    NameSomeKey,
    /// Name the private key that belongs to the public ones.
    NamePrivateKey,
    /// Give the private key that belongs to this public one.
    GivePrivateKey,
    /// Take a key that is for signatures.
    TakeSigningUse,
    /// Take a key that is for encryption.
    TakeEncryptionUse,
    /// Take one of the algorithms of key management that the key is for.
    TakeKeyManagement(Vec<KeyManagement>),
    /// Take a secret of so many bytes, or say how this one is written.
    FitSecret(usize),
    /// Say how the application derives its key from the secret.
    DeriveKey,
    /// Look at the name of the cookie and at the secret, from which the key was derived.
    CheckDerivation,
    /// Derive no key: the token is not one of those that such keys open.
    LeaveDerivation,
    /// Correct `use` or `alg` of the JWK, which contradict each other.
    CorrectUse,
    /// Take a key that its `alg` does not bind to another algorithm (RFC 7517 section 4.4).
    TakeUnboundKey,
    /// Take the key that opens a token out of its set, or name it alone: nothing is asked for by a `kid` then.
    TakeKeyItself {
        /// Names of keys in the sets, safe for a terminal.
        set: Vec<String>,
    },
    /// Take a key whose `key_ops` has this operation.
    TakeOperation(&'static str),
    /// Take one of the algorithms that the key is for.
    TakeAlgorithm(Vec<Algorithm>),
    /// Take one of these keys, which are safe for a terminal.
    TakeKey {
        /// What they are called.
        keys: Vec<String>,
        /// By what one of them is picked.
        by: Pick,
    },

    // The passphrase of a key.
    /// Look whether the place of the passphrase is empty.
    CheckEmptyPassphrase,
    /// Look whether the passphrase is that of another key.
    CheckPassphrase,
    /// Name the place of the passphrase.
    NamePassphrase,
    /// Name another place of the passphrase, since nobody can be asked for it.
    NameOtherPassphrase,
    /// Put the passphrase into the place that was named, or name another one.
    PutPassphrase,

    // Making keys.
    /// Make a key that is strong enough.
    MakeKey,
    /// Make an RSA key that is strong enough.
    MakeRsaKey,
    /// Make an RSA key that is not restricted to RSASSA-PSS.
    MakeUnrestrictedKey,
    /// Make an EC key on a curve that JWS has.
    MakeEcKey,
    /// Make a secret of so many bytes.
    MakeSecret {
        /// The bytes that the algorithm needs.
        bytes: usize,
        /// Whether the caller may allow the secret at hand.
        may_be_allowed: bool,
        /// Whether the text of `k` in the JWK would be long enough.
        fits_as_text: bool,
    },
    /// Name no size: the algorithm fixes it.
    LeaveSize,
    /// Take this size of an RSA key.
    TakeSize(u32),
    /// Keep the private key as PEM, since there is no JWK of it.
    KeepAsPem,

    // What a token is checked for.
    /// Let clocks differ by this much.
    AllowLeeway(Span),
    /// Get a new token: a clock difference does not explain its age.
    GetNewToken,
    /// Get a token that is well formed.
    GetWellFormed,
    /// Accept a token that never expires.
    AllowNoExp,
    /// Accept segments that keep their padding, as they were signed.
    AllowPadding,
    /// Check the signature alone, over any payload.
    CheckSignatureOnly,
    /// Check the signature over a payload that was sent beside the token.
    CheckDetached,
    /// Give certificates as PEM blocks, or one in DER.
    GiveCertificates,
    /// Give revocation lists as PEM blocks, or one in DER.
    GiveRevocations,
    /// Begin the file with the certificate of the key that signs.
    BeginWithOwnCertificate,
    /// Name the certificate of the signer itself, which the token does not bring.
    NameKeyOfCertificate,
    /// Check the signature over a payload that is not encoded (RFC 7797).
    CheckUnencoded,
    /// Put a line break at the end of the payload: with it the signature matches.
    EndWithLineBreak,
    /// Leave out the line break at the end of the payload: without it the signature matches.
    EndWithoutLineBreak,
    /// Check the signature over the payload in the token: it is not detached.
    CheckAttached,
    /// Verify the payload as a token of its own.
    VerifyInner,
    /// Ask the issuer to encrypt the token by an algorithm that is not broken.
    EncryptAnew,
    /// Let more bytes come out of a compressed content.
    AllowInflated,
    /// Ask the holder to present the token anew.
    PresentAnew,
    /// Have the holder prove the key.
    PresentWithProof,
    /// Show the content of an encrypted token that nobody signed.
    DecodeOpened,
    /// Name the key that opens the token.
    NameDecryptionKey,
    /// Say which signature of a token in a JSON form has to be good.
    ChooseSignature,
    /// Ask the issuer to sign the token.
    Sign,
    /// Ask the issuer for the name that JOSE has for the algorithm, if it has one.
    NameAlgorithm(Option<Algorithm>),
    /// Check a token of NATS with its own tools.
    CheckNats,
    /// Use a verifier that understands the critical extensions.
    UnderstandExtensions,
    /// Write times in seconds (RFC 7519 section 2).
    CountSeconds,
    /// Name the audience, or accept any.
    NameAudience,
    /// Accept another issuer than the one whose keys these are.
    AcceptIssuer,
    /// Name the keys of this source by the address of their set, since they do not belong to one issuer
    /// alone.
    NameAddressOfSet {
        /// The source.
        label: String,
    },
    /// Compare the value with the one that was asked for.
    Compare(Box<NearMiss>),
    /// Look at what was found about the signature.
    Signature(Box<Diagnosis>),
    /// Give a file of that name on standard input, where it was named with an `@` before it.
    RedirectFile {
        /// The name of the file.
        name: String,
    },
    /// Take the token out of the JSON that it is in.
    TakeTokenOut {
        /// The name of its member, a plain word.
        member: String,
    },
    /// Read the file of that name from standard input.
    ReadFile {
        /// Its name, safe for a terminal.
        name: String,
        /// Whether it is a folder, with files in it.
        is_folder: bool,
    },

    // Which key a token is checked with.
    /// Take the key set of the token's issuer; these are some of the keys in this one.
    TakeSetOfIssuer {
        /// Their names, safe for a terminal.
        keys: Vec<String>,
    },
    /// Take the keys of the issuer that the token names, or look why it came from there.
    TakeKeysOfItsIssuer {
        /// The issuer that the token names, safe for a terminal.
        named: String,
        /// That of the keys, safe for a terminal.
        own: String,
    },
    /// Fetch the keys from the network again.
    FetchAnew {
        /// How old they are.
        age: Duration,
        /// What else to do.
        also: Option<Box<Advice>>,
    },
    /// Name the address of the issuer's JWK Set.
    NameSet,
    /// Name the address of a JWK Set, or the issuer.
    NameSetOrIssuer,
    /// Look at the name of the issuer, or name the address of its JWK Set.
    CheckIssuer,
    /// Name the issuer of the token, which is this.
    NameIssuerOfToken(String),
    /// Name the issuer exactly like this, with or without the slash at its end.
    NameIssuerExactly(String),
    /// Replace this variable in the issuer with the value that the token has.
    FillIssuer(String),
    /// Try again, or save the JWK Set in a file.
    SaveSet,
    /// Take the public key of the issuer: this is a secret.
    TakePublicKey,
    /// Take the secret, or suspect a forgery: this is a key pair (RFC 8725 section 2.1).
    SuspectForgery,
}

/// By what one of several keys is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pick {
    /// Nothing was asked for; these are the keys that there are.
    Nothing,
    /// By its `kid`.
    Kid,
    /// By its algorithm.
    Algorithm,
    /// By either.
    KidOrAlgorithm,
    /// By nothing: the others have to be removed.
    Leaving,
}

impl From<NearMiss> for Advice {
    fn from(near: NearMiss) -> Self {
        Advice::Compare(Box::new(near))
    }
}

impl From<Diagnosis> for Advice {
    fn from(diagnosis: Diagnosis) -> Self {
        Advice::Signature(Box::new(diagnosis))
    }
}
