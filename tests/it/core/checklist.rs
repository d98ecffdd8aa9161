//! What the specifications ask of whoever verifies a token, point by point, each with its section. Whatever is refused
//! here has a good signature, unless the signature is what is wrong.

use std::sync::Arc;

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jott::text::time::Timestamp;
use jott::token::jwe::{DecryptionKeys, Recipient, RecipientAsked};
use jott::token::keyset::KeySource;
use jott::token::name::Name;
use jott::token::policy::Policy;
use jott::{Algorithm, Key, Reading, SigningKey, VerifyingKeys, generate, read_keys, verify};
use num_bigint::BigUint;

const SECRET: &[u8] = b"a secret for tests, of 44 bytes at the least";
const NOW: i64 = 1_700_000_000;
const CLAIMS: &str = r#"{"sub":"alice","aud":"api","exp":1700000060}"#;

fn secret(bytes: &[u8]) -> Key {
    let mut reading = Reading::default();
    reading.allow_weak = true;
    read_keys(bytes, &reading).unwrap().keys.remove(0)
}

/// Header and claims as they are, signed by a key.
fn signed(
    key: &Key,
    algorithm: Algorithm,
    header: impl AsRef<[u8]>,
    claims: impl AsRef<[u8]>,
) -> String {
    let input = format!("{}.{}", B64.encode(header), B64.encode(claims));
    let signature = SigningKey::new(key, algorithm, true)
        .unwrap()
        .sign(input.as_bytes())
        .unwrap();
    format!("{input}.{}", B64.encode(signature))
}

fn by_secret(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    signed(&secret(SECRET), Algorithm::HS256, header, claims)
}

/// Why a token is refused; nothing, where it is valid.
fn judged(token: &str, key: Key, policy: &Policy) -> Vec<&'static str> {
    judged_by(
        token,
        &VerifyingKeys::of("test", jott::Keys::from(key)),
        policy,
    )
}

fn judged_by(token: &str, keys: &VerifyingKeys, policy: &Policy) -> Vec<&'static str> {
    match verify(token, keys, policy, Timestamp::from_seconds(NOW)) {
        Ok(_) => Vec::new(),
        Err(refused) => refused
            .refusals
            .iter()
            .map(|refusal| refusal.reason.code())
            .collect(),
    }
}

fn of_secret(token: &str) -> Vec<&'static str> {
    judged(token, secret(SECRET), &for_api())
}

fn for_api() -> Policy {
    let mut policy = Policy::default();
    policy.audiences = vec!["api".to_owned()];
    policy
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const GOOD: [&str; 0] = [];

#[test]
fn what_is_good_is_accepted() {
    assert_eq!(of_secret(&by_secret(HEADER, CLAIMS)), GOOD);
}

/// RFC 8725 section 3.1: nothing outside of the algorithms that the caller takes.
#[test]
fn rfc_8725_3_1_the_caller_says_which_algorithms() {
    let mut policy = for_api();
    policy.algorithms = vec![Algorithm::HS384];
    assert_eq!(
        judged(&by_secret(HEADER, CLAIMS), secret(SECRET), &policy),
        ["alg_refused"]
    );
}

/// RFC 8725 section 3.1 and RFC 7517 section 4.4: a key is for one algorithm, and says which.
#[test]
fn rfc_7517_4_4_a_key_is_for_one_algorithm() {
    let jwk = format!(
        r#"{{"kty":"oct","k":"{}","alg":"HS512"}}"#,
        B64.encode([7; 64])
    );
    let key = || secret(jwk.as_bytes());
    let other = signed(&secret(&[7; 64]), Algorithm::HS256, HEADER, CLAIMS);
    assert_eq!(judged(&other, key(), &for_api()), ["alg_refused"]);
    let right = signed(&key(), Algorithm::HS512, r#"{"alg":"HS512"}"#, CLAIMS);
    assert_eq!(judged(&right, key(), &for_api()), GOOD);
}

/// RFC 7515 section 4.1.1 and RFC 8725 section 3.2: names are compared exactly, and `none` is no algorithm.
#[test]
fn rfc_8725_3_2_none_in_whatever_spelling_is_refused() {
    for alg in [
        "none", "None", "NONE", "nOnE", "hs256", "HS256 ", " HS256", "HS-256", "",
    ] {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        assert_eq!(
            of_secret(&by_secret(&header, CLAIMS)),
            ["alg_refused"],
            "{alg}"
        );
        let unsigned = format!("{}.{}.", B64.encode(&header), B64.encode(CLAIMS));
        assert!(!of_secret(&unsigned).is_empty(), "{alg}");
    }
}

/// RFC 7518 section 3.2: a secret is as long as the hash at least.
#[test]
fn rfc_7518_3_2_a_secret_is_as_long_as_its_hash() {
    for (algorithm, least) in [
        (Algorithm::HS256, 32),
        (Algorithm::HS384, 48),
        (Algorithm::HS512, 64),
    ] {
        let header = format!(r#"{{"alg":"{}"}}"#, algorithm.name());
        let judged = |length: usize| {
            let key = || {
                secret(
                    format!(r#"{{"kty":"oct","k":"{}"}}"#, B64.encode(vec![7; length])).as_bytes(),
                )
            };
            judged(
                &signed(&key(), algorithm, &header, CLAIMS),
                key(),
                &for_api(),
            )
        };
        assert_eq!(judged(least), GOOD);
        assert_eq!(judged(least - 1).len(), 1, "{}", algorithm.name());
    }
}

/// A signature of RSASSA-PSS with SHA-256 (RFC 8017 section 8.1.1), with any salt and any hash for the mask.
fn pss(message: &[u8], jwk: &str, salt: &[u8], mask: &'static digest::Algorithm) -> Vec<u8> {
    let jwk: serde_json::Value = serde_json::from_str(jwk).unwrap();
    let number =
        |name: &str| BigUint::from_bytes_be(&B64.decode(jwk[name].as_str().unwrap()).unwrap());
    let hash = digest(&SHA256, message);
    let hash = digest(&SHA256, &[&[0; 8], hash.as_ref(), salt].concat());
    let mut block = vec![0; 256 - 32 - 1 - 1 - salt.len()];
    block.push(1);
    block.extend_from_slice(salt);
    for (number, block) in (0_u32..).zip(block.chunks_mut(mask.output_len())) {
        let mask = digest(mask, &[hash.as_ref(), &number.to_be_bytes()].concat());
        block
            .iter_mut()
            .zip(mask.as_ref())
            .for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0x7F;
    let encoded = BigUint::from_bytes_be(&[&block, hash.as_ref(), &[0xBC]].concat());
    let signature = encoded.modpow(&number("d"), &number("n")).to_bytes_be();
    [vec![0; 256 - signature.len()], signature].concat()
}

/// RFC 7518 section 3.5: the salt of PS256 is as long as its hash, and the mask is made with the same hash.
#[test]
fn rfc_7518_3_5_salt_and_mask_are_those_of_the_hash() {
    let key = generate(Algorithm::PS256, Some(2048)).unwrap();
    let jwk = key.whole_jwk().unwrap();
    let input = format!(
        "{}.{}",
        B64.encode(r#"{"alg":"PS256"}"#),
        B64.encode(CLAIMS)
    );
    for (salt, mask, expected) in [
        (32, &SHA256, None),
        (0, &SHA256, Some("bad_signature")),
        (20, &SHA256, Some("bad_signature")),
        (31, &SHA256, Some("bad_signature")),
        (33, &SHA256, Some("bad_signature")),
        (222, &SHA256, Some("bad_signature")),
        (32, &SHA1_FOR_LEGACY_USE_ONLY, Some("bad_signature")),
        (32, &SHA512, Some("bad_signature")),
    ] {
        let signature = pss(input.as_bytes(), &jwk, &vec![7; salt], mask);
        let token = format!("{input}.{}", B64.encode(signature));
        let found = judged(&token, key.public().unwrap(), &for_api());
        assert_eq!(found, Vec::from_iter(expected), "{salt} {mask:?}");
    }
}

/// RFC 8725 section 3.2: what a signature of ECDSA tells of its key. Two of one text are made with two nonces, and so are
/// not the same: AWS-LC draws each at random and mixes key and text in, where RFC 6979 takes key and text alone. A bad
/// source of random numbers shows the key by neither way.
#[test]
fn rfc_8725_3_2_no_two_signatures_have_one_nonce() {
    for (algorithm, half) in [
        (Algorithm::ES256, 32),
        (Algorithm::ES384, 48),
        (Algorithm::ES512, 66),
    ] {
        let key = generate(algorithm, None).unwrap();
        let key = SigningKey::new(&key, algorithm, false).unwrap();
        let [one, other] = [(); 2].map(|()| key.sign(b"one text").unwrap());
        assert_ne!(one[..half], other[..half], "{}", algorithm.name());
    }
}

/// RFC 7518 section 3.4: the two numbers of an ECDSA signature, at their whole length; DER is another thing.
#[test]
fn rfc_7518_3_4_an_ecdsa_signature_has_one_length() {
    let key = generate(Algorithm::ES256, None).unwrap();
    let token = signed(&key, Algorithm::ES256, r#"{"alg":"ES256"}"#, CLAIMS);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut bytes = B64.decode(signature).unwrap();
    let judged = |bytes: &[u8]| {
        judged(
            &format!("{input}.{}", B64.encode(bytes)),
            key.public().unwrap(),
            &for_api(),
        )
    };
    assert_eq!(judged(&bytes), GOOD);
    assert!(!judged(&[0; 64]).is_empty());
    assert!(
        !judged(&[&[0x30, 0x44, 2, 32], &bytes[..32], &[2, 32], &bytes[32..]].concat()).is_empty()
    );
    bytes.push(0);
    assert!(!judged(&bytes).is_empty());
}

/// RFC 8032 section 5.1.7: the second half of an Ed25519 signature is less than the order of the group.
#[test]
fn rfc_8032_5_1_7_the_order_is_no_way_to_another_signature() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let key = generate(Algorithm::EdDSA, None).unwrap();
    // RFC 9864 section 2.2 names it by its curve, too.
    for name in ["EdDSA", "Ed25519"] {
        let token = signed(
            &key,
            Algorithm::EdDSA,
            format!(r#"{{"alg":"{name}"}}"#),
            CLAIMS,
        );
        assert_eq!(judged(&token, key.public().unwrap(), &for_api()), GOOD);
        let (input, signature) = token.rsplit_once('.').unwrap();
        let mut bytes = B64.decode(signature).unwrap();
        let mut carry = 0;
        for (byte, of_order) in bytes[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(of_order) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        let other = format!("{input}.{}", B64.encode(&bytes));
        assert_eq!(
            judged(&other, key.public().unwrap(), &for_api()),
            ["bad_signature"]
        );
    }
}

/// RFC 7515 section 2 and RFC 4648 section 3.5: base64url without padding, each text in one spelling.
#[test]
fn rfc_7515_2_a_part_has_one_spelling() {
    let token = by_secret(HEADER, CLAIMS);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let near = match signature.chars().last().unwrap() {
        'A' => 'B',
        'g' => 'h',
        last => char::from_u32(u32::from(last) + 1).unwrap(),
    };
    for other in [
        format!("{token}="),
        format!("{input}.{}{near}", &signature[..signature.len() - 1]),
        token.replacen('.', ".\n", 1),
        token.replacen('.', "=.", 1),
        format!("{input}.{signature}A"),
    ] {
        assert!(!of_secret(&other).is_empty(), "{other}");
    }
}

/// RFC 7519 section 7.2, RFC 8725 section 3.7: header and claims are JSON objects in UTF-8, each name once
/// (RFC 7515 section 4, RFC 7519 section 4).
#[test]
fn rfc_8725_3_7_header_and_claims_are_objects_in_utf_8() {
    let utf_16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    for header in [
        utf_16(HEADER),
        [&b"\xEF\xBB\xBF"[..], HEADER.as_bytes()].concat(),
        b"[]".to_vec(),
        br#"{"alg":"HS256","alg":"HS256"}"#.to_vec(),
        br#"{"alg":"HS256","\u0061lg":"HS256"}"#.to_vec(),
        b"{\"alg\":\"HS256\",\"x\":\"\xff\"}".to_vec(),
    ] {
        assert_eq!(
            of_secret(&by_secret(&header, CLAIMS)),
            ["malformed"],
            "{header:?}"
        );
    }
    for claims in [
        utf_16(CLAIMS),
        [&b"\xEF\xBB\xBF"[..], CLAIMS.as_bytes()].concat(),
        b"\"text\"".to_vec(),
        br#"{"aud":"api","exp":1700000060,"exp":1900000000}"#.to_vec(),
        br#"{"aud":"api","exp":1700000060,"x":NaN}"#.to_vec(),
    ] {
        assert_eq!(
            of_secret(&by_secret(HEADER, &claims)),
            ["malformed"],
            "{claims:?}"
        );
    }
}

/// RFC 7515 section 4.1.11: what is critical has to be understood, and here nothing is. RFC 7797 section 7: no `b64` in
/// a JWT.
#[test]
fn rfc_7515_4_1_11_what_is_critical_is_refused() {
    for more in [
        r#""crit":["x"],"x":1"#,
        r#""crit":[]"#,
        r#""crit":["alg"]"#,
        r#""crit":"x""#,
        r#""crit":[1]"#,
        r#""b64":false,"crit":["b64"]"#,
    ] {
        let token = by_secret(format!(r#"{{"alg":"HS256",{more}}}"#), CLAIMS);
        assert!(!of_secret(&token).is_empty(), "{more}");
    }
}

/// RFC 8725 section 3.3 and RFC 7519 section 7.2: what is encrypted and what is nested is told apart from what is
/// signed, and each layer has to be good.
#[test]
fn rfc_8725_3_3_each_layer_is_checked() {
    let outer = || secret(format!(r#"{{"kty":"oct","k":"{}"}}"#, B64.encode([7; 32])).as_bytes());
    let asked = RecipientAsked {
        algorithm: None,
        encryption: None,
    };
    let encrypting = outer();
    let recipient = Recipient::new(&encrypting, asked).unwrap();
    let sealed = |content: &str, cty: &str| {
        let mut header = recipient.header();
        header.set_text("cty", cty);
        recipient.encrypt(content.as_bytes(), header).unwrap()
    };
    let signed_only = || VerifyingKeys::of("test", jott::Keys::from(secret(SECRET)));
    let decryption = || {
        let source = KeySource::new("test", jott::Keys::from(outer()));
        Arc::new(DecryptionKeys::new(vec![source]))
    };
    let opening = || signed_only().opening_with(Some(decryption()));
    let good = by_secret(HEADER, CLAIMS);
    let nested = sealed(&good, "JWT");
    assert_eq!(judged_by(&nested, &opening(), &for_api()), GOOD);
    // What does not say that a token is inside (RFC 7519 section 5.2) gets a warning.
    let unnamed = recipient.encrypt(good.as_bytes(), recipient.header());
    for (token, codes) in [
        (&nested, &[][..]),
        (&unnamed.unwrap(), &["nested_without_cty"]),
    ] {
        let now = Timestamp::from_seconds(NOW);
        let verified = verify(token, &opening(), &for_api(), now).unwrap();
        let warnings = verified.report().warnings.iter();
        assert!(warnings.map(|w| w.code).eq(codes.iter().copied()));
        let opened = jott::token::decode::open(token, &decryption()).unwrap();
        let warnings = opened.warnings(now);
        let ours = warnings.iter().filter(|w| w.code == "nested_without_cty");
        assert_eq!(ours.count(), codes.len());
    }
    // Nothing in it is looked at without a key for it.
    assert_eq!(
        judged_by(&nested, &signed_only(), &for_api()),
        ["malformed"]
    );
    // Who can encrypt is not who may sign.
    let other = generate(Algorithm::ES256, None).unwrap();
    let forged = signed(&other, Algorithm::ES256, r#"{"alg":"ES256"}"#, CLAIMS);
    for (inside, cty, reason) in [
        (CLAIMS, "json", "bad_signature"),
        (&forged, "JWT", "alg_refused"),
        (
            &by_secret(HEADER, r#"{"aud":"api"}"#),
            "JWT",
            "missing_claim",
        ),
    ] {
        let found = judged_by(&sealed(inside, cty), &opening(), &for_api());
        assert_eq!(found, [reason], "{inside}");
    }
    // A token in a signed one is content, and its claims are not those of the outer one.
    let wrapping = by_secret(r#"{"alg":"HS256","cty":"JWT"}"#, &good);
    assert_eq!(of_secret(&wrapping), ["malformed"]);
}

/// RFC 7519 section 5.3: what the header of an encrypted token repeats of the claims inside, a nested token's or its own, is
/// the same there.
#[test]
fn rfc_7519_5_3_replicated_claims_are_compared() {
    let outer = || secret(format!(r#"{{"kty":"oct","k":"{}"}}"#, B64.encode([7; 32])).as_bytes());
    let encrypting = outer();
    let asked = RecipientAsked {
        algorithm: None,
        encryption: None,
    };
    let recipient = Recipient::new(&encrypting, asked).unwrap();
    let decryption = Arc::new(DecryptionKeys::new(vec![KeySource::new(
        "test",
        jott::Keys::from(outer()),
    )]));
    let keys = VerifyingKeys::of("test", jott::Keys::from(secret(SECRET)))
        .opening_with(Some(Arc::clone(&decryption)));
    let now = Timestamp::from_seconds(NOW);
    let nested = by_secret(HEADER, CLAIMS);
    for (name, value, is_same) in [
        ("sub", "alice", true),
        ("sub", "bob", false),
        ("aud", "api", true),
        ("aud", "other", false),
        ("iss", "https://id.example", false),
        ("jti", "1", true),
    ] {
        let expected: &[&str] = if is_same { &[] } else { &["replicated_claim"] };
        for content in [&nested, CLAIMS] {
            let mut header = recipient.header();
            if *content == nested {
                header.set_text("cty", "JWT");
            }
            header.set_text(name, value);
            let token = recipient.encrypt(content.as_bytes(), header).unwrap();
            let opened = jott::token::decode::open(&token, &decryption).unwrap();
            let warnings = opened.warnings(now);
            let found = warnings.iter().map(|w| w.code).filter(|c| *c != "nested");
            assert_eq!(found.collect::<Vec<_>>(), expected, "{name}: {value}");
            if *content == nested {
                let verified = verify(&token, &keys, &for_api(), now).unwrap();
                let warnings = verified.report().warnings.iter().map(|w| w.code);
                assert_eq!(warnings.collect::<Vec<_>>(), expected, "{name}: {value}");
            }
        }
    }
}

/// RFC 7519 sections 4.1.1 to 4.1.3 and 4.1.7: `iss`, `sub` and `jti` are strings, and `aud` is one or an array of them,
/// whether or not they are asked for.
#[test]
fn rfc_7519_4_1_parties_are_named_by_strings() {
    for claims in [
        r#"{"iss":1,"aud":"api","exp":1700000060}"#,
        r#"{"iss":["a"],"aud":"api","exp":1700000060}"#,
        r#"{"iss":null,"aud":"api","exp":1700000060}"#,
        r#"{"sub":1,"aud":"api","exp":1700000060}"#,
        r#"{"sub":["alice"],"aud":"api","exp":1700000060}"#,
        r#"{"sub":null,"aud":"api","exp":1700000060}"#,
        r#"{"jti":1,"aud":"api","exp":1700000060}"#,
        r#"{"aud":{"api":true},"exp":1700000060}"#,
        r#"{"aud":["api",1],"exp":1700000060}"#,
        r#"{"aud":[["api"]],"exp":1700000060}"#,
        r#"{"aud":null,"exp":1700000060}"#,
    ] {
        assert_eq!(
            of_secret(&by_secret(HEADER, claims)),
            ["malformed"],
            "{claims}"
        );
    }
}

/// RFC 7519 sections 2 and 4.1.4: `exp` is a number, and at that second the token has expired.
#[test]
fn rfc_7519_4_1_4_at_exp_a_token_has_expired() {
    for (exp, expected) in [
        ("1700000001", None),
        ("1700000000.5", None),
        ("1700000000", Some("expired")),
        ("\"1700000060\"", Some("malformed")),
        ("null", Some("malformed")),
        ("true", Some("malformed")),
        ("-1", Some("expired")),
        ("1e400", Some("malformed")),
    ] {
        let found = of_secret(&by_secret(
            HEADER,
            format!(r#"{{"aud":"api","exp":{exp}}}"#),
        ));
        assert_eq!(found, Vec::from_iter(expected), "{exp}");
    }
}

/// RFC 8725 section 3.9 and RFC 7519 section 4.1.3: the audience is one of those that the token names, letter by letter.
#[test]
fn rfc_8725_3_9_the_audience_is_named_exactly() {
    let with = |aud: &str| of_secret(&by_secret(HEADER, format!(r#"{{"exp":1700000060{aud}}}"#)));
    assert_eq!(with(r#","aud":["web","api"]"#), GOOD);
    for aud in [
        "",
        r#","aud":"API""#,
        r#","aud":"api2""#,
        r#","aud":[]"#,
        r#","aud":["ap","i"]"#,
        r#","aud":1"#,
    ] {
        assert_eq!(with(aud).len(), 1, "{aud}");
    }
}

/// RFC 8725 section 3.10: what the header names or brings is no key.
#[test]
fn rfc_8725_3_10_a_header_brings_no_key() {
    let own = generate(Algorithm::ES256, None).unwrap();
    let jwk = own.public_jwk().unwrap();
    for more in [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://a.example/k""#.to_owned(),
        r#""kid":"../../dev/null""#.to_owned(),
    ] {
        let token = signed(
            &own,
            Algorithm::ES256,
            format!(r#"{{"alg":"ES256",{more}}}"#),
            CLAIMS,
        );
        let held = generate(Algorithm::ES256, None).unwrap();
        assert!(
            !judged(&token, held.public().unwrap(), &for_api()).is_empty(),
            "{more}"
        );
    }
}

/// RFC 8725 section 3.11 and RFC 7515 section 4.1.9: the type is compared without regard to case, with or without
/// `application/`.
#[test]
fn rfc_8725_3_11_the_type_is_asked_for() {
    let mut policy = for_api();
    policy.typ = Some("at+jwt".to_owned());
    for (header, is_right) in [
        (r#"{"alg":"HS256","typ":"at+jwt"}"#, true),
        (r#"{"alg":"HS256","typ":"application/AT+JWT"}"#, true),
        (r#"{"alg":"HS256","typ":"JWT"}"#, false),
        (r#"{"alg":"HS256"}"#, false),
    ] {
        let found = judged(&by_secret(header, CLAIMS), secret(SECRET), &policy);
        assert_eq!(found.is_empty(), is_right, "{header} {found:?}");
    }
}

/// RFC 9068 sections 2 and 4: an access token says so by its type, is signed, and has each of seven claims.
#[test]
fn rfc_9068_2_an_access_token_has_its_claims() {
    const ACCESS: &str = r#"{"alg":"RS256","typ":"at+jwt"}"#;
    const NAMES: [&str; 7] = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];
    let mut policy = for_api();
    policy.typ = Some("at+jwt".to_owned());
    policy.require = NAMES.into_iter().map(Name::parse).collect();
    let key = generate(Algorithm::RS256, None).unwrap();
    let without = |left: &str, header: &str| {
        let mut claims = serde_json::json!({
            "iss": "https://as.example", "exp": NOW + 60, "aud": "api", "sub": "alice",
            "client_id": "app", "iat": NOW, "jti": "1",
        });
        claims.as_object_mut().unwrap().remove(left);
        let token = signed(&key, Algorithm::RS256, header, claims.to_string());
        judged(&token, key.public().unwrap(), &policy)
    };
    assert_eq!(without("", ACCESS), GOOD);
    for name in NAMES {
        let found = without(name, ACCESS);
        assert!(!found.is_empty(), "{name}");
        assert!(
            found.iter().all(|reason| *reason == "missing_claim"),
            "{name} {found:?}"
        );
    }
    assert_eq!(without("", r#"{"alg":"RS256","typ":"JWT"}"#), ["wrong_typ"]);
    assert_eq!(
        without("", r#"{"alg":"none","typ":"at+jwt"}"#),
        ["alg_refused"]
    );
}
