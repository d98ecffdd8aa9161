//! The numbers and bytes that keys are made of, each checked when it is read.

use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::encoding::{AsDer, AsRawBytes};
use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{
    EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey, PqdsaKeyPair, RsaKeyPair,
};
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::advice::Advice;
use crate::token::algorithm::{Algorithm, Curve};
use crate::token::key_fault::KeyFault;
use crate::token::ml_dsa::{MlDsa, SEED_LEN};

/// What a key is made of. Private parts are wiped when they are dropped: by [`Zeroizing`], and by
/// aws-lc for its key pairs.
pub(super) enum Material {
    Secret(Zeroizing<Vec<u8>>),
    Rsa {
        public: PublicKeyComponents<Vec<u8>>,
        pair: Option<RsaKeyPair>,
        restriction: Option<Restriction>,
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
    /// It agrees on secrets and does not sign (RFC 8037 section 3.2).
    X25519 {
        public: Vec<u8>,
        private: Option<Zeroizing<Vec<u8>>>,
    },
    MlDsa {
        set: MlDsa,
        public: Vec<u8>,
        pair: Option<PqdsaKeyPair>,
    },
}

/// What restricts an RSA key to RSASSA-PSS (RFC 4055 section 1.2).
#[derive(Clone)]
pub(super) struct Restriction {
    /// The content of its `AlgorithmIdentifier`.
    pub(super) identifier: Vec<u8>,
    /// The algorithms that it may be used with; the first is the default.
    pub(super) allowed: &'static [Algorithm],
}

impl Material {
    /// The same key with a restriction, if it is an RSA key without one.
    pub(super) fn restricted(mut self, to: Restriction) -> Material {
        if let Material::Rsa { restriction, .. } = &mut self {
            restriction.get_or_insert(to);
        }
        self
    }

    /// Its kind in a JWK: `kty`, and `crv` for kinds that have one.
    pub(super) fn kind(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Material::Secret(_) => ("oct", None),
            Material::Rsa { .. } => ("RSA", None),
            Material::Ec { curve, .. } => ("EC", Some(curve.name())),
            Material::Ed25519 { .. } => ("OKP", Some("Ed25519")),
            Material::X25519 { .. } => ("OKP", Some("X25519")),
            Material::MlDsa { .. } => ("AKP", None),
        }
    }

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
            restriction: None,
        })
    }

    /// An RSA private key, whose numbers must belong together (RFC 8017 section 3.2).
    pub(super) fn rsa_pair(parts: &KeyPairComponents<&[u8]>) -> Result<Material, KeyFault> {
        let n = without_zeros(parts.public_key.n);
        let e = without_zeros(parts.public_key.e);
        // Before aws-lc refuses a weak key without saying why.
        check_rsa(n, e)?;
        let apart =
            || KeyFault::rejected("the numbers of the RSA private key do not belong together");
        // A longer one is not valid, and aws-lc's calculation would take time with its length.
        if without_zeros(parts.d).len() > n.len() {
            return Err(apart());
        }
        let public_key = PublicKeyComponents { n, e };
        let pair = RsaKeyPair::from_components(&KeyPairComponents {
            public_key,
            ..*parts
        })
        .map_err(|_| apart())?;
        let (n, e) = (n.to_vec(), e.to_vec());
        Ok(Material::Rsa {
            public: PublicKeyComponents { n, e },
            pair: Some(pair),
            restriction: None,
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
        // An SPKI ends with the point; aws-lc writes it uncompressed.
        let spki = spki.as_ref();
        let (_, point) = spki.split_at(spki.len().saturating_sub(curve.point_len()));
        let point = point.to_vec();
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
                "an Ed25519 public key has 32 bytes, and this one has another length",
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
                "an Ed25519 private key has 32 bytes, and this one has another length",
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

    /// An X25519 public key (RFC 7748 section 5).
    pub(super) fn x25519(public: &[u8]) -> Result<Material, KeyFault> {
        match public.len() == X25519_LEN {
            true => Ok(Material::X25519 {
                public: public.to_vec(),
                private: None,
            }),
            false => Err(KeyFault::rejected(
                "an X25519 public key has 32 bytes, and this one has another length",
            )),
        }
    }

    /// An X25519 private key, and the public half if it was given (RFC 7748 section 5).
    pub(super) fn x25519_pair(private: &[u8], public: Option<&[u8]>) -> Result<Material, KeyFault> {
        let key = PrivateKey::from_private_key(&X25519, private).map_err(|_| {
            KeyFault::rejected(
                "an X25519 private key has 32 bytes, and this one has another length",
            )
        })?;
        let derived = key.compute_public_key();
        let derived =
            derived.map_err(|_| KeyFault::rejected("the X25519 private key cannot be read"))?;
        if public.is_some_and(|given| given != derived.as_ref()) {
            return Err(halves_differ());
        }
        Ok(Material::X25519 {
            public: derived.as_ref().to_vec(),
            private: Some(Zeroizing::new(private.to_vec())),
        })
    }

    /// An ML-DSA public key (FIPS 204 algorithm 23).
    pub(super) fn ml_dsa(set: MlDsa, public: &[u8]) -> Result<Material, KeyFault> {
        let (name, len) = (set.name(), set.public_len());
        if public.len() != len {
            return Err(KeyFault::rejected(format!(
                "an {name} public key has {len} bytes, and this one has another length"
            )));
        }
        Ok(Material::MlDsa {
            set,
            public: public.to_vec(),
            pair: None,
        })
    }

    /// An ML-DSA private key from its seed (FIPS 204 section 3.6.3), to which the expanded form
    /// and the public half must belong if they were given.
    pub(super) fn ml_dsa_pair(
        set: MlDsa,
        seed: &[u8],
        expanded: Option<&[u8]>,
        public: Option<&[u8]>,
    ) -> Result<Material, KeyFault> {
        let name = set.name();
        let pair = PqdsaKeyPair::from_seed(set.signing(), seed).map_err(|_| {
            KeyFault::rejected(format!(
                "the seed of an {name} private key has {SEED_LEN} bytes, and this one has another length"
            ))
        })?;
        let own = pair.private_key().as_raw_bytes();
        if expanded.is_some_and(|given| !own.is_ok_and(|own| own.as_ref() == given)) {
            return Err(KeyFault::rejected(format!(
                "the expanded form of the {name} private key does not belong to its seed"
            )));
        }
        Material::of_ml_dsa_pair(set, pair, public)
    }

    /// An ML-DSA private key in its expanded form alone (FIPS 204 algorithm 25).
    pub(super) fn ml_dsa_expanded(
        set: MlDsa,
        expanded: &[u8],
        public: Option<&[u8]>,
    ) -> Result<Material, KeyFault> {
        let pair = PqdsaKeyPair::from_raw_private_key(set.signing(), expanded).map_err(|_| {
            KeyFault::rejected(format!("the {} private key is damaged", set.name()))
        })?;
        Material::of_ml_dsa_pair(set, pair, public)
    }

    fn of_ml_dsa_pair(
        set: MlDsa,
        pair: PqdsaKeyPair,
        public: Option<&[u8]>,
    ) -> Result<Material, KeyFault> {
        let derived = pair.public_key().as_ref().to_vec();
        if public.is_some_and(|given| given != derived) {
            return Err(halves_differ());
        }
        Ok(Material::MlDsa {
            set,
            public: derived,
            pair: Some(pair),
        })
    }
}

const ED25519_LEN: usize = 32;

/// The length of an X25519 key in bytes (RFC 7748 section 5).
pub(super) const X25519_LEN: usize = 32;

fn halves_differ() -> KeyFault {
    KeyFault::rejected("the public half of the key does not belong to its private half")
}

/// An EC private key without its point; aws-lc calculates the point from an `ECPrivateKey`.
fn bare_ec_pair(curve: Curve, d: &[u8]) -> Result<EcdsaKeyPair, KeyFault> {
    let unreadable =
        || KeyFault::rejected(format!("the private key is not valid on {}", curve.name()));
    let header = u8::try_from(d.len())
        .ok()
        .filter(|len| usize::from(*len) <= curve.coordinate_len())
        .and_then(|len| Some([0x30, len.checked_add(5)?, 0x02, 0x01, 0x01, 0x04, len]))
        .ok_or_else(unreadable)?;
    let der = Zeroizing::new([&header, d].concat());
    EcdsaKeyPair::from_private_key_der(curve.signing(), &der).map_err(|_| unreadable())
}

/// A number without the zeros before it.
pub(super) fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// How many bits a number without leading zeros has.
pub(super) fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |b| b.leading_zeros());
    number
        .len()
        .saturating_mul(8)
        .saturating_sub(unused as usize)
}

/// Refuses the RSA keys that can be broken or that aws-lc would not use: by size (RFC 7518 section
/// 3.3), by exponent, and by the fingerprint of CVE-2017-15361.
pub(super) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), KeyFault> {
    let size = bits(n);
    let odd = |number: &[u8]| number.last().is_some_and(|b| b & 1 == 1);
    let weak = |message: &str| Err(KeyFault::weak(message).hint(Advice::MakeRsaKey));
    if size < 2048 {
        weak(&format!(
            "the RSA key has {size} bits, and at least 2048 are needed"
        ))
    } else if size > 8192 {
        let message = format!("the RSA key has {size} bits, and at most 8192 are supported");
        Err(KeyFault::rejected(message).hint(Advice::MakeRsaKey))
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

/// Refuses a key that is a point of small order: one signature by it fits many messages. RFC 8032 leaves that
/// open (section 5.1.7); the Web Cryptography API takes no signature by such a key.
pub(super) fn check_ed25519(public: &[u8]) -> Result<(), KeyFault> {
    match is_of_small_order(public) {
        true => Err(KeyFault::weak(
            "the Ed25519 key is a point of small order: one signature by it fits many messages",
        )),
        false => Ok(()),
    }
}

/// Refuses a key that is a point of small order: whatever is agreed on with it is known to everybody (RFC 7748
/// section 6.1).
pub(super) fn check_x25519(public: &[u8]) -> Result<(), KeyFault> {
    // With such a point every private key agrees on zero, which aws-lc refuses.
    let private = PrivateKey::from_private_key(&X25519, &[0x40; X25519_LEN]);
    let public = UnparsedPublicKey::new(&X25519, public);
    let agreed = private
        .ok()
        .and_then(|private| agree(&private, public, (), |_| Ok(())).ok());
    agreed.ok_or_else(|| {
        KeyFault::weak(
            "the X25519 key is a point of small order: all that is agreed on with it is known",
        )
    })
}

/// Whether a point of edwards25519 has the order 1, 2, 4 or 8, by its coordinate y alone.
fn is_of_small_order(point: &[u8]) -> bool {
    /// Those of order 8, without their last byte.
    const EIGHTH: [([u8; 31], u8); 2] = [
        (
            [
                0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef,
                0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88,
                0x6d, 0x53, 0xfc,
            ],
            0x05,
        ),
        (
            [
                0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10,
                0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77,
                0x92, 0xac, 0x03,
            ],
            0x7a,
        ),
    ];
    let Some((last, low)) = point.split_last() else {
        return false;
    };
    let last = last & 0x7f;
    match (low, last) {
        // 0 and 1.
        ([0 | 1, rest @ ..], 0) => rest.iter().all(|byte| *byte == 0),
        // The same and -1, modulo the prime 2^255 - 19.
        ([0xec..=0xee, rest @ ..], 0x7f) => rest.iter().all(|byte| *byte == 0xff),
        _ => EIGHTH
            .iter()
            .any(|(y, end)| (y.as_slice(), *end) == (low, last)),
    }
}

/// Whether a modulus is a power of 65537 modulo each of these primes. That is true of all that the
/// library of CVE-2017-15361 made, and of one in 2^27 others (Nemec et al., CCS 2017).
fn has_roca_fingerprint(n: &[u8]) -> bool {
    // The primes that most numbers fail come first: the powers are 6 of the 96 remainders modulo
    // 97.
    const PRIMES: [u32; 38] = [
        97, 37, 11, 3, 5, 7, 13, 17, 19, 23, 29, 31, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
        89, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
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
pub(super) fn check_secret(
    len: usize,
    algorithm: Algorithm,
    allow_weak: bool,
) -> Result<(), KeyFault> {
    let needed = algorithm.hash_len().unwrap_or_default();
    let make = |may_be_allowed| Advice::MakeSecret {
        bytes: needed,
        may_be_allowed,
        fits_as_text: false,
    };
    if len == 0 {
        Err(KeyFault::weak("the secret is empty").hint(make(false)))
    } else if len < needed && !allow_weak {
        let name = algorithm.name();
        Err(KeyFault::weak(format!(
            "the secret has {}, and {name} needs at least {needed}",
            counted(len, "byte")
        ))
        .hint(make(true)))
    } else {
        Ok(())
    }
}

/// The two halves of an uncompressed point after its first byte.
pub(super) fn coordinates(point: &[u8]) -> (&[u8], &[u8]) {
    let both = point.get(1..).unwrap_or_default();
    both.split_at(both.len() / 2)
}

#[cfg(test)]
mod tests;
