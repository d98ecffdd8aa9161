//! Texts that hold a key in a form that is not read, or are no key at all: never taken for secrets.

use crate::token::decode::decode_header;
use crate::token::key_fault::KeyFault;
use crate::token::pem::squeezed;

/// The fault of such a text; `None` for any other.
pub(super) fn find(text: &str) -> Option<KeyFault> {
    environment_file(text)
        .or_else(|| openssl_text(text))
        .or_else(|| xml(text))
        .or_else(|| bare_block(text))
        .or_else(|| loose_jwk(text))
        .or_else(|| token(text))
}

/// What `openssl rsa -modulus` and `openssl pkey -text` print.
fn openssl_text(text: &str) -> Option<KeyFault> {
    let start = text.get(..200).unwrap_or(text);
    let printed = text.starts_with("Modulus=")
        || start.contains("Public-Key: (")
        || start.contains("Private-Key: (");
    printed.then(|| {
        KeyFault::rejected("the content is a key as `openssl -text` or `-modulus` prints it, which is for reading only")
            .hint("`openssl pkey -in key.pem -pubout` prints the public key as PEM")
    })
}

fn xml(text: &str) -> Option<KeyFault> {
    text.contains("<RSAKeyValue").then(|| {
        KeyFault::rejected("the content is an RSA key in XML, which is not supported")
            .hint("export it as PEM or as a JWK")
    })
}

/// A PEM block whose dashes are lost.
fn bare_block(text: &str) -> Option<KeyFault> {
    if !text.starts_with(['B', 'b']) {
        return None;
    }
    let squeezed = squeezed(text);
    let labels = [
        "PUBLICKEY",
        "RSAPUBLICKEY",
        "CERTIFICATE",
        "PRIVATEKEY",
        "RSAPRIVATEKEY",
        "ECPRIVATEKEY",
    ];
    let damaged = squeezed.starts_with("BEGIN")
        && labels
            .iter()
            .any(|l| squeezed.get(5..).is_some_and(|t| t.starts_with(l)));
    damaged.then(|| {
        KeyFault::rejected("the content is PEM that has lost the dashes of its first line")
            .hint("the line is `-----BEGIN …-----`: copy the key again")
    })
}

/// A JWK that is not JSON: in YAML, with a comment, with its quotes escaped.
fn loose_jwk(text: &str) -> Option<KeyFault> {
    let named = |(at, _): (usize, &str)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at..)?.strip_prefix("kty")?;
        let after =
            after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
        let stands_alone = !before.is_some_and(|c| c.is_ascii_alphanumeric());
        (stands_alone && after.starts_with([':', '='])).then_some(())
    };
    text.match_indices("kty").find_map(named).map(|()| {
        KeyFault::rejected("the JWK is damaged: it is not well-formed JSON")
            .hint("`jq . key.json` shows where")
    })
}

/// A token in the place of a key.
fn token(text: &str) -> Option<KeyFault> {
    let (header, _) = text.split_once('.')?;
    let is_token = text.matches('.').count() >= 2 && decode_header(header).is_ok();
    is_token.then(|| {
        KeyFault::rejected("the content is a token, not a key")
            .hint("the token goes last, and the key after `--key`")
    })
}

/// The fault of content that is lines of `NAME=value`.
///
/// A padded secret is no such line, because nothing but `=` follows its first `=`. One line alone
/// must have a name that looks like a variable's, since a password may hold `=` too.
fn environment_file(text: &str) -> Option<KeyFault> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<(&str, &str)> = lines.map(assignment).collect::<Option<_>>()?;
    let named = match lines.as_slice() {
        [(name, value)] => is_set(value) && (telling(name).is_some() || is_shouted(name)),
        lines => lines.iter().any(|(_, value)| is_set(value)),
    };
    if !named {
        return None;
    }
    // The first of the most telling names: of several greatest, `max_by_key` takes the last.
    let (name, _) = lines.iter().rev().max_by_key(|(name, _)| telling(name))?;
    Some(
        KeyFault::rejected("the content is lines of NAME=value (a .env file), and no key").hint(
            format!("`set -a; . ./.env` loads it, and `--key env:{name}` names the variable"),
        ),
    )
}

fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let is_name = (1..=64).contains(&name.len())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

fn is_set(value: &str) -> bool {
    !value.trim_start_matches('=').is_empty()
}

fn is_shouted(name: &str) -> bool {
    name.len() > 2 && !name.bytes().any(|b| b.is_ascii_lowercase())
}

/// How strongly a variable's name says that it holds a key, if it says so at all.
fn telling(name: &str) -> Option<usize> {
    let name = name.to_ascii_uppercase();
    ["PASSWORD", "TOKEN", "KEY", "SECRET"]
        .iter()
        .rposition(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_other_forms_are_no_secrets() {
        for text in [
            "Modulus=A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718",
            "Public-Key: (2048 bit)\nModulus:\n    00:a1",
            "Private-Key: (2048 bit, 2 primes)\nmodulus:\n    00:a1",
            "<RSAKeyValue><Modulus>oahU</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>",
            "BEGIN PUBLIC KEY\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\nEND PUBLIC KEY",
            "{keys: [{kty: RSA, n: abc, e: AQAB}]}",
            "kty: RSA\nn: abc\ne: AQAB",
            "// ours\n{\"kty\":\"RSA\"}",
            "{\\\"kty\\\":\\\"RSA\\\",\\\"n\\\":\\\"abc\\\"}",
            "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
        ] {
            assert!(find(text).is_some(), "{text}");
        }
    }

    #[test]
    fn secrets_are_let_through() {
        for text in [
            "a secret of at least 32 characters",
            "pretty-kty-is-not-a-member-of-this-one",
            "begin with a public key of your own choice",
            "a.b.c.d-e-f-with-dots-in-it-but-no-header",
            "bW9kdWx1cw==bW9kdWx1cw==",
        ] {
            assert!(find(text).is_none(), "{text}");
        }
    }
}
