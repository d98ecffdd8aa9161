//! Keys: what they are, what they may do, and how their content is read.
//!
//! What a key is, its content says: a JWK, PEM, DER, or else a secret. Public keys, certificates
//! and whatever else is known not to be a secret is never taken for one, because a token could
//! then be forged with what everybody may read (RFC 8725 section 2.1).

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey, RsaKeyPair};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{NO_PAD, URL_SAFE_NO_PAD};
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::token::algorithm::{Algorithm, Curve, Family, Signer, Verifier};
use crate::token::{der, jwk, pem};

/// Why there is no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyReason {
    /// There is none.
    Missing,
    /// It cannot be read, or cannot do what it is wanted for.
    Rejected,
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
}

impl KeyFault {
    /// A fault without a hint.
    pub fn new(reason: KeyReason, message: impl Into<String>) -> Self {
        KeyFault {
            reason,
            message: message.into(),
            hint: None,
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

/// How the text of a secret stands for its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// The text itself, without one final line break where it comes from a file.
    #[default]
    Utf8,
    /// Every byte, whatever it is.
    Raw,
    /// Base64 (RFC 4648 section 4).
    Base64,
    /// Base64 with the URL and filename safe alphabet (RFC 4648 section 5).
    Base64url,
    /// Two hexadecimal digits a byte.
    Hex,
}

impl Encoding {
    /// Every encoding, in the order in which they are listed.
    pub const ALL: &[Encoding] = &[
        Encoding::Utf8,
        Encoding::Raw,
        Encoding::Base64,
        Encoding::Base64url,
        Encoding::Hex,
    ];

    /// The name that `--key-encoding` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf8",
            Encoding::Raw => "raw",
            Encoding::Base64 => "base64",
            Encoding::Base64url => "base64url",
            Encoding::Hex => "hex",
        }
    }

    /// The encoding of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Encoding> {
        Self::ALL.iter().copied().find(|e| e.name() == name)
    }

    /// The bytes that the content stands for.
    fn decode(self, content: &[u8], text_source: bool) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let bytes = match self {
            Encoding::Base64 | Encoding::Base64url | Encoding::Hex => return self.undo(content),
            Encoding::Utf8 if std::str::from_utf8(content).is_err() => {
                return Err(KeyFault::rejected("the secret is not UTF-8 text")
                    .hint("`--key-encoding raw` takes every byte as it is"));
            }
            Encoding::Utf8 if text_source => without_line_break(content),
            Encoding::Utf8 | Encoding::Raw => content,
        };
        Ok(Zeroizing::new(bytes.to_vec()))
    }

    /// Undoes base64, base64url or hex, in which white space and padding mean nothing.
    pub(super) fn undo(self, content: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let foreign = |b: &u8| !b.is_ascii_whitespace() && !self.has_digit(*b);
        if let Some(index) = content.iter().position(foreign) {
            let place = index.saturating_add(1);
            let name = self.name();
            return Err(KeyFault::rejected(format!(
                "the secret is not {name}: what stands at byte {place} does not belong to it"
            ))
            .hint("`--key-encoding` takes utf8, raw, base64, base64url or hex"));
        }
        let mut digits = Zeroizing::new(content.to_vec());
        digits.retain(|b| !b.is_ascii_whitespace());
        while digits.last() == Some(&b'=') {
            digits.pop();
        }
        match self {
            Encoding::Base64 => BASE64.decode(&*digits).ok().map(Zeroizing::new),
            Encoding::Base64url => BASE64URL.decode(&*digits).ok().map(Zeroizing::new),
            _ => unhex(&digits),
        }
        .ok_or_else(|| {
            let name = self.name();
            KeyFault::rejected(format!(
                "the secret is not {name}: something is missing in it"
            ))
        })
    }

    fn has_digit(self, byte: u8) -> bool {
        match self {
            Encoding::Base64 => byte.is_ascii_alphanumeric() || b"+/=".contains(&byte),
            Encoding::Base64url => byte.is_ascii_alphanumeric() || b"-_=".contains(&byte),
            _ => byte.is_ascii_hexdigit(),
        }
    }
}

/// A secret may be padded or not, and bits left over at its end are ignored: two texts for one
/// key are no danger, as two texts for one token would be.
const LENIENT: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

fn unhex(digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for pair in pairs {
        bytes.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
    }
    Some(bytes)
}

fn without_line_break(content: &[u8]) -> &[u8] {
    match content.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => content,
    }
}

/// What a key is made of. Private parts are wiped when they are dropped: by [`Zeroizing`], and by
/// aws-lc for its key pairs.
pub(super) enum Material {
    Secret(Zeroizing<Vec<u8>>),
    Rsa {
        public: PublicKeyComponents<Vec<u8>>,
        pair: Option<RsaKeyPair>,
    },
    Ec {
        curve: Curve,
        /// Uncompressed: 04, x, y (SEC 1 section 2.3.3).
        point: Vec<u8>,
        pair: Option<EcdsaKeyPair>,
    },
    Ed25519 {
        public: Vec<u8>,
        pair: Option<Ed25519KeyPair>,
    },
}

impl Material {
    /// An RSA public key of any strength: a set may hold a weak key that is never used.
    pub(super) fn rsa(n: &[u8], e: &[u8]) -> Result<Material, KeyFault> {
        let (n, e) = (without_zeros(n), without_zeros(e));
        if n.is_empty() || e.is_empty() {
            return Err(KeyFault::rejected(
                "the modulus or the exponent of the RSA key is zero",
            ));
        }
        let (n, e) = (n.to_vec(), e.to_vec());
        Ok(Material::Rsa {
            public: PublicKeyComponents { n, e },
            pair: None,
        })
    }

    /// An RSA private key, whose numbers must belong together (RFC 8017 section 3.2).
    pub(super) fn rsa_pair(parts: &KeyPairComponents<&[u8]>) -> Result<Material, KeyFault> {
        let n = without_zeros(parts.public_key.n);
        let e = without_zeros(parts.public_key.e);
        // Before aws-lc refuses a weak key without saying why.
        check_rsa(n, e)?;
        let public_key = PublicKeyComponents { n, e };
        let pair = RsaKeyPair::from_components(&KeyPairComponents {
            public_key,
            ..*parts
        })
        .map_err(|_| {
            KeyFault::rejected("the numbers of the RSA private key do not belong together")
        })?;
        let (n, e) = (n.to_vec(), e.to_vec());
        Ok(Material::Rsa {
            public: PublicKeyComponents { n, e },
            pair: Some(pair),
        })
    }

    /// An EC public key from a point, compressed or not (SEC 1 section 2.3.4).
    pub(super) fn ec(curve: Curve, point: &[u8]) -> Result<Material, KeyFault> {
        let name = curve.name();
        let compressed = point.first() != Some(&4);
        let len = if compressed {
            curve.coordinate_len().saturating_add(1)
        } else {
            curve.point_len()
        };
        if point.len() != len {
            return Err(KeyFault::rejected(format!(
                "the point of the EC key has the wrong length for {name}"
            )));
        }
        let spki = ParsedPublicKey::new(curve.verifying(), point)
            .ok()
            .and_then(|key| key.as_der().ok())
            .ok_or_else(|| {
                KeyFault::rejected(format!("the point of the EC key is not on {name}"))
            })?;
        // An SPKI ends with the point, which aws-lc writes uncompressed.
        let point = spki
            .as_ref()
            .iter()
            .rev()
            .take(curve.point_len())
            .rev()
            .copied()
            .collect();
        Ok(Material::Ec {
            curve,
            point,
            pair: None,
        })
    }

    /// An EC private key, and the public half if it was given (RFC 5915 section 3).
    pub(super) fn ec_pair(
        curve: Curve,
        d: &[u8],
        point: Option<&[u8]>,
    ) -> Result<Material, KeyFault> {
        let pair = match point.map(|point| Material::ec(curve, point)).transpose()? {
            Some(Material::Ec { point, .. }) => {
                EcdsaKeyPair::from_private_key_and_public_key(curve.signing(), d, &point)
                    .map_err(|_| halves_differ())?
            }
            _ => bare_ec_pair(curve, d)?,
        };
        let point = pair.public_key().as_ref().to_vec();
        Ok(Material::Ec {
            curve,
            point,
            pair: Some(pair),
        })
    }

    /// An Ed25519 public key (RFC 8032 section 5.1.5).
    pub(super) fn ed25519(public: &[u8]) -> Result<Material, KeyFault> {
        if public.len() != ED25519_LEN {
            return Err(KeyFault::rejected(
                "an Ed25519 public key has 32 bytes, and this one has not",
            ));
        }
        Ok(Material::Ed25519 {
            public: public.to_vec(),
            pair: None,
        })
    }

    /// An Ed25519 private key, and the public half if it was given (RFC 8032 section 5.1.5).
    pub(super) fn ed25519_pair(seed: &[u8], public: Option<&[u8]>) -> Result<Material, KeyFault> {
        if seed.len() != ED25519_LEN {
            return Err(KeyFault::rejected(
                "an Ed25519 private key has 32 bytes, and this one has not",
            ));
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_| KeyFault::rejected("the Ed25519 private key cannot be read"))?;
        let derived = pair.public_key().as_ref().to_vec();
        if public.is_some_and(|given| given != derived) {
            return Err(halves_differ());
        }
        Ok(Material::Ed25519 {
            public: derived,
            pair: Some(pair),
        })
    }
}

const ED25519_LEN: usize = 32;

fn halves_differ() -> KeyFault {
    KeyFault::rejected("the public half of the key does not belong to its private half")
}

/// An EC private key without its point, which aws-lc works out from an `ECPrivateKey`.
fn bare_ec_pair(curve: Curve, d: &[u8]) -> Result<EcdsaKeyPair, KeyFault> {
    let unreadable = || KeyFault::rejected(format!("the private key is none on {}", curve.name()));
    let header = u8::try_from(d.len())
        .ok()
        .filter(|len| usize::from(*len) <= curve.coordinate_len())
        .and_then(|len| Some([0x30, len.checked_add(5)?, 0x02, 0x01, 0x01, 0x04, len]))
        .ok_or_else(unreadable)?;
    let der = Zeroizing::new([&header, d].concat());
    EcdsaKeyPair::from_private_key_der(curve.signing(), &der).map_err(|_| unreadable())
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// How many bits a number without leading zeros has.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |b| b.leading_zeros());
    number
        .len()
        .saturating_mul(8)
        .saturating_sub(unused as usize)
}

/// Refuses the RSA keys that can be broken or that aws-lc would not use: by size (RFC 7518
/// section 3.3), by exponent, and those of CVE-2017-15361.
fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), KeyFault> {
    let size = bits(n);
    let odd = |number: &[u8]| number.last().is_some_and(|b| b & 1 == 1);
    let weak = |message: &str| Err(KeyFault::weak(message).hint(NEW_RSA_KEY));
    if size < 2048 {
        weak(&format!(
            "the RSA key has {size} bits, and at least 2048 are needed"
        ))
    } else if size > 8192 {
        let message = format!("the RSA key has {size} bits, and at most 8192 are supported");
        Err(KeyFault::rejected(message).hint(NEW_RSA_KEY))
    } else if !odd(n) {
        weak("the modulus of the RSA key is even")
    } else if !odd(e) {
        weak("the exponent of the RSA key is even")
    } else if e == [1] {
        weak("the exponent of the RSA key is 1, which signs nothing")
    } else if bits(e) > 33 {
        weak("the exponent of the RSA key has more than 33 bits")
    } else if has_roca_fingerprint(n) {
        weak("the RSA key was made by a chip whose keys can be factored (ROCA, CVE-2017-15361)")
    } else {
        Ok(())
    }
}

const NEW_RSA_KEY: &str =
    "`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem` makes a good one";

/// Whether a modulus is, for each of these primes, a power of 65537: so are all that the library
/// of CVE-2017-15361 made, and of others one in 2^27 (Nemec et al., CCS 2017, section 2).
fn has_roca_fingerprint(n: &[u8]) -> bool {
    const PRIMES: [u32; 38] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
        97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    PRIMES.iter().all(|&prime| {
        let reduce = |x: u32| x.checked_rem(prime).unwrap_or_default();
        let remainder = n.iter().fold(0, |r, b| reduce(r << 8 | u32::from(*b)));
        let powers =
            std::iter::successors(Some(1), |x| Some(reduce(reduce(65537).wrapping_mul(*x))));
        powers.take(prime as usize).any(|power| power == remainder)
    })
}

/// Refuses a secret that is shorter than the hash of the algorithm (RFC 7518 section 3.2).
fn check_secret(len: usize, algorithm: Algorithm, allow_weak: bool) -> Result<(), KeyFault> {
    let needed = algorithm.hash_len().unwrap_or_default();
    let good = format!("`openssl rand -hex {needed}` makes a good one");
    if len == 0 {
        Err(KeyFault::weak("the secret is empty").hint(good))
    } else if len < needed && !allow_weak {
        let name = algorithm.name();
        Err(KeyFault::weak(format!(
            "the secret has {len} bytes, and {name} needs at least {needed}"
        ))
        .hint(format!(
            "{good}; `--allow-weak-key` takes this one all the same"
        )))
    } else {
        Ok(())
    }
}

/// What a JWK's `use` and `key_ops` allow; without them, everything (RFC 7517 sections 4.2, 4.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) signatures: bool,
    pub(super) sign: bool,
    pub(super) verify: bool,
}

impl Default for Usage {
    fn default() -> Self {
        Usage {
            signatures: true,
            sign: true,
            verify: true,
        }
    }
}

/// A secret's content as it was given, for [`Key::other_readings`].
struct Origin {
    content: Zeroizing<Vec<u8>>,
    encoding: Encoding,
}

/// A key, with what is known about it.
pub struct Key {
    material: Material,
    pub(super) usage: Usage,
    origin: Option<Origin>,
    /// A JWK's `kid` (RFC 7517 section 4.5).
    pub kid: Option<String>,
    /// A JWK's `alg`: the only algorithm that it may be used with (RFC 7517 section 4.4).
    pub alg: Option<Algorithm>,
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
            kid: None,
            alg: None,
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
            Material::Secret(bytes) => format!("a secret of {} bytes", bytes.len()),
            Material::Rsa { public, .. } => {
                format!("an RSA {half} key of {} bits", bits(&public.n))
            }
            Material::Ec { curve, .. } => format!("an EC {half} key ({})", curve.name()),
            Material::Ed25519 { .. } => format!("an Ed25519 {half} key"),
        }
    }

    /// Whether it is a secret, which signs and verifies alike.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self.material, Material::Secret(_))
    }

    /// Whether it holds what must stay private, as every secret does.
    #[must_use]
    pub fn has_private(&self) -> bool {
        match &self.material {
            Material::Secret(_) => true,
            Material::Rsa { pair, .. } => pair.is_some(),
            Material::Ec { pair, .. } => pair.is_some(),
            Material::Ed25519 { pair, .. } => pair.is_some(),
        }
    }

    /// The public half, with the `kid` and `alg` of the whole; none of a secret.
    #[must_use]
    pub fn public(&self) -> Option<Key> {
        let material = match &self.material {
            Material::Secret(_) => return None,
            Material::Rsa { public, .. } => Material::Rsa {
                public: public.clone(),
                pair: None,
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
        };
        Some(Key {
            kid: self.kid.clone(),
            alg: self.alg,
            ..Key::from(material)
        })
    }

    /// Whether it can sign, and its `use` and `key_ops` let it.
    #[must_use]
    pub fn may_sign(&self) -> bool {
        self.has_private() && self.usage.signatures && self.usage.sign
    }

    /// Whether its `use` and `key_ops` let it check signatures.
    #[must_use]
    pub fn may_verify(&self) -> bool {
        self.usage.signatures && self.usage.verify
    }

    /// Whether the key is of the algorithm's kind and not bound to another one.
    /// How strong it is, [`Key::signer`] and [`Key::verifier`] judge.
    #[must_use]
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        let fits = match (algorithm.family(), &self.material) {
            (Family::Hmac { .. }, Material::Secret(_))
            | (Family::RsaPkcs1 | Family::RsaPss, Material::Rsa { .. })
            | (Family::Ed25519, Material::Ed25519 { .. }) => true,
            (Family::Ecdsa(named), Material::Ec { curve, .. }) => named == *curve,
            _ => false,
        };
        fits && self.alg.is_none_or(|bound| bound.same_as(algorithm))
    }

    /// The algorithms that it may be used with. A secret always has HS256 or the one that it is
    /// bound to, and others where it is long enough for them.
    #[must_use]
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let default = self.default_algorithm();
        let allowed = |a: &Algorithm| {
            self.allows(*a) && (a.same_as(default) || self.check_strength(*a, false).is_ok())
        };
        Algorithm::ALL.iter().copied().filter(allowed).collect()
    }

    /// The algorithm that it signs with when none is asked for.
    #[must_use]
    pub fn default_algorithm(&self) -> Algorithm {
        self.alg.unwrap_or(match &self.material {
            Material::Secret(_) => Algorithm::HS256,
            Material::Rsa { .. } => Algorithm::RS256,
            Material::Ec { curve, .. } => curve.algorithm(),
            Material::Ed25519 { .. } => Algorithm::EdDSA,
        })
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638 section 3, RFC 8037 section 2). That of a
    /// secret lets a guess be tested, and should not be shown (RFC 7638 section 7).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let b64 = |bytes: &[u8]| Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
        let json = Zeroizing::new(match &self.material {
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
        });
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, json.as_bytes()))
    }

    /// Makes it ready to sign with an algorithm. `allow_weak` lets a short secret pass.
    ///
    /// # Errors
    /// [`KeyFault`] where the key is public, is not for it or for signing, or is too weak.
    pub fn signer(&self, algorithm: Algorithm, allow_weak: bool) -> Result<Signer, KeyFault> {
        if !self.has_private() {
            let kind = self.kind_words();
            return Err(KeyFault::rejected(format!(
                "signing needs a private key, and this is {kind}"
            ))
            .hint("give the private key that it belongs to"));
        }
        self.check(algorithm, "sign", self.usage.sign, allow_weak)?;
        algorithm
            .signer(&self.material)
            .ok_or_else(|| self.misfit(algorithm))
    }

    /// Makes it ready to check signatures of an algorithm. `allow_weak` lets a short secret pass.
    ///
    /// # Errors
    /// [`KeyFault`] where the key is not for it or for verifying, or is too weak.
    pub fn verifier(&self, algorithm: Algorithm, allow_weak: bool) -> Result<Verifier, KeyFault> {
        self.check(algorithm, "verify", self.usage.verify, allow_weak)?;
        algorithm
            .verifier(&self.material)
            .ok_or_else(|| self.misfit(algorithm))
    }

    fn check(
        &self,
        algorithm: Algorithm,
        operation: &str,
        allowed: bool,
        allow_weak: bool,
    ) -> Result<(), KeyFault> {
        if !self.usage.signatures {
            return Err(KeyFault::rejected(
                "the key is not for signatures: its `use` is not `sig`",
            ));
        }
        if !allowed {
            let message = format!("the key may not {operation}: its `key_ops` lacks `{operation}`");
            return Err(KeyFault::rejected(message));
        }
        if !self.allows(algorithm) {
            return Err(self.misfit(algorithm));
        }
        self.check_strength(algorithm, allow_weak)
    }

    fn check_strength(&self, algorithm: Algorithm, allow_weak: bool) -> Result<(), KeyFault> {
        match &self.material {
            Material::Secret(secret) => check_secret(secret.len(), algorithm, allow_weak),
            Material::Rsa { public, .. } => check_rsa(&public.n, &public.e),
            Material::Ec { .. } | Material::Ed25519 { .. } => Ok(()),
        }
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
    }

    /// The other secrets that the content may have stood for, each with what would make it one:
    /// for the question why a signature is bad.
    #[must_use]
    pub fn other_readings(&self) -> Vec<(&'static str, Zeroizing<Vec<u8>>)> {
        let (Some(Origin { content, encoding }), Material::Secret(secret)) =
            (&self.origin, &self.material)
        else {
            return Vec::new();
        };
        let line = without_line_break(content);
        let own = |bytes: &[u8]| Some(Zeroizing::new(bytes.to_vec()));
        let text = !matches!(encoding, Encoding::Utf8 | Encoding::Raw);
        let candidates = [
            ("--key-encoding base64", Encoding::Base64.undo(content).ok()),
            (
                "--key-encoding base64url",
                Encoding::Base64url.undo(content).ok(),
            ),
            ("--key-encoding hex", Encoding::Hex.undo(content).ok()),
            (
                if text {
                    "--key-encoding utf8"
                } else {
                    "without its last line break"
                },
                own(line),
            ),
            (
                if text {
                    "--key-encoding raw"
                } else {
                    "with its last line break"
                },
                own(content),
            ),
            ("without its quotes", without_quotes(line).and_then(own)),
        ];
        let mut readings: Vec<(&'static str, Zeroizing<Vec<u8>>)> = Vec::new();
        for (what, bytes) in candidates {
            let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty() && bytes != secret) else {
                continue;
            };
            if readings.iter().all(|(_, earlier)| *earlier != bytes) {
                readings.push((what, bytes));
            }
        }
        readings
    }
}

/// The two halves of an uncompressed point after its first byte.
fn coordinates(point: &[u8]) -> (&[u8], &[u8]) {
    let both = point.get(1..).unwrap_or_default();
    both.split_at(both.len() / 2)
}

fn without_quotes(text: &[u8]) -> Option<&[u8]> {
    [b"\"", b"'"]
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// What a source holds: one key, or a set of them.
#[derive(Debug)]
pub struct Keys {
    /// The keys in their order.
    pub keys: Vec<Key>,
    /// Whether they came as a JWK Set, in which a token's `kid` picks.
    pub is_set: bool,
    /// What the user may want to know about them.
    pub notes: Vec<String>,
}

impl From<Key> for Keys {
    fn from(key: Key) -> Self {
        Keys {
            keys: vec![key],
            is_set: false,
            notes: Vec::new(),
        }
    }
}

/// How content is to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// How the text of a secret stands for its bytes.
    pub encoding: Encoding,
    /// Whether it comes from a file, a descriptor or standard input, where text ends with a line
    /// break that is not meant.
    pub text_source: bool,
    /// Whether a secret that is shorter than its algorithm wants may pass.
    pub allow_weak: bool,
}

/// Reads the content of a source: a JWK, a JWK Set, PEM, DER, or else a secret.
///
/// # Errors
/// [`KeyFault`] for content that is a key but cannot be read, that is known to be no secret, or
/// that is a single key which is too weak for any use.
pub fn read(content: &[u8], reading: &Reading) -> Result<Keys, KeyFault> {
    let keys = match recognise(content, LAYERS) {
        Some(recognised) => recognised?,
        None => read_secret(content, reading)?,
    };
    if let ([key], false) = (keys.keys.as_slice(), keys.is_set) {
        key.check_strength(key.default_algorithm(), reading.allow_weak)?;
    }
    Ok(keys)
}

/// How many times base64 or hexadecimal is taken off content to see what is inside.
const LAYERS: u8 = 2;

/// Reads content that is anything but a secret.
fn recognise(content: &[u8], layers: u8) -> Option<Result<Keys, KeyFault>> {
    if let Some(material) = der::find(content) {
        return Some(material.map(|material| Keys::from(Key::from(material))));
    }
    let text = std::str::from_utf8(content).ok()?;
    let text = text.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    jwk::find(text)
        .or_else(|| environment_file(text).map(Err))
        .or_else(|| pem::find(text))
        .or_else(|| {
            let layers = layers.checked_sub(1)?;
            [Encoding::Base64, Encoding::Base64url, Encoding::Hex]
                .into_iter()
                .filter_map(|encoding| encoding.undo(text.as_bytes()).ok())
                .find_map(|inside| recognise(&inside, layers))
        })
}

fn read_secret(content: &[u8], reading: &Reading) -> Result<Keys, KeyFault> {
    if is_utf16(content, reading.encoding) {
        return Err(
            KeyFault::rejected("the key is UTF-16 text, and should be UTF-8")
                .hint("`iconv -f UTF-16 -t UTF-8 key.txt > utf8.txt` converts it"),
        );
    }
    let secret = reading.encoding.decode(content, reading.text_source)?;
    let notes = match reading.encoding {
        Encoding::Utf8 => oddities(&secret),
        _ => Vec::new(),
    };
    let origin = Some(Origin {
        content: Zeroizing::new(content.to_vec()),
        encoding: reading.encoding,
    });
    let key = Key {
        origin,
        ..Key::secret(secret)
    };
    Ok(Keys {
        notes,
        ..Keys::from(key)
    })
}

fn oddities(secret: &[u8]) -> Vec<String> {
    let odd = [
        (secret.contains(&0), "the secret has a NUL byte in it"),
        (
            secret.starts_with(b"\xef\xbb\xbf"),
            "the secret begins with a byte order mark",
        ),
    ];
    odd.into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, note)| note.into())
        .collect()
}

/// Whether content is UTF-16 text: by its byte order mark, unless every byte is asked for, or by
/// a NUL in each pair of bytes, as plain text has it.
fn is_utf16(content: &[u8], encoding: Encoding) -> bool {
    let text = content
        .strip_prefix(b"\xff\xfe")
        .or_else(|| content.strip_prefix(b"\xfe\xff"));
    let marked = text.is_some() && encoding != Encoding::Raw;
    let pairs = text.unwrap_or(content).chunks(2);
    let side = |nul: fn(&[u8]) -> bool| pairs.len() > 1 && pairs.clone().all(nul);
    marked || side(|pair| matches!(pair, [1..=255, 0])) || side(|pair| matches!(pair, [0, 1..=255]))
}

/// The fault of content that is lines of `NAME=value`.
///
/// A padded secret is no such line, because nothing but `=` follows its first `=`. One line alone
/// must have a name that looks like a variable's, since a password may hold `=` too.
fn environment_file(text: &str) -> Option<KeyFault> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<(&str, &str)> = lines.map(assignment).collect::<Option<_>>()?;
    let named = match lines.as_slice() {
        [(name, value)] => is_set(value) && (telling(name).is_some() || is_shouted(name)),
        lines => lines.iter().any(|(_, value)| is_set(value)),
    };
    if !named {
        return None;
    }
    let likely = lines
        .iter()
        .rev()
        .map(|(name, _)| *name)
        .max_by_key(|name| telling(name));
    let name = likely.unwrap_or("NAME");
    Some(
        KeyFault::rejected("the content is lines of NAME=value (a .env file), and no key").hint(
            format!("`set -a; . ./.env` loads it, and `--key env:{name}` names the variable"),
        ),
    )
}

fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let is_name = (1..=64).contains(&name.len())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

fn is_set(value: &str) -> bool {
    !value.trim_start_matches('=').is_empty()
}

fn is_shouted(name: &str) -> bool {
    name.len() > 2 && !name.bytes().any(|b| b.is_ascii_lowercase())
}

/// How strongly a variable's name says that it holds a key, if it says so at all.
fn telling(name: &str) -> Option<usize> {
    let name = name.to_ascii_uppercase();
    ["PASSWORD", "TOKEN", "KEY", "SECRET"]
        .iter()
        .rposition(|word| name.contains(word))
}
