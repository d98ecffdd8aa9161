//! Agreement on a key with an ephemeral key of the sender (RFC 7518 section 4.6, RFC 8037 section 3.2).

use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::digest;
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::text::escape;
use crate::token::algorithm::Curve;
use crate::token::compact::{Malformed, decode_segment_into, encode_segment};
use crate::token::header_parts::{HeaderParts, lacking};
use crate::token::json::{Json, Kind, quote};
use crate::token::jwe::key_management::Wrapping;
use crate::token::jwe::{ContentEncryption, KeyManagement, NoRandom};
use crate::token::key::Key;
use crate::token::material::{Material, X25519_LEN, coordinates};

/// The groups over which two keys agree on a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Curve(Curve),
    X25519,
}

impl Group {
    /// All that an `epk` may be in.
    const ALL: [Group; 4] = [
        Group::Curve(Curve::P256),
        Group::Curve(Curve::P384),
        Group::Curve(Curve::P521),
        Group::X25519,
    ];

    /// That of a key; `None` for one that agrees on nothing.
    pub(super) fn of(key: &Key) -> Option<Self> {
        match &key.material {
            Material::Ec { curve, .. } => Some(Group::Curve(*curve)),
            Material::X25519 { .. } => Some(Group::X25519),
            _ => None,
        }
    }

    /// That of the sender's `epk`, as far as it names one.
    pub(super) fn of_sender(header: &HeaderParts<'_>) -> Option<Self> {
        let crv = header.get("epk")?.get("crv")?;
        Group::ALL.into_iter().find(|group| crv.is(group.crv()))
    }

    /// What computes it; `None` for a curve that JWE does not have.
    pub(super) fn algorithm(self) -> Option<&'static agreement::Algorithm> {
        match self {
            Group::Curve(Curve::P256) => Some(&agreement::ECDH_P256),
            Group::Curve(Curve::P384) => Some(&agreement::ECDH_P384),
            Group::Curve(Curve::P521) => Some(&agreement::ECDH_P521),
            Group::Curve(Curve::Secp256k1) => None,
            Group::X25519 => Some(&agreement::X25519),
        }
    }

    pub(super) fn crv(self) -> &'static str {
        match self {
            Group::Curve(curve) => curve.name(),
            Group::X25519 => "X25519",
        }
    }

    fn kty(self) -> &'static str {
        match self {
            Group::Curve(_) => "EC",
            Group::X25519 => "OKP",
        }
    }

    /// A public key as it stands in `epk`, an uncompressed point or the 32 bytes of X25519.
    fn read(self, epk: Json<'_>) -> Result<Vec<u8>, Malformed> {
        if epk.kind() != Kind::Object {
            let message = format!("the header's `epk` is {}, not a JWK", epk.kind());
            return Err(Malformed::new(message));
        }
        for (name, needed) in [("kty", self.kty()), ("crv", self.crv())] {
            let found = epk.get(name);
            if found.is_none_or(|found| !found.is(needed)) {
                let found = match found {
                    Some(found) => escape::shorten(found.text(), 40),
                    None => "not there".to_owned(),
                };
                return Err(Malformed::new(format!(
                    "`{name}` of the header's `epk` is {found}, and that of the key is \"{needed}\""
                )));
            }
        }
        let (form, coordinates, len): (&[u8], &[Coordinate], _) = match self {
            Group::X25519 => (&[], &[X], X25519_LEN),
            Group::Curve(curve) => (&[4], &[X, Y], curve.coordinate_len()),
        };
        let mut public = form.to_vec();
        for coordinate in coordinates {
            push_coordinate(epk, *coordinate, len, &mut public)?;
        }
        Ok(public)
    }

    /// A public key as it stands in `epk`.
    fn written(self, public: &[u8]) -> String {
        let (kty, crv) = (quote(self.kty()), quote(self.crv()));
        match self {
            Group::X25519 => {
                let x = quote(&encode_segment(public));
                format!(r#"{{"kty":{kty},"crv":{crv},"x":{x}}}"#)
            }
            Group::Curve(_) => {
                let (x, y) = coordinates(public);
                let (x, y) = (quote(&encode_segment(x)), quote(&encode_segment(y)));
                format!(r#"{{"kty":{kty},"crv":{crv},"x":{x},"y":{y}}}"#)
            }
        }
    }
}

/// The names of a coordinate: as a member, and in a message.
type Coordinate = (&'static str, &'static str);
const X: Coordinate = ("x", "`x` of the header's `epk`");
const Y: Coordinate = ("y", "`y` of the header's `epk`");

/// Decodes a coordinate to the end of a point.
fn push_coordinate(
    epk: Json<'_>,
    (name, what): Coordinate,
    len: usize,
    point: &mut Vec<u8>,
) -> Result<(), Malformed> {
    let text = epk.get(name).and_then(Json::as_str);
    let text = text.ok_or_else(|| lacking(&format!("epk.{name}")))?;
    let before = point.len();
    decode_segment_into(text.as_bytes(), what, point)?;
    match point.len().saturating_sub(before) {
        found if found == len => Ok(()),
        found => Err(Malformed::new(format!(
            "{what} has {}, and {len} are needed",
            counted(found, "byte")
        ))),
    }
}

/// A private key that agrees on secrets.
pub(super) struct AgreementKey {
    group: Group,
    private: PrivateKey,
}

impl AgreementKey {
    /// Takes the private key, a number as wide as its curve, or the 32 bytes of X25519.
    pub(super) fn new(group: Group, private: &[u8]) -> Option<Self> {
        let private = PrivateKey::from_private_key(group.algorithm()?, private).ok()?;
        Some(AgreementKey { group, private })
    }

    /// The key that was agreed on with the sender's `epk`.
    pub(super) fn derive(
        &self,
        header: &HeaderParts<'_>,
        purpose: Purpose,
    ) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let epk = header.get("epk").ok_or_else(|| lacking("epk"))?;
        let public = self.group.read(epk)?;
        let info = purpose.info(
            &header.bytes("apu")?.unwrap_or_default(),
            &header.bytes("apv")?.unwrap_or_default(),
        );
        self.agree(&public, &info, purpose.len).ok_or_else(|| {
            let crv = self.group.crv();
            Malformed::new(match self.group {
                Group::Curve(_) => format!("the header's `epk` is not a point on {crv}"),
                Group::X25519 => format!(
                    "the header's `epk` is a point of small order on {crv} (RFC 7748 section 6.1)"
                ),
            })
        })
    }

    fn agree(&self, public: &[u8], info: &[u8], len: usize) -> Option<Zeroizing<Vec<u8>>> {
        let algorithm = self.group.algorithm()?;
        let public = UnparsedPublicKey::new(algorithm, public);
        let derived = |secret: &[u8]| Ok(concat_kdf(secret, info, len));
        agreement::agree(&self.private, public, (), derived).ok()
    }
}

/// Agrees on a key with the recipient's public key; gives the agreed key, and the `epk` that the recipient
/// needs.
pub(super) fn begin(
    group: Group,
    public: &[u8],
    purpose: Purpose,
) -> Result<(Zeroizing<Vec<u8>>, String), NoRandom> {
    let algorithm = group.algorithm().ok_or(NoRandom)?;
    let private = PrivateKey::generate(algorithm).map_err(|_| NoRandom)?;
    let ephemeral = private.compute_public_key().map_err(|_| NoRandom)?;
    let epk = group.written(ephemeral.as_ref());
    let sender = AgreementKey { group, private };
    let info = purpose.info(&[], &[]);
    let key = sender.agree(public, &info, purpose.len).ok_or(NoRandom)?;
    Ok((key, epk))
}

/// What an agreed key is for.
#[derive(Clone, Copy)]
pub(super) struct Purpose {
    /// The name of the algorithm that uses it.
    name: &'static str,
    /// How many bytes it has.
    len: usize,
}

impl Purpose {
    /// The purpose for an algorithm: to wrap a key, or else to encrypt the content.
    pub(super) fn of(
        alg: KeyManagement,
        enc: ContentEncryption,
        wrapping: Option<Wrapping>,
    ) -> Self {
        match wrapping {
            Some(wrapping) => Purpose {
                name: alg.name(),
                len: wrapping.secret_len(),
            },
            None => Purpose {
                name: enc.name(),
                len: enc.key_len(),
            },
        }
    }

    /// `OtherInfo` (RFC 7518 section 4.6.2).
    fn info(self, apu: &[u8], apv: &[u8]) -> Vec<u8> {
        let length = |len: usize| u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
        let bits = length(self.len.saturating_mul(8));
        let name = self.name.as_bytes();
        let parts: [&[u8]; 7] = [
            &length(name.len()),
            name,
            &length(apu.len()),
            apu,
            &length(apv.len()),
            apv,
            &bits,
        ];
        parts.concat()
    }
}

/// The Concat KDF with SHA-256 (NIST SP 800-56A section 5.8.1, RFC 7518 section 4.6.2).
fn concat_kdf(secret: &[u8], info: &[u8], len: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(
        len.saturating_add(digest::SHA256_OUTPUT_LEN),
    ));
    let mut round = 0_u32;
    while key.len() < len {
        round = round.saturating_add(1);
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&round.to_be_bytes());
        context.update(secret);
        context.update(info);
        key.extend_from_slice(context.finish().as_ref());
    }
    key.truncate(len);
    key
}

#[cfg(test)]
mod tests;
