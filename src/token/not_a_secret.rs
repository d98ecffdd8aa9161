//! What is not a secret, though it could be taken for one: keys in forms that are not read, and
//! what holds them.
//!
//! Whoever may read a public key could sign with it if it were a secret (RFC 8725 section 2.1). So
//! content is looked through for what is certain: for a key in DER, in JSON, of SSH or in PEM,
//! anywhere in it and in whatever its base64 or hexadecimal stands for; and for the marks of one
//! table. Nothing here is found by chance in random bytes that are as long as a secret, in whatever
//! encoding; but for one form, whose owner is told how to give a secret that has it by chance.

use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign, JsonEdit, JsonPlace};
use crate::token::decode::decode_header;
use crate::token::key_fault::KeyFault;
use crate::token::{bare, der, encoding, pem, pgp, ssh};

/// What content is, in words behind "the content is", and what to do about it.
#[derive(Clone)]
struct Claim {
    what: &'static str,
    hint: Option<Advice>,
}

const fn claim(what: &'static str) -> Claim {
    Claim { what, hint: None }
}

const fn hinted(what: &'static str, hint: Advice) -> Claim {
    Claim {
        what,
        hint: Some(hint),
    }
}

/// The fault of content that is certainly no secret; `None` for any other.
pub(super) fn find(content: &[u8]) -> Option<KeyFault> {
    let text = || std::str::from_utf8(content).ok();
    let claimed = at_the_start(content.trim_ascii_start())
        .or_else(|| anywhere(content))
        .or_else(|| in_words(text()?).or_else(|| in_lines(text()?)));
    if let Some(Claim { what, hint }) = claimed {
        return Some(fault(format!("the content is {what}"), hint));
    }
    if matches!(bare::find(content), Some(Ok(_))) {
        return Some(fault("the content is a key in bare bytes".into(), None));
    }
    let Claim { what, hint } = encoding::hidden(content).find_map(|bytes| {
        let is_bare = || matches!(bare::find(&bytes), Some(Ok(_))).then_some(BARE);
        anywhere(&bytes).or_else(is_bare)
    })?;
    let message = format!("the content has in it, as base64 or hexadecimal, {what}");
    Some(fault(message, hint.or(Some(Advice::LeaveKey))))
}

/// The fault of a public key or a signature of minisign or signify without its comment: base64 of
/// the letters `Ed` or `ED`, the number of a key, and the key or the signature.
///
/// Of random secrets of their length that are given in base64, one in 32,768 has this form.
pub(super) fn find_bare_line(content: &[u8]) -> Option<KeyFault> {
    let text = content.trim_ascii();
    let quoted = [b'"', b'\''].iter().find_map(|quote| {
        let inside = text.strip_prefix(std::slice::from_ref(quote))?;
        inside.strip_suffix(std::slice::from_ref(quote))
    });
    let text = quoted.unwrap_or(text);
    let what = match text.len() {
        56 => "a public key",
        100 => "a signature",
        _ => return None,
    };
    let bytes = encoding::Encoding::Base64.undo(text)?;
    let is_line =
        matches!(bytes.len(), 42 | 74) && begins(&bytes, b"Ed") && bytes.starts_with(b"E");
    is_line.then(|| {
        let message = format!("the content has the form of {what} of minisign or signify");
        KeyFault::rejected(message).hint(Advice::WriteInHexadecimal)
    })
}

fn fault(message: String, hint: Option<Advice>) -> KeyFault {
    let fault = KeyFault::rejected(message);
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

const BARE: Claim = claim("a key in bare bytes");

/// Marks, and what they are the marks of. Letters are compared without case.
type Marks = (&'static [&'static [u8]], Claim);

/// What is known by its beginning.
const STARTS: &[Marks] = &[
    (
        &[b"$ANSIBLE_VAULT;"],
        hinted(
            "a file of Ansible Vault, which is encrypted",
            Advice::Convert(Foreign::AnsibleVault),
        ),
    ),
    (
        &[b"age-encryption.org/v1"],
        hinted("a file that age encrypted", Advice::Convert(Foreign::Age)),
    ),
    (
        &[b"Salted__"],
        hinted(
            "a file that `openssl enc` encrypted",
            Advice::Convert(Foreign::OpensslEnc),
        ),
    ),
    (
        &[b"\0GITCRYPT\0"],
        hinted(
            "a file that git-crypt encrypted",
            Advice::Convert(Foreign::GitCrypt),
        ),
    ),
    (
        &[b"version https://git-lfs.github.com/spec/"],
        hinted(
            "a pointer of Git LFS to a file",
            Advice::Convert(Foreign::GitLfs),
        ),
    ),
    (
        &[b"<!doctype ", b"<html", b"<?xml"],
        claim("a page of HTML or XML, and no key"),
    ),
    (
        &[
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"\x04\x22\x4d\x18",
            b"LZIP\x01",
            b"Rar!\x1a\x07",
            b"MSCF\0\0\0\0",
            b"\xfd7zXZ\0",
            b"\x28\xb5\x2f\xfd",
            b"7z\xbc\xaf\x27\x1c",
        ],
        COMPRESSED,
    ),
    (
        &[b"SQLite format 3\0"],
        claim("a database of SQLite, such as one of NSS"),
    ),
    (
        &[b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5"],
        claim("a database of KeePass"),
    ),
    (
        &[b"\xac\xed\0\x05sr", b"\xac\xed\0\x05ur"],
        claim("an object that Java serialized"),
    ),
];

const COMPRESSED: Claim = hinted("compressed", Advice::Convert(Foreign::Compressed));

/// What is known by marks that may stand anywhere.
const MARKS: &[Marks] = &[
    (
        &[b"\xfe\xed\xfe\xed\0\0\0\x01", b"\xfe\xed\xfe\xed\0\0\0\x02"],
        hinted(
            "a Java keystore (JKS)",
            Advice::Convert(Foreign::JavaKeystore),
        ),
    ),
    (
        &[b"\xce\xce\xce\xce\0\0\0\x01", b"\xce\xce\xce\xce\0\0\0\x02"],
        hinted("a Java keystore (JCEKS)", Advice::Convert(Foreign::Jceks)),
    ),
    (
        &[b"\0\0\0\x01\0\0\0\x14", b"\0\0\0\x02\0\0\0\x14"],
        hinted(
            "a keystore of Bouncy Castle (BKS or UBER)",
            Advice::Convert(Foreign::BouncyCastle),
        ),
    ),
    (
        // Behind them, `Ed`, a way to derive a key (none, or scrypt; for signify bcrypt) and a checksum.
        &[b"untrusted comment:", b"Ed\0\0B2", b"EdScB2", b"EdBK\0\0\0"],
        claim("a key or a signature of minisign or signify"),
    ),
    (
        &[b"AGE-SECRET-KEY-", b"AGE-PLUGIN-"],
        claim("a private key of age, which does not sign"),
    ),
    (
        &[b"Private-key-format: v1"],
        claim("a private key of DNSSEC"),
    ),
    (
        &[b"v=DKIM1", b"._domainkey", b"k=ed25519;"],
        claim("a DKIM record, which is public"),
    ),
    (
        &[b"did:key:z", b"did:jwk:ey", b"did:peer:"],
        claim("a DID, which is public"),
    ),
    (
        &[
            b"private-key(",
            b"public-key(",
            b"(private-key",
            b"(public-key",
            b"(protected-private-key",
            b"(shadowed-private-key",
        ],
        claim("a key of gpg-agent"),
    ),
    (
        &[
            b"algorithm hmac-",
            b"algorithm \"hmac-",
            b"algorithm: hmac-",
            b"algorithm: \"hmac-",
        ],
        hinted(
            "a TSIG key of a name server",
            Advice::Convert(Foreign::Tsig),
        ),
    ),
    (
        &[
            b"RSAKeyValue",
            b"DSAKeyValue",
            b"ECKeyValue",
            b"X509Certificate>",
            b"<RSAParameters",
            b":KeyInfo",
            b"<KeyInfo",
        ],
        hinted(
            "a key in XML, which is not supported",
            Advice::Convert(Foreign::Xml),
        ),
    ),
    (
        &[
            b"Public-Key: (",
            b"Private-Key: (",
            b"Public-Key:\n",
            b"Private-Key:\n",
            b"Public-Key:\r",
            b"Private-Key:\r",
            b"Subject Public Key Info:",
            b"Public Key Algorithm:",
            b"public exponent:",
            b"publicExponent:",
            b"Modulus=",
        ],
        PRINTED,
    ),
    (
        &[b"PuTTY-User-Key-File-"],
        hinted("a PuTTY key", Advice::Convert(Foreign::Putty)),
    ),
    (
        &[b"SSH PRIVATE KEY FILE FORMAT"],
        claim("a private key of the first version of SSH"),
    ),
    (&[b"== ed25519v1-"], claim("a key of Tor")),
    (
        &[b"type.googleapis.com/google.crypto.tink."],
        hinted("a keyset of Tink", Advice::Convert(Foreign::Tink)),
    ),
    (
        &[b"kind: Secret", b"kind: \"Secret\"", b"kind: SealedSecret"],
        hinted(
            "a Secret of Kubernetes",
            Advice::Convert(Foreign::KubernetesSecret),
        ),
    ),
    (
        &[b"ENC[AES256_GCM,"],
        hinted("a file that SOPS encrypted", Advice::Convert(Foreign::Sops)),
    ),
    (
        &[b"[Interface]\n", b"[Interface]\r", b"[Peer]\n", b"[Peer]\r"],
        claim("a configuration of WireGuard"),
    ),
    (
        &[
            b"\x06\x02\0\0\0\x24\0\0RSA1",
            b"\x06\x02\0\0\0\xa4\0\0RSA1",
            b"\x07\x02\0\0\0\x24\0\0RSA2",
            b"\x07\x02\0\0\0\xa4\0\0RSA2",
        ],
        claim("a key in a form of Windows"),
    ),
    (
        // `alg`, `crv` and `x` of ES256, EdDSA, ES384 and ES512; `alg` and `n` of RS256.
        &[
            b"\x03\x26\x20\x01\x21\x58\x20",
            b"\x03\x27\x20\x06\x21\x58\x20",
            b"\x03\x38\x22\x20\x02\x21\x58\x30",
            b"\x03\x38\x23\x20\x03\x21\x58\x42",
            b"\x03\x39\x01\x00\x20\x59\x01\x00",
        ],
        claim("a COSE key, which is not supported"),
    ),
];

fn begins(bytes: &[u8], mark: &[u8]) -> bool {
    let start = bytes.get(..mark.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(mark))
}

fn row_of(rows: &[Marks], bytes: &[u8]) -> Option<Claim> {
    let is_marked = |(marks, _): &&Marks| marks.iter().any(|mark| begins(bytes, mark));
    rows.iter().find(is_marked).map(|(_, claim)| claim.clone())
}

fn at_the_start(bytes: &[u8]) -> Option<Claim> {
    row_of(STARTS, bytes).or_else(|| is_packed(bytes).then_some(COMPRESSED))
}

/// Whether bytes begin as gzip (RFC 1952 section 2.3) or bzip2 does.
fn is_packed(bytes: &[u8]) -> bool {
    match bytes {
        [
            0x1f,
            0x8b,
            8,
            0..0x20,
            _,
            _,
            _,
            _,
            0 | 2 | 4,
            0..=13 | 255,
            ..,
        ] => true,
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] => rest.starts_with(b"1AY&SY"),
        _ => false,
    }
}

/// For each byte, a bit for each of the first three places of a mark at which it may stand.
static PLACES: [u8; 256] = places();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "done by the compiler, which would fail"
)]
const fn places() -> [u8; 256] {
    let mut places = [0; 256];
    let mut row = 0;
    while row < MARKS.len() {
        let marks = MARKS[row].0;
        let mut number = 0;
        while number < marks.len() {
            let mut place = 0;
            while place < 3 {
                let byte = marks[number][place];
                places[byte.to_ascii_lowercase() as usize] |= 1 << place;
                places[byte.to_ascii_uppercase() as usize] |= 1 << place;
                place += 1;
            }
            number += 1;
        }
        row += 1;
    }
    places
}

/// Whether a mark may begin here.
fn may_be_marked(here: &[u8]) -> bool {
    let can_stand = |byte: &u8, place: u8| {
        let places = PLACES.get(usize::from(*byte)).copied().unwrap_or_default();
        places & place != 0
    };
    match here {
        [first, second, third, ..] => {
            can_stand(first, 1) && can_stand(second, 2) && can_stand(third, 4)
        }
        _ => false,
    }
}

/// What is claimed at any place of the bytes.
fn anywhere(bytes: &[u8]) -> Option<Claim> {
    bytes.iter().enumerate().find_map(|(at, first)| {
        let (before, here) = bytes.split_at(at);
        match first {
            0x30 if der::start::is_key(here) => Some(DER),
            0 | b'o' if ssh::is_key(here) => Some(SSH),
            b'B' | b'b' | b'E' | b'e' if pem::is_mark(before, here) => {
                let is_whole = before.ends_with(b"-----") && here.starts_with(b"BEGIN ");
                Some(if is_whole { PEM } else { DAMAGED_PEM })
            }
            b'k' | b'c' if is_member(before, here) => Some(JWK),
            0x94..=0x9f | 0xb8..=0xbb | 0xc5..=0xc7 | 0xce if pgp::is_key(here) => Some(PGP),
            _ if may_be_marked(here) => row_of(MARKS, here),
            _ => None,
        }
    })
}

const PRINTED: Claim = hinted(
    "a key as `openssl -text` or `-modulus` prints it, which is for reading only",
    Advice::Convert(Foreign::OpensslText),
);
const DER: Claim = hinted("a key or a certificate in DER", Advice::LeaveKey);
const PGP: Claim = claim("a key of PGP, and no key for a JWT");
const SSH: Claim = hinted("an SSH key", Advice::LeaveLine);
const PEM: Claim = hinted("a block of PEM", Advice::LeaveKey);
const DAMAGED_PEM: Claim = hinted(
    "PEM whose lines have lost their dashes or have others",
    Advice::CopyKey,
);
const JWK: Claim = hinted(
    "a JWK that is not well-formed JSON",
    Advice::EditJson(JsonPlace::File, JsonEdit::FindDamage),
);

/// Whether `kty` or `crv` stands here as a name with one of its values behind it, whatever JSON,
/// YAML, a shell, a URL or HTML have put between the two (RFC 7518 sections 6.1 and 6.2.1.1).
fn is_member(before: &[u8], here: &[u8]) -> bool {
    const VALUES: &[&[u8]] = &[
        b"RSA",
        b"EC",
        b"OKP",
        b"oct",
        b"AKP",
        b"P-",
        b"secp256k1",
        b"Ed25519",
        b"Ed448",
        b"X25519",
        b"X448",
    ];
    // How a quote, a colon or a space is written where it may not stand itself.
    const ESCAPES: &[&[u8]] = &[
        b"%22",
        b"%3A",
        b"%20",
        b"%27",
        b"&quot;",
        b"&#34;",
        b"&#x22;",
        b"&#39;",
        b"&#58;",
        b"&apos;",
        b"u0022",
        b"\\n", // Twice, and one in the other.
        b"%2522",
        b"%253A",
        b"%2520",
        b"%2527",
        b"%26quot%3B",
        b"%26%2334%3B",
        b"%26%23x22%3B",
        b"%26%2339%3B",
        b"%26apos%3B",
        b"&amp;quot;",
        b"&amp;#34;",
        b"%26amp%3Bquot%3B",
        b"%5C",
        b"%0A",
        b"%09",
    ];
    let name = here
        .strip_prefix(b"kty")
        .or_else(|| here.strip_prefix(b"crv"));
    let Some(mut rest) = name else {
        return false;
    };
    let is_escape =
        matches!(before, [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    if before.last().is_some_and(u8::is_ascii_alphabetic) && !is_escape {
        return false;
    }
    let behind_name = rest.len();
    while let Some(first) = rest.first() {
        let escape = ESCAPES.iter().find(|escape| begins(rest, escape));
        let len = match escape {
            Some(escape) => escape.len(),
            None if b"\"':=\\ \t\r\n>".contains(first) => 1,
            None => break,
        };
        rest = rest.get(len..).unwrap_or_default();
    }
    rest.len() < behind_name && VALUES.iter().any(|value| rest.starts_with(value))
}

/// What is known by a line: one that calls itself a public key.
fn in_lines(text: &str) -> Option<Claim> {
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

/// Whether a line has one of the names that OpenSSL prints, and the next begins with its bytes.
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

/// What is known by its words.
fn in_words(text: &str) -> Option<Claim> {
    let apart = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-');
    let claimed = text.split(apart).find_map(|word| {
        if is_token(word) {
            Some(hinted("a token, not a key", Advice::MoveToken))
        } else if is_paserk(word) {
            Some(claim("a key for PASETO (PASERK), and no key for a JWT"))
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
    // Ed25519, X25519, secp256k1, P-256 and P-384, with the length that each has.
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

/// Whether text is the modulus of an RSA key in base64, and beside it the exponent that nearly all
/// have (65,537).
fn is_modulus(text: &str) -> bool {
    /// As many digits as 1,024 bits have, without padding.
    const SHORTEST: usize = 171;
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || b"+/-_".contains(&b);
    let apart = |c: char| c.is_whitespace() || ".,;:|='\"".contains(c);
    // Between the two, `e` or `Exponent` may stand.
    let is_number = |word: &&str| *word == "AQAB" || word.len() >= SHORTEST;
    let words: Vec<&str> = text.split(apart).filter(is_number).collect();
    words.windows(2).any(|pair| match pair {
        [n, "AQAB"] | ["AQAB", n] => n.bytes().all(is_digit),
        _ => false,
    })
}

/// Whether text has the flags, the protocol and the algorithm of a DNSKEY or KEY record in it, with
/// the key behind them (RFC 4034 section 2.2).
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
