//! How the header of a token begins in base64, and what it says about the rest of the token.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::NO_PAD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use crate::token::algorithm::Algorithm;
use crate::token::find::spelling::is_digit;
use crate::token::json::{Json, Object};

/// The longest header, in base64: as long as a line of a batch, to have room for a chain of
/// certificates.
pub(super) const MAX_HEADER: usize = 1 << 20;

/// How much of a header is looked at before its end is looked for.
pub(super) const FRONT: usize = 48;

/// Unused bits are ignored: other readers may accept such a token.
const LENIENT: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(true);
const DECODER: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What a header says about its token.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Whether it says how the payload is encrypted (RFC 7516 section 4.1.2).
    pub(super) encrypted: bool,
    /// Whether it names an algorithm.
    pub(super) named: bool,
    /// How many digits of base64 the signature or the authentication tag can have, where the
    /// algorithm says so.
    pub(super) lengths: Vec<usize>,
}

/// How many digits it takes to see whether a header begins there.
pub(super) const TELLING: usize = 3;

/// Where the header begins that has the known digits at a place: at the brace of `{"` or `{` before
/// white space, or before the white space that JSON may begin with (RFC 8259 section 2).
pub(super) fn start(text: &[u8], at: usize, floor: usize) -> Option<usize> {
    let mut start = match text.get(at..)? {
        [b'e', b'y', b'I' | b'J' | b'L' | b'A', ..]
        | [b'e', b'w', b'o' | b'0' | b'k', ..]
        | [b'I', b'H', b's', ..]
        | [b'C', b'n' | b'X', b's', ..]
        | [b'D', b'X', b's', ..] => at,
        [b'C' | b'i' | b'S', b'B', b'7', ..]
        | [b'A' | b'g' | b'Q', b'p' | b'l' | b'1', b'7', ..] => at.checked_sub(1)?,
        _ => return None,
    };
    if start < floor {
        return None;
    }
    if start < at {
        let group = decode(text.get(start..start.saturating_add(4))?);
        if !matches!(group.as_slice(), [a, b, b'{'] if is_space(*a) && is_space(*b)) {
            return None;
        }
    }
    while let Some(before) = start.checked_sub(4).filter(|before| *before >= floor) {
        let group = decode(text.get(before..start)?);
        if group.len() != 3 || !group.iter().all(|byte| is_space(*byte)) {
            break;
        }
        start = before;
    }
    Some(start)
}

/// Whether the first group of a word can be that of a header.
pub(super) fn begins(word: &[u8]) -> bool {
    let group = decode(word.get(..4).unwrap_or_default());
    let spaces = group.iter().take_while(|byte| is_space(**byte)).count();
    match group.get(spaces..) {
        Some([b'{', byte, ..]) => is_space(*byte) || *byte == b'"',
        Some([b'{'] | []) => group.len() == 3,
        _ => false,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether the beginning of a text in base64 can be that of a JSON object.
pub(super) fn is_likely(front: &[u8]) -> bool {
    let digits = front.iter().take_while(|byte| is_digit(**byte)).count();
    // A possible escape, padding or end of a line does not end it.
    let other = front.get(digits).filter(|_| digits < SHORTEST);
    if other.is_some_and(|byte| !b"%\\&= \t\r\n".contains(byte)) {
        return false;
    }
    let whole = front.get(..FRONT.min(digits & !3)).unwrap_or_default();
    let object = decode(whole);
    let text = match std::str::from_utf8(&object) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => {
            let valid = object.get(..e.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let begins = text.trim_start_matches([' ', '\t', '\n', '\r']);
    begins.is_empty()
        || begins.starts_with('{')
            && match Json::parse_str(text) {
                Ok(_) => true,
                // It is cut, perhaps within an escape.
                Err(e) => text.len().saturating_sub(e.offset) < 6,
            }
}

/// An object with one member in digits of base64: `{"":0}`.
pub(super) const SHORTEST: usize = 8;

/// Whether a text in base64 that is cut is the beginning of a header, or a whole header.
pub(super) fn is_cut(front: &[u8]) -> bool {
    if !is_likely(front) {
        return false;
    }
    let digits = front.iter().take_while(|byte| is_digit(**byte)).count();
    let object = decode(front.get(..digits & !3).unwrap_or_default());
    let names: [&[u8]; 4] = [b"\"alg\"", b"\"enc\"", b"\"typ\"", b"\"kid\""];
    let has = |name: &[u8]| object.windows(name.len()).any(|window| window == name);
    names.iter().any(|name| has(name))
}

/// Reads a header in base64 of either alphabet, padded or not.
pub(super) fn read(segment: &[u8]) -> Option<Header> {
    if segment.len() > MAX_HEADER {
        return None;
    }
    let digits = segment.iter().take_while(|byte| is_digit(**byte)).count();
    let (digits, padding) = segment.split_at_checked(digits)?;
    if padding.iter().any(|byte| *byte != b'=') || padding.len() > 2 {
        return None;
    }
    let object = Object::parse(try_decode(digits)?).ok()?;
    let json = object.json();
    let string = |name| json.get(name).and_then(Json::as_str);
    let (algorithm, encryption) = (string("alg"), string("enc"));
    let encrypted = json.get("enc").is_some();
    Some(Header {
        encrypted,
        named: algorithm.is_some() || encryption.is_some(),
        lengths: match encryption {
            Some(encryption) => tag_len(&encryption).map(digits_for).into_iter().collect(),
            None => algorithm.map_or_else(Vec::new, |name| signature_lens(&name)),
        },
    })
}

/// In digits of base64 (RFC 7518 section 3).
fn signature_lens(algorithm: &str) -> Vec<usize> {
    if algorithm.eq_ignore_ascii_case("none") {
        return vec![0];
    }
    match Algorithm::parse(algorithm).map(Algorithm::signature_len) {
        Some(Some(len)) => vec![digits_for(len)],
        Some(None) => MODULI.iter().map(|bits| digits_for(bits / 8)).collect(),
        None => Vec::new(),
    }
}

/// The RSA keys that are in use, in bits.
const MODULI: &[usize] = &[1024, 1536, 2048, 3072, 4096, 6144, 8192];

/// The length of an authentication tag in bytes (RFC 7518 sections 5.2 and 5.3).
fn tag_len(encryption: &str) -> Option<usize> {
    Some(match encryption {
        "A128GCM" | "A192GCM" | "A256GCM" | "A128CBC-HS256" => 16,
        "A192CBC-HS384" => 24,
        "A256CBC-HS512" => 32,
        _ => return None,
    })
}

fn digits_for(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

/// Decodes digits of either alphabet; gives nothing where they do not decode.
pub(super) fn decode(digits: &[u8]) -> Vec<u8> {
    try_decode(digits).unwrap_or_default()
}

fn try_decode(digits: &[u8]) -> Option<Vec<u8>> {
    if !digits.iter().any(|byte| matches!(byte, b'+' | b'/')) {
        return DECODER.decode(digits).ok();
    }
    let url = digits.iter().map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => *other,
    });
    DECODER.decode(url.collect::<Vec<u8>>()).ok()
}
