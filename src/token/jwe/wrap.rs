//! AES key wrap (RFC 3394, RFC 7518 section 4.4).

use aws_lc_rs::cipher::{
    self, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use zeroize::Zeroizing;

/// Half a block.
const HALF: usize = 8;

/// How much longer a key is once it is wrapped.
pub(super) const ADDED: usize = HALF;

/// The initial value of RFC 3394 section 2.2.3.1.
const INITIAL: [u8; HALF] = [0xa6; HALF];

/// The rounds of RFC 3394 section 2.2.
const ROUNDS: u64 = 6;

/// Wraps a key with one of 16, 24 or 32 bytes.
pub(super) fn wrap(wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut wrapped = vec![0; key.len().checked_add(ADDED)?];
    let len = match wrapping.len() {
        16 => AesKek::new(&AES_128, wrapping)
            .ok()?
            .wrap(key, &mut wrapped)
            .ok()?
            .len(),
        32 => AesKek::new(&AES_256, wrapping)
            .ok()?
            .wrap(key, &mut wrapped)
            .ok()?
            .len(),
        _ => return wrap_192(wrapping, key),
    };
    wrapped.truncate(len);
    Some(wrapped)
}

/// Unwraps a key; `None` where it was wrapped with another key, or not wrapped at all.
pub(super) fn unwrap(wrapping: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; wrapped.len().checked_sub(ADDED)?]);
    let len = match wrapping.len() {
        16 => AesKek::new(&AES_128, wrapping)
            .ok()?
            .unwrap(wrapped, &mut key)
            .ok()?
            .len(),
        32 => AesKek::new(&AES_256, wrapping)
            .ok()?
            .unwrap(wrapped, &mut key)
            .ok()?
            .len(),
        _ => return unwrap_192(wrapping, wrapped),
    };
    key.truncate(len);
    Some(key)
}

/// RFC 3394 section 2.2.1, over the AES of aws-lc: its own key wrap has no keys of 192 bits.
fn wrap_192(wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let cipher =
        EncryptingKey::ecb(UnboundCipherKey::new(&cipher::AES_192, wrapping).ok()?).ok()?;
    let (halves, []) = key.as_chunks::<HALF>() else {
        return None;
    };
    if halves.len() < 2 {
        return None;
    }
    let mut halves = Zeroizing::new(halves.to_vec());
    let mut check = INITIAL;
    let mut step = 0_u64;
    for _ in 0..ROUNDS {
        for half in halves.iter_mut() {
            step = step.checked_add(1)?;
            let mut block = Zeroizing::new([check, *half].concat());
            cipher
                .less_safe_encrypt(&mut block, EncryptionContext::None)
                .ok()?;
            let (first, second) = block.split_at(HALF);
            check = (u64::from_be_bytes(first.try_into().ok()?) ^ step).to_be_bytes();
            *half = second.try_into().ok()?;
        }
    }
    Some([&check, halves.as_flattened()].concat())
}

/// RFC 3394 section 2.2.2.
fn unwrap_192(wrapping: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher =
        DecryptingKey::ecb(UnboundCipherKey::new(&cipher::AES_192, wrapping).ok()?).ok()?;
    let (halves, []) = wrapped.as_chunks::<HALF>() else {
        return None;
    };
    let [check, halves @ ..] = halves else {
        return None;
    };
    if halves.len() < 2 {
        return None;
    }
    let mut check = *check;
    let mut halves = Zeroizing::new(halves.to_vec());
    let mut step = ROUNDS.checked_mul(u64::try_from(halves.len()).ok()?)?;
    for _ in 0..ROUNDS {
        for half in halves.iter_mut().rev() {
            let masked = (u64::from_be_bytes(check) ^ step).to_be_bytes();
            let mut block = Zeroizing::new([masked, *half].concat());
            cipher.decrypt(&mut block, DecryptionContext::None).ok()?;
            let (first, second) = block.split_at(HALF);
            check = first.try_into().ok()?;
            *half = second.try_into().ok()?;
            step = step.checked_sub(1)?;
        }
    }
    verify_slices_are_equal(&check, &INITIAL).ok()?;
    Some(Zeroizing::new(halves.as_flattened().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::encoding::Encoding;

    fn bytes(digits: &str) -> Vec<u8> {
        Encoding::Hex.undo(digits.as_bytes()).unwrap().to_vec()
    }

    /// RFC 3394 sections 4.1 to 4.6.
    #[test]
    fn the_examples_of_rfc_3394_are_wrapped_and_unwrapped() {
        const KEY: &str = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
        const DATA: &str = "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F";
        for (key_len, data_len, wrapped) in [
            (16, 16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"),
            (24, 16, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"),
            (32, 16, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"),
            (
                24,
                24,
                "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2",
            ),
            (
                32,
                24,
                "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1",
            ),
            (
                32,
                32,
                "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
            ),
        ] {
            let key = &bytes(KEY)[..key_len];
            let data = &bytes(DATA)[..data_len];
            let wrapped = bytes(wrapped);
            assert_eq!(wrap(key, data).unwrap(), wrapped);
            assert_eq!(*unwrap(key, &wrapped).unwrap(), data);
            for place in 0..wrapped.len() {
                let mut changed = wrapped.clone();
                changed[place] ^= 1;
                assert!(unwrap(key, &changed).is_none());
            }
            for len in 0..wrapped.len() {
                assert!(unwrap(key, &wrapped[..len]).is_none());
            }
        }
    }

    #[test]
    fn the_vectors_of_wycheproof_are_judged_as_they_say() {
        const VECTORS: &str = include_str!("../../../tests/vectors/jwe/wycheproof-aes-wrap.jsonl");
        for line in VECTORS.lines() {
            let row: (u32, String, String, String, String) = serde_json::from_str(line).unwrap();
            let (id, result, key, data, wrapped) = row;
            let (key, data, wrapped) = (bytes(&key), bytes(&data), bytes(&wrapped));
            let unwrapped = unwrap(&key, &wrapped);
            let is_whole = unwrapped.is_some_and(|unwrapped| *unwrapped == data);
            // What is acceptable is a key of eight bytes, which no algorithm of a JWE has.
            assert_eq!(is_whole, result == "valid", "{id}");
            if result == "valid" {
                assert_eq!(wrap(&key, &data).unwrap(), wrapped, "{id}");
            }
        }
    }
}
