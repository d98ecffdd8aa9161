//! Random values, from the system's generator.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// A random UUID (RFC 9562 section 5.4).
pub(super) fn uuid() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes)
        .map_err(|_| Failure::new(Exit::System, "the system gives no random bytes"))?;
    let random = u128::from_be_bytes(bytes);
    let version = random & !(0xF << 76) | 0x4 << 76;
    let variant = version & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{variant:032x}");
    let mut id = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(digit);
    }
    Ok(id)
}

/// 256 random bits in base64url: more than can be guessed (RFC 6749 section 10.10).
pub(super) fn token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes)
        .map_err(|_| Failure::new(Exit::System, "the system gives no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        for _ in 0..64 {
            let id = uuid().unwrap();
            let groups: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12]);
            assert_eq!(id.as_bytes()[14], b'4');
            assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
        }
    }
}
