use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::text::hex::encode as hex;
use crate::text::time::Timestamp;
use crate::token::advice::{
    Advice, Diagnosis, Difference, KeyName, SecretReading, SignatureForm, SignedText,
};
use crate::token::algorithm::{Algorithm, Curve};
use crate::token::compact::encode_segment as b64;
use crate::token::content::{Reading, read};
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::keyset::{KeySource, VerifyingKeys};
use crate::token::pem::samples;
use crate::token::policy::Policy;
use crate::token::verify;

const SECRET: &str = "a-string-secret-at-least-256-bits-long-for-each-of-the-three-hashes";

fn keys(content: &str) -> Vec<Key> {
    read(content.as_bytes(), &Reading::default()).unwrap().keys
}

fn signed(key: &str, algorithm: Algorithm, text: &[u8]) -> Vec<u8> {
    keys(key)[0]
        .signing(algorithm, true)
        .unwrap()
        .here()
        .sign(text)
        .unwrap()
}

/// The message and the advice for a token with this header, of which the text is signed in some way.
fn said(key: &str, header: &str, sign: impl Fn(&str) -> String) -> (String, Option<Advice>) {
    let text = format!("{}.{}", b64(header), b64(r#"{"sub":"alice"}"#));
    let token = format!("{text}.{}", sign(&text));
    let found = read(key.as_bytes(), &Reading::default()).unwrap();
    let source = KeySource {
        label: "./key".to_owned(),
        keys: found.keys,
        is_set: found.is_set,
        remote: false,
        issuer: None,
    };
    let trusted = VerifyingKeys::new(vec![source], false);
    let now = Timestamp::from_seconds(0);
    let refused = verify(&token, &trusted, &Policy::default(), now).unwrap_err();
    let refusal = refused.refusals.into_iter().next().unwrap();
    (refusal.message, refusal.hint)
}

/// What is found of it.
fn found(key: &str, header: &str, sign: impl Fn(&str) -> String) -> Option<Diagnosis> {
    match said(key, header, sign).1? {
        Advice::Signature(diagnosis) => Some(*diagnosis),
        other => panic!("{other:?}"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "compared with what may be none")]
fn matches(difference: Difference) -> Option<Diagnosis> {
    Some(Diagnosis::Matches(vec![difference]))
}

fn written(form: SignatureForm) -> Option<Diagnosis> {
    matches(Difference::Written(form))
}

const HS256: &str = r#"{"alg":"HS256"}"#;
const ES256: &str = r#"{"alg":"ES256"}"#;
const RS256: &str = r#"{"alg":"RS256"}"#;

#[test]
fn a_signature_of_the_wrong_length_is_named_for_that() {
    let cut = |take: usize| {
        said(SECRET, HS256, |text| {
            b64(&signed(SECRET, Algorithm::HS256, text.as_bytes())[..take])
        })
    };
    let (message, hint) = cut(31);
    assert_eq!(
        message,
        "the signature has 31 bytes, and one of HS256 has 32"
    );
    assert_eq!(hint, Some(Diagnosis::TooShort.into()));
    let (message, hint) = cut(0);
    assert_eq!(message, "the token is not signed: its signature is empty");
    assert_eq!(hint, Some(Advice::Sign));
    let (_, hint) = said(SECRET, HS256, |_| "REDACTED".to_owned());
    assert_eq!(hint, Some(Diagnosis::TakenOut.into()));
    let (message, hint) = said(SECRET, HS256, |_| b64([7; 64]));
    assert_eq!(
        message,
        "the signature has 64 bytes, and one of HS256 has 32"
    );
    assert_eq!(hint, Some(Diagnosis::LengthOf(Algorithm::HS512).into()));
    let (message, hint) = said(samples::ED25519, r#"{"alg":"EdDSA"}"#, |_| b64([7; 65]));
    assert_eq!(
        message,
        "the signature has 65 bytes, and one of EdDSA has 64"
    );
    assert_eq!(hint, Some(Diagnosis::TooLong.into()));
}

#[test]
fn a_signature_of_the_size_of_another_key_is_said_to_be_one_of_that() {
    let of_rsa = |bits, key: &str| Diagnosis::OtherModulus {
        bits,
        key: key.to_owned(),
    };
    for (key, header, len, found) in [
        (
            samples::RSA_SPKI,
            RS256,
            128,
            of_rsa(1024, "an RSA public key of 2048 bits"),
        ),
        (
            samples::RSA_PKCS8,
            r#"{"alg":"PS256"}"#,
            512,
            of_rsa(4096, "an RSA private key of 2048 bits"),
        ),
        (samples::RSA_SPKI, RS256, 255, Diagnosis::TooShort),
        (
            samples::EC_SPKI,
            ES256,
            96,
            Diagnosis::OtherCurve {
                made: Curve::P384,
                key: Curve::P256,
            },
        ),
        (samples::EC_SPKI, ES256, 48, Diagnosis::TooShort),
    ] {
        let (message, said) = said(key, header, |_| b64(vec![7; len]));
        assert!(
            message.starts_with(&format!("the signature has {len} bytes, and one of ")),
            "{message}"
        );
        assert_eq!(said, Some(found.into()));
    }
}

#[test]
fn a_signature_may_be_written_in_hex_or_twice_in_base64() {
    for (key, header, algorithm) in [
        (SECRET, HS256, Algorithm::HS256),
        (samples::EC_PKCS8, ES256, Algorithm::ES256),
        (samples::RSA_PKCS8, RS256, Algorithm::RS256),
        (samples::ED25519, r#"{"alg":"EdDSA"}"#, Algorithm::EdDSA),
    ] {
        let sign = |text: &str| signed(key, algorithm, text.as_bytes());
        let bare = found(key, header, |text| hex(sign(text)));
        assert_eq!(bare, written(SignatureForm::Hex));
        for inside in [
            |bytes: &[u8]| hex(bytes).to_uppercase(),
            |bytes: &[u8]| format!("SHA2-256(stdin)= {}\n", hex(bytes)),
        ] {
            let inside = found(key, header, |text| b64(inside(&sign(text))));
            assert_eq!(inside, written(SignatureForm::HexInside));
        }
        for twice in [
            |bytes: Vec<u8>| STANDARD.encode(bytes),
            |bytes: Vec<u8>| b64(bytes) + "\n",
        ] {
            let twice = found(key, header, |text| b64(twice(sign(text))));
            assert_eq!(twice, written(SignatureForm::Base64Inside));
        }
    }
}

#[test]
fn numbers_that_lost_a_zero_or_won_one_are_found() {
    // Of so many signatures one begins with a zero byte, most likely several.
    let short = (0..4_000).find_map(|n| {
        let header = format!(r#"{{"alg":"ES256","n":{n}}}"#);
        let text = format!("{}.{}", b64(&header), b64(r#"{"sub":"alice"}"#));
        let signature = signed(samples::EC_PKCS8, Algorithm::ES256, text.as_bytes());
        (signature[32] == 0).then_some((header, signature))
    });
    let (header, mut signature) = short.unwrap();
    signature.remove(32);
    let lost = found(samples::EC_SPKI, &header, |_| b64(&signature));
    assert_eq!(lost, written(SignatureForm::Zeros));
    let won = found(samples::EC_SPKI, ES256, |text| {
        let signature = signed(samples::EC_PKCS8, Algorithm::ES256, text.as_bytes());
        b64([&[0], &signature[..32], &[0], &signature[32..]].concat())
    });
    assert_eq!(won, written(SignatureForm::Zeros));
    let won = found(samples::RSA_SPKI, RS256, |text| {
        b64([
            &[0],
            &signed(samples::RSA_PKCS8, Algorithm::RS256, text.as_bytes())[..],
        ]
        .concat())
    });
    assert_eq!(won, written(SignatureForm::Zeros));
}

#[test]
fn what_was_signed_beside_the_text_is_found() {
    for (key, header, algorithm) in [
        (SECRET, HS256, Algorithm::HS256),
        (samples::EC_PKCS8, ES256, Algorithm::ES256),
        (samples::RSA_PKCS8, RS256, Algorithm::RS256),
    ] {
        let over = |change: &dyn Fn(&str) -> Vec<u8>| {
            found(key, header, |text| {
                b64(signed(key, algorithm, &change(text)))
            })
        };
        let line_break = matches(Difference::Text(SignedText::LineBreak));
        assert_eq!(over(&|text| format!("{text}\n").into_bytes()), line_break);
        assert_eq!(over(&|text| format!("{text}\r\n").into_bytes()), line_break);
        let hashed = matches(Difference::Text(SignedText::Hash));
        assert_eq!(
            over(&|text| digest(&SHA256, text.as_bytes()).as_ref().to_vec()),
            hashed
        );
        let digits = matches(Difference::Text(SignedText::HexOfHash));
        assert_eq!(
            over(&|text| hex(digest(&SHA256, text.as_bytes()).as_ref()).into_bytes()),
            digits
        );
    }
}

#[test]
fn segments_that_were_wrapped_when_they_were_signed_are_found() {
    let header = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(90));
    for width in [64, 76] {
        let wrapped = found(SECRET, &header, |text| {
            let segment = |segment: &str| {
                let lines: Vec<&str> = segment
                    .as_bytes()
                    .chunks(width)
                    .map(|l| std::str::from_utf8(l).unwrap())
                    .collect();
                lines.join("\n")
            };
            let segments: Vec<String> = text.split('.').map(segment).collect();
            b64(signed(
                SECRET,
                Algorithm::HS256,
                segments.join(".").as_bytes(),
            ))
        });
        assert_eq!(wrapped, matches(Difference::Text(SignedText::Lines(width))));
    }
}

#[test]
fn a_nonce_that_was_hashed_before_signing_is_microsofts() {
    let header = r#"{"typ":"JWT","nonce":"AQABAAAAAA\u002dx","alg":"RS256"}"#;
    let hash = digest(&SHA256, b"AQABAAAAAA-x");
    for hash in [b64(hash.as_ref()), hex(hash.as_ref())] {
        let hashed = found(samples::RSA_SPKI, header, |text| {
            let header = header.replace(r"AQABAAAAAA\u002dx", &hash);
            let (_, payload) = text.split_once('.').unwrap();
            let signed_text = format!("{}.{payload}", b64(header));
            b64(signed(
                samples::RSA_PKCS8,
                Algorithm::RS256,
                signed_text.as_bytes(),
            ))
        });
        assert_eq!(hashed, matches(Difference::Text(SignedText::HashedNonce)));
    }
    let unknown = found(SECRET, r#"{"nonce":"x","alg":"HS256"}"#, |_| b64([7; 32]));
    assert_eq!(unknown, Some(Diagnosis::HasNonce));
}

#[test]
fn two_mistakes_at_once_are_found() {
    let script = found(SECRET, HS256, |text| {
        hex(signed(
            SECRET,
            Algorithm::HS256,
            format!("{text}\n").as_bytes(),
        ))
    });
    assert_eq!(
        script,
        Some(Diagnosis::Matches(vec![
            Difference::Written(SignatureForm::Hex),
            Difference::Text(SignedText::LineBreak)
        ]))
    );
    let secret = STANDARD.encode([9; 64]);
    let mut bytes = keys(&secret);
    bytes[0] = Key::secret(zeroize::Zeroizing::new(vec![9; 64]));
    let both = found(&secret, HS256, |text| {
        b64(bytes[0]
            .signing(Algorithm::HS512, false)
            .unwrap()
            .here()
            .sign(text.as_bytes())
            .unwrap())
    });
    assert_eq!(both, Some(Diagnosis::LengthOf(Algorithm::HS512)));
    let both = found(&secret, HS256, |text| {
        hex(bytes[0]
            .signing(Algorithm::HS256, false)
            .unwrap()
            .here()
            .sign(text.as_bytes())
            .unwrap())
    });
    assert_eq!(
        both,
        Some(Diagnosis::Matches(vec![
            Difference::Secret(SecretReading::As(Encoding::Base64)),
            Difference::Written(SignatureForm::Hex)
        ]))
    );
}

#[test]
fn a_key_that_stands_alone_is_named_where_the_token_names_another() {
    let jwk =
        r#"{"kty":"oct","kid":"old","k":"YS1zdHJpbmctc2VjcmV0LWF0LWxlYXN0LTI1Ni1iaXRzLWxvbmc"}"#;
    let other = |kid: &str, own| {
        let (kid, source) = (kid.to_owned(), "./key".to_owned());
        Some(Diagnosis::OtherName { kid, source, own })
    };
    let named = found(jwk, r#"{"alg":"HS256","kid":"new"}"#, |_| b64([7; 32]));
    assert_eq!(named, other("new", KeyName::Kid("old".to_owned())));
    let pem = found(
        samples::EC_SPKI,
        r#"{"alg":"ES256","kid":"0123456789012345678901234567890123456789012"}"#,
        |_| b64([7; 64]),
    );
    let own = keys(samples::EC_SPKI)[0].thumbprint();
    assert_eq!(
        pem,
        other(
            "0123456789012345678901234567890123456789012",
            KeyName::Thumbprint(own.clone())
        )
    );
    let same = format!(r#"{{"alg":"ES256","kid":"{own}"}}"#);
    assert_eq!(found(samples::EC_SPKI, &same, |_| b64([7; 64])), None);
    assert_eq!(
        found(samples::EC_SPKI, r#"{"alg":"ES256","kid":"new"}"#, |_| b64(
            [7; 64]
        )),
        None
    );
}

#[test]
fn a_key_of_the_set_that_the_token_does_not_name_is_found() {
    let set = r#"{"keys":[{"kty":"oct","kid":"one","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"},
            {"kty":"oct","kid":"two","k":"YS1zdHJpbmctc2VjcmV0LWF0LWxlYXN0LTI1Ni1iaXRzLWxvbmc"}]}"#;
    let sign = |text: &str| {
        b64(signed(
            "a-string-secret-at-least-256-bits-long",
            Algorithm::HS256,
            text.as_bytes(),
        ))
    };
    let two = Diagnosis::OtherKey {
        source: "./key".to_owned(),
        name: Some(KeyName::Kid("two".to_owned())),
        is_only: false,
    };
    let (message, hint) = said(set, r#"{"alg":"HS256","kid":"three"}"#, sign);
    assert_eq!(message, "none of the 2 keys has the token's `kid` `three`");
    assert_eq!(hint, Some(two.clone().into()));
    let (_, hint) = said(set, r#"{"alg":"HS256","kid":"one"}"#, sign);
    assert_eq!(hint, Some(two.clone().into()));
    let one = set.replace(
        r#"{"kty":"oct","kid":"one","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"},"#,
        "",
    );
    let (_, hint) = said(&one, r#"{"alg":"HS256","kid":"three"}"#, sign);
    let only = Diagnosis::OtherKey {
        source: "./key".to_owned(),
        name: Some(KeyName::Kid("two".to_owned())),
        is_only: true,
    };
    assert_eq!(hint, Some(only.into()));
    let (_, hint) = said(set, r#"{"alg":"HS256","kid":"three"}"#, |_| b64([7; 32]));
    let keys = vec!["`one`".to_owned(), "`two`".to_owned()];
    assert_eq!(hint, Some(Advice::TakeSetOfIssuer { keys }));
}

#[test]
fn a_text_that_was_changed_after_it_was_signed_is_told_from_a_wrong_key() {
    let changed = |header: &str, algorithm| {
        found(samples::RSA_SPKI, header, |_| {
            b64(signed(samples::RSA_PKCS8, algorithm, b"another text"))
        })
    };
    let another = Some(Diagnosis::OtherText);
    assert_eq!(changed(RS256, Algorithm::RS256), another);
    assert_eq!(changed(r#"{"alg":"PS256"}"#, Algorithm::PS256), another);
    assert_eq!(changed(RS256, Algorithm::PS384), another);
    assert_eq!(found(samples::RSA_SPKI, RS256, |_| b64([7; 256])), None);
}

#[test]
fn a_long_token_and_a_large_set_cost_no_more_than_some_tries() {
    use super::{Budget, EVERYTHING, PUBLIC};
    let mut budget = Budget(EVERYTHING);
    let mut tries = 0;
    while budget.spend(PUBLIC) {
        tries += 1;
    }
    assert_eq!(tries, 256);
    let entry = |n: u32| {
        format!(
            r#"{{"kty":"oct","kid":"{n}","k":"{}"}}"#,
            b64(format!("{n:032}"))
        )
    };
    let entries: Vec<String> = (0..10_000).map(entry).collect();
    let set = format!(r#"{{"keys":[{}]}}"#, entries.join(","));
    let of = |n: u32| {
        found(&set, r#"{"alg":"HS256","kid":"0"}"#, |text| {
            b64(signed(
                &format!("{n:032}"),
                Algorithm::HS256,
                text.as_bytes(),
            ))
        })
    };
    let name = Some(KeyName::Kid("4000".to_owned()));
    let source = "./key".to_owned();
    let other = Diagnosis::OtherKey {
        source,
        name,
        is_only: false,
    };
    assert_eq!(of(4_000), Some(other));
}
