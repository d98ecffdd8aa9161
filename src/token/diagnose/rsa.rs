//! Looks into an RSA signature to find out what was signed.
//!
//! A signature is opened with the public key and read as RFC 8017 section 9 writes it. Nothing is
//! secret here, and nothing that is found makes a signature valid.

use aws_lc_rs::digest::{
    Algorithm as Hash, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest,
};
use num_bigint::BigUint;

use crate::token::algorithm::Algorithm;
use crate::token::diagnose::Diagnosis;
use crate::token::key::Key;
use crate::token::material::{Material, bits};

/// The block inside a signature, and how many bits it has at most.
pub(super) struct Opened {
    block: Vec<u8>,
    bits: usize,
}

/// Opens a signature (RFC 8017 section 5.2.2); `None` where the key cannot have made it.
pub(super) fn open(key: &Key, signature: &[u8]) -> Option<Opened> {
    let Material::Rsa { public, .. } = &key.material else {
        return None;
    };
    // Only for a key of an accepted size: the time for the power grows with it.
    key.check_strength(Algorithm::RS256, false).ok()?;
    let [n, e, number] = [&public.n, &public.e, signature].map(BigUint::from_bytes_be);
    if signature.len() != public.n.len() || number >= n {
        return None;
    }
    let block = number.modpow(&e, &n).to_bytes_be();
    let mut padded = vec![0; public.n.len().checked_sub(block.len())?];
    padded.extend_from_slice(&block);
    Some(Opened {
        block: padded,
        bits: bits(&public.n),
    })
}

impl Opened {
    /// What the signature is, if the key made it at all.
    pub(super) fn explain(&self, algorithm: Algorithm, text: &[u8]) -> Option<Diagnosis> {
        let rows: [(&'static Hash, Algorithm); 3] = [
            (&SHA256, Algorithm::PS256),
            (&SHA384, Algorithm::PS384),
            (&SHA512, Algorithm::PS512),
        ];
        if let Some(signed) = self.pkcs1() {
            let is_bare = rows
                .iter()
                .any(|(hash, _)| digest(hash, text).as_ref() == signed);
            return Some(match is_bare {
                true => Diagnosis::BareHash,
                false => Diagnosis::OtherText,
            });
        }
        let mut is_another_text = false;
        for (hash, made) in rows {
            for mask in [hash, &SHA1_FOR_LEGACY_USE_ONLY] {
                let Some(pss) = self.pss(hash, mask) else {
                    continue;
                };
                if !pss.is_of(hash, text) {
                    is_another_text |= pss.is_certain();
                    continue;
                }
                return Some(Diagnosis::OtherPss {
                    made,
                    salt: pss.salt.len(),
                    hash: hash.output_len(),
                    has_sha1_mask: mask != hash,
                    says: (made != algorithm).then_some(algorithm),
                });
            }
        }
        is_another_text.then_some(Diagnosis::OtherText)
    }

    /// What is signed in a block of RSASSA-PKCS1-v1_5 (RFC 8017 section 9.2): the hash after its
    /// name.
    fn pkcs1(&self) -> Option<&[u8]> {
        let filled = self.block.strip_prefix(&[0, 1])?;
        let end = filled
            .iter()
            .position(|b| *b != 0xff)
            .filter(|filling| *filling >= 8)?;
        filled.get(end..)?.strip_prefix(&[0])
    }

    /// A block of RSASSA-PSS (RFC 8017 section 9.1.2), if it is valid with this hash and this mask.
    fn pss(&self, hash: &'static Hash, mask: &'static Hash) -> Option<Pss> {
        let em_bits = self.bits.checked_sub(1)?;
        let em_len = em_bits.div_ceil(8);
        let block = self.block.get(self.block.len().checked_sub(em_len)?..)?;
        let (masked, rest) =
            block.split_at_checked(em_len.checked_sub(hash.output_len())?.checked_sub(1)?)?;
        let (seed, end) = rest.split_at_checked(hash.output_len())?;
        let masks = mgf1(mask, seed, masked.len());
        let mut data: Vec<u8> = masked.iter().zip(masks).map(|(a, b)| a ^ b).collect();
        let unused = em_len.checked_mul(8)?.checked_sub(em_bits)?;
        let first = data.first_mut()?;
        *first &= 0xff_u8.checked_shr(u32::try_from(unused).ok()?)?;
        let one = data.iter().position(|b| *b != 0)?;
        let salt = data.get(one..)?.strip_prefix(&[1])?.to_vec();
        let zeros = one;
        (end == [0xbc]).then(|| Pss {
            seed: seed.to_vec(),
            zeros,
            salt,
        })
    }
}

struct Pss {
    seed: Vec<u8>,
    zeros: usize,
    salt: Vec<u8>,
}

impl Pss {
    /// Whether it cannot be another block that looks like one by chance.
    fn is_certain(&self) -> bool {
        self.zeros >= 4
    }

    fn is_of(&self, hash: &'static Hash, text: &[u8]) -> bool {
        let digest_of_text = digest(hash, text);
        let input = [&[0; 8], digest_of_text.as_ref(), &self.salt].concat();
        digest(hash, &input).as_ref() == self.seed
    }
}

/// A mask of `len` bytes (RFC 8017 appendix B.2.1).
fn mgf1(hash: &'static Hash, seed: &[u8], len: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(len.saturating_add(hash.output_len()));
    for counter in 0_u32.. {
        if mask.len() >= len {
            break;
        }
        let input = [seed, &counter.to_be_bytes()].concat();
        mask.extend_from_slice(digest(hash, &input).as_ref());
    }
    mask.truncate(len);
    mask
}
