//! Keys in DER: a structure is recognised by its shape.
//!
//! Every structure is a SEQUENCE that is taken apart one level at a time, so nothing here recurses
//! or allocates by what a length field claims.

pub(super) mod algorithm_identifier;
pub(super) mod fault;
pub(super) mod private_parts;
pub(super) mod start;
pub(super) mod tlv;

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use der::Tag::{self, BitString, ContextSpecific, Integer, OctetString, Sequence};

use crate::token::algorithm::Curve;
use crate::token::der::algorithm_identifier::{KeyType, curve, kind};
use crate::token::der::fault::{pkcs7, pkcs12, request, revocations, tpm, unknown};
use crate::token::der::private_parts::SEED;
use crate::token::der::tlv::{
    Element, bit_string, damaged, dotted, element, elements, first, sequence, tagged, unsigned,
    unsigned_all, whole_bytes,
};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keys::Keys;
use crate::token::material::Material;
use crate::token::ml_dsa::MlDsa;
use crate::token::passphrase::{self, Opened, Passphrase};

/// What a structure holds.
pub(super) struct DerKey {
    pub(super) material: Material,
    /// A note for the user about how it was encrypted.
    pub(super) note: Option<&'static str>,
}

impl From<Material> for DerKey {
    fn from(material: Material) -> Self {
        DerKey {
            material,
            note: None,
        }
    }
}

impl From<DerKey> for Keys {
    fn from(found: DerKey) -> Self {
        Keys {
            notes: found.note.into_iter().map(str::to_owned).collect(),
            ..Keys::from(Key::from(found.material))
        }
    }
}

/// Reads content that begins as a key in DER does; `None` for any other.
pub(super) fn find(
    content: &[u8],
    passphrase: Option<&Passphrase>,
) -> Option<Result<DerKey, KeyFault>> {
    if let Some((curve, key)) = behind_parameters(content) {
        return Some(read(key, Some(curve), passphrase));
    }
    begins_as_key(content).then(|| read(content, None, passphrase))
}

/// The curve and the key of an `ECPrivateKey` that follows its parameters, as `openssl ecparam
/// -genkey` may write them in DER.
fn behind_parameters(content: &[u8]) -> Option<(Curve, &[u8])> {
    let parameters = first(content);
    let key = content
        .get(parameters.len()..)
        .filter(|key| begins_as_key(key))?;
    Some((curve(parameters).ok()?, key))
}

/// Reads a key of any of the structures. The curve is for an EC key that does not name its own,
/// the passphrase for one that is encrypted.
pub(super) fn read(
    der: &[u8],
    curve: Option<Curve>,
    passphrase: Option<&Passphrase>,
) -> Result<DerKey, KeyFault> {
    let parts = sequence(der).ok_or_else(|| match der {
        der if start::is_pkcs12(der) => pkcs12(),
        der if start::is_pkcs7(der) => pkcs7(),
        _ => damaged(),
    })?;
    if let [(Sequence, algorithm), (OctetString, encrypted)] = parts.as_slice() {
        let Opened { der, note } = passphrase::open(algorithm, encrypted, passphrase)?;
        let material = opened(&der, passphrase)?;
        return Ok(DerKey { material, note });
    }
    let material = match parts.as_slice() {
        [(Integer, n), (Integer, e)] => Material::rsa(unsigned(n)?, unsigned(e)?),
        [(Integer, [0 | 1]), (Integer, _), (Integer, _), ..] => pkcs1(&parts),
        [(Integer, [1]), (OctetString, key), rest @ ..] => sec1(key, rest, curve),
        [
            (Integer, [0 | 1]),
            (Sequence, algorithm),
            (OctetString, key),
            rest @ ..,
        ] => pkcs8(algorithm, key, rest),
        [(Sequence, algorithm), (BitString, key)] => spki(algorithm, key),
        [(Sequence, body), (Sequence, _), (BitString, _)] => certificate(body),
        [(Integer, [3]), (Sequence, _), ..] => Err(pkcs12()),
        [(Tag::ObjectIdentifier, oid), ..] => Err(match dotted(oid)?.as_str() {
            oid if oid.starts_with("1.2.840.113549.1.7.") => pkcs7(),
            oid if oid.starts_with("2.23.133.10.1.") => tpm(),
            _ => unknown(),
        }),
        _ => Err(unknown()),
    };
    material.map(DerKey::from)
}

/// Reads the key of a certificate (RFC 5280 section 4.1), and of nothing else.
pub(super) fn key_of_certificate(der: &[u8]) -> Result<Material, KeyFault> {
    match sequence(der).as_deref() {
        Some([(Sequence, body), (Sequence, _), (BitString, _)]) => certificate(body),
        _ => Err(damaged()),
    }
}

/// Whether content begins as a key, a certificate or a related structure, the rest of which may be
/// missing, or is the whole of such a structure.
pub(super) fn begins_as_key(content: &[u8]) -> bool {
    start::is_key(content) || is_whole(content)
}

/// Whether content is a whole structure that names an unknown algorithm.
fn is_whole(content: &[u8]) -> bool {
    let names = |algorithm: &[u8]| match elements(algorithm).as_deref() {
        Some([(Tag::ObjectIdentifier, oid), ..]) => dotted(oid).is_ok(),
        _ => false,
    };
    match sequence(content).as_deref() {
        Some(
            [(Sequence, algorithm), (BitString | OctetString, _)]
            | [
                (Integer, [0 | 1]),
                (Sequence, algorithm),
                (OctetString, _),
                ..,
            ]
            | [(Sequence, _), (Sequence, algorithm), (BitString, _)],
        ) => names(algorithm),
        Some([(Integer, [3]), (Sequence, _), ..]) => true,
        _ => false,
    }
}

/// `RSAPrivateKey` (RFC 8017 appendix A.1.2).
#[expect(clippy::many_single_char_names, reason = "the names of RFC 8017")]
fn pkcs1(parts: &[Element]) -> Result<Material, KeyFault> {
    if let [(Integer, [1]), .., (Sequence, _)] = parts {
        return Err(KeyFault::rejected("the RSA key has more than two primes"));
    }
    let numbers = unsigned_all(parts)?;
    let &[[], n, e, d, p, q, dp, dq, qi] = numbers.as_slice() else {
        return Err(unknown());
    };
    Material::rsa_pair(&KeyPairComponents {
        public_key: PublicKeyComponents { n, e },
        d,
        p,
        q,
        dP: dp,
        dQ: dq,
        qInv: qi,
    })
}

/// The rest of an `ECPrivateKey` after its version and the key (RFC 5915 section 3). `GnuTLS` and
/// sshpk write an Ed25519 key in this form too, with the OID of its kind (RFC 8410 section 3) in
/// place of a curve.
fn sec1(key: &[u8], rest: &[Element], given: Option<Curve>) -> Result<Material, KeyFault> {
    let named = tagged(rest, 0);
    let point = tagged(rest, 1).map(bit_string).transpose()?;
    if let (Some(named), None) = (named, given)
        && let (Tag::ObjectIdentifier, [0x2b, 0x65, ..]) = element(named)?
    {
        return match kind(named)? {
            KeyType::Ed25519 => Material::ed25519_pair(key, point),
            KeyType::X25519 => Material::x25519_pair(key, point),
            _ => Err(unknown()),
        };
    }
    let own = named.map(curve).transpose()?;
    match (own, given) {
        (Some(own), Some(given)) if own != given => {
            let (own, given) = (own.name(), given.name());
            let message = format!("the EC key names two curves, {own} and {given}");
            Err(KeyFault::rejected(message))
        }
        (Some(curve), _) | (None, Some(curve)) => Material::ec_pair(curve, key, point),
        (None, None) => Err(KeyFault::rejected("the EC key does not name its curve")),
    }
}

/// The content that was encrypted: PKCS#8, but not encrypted once more.
fn opened(der: &[u8], passphrase: Option<&Passphrase>) -> Result<Material, KeyFault> {
    match sequence(der).as_deref() {
        Some(
            [
                (Integer, [0 | 1]),
                (Sequence, algorithm),
                (OctetString, key),
                rest @ ..,
            ],
        ) => pkcs8(algorithm, key, rest),
        _ => Err(passphrase::unopened(passphrase)),
    }
}

/// The rest of a `OneAsymmetricKey` after its version, v1 or v2 (RFC 5958 section 2).
fn pkcs8(algorithm: &[u8], key: &[u8], rest: &[Element]) -> Result<Material, KeyFault> {
    match (kind(algorithm)?, sequence(key).as_deref()) {
        (KeyType::Rsa, Some(parts)) => pkcs1(parts),
        (KeyType::RsaPss(only), Some(parts)) => Ok(pkcs1(parts)?.restricted(only)),
        (KeyType::Ec(curve), Some([(Integer, [1]), (OctetString, key), rest @ ..])) => {
            sec1(key, rest, Some(curve))
        }
        (kind @ (KeyType::Ed25519 | KeyType::X25519), None) => {
            // The tag of the public key is implicit, but ring writes an explicit one.
            let public = tagged(rest, 1)
                .map(|public| bit_string(public).or_else(|_| whole_bytes(public)))
                .transpose()?;
            match (element(key)?, kind) {
                ((OctetString, private), KeyType::X25519) => Material::x25519_pair(private, public),
                ((OctetString, seed), _) => Material::ed25519_pair(seed, public),
                _ => Err(damaged()),
            }
        }
        (KeyType::MlDsa(set), both) => {
            let public = tagged(rest, 1).map(whole_bytes).transpose()?;
            ml_dsa(set, key, both, public)
        }
        _ => Err(damaged()),
    }
}

/// `ML-DSA-44-PrivateKey` and its siblings (RFC 9881 section 6).
fn ml_dsa(
    set: MlDsa,
    key: &[u8],
    both: Option<&[Element]>,
    public: Option<&[u8]>,
) -> Result<Material, KeyFault> {
    if let Some([(OctetString, seed), (OctetString, expanded)]) = both {
        return Material::ml_dsa_pair(set, seed, Some(expanded), public);
    }
    match element(key)? {
        (SEED, seed) => Material::ml_dsa_pair(set, seed, None, public),
        (OctetString, expanded) => Material::ml_dsa_expanded(set, expanded, public),
        _ => Err(damaged()),
    }
}

/// `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
fn spki(algorithm: &[u8], key: &[u8]) -> Result<Material, KeyFault> {
    let key = whole_bytes(key)?;
    match (kind(algorithm)?, sequence(key).as_deref()) {
        (KeyType::Rsa, Some([(Integer, n), (Integer, e)])) => {
            Material::rsa(unsigned(n)?, unsigned(e)?)
        }
        (KeyType::RsaPss(only), Some([(Integer, n), (Integer, e)])) => {
            Ok(Material::rsa(unsigned(n)?, unsigned(e)?)?.restricted(only))
        }
        (KeyType::Rsa | KeyType::RsaPss(_), _) => Err(damaged()),
        (KeyType::Ec(curve), _) => Material::ec(curve, key),
        (KeyType::Ed25519, _) => Material::ed25519(key),
        (KeyType::X25519, _) => Material::x25519(key),
        (KeyType::MlDsa(set), _) => Material::ml_dsa(set, key),
    }
}

/// The key of a `TBSCertificate` (RFC 5280 section 4.1), whose signature is not checked. A request
/// and a revocation list are signed in the same way and look alike from outside.
fn certificate(body: &[u8]) -> Result<Material, KeyFault> {
    let fields = elements(body).ok_or_else(damaged)?;
    let fields = match fields.as_slice() {
        [(ContextSpecific { .. }, _), fields @ ..] | fields => fields,
    };
    match fields {
        [
            (Integer, _),
            (Sequence, _),
            (Sequence, _),
            (Sequence, _),
            (Sequence, _),
            (Sequence, key),
            ..,
        ] => match elements(key).as_deref() {
            Some([(Sequence, algorithm), (BitString, key)]) => spki(algorithm, key),
            _ => Err(damaged()),
        },
        [(Integer, [0]), (Sequence, _), (Sequence, _), ..] => Err(request()),
        _ => Err(revocations()),
    }
}

#[cfg(test)]
mod tests;
