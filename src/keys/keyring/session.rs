//! A session with a Secret Service, in which secrets cross the bus encrypted: Diffie-Hellman in the
//! second Oakley group (RFC 2409 section 6.2), HKDF with SHA-256, AES-128 in CBC mode.
//!
//! Some services, such as KWallet 5, drop a zero byte at the beginning of a number, and then the
//! two sides do not understand each other. So no session has such a number.

use std::fmt;

use aws_lc_rs::cipher::{
    AES_128, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand;
use num_bigint::BigUint;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zeroize::Zeroizing;

use crate::keys::keyring::bus::{Bus, ROOT, SERVICE_INTERFACE};
use crate::keys::keyring::trouble::Trouble;

const ALGORITHM: &str = "dh-ietf1024-sha256-aes128-cbc-pkcs7";

/// The length of the numbers, in bytes.
const LEN: usize = 128;

/// The prime of the group; its generator is 2.
const PRIME: &[u8] = b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74\
020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437\
4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF";

/// Twice the strength of the group, which is 80 bits, would be enough.
const EXPONENT_LEN: usize = 32;

/// One in 128 has such a number.
const MOST_TRIES: usize = 10;

/// A secret on the bus: session, initialization vector, ciphertext, media type.
pub(super) type Sealed = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// A session that is open.
pub(super) struct Session {
    path: OwnedObjectPath,
    key: Zeroizing<[u8; 16]>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// Opens a session; it ends with the connection.
    pub(super) fn open(bus: &Bus) -> Result<Self, Trouble> {
        let group = Group::new();
        for _ in 0..MOST_TRIES {
            let (secret, public) = group.pair()?;
            let input = Value::from(public);
            let (theirs, path): (OwnedValue, OwnedObjectPath) =
                bus.call(ROOT, SERVICE_INTERFACE, "OpenSession", &(ALGORITHM, input))?;
            let theirs: Vec<u8> = theirs.try_into().map_err(|_| Trouble::Session)?;
            if let Some(shared) = group.shared(&secret, &theirs)? {
                return Ok(Session {
                    path,
                    key: key_of(&shared)?,
                });
            }
        }
        Err(Trouble::Session)
    }

    pub(super) fn path(&self) -> &OwnedObjectPath {
        &self.path
    }

    /// Encrypts a text for the bus.
    pub(super) fn seal(&self, text: &[u8], media_type: &str) -> Result<Sealed, Trouble> {
        // A vector that grows is copied: with room for the padding, no copy is left behind.
        let mut bytes = Vec::with_capacity(text.len().saturating_add(16));
        bytes.extend_from_slice(text);
        let key = UnboundCipherKey::new(&AES_128, &*self.key)?;
        let context = PaddedBlockEncryptingKey::cbc_pkcs7(key)?.encrypt(&mut bytes)?;
        let DecryptionContext::Iv128(iv) = context else {
            return Err(Trouble::Session);
        };
        let iv: &[u8; 16] = iv.as_ref();
        Ok((self.path.clone(), iv.to_vec(), bytes, media_type.to_owned()))
    }

    /// Decrypts what came over the bus.
    pub(super) fn unseal(&self, sealed: Sealed) -> Result<Zeroizing<Vec<u8>>, Trouble> {
        let (_, iv, bytes, _) = sealed;
        let mut bytes = Zeroizing::new(bytes);
        let iv: [u8; 16] = iv.try_into().map_err(|_| Trouble::Session)?;
        let key = UnboundCipherKey::new(&AES_128, &*self.key)?;
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        let length = PaddedBlockDecryptingKey::cbc_pkcs7(key)?
            .decrypt(&mut bytes, context)?
            .len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

impl From<Unspecified> for Trouble {
    fn from(_: Unspecified) -> Self {
        Trouble::Session
    }
}

/// The group, in which numbers are as long as the prime.
struct Group {
    prime: BigUint,
}

impl Group {
    fn new() -> Self {
        Group {
            prime: BigUint::parse_bytes(PRIME, 16).unwrap_or_default(),
        }
    }

    /// A secret exponent, and the number to send.
    fn pair(&self) -> Result<(BigUint, Vec<u8>), Trouble> {
        loop {
            let mut exponent = Zeroizing::new([0; EXPONENT_LEN]);
            rand::fill(&mut *exponent)?;
            let exponent = BigUint::from_bytes_be(&*exponent);
            let public = BigUint::from(2_u8).modpow(&exponent, &self.prime);
            let public = public.to_bytes_be();
            if public.len() == LEN {
                return Ok((exponent, public));
            }
        }
    }

    /// The shared secret; `None` where a number begins with a zero byte.
    fn shared(
        &self,
        exponent: &BigUint,
        theirs: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Trouble> {
        let theirs = BigUint::from_bytes_be(theirs);
        let one = BigUint::from(1_u8);
        #[expect(
            clippy::arithmetic_side_effects,
            reason = "the prime is larger than one"
        )]
        let last = &self.prime - &one;
        // With these numbers, everybody could know the key.
        if theirs <= one || theirs >= last {
            return Err(Trouble::Session);
        }
        let shared = Zeroizing::new(theirs.modpow(exponent, &self.prime).to_bytes_be());
        let is_whole = theirs.to_bytes_be().len() == LEN && shared.len() == LEN;
        Ok(is_whole.then_some(shared))
    }
}

fn key_of(shared: &[u8]) -> Result<Zeroizing<[u8; 16]>, Trouble> {
    struct Aes128;
    impl KeyType for Aes128 {
        fn len(&self) -> usize {
            16
        }
    }
    let mut key = Zeroizing::new([0; 16]);
    Salt::new(HKDF_SHA256, &[])
        .extract(shared)
        .expand(&[], Aes128)?
        .fill(&mut *key)?;
    Ok(key)
}
