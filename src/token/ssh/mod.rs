//! Keys of SSH: the public key as it is on the wire (RFC 4253 section 6.6, RFC 5656 section 3.1,
//! RFC 8709 section 4), the line of text that holds one in base64, and OpenSSH's private key
//! (PROTOCOL.key of OpenSSH).

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::Curve;
use crate::token::encoding::Encoding;
use crate::token::key_fault::KeyFault;
use crate::token::material::{Material, check_rsa, without_zeros};

/// The bytes before every key on the wire: the length of the name of its kind, below 256.
const LENGTH: &[u8] = &[0, 0, 0];

/// How the names of kinds begin; those of certificates begin like the kind of their key.
const NAMES: &[&[u8]] = &[b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-sha2-"];

/// The beginning of an OpenSSH private key; a NUL follows it.
const PRIVATE: &[u8] = b"openssh-key-v1\0";

/// Whether bytes begin as a key on the wire, or as an OpenSSH private key.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    let name = bytes
        .strip_prefix(LENGTH)
        .and_then(<[u8]>::split_first)
        .map(|(_, name)| name);
    bytes.starts_with(PRIVATE)
        || name.is_some_and(|name| NAMES.iter().any(|start| name.starts_with(start)))
}

/// Reads bytes that are such a key; `None` for others.
pub(super) fn find(bytes: &[u8]) -> Option<Result<Material, KeyFault>> {
    is_key(bytes).then(|| match bytes.starts_with(PRIVATE) {
        true => private(bytes),
        false => public(bytes),
    })
}

/// Reads text that holds public keys in lines, each after the name of its kind, as in
/// `authorized_keys` and `known_hosts`; `None` for other text.
pub(super) fn find_in_text(text: &str) -> Option<Result<Material, KeyFault>> {
    if let Some((_, block)) = text.split_once(SSH2) {
        let label = block.lines().next().unwrap_or_default();
        let is_private = label.contains("PRIVATE");
        let hint = Advice::Convert(Foreign::Ssh2 { is_private });
        return Some(Err(
            KeyFault::rejected("the content is an SSH2 key").hint(hint)
        ));
    }
    let decode = |word: &str| {
        // From a key that is cut off, as much as makes whole bytes.
        let spare = usize::from(word.trim_end_matches('=').len() % 4 == 1);
        let whole = word.get(..word.len().checked_sub(spare)?)?;
        let blob = Encoding::Base64.undo(whole.as_bytes())?;
        is_key(&blob).then_some(blob)
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut keys = lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        words.find(|word| NAMES.iter().any(|name| word.as_bytes().starts_with(name)))?;
        words.next().and_then(decode)
    });
    let key = keys.next()?;
    Some(match keys.next() {
        Some(_) => Err(KeyFault::rejected(
            "the content holds several SSH public keys, and one key is wanted",
        )
        .hint(Advice::LeaveOne)),
        None => public(&key),
    })
}

/// The mark of a block that looks like PEM and is not (RFC 4716 section 3.2).
const SSH2: &str = "---- BEGIN SSH2 ";

/// The rest of a message of SSH (RFC 4251 section 5).
struct Wire<'a>(&'a [u8]);

impl<'a> Wire<'a> {
    fn number(&mut self) -> Result<u32, KeyFault> {
        let (number, rest) = self.0.split_first_chunk().ok_or_else(damaged)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*number))
    }

    fn string(&mut self) -> Result<&'a [u8], KeyFault> {
        let len = usize::try_from(self.number()?).map_err(|_| damaged())?;
        let (string, rest) = self.0.split_at_checked(len).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(string)
    }

    /// A number that is not negative, without leading zeros.
    fn mpint(&mut self) -> Result<&'a [u8], KeyFault> {
        match self.string()? {
            [0x80..=0xff, ..] => Err(damaged()),
            number => Ok(without_zeros(number)),
        }
    }
}

fn damaged() -> KeyFault {
    KeyFault::rejected("the SSH key is cut off or damaged")
}

/// The kinds of key that a signature algorithm of a JWT takes.
enum KeyType {
    Rsa,
    Ecdsa(Curve),
    Ed25519,
}

fn kind(name: &[u8]) -> Result<KeyType, KeyFault> {
    let unfit = match name {
        b"ssh-rsa" => return Ok(KeyType::Rsa),
        b"ecdsa-sha2-nistp256" => return Ok(KeyType::Ecdsa(Curve::P256)),
        b"ecdsa-sha2-nistp384" => return Ok(KeyType::Ecdsa(Curve::P384)),
        b"ecdsa-sha2-nistp521" => return Ok(KeyType::Ecdsa(Curve::P521)),
        b"ssh-ed25519" => return Ok(KeyType::Ed25519),
        b"ssh-dss" => "a DSA key, which no algorithm of a JWT takes",
        b"ssh-ed448" => "an Ed448 key, which is not supported",
        name if name.starts_with(b"sk-") => {
            "a key of a security key, which signs for SSH and the web only"
        }
        name if name.ends_with(b"-cert-v01@openssh.com") => {
            "an OpenSSH certificate, and the key alone is wanted"
        }
        _ => "an SSH key of a kind that is not supported",
    };
    Err(KeyFault::rejected(format!("the content is {unfit}")))
}

fn public(bytes: &[u8]) -> Result<Material, KeyFault> {
    let mut wire = Wire(bytes);
    let key = match kind(wire.string()?)? {
        KeyType::Rsa => {
            let (e, n) = (wire.mpint()?, wire.mpint()?);
            Material::rsa(n, e)
        }
        KeyType::Ecdsa(curve) => {
            let (_, point) = (wire.string()?, wire.string()?);
            Material::ec(curve, point)
        }
        KeyType::Ed25519 => match wire.string()? {
            pair if pair.len() == 64 => return Err(dropbear()),
            public => Material::ed25519(public),
        },
    };
    match wire.0 {
        [] => key,
        _ => Err(dropbear()),
    }
}

/// The fault of a private key in the form of Dropbear: a public key with private numbers after it
/// or in its place.
fn dropbear() -> KeyFault {
    KeyFault::rejected("the content is a private key of Dropbear")
        .hint(Advice::Convert(Foreign::Dropbear))
}

/// Reads an OpenSSH private key.
pub(super) fn private(bytes: &[u8]) -> Result<Material, KeyFault> {
    let mut wire = Wire(bytes.strip_prefix(PRIVATE).ok_or_else(damaged)?);
    let (cipher, _derivation, _options) = (wire.string()?, wire.string()?, wire.string()?);
    if cipher != b"none" {
        return Err(KeyFault::rejected(
            "the OpenSSH private key is encrypted, which is not supported",
        )
        .hint(Advice::Convert(Foreign::EncryptedOpenSsh)));
    }
    if wire.number()? != 1 {
        return Err(KeyFault::rejected(
            "the content holds several SSH private keys, and one key is wanted",
        ));
    }
    let _public = wire.string()?;
    let mut inside = Wire(wire.string()?);
    // The same number twice; it would reveal a wrong passphrase.
    if inside.number()? != inside.number()? {
        return Err(damaged());
    }
    let key = match kind(inside.string()?)? {
        KeyType::Rsa => rsa_pair(&mut inside)?,
        KeyType::Ecdsa(curve) => {
            let (_, point, d) = (inside.string()?, inside.string()?, inside.mpint()?);
            let missing = curve.coordinate_len().saturating_sub(d.len());
            let d = Zeroizing::new([&vec![0; missing], d].concat());
            Material::ec_pair(curve, &d, Some(point))?
        }
        KeyType::Ed25519 => {
            let (public, pair) = (inside.string()?, inside.string()?);
            let (seed, own) = pair.split_at_checked(public.len()).ok_or_else(damaged)?;
            if own != public {
                return Err(damaged());
            }
            Material::ed25519_pair(seed, Some(public))?
        }
    };
    let _comment = inside.string()?;
    match (1..).zip(inside.0).all(|(number, byte)| number == *byte) {
        true => Ok(key),
        false => Err(damaged()),
    }
}

#[expect(clippy::many_single_char_names, reason = "the names of RFC 8017")]
fn rsa_pair(wire: &mut Wire) -> Result<Material, KeyFault> {
    let (n, e, d) = (wire.mpint()?, wire.mpint()?, wire.mpint()?);
    let (qi, p, q) = (wire.mpint()?, wire.mpint()?, wire.mpint()?);
    check_rsa(n, e)?;
    // Nothing is calculated with numbers longer than the modulus, which has a bound.
    if [d, p, q].iter().any(|number| number.len() > n.len()) {
        return Err(damaged());
    }
    // OpenSSH leaves out what RFC 8017 section 3.2 calls dP and dQ.
    let (dp, dq) = (modulo_predecessor(d, p), modulo_predecessor(d, q));
    Material::rsa_pair(&KeyPairComponents {
        public_key: PublicKeyComponents { n, e },
        d,
        p,
        q,
        dP: &dp,
        dQ: &dq,
        qInv: qi,
    })
}

/// A number modulo the predecessor of an odd one, bit by bit. It is done once for a key, and takes
/// as long as a signature.
fn modulo_predecessor(number: &[u8], prime: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut divisor = Zeroizing::new([&[0], prime].concat());
    if let Some(last) = divisor.last_mut() {
        *last &= 0xfe;
    }
    let mut rest = Zeroizing::new(vec![0_u8; divisor.len()]);
    let bits = number
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    for bit in bits {
        let mut carry = bit;
        for byte in rest.iter_mut().rev() {
            let doubled = *byte << 1 | carry;
            carry = *byte >> 7;
            *byte = doubled;
        }
        if rest.as_slice() >= divisor.as_slice() {
            let mut borrow = false;
            for (byte, subtracted) in rest.iter_mut().zip(divisor.iter()).rev() {
                let (less, first) = byte.overflowing_sub(*subtracted);
                let (less, second) = less.overflowing_sub(u8::from(borrow));
                *byte = less;
                borrow = first || second;
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests;
