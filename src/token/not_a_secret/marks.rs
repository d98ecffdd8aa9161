//! Content that is known not to be a secret by certain bytes, at its beginning or at any place.

use crate::token::advice::{Advice, Foreign, JsonEdit, JsonPlace};
use crate::token::not_a_secret::words::PRINTED;
use crate::token::not_a_secret::{Claim, claim, hinted};
use crate::token::{der, pem, pgp, ssh};

pub(super) const BARE: Claim = claim("a key in bare bytes");

/// Marks, and what they mark. Letters are compared without case.
type Marks = (&'static [&'static [u8]], Claim);

/// Content that is known by its beginning.
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
        claim("a page of HTML or XML, not a key"),
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

/// Content that is known by marks that may stand anywhere.
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
        // They are followed by `Ed`, a way to derive a key (none, or scrypt; for signify bcrypt)
        // and a checksum.
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

pub(super) fn begins(bytes: &[u8], mark: &[u8]) -> bool {
    let start = bytes.get(..mark.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(mark))
}

fn row_of(rows: &[Marks], bytes: &[u8]) -> Option<Claim> {
    let is_marked = |(marks, _): &&Marks| marks.iter().any(|mark| begins(bytes, mark));
    rows.iter().find(is_marked).map(|(_, claim)| claim.clone())
}

pub(super) fn at_the_start(bytes: &[u8]) -> Option<Claim> {
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

/// What the bytes at any place claim to be.
pub(super) fn anywhere(bytes: &[u8]) -> Option<Claim> {
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

pub(super) const DER: Claim = hinted("a key or a certificate in DER", Advice::LeaveKey);

const PGP: Claim = claim("a key of PGP, not a key for a JWT");

pub(super) const SSH: Claim = hinted("an SSH key", Advice::LeaveLine);

pub(super) const PEM: Claim = hinted("a block of PEM", Advice::LeaveKey);

const DAMAGED_PEM: Claim = hinted(
    "PEM whose lines have lost their dashes or have others",
    Advice::CopyKey,
);

const JWK: Claim = hinted(
    "a JWK that is not well-formed JSON",
    Advice::EditJson(JsonPlace::File, JsonEdit::FindDamage),
);

/// Whether `kty` or `crv` stands here as a name, followed by one of its values, with anything
/// between them that JSON, YAML, a shell, a URL or HTML puts there (RFC 7518 sections 6.1 and
/// 6.2.1.1).
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
    // How a quote, a colon or a space is written where it must be escaped.
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
        b"\\n", // Escaped twice.
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
