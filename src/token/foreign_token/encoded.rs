//! What base64 may hold that is no JWT, by its first bytes.

use zeroize::Zeroizing;

use crate::token::advice::TokenAdvice;
use crate::token::encoding::Encoding;
use crate::token::foreign_token::{Foreign, foreign};
use crate::token::json::Json;

/// What base64 holds.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<Foreign> {
    let of_issuer = |what: &str| Some(foreign(what, TokenAdvice::AskIssuer));
    if is_laravel(bytes) {
        return Some(foreign(
            "an encrypted cookie of Laravel",
            TokenAdvice::AskApplication,
        ));
    }
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    if start.starts_with(b"<") && is_saml(&String::from_utf8_lossy(start)) {
        return Some(foreign("a SAML message in base64", TokenAdvice::ReadXml));
    }
    match bytes {
        // Version, time, nonce, blocks, HMAC.
        [0x80, 0, 0, 0, ..] if bytes.len() >= 73 && bytes.len() % 16 == 9 => {
            Some(foreign("a Fernet token", TokenAdvice::AskApplication))
        }
        [b'N', b'T', b'L', b'M', b'S', b'S', b'P', 0, ..] => of_issuer("a message of NTLM"),
        // RFC 2743 section 3.1; the mechanism is named near the beginning.
        [0x60, ..] if is_gss(start) => of_issuer("a message of Kerberos (RFC 4559)"),
        // COSE_Sign1, COSE_Mac0 or COSE_Encrypt0, with a protected header.
        [0xD0, 0x83, 0x40..=0x5F, ..]
        | [0xD1 | 0xD2, 0x84, 0x40..=0x5F, ..]
        | [0xD8, 0x3D, 0xD0..=0xD2, ..] => {
            Some(foreign("a CWT in base64 (RFC 8392)", TokenAdvice::CheckCwt))
        }
        _ if is_macaroon(bytes) => of_issuer("a macaroon"),
        _ => None,
    }
}

fn is_laravel(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{")
        && Json::parse(bytes).is_ok_and(|parsed| {
            ["iv", "value", "mac"]
                .iter()
                .all(|name| parsed.value.get(name).is_some())
        })
}

fn is_gss(start: &[u8]) -> bool {
    let near = start.get(..start.len().min(32)).unwrap_or_default();
    // SPNEGO and Kerberos 5.
    [
        &b"\x06\x06\x2b\x06\x01\x05\x05\x02"[..],
        b"\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02",
    ]
    .iter()
    .any(|mechanism| {
        near.windows(mechanism.len())
            .any(|there| there == *mechanism)
    })
}

/// A packet of version 1 (its length in hexadecimal, and a name), or a location or an identifier of version 2.
fn is_macaroon(bytes: &[u8]) -> bool {
    if let [2, 1 | 2, len, rest @ ..] = bytes {
        let field = rest.get(..usize::from(*len));
        return field.is_some_and(|field| {
            field.len() > 3 && field.iter().all(|byte| (b' '..=b'~').contains(byte))
        });
    }
    let Some((len, rest)) = bytes.split_at_checked(4) else {
        return false;
    };
    len.iter().all(u8::is_ascii_hexdigit)
        && (rest.starts_with(b"location ") || rest.starts_with(b"identifier "))
}

/// Whether XML is a SAML message.
pub(in crate::token) fn is_saml(text: &str) -> bool {
    text.contains("urn:oasis:names:tc:SAML:")
}

/// The bytes of base64 in either alphabet, as URLs and cookies write it too.
pub(super) fn undone(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = without_escapes(text);
    let bytes = text.as_bytes();
    Encoding::Base64
        .undo(bytes)
        .or_else(|| Encoding::Base64url.undo(bytes))
}

/// Base64 without the percent-encoding of what is not a letter or a digit in it.
pub(super) fn without_escapes(text: &str) -> String {
    let mut text = text.to_owned();
    if text.contains('%') {
        for (escaped, plain) in [("%3D", "="), ("%2B", "+"), ("%2F", "/")] {
            text = text.replace(escaped, plain);
            text = text.replace(&escaped.to_ascii_lowercase(), plain);
        }
    }
    text
}
