//! The format of a key is detected from its content: a JWK, PEM, DER, or else a secret.
//!
//! Public keys, certificates and all else that is known not to be a secret are never taken for one:
//! anybody could then forge a token with data that everybody may read (RFC 8725 section 2.1).

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::text::utf16;
use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::Algorithm;
use crate::token::encoding::Encoding;
use crate::token::json::Json;
use crate::token::key::{Key, Origin};
use crate::token::key_fault::KeyFault;
use crate::token::passphrase::Passphrase;
use crate::token::{bare, der, env_file, key_json, not_a_secret, pem, ssh};

pub use crate::token::keys::Keys;

/// How content is to be read.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Reading {
    /// How the text of a secret stands for its bytes.
    pub encoding: Encoding,
    /// Whether it comes from a file, a descriptor or standard input, where text ends with a line
    /// break that is not part of it.
    pub text_source: bool,
    /// Whether a secret may be shorter than its algorithm requires.
    pub allow_weak: bool,
    /// What opens a private key that is encrypted.
    pub passphrase: Option<Passphrase>,
}

/// Reads the content of a source: a JWK, a JWK Set, PEM, DER, or else a secret.
///
/// # Errors
/// [`KeyFault`] for content that is a key but cannot be read, that is known to be no secret, or
/// that is a single key too weak for any use; with the reason [`KeyReason::Encrypted`] where the
/// key needs a passphrase.
///
/// [`KeyReason::Encrypted`]: crate::token::key_fault::KeyReason::Encrypted
pub fn read(content: &[u8], reading: &Reading) -> Result<Keys, KeyFault> {
    let keys = match recognise(content, reading) {
        Some(recognised) => recognised?,
        None => read_secret(content, reading)?,
    };
    if let ([key], false) = (keys.keys.as_slice(), keys.is_set)
        // How long the secret of an algorithm for encryption has to be is asked where it is used.
        && (key.usage.signatures || !key.is_secret())
    {
        let algorithm = key.default_algorithm().unwrap_or(Algorithm::HS256);
        key.check_strength(algorithm, reading.allow_weak)?;
    }
    Ok(keys)
}

/// Whether text, read again as content, gives the same text as a secret.
pub(super) fn is_bare_secret(text: &str) -> bool {
    let reading = Reading {
        text_source: true,
        ..Reading::default()
    };
    recognise(text.as_bytes(), &reading).is_none()
}

/// The fault of bytes that something else gives as a secret, but that are not one.
pub(super) fn claimed(secret: &[u8]) -> Option<KeyFault> {
    claim(secret, &inside(secret, LAYERS))
}

/// The inner content tells more than the layers around it.
fn claim(content: &[u8], inside: &[Zeroizing<Vec<u8>>]) -> Option<KeyFault> {
    let inside = inside.iter().map(|bytes| bytes.as_slice());
    let found = inside.rev().chain([content]).find_map(not_a_secret::find);
    found.or_else(|| not_a_secret::find_bare_line(content))
}

/// How many times base64 or hexadecimal is taken off content to see what is inside.
const LAYERS: u8 = 2;

/// Reads content that is not a secret.
fn recognise(content: &[u8], reading: &Reading) -> Option<Result<Keys, KeyFault>> {
    if let Some(keys) = read_plain(content, reading) {
        return Some(keys);
    }
    let inside = inside(content, LAYERS);
    let keys = inside.iter().find_map(|bytes| read_plain(bytes, reading));
    keys.or_else(|| is_utf16(content, reading.encoding).then(|| Err(is_in_utf16())))
        .or_else(|| claim(content, &inside).map(Err))
        .or_else(|| {
            let mut inside = inside.iter();
            let is_key = inside.any(|bytes| is_utf16_key(bytes, reading));
            is_key.then(|| Err(is_in_utf16()))
        })
}

/// Reads a key that is not wrapped in another encoding.
fn read_plain(content: &[u8], reading: &Reading) -> Option<Result<Keys, KeyFault>> {
    let passphrase = reading.passphrase.as_ref();
    if let Some(found) = der::find(content, passphrase) {
        return Some(found.map(Keys::from));
    }
    if let Some(found) = ssh::find(content).or_else(|| bare::find(content)) {
        return Some(found.map(|material| Keys::from(Key::from(material))));
    }
    let Some(text) = trimmed(content) else {
        return read_among_other_text(content, passphrase);
    };
    key_json::find(text)
        .or_else(|| env_file::find(text, reading.text_source).map(Err))
        .or_else(|| {
            let found = ssh::find_in_text(text)?;
            Some(found.map(|material| Keys::from(Key::from(material))))
        })
        .or_else(|| pem::find(text, passphrase))
}

/// Reads a key whose own text is ASCII, as in PEM and SSH, beside text in another character set,
/// such as a name or a comment in Latin-1.
fn read_among_other_text(
    content: &[u8],
    passphrase: Option<&Passphrase>,
) -> Option<Result<Keys, KeyFault>> {
    let text = Zeroizing::new(String::from_utf8_lossy(content).into_owned());
    if pem::is_in(content) {
        return pem::find(&text, passphrase);
    }
    let found = ssh::find_in_text(&text)?;
    Some(found.map(|material| Keys::from(Key::from(material))))
}

fn trimmed(content: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(content).ok()?;
    Some(text.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace()))
}

/// The content within quotes, base64 and hexadecimal, and the content within that.
fn inside(content: &[u8], layers: u8) -> Vec<Zeroizing<Vec<u8>>> {
    let (Some(text), Some(layers)) = (trimmed(content), layers.checked_sub(1)) else {
        return Vec::new();
    };
    let encodings = [Encoding::Base64, Encoding::Base64url, Encoding::Hex];
    let decoded = encodings.iter().filter_map(|e| e.undo(text.as_bytes()));
    let mut found: Vec<Zeroizing<Vec<u8>>> = Vec::new();
    for bytes in unquoted(text).into_iter().chain(decoded) {
        if !found.contains(&bytes) {
            let deeper = inside(&bytes, layers);
            found.push(bytes);
            found.extend(deeper);
        }
    }
    found
}

/// The text between quotes, of a shell or a JSON string. JSON inside a JSON string is not taken
/// out: a fault says that it was quoted twice.
fn unquoted(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let json = Json::parse_str(text)
        .ok()
        .and_then(|parsed| parsed.value.as_str().map(Cow::into_owned))
        .filter(|inside| !inside.trim_start().starts_with(['{', '[']));
    let shell = || {
        text.strip_prefix('\'')?
            .strip_suffix('\'')
            .map(str::to_owned)
    };
    let inside = json.or_else(shell)?;
    Some(Zeroizing::new(inside.into_bytes()))
}

fn read_secret(content: &[u8], reading: &Reading) -> Result<Keys, KeyFault> {
    let secret = reading.encoding.decode(content, reading.text_source)?;
    let notes = match reading.encoding {
        Encoding::Utf8 => oddities(&secret),
        _ => Vec::new(),
    };
    let origin = Some(Origin {
        content: Zeroizing::new(content.to_vec()),
        encoding: reading.encoding,
    });
    let key = Key {
        origin,
        ..Key::secret(secret)
    };
    Ok(Keys {
        notes,
        ..Keys::from(key)
    })
}

/// Whether bytes are UTF-16 text that is a key, or that is known to be no secret. Other such text may
/// be a secret, as programs of Windows write one.
fn is_utf16_key(bytes: &[u8], reading: &Reading) -> bool {
    if !is_utf16(bytes, Encoding::Raw) {
        return false;
    }
    let text = utf16::after_mark(bytes).unwrap_or(bytes);
    let ascii = text.iter().filter(|byte| **byte != 0);
    let text = Zeroizing::new(ascii.copied().collect::<Vec<u8>>());
    read_plain(&text, reading).is_some() || not_a_secret::find(&text).is_some()
}

fn is_in_utf16() -> KeyFault {
    KeyFault::rejected("the key is UTF-16 text, and should be UTF-8")
        .hint(Advice::Convert(Foreign::Utf16))
}

fn oddities(secret: &[u8]) -> Vec<String> {
    let odd = [
        (secret.contains(&0), "the secret has a NUL byte in it"),
        (
            secret.starts_with(b"\xef\xbb\xbf"),
            "the secret begins with a byte order mark",
        ),
        (secret.ends_with(b"\n"), "the secret ends with a line break"),
    ];
    odd.into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, note)| note.into())
        .collect()
}

/// Whether content is UTF-16 text: by its byte order mark, unless every byte is asked for, or by
/// a NUL in each pair of bytes, as plain text has it.
fn is_utf16(content: &[u8], encoding: Encoding) -> bool {
    let text = utf16::after_mark(content);
    let is_marked = text.is_some() && encoding != Encoding::Raw;
    is_marked || utf16::is_plain(text.unwrap_or(content))
}

#[cfg(test)]
mod tests;
