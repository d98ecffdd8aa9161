//! Base64url in its one canonical form (RFC 4648 section 5, RFC 7515 section 2).

use std::sync::OnceLock;

use base64::engine::general_purpose::{NO_PAD, URL_SAFE_NO_PAD};
use base64::{DecodeError, Engine as _};

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Wide = base64::engine::Simd;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn wide() -> Wide {
    Wide::url_safe(NO_PAD)
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Wide = base64::engine::GeneralPurpose;

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn wide() -> Wide {
    Wide::new(&base64::alphabet::URL_SAFE, NO_PAD)
}

/// The wide instructions of this processor, once [`prepare`] has asked which it has.
static WIDE: OnceLock<Wide> = OnceLock::new();

/// Asks which wide instructions the processor has; worth it for many tokens. In a virtual machine
/// the host answers each such question, which takes as long as decoding a thousand tokens without
/// them.
pub fn prepare() {
    WIDE.get_or_init(wide);
}

/// Decodes a text to the end of a buffer. After an error, the buffer is of no use.
pub(super) fn push_decoded(text: impl AsRef<[u8]>, bytes: &mut Vec<u8>) -> Result<(), DecodeError> {
    let text = text.as_ref();
    match WIDE.get() {
        // Many encrypted tokens have a segment without a character.
        _ if text.is_empty() => Ok(()),
        Some(wide) => wide.decode_vec(text, bytes),
        None => URL_SAFE_NO_PAD.decode_vec(text, bytes),
    }
}

/// Encodes bytes to the end of a buffer.
pub(super) fn push_encoded(bytes: &[u8], text: &mut Vec<u8>) {
    let before = text.len();
    let length = base64::encoded_len(bytes.len(), false).unwrap_or(usize::MAX);
    text.resize(before.saturating_add(length), 0);
    let room = text.get_mut(before..).unwrap_or_default();
    let written = match WIDE.get() {
        Some(wide) => wide.encode_slice(bytes, room),
        None => URL_SAFE_NO_PAD.encode_slice(bytes, room),
    };
    debug_assert_eq!(written, Ok(length));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As the plain engine has it, whatever else runs in this process.
    fn plain(text: &str) -> Result<Vec<u8>, DecodeError> {
        URL_SAFE_NO_PAD.decode(text)
    }

    fn decoded(text: &str) -> Result<Vec<u8>, DecodeError> {
        prepare();
        let mut bytes = b"before".to_vec();
        push_decoded(text, &mut bytes)?;
        assert!(bytes.starts_with(b"before"));
        Ok(bytes.split_off(6))
    }

    /// Eleven blocks of 32 letters with a rest, and every character in every place of it: no wide
    /// block takes what the plain engine refuses, or takes it for something else.
    #[test]
    fn every_character_is_judged_alike_in_every_place() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let whole = letters.repeat(6).split_off(29);
        for place in 0..whole.len() {
            for c in (0..=u8::MAX).map(char::from) {
                let mut text = whole.clone();
                text.replace_range(place..=place, c.encode_utf8(&mut [0; 4]));
                assert_eq!(decoded(&text), plain(&text), "{c:?} at {place}");
                let is_letter = letters.contains(c);
                assert!(is_letter || decoded(&text).is_err(), "{c:?} at {place}");
            }
        }
    }

    #[test]
    fn every_end_has_one_spelling() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for a in letters.chars() {
            for b in letters.chars() {
                for end in [format!("{a}"), format!("{a}{b}"), format!("A{a}{b}")] {
                    let text = format!("{}{end}", "Zm9v".repeat(24));
                    let again = decoded(&text).map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
                    assert!(again.is_err() || again == Ok(text), "{end}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prepare();
            let mut text = b"before".to_vec();
            push_encoded(&bytes, &mut text);
            let encoded = URL_SAFE_NO_PAD.encode(&bytes);
            prop_assert_eq!(text, format!("before{encoded}").into_bytes());
            prop_assert_eq!(decoded(&encoded), Ok(bytes));
        }

        #[test]
        fn any_text_is_judged_alike(text in "[A-Za-z0-9_-]{0,200}[A-Za-z0-9_+/=é-]{0,4}[A-Za-z0-9_-]{0,70}") {
            prop_assert_eq!(decoded(&text), plain(&text));
        }
    }
}
