//! Takes parts out of the structures that the cryptography library writes, and puts parts into
//! them, so that keys can be exported.

use der::Tag::{self, BitString, ContextSpecific, Integer, OctetString, Sequence};
use der::TagNumber;
use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use crate::token::der::tlv::{element, encoded, sequence, unsigned_all};
use crate::token::material::Restriction;
use crate::token::ml_dsa::MlDsa;

/// The numbers d, p, q, dP, dQ and qInv of an RSA private key in PKCS#8.
pub(in crate::token) fn rsa_private_numbers(pkcs8: &[u8]) -> Option<[&[u8]; 6]> {
    let parts = sequence(pkcs8)?;
    let [_, _, (OctetString, key), ..] = parts.as_slice() else {
        return None;
    };
    match unsigned_all(&sequence(key)?).ok()?.as_slice() {
        &[_, _, _, d, p, q, dp, dq, qi] => Some([d, p, q, dp, dq, qi]),
        _ => None,
    }
}

/// The tag of a seed that stands alone.
pub(super) const SEED: Tag = ContextSpecific {
    constructed: false,
    number: TagNumber(0),
};

/// The seed of an ML-DSA private key in PKCS#8 that holds nothing else.
pub(in crate::token) fn ml_dsa_seed(pkcs8: &[u8]) -> Option<&[u8]> {
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
pub(in crate::token) fn ml_dsa_expanded(set: MlDsa, expanded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let oid = ObjectIdentifier::new(set.oid()).ok()?;
    let algorithm = encoded(Sequence, &encoded(Tag::ObjectIdentifier, oid.as_bytes())?)?;
    let key = encoded(OctetString, &encoded(OctetString, expanded)?)?;
    let version = encoded(Integer, &[0])?;
    let parts = [&**version, &algorithm, &key].concat();
    encoded(Sequence, &Zeroizing::new(parts))
}

/// A `SubjectPublicKeyInfo` of an RSA key with another `AlgorithmIdentifier`.
pub(in crate::token) fn restricted_spki(restriction: &Restriction, spki: &[u8]) -> Option<Vec<u8>> {
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
pub(in crate::token) fn restricted_pkcs8(
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

/// The `AlgorithmIdentifier` of X25519 (RFC 8410 section 3).
fn x25519() -> Option<Zeroizing<Vec<u8>>> {
    let oid = ObjectIdentifier::new(X25519).ok()?;
    encoded(Sequence, &encoded(Tag::ObjectIdentifier, oid.as_bytes())?)
}

/// The object identifier of X25519 (RFC 8410 section 3).
pub(super) const X25519: &str = "1.3.101.110";

/// A `SubjectPublicKeyInfo` of X25519 (RFC 8410 section 4).
pub(in crate::token) fn x25519_spki(public: &[u8]) -> Option<Vec<u8>> {
    // The first byte counts bits that are not used.
    let key = encoded(BitString, &[&[0], public].concat())?;
    let spki = encoded(Sequence, &[&**x25519()?, &key].concat())?;
    Some(spki.to_vec())
}

/// An X25519 private key in PKCS#8 (RFC 8410 section 7).
pub(in crate::token) fn x25519_pkcs8(private: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let key = encoded(OctetString, &encoded(OctetString, private)?)?;
    let version = encoded(Integer, &[0])?;
    let parts = Zeroizing::new([&**version, &x25519()?, &key].concat());
    encoded(Sequence, &parts)
}
