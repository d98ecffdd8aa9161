//! A key: what it is, and what it may do.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::advice::Advice;
use crate::token::algorithm::{Algorithm, Family};
use crate::token::encoding::Encoding;
use crate::token::engine::{Signing, Verifier};
use crate::token::external::{Checked, ExternalSigner};
use crate::token::json::{Json, Kind, array, quote};
use crate::token::jwe::Binding;
use crate::token::key_fault::{KeyFault, shown};
use crate::token::material::{Material, bits, check_ed25519, check_rsa, check_secret, coordinates};

/// What a JWK's `use` and `key_ops` allow; without them, everything (RFC 7517 sections 4.2, 4.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) signatures: bool,
    pub(super) sign: bool,
    pub(super) verify: bool,
    pub(super) encryption: bool,
    /// Whether the key may open what was encrypted to it.
    pub(super) open: bool,
    /// Whether others may encrypt to it.
    pub(super) seal: bool,
}

impl Default for Usage {
    fn default() -> Self {
        Usage {
            signatures: true,
            sign: true,
            verify: true,
            encryption: true,
            open: true,
            seal: true,
        }
    }
}

/// A member of a JWK that describes the key: its name, and its value as JSON text.
pub(super) type OtherMember = (String, Zeroizing<String>);

/// The parameters of a JWK that are public for every kind of key: from RFC 7517 section 4, the Web
/// Cryptography API, and OpenID Federation (IANA registry "JSON Web Key Parameters").
const PUBLIC_SAYINGS: &[&str] = &[
    "use", "alg", "key_ops", "x5u", "x5c", "x5t", "x5t#S256", "ext", "iat", "nbf", "exp", "revoked",
];

/// A secret's content as it was given, to try what else it may have stood for.
pub(super) struct Origin {
    pub(super) content: Zeroizing<Vec<u8>>,
    pub(super) encoding: Encoding,
}

/// A key, and what is known about it.
pub struct Key {
    pub(super) material: Material,
    pub(super) usage: Usage,
    pub(super) origin: Option<Origin>,
    /// The signer, where the private half is elsewhere.
    pub(super) signer: Option<Arc<dyn ExternalSigner>>,
    /// The other members of a JWK, without its numbers, `kid` and `alg`, in their order.
    pub(super) other_members: Vec<OtherMember>,
    /// A JWK's `kid` (RFC 7517 section 4.5).
    pub kid: Option<String>,
    /// A JWK's `alg`: the one algorithm that it may be used with (RFC 7517 section 4.4).
    pub alg: Option<Algorithm>,
    /// The same for a key for encryption; it is among the other members too.
    pub(super) encryption: Binding,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

impl From<Material> for Key {
    fn from(material: Material) -> Self {
        Key {
            material,
            usage: Usage::default(),
            origin: None,
            signer: None,
            other_members: Vec::new(),
            kid: None,
            alg: None,
            encryption: Binding::Free,
        }
    }
}

impl Key {
    /// A secret of any length: how long it must be depends on the algorithm.
    #[must_use]
    pub fn secret(bytes: Zeroizing<Vec<u8>>) -> Self {
        Key::from(Material::Secret(bytes))
    }

    /// What kind of key it is, as a noun with its article.
    #[must_use]
    pub fn kind_words(&self) -> String {
        let half = if self.has_private() {
            "private"
        } else {
            "public"
        };
        match &self.material {
            Material::Secret(bytes) => format!("a secret of {}", counted(bytes.len(), "byte")),
            Material::Rsa {
                public,
                restriction,
                ..
            } => {
                let kind = restriction.as_ref().map_or("RSA", |_| "RSA-PSS");
                format!("an {kind} {half} key of {} bits", bits(&public.n))
            }
            Material::Ec { curve, .. } => format!("an EC {half} key ({})", curve.name()),
            Material::Ed25519 { .. } => format!("an Ed25519 {half} key"),
            Material::X25519 { .. } => format!("an X25519 {half} key"),
            Material::MlDsa { set, .. } => format!("an {} {half} key", set.name()),
        }
    }

    /// Whether it is a secret, which both signs and verifies.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self.material, Material::Secret(_))
    }

    /// Whether it holds something that must stay private, as every secret does.
    #[must_use]
    pub fn has_private(&self) -> bool {
        match &self.material {
            Material::Secret(_) => true,
            Material::Rsa { pair, .. } => pair.is_some(),
            Material::Ec { pair, .. } => pair.is_some(),
            Material::Ed25519 { pair, .. } => pair.is_some(),
            Material::X25519 { private, .. } => private.is_some(),
            Material::MlDsa { pair, .. } => pair.is_some(),
        }
    }

    /// Whether both have the same public half; secrets have none.
    pub(crate) fn is_pair_of(&self, other: &Key) -> bool {
        match (&self.material, &other.material) {
            (Material::Rsa { public: a, .. }, Material::Rsa { public: b, .. }) => {
                (&a.n, &a.e) == (&b.n, &b.e)
            }
            (
                Material::Ec { curve, point, .. },
                Material::Ec {
                    curve: c, point: p, ..
                },
            ) => (curve, point) == (c, p),
            (Material::Ed25519 { public: a, .. }, Material::Ed25519 { public: b, .. })
            | (Material::X25519 { public: a, .. }, Material::X25519 { public: b, .. })
            | (Material::MlDsa { public: a, .. }, Material::MlDsa { public: b, .. }) => a == b,
            _ => false,
        }
    }

    /// The public half, with the other members of the whole key; `None` for a secret.
    #[must_use]
    pub fn public(&self) -> Option<Key> {
        let material = match &self.material {
            Material::Secret(_) => return None,
            Material::Rsa {
                public,
                restriction,
                ..
            } => Material::Rsa {
                public: public.clone(),
                pair: None,
                restriction: restriction.clone(),
            },
            Material::Ec { curve, point, .. } => Material::Ec {
                curve: *curve,
                point: point.clone(),
                pair: None,
            },
            Material::Ed25519 { public, .. } => Material::Ed25519 {
                public: public.clone(),
                pair: None,
            },
            Material::X25519 { public, .. } => Material::X25519 {
                public: public.clone(),
                private: None,
            },
            Material::MlDsa { set, public, .. } => Material::MlDsa {
                set: *set,
                public: public.clone(),
                pair: None,
            },
        };
        Some(Key {
            usage: Usage {
                verify: self.usage.verify || self.usage.sign,
                seal: self.usage.seal || self.usage.open,
                ..self.usage
            },
            other_members: self.public_members(),
            kid: self.kid.clone(),
            alg: self.alg,
            encryption: self.encryption.clone(),
            ..Key::from(material)
        })
    }

    /// The other members of the public half: from a private key only those that are known to be
    /// public, and for each operation its counterpart.
    pub(super) fn public_members(&self) -> Vec<OtherMember> {
        if !self.has_private() {
            return self.other_members.clone();
        }
        let public = self
            .other_members
            .iter()
            .filter(|(name, _)| PUBLIC_SAYINGS.contains(&name.as_str()));
        public
            .map(|(name, json)| match name.as_str() {
                "key_ops" => (name.clone(), Zeroizing::new(public_operations(json))),
                _ => (name.clone(), json.clone()),
            })
            .collect()
    }

    /// Adds that the key is for signatures (RFC 7517 section 4.2), if it does not say so yet.
    pub fn declare_signing(&mut self) {
        if self.other_members.iter().all(|(name, _)| name != "use") {
            let purpose = Zeroizing::new(quote("sig"));
            self.other_members.push(("use".to_owned(), purpose));
        }
    }

    /// The name by which a token's `kid` refers to it: its `kid`, or else its thumbprint, which it
    /// puts into the tokens that it signs.
    #[must_use]
    pub fn name(&self) -> String {
        self.kid.clone().unwrap_or_else(|| self.thumbprint())
    }

    /// The public key with a signer elsewhere: the private half is never in this process.
    ///
    /// # Errors
    /// [`KeyFault`] where it is not a public key.
    pub fn with_signer(mut self, signer: Arc<dyn ExternalSigner>) -> Result<Self, KeyFault> {
        if self.has_private() {
            let kind = self.kind_words();
            return Err(KeyFault::rejected(format!(
                "a key that signs elsewhere needs its public key here, and this is {kind}"
            )));
        }
        // The use of the public half decides the use of the private one.
        self.usage.sign = self.usage.sign || self.usage.verify;
        self.signer = Some(signer);
        Ok(self)
    }

    /// Whether it can sign, and its `use` and `key_ops` allow it.
    #[must_use]
    pub fn may_sign(&self) -> bool {
        (self.has_private() || self.signer.is_some()) && self.is_for_signatures() && self.usage.sign
    }

    /// Whether its `use` and `key_ops` allow it to verify.
    #[must_use]
    pub fn may_verify(&self) -> bool {
        self.is_for_signatures() && self.usage.verify
    }

    fn is_for_signatures(&self) -> bool {
        self.usage.signatures && self.default_algorithm().is_some()
    }

    /// Whether the key is of the algorithm's kind and not bound to another one. Its strength is
    /// checked when it is made ready, as in [`Key::verifier`].
    #[must_use]
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        let fits = match (algorithm.family(), &self.material) {
            (Family::Hmac { .. }, Material::Secret(_))
            | (Family::Ed25519, Material::Ed25519 { .. }) => true,
            (Family::RsaPkcs1 | Family::RsaPss, Material::Rsa { restriction, .. }) => restriction
                .as_ref()
                .is_none_or(|only| only.allowed.contains(&algorithm)),
            (Family::Ecdsa(named), Material::Ec { curve, .. }) => named == *curve,
            (Family::MlDsa(named), Material::MlDsa { set, .. }) => named == *set,
            _ => false,
        };
        fits && self.alg.is_none_or(|bound| bound.same_as(algorithm))
    }

    /// The algorithms that it may be used with. For a secret these are always HS256 or the one that
    /// it is bound to, and others if it is long enough for them.
    #[must_use]
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let default = self.default_algorithm();
        let allowed = |a: &Algorithm| {
            self.allows(*a)
                && (default.is_some_and(|default| a.same_as(default))
                    || self.check_strength(*a, false).is_ok())
        };
        Algorithm::ALL.iter().copied().filter(allowed).collect()
    }

    /// The algorithm that it signs with when none is asked for; `None` where it cannot sign, as
    /// with X25519.
    #[must_use]
    pub fn default_algorithm(&self) -> Option<Algorithm> {
        Some(self.alg.unwrap_or(match &self.material {
            Material::Secret(_) => Algorithm::HS256,
            Material::Rsa { restriction, .. } => {
                let first = restriction.as_ref().and_then(|only| only.allowed.first());
                first.copied().unwrap_or(Algorithm::RS256)
            }
            Material::Ec { curve, .. } => curve.algorithm(),
            Material::Ed25519 { .. } => Algorithm::EdDSA,
            Material::X25519 { .. } => return None,
            Material::MlDsa { set, .. } => set.algorithm(),
        }))
    }

    /// The same, for callers that need one.
    ///
    /// # Errors
    /// [`KeyFault`] where the key cannot sign.
    pub fn signing_algorithm(&self) -> Result<Algorithm, KeyFault> {
        self.default_algorithm().ok_or_else(|| {
            let message = "the key is for X25519, which agrees on secrets and does not sign";
            KeyFault::rejected(message).hint(Advice::TakeSigningUse)
        })
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638 section 3, RFC 8037 section 2, RFC 9964
    /// section 6). The thumbprint of a secret should not be shown, since guesses can be tested
    /// against it (RFC 7638 section 7).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let json = self.required_members();
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, json.as_bytes()))
    }

    /// The public half as a JWK with only the members that its kind requires (RFC 7638 section
    /// 3.2); `None` for a secret.
    #[must_use]
    pub fn required_jwk(&self) -> Option<String> {
        (!self.is_secret()).then(|| (*self.required_members()).clone())
    }

    /// What a thumbprint is made of (RFC 7638 section 3.3).
    fn required_members(&self) -> Zeroizing<String> {
        let b64 = |bytes: &[u8]| Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
        Zeroizing::new(match &self.material {
            Material::Secret(secret) => format!(r#"{{"k":"{}","kty":"oct"}}"#, *b64(secret)),
            Material::Rsa { public, .. } => {
                let (n, e) = (b64(&public.n), b64(&public.e));
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, *e, *n)
            }
            Material::Ec { curve, point, .. } => {
                let (x, y) = coordinates(point);
                let (crv, x, y) = (curve.name(), b64(x), b64(y));
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{}","y":"{}"}}"#, *x, *y)
            }
            Material::Ed25519 { public, .. } => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, *b64(public))
            }
            Material::X25519 { public, .. } => {
                format!(r#"{{"crv":"X25519","kty":"OKP","x":"{}"}}"#, *b64(public))
            }
            Material::MlDsa { set, public, .. } => {
                let (alg, public) = (set.name(), b64(public));
                format!(r#"{{"alg":"{alg}","kty":"AKP","pub":"{}"}}"#, *public)
            }
        })
    }

    /// How many bytes a signature by this key has with an algorithm.
    pub(super) fn signature_len(&self, algorithm: Algorithm) -> usize {
        match (algorithm.signature_len(), &self.material) {
            (Some(len), _) => len,
            (None, Material::Rsa { public, .. }) => public.n.len(),
            (None, _) => 0,
        }
    }

    /// Makes it ready to sign with an algorithm. `allow_weak` accepts a short secret.
    ///
    /// # Errors
    /// [`KeyFault`] where the key is public, is not for it or for signing, or is too weak.
    pub(super) fn signing(
        &self,
        algorithm: Algorithm,
        allow_weak: bool,
    ) -> Result<Signing, KeyFault> {
        if !self.has_private() && self.signer.is_none() {
            let kind = self.kind_words();
            return Err(KeyFault::rejected(format!(
                "signing needs a private key, and this is {kind}"
            ))
            .hint(Advice::GivePrivateKey));
        }
        self.check(algorithm, "sign", self.usage.sign, allow_weak)?;
        if let Some(signer) = &self.signer {
            return Ok(Signing::Shared(Box::new(Checked {
                signer: Arc::clone(signer),
                algorithm,
                verifier: self.verifier(algorithm, allow_weak)?,
            })));
        }
        algorithm
            .engine()
            .signing(&self.material)
            .ok_or_else(|| self.misfit(algorithm))
    }

    /// Makes it ready to check signatures of an algorithm. `allow_weak` accepts a short secret.
    ///
    /// # Errors
    /// [`KeyFault`] where the key is not for it or for verifying, or is too weak.
    pub fn verifier(&self, algorithm: Algorithm, allow_weak: bool) -> Result<Verifier, KeyFault> {
        self.check(algorithm, "verify", self.usage.verify, allow_weak)?;
        algorithm
            .engine()
            .verifier(&self.material)
            .ok_or_else(|| self.misfit(algorithm))
    }

    fn check(
        &self,
        algorithm: Algorithm,
        operation: &'static str,
        allowed: bool,
        allow_weak: bool,
    ) -> Result<(), KeyFault> {
        self.signing_algorithm()?;
        if !self.usage.signatures {
            let member = |member: &str| {
                let mut members = self.other_members.iter();
                members.find(|(name, _)| name == member)
            };
            if let (None, Some((_, alg))) = (member("use"), member("alg")) {
                let alg = shown(alg.trim_matches('"'));
                return Err(KeyFault::rejected(format!(
                    "the key is for encryption: its `alg` is{alg}"
                ))
                .hint(Advice::TakeSigningUse));
            }
            let purpose = member("use").map_or("", |(_, json)| json.trim_matches('"'));
            let is = match shown(purpose).as_str() {
                "" => " not `sig`".to_owned(),
                purpose => format!("{purpose}, not `sig`"),
            };
            return Err(KeyFault::rejected(format!(
                "the key is not for signatures: its `use` is{is}"
            ))
            .hint(Advice::TakeSigningUse));
        }
        if !allowed {
            let message = format!("the key may not {operation}: its `key_ops` lacks `{operation}`");
            return Err(KeyFault::rejected(message).hint(Advice::TakeOperation(operation)));
        }
        if !self.allows(algorithm) {
            return Err(self.misfit(algorithm));
        }
        self.check_strength(algorithm, allow_weak)
    }

    pub(super) fn check_strength(
        &self,
        algorithm: Algorithm,
        allow_weak: bool,
    ) -> Result<(), KeyFault> {
        match &self.material {
            Material::Secret(secret) => {
                let checked = check_secret(secret.len(), algorithm, allow_weak);
                checked.map_err(|fault| self.with_hint_at_text(fault))
            }
            Material::Rsa { public, .. } => check_rsa(&public.n, &public.e),
            Material::Ed25519 { public, .. } => check_ed25519(public),
            Material::Ec { .. } | Material::X25519 { .. } | Material::MlDsa { .. } => Ok(()),
        }
    }

    /// A secret in a JWK may be too short because its text was written there without encoding.
    fn with_hint_at_text(&self, mut fault: KeyFault) -> KeyFault {
        let Material::Secret(secret) = &self.material else {
            return fault;
        };
        let text_len = secret.len().saturating_mul(4).div_ceil(3);
        let is_of_jwk = self.origin.is_none();
        if let Some(Advice::MakeSecret {
            bytes,
            fits_as_text,
            ..
        }) = &mut fault.hint
        {
            *fits_as_text = is_of_jwk && text_len >= *bytes;
        }
        fault
    }

    fn misfit(&self, algorithm: Algorithm) -> KeyFault {
        let name = algorithm.name();
        KeyFault::rejected(match self.alg {
            Some(bound) => format!(
                "the key is bound to {} by its `alg`, not {name}",
                bound.name()
            ),
            None => format!("{name} cannot be used with {}", self.kind_words()),
        })
        .hint(Advice::TakeAlgorithm(self.algorithms()))
    }
}

/// The operations of the public half of a key pair (RFC 7517 section 4.3).
fn public_operations(json: &str) -> String {
    let parsed = Json::parse_str(json).map(|parsed| parsed.value);
    let given = parsed.ok().filter(|value| value.kind() == Kind::Array);
    let operations = given.into_iter().flat_map(Json::elements);
    let public = operations.filter_map(Json::as_str).filter_map(|operation| {
        Some(match operation.as_ref() {
            "sign" => "verify".into(),
            "decrypt" => "encrypt".into(),
            "unwrapKey" => "wrapKey".into(),
            "deriveKey" | "deriveBits" => return None,
            _ => operation,
        })
    });
    let mut known = HashSet::new();
    let public: Vec<Cow<str>> = public.filter(|o| known.insert(o.clone())).collect();
    array(&public)
}
