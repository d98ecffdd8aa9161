//! How keys of PGP begin when they are not in armor (RFC 9580 sections 4.2 and 5.5).

/// Whether bytes begin with the packet of a public or private key. It is told from random bytes by
/// the form of its numbers, by the name of its curve, or by the lengths of version 6.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    let Some((SECRET_KEY | PUBLIC_KEY | SECRET_SUBKEY | PUBLIC_SUBKEY, packet)) = header(bytes)
    else {
        return false;
    };
    match packet {
        [4 | 5, _, _, _, _, algorithm @ (1..=3 | 17), numbers @ ..] => {
            let exponent_or_order = if *algorithm == 17 { 160..=256 } else { 2..=33 };
            number(numbers)
                .filter(|(bits, _)| (512..=16_384).contains(bits))
                .and_then(|(_, rest)| number(rest))
                .is_some_and(|(bits, _)| exponent_or_order.contains(&bits))
        }
        [4 | 5, _, _, _, _, 18 | 19 | 22, len, oid @ ..] => {
            let oid = oid.get(..usize::from(*len)).unwrap_or_default();
            CURVES.iter().any(|curve| oid.starts_with(curve))
        }
        [6, _, _, _, _, 25 | 27, 0, 0, 0, 32, ..]
        | [6, _, _, _, _, 26, 0, 0, 0, 56, ..]
        | [6, _, _, _, _, 28, 0, 0, 0, 57, ..] => true,
        _ => false,
    }
}

/// How many bits a number says it has, which its first byte must confirm, and what follows it (RFC
/// 9580 section 3.2).
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (bits, rest) = bytes.split_first_chunk()?;
    let bits = usize::from(u16::from_be_bytes(*bits));
    let (number, rest) = rest.split_at_checked(bits.div_ceil(8))?;
    let used = 8_u32.checked_sub(number.first()?.leading_zeros())?;
    let last = u32::try_from(bits).ok()?.checked_sub(1)? % 8;
    (used.checked_sub(1) == Some(last)).then_some((bits, rest))
}

const SECRET_KEY: u8 = 5;
const PUBLIC_KEY: u8 = 6;
const SECRET_SUBKEY: u8 = 7;
const PUBLIC_SUBKEY: u8 = 14;

/// The curves of GNU, of NIST, of SEC 2 and Brainpool (RFC 9580 section 9.2).
const CURVES: &[&[u8]] = &[
    &[0x2b, 6, 1, 4, 1],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d],
    &[0x2b, 0x81, 4, 0],
    &[0x2b, 0x24, 3, 3, 2],
];

/// The type of a packet, and as much of its content as is there.
fn header(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let (tag, size) = match (first, rest.first()?) {
        (0xc0.., 0..192) => (first & 0x3f, 1),
        (0xc0.., 192..224) => (first & 0x3f, 2),
        (0xc0.., 255) => (first & 0x3f, 5),
        // The form before RFC 4880, which GnuPG writes.
        (0x80..0xc0, _) => match first & 3 {
            0 => (first >> 2 & 0x0f, 1),
            1 => (first >> 2 & 0x0f, 2),
            2 => (first >> 2 & 0x0f, 4),
            _ => return None,
        },
        _ => return None,
    };
    Some((tag, rest.get(size..)?))
}
