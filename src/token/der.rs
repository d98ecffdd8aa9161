//! Keys in DER: a structure is recognised by its shape.
//!
//! Every structure is a SEQUENCE that is taken apart one level at a time, so nothing here recurses
//! or allocates by what a length field claims.

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use der::Tag::{self, BitString, ContextSpecific, Integer, OctetString, Sequence};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader, TagNumber, Tagged};
use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::{Algorithm, Curve};
use crate::token::content::Keys;
use crate::token::der_start;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::material::{Material, Restriction, without_zeros};
use crate::token::ml_dsa::MlDsa;
use crate::token::passphrase::{self, Opened, Passphrase};

/// An element of a SEQUENCE: its tag and its content.
pub(super) type Element<'a> = (Tag, &'a [u8]);

/// What a structure holds.
pub(super) struct Found {
    pub(super) material: Material,
    /// What the user may want to know about how it was encrypted.
    pub(super) note: Option<&'static str>,
}

impl From<Material> for Found {
    fn from(material: Material) -> Self {
        Found {
            material,
            note: None,
        }
    }
}

impl From<Found> for Keys {
    fn from(found: Found) -> Self {
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
) -> Option<Result<Found, KeyFault>> {
    if let Some((curve, key)) = behind_parameters(content) {
        return Some(read(key, Some(curve), passphrase));
    }
    begins_as_key(content).then(|| read(content, None, passphrase))
}

/// The curve and the key of an `ECPrivateKey` behind its parameters, as `openssl ecparam -genkey`
/// may write them in DER.
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
) -> Result<Found, KeyFault> {
    let parts = sequence(der).ok_or_else(|| match der {
        der if der_start::is_pkcs12(der) => pkcs12(),
        der if der_start::is_pkcs7(der) => pkcs7(),
        _ => damaged(),
    })?;
    if let [(Sequence, algorithm), (OctetString, encrypted)] = parts.as_slice() {
        let Opened { der, note } = passphrase::open(algorithm, encrypted, passphrase)?;
        let material = opened(&der, passphrase)?;
        return Ok(Found { material, note });
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
    material.map(Found::from)
}

/// The first structure of content that has more behind it, as a TRUSTED CERTIFICATE does.
pub(super) fn first(content: &[u8]) -> &[u8] {
    SliceReader::new(content)
        .and_then(|mut reader| reader.tlv_bytes())
        .unwrap_or(content)
}

/// Reads the key of a certificate (RFC 5280 section 4.1), and of nothing else.
pub(super) fn key_of_certificate(der: &[u8]) -> Result<Material, KeyFault> {
    match sequence(der).as_deref() {
        Some([(Sequence, body), (Sequence, _), (BitString, _)]) => certificate(body),
        _ => Err(damaged()),
    }
}

/// The curve that an EC PARAMETERS block names.
pub(super) fn curve(parameters: &[u8]) -> Result<Curve, KeyFault> {
    named_curve(element(parameters)?)
}

/// The fault of a PKCS#10 certificate request (RFC 2986).
pub(super) fn request() -> KeyFault {
    KeyFault::rejected("the content is a certificate request, and no certificate")
        .hint(Advice::Convert(Foreign::CertificateRequest))
}

/// The fault of a certificate revocation list (RFC 5280 section 5).
pub(super) fn revocations() -> KeyFault {
    KeyFault::rejected("the content is a certificate revocation list, which holds no key")
}

/// The fault of a PKCS#7 or CMS message (RFC 5652).
pub(super) fn pkcs7() -> KeyFault {
    KeyFault::rejected("the content is a PKCS#7 message, and no key")
        .hint(Advice::Convert(Foreign::Pkcs7))
}

/// The fault of a key that a TPM wrapped (its ASN.1 specification of TPM 2.0 key files).
fn tpm() -> KeyFault {
    KeyFault::rejected("the content is a key of a TPM (TSS2), which nothing else can use")
        .hint(Advice::Convert(Foreign::Tpm))
}

/// The fault of a PKCS#12 file (RFC 7292).
pub(super) fn pkcs12() -> KeyFault {
    KeyFault::rejected("the content is a PKCS#12 file, in which keys are encrypted")
        .hint(Advice::Convert(Foreign::Pkcs12))
}

fn unknown() -> KeyFault {
    KeyFault::rejected("the content is DER, but no key that is known")
}

pub(super) fn damaged() -> KeyFault {
    KeyFault::rejected("the key is cut off or damaged: its DER is not whole")
}

/// Whether content begins as a key, a certificate or one of their neighbours does, of which the
/// rest may be missing, or is the whole of one of their structures.
pub(super) fn begins_as_key(content: &[u8]) -> bool {
    der_start::is_key(content) || is_whole(content)
}

/// Whether content is the whole of a structure in which an algorithm is named that nobody knows.
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

/// The one element that the bytes are.
fn element(der: &[u8]) -> Result<Element<'_>, KeyFault> {
    let any = AnyRef::from_der(der).map_err(|_| damaged())?;
    Ok((any.tag(), any.value()))
}

/// The elements of the SEQUENCE that the bytes are.
fn sequence(der: &[u8]) -> Option<Vec<Element<'_>>> {
    match element(der) {
        Ok((Sequence, content)) => elements(content),
        _ => None,
    }
}

/// The elements that the bytes are made of, unless they are more than any structure here has.
pub(super) fn elements(content: &[u8]) -> Option<Vec<Element<'_>>> {
    const MOST: usize = 16;
    let mut reader = SliceReader::new(content).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() && elements.len() < MOST {
        let any = AnyRef::decode(&mut reader).ok()?;
        elements.push((any.tag(), any.value()));
    }
    reader.is_finished().then_some(elements)
}

/// The content of the element that is tagged `[number]`.
fn tagged<'a>(elements: &[Element<'a>], wanted: u32) -> Option<&'a [u8]> {
    elements.iter().find_map(|(tag, content)| match tag {
        ContextSpecific { number, .. } if *number == TagNumber(wanted) => Some(*content),
        _ => None,
    })
}

/// The number in the content of an INTEGER that is not negative, without leading zeros.
pub(super) fn unsigned(integer: &[u8]) -> Result<&[u8], KeyFault> {
    match integer {
        [0..=0x7f, ..] => Ok(without_zeros(integer)),
        _ => Err(damaged()),
    }
}

/// The bytes in the content of a BIT STRING.
fn whole_bytes(bits: &[u8]) -> Result<&[u8], KeyFault> {
    match bits {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(damaged()),
    }
}

/// The bytes of an explicitly tagged BIT STRING.
fn bit_string(der: &[u8]) -> Result<&[u8], KeyFault> {
    match element(der)? {
        (BitString, bits) => whole_bytes(bits),
        _ => Err(damaged()),
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

fn unsigned_all<'a>(parts: &[Element<'a>]) -> Result<Vec<&'a [u8]>, KeyFault> {
    let one = |(tag, number): &Element<'a>| match tag {
        Integer => unsigned(number),
        _ => Err(damaged()),
    };
    parts.iter().map(one).collect()
}

/// The numbers d, p, q, dP, dQ and qInv of an RSA private key in PKCS#8.
pub(super) fn rsa_private_numbers(pkcs8: &[u8]) -> Option<[&[u8]; 6]> {
    let parts = sequence(pkcs8)?;
    let [_, _, (OctetString, key), ..] = parts.as_slice() else {
        return None;
    };
    match unsigned_all(&sequence(key)?).ok()?.as_slice() {
        &[_, _, _, d, p, q, dp, dq, qi] => Some([d, p, q, dp, dq, qi]),
        _ => None,
    }
}

/// `ECPrivateKey` behind its version and the key (RFC 5915 section 3). `GnuTLS` and sshpk write an
/// Ed25519 key so as well, with the OID of its kind (RFC 8410 section 3) in place of a curve's.
fn sec1(key: &[u8], rest: &[Element], given: Option<Curve>) -> Result<Material, KeyFault> {
    let named = tagged(rest, 0);
    let point = tagged(rest, 1).map(bit_string).transpose()?;
    if let (Some(named), None) = (named, given)
        && let (Tag::ObjectIdentifier, [0x2b, 0x65, ..]) = element(named)?
    {
        return match kind(named)? {
            KeyType::Ed25519 => Material::ed25519_pair(key, point),
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

/// What was encrypted: PKCS#8, and no structure that is encrypted again.
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

/// `OneAsymmetricKey` behind its version, v1 and v2 (RFC 5958 section 2).
fn pkcs8(algorithm: &[u8], key: &[u8], rest: &[Element]) -> Result<Material, KeyFault> {
    match (kind(algorithm)?, sequence(key).as_deref()) {
        (KeyType::Rsa, Some(parts)) => pkcs1(parts),
        (KeyType::RsaPss(only), Some(parts)) => Ok(pkcs1(parts)?.restricted(only)),
        (KeyType::Ec(curve), Some([(Integer, [1]), (OctetString, key), rest @ ..])) => {
            sec1(key, rest, Some(curve))
        }
        (KeyType::Ed25519, None) => {
            // The tag of the public key is implicit, but ring writes it explicitly.
            let public = tagged(rest, 1)
                .map(|public| bit_string(public).or_else(|_| whole_bytes(public)))
                .transpose()?;
            match element(key)? {
                (OctetString, seed) => Material::ed25519_pair(seed, public),
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

/// `ML-DSA-44-PrivateKey` and its likes (RFC 9881 section 6).
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

/// The tag of a seed that stands alone.
const SEED: Tag = ContextSpecific {
    constructed: false,
    number: TagNumber(0),
};

/// The seed of an ML-DSA private key in PKCS#8 that holds nothing else.
pub(super) fn ml_dsa_seed(pkcs8: &[u8]) -> Option<&[u8]> {
    let parts = sequence(pkcs8)?;
    let [_, _, (OctetString, key), ..] = parts.as_slice() else {
        return None;
    };
    match element(key) {
        Ok((SEED, seed)) => Some(seed),
        _ => None,
    }
}

/// PKCS#8 (RFC 5958 section 2) of an ML-DSA private key in its expanded form.
pub(super) fn ml_dsa_expanded(set: MlDsa, expanded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let oid = ObjectIdentifier::new(set.oid()).ok()?;
    let algorithm = encoded(Sequence, &encoded(Tag::ObjectIdentifier, oid.as_bytes())?)?;
    let key = encoded(OctetString, &encoded(OctetString, expanded)?)?;
    let version = encoded(Integer, &[0])?;
    let parts = [&**version, &algorithm, &key].concat();
    encoded(Sequence, &Zeroizing::new(parts))
}

fn encoded(tag: Tag, content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let der = AnyRef::new(tag, content).ok()?.to_der().ok()?;
    Some(Zeroizing::new(der))
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
        (KeyType::MlDsa(set), _) => Material::ml_dsa(set, key),
    }
}

/// The key of a `TBSCertificate` (RFC 5280 section 4.1), which nobody vouches for here. A request
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

/// The kinds of key that a signature algorithm takes.
enum KeyType {
    Rsa,
    RsaPss(Restriction),
    Ec(Curve),
    Ed25519,
    MlDsa(MlDsa),
}

/// The kind of key that an `AlgorithmIdentifier` names (RFC 5280 section 4.1.1.2).
fn kind(algorithm: &[u8]) -> Result<KeyType, KeyFault> {
    let parts = elements(algorithm).ok_or_else(damaged)?;
    let [(Tag::ObjectIdentifier, oid), parameters @ ..] = parts.as_slice() else {
        return Err(damaged());
    };
    let oid = dotted(oid)?;
    if let Some(set) = MlDsa::of_oid(&oid) {
        return Ok(KeyType::MlDsa(set));
    }
    let unfit = match oid.as_str() {
        "1.2.840.113549.1.1.1" => return Ok(KeyType::Rsa),
        "1.2.840.10045.2.1" => {
            let parameters = parameters.first().ok_or_else(damaged)?;
            return named_curve(*parameters).map(KeyType::Ec);
        }
        "1.3.101.112" => return Ok(KeyType::Ed25519),
        RSASSA_PSS => {
            return Ok(KeyType::RsaPss(Restriction {
                identifier: algorithm.to_vec(),
                allowed: pss_algorithms(parameters)?,
            }));
        }
        "1.3.101.110" => "an X25519 key, which agrees on secrets and does not sign",
        "1.3.101.111" => "an X448 key, which agrees on secrets and does not sign",
        "1.3.101.113" => "an Ed448 key, which is not supported",
        "1.2.840.10040.4.1" => "a DSA key, which no algorithm of a JWT takes",
        "1.2.840.113549.1.3.1" | "1.2.840.10046.2.1" => {
            "a Diffie-Hellman key, which agrees on secrets and does not sign"
        }
        _ => &format!("a key of a kind that is not supported (OID {oid})"),
    };
    Err(KeyFault::rejected(format!("the content is {unfit}")))
}

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

/// The restriction of a key whose PEM label alone says that it is for RSASSA-PSS.
pub(super) fn pss_by_label() -> Restriction {
    let oid = ObjectIdentifier::new_unwrap(RSASSA_PSS);
    let identifier = encoded(Tag::ObjectIdentifier, oid.as_bytes());
    Restriction {
        identifier: identifier.map(|der| der.to_vec()).unwrap_or_default(),
        allowed: PSS,
    }
}

const PSS: &[Algorithm] = &[Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

/// The algorithms that a key for RSASSA-PSS is for: without parameters all, with them the one with
/// their hash (RFC 4055 sections 1.2 and 3.1).
fn pss_algorithms(parameters: &[Element]) -> Result<&'static [Algorithm], KeyFault> {
    // The names of the three hashes in DER (RFC 4055 section 2.1), and their algorithms.
    const HASHES: &[(&str, &[Algorithm], u8)] = &[
        ("2.16.840.1.101.3.4.2.1", &[Algorithm::PS256], 32),
        ("2.16.840.1.101.3.4.2.2", &[Algorithm::PS384], 48),
        ("2.16.840.1.101.3.4.2.3", &[Algorithm::PS512], 64),
    ];
    let fields = match parameters {
        [] => return Ok(PSS),
        [(Sequence, fields)] => elements(fields).ok_or_else(damaged)?,
        _ => return Err(damaged()),
    };
    let hash = tagged(&fields, 0).and_then(named);
    let mask = tagged(&fields, 1).and_then(|mask| match sequence(mask)?.as_slice() {
        [_, (Sequence, hash)] => oid_of(hash),
        _ => None,
    });
    let salt = tagged(&fields, 2).and_then(|salt| match element(salt).ok()? {
        (Integer, [salt]) => Some(*salt),
        _ => None,
    });
    let row = HASHES.iter().find(|(oid, ..)| hash.as_deref() == Some(oid));
    match row {
        Some((_, allowed, len)) if mask == hash && salt.is_none_or(|salt| salt <= *len) => {
            Ok(allowed)
        }
        _ => Err(KeyFault::rejected(
            "the RSA key is restricted to RSASSA-PSS with a hash, a mask or a salt that no algorithm of a JWT has",
        )
        .hint(Advice::MakeUnrestrictedKey)),
    }
}

/// The object identifier that an `AlgorithmIdentifier` begins with.
fn named(algorithm: &[u8]) -> Option<String> {
    match element(algorithm).ok()? {
        (Sequence, content) => oid_of(content),
        _ => None,
    }
}

fn oid_of(algorithm: &[u8]) -> Option<String> {
    match elements(algorithm)?.as_slice() {
        [(Tag::ObjectIdentifier, oid), ..] => dotted(oid).ok(),
        _ => None,
    }
}

/// A `SubjectPublicKeyInfo` of an RSA key with another `AlgorithmIdentifier`.
pub(super) fn restricted_spki(restriction: &Restriction, spki: &[u8]) -> Option<Vec<u8>> {
    let parts = sequence(spki)?;
    let [_, (BitString, key)] = parts.as_slice() else {
        return None;
    };
    let algorithm = encoded(Sequence, &restriction.identifier)?;
    let key = encoded(BitString, key)?;
    let spki = encoded(Sequence, &[&**algorithm, &key].concat())?;
    Some(spki.to_vec())
}

/// An RSA private key in PKCS#8 with another `AlgorithmIdentifier`.
pub(super) fn restricted_pkcs8(
    restriction: &Restriction,
    pkcs8: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let parts = sequence(pkcs8)?;
    let [(Integer, version), _, (OctetString, key), ..] = parts.as_slice() else {
        return None;
    };
    let version = encoded(Integer, version)?;
    let algorithm = encoded(Sequence, &restriction.identifier)?;
    let key = encoded(OctetString, key)?;
    let parts = Zeroizing::new([&**version, &algorithm, &key].concat());
    encoded(Sequence, &parts)
}

/// The curve of `ECParameters` (RFC 5480 section 2.1.1).
fn named_curve((tag, oid): Element) -> Result<Curve, KeyFault> {
    if tag != Tag::ObjectIdentifier {
        return Err(
            KeyFault::rejected("the EC key spells out its curve instead of naming it")
                .hint(Advice::Convert(Foreign::CurveInFull)),
        );
    }
    let oid = dotted(oid)?;
    let unfit = match oid.as_str() {
        "1.2.840.10045.3.1.7" => return Ok(Curve::P256),
        "1.3.132.0.34" => return Ok(Curve::P384),
        "1.3.132.0.35" => return Ok(Curve::P521),
        "1.3.132.0.10" => return Ok(Curve::Secp256k1),
        "1.2.840.10045.3.1.1" => "P-192",
        "1.3.132.0.33" => "P-224",
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.11" => "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13" => "brainpoolP512r1",
        _ => &format!("a curve with the OID {oid}"),
    };
    let message = format!("the EC key is on {unfit}, and no algorithm of a JWT is");
    Err(KeyFault::rejected(message).hint(Advice::MakeEcKey))
}

/// An object identifier as it is written, its numbers with dots between them.
pub(super) fn dotted(oid: &[u8]) -> Result<String, KeyFault> {
    let oid = ObjectIdentifier::from_bytes(oid).map_err(|_| damaged())?;
    Ok(oid.to_string())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::AsRawBytes;
    use aws_lc_rs::signature::PqdsaKeyPair;

    use super::{find as find_with, *};
    use crate::token::algorithm::Algorithm;
    use crate::token::encoding::Encoding;
    use crate::token::key::Key;
    use crate::token::pem::samples;

    /// The DER inside a PEM sample.
    fn der(sample: &str) -> Vec<u8> {
        let body: String = sample
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        Encoding::Base64.undo(body.as_bytes()).unwrap().to_vec()
    }

    fn find(der: &[u8]) -> Option<Result<Material, KeyFault>> {
        find_with(der, None).map(|found| found.map(|found| found.material))
    }

    fn key(der: &[u8]) -> Key {
        Key::from(find(der).unwrap().unwrap())
    }

    fn refusal(der: &[u8]) -> String {
        find(der).unwrap().err().unwrap().message
    }

    #[test]
    fn every_structure_of_a_key_gives_the_same_key() {
        let spki = key(&der(samples::EC_SPKI));
        for sample in [
            samples::EC_SEC1,
            samples::EC_SEC1_BARE,
            samples::EC_PKCS8,
            samples::EC_SPKI_COMPRESSED,
            samples::EC_CERTIFICATE,
        ] {
            assert_eq!(key(&der(sample)).thumbprint(), spki.thumbprint());
        }
        let (pkcs8, spki) = (der(samples::RSA_PKCS8), der(samples::RSA_SPKI));
        // The traditional structures stand inside: behind 26 and 24 bytes with a key of 2048 bits.
        let (pkcs1, public) = (&pkcs8[26..], &spki[24..]);
        for (der, is_private) in [
            (&pkcs8[..], true),
            (&spki, false),
            (pkcs1, true),
            (public, false),
        ] {
            assert_eq!(key(der).thumbprint(), key(&spki).thumbprint());
            assert_eq!(key(der).has_private(), is_private);
        }
        let (private, public) = (
            key(&der(samples::ED25519)),
            key(&der(samples::ED25519_SPKI)),
        );
        assert_eq!(private.thumbprint(), public.thumbprint());
        assert!(private.has_private() && !public.has_private());
    }

    #[test]
    fn pkcs8_v2_is_read_as_aws_lc_and_as_ring_write_it() {
        let v1 = der(samples::ED25519);
        let seed = &v1[16..];
        let public = &der(samples::ED25519_SPKI)[12..];
        let v2 = |field: &[u8]| {
            let len = 46 + field.len();
            let head = [
                0x30,
                u8::try_from(len).unwrap(),
                2,
                1,
                1,
                0x30,
                5,
                6,
                3,
                0x2b,
                0x65,
                0x70,
                4,
                34,
                4,
                32,
            ];
            [&head, seed, field].concat()
        };
        let implicit = [&[0x81, 33, 0], public].concat();
        let explicit = [&[0xa1, 35, 3, 33, 0], public].concat();
        for field in [&implicit, &explicit] {
            assert_eq!(key(&v2(field)).thumbprint(), key(&v1).thumbprint());
        }
        let foreign = [&[0x81, 33, 0], seed].concat();
        assert_eq!(
            refusal(&v2(&foreign)),
            "the public half of the key does not belong to its private half"
        );
    }

    #[test]
    fn an_ed25519_key_is_read_in_the_structure_of_an_ec_key_as_gnutls_and_sshpk_write_it() {
        let pkcs8 = der(samples::ED25519);
        let seed = &pkcs8[16..];
        let public = &der(samples::ED25519_SPKI)[12..];
        let sec1 = |kind: u8, public: &[u8]| {
            let head = [0x30, 81, 2, 1, 1, 4, 32];
            let middle = [0xa0, 5, 6, 3, 0x2b, 0x65, kind, 0xa1, 35, 3, 33, 0];
            [&head, seed, &middle, public].concat()
        };
        assert_eq!(
            key(&sec1(0x70, public)).thumbprint(),
            key(&pkcs8).thumbprint()
        );
        assert!(key(&sec1(0x70, public)).has_private());
        for (der, message) in [
            (
                sec1(0x70, seed),
                "the public half of the key does not belong to its private half",
            ),
            (
                sec1(0x71, public),
                "the content is an Ed448 key, which is not supported",
            ),
            (
                sec1(0x6e, public),
                "the content is an X25519 key, which agrees on secrets and does not sign",
            ),
        ] {
            assert_eq!(refusal(&der), message);
        }
    }

    #[test]
    fn every_choice_of_an_ml_dsa_private_key_is_read_and_no_other_length() {
        let seed_alone = der(samples::ML_DSA_SEED);
        let (head, seed) = (&seed_alone[2..18], ml_dsa_seed(&seed_alone).unwrap());
        let wrapped = |choice: &[u8]| {
            let key = encoded(OctetString, choice).unwrap();
            encoded(Sequence, &[head, &key].concat()).unwrap()
        };
        let pair = PqdsaKeyPair::from_seed(MlDsa::V44.signing(), seed).unwrap();
        let own = pair.private_key().as_raw_bytes().unwrap();
        let seed_of = |len: usize| encoded(SEED, &seed.repeat(2)[..len]).unwrap();
        let octets = |bytes: &[u8]| encoded(OctetString, bytes).unwrap();
        let both = |seed: &[u8], expanded: &[u8]| {
            encoded(
                Sequence,
                &[octets(seed), octets(expanded)]
                    .map(|part| part.to_vec())
                    .concat(),
            )
            .unwrap()
        };
        assert_eq!(*wrapped(&seed_of(32)), seed_alone);
        let (own, thumbprint) = (own.as_ref(), key(&seed_alone).thumbprint());
        for choice in [seed_of(32), octets(own), both(seed, own)] {
            let key = key(&wrapped(&choice));
            assert_eq!(key.thumbprint(), thumbprint);
        }
        for choice in [
            seed_of(0),
            seed_of(31),
            seed_of(33),
            octets(&[]),
            octets(seed),
            octets(&own[1..]),
            octets(&[own, &[0]].concat()),
            both(&[], own),
            both(seed, &[]),
            both(seed, &own[1..]),
            both(own, seed),
            encoded(Sequence, &[]).unwrap(),
        ] {
            assert!(find(&wrapped(&choice)).unwrap().is_err());
        }
    }

    #[test]
    fn an_ml_dsa_public_key_has_one_length_only() {
        let oid = encoded(Tag::ObjectIdentifier, &der(samples::ML_DSA_SEED)[9..18]).unwrap();
        let algorithm = encoded(Sequence, &oid).unwrap();
        for len in [0, 1, 1311, 1313, 1952] {
            let bits = encoded(BitString, &vec![0; len + 1]).unwrap();
            let spki = encoded(Sequence, &[&**algorithm, &bits].concat()).unwrap();
            assert_eq!(
                refusal(&spki),
                "an ML-DSA-44 public key has 1312 bytes, and this one has not"
            );
        }
    }

    #[test]
    fn structures_that_are_no_usable_key_are_refused_by_name() {
        let pkcs12 = [0x30, 5, 2, 1, 3, 0x30, 0];
        let pkcs7 = [
            0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 0,
        ];
        let unknown_kind = [0x30, 9, 0x30, 4, 6, 2, 0x2a, 3, 3, 1, 0];
        for (der, message) in [
            (
                &der(samples::EC_REQUEST)[..],
                "the content is a certificate request, and no certificate",
            ),
            (
                &der(samples::EC_ENCRYPTED),
                "the private key is encrypted, and its passphrase is not given",
            ),
            (
                &der(samples::EC_EXPLICIT),
                "the EC key spells out its curve instead of naming it",
            ),
            (
                &der(samples::EC_P224),
                "the EC key is on P-224, and no algorithm of a JWT is",
            ),
            (
                &der(samples::X25519_SPKI),
                "the content is an X25519 key, which agrees on secrets and does not sign",
            ),
            (
                &pkcs12,
                "the content is a PKCS#12 file, in which keys are encrypted",
            ),
            (&pkcs7, "the content is a PKCS#7 message, and no key"),
            (
                &unknown_kind,
                "the content is a key of a kind that is not supported (OID 1.2.3)",
            ),
        ] {
            assert_eq!(refusal(der), message);
        }
    }

    #[test]
    fn a_key_for_rsassa_pss_only_stays_one() {
        let spki = der(samples::RSA_PSS_SPKI);
        let key = key(&spki);
        assert_eq!(key.kind_words(), "an RSA-PSS public key of 2048 bits");
        assert_eq!(key.algorithms(), PSS);
        assert_eq!(key.default_algorithm(), Algorithm::PS256);
        assert!(key.public_jwk().unwrap().contains(r#""alg":"PS256""#));
        assert_eq!(key.public_pem().unwrap(), samples::RSA_PSS_SPKI);
        assert!(key.verifier(Algorithm::RS256, false).is_err());
    }

    /// `RSASSA-PSS-params` (RFC 4055 section 3.1) with the last numbers of the names of two hashes
    /// (RFC 4055 section 2.1).
    fn pss_params(hash: u8, mask: u8, salt: u8) -> Vec<u8> {
        let sha2 = |last: u8| {
            let mut name = b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02".to_vec();
            name.extend([last, 5, 0]);
            name
        };
        let mgf1 = b"\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
        let hash = [&b"\xa0\x0f"[..], &sha2(hash)].concat();
        let mask = [&mgf1[..], &sha2(mask)].concat();
        [&hash[..], &mask, &[0xa2, 3, 2, 1, salt]].concat()
    }

    #[test]
    fn the_parameters_of_rsassa_pss_name_its_algorithm() {
        let allowed = |params: &[u8]| pss_algorithms(&[(Sequence, params)]);
        for (params, algorithm) in [
            (pss_params(1, 1, 32), Algorithm::PS256),
            (pss_params(1, 1, 20), Algorithm::PS256),
            (pss_params(2, 2, 48), Algorithm::PS384),
            (pss_params(3, 3, 64), Algorithm::PS512),
        ] {
            assert_eq!(allowed(&params).unwrap(), [algorithm]);
        }
        for params in [
            pss_params(1, 2, 32),
            pss_params(1, 1, 33),
            pss_params(4, 4, 20),
            Vec::new(),
        ] {
            assert!(
                allowed(&params)
                    .unwrap_err()
                    .message
                    .contains("that no algorithm of a JWT has")
            );
        }
    }

    #[test]
    fn a_public_half_of_another_key_is_refused() {
        let mut sec1 = der(samples::EC_SEC1);
        let other = EC_GENERATOR;
        let start = sec1.len() - other.len();
        sec1[start..].copy_from_slice(&other);
        assert_eq!(
            refusal(&sec1),
            "the public half of the key does not belong to its private half"
        );
        *sec1.last_mut().unwrap() ^= 1;
        assert_eq!(refusal(&sec1), "the point of the EC key is not on P-256");
    }

    /// The base point of P-256 (SEC 2 section 2.4.2), uncompressed.
    const EC_GENERATOR: [u8; 65] = [
        0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4,
        0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8,
        0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a,
        0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40,
        0x68, 0x37, 0xbf, 0x51, 0xf5,
    ];

    #[test]
    fn a_private_key_of_zero_or_beyond_the_order_is_refused() {
        for filling in [0, 0xff] {
            let mut sec1 = der(samples::EC_SEC1_BARE);
            sec1[7..39].fill(filling);
            assert_eq!(refusal(&sec1), "the private key is none on P-256");
        }
    }

    #[test]
    fn a_structure_inside_a_structure_is_not_followed() {
        // PKCS#8 in PKCS#8 in PKCS#8: a reader that followed it could be made to run out of stack.
        let mut der = der(samples::RSA_PKCS8);
        for _ in 0..3 {
            let algorithm = &[
                0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0,
            ];
            let wrap = |tag: u8, content: &[u8]| {
                let len = u16::try_from(content.len()).unwrap().to_be_bytes();
                [&[tag, 0x82, len[0], len[1]], content].concat()
            };
            der = wrap(0x30, &[&[2, 1, 0], &algorithm[..], &wrap(4, &der)].concat());
        }
        assert!(find(&der).unwrap().is_err());
    }

    #[test]
    fn huge_numbers_in_an_rsa_key_take_no_time() {
        let pkcs8 = der(samples::RSA_PKCS8);
        let parts = sequence(&pkcs8[26..]).unwrap();
        let numbers: Vec<&[u8]> = parts.iter().map(|(_, number)| *number).collect();
        let huge = vec![0x7f; 500_000];
        let started = std::time::Instant::now();
        for index in 1..9 {
            let mut numbers = numbers.clone();
            numbers[index] = &huge;
            let elements: Vec<Element> = numbers.iter().map(|number| (Integer, *number)).collect();
            assert!(pkcs1(&elements).is_err());
        }
        assert!(started.elapsed().as_secs() < 1);
    }

    #[test]
    fn text_and_random_secrets_do_not_look_like_der() {
        assert!(find(b"0123456789abcdef0123456789abcdef").is_none());
        assert!(find(b"0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!").is_none());
        assert!(find(b"").is_none());
        assert!(find(&[0x30]).is_none());
        assert!(find(&[0x30; 64]).is_none());
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        for sample in samples::ALL {
            let whole = der(sample);
            for len in 0..first(&whole).len() {
                assert!(find(&whole[..len]).is_none_or(|found| found.is_err()));
                let _ = read(&whole[..len], None, None);
            }
            let step = if whole.len() > 600 { 17 } else { 1 };
            for index in (0..whole.len()).step_by(step) {
                for mask in [0x01, 0x80, 0xff] {
                    let mut changed = whole.clone();
                    changed[index] ^= mask;
                    if let Ok(found) = read(&changed, None, None) {
                        let _ = Key::from(found.material).verifier(Algorithm::ES256, false);
                    }
                }
            }
        }
    }
}
