//! Keys in DER: what the structure is, its shape says.
//!
//! Every structure is a SEQUENCE that is taken apart one level at a time, so nothing here recurses
//! or allocates by what a length field claims.

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use der::Tag::{
    self, BitString, ContextSpecific, Integer, ObjectIdentifier, OctetString, Sequence,
};
use der::asn1::AnyRef;
use der::{Decode, Header, Reader, SliceReader, TagNumber, Tagged};

use crate::token::algorithm::Curve;
use crate::token::key::{KeyFault, Material};

/// An element of a SEQUENCE: its tag and its content.
type Element<'a> = (Tag, &'a [u8]);

/// Reads content that begins as a key in DER does; `None` for any other.
pub(super) fn find(content: &[u8]) -> Option<Result<Material, KeyFault>> {
    begins_as_key(content).then(|| read(content, None))
}

/// Reads a key of any of the structures. The curve is for an EC key that does not name its own.
pub(super) fn read(der: &[u8], curve: Option<Curve>) -> Result<Material, KeyFault> {
    let parts = sequence(der).ok_or_else(damaged)?;
    match parts.as_slice() {
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
        [(Sequence, _), (OctetString, _)] => Err(encrypted()),
        [(Integer, [3]), (Sequence, _), ..] => Err(pkcs12()),
        [(ObjectIdentifier, _), ..] => Err(pkcs7()),
        _ => Err(unknown()),
    }
}

/// The first structure of content that has more behind it, as a TRUSTED CERTIFICATE does.
pub(super) fn first(content: &[u8]) -> &[u8] {
    SliceReader::new(content)
        .and_then(|mut reader| reader.tlv_bytes())
        .unwrap_or(content)
}

/// The curve that an EC PARAMETERS block names.
pub(super) fn curve(parameters: &[u8]) -> Result<Curve, KeyFault> {
    named_curve(element(parameters)?)
}

/// The fault of an encrypted private key (RFC 5958 section 3).
pub(super) fn encrypted() -> KeyFault {
    KeyFault::rejected("the private key is encrypted")
        .hint("`openssl pkey -in key.pem -out plain.pem` takes the passphrase off")
}

/// The fault of a PKCS#10 certificate request (RFC 2986).
pub(super) fn request() -> KeyFault {
    KeyFault::rejected("the content is a certificate request, and no certificate")
        .hint("`openssl req -in request.pem -noout -pubkey -out public.pem` takes the key out")
}

/// The fault of a certificate revocation list (RFC 5280 section 5).
pub(super) fn revocations() -> KeyFault {
    KeyFault::rejected("the content is a certificate revocation list, which holds no key")
}

/// The fault of a PKCS#7 or CMS message (RFC 5652).
pub(super) fn pkcs7() -> KeyFault {
    KeyFault::rejected("the content is a PKCS#7 message, and no key")
        .hint("`openssl pkcs7 -in certs.p7b -print_certs -out certs.pem` takes certificates out")
}

fn pkcs12() -> KeyFault {
    KeyFault::rejected("the content is a PKCS#12 file, in which keys are encrypted")
        .hint("`openssl pkcs12 -in key.p12 -nodes -out key.pem` takes the key out")
}

fn unknown() -> KeyFault {
    KeyFault::rejected("the content is DER, but no key that is known")
}

fn damaged() -> KeyFault {
    KeyFault::rejected("the key is cut off or damaged: its DER is not whole")
}

/// Whether content begins as a key, a certificate or one of their neighbours does; what follows
/// may be missing. No text begins like this, and of random bytes about one in 2^18.
fn begins_as_key(content: &[u8]) -> bool {
    let headers = SliceReader::new(content).and_then(|mut reader| {
        let outer = Header::decode(&mut reader)?;
        let inner = Header::decode(&mut reader)?;
        Ok((
            outer.tag(),
            inner.tag(),
            u32::from(inner.length()),
            Tag::peek(&reader),
        ))
    });
    match headers {
        Ok((Sequence, Integer, length, _)) => matches!(length, 1 | 65..),
        Ok((Sequence, ObjectIdentifier, length, _)) => length == PKCS7_OID_LEN,
        Ok((Sequence, Sequence, _, Ok(Integer | ObjectIdentifier | ContextSpecific { .. }))) => {
            true
        }
        _ => false,
    }
}

/// The length of 1.2.840.113549.1.7.2 (RFC 5652 section 5.1).
const PKCS7_OID_LEN: u32 = 9;

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
fn elements(content: &[u8]) -> Option<Vec<Element<'_>>> {
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

/// The content of an INTEGER that is not negative.
fn unsigned(integer: &[u8]) -> Result<&[u8], KeyFault> {
    match integer {
        [0..=0x7f, ..] => Ok(integer),
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
    let numbers: Vec<&[u8]> = parts
        .iter()
        .map(|(tag, number)| {
            if *tag == Integer {
                unsigned(number)
            } else {
                Err(damaged())
            }
        })
        .collect::<Result<_, _>>()?;
    let &[[0], n, e, d, p, q, dp, dq, qi] = numbers.as_slice() else {
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

/// `ECPrivateKey` behind its version and the key (RFC 5915 section 3).
fn sec1(key: &[u8], rest: &[Element], given: Option<Curve>) -> Result<Material, KeyFault> {
    let own = tagged(rest, 0).map(curve).transpose()?;
    let point = tagged(rest, 1).map(bit_string).transpose()?;
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

/// `OneAsymmetricKey` behind its version, v1 and v2 (RFC 5958 section 2).
fn pkcs8(algorithm: &[u8], key: &[u8], rest: &[Element]) -> Result<Material, KeyFault> {
    match (kind(algorithm)?, sequence(key).as_deref()) {
        (Kind::Rsa, Some(parts)) => pkcs1(parts),
        (Kind::Ec(curve), Some([(Integer, [1]), (OctetString, key), rest @ ..])) => {
            sec1(key, rest, Some(curve))
        }
        (Kind::Ed25519, None) => {
            // The tag of the public key is implicit, but ring writes it explicitly.
            let public = tagged(rest, 1)
                .map(|public| bit_string(public).or_else(|_| whole_bytes(public)))
                .transpose()?;
            match element(key)? {
                (OctetString, seed) => Material::ed25519_pair(seed, public),
                _ => Err(damaged()),
            }
        }
        _ => Err(damaged()),
    }
}

/// `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
fn spki(algorithm: &[u8], key: &[u8]) -> Result<Material, KeyFault> {
    let key = whole_bytes(key)?;
    match (kind(algorithm)?, sequence(key).as_deref()) {
        (Kind::Rsa, Some([(Integer, n), (Integer, e)])) => {
            Material::rsa(unsigned(n)?, unsigned(e)?)
        }
        (Kind::Rsa, _) => Err(damaged()),
        (Kind::Ec(curve), _) => Material::ec(curve, key),
        (Kind::Ed25519, _) => Material::ed25519(key),
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
enum Kind {
    Rsa,
    Ec(Curve),
    Ed25519,
}

/// The kind of key that an `AlgorithmIdentifier` names (RFC 5280 section 4.1.1.2).
fn kind(algorithm: &[u8]) -> Result<Kind, KeyFault> {
    let parts = elements(algorithm).ok_or_else(damaged)?;
    let [(ObjectIdentifier, oid), parameters @ ..] = parts.as_slice() else {
        return Err(damaged());
    };
    let oid = dotted(oid);
    let unfit = match oid.as_str() {
        "1.2.840.113549.1.1.1" => return Ok(Kind::Rsa),
        "1.2.840.10045.2.1" => {
            let parameters = parameters.first().ok_or_else(damaged)?;
            return named_curve(*parameters).map(Kind::Ec);
        }
        "1.3.101.112" => return Ok(Kind::Ed25519),
        "1.2.840.113549.1.1.10" => return Err(pss()),
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

/// The fault of a key that is for RSASSA-PSS with fixed parameters only (RFC 4055 section 1.2),
/// which a JWK cannot express.
fn pss() -> KeyFault {
    KeyFault::rejected("the RSA key is restricted to RSASSA-PSS by its OID, which is not supported")
        .hint(
            "`openssl rsa -in key.pem -traditional -out plain.pem` lifts the restriction, \
             `openssl rsa -pubin -in key.pem -RSAPublicKey_out -out plain.pem` that of a public key",
        )
}

/// The curve of `ECParameters` (RFC 5480 section 2.1.1).
fn named_curve((tag, oid): Element) -> Result<Curve, KeyFault> {
    if tag != ObjectIdentifier {
        return Err(
            KeyFault::rejected("the EC key spells out its curve instead of naming it")
                .hint("`openssl ec -in key.pem -param_enc named_curve -out named.pem` names it"),
        );
    }
    let oid = dotted(oid);
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
    Err(KeyFault::rejected(message).hint(
        "`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem` makes one for ES256",
    ))
}

/// An object identifier as it is written; of one that is too long for that, nothing.
fn dotted(oid: &[u8]) -> String {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc: u64 = 0;
    for byte in oid.iter().take(64) {
        arc = arc.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            arcs.push(std::mem::take(&mut arc));
        }
    }
    // The first two arcs share a number (X.690 section 8.19.4).
    let Some((first, rest)) = arcs.split_first() else {
        return String::new();
    };
    let root = (first / 40).min(2);
    let second = first.saturating_sub(root.saturating_mul(40));
    let arcs = [root, second].into_iter().chain(rest.iter().copied());
    arcs.map(|arc| arc.to_string())
        .collect::<Vec<_>>()
        .join(".")
}
