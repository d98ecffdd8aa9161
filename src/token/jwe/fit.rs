//! Which JWE algorithms a key may be used with. The token never decides that.

use crate::text::count::counted;
use crate::token::advice::Advice;
use crate::token::algorithm::Curve;
use crate::token::jwe::key_management::Family;
use crate::token::jwe::{ContentEncryption, KeyManagement};
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, shown};
use crate::token::material::{Material, check_rsa, check_x25519};

/// What the `alg` of a JWK for encryption binds it to (RFC 7517 section 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::token) enum Binding {
    /// It has none.
    #[default]
    Free,
    /// The algorithm by which its owner gets the key of a content.
    Management(KeyManagement),
    /// The algorithm that encrypts a content with it.
    Content(ContentEncryption),
    /// None of a JWK: the key was derived from a secret for this content encryption.
    Derived(ContentEncryption),
    /// An algorithm that is not known, or refused.
    Other(String),
}

impl Binding {
    pub(in crate::token) fn parse(name: &str) -> Self {
        match (KeyManagement::parse(name), ContentEncryption::parse(name)) {
            (Some(alg), _) => Binding::Management(alg),
            (_, Some(enc)) => Binding::Content(enc),
            _ => Binding::Other(name.to_owned()),
        }
    }

    pub(in crate::token) fn is_known(&self) -> bool {
        !matches!(self, Binding::Other(_))
    }

    fn allows(&self, alg: KeyManagement, enc: ContentEncryption) -> bool {
        match self {
            Binding::Free => true,
            Binding::Management(bound) => *bound == alg,
            Binding::Content(bound) | Binding::Derived(bound) => {
                alg == KeyManagement::Dir && *bound == enc
            }
            Binding::Other(_) => false,
        }
    }
}

impl Key {
    /// Whether it can open what was encrypted to it, and its `use` and `key_ops` let it.
    #[must_use]
    pub fn may_open(&self) -> bool {
        self.has_private() && self.usage.encryption && self.usage.open && self.alg.is_none()
    }

    /// Whether its `use` and `key_ops` let others encrypt to it.
    #[must_use]
    pub fn may_be_encrypted_to(&self) -> bool {
        self.usage.encryption && self.usage.seal && self.alg.is_none()
    }

    /// Whether it has the kind and the length that the algorithms take, and is not bound to others.
    #[must_use]
    pub fn fits(&self, alg: KeyManagement, enc: ContentEncryption) -> bool {
        self.is_of_kind(alg, enc) && self.encryption.allows(alg, enc)
    }

    fn is_of_kind(&self, alg: KeyManagement, enc: ContentEncryption) -> bool {
        match (alg.family(), &self.material) {
            (Family::Direct, Material::Secret(secret)) => secret.len() == enc.key_len(),
            (Family::Secret(wrapping), Material::Secret(secret)) => {
                secret.len() == wrapping.secret_len()
            }
            (Family::Password(..), Material::Secret(secret)) => !secret.is_empty(),
            (Family::Oaep(_), Material::Rsa { restriction, .. }) => restriction.is_none(),
            (Family::Agreement(_), Material::Ec { curve, .. }) => *curve != Curve::Secp256k1,
            (Family::Agreement(_), Material::X25519 { .. }) => true,
            _ => false,
        }
    }

    /// The algorithms of key management that it fits, with any content encryption.
    #[must_use]
    pub fn key_managements(&self) -> Vec<KeyManagement> {
        let fits = |alg: &KeyManagement| {
            let mut all = ContentEncryption::ALL.iter();
            all.any(|enc| self.fits(*alg, *enc))
        };
        KeyManagement::ALL.iter().copied().filter(fits).collect()
    }

    /// The default algorithms for encrypting to it: a secret is used as the key of the content
    /// where its length allows, and else as a password.
    pub(super) fn usual_encryption(
        &self,
        alg: Option<KeyManagement>,
        enc: Option<ContentEncryption>,
    ) -> Option<(KeyManagement, ContentEncryption)> {
        use ContentEncryption::{
            A128CbcHs256, A128Gcm, A192CbcHs384, A192Gcm, A256CbcHs512, A256Gcm,
        };
        let algs = KeyManagement::ALL.iter().copied();
        let algs = algs.filter(|a| alg.is_none_or(|alg| alg == *a));
        algs.flat_map(|alg| {
            [
                A256Gcm,
                A128Gcm,
                A192Gcm,
                A256CbcHs512,
                A192CbcHs384,
                A128CbcHs256,
            ]
            .into_iter()
            .map(move |enc| (alg, enc))
        })
        .filter(|(_, e)| enc.is_none_or(|enc| enc == *e))
        .find(|(alg, enc)| self.fits(*alg, *enc))
    }

    /// Why it does not fit an algorithm.
    pub(super) fn unfit(&self, alg: KeyManagement, enc: ContentEncryption) -> KeyFault {
        let name = alg.name();
        let len = match alg.family() {
            Family::Direct => enc.key_len(),
            Family::Secret(wrapping) => wrapping.secret_len(),
            _ => 0,
        };
        let with = match alg {
            KeyManagement::Dir => format!("{name} with {}", enc.name()),
            _ => name.to_owned(),
        };
        if let Binding::Derived(derived) = self.encryption {
            return of_cookie(derived, &with);
        }
        if let Some(bound) = self.bound() {
            return bound_otherwise(&bound, &format!(", not {name}"));
        }
        match &self.material {
            Material::Secret(secret) if len > 0 => {
                let found = counted(secret.len(), "byte");
                KeyFault::rejected(format!(
                    "{with} takes a secret of {len} bytes, and this one has {found}"
                ))
                .hint(Advice::FitSecret(len))
            }
            _ => KeyFault::rejected(format!("{name} cannot be used with {}", self.kind_words()))
                .hint(Advice::TakeKeyManagement(self.key_managements())),
        }
    }

    /// Why it fits no algorithm of all, where none was asked for, with this content encryption or any.
    pub(super) fn unfit_for_all(&self, enc: Option<ContentEncryption>) -> KeyFault {
        match (&self.encryption, self.bound(), enc) {
            (Binding::Derived(derived), _, enc) => {
                of_cookie(*derived, enc.map_or("another", ContentEncryption::name))
            }
            (Binding::Content(_), Some(bound), Some(enc)) => {
                bound_otherwise(&bound, &format!(", not {}", enc.name()))
            }
            (_, Some(bound), _) => {
                bound_otherwise(&bound, ", and cannot be encrypted to with that")
            }
            (_, None, _) => {
                let kind = self.kind_words();
                KeyFault::rejected(format!("{kind} cannot be encrypted to"))
                    .hint(Advice::TakeKeyManagement(Vec::new()))
            }
        }
    }

    /// What its `alg` binds it to, with a space before.
    fn bound(&self) -> Option<String> {
        let bound = match (&self.encryption, self.alg) {
            (_, Some(bound)) => format!(" {}", bound.name()),
            (Binding::Free | Binding::Derived(_), _) => return None,
            (Binding::Management(bound), _) => format!(" {}", bound.name()),
            (Binding::Content(bound), _) => format!(" {}", bound.name()),
            (Binding::Other(bound), _) => shown(bound),
        };
        Some(match bound.as_str() {
            "" => " another algorithm".to_owned(),
            _ => bound,
        })
    }

    /// Whether it was derived from a secret.
    pub(super) fn is_derived(&self) -> bool {
        matches!(self.encryption, Binding::Derived(_))
    }

    /// Refuses a key that may not be encrypted to, or opened with.
    pub(super) fn check_encryption(&self, opening: bool) -> Result<(), KeyFault> {
        let operation = if opening { "decrypt" } else { "encrypt" };
        let (usage, alg) = (&self.usage, self.alg);
        if let Some(alg) = alg {
            let name = alg.name();
            return Err(KeyFault::rejected(format!(
                "the key is for signatures: its `alg` is {name}"
            ))
            .hint(Advice::TakeEncryptionUse));
        }
        if !usage.encryption {
            let message = "the key is not for encryption: its `use` is not `enc`";
            return Err(KeyFault::rejected(message).hint(Advice::TakeEncryptionUse));
        }
        if !(if opening { usage.open } else { usage.seal }) {
            let message = format!("the key may not {operation}: its `key_ops` lacks `{operation}`");
            return Err(KeyFault::rejected(message).hint(Advice::TakeOperation(operation)));
        }
        if opening && !self.has_private() {
            let kind = self.kind_words();
            let message = format!("opening a token needs a private key, and this is {kind}");
            return Err(KeyFault::rejected(message).hint(Advice::GivePrivateKey));
        }
        match &self.material {
            Material::Rsa { public, .. } => check_rsa(&public.n, &public.e),
            Material::X25519 { public, .. } if !opening => check_x25519(public),
            Material::Secret(secret) if secret.is_empty() => {
                Err(KeyFault::weak("the secret is empty"))
            }
            _ => Ok(()),
        }
    }
}

/// The fault of a key that its `alg` binds to something else (RFC 7517 section 4.4).
fn bound_otherwise(bound: &str, rest: &str) -> KeyFault {
    KeyFault::rejected(format!("the key is bound to{bound} by its `alg`{rest}"))
        .hint(Advice::TakeUnboundKey)
}

/// The fault of a key that was derived for a cookie, where it is asked for something else.
fn of_cookie(derived: ContentEncryption, asked: &str) -> KeyFault {
    let derived = derived.name();
    KeyFault::rejected(format!(
        "a key that is derived for a cookie is for dir with {derived}, not {asked}"
    ))
    .hint(Advice::LeaveDerivation)
}
