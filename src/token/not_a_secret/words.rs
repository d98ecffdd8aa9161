//! Content that is known not to be a secret by its lines or its words.

use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::decode::decode_header;
use crate::token::encoding;
use crate::token::not_a_secret::{Claim, claim, hinted};

pub(super) const PRINTED: Claim = hinted(
    "a key as `openssl -text` or `-modulus` prints it, which is for reading only",
    Advice::Convert(Foreign::OpensslText),
);

/// Content that is known by a line, such as one that says it is a public key.
pub(super) fn in_lines(text: &str) -> Option<Claim> {
    let is_public = |line: &str| {
        let Some((name, value)) = line.split_once([':', '=']) else {
            return false;
        };
        let mut letters = name
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>();
        letters.make_ascii_lowercase();
        let named =
            name.len() <= 64 && (letters.ends_with("publickey") || letters.ends_with("pubkey"));
        named && !value.trim_matches(['=', ' ']).is_empty()
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    if lines.windows(2).any(is_printed) {
        return Some(PRINTED);
    }
    text.lines().any(is_public).then_some(hinted(
        "text that calls itself a public key, in a form that is not supported",
        Advice::LeaveKey,
    ))
}

/// Whether a line has one of the names that OpenSSL prints, and the next line begins with its
/// bytes.
fn is_printed(pair: &[&str]) -> bool {
    let [name, bytes] = pair else {
        return false;
    };
    let is_byte = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let mut parts = bytes.trim_end_matches(':').split(':');
    ["pub:", "priv:", "modulus:"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
        && bytes.len() >= 8
        && parts.all(is_byte)
}

/// Content that is known by its words.
pub(super) fn in_words(text: &str) -> Option<Claim> {
    let apart = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-');
    let claimed = text.split(apart).find_map(|word| {
        if is_token(word) {
            Some(hinted("a token, not a key", Advice::MoveToken))
        } else if is_paserk(word) {
            Some(claim("a key for PASETO (PASERK), not a key for a JWT"))
        } else if is_nkey(word) {
            Some(claim("an NKEY, which is not supported"))
        } else if is_age(word) {
            Some(claim("a recipient of age, which is public"))
        } else if is_multikey(word) || is_multibase(word) {
            Some(claim("a public key as a Multikey, which is not supported"))
        } else {
            None
        }
    });
    let claimed = claimed.or_else(|| {
        let what = "the modulus and the exponent of an RSA key, without a form that is supported";
        is_modulus(text).then_some(hinted(what, Advice::LeaveKey))
    });
    claimed.or_else(|| is_dns_key(text).then_some(claim("a key from the DNS, which is public")))
}

/// Whether a word is a JWT, or a token of PASETO.
fn is_token(word: &str) -> bool {
    let mut segments = word.split('.');
    match (segments.next(), segments.next(), segments.next()) {
        (Some("v1" | "v2" | "v3" | "v4"), Some("local" | "public"), Some(payload)) => {
            payload.len() >= 32
        }
        (Some(header), Some(_), Some(_)) => decode_header(header).is_ok(),
        _ => false,
    }
}

/// The types of a key that is serialized for PASETO (PASERK).
fn is_paserk(word: &str) -> bool {
    const TYPES: &[&str] = &[
        "local",
        "public",
        "secret",
        "seal",
        "lid",
        "pid",
        "sid",
        "local-wrap",
        "secret-wrap",
        "local-pw",
        "secret-pw",
    ];
    let mut parts = word.split('.');
    matches!(parts.next(), Some("k1" | "k2" | "k3" | "k4"))
        && parts.next().is_some_and(|kind| TYPES.contains(&kind))
        && parts.next().is_some_and(|data| data.len() >= 32)
}

/// Whether a word is a key of NATS: base32 of a prefix, 32 bytes and their checksum (CRC-16 of
/// XMODEM).
fn is_nkey(word: &str) -> bool {
    if !matches!(word.len(), 56 | 58) || !word.starts_with(['A', 'C', 'N', 'O', 'P', 'S', 'U', 'X'])
    {
        return false;
    }
    let digits = word.bytes().map(|letter| match letter {
        b'A'..=b'Z' => Some(letter.wrapping_sub(b'A')),
        b'2'..=b'7' => Some(letter.wrapping_sub(b'2').wrapping_add(26)),
        _ => None,
    });
    let Some(digits) = digits.collect::<Option<Vec<u8>>>().map(Zeroizing::new) else {
        return false;
    };
    let bytes = encoding::packed(&digits, 5);
    let Some((key, checksum)) = bytes.split_last_chunk() else {
        return false;
    };
    let crc = key.iter().fold(0_u16, |crc, byte| {
        let mixed = crc ^ u16::from(*byte) << 8;
        (0..8).fold(mixed, |crc, _| match crc & 0x8000 {
            0 => crc << 1,
            _ => crc << 1 ^ 0x1021,
        })
    });
    crc == u16::from_le_bytes(*checksum)
}

/// Whether a word is a recipient of age: Bech32 whose first part begins with `age`.
fn is_age(word: &str) -> bool {
    const LETTERS: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let Some((kind, data)) = word.rsplit_once('1') else {
        return false;
    };
    kind.starts_with("age") && data.len() >= 38 && data.chars().all(|c| LETTERS.contains(c))
}

/// Whether a word is a key in Multibase: base58 of a public key's kind and 32 or more bytes.
fn is_multikey(word: &str) -> bool {
    // Ed25519, X25519, secp256k1, P-256 and P-384, each with its length.
    const KINDS: &[(&str, usize)] = &[
        ("z6Mk", 48),
        ("z6LS", 48),
        ("zQ3s", 49),
        ("zDna", 49),
        ("z82L", 70),
    ];
    let is_digit = |c: char| c.is_ascii_alphanumeric() && !"0OIl".contains(c);
    KINDS
        .iter()
        .any(|(start, len)| word.starts_with(start) && word.len() == *len)
        && word.chars().all(is_digit)
}

/// Whether a word is a key in Multibase in base64url or hexadecimal: the kind of a public key and the
/// key (Multicodec's `ed25519-pub`, `x25519-pub`, `secp256k1-pub` and `p256-pub` to `p521-pub`).
fn is_multibase(word: &str) -> bool {
    let bytes = match word.split_at_checked(1) {
        Some(("u", digits)) => encoding::Encoding::Base64url.undo(digits.as_bytes()),
        Some(("f" | "F", digits)) => encoding::Encoding::Hex.undo(digits.as_bytes()),
        _ => None,
    };
    let Some(bytes) = bytes else {
        return false;
    };
    matches!(
        (bytes.len(), bytes.as_slice()),
        (34, [0xec | 0xed, 1, ..])
            | (35, [0xe7, 1, 2 | 3, ..] | [0x80, 0x24, 2 | 3, ..])
            | (51, [0x81, 0x24, 2 | 3, ..])
            | (69, [0x82, 0x24, 2 | 3, ..])
    )
}

/// Whether text is the modulus of an RSA key in base64, with the exponent that nearly all keys have
/// (65,537).
fn is_modulus(text: &str) -> bool {
    /// The digits of 1,024 bits, without padding.
    const SHORTEST: usize = 171;
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || b"+/-_".contains(&b);
    let apart = |c: char| c.is_whitespace() || ".,;:|='\"".contains(c);
    // `e` or `Exponent` may stand between the two.
    let is_number = |word: &&str| *word == "AQAB" || word.len() >= SHORTEST;
    let words: Vec<&str> = text.split(apart).filter(is_number).collect();
    words.windows(2).any(|pair| match pair {
        [n, "AQAB"] | ["AQAB", n] => n.bytes().all(is_digit),
        _ => false,
    })
}

/// Whether text has the flags, the protocol and the algorithm of a DNSKEY or KEY record in it,
/// followed by the key (RFC 4034 section 2.2).
fn is_dns_key(text: &str) -> bool {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| *word != "(")
        .collect();
    words.windows(4).any(|words| match words {
        [flags, "3", algorithm, key] => {
            flags.parse::<u16>().is_ok()
                && algorithm.parse::<u8>().is_ok()
                && key.len() >= 16
                && key
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
        }
        _ => false,
    })
}
