//! What is taken for a secret and what is not: whatever is random is, and nothing that anybody's
//! key pair, keystore or token is made of.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jott::token::content::{Keys, Reading, read};
use jott::token::encoding::Encoding;
use jott::token::key_fault::{KeyFault, KeyReason};

/// Numbers that are random enough (Vigna's xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next().to_be_bytes())
            .flatten()
            .take(len)
            .collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits =
        |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap());
    bytes.iter().flat_map(digits).collect()
}

fn content(content: &[u8], encoding: Encoding) -> Result<Keys, KeyFault> {
    let mut reading = Reading::default();
    reading.encoding = encoding;
    reading.text_source = true;
    read(content, &reading)
}

fn is_secret(bytes: &[u8], encoding: Encoding) -> bool {
    content(bytes, encoding).is_ok_and(|keys| matches!(&keys.keys[..], [key] if key.is_secret()))
}

/// Why content is no secret, whatever is said of its encoding; nothing where it is a public or a
/// private key.
fn no_secret(bytes: &[u8], what: &str) -> Option<String> {
    let mut messages = Vec::new();
    for encoding in Encoding::ALL {
        match content(bytes, *encoding) {
            Ok(keys) => assert!(
                keys.keys.iter().all(|key| !key.is_secret()),
                "{what} is a secret as {}",
                encoding.name()
            ),
            Err(fault) => {
                assert_eq!(fault.reason, KeyReason::Rejected, "{what}: {fault}");
                messages.push(fault.message);
            }
        }
    }
    messages.dedup();
    assert!(messages.len() <= 1, "{what}: {messages:?}");
    messages.pop()
}

/// What people put around content: base64 and hexadecimal, once and twice.
fn wrapped(bytes: &[u8]) -> Vec<Vec<u8>> {
    let base64 = STANDARD.encode(bytes);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(76)
        .map(|l| str::from_utf8(l).unwrap())
        .collect();
    [
        lines.join("\n"),
        format!("\"{base64}\"\n"),
        URL_SAFE_NO_PAD.encode(bytes),
        STANDARD.encode(&base64),
        hex(bytes),
        STANDARD.encode(hex(bytes)),
    ]
    .map(String::into_bytes)
    .to_vec()
}

// Made by minisign 0.11, signify 31, age 1.1, BIND 9.18, opendkim 2.11, GnuPG 2.2, Dropbear 2022.83,
// keytool 17 with Bouncy Castle 1.72, NSS 3.87, PuTTY 0.78, OpenSSL 3.0 and gzip.
#[test]
fn keys_of_other_programs_are_no_secrets_in_any_wrapping() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/not-a-secret");
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = fs::read(&path).unwrap();
        let message = no_secret(&bytes, name).unwrap_or_else(|| panic!("{name} is a key"));
        assert!(!message.contains("is not UTF-8"), "{name}: {message}");
        let own = bytes.trim_ascii();
        let is_text = str::from_utf8(own).is_ok();
        for dress in wrapped(&bytes) {
            assert_eq!(no_secret(&dress, name).as_ref(), Some(&message), "{name}");
        }
        if is_text {
            no_secret(&[b"\xef\xbb\xbf\r\n ", own, b" \r\n\n"].concat(), name);
        }
        seen += 1;
    }
    assert!(seen > 30);
}

const EC_SPKI: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5Q3v3J7eilpTzpISLUgZDJLSkxmrHLvazWPAFNY64we/m1qJNC2QkiJYExFMbogFXm6b2zJJUHODi6Gn0cNhjA==";
const ED25519_SPKI: &str = "MCowBQYDK2VwAyEA6mOcrL4x0dALwVpLGWZ4N+cRfgIwgDARCHPCJh6a7Wg=";
const SSH: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIOpjnKy+MdHQC8FaSxlmeDfnEX4CMIAwEQhzwiYemu1o";
const JWK: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"6mOcrL4x0dALwVpLGWZ4N-cRfgIwgDARCHPCJh6a7Wg"}"#;

fn every_nth(text: &str, n: usize, noise: &str) -> String {
    let parts: Vec<&str> = text
        .as_bytes()
        .chunks(n)
        .map(|c| str::from_utf8(c).unwrap())
        .collect();
    parts.join(noise)
}

#[test]
fn a_public_key_is_no_secret_in_whatever_text_its_base64_or_hexadecimal_stands() {
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{EC_SPKI}\n-----END PUBLIC KEY-----\n");
    let jwk = URL_SAFE_NO_PAD.encode(JWK);
    let der = STANDARD.decode(EC_SPKI).unwrap();
    for key in [
        EC_SPKI,
        ED25519_SPKI,
        SSH,
        &jwk,
        &STANDARD.encode(&pem),
        &hex(&der),
        &hex(pem.as_bytes()),
    ] {
        for text in [
            format!("public-key: {key}"),
            format!("pem={key}"),
            format!("jwks = [ {key} ]"),
            format!("base64:{key}"),
            format!("data:application/octet-stream;base64,{key}"),
            format!("  tls.crt: {key}\n  tls.key: x\n"),
            format!("did:jwk:{key}"),
            format!("<ds:X509Certificate>\n{key}\n</ds:X509Certificate>"),
            format!("{}\n", every_nth(key, 76, "\\n")),
            format!("> {}", every_nth(key, 64, "\n> ")),
            every_nth(key, 4, ","),
            every_nth(key, 8, "\u{200b}"),
            every_nth(key, 1, " - ").replace(['\n', '-'], "~"),
            key.replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D"),
            format!("{key}0{key}"),
            format!("xyz{key}"),
        ] {
            no_secret(text.as_bytes(), &text);
        }
    }
    for hex in [hex(&der), hex(JWK.as_bytes())] {
        for text in [
            every_nth(&hex, 2, ":"),
            every_nth(&hex, 2, " ").to_uppercase(),
            format!("0x{hex}"),
            format!("{{ 0x{} }}", every_nth(&hex, 2, ", 0x")),
            format!("\\x{}", every_nth(&hex, 2, "\\x")),
            every_nth(&hex, 32, "\n"),
        ] {
            no_secret(text.as_bytes(), &text);
        }
    }
}

#[test]
fn a_public_key_among_other_bytes_is_no_secret() {
    let der = STANDARD.decode(EC_SPKI).unwrap();
    let ssh = STANDARD.decode(SSH).unwrap();
    for key in [
        &der[..],
        &ssh,
        format!("-----BEGIN PUBLIC KEY-----\n{EC_SPKI}").as_bytes(),
    ] {
        for (before, after) in [
            (&b" \n"[..], &b""[..]),
            (b"", b"\n"),
            (b"\0\xff", b"\xff"),
            (&[7; 100], &[7; 100]),
        ] {
            no_secret(&[before, key, after].concat(), "a key among other bytes");
        }
    }
    let wide: Vec<u8> = EC_SPKI.encode_utf16().flat_map(u16::to_be_bytes).collect();
    no_secret(&wide, "UTF-16");
}

/// Texts, and how what they are is begun.
const TEXTS: &[(&str, &str)] = &[
    (
        "%7B%22kty%22%3A%22OKP%22%2C%22crv%22%3A%22Ed25519%22%2C%22x%22%3A%22abc%22%7D",
        "a JWK",
    ),
    (
        "{&quot;kty&quot;:&quot;EC&quot;,&quot;crv&quot;:&quot;P-256&quot;}",
        "a JWK",
    ),
    (
        "{&#34;kty&#34;:&#34;oct&#34;,&#34;k&#34;:&#34;abc&#34;}",
        "a JWK",
    ),
    (r"{\u0022kty\u0022:\u0022RSA\u0022}", "a JWK"),
    (
        "%7B%26quot%3Bkty%26quot%3B%3A%26quot%3BEC%26quot%3B%7D",
        "a JWK",
    ),
    ("%257B%2522kty%2522%253A%2522EC%2522%257D", "a JWK"),
    ("{&amp;quot;kty&amp;quot;:&amp;quot;RSA&amp;quot;}", "a JWK"),
    ("kty: RSA\nn: abc\ne: AQAB", "a JWK"),
    (
        "\"crv\": \"Ed25519\", \"x\": \"6mOcrL4x0dALwVpLGWZ4N\"",
        "a JWK",
    ),
    ("crv=P-256&x=6mOcrL4x0dALwVpLGWZ4N&y=abc", "a JWK"),
    ("{keys: [{kty: RSA, n: abc, e: AQAB}]}", "a JWK"),
    (
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "a DID",
    ),
    (
        "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "a public key as a Multikey",
    ),
    (
        "PublicKey = 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "text that calls itself a public key",
    ),
    (
        "jwt_public_key: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "text that calls itself a public key",
    ),
    (
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>oahU</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>",
        "a key in XML",
    ),
    (
        "Modulus=A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718",
        "a key as `openssl",
    ),
    (
        "Sun RSA public key, 2048 bits\n  params: null\n  modulus: 123\n  public exponent: 65537",
        "a key as `openssl",
    ),
    (
        "Certificate:\n    Data:\n        Subject Public Key Info:\n",
        "a key as `openssl",
    ),
    (
        "k4.public.Hq5sjLCQ3Y_4g-9U_8W5z3pQy1Yw4mJ7wq2v0nB8c6E",
        "a key for PASETO",
    ),
    (
        "v4.local.Hq5sjLCQ3Y_4g-9U_8W5z3pQy1Yw4mJ7wq2v0nB8c6E",
        "a token",
    ),
    (
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
        "a token",
    ),
    (
        "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY",
        "an NKEY",
    ),
    (
        "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4",
        "an NKEY",
    ),
    (
        "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
        "a recipient of age",
    ),
    (
        "key \"ddns\" {\n  algorithm \"hmac-sha512\";\n  secret \"c2VjcmV0\";\n};",
        "a TSIG key",
    ),
    (
        "apiVersion: v1\nkind: Secret\ndata:\n  jwt-secret: c2VjcmV0\n",
        "a Secret of Kubernetes",
    ),
    (
        "[Interface]\nPrivateKey = AAAA\nListenPort = 51820\n",
        "a configuration of WireGuard",
    ),
    ("== ed25519v1-secret: type0 ==\0\0\0", "a key of Tor"),
    (
        "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
        "a file of Ansible Vault",
    ),
    (
        "secret: ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]",
        "a file that SOPS encrypted",
    ),
    (
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "a pointer of Git LFS",
    ),
    (
        "<!DOCTYPE html>\n<html><body>404</body></html>",
        "a page of HTML",
    ),
];

/// What text is in UTF-16 (little-endian), as programs of Windows write it.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_key_in_utf_16_inside_of_base64_is_no_secret_and_other_text_may_be_one() {
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{EC_SPKI}\n-----END PUBLIC KEY-----\n");
    let xml = "<RSAKeyValue><Modulus>oahU</Modulus></RSAKeyValue>";
    for text in [JWK, xml, &pem, EC_SPKI] {
        for text in [utf16(text), utf16(&format!("\u{feff}{text}"))] {
            no_secret(STANDARD.encode(&text).as_bytes(), "UTF-16 in base64").unwrap();
            no_secret(hex(&text).as_bytes(), "UTF-16 in hexadecimal").unwrap();
        }
    }
    let secret = STANDARD.encode(utf16("a secret of thirty-two characters"));
    assert!(is_secret(secret.as_bytes(), Encoding::Base64));
}

#[test]
fn a_bare_point_in_any_hexadecimal_is_no_secret() {
    let point = &STANDARD.decode(EC_SPKI).unwrap()[26..];
    let hex = hex(point);
    let lines = every_nth(&every_nth(&hex, 2, ":"), 45, "\n    ");
    for text in [
        every_nth(&hex, 2, ":"),
        every_nth(&hex, 2, " ").to_uppercase(),
        format!("0x{hex}"),
        format!("\\x{}", every_nth(&hex, 2, "\\x")),
        format!("pub:\n    {lines}\n"),
        format!("priv:\n    {lines}\npub:\n    {lines}\nASN1 OID: prime256v1\n"),
        format!("modulus:\n    00:{lines}\n"),
    ] {
        no_secret(text.as_bytes(), &text);
    }
}

#[test]
fn what_packs_files_is_no_secret() {
    for start in [
        &b"PK\x03\x04\x2d\0\x08\x08"[..],
        b"\x04\x22\x4d\x18\x64\x40",
        b"LZIP\x01\x0c",
        b"Rar!\x1a\x07\x01\0",
    ] {
        let bytes = [start, &[7; 40]].concat();
        for dress in wrapped(&bytes).into_iter().chain([bytes]) {
            assert_eq!(
                no_secret(&dress, "packed").unwrap(),
                "the content is compressed"
            );
        }
    }
}

#[test]
fn numbers_of_a_key_without_a_form_and_multibase_are_no_secrets() {
    let n = URL_SAFE_NO_PAD.encode(Random(1).bytes(256));
    for text in [
        format!("{n} AQAB"),
        format!("n: {n}\ne: AQAB\n"),
        format!("data:application/magic-public-key,RSA.{n}.AQAB"),
        format!("AQAB,{n}"),
    ] {
        let message = no_secret(text.as_bytes(), &text).unwrap();
        assert!(
            message.contains("the modulus and the exponent"),
            "{message}"
        );
    }
    let public = &STANDARD.decode(ED25519_SPKI).unwrap()[12..];
    let ed25519 = [&[0xed, 1], public].concat();
    let p256 = [&[0x80, 0x24, 2][..], public].concat();
    for bytes in [&ed25519, &p256] {
        for text in [
            format!("u{}", URL_SAFE_NO_PAD.encode(bytes)),
            format!("f{}", hex(bytes)),
            format!("key: f{}", hex(bytes)),
        ] {
            let message = no_secret(text.as_bytes(), &text).unwrap();
            assert!(message.contains("as a Multikey"), "{message}");
        }
    }
}

#[test]
fn what_names_itself_or_has_a_form_of_its_own_is_no_secret() {
    for (text, what) in TEXTS {
        let message = no_secret(text.as_bytes(), text).unwrap();
        assert!(
            message.starts_with(&format!("the content is {what}")),
            "{text}: {message}"
        );
    }
}

#[test]
fn bytes_with_a_form_of_their_own_are_no_secret() {
    let tink = b"\x08\x9a\x03\x12\x60\x0a\x53\x0a\x33type.googleapis.com/google.crypto.tink.EcdsaPublicKey\x12\x1a";
    let cose = [
        &b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..],
        &[7; 32],
        b"\x22\x58\x20",
        &[8; 32],
    ]
    .concat();
    let snk = b"\x07\x02\0\0\0\x24\0\0RSA2\0\x08\0\0\x01\0\x01\0";
    for (bytes, what) in [
        (&tink[..], "a keyset of Tink"),
        (&cose, "a COSE key"),
        (snk, "a key in a form of Windows"),
    ] {
        for dress in wrapped(bytes).into_iter().chain([bytes.to_vec()]) {
            let message = no_secret(&dress, what).unwrap();
            assert_eq!(
                message.split(',').next().unwrap(),
                format!("the content is {what}")
            );
        }
    }
}

#[test]
fn seed_and_public_key_of_ed25519_are_that_key_and_a_bare_point_is_a_public_key() {
    let seed = STANDARD
        .decode("LEiG/7er2gwyBD9TOsZLYFnNmW9R2n8bwKONDFsl2Po=")
        .unwrap();
    let public = &STANDARD.decode(ED25519_SPKI).unwrap()[12..];
    let pair = [&seed, public].concat();
    let point = &STANDARD.decode(EC_SPKI).unwrap()[26..];
    for (bytes, kind) in [
        (&pair[..], "an Ed25519 private key"),
        (point, "an EC public key (P-256)"),
        (&point[1..], "an EC public key (P-256)"),
    ] {
        for dress in wrapped(bytes).into_iter().chain([bytes.to_vec()]) {
            for encoding in Encoding::ALL {
                let keys = content(&dress, *encoding).unwrap().keys;
                assert_eq!(keys[0].kind_words(), kind);
            }
        }
    }
    // WireGuard's keys, and seeds alone, cannot be told from other random bytes.
    for bytes in [&seed, public] {
        assert!(is_secret(
            STANDARD.encode(bytes).as_bytes(),
            Encoding::Base64
        ));
    }
    let mut other = pair;
    other[63] ^= 1;
    assert!(is_secret(&other, Encoding::Raw));
}

/// The last line of a file in the vectors.
fn last_line(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/not-a-secret");
    let text = fs::read_to_string(folder.join(name)).unwrap();
    text.lines().last().unwrap().to_owned()
}

#[test]
fn a_private_key_of_minisign_or_signify_without_its_comment_is_no_secret() {
    let mut open = STANDARD.decode(last_line("minisign-private")).unwrap();
    open[2..4].fill(0);
    let encrypted = [b"EdScB2", &open[6..]].concat();
    for line in [
        last_line("minisign-private"),
        last_line("signify-private"),
        STANDARD.encode(&open),
        STANDARD.encode(encrypted),
    ] {
        let bytes = STANDARD.decode(&line).unwrap();
        for dress in [line.as_bytes(), &bytes].into_iter().flat_map(wrapped) {
            let message = no_secret(&dress, &line).unwrap();
            assert!(message.contains("minisign or signify"), "{message}");
        }
        no_secret(format!("{line}\n").as_bytes(), &line).unwrap();
        no_secret(&bytes, &line).unwrap();
    }
}

/// The one form that a random secret may have: this many bytes in base64, of which the first two
/// are these letters.
fn is_like_a_line_of_minisign(bytes: &[u8]) -> bool {
    matches!(bytes.len(), 42 | 74) && (bytes.starts_with(b"Ed") || bytes.starts_with(b"ED"))
}

#[test]
fn a_public_key_of_minisign_or_signify_without_its_comment_is_no_secret() {
    let signature = STANDARD.encode([&b"ED"[..], &[7; 72]].concat());
    for (line, what) in [
        (last_line("minisign-public"), "a public key"),
        (last_line("signify-public"), "a public key"),
        (signature, "a signature"),
    ] {
        for text in [line.clone(), format!(" {line}\r\n"), format!("\"{line}\"")] {
            let message = no_secret(text.as_bytes(), &text).unwrap();
            assert_eq!(
                message,
                format!("the content has the form of {what} of minisign or signify")
            );
        }
        // The way out for a secret that looks like one.
        let bytes = STANDARD.decode(&line).unwrap();
        assert!(is_secret(hex(&bytes).as_bytes(), Encoding::Hex));
        assert!(is_secret(hex(line.as_bytes()).as_bytes(), Encoding::Hex));
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut like = 0;
    for _ in 0..200_000 {
        let bytes = random.bytes(42);
        if is_like_a_line_of_minisign(&bytes) {
            no_secret(STANDARD.encode(&bytes).as_bytes(), "42 bytes").unwrap();
            like += 1;
        }
    }
    assert!((1..30).contains(&like), "{like}");
}

#[test]
fn words_that_sound_like_keys_are_secrets() {
    for text in [
        "a secret of at least 32 characters",
        "pretty-kty-is-not-a-member-of-this-one",
        "begin with a public key of your own choice",
        "BEGIN THE DAY WITH A KEY OF YOUR OWN",
        "correct--begin-horse--battery-staple",
        "a.b.c.d-e-f-with-dots-in-it-but-no-header",
        "v1.local.example.com/a-secret-for-tests-only",
        "my-hmac-sha256-secret-for-tests-only-0123",
        "ssh-rsa is what my colleagues use every day",
        "agenda1 of the meeting, kept private please",
        "age1 is younger than age2, and so it goes on",
        "k1.local.domain names are used in this office",
        "bW9kdWx1cw==bW9kdWx1cw==bW9kdWx1cw==",
        "untrusted comments are not welcome in here",
        "3 3 3 three threes are nine, and that is fine",
        "MII is not a prefix that should scare anyone",
        "-----------------------------------------",
        "dGhpcyBpcyBubyBrZXksIGFuZCBub3QgSlNPTiBlaXRoZXI",
        "\u{1f511} is a key of a kind, \u{2014} and no key",
    ] {
        assert!(
            is_secret(text.as_bytes(), Encoding::Utf8),
            "{text}: {:?}",
            content(text.as_bytes(), Encoding::Utf8)
        );
    }
}

/// `RANDOM_SECRETS` says how many: a million in CI. All but the one form that is refused above.
#[test]
fn random_bytes_of_any_length_of_a_secret_are_one_in_every_encoding() {
    let count = std::env::var("RANDOM_SECRETS").map_or(20_000, |count| count.parse().unwrap());
    let threads: u64 = 2;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ thread);
                for turn in 0..count / threads {
                    let len = 32 + usize::try_from(random.next() % 33).unwrap();
                    let bytes = random.bytes(len);
                    let (content, encoding) = match turn % 8 {
                        0 => (bytes.clone(), Encoding::Raw),
                        1 => (hex(&bytes).into_bytes(), Encoding::Utf8),
                        2 => (STANDARD.encode(&bytes).into_bytes(), Encoding::Base64),
                        3 => (URL_SAFE_NO_PAD.encode(&bytes).into_bytes(), Encoding::Utf8),
                        4 => (
                            URL_SAFE_NO_PAD.encode(&bytes).into_bytes(),
                            Encoding::Base64url,
                        ),
                        5 => (hex(&bytes).to_uppercase().into_bytes(), Encoding::Hex),
                        6 => {
                            let pairs: Vec<String> =
                                bytes.iter().map(|b| format!("{b:02x}")).collect();
                            (pairs.join(":").into_bytes(), Encoding::Utf8)
                        }
                        _ => {
                            let mut text = STANDARD.encode(&bytes);
                            text.insert(40, '\n');
                            ([text.as_bytes(), b"\n"].concat(), Encoding::Utf8)
                        }
                    };
                    let is_base64_of_two_letters =
                        matches!(turn % 8, 2..=4) && is_like_a_line_of_minisign(&bytes);
                    assert!(
                        is_base64_of_two_letters || is_secret(&content, encoding),
                        "{encoding:?} of {}",
                        hex(&bytes)
                    );
                }
            });
        }
    });
}
