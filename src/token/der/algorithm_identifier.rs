//! Which kind of key an `AlgorithmIdentifier` names, on which curve, and for which hash.

use der::Tag::{self, Integer, Sequence};
use der::asn1::ObjectIdentifier;

use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::{Algorithm, Curve};
use crate::token::der::private_parts::X25519;
use crate::token::der::tlv::{
    Element, damaged, dotted, element, elements, encoded, sequence, tagged,
};
use crate::token::key_fault::KeyFault;
use crate::token::material::Restriction;
use crate::token::ml_dsa::MlDsa;

/// The curve that an EC PARAMETERS block names.
pub(in crate::token) fn curve(parameters: &[u8]) -> Result<Curve, KeyFault> {
    named_curve(element(parameters)?)
}

/// The kinds of key that an algorithm takes.
pub(super) enum KeyType {
    Rsa,
    RsaPss(Restriction),
    Ec(Curve),
    Ed25519,
    X25519,
    MlDsa(MlDsa),
}

/// The kind of key that an `AlgorithmIdentifier` names (RFC 5280 section 4.1.1.2).
pub(super) fn kind(algorithm: &[u8]) -> Result<KeyType, KeyFault> {
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
        X25519 => return Ok(KeyType::X25519),
        RSASSA_PSS => {
            return Ok(KeyType::RsaPss(Restriction {
                identifier: algorithm.to_vec(),
                allowed: pss_algorithms(parameters)?,
            }));
        }
        "1.3.132.1.12" => {
            return Err(KeyFault::rejected(
                "the content is an EC key for ECDH alone (id-ecDH, RFC 5480 section 2.1.2), which is not read in this form",
            )
            .hint(Advice::Convert(Foreign::EcForAgreement)));
        }
        "1.3.132.1.13" => {
            "an EC key for ECMQV alone (id-ecMQV, RFC 5480 section 2.1.2), which no algorithm of a JWT takes"
        }
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

/// The restriction of a key that only its PEM label marks as one for RSASSA-PSS.
pub(in crate::token) fn pss_by_label() -> Restriction {
    let oid = ObjectIdentifier::new_unwrap(RSASSA_PSS);
    let identifier = encoded(Tag::ObjectIdentifier, oid.as_bytes());
    Restriction {
        identifier: identifier.map(|der| der.to_vec()).unwrap_or_default(),
        allowed: PSS,
    }
}

pub(super) const PSS: &[Algorithm] = &[Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

/// The algorithms of a key for RSASSA-PSS: all of them without parameters, and with parameters the
/// one with their hash (RFC 4055 sections 1.2 and 3.1).
pub(super) fn pss_algorithms(parameters: &[Element]) -> Result<&'static [Algorithm], KeyFault> {
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
pub(super) fn named(algorithm: &[u8]) -> Option<String> {
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
    let message = format!("the EC key is on {unfit}, which no algorithm of a JWT uses");
    Err(KeyFault::rejected(message).hint(Advice::MakeEcKey))
}
