use super::*;
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::claims::Members;
use crate::token::compact::encode_segment;
use crate::token::content::{Reading, read};
use crate::token::encoding::Encoding;
use crate::token::json::Json;
use crate::token::key::Key;
use crate::token::keyset::KeySource;
use crate::token::material::Material;
use crate::token::refusal::{Reason, Refusal};

const RFC_7520: &str = include_str!("../../../tests/vectors/jwe/rfc7520.jsonl");
const RFC_7516: &str = include_str!("../../../tests/vectors/jwe/rfc7516.jsonl");
const WYCHEPROOF: &str = include_str!("../../../tests/vectors/jwe/wycheproof.jsonl");

fn source(content: &str) -> KeySource {
    let reading = Reading {
        allow_weak: true,
        ..Reading::default()
    };
    KeySource::new("here", read(content.as_bytes(), &reading).unwrap())
}

fn keys(content: &str) -> DecryptionKeys {
    DecryptionKeys::new(vec![source(content)])
}

fn refused(keys: &DecryptionKeys, token: &str) -> Refusal {
    keys.open(token).unwrap_err()
}

const UNOPENED: &str = "the token does not open: it was encrypted to another key, or changed since";

#[test]
fn the_examples_of_rfc_7516_rfc_7520_and_rfc_8037_open_in_every_form() {
    let mut count = 0;
    for line in RFC_7516.lines().chain(RFC_7520.lines()) {
        let row = Json::parse_str(line).unwrap().value;
        let section = row.get("section").and_then(Json::as_str).unwrap();
        let plaintext = row.get("plaintext").unwrap();
        let plaintext = match plaintext.as_str() {
            Some(text) => text.into_owned(),
            None => plaintext.text().to_owned(),
        };
        let key = match (row.get("password"), row.get("key")) {
            (Some(password), _) => password.as_str().unwrap().into_owned(),
            (None, Some(key)) if key.text().starts_with('[') => {
                format!(r#"{{"keys":{}}}"#, key.text())
            }
            (None, key) => key.unwrap().text().to_owned(),
        };
        let keys = keys(&key);
        for form in ["compact", "json", "json_flat"] {
            let Some(token) = row.get(form) else { continue };
            let token = match token.as_str() {
                Some(text) => text.into_owned(),
                None => token.text().to_owned(),
            };
            if ["RFC 7516 appendix A.2", "RFC 7520 section 5.1"].contains(&&*section) {
                let refusal = refused(&keys, &token);
                assert_eq!(refusal.reason, Reason::AlgRefused, "{form}");
                assert!(refusal.message.contains("RSA1_5"), "{}", refusal.message);
                continue;
            }
            let opened = keys
                .open(&token)
                .unwrap_or_else(|why| panic!("{section} {form}: {}", why.message));
            assert_eq!(
                String::from_utf8(opened.content).unwrap(),
                plaintext,
                "{section}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 39);
}

#[test]
fn the_vectors_of_wycheproof_are_judged_as_they_say() {
    let mut count = 0;
    for line in WYCHEPROOF.lines() {
        let group = Json::parse_str(line).unwrap().value;
        let keys = keys(group.get("key").unwrap().text());
        for test in group.get("tests").unwrap().elements() {
            let parts: Vec<Json<'_>> = test.elements().collect();
            let [id, comment, result, plaintext, token] = parts.as_slice() else {
                panic!("{}", test.text());
            };
            let token = token.as_str().unwrap();
            let is_old = token.starts_with("eyJhbGciOiJSU0ExXzUi");
            // That a JWE is in the JSON form is no fault here.
            let is_valid =
                result.is("valid") && !is_old || comment.is("rejectsValidJsonSerialization");
            let opened = keys.open(&token);
            let name = format!("{} {}", id.text(), comment.text());
            assert_eq!(opened.is_ok(), is_valid, "{name}: {opened:?}");
            if let (Ok(opened), Some(hex)) = (opened, plaintext.as_str()) {
                let plaintext = Encoding::Hex.undo(hex.as_bytes()).unwrap_or_default();
                assert_eq!(opened.content, *plaintext, "{name}");
            }
            count += 1;
        }
    }
    assert_eq!(count, 139);
}

/// A key for each algorithm: what it is encrypted to, and what opens it.
fn key_for(alg: KeyManagement, enc: ContentEncryption) -> Key {
    use crate::token::jwe::key_management::Family;
    let secret = |len| Key::secret(random(len).unwrap());
    match alg.family() {
        Family::Direct => secret(enc.key_len()),
        Family::Secret(wrapping) => secret(wrapping.secret_len()),
        Family::Password(..) => Key::secret(b"a password".to_vec().into()),
        Family::Oaep(_) => source(include_str!("../../../tests/vectors/jwe/rsa.jwk"))
            .keys
            .remove(0),
        Family::Agreement(_) => source(X25519).keys.remove(0),
    }
}

/// RFC 8037 appendix A.6, Bob's key of RFC 7748 section 6.1.
const X25519: &str = r#"{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08","d":"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}"#;

fn sealed(key: &Key, alg: KeyManagement, enc: ContentEncryption, content: &[u8]) -> String {
    let recipient = Recipient::new(
        key,
        RecipientAsked {
            algorithm: Some(alg),
            encryption: Some(enc),
        },
    )
    .unwrap();
    recipient.encrypt(content, recipient.header()).unwrap()
}

fn opening(key: Key) -> DecryptionKeys {
    DecryptionKeys::new(vec![KeySource::new("here", key.into())])
}

#[test]
fn what_is_encrypted_by_each_algorithm_opens_again() {
    for alg in KeyManagement::ALL {
        for enc in ContentEncryption::ALL {
            let key = key_for(*alg, *enc);
            for content in [&b""[..], b"x", &[7; 1000]] {
                let token = sealed(&key, *alg, *enc, content);
                let again = sealed(&key, *alg, *enc, content);
                assert_ne!(token, again, "nothing is encrypted twice in the same way");
                let keys = opening(match key.has_private() {
                    true => key_again(&key),
                    false => unreachable!(),
                });
                let opened = keys.open(&token).unwrap();
                assert_eq!(opened.content, content);
                assert_eq!((opened.algorithm, opened.encryption), (*alg, *enc));
            }
        }
    }
}

/// The same key once more.
fn key_again(key: &Key) -> Key {
    source(&key.whole_jwk().unwrap()).keys.remove(0)
}

/// The points are those of the tests of the Web Cryptography API.
#[test]
fn nothing_is_encrypted_to_a_key_of_small_order() {
    for x in [
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA",
        "7P_______________________________________38",
        "7f_______________________________________38",
        "7v_______________________________________38",
    ] {
        let key = source(&format!(r#"{{"kty":"OKP","crv":"X25519","x":"{x}"}}"#));
        let refused = Recipient::new(&key.keys[0], RecipientAsked::default()).err();
        assert_eq!(
            refused.unwrap().message,
            "the X25519 key is a point of small order: all that is agreed on with it is known",
            "{x}"
        );
    }
}

#[test]
fn whatever_is_changed_in_a_token_it_is_refused_in_the_same_words() {
    for alg in KeyManagement::ALL {
        let enc = ContentEncryption::A128CbcHs256;
        let key = key_for(*alg, enc);
        let token = sealed(&key, *alg, enc, b"just sixteen here");
        let keys = opening(key_again(&key));
        let parts: Vec<&str> = token.split('.').collect();
        for part in 1..5 {
            let mut bytes = crate::token::compact::decode_segment(parts[part], "x").unwrap();
            let Some(last) = bytes.last_mut() else {
                continue;
            };
            *last ^= 1;
            let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            changed[part] = crate::token::compact::encode_segment(&bytes);
            let refusal = refused(&keys, &changed.join("."));
            assert_eq!(refusal.message, UNOPENED, "{} {part}", alg.name());
            assert_eq!(refusal.reason, Reason::DecryptionFailed);
        }
    }
}

#[test]
fn lengths_that_everybody_can_see_are_said() {
    let key = key_for(KeyManagement::A128Kw, ContentEncryption::A128Gcm);
    let token = sealed(
        &key,
        KeyManagement::A128Kw,
        ContentEncryption::A128Gcm,
        b"{}",
    );
    let keys = opening(key);
    let parts: Vec<&str> = token.split('.').collect();
    let with = |place: usize, segment: &str| {
        let mut parts = parts.clone();
        parts[place] = segment;
        refused(&keys, &parts.join(".")).message
    };
    assert_eq!(
        with(1, "AAAA"),
        "the encrypted key has 3 bytes, and A128KW with A128GCM makes 24"
    );
    assert_eq!(
        with(1, ""),
        "the encrypted key has no bytes, and A128KW with A128GCM makes 24"
    );
    assert_eq!(
        with(2, "AAAA"),
        "the initialization vector has 3 bytes, and that of A128GCM has 12"
    );
    assert_eq!(
        with(4, "AAAA"),
        "the authentication tag has 3 bytes, and that of A128GCM has 16"
    );
    assert_eq!(
        with(3, "A"),
        "the ciphertext has a length that base64url cannot have (1 character)"
    );
    let direct = token_with(r#"{"alg":"dir","enc":"A128GCM"}"#);
    assert_eq!(
        refused(&self::keys("sixteen bytes it"), &direct).message,
        "the encrypted key has 3 bytes, and dir has none"
    );
}

fn token_with(header: &str) -> String {
    format!(
        "{}.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
        crate::token::compact::encode_segment(header)
    )
}

#[test]
fn what_a_header_demands_is_refused_before_any_work() {
    let secret = keys("a password that is not so short");
    for (header, reason, message) in [
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":2147483648}"#,
            Reason::Malformed,
            "the header's `p2c` asks for more than 10000000 rounds of PBKDF2",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":99999999999999999999}"#,
            Reason::Malformed,
            "the header's `p2c` asks for more than 10000000 rounds of PBKDF2",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":0}"#,
            Reason::Malformed,
            "the header's `p2c` asks for no round of PBKDF2",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":1e3}"#,
            Reason::Malformed,
            "the header's `p2c` is not a whole number of rounds",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":-1}"#,
            Reason::Malformed,
            "the header's `p2c` is not a whole number of rounds",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAA","p2c":1000}"#,
            Reason::Malformed,
            "the header's `p2s` has 3 bytes, and at least 8 are needed",
        ),
        (
            r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AA","p2c":1000}"#,
            Reason::Malformed,
            "the header's `p2s` has 1 byte, and at least 8 are needed",
        ),
        (
            r#"{"alg":"dir","enc":"A128GCM","crit":["exp"],"exp":1}"#,
            Reason::CritUnknown,
            r#"the header demands extensions that are not known: `crit` is ["exp"]"#,
        ),
        (
            r#"{"alg":"dir","enc":"A128GCM","zip":"GZIP"}"#,
            Reason::Malformed,
            r#"the compression of the content is not known: `zip` is "GZIP""#,
        ),
        (
            r#"{"alg":"dir","enc":"A512GCM"}"#,
            Reason::AlgRefused,
            "`A512GCM` is not a known content encryption",
        ),
        (
            r#"{"alg":"A128KW","enc":"A128GCM","enc":"A256GCM"}"#,
            Reason::Malformed,
            "the header has `enc` twice",
        ),
        (
            r#"{"alg":"HS256","enc":"A128GCM"}"#,
            Reason::AlgRefused,
            "`HS256` is not a known algorithm of a JWE",
        ),
        (
            r#"{"alg":3,"enc":"A128GCM"}"#,
            Reason::Malformed,
            "the header's `alg` is a number, not a string",
        ),
        (
            r#"{"enc":"A128GCM"}"#,
            Reason::Malformed,
            "the header has no `alg`",
        ),
    ] {
        // The encrypted key is as long as it has to be, so that the rest is looked at.
        let token = token_with(header).replace(
            ".AAAA.AAAAAAAAAAAAAAAA.",
            ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA.",
        );
        let refusal = refused(&secret, &token);
        assert_eq!(
            (refusal.reason, refusal.message.as_str()),
            (reason, message),
            "{header}"
        );
    }
}

#[test]
fn an_ephemeral_key_that_is_none_is_refused() {
    let keys = keys(
        r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#,
    );
    let zeros = "A".repeat(43);
    for (epk, message) in [
        (
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{zeros}","y":"{zeros}"}}"#),
            "the header's `epk` is not a point on P-256".to_owned(),
        ),
        (
            // The key's own point, its `y` one bit off.
            r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyco"}"#.to_owned(),
            "the header's `epk` is not a point on P-256".to_owned(),
        ),
        (
            r#"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#.to_owned(),
            "the token was encrypted to a key on P-384, and this key is on P-256".to_owned(),
        ),
        (
            r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#.to_owned(),
            "the token was encrypted to a key on X25519, and this key is on P-256".to_owned(),
        ),
        (
            r#"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#.to_owned(),
            r#"`crv` of the header's `epk` is "secp256k1", and that of the key is "P-256""#.to_owned(),
        ),
        (
            r#"{"kty":"OKP","crv":"P-256","x":"AA"}"#.to_owned(),
            r#"`kty` of the header's `epk` is "OKP", and that of the key is "EC""#.to_owned(),
        ),
        (
            r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#.to_owned(),
            "`x` of the header's `epk` has 1 byte, and 32 are needed".to_owned(),
        ),
        (
            r#"{"kty":"EC","crv":"P-256"}"#.to_owned(),
            "the header has no `epk.x`".to_owned(),
        ),
        (
            "3".to_owned(),
            "the header's `epk` is a number, not a JWK".to_owned(),
        ),
    ] {
        let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk}}}"#);
        let token = token_with(&header).replace(".AAAA.", "..");
        let refusal = refused(&keys, &token);
        assert_eq!(refusal.message, message);
    }
    let token = token_with(r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#).replacen(".AAAA.", "..", 1);
    assert_eq!(refused(&keys, &token).message, "the header has no `epk`");
    // One on X25519 names its own group too.
    let header =
        r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}"#;
    assert_eq!(
        refused(
            &opening(source(X25519).keys.remove(0)),
            &token_with(header).replace(".AAAA.", "..")
        )
        .message,
        "the token was encrypted to a key on P-256, and this key is on X25519"
    );
}

/// RFC 7748 section 6.1: the secret would be zero, whatever the key.
#[test]
fn an_ephemeral_key_of_small_order_is_refused() {
    let zeros = "A".repeat(43);
    let epk = format!(r#"{{"kty":"OKP","crv":"X25519","x":"{zeros}"}}"#);
    let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk}}}"#);
    let token = token_with(&header).replace(".AAAA.", "..");
    assert_eq!(
        refused(&keys(X25519), &token).message,
        "the header's `epk` is a point of small order on X25519 (RFC 7748 section 6.1)"
    );
}

#[test]
fn the_rounds_of_all_recipients_count_together() {
    let keys = keys("a password that is not so short");
    let one = r#"{"header":{"alg":"PBES2-HS256+A128KW","p2s":"AAAAAAAAAAA","p2c":ROUNDS},"encrypted_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let several = |rounds: &[&str]| {
        let all: Vec<String> = rounds
            .iter()
            .map(|rounds| one.replace("ROUNDS", rounds))
            .collect();
        format!(
            r#"{{"protected":"{}","recipients":[{}],"iv":"AAAAAAAAAAAAAAAA","ciphertext":"AAAA","tag":"AAAAAAAAAAAAAAAAAAAAAA"}}"#,
            crate::token::compact::encode_segment(r#"{"enc":"A128GCM"}"#),
            all.join(",")
        )
    };
    assert_eq!(
        refused(&keys, &several(&["1000", "1000"])).message,
        UNOPENED
    );
    assert_eq!(
        refused(&keys, &several(&["1000", "9999999"])).message,
        "the token asks for more than 10000000 rounds of PBKDF2 in all, over its recipients and the keys that are tried"
    );
    assert_eq!(
        refused(&keys, &several(&["1000", "10000001"])).message,
        "the header's `p2c` asks for more than 10000000 rounds of PBKDF2"
    );
}

#[test]
fn the_algorithms_are_those_of_the_key_and_of_who_asks() {
    let key = key_for(KeyManagement::A256Kw, ContentEncryption::A256Gcm);
    let token = sealed(
        &key,
        KeyManagement::A256Kw,
        ContentEncryption::A256Gcm,
        b"{}",
    );
    let jwk = key.whole_jwk().unwrap();
    let bound = |alg: &str| jwk.replace('}', &format!(r#","alg":"{alg}"}}"#));
    assert!(keys(&bound("A256KW")).open(&token).is_ok());
    for (alg, message) in [
        (
            "A256GCMKW",
            "the token says A256KW, and the key is bound to A256GCMKW by its `alg`, not A256KW",
        ),
        (
            "A256GCM",
            "the token says A256KW, and the key is bound to A256GCM by its `alg`, not A256KW",
        ),
        ("HS256", "the key is for signatures: its `alg` is HS256"),
    ] {
        assert_eq!(refused(&keys(&bound(alg)), &token).message, message);
    }
    let only = |algs: &[KeyManagement], encs: &[ContentEncryption]| {
        let keys = keys(&jwk).only(algs.to_vec(), encs.to_vec());
        keys.open(&token).map(drop)
    };
    assert!(only(&[KeyManagement::A256Kw], &[ContentEncryption::A256Gcm]).is_ok());
    assert_eq!(
        only(&[KeyManagement::Dir], &[]).unwrap_err().message,
        "the token says A256KW, and only dir was asked for"
    );
    assert_eq!(
        only(
            &[],
            &[ContentEncryption::A128Gcm, ContentEncryption::A192Gcm]
        )
        .unwrap_err()
        .message,
        "the token says A256GCM, and only A128GCM, A192GCM were asked for"
    );
    let mut signs = key_again(&key);
    signs.usage.encryption = false;
    assert_eq!(
        refused(&opening(signs), &token).message,
        "the key is not for encryption: its `use` is not `enc`"
    );
}

#[test]
fn a_public_key_opens_nothing_and_a_secret_of_another_length_says_which_is_needed() {
    let rsa = key_for(KeyManagement::RsaOaep256, ContentEncryption::A256Gcm);
    let token = sealed(
        &rsa,
        KeyManagement::RsaOaep256,
        ContentEncryption::A256Gcm,
        b"{}",
    );
    let public = rsa.public().unwrap();
    let refusal = refused(&opening(public), &token);
    assert_eq!(refusal.reason, Reason::KeyRejected);
    assert!(
        refusal
            .message
            .starts_with("opening a token needs a private key, and this is an RSA public key")
    );
    let secret = keys("some secret or other");
    for (token, message, hint) in [
        (
            token_with(r#"{"alg":"dir","enc":"A256GCM"}"#),
            "the token says dir, which with A256GCM takes a secret of 32 bytes, and this one has 20 bytes",
            Advice::DeriveKey,
        ),
        (
            token_with(r#"{"alg":"A256KW","enc":"A256GCM"}"#),
            "the token says A256KW, which takes a secret of 32 bytes, and this one has 20 bytes",
            Advice::FitSecret(32),
        ),
        (
            token,
            "the token says RSA-OAEP-256, which cannot be used with a secret of 20 bytes",
            Advice::TakeKeyManagement(vec![
                KeyManagement::Pbes2Hs512,
                KeyManagement::Pbes2Hs384,
                KeyManagement::Pbes2Hs256,
            ]),
        ),
    ] {
        let refusal = refused(&secret, &token);
        assert_eq!(
            (refusal.message.as_str(), refusal.hint),
            (message, Some(hint))
        );
        assert_eq!(
            refusal.expected.as_deref(),
            Some(r#"["PBES2-HS512+A256KW","PBES2-HS384+A192KW","PBES2-HS256+A128KW"]"#)
        );
    }
}

/// What is derived for a cookie opens nothing else, and is not said to have an `alg`.
#[test]
fn a_derived_key_says_what_it_is_for() {
    let derivation = derivation::Derivation::parse("nextauth:authjs.session-token").unwrap();
    let derived = derivation.keys(&Key::secret(b"hunter2hunter2".to_vec().into()));
    let keys = DecryptionKeys::new(vec![KeySource {
        keys: derived,
        ..KeySource::new("here", Key::secret(vec![7; 16].into()).into())
    }]);
    for (alg, enc, said) in [
        (
            KeyManagement::Dir,
            ContentEncryption::A128Gcm,
            "dir with A128GCM",
        ),
        (KeyManagement::A256Kw, ContentEncryption::A256Gcm, "A256KW"),
        (
            KeyManagement::RsaOaep,
            ContentEncryption::A256Gcm,
            "RSA-OAEP",
        ),
    ] {
        let refusal = refused(&keys, &sealed(&key_for(alg, enc), alg, enc, b"{}"));
        assert_eq!(refusal.reason, Reason::AlgRefused);
        assert_eq!(
            refusal.message,
            format!(
                "the token says {said}, and cookies of NextAuth.js and Auth.js say dir with A256GCM or A256CBC-HS512"
            )
        );
        assert_eq!(refusal.hint, Some(Advice::LeaveDerivation));
    }
    for enc in [ContentEncryption::A256Gcm, ContentEncryption::A256CbcHs512] {
        let alg = KeyManagement::Dir;
        let refusal = refused(&keys, &sealed(&key_for(alg, enc), alg, enc, b"{}"));
        assert_eq!(
            (refusal.message.as_str(), refusal.hint),
            (UNOPENED, Some(Advice::CheckDerivation))
        );
    }
}

#[test]
fn of_another_secret_than_that_of_a_cookie_the_derivation_is_no_matter() {
    let enc = ContentEncryption::A256Gcm;
    for (alg, hint) in [
        (KeyManagement::Dir, Some(Advice::DeriveKey)),
        (KeyManagement::A256Kw, None),
    ] {
        let token = sealed(&key_for(alg, enc), alg, enc, b"{}");
        let refusal = refused(&opening(key_for(alg, enc)), &token);
        assert_eq!((refusal.message.as_str(), refusal.hint), (UNOPENED, hint));
    }
}

#[test]
fn what_a_key_may_do_is_what_it_holds_and_what_it_says() {
    let rsa = key_for(KeyManagement::RsaOaep256, ContentEncryption::A256Gcm);
    let may = |key: &Key| (key.may_open(), key.may_be_encrypted_to());
    assert_eq!(may(&rsa), (true, true));
    assert_eq!(may(&rsa.public().unwrap()), (false, true));
    let after = |change: &dyn Fn(&mut Key)| {
        let mut key = key_again(&rsa);
        change(&mut key);
        may(&key)
    };
    assert_eq!(after(&|key| key.usage.encryption = false), (false, false));
    assert_eq!(after(&|key| key.usage.open = false), (false, true));
    assert_eq!(after(&|key| key.usage.seal = false), (true, false));
    assert_eq!(
        after(&|key| key.alg = Some(Algorithm::RS256)),
        (false, false)
    );
}

#[test]
fn keys_that_could_not_be_loaded_open_nothing_and_say_why() {
    let fault = KeyFault::new(KeyReason::System, "the file is gone");
    let token = token_with(r#"{"alg":"dir","enc":"A128GCM"}"#);
    let refusal = refused(&DecryptionKeys::unusable(fault), &token);
    assert_eq!(
        (refusal.reason, refusal.message.as_str()),
        (Reason::System, "the file is gone")
    );
}

#[test]
fn a_compressed_content_may_be_as_long_as_is_allowed() {
    let key = key_for(KeyManagement::Dir, ContentEncryption::A256Gcm);
    let recipient = Recipient::new(&key, RecipientAsked::default()).unwrap();
    let mut header = recipient.header();
    header.set_text("zip", "DEF");
    // A block that is stored as it is (RFC 1951 section 3.2.4).
    let stored = [&[1, 4, 0, 0xfb, 0xff], &b"four"[..]].concat();
    let token = recipient.encrypt(&stored, header).unwrap();
    let up_to = |most| {
        let keys = opening(key_again(&key)).inflate_up_to(most);
        let opened = keys.open(&token);
        opened
            .map(|opened| opened.content)
            .map_err(|why| why.message)
    };
    assert_eq!(up_to(4), Ok(b"four".to_vec()));
    let long = "the content is compressed, and has more than 3 bytes";
    assert_eq!(up_to(3), Err(long.to_owned()));
}

#[test]
fn nothing_is_encrypted_to_a_weak_key() {
    let refusal = |key: &Key| {
        let refused = Recipient::new(key, RecipientAsked::default());
        refused.unwrap_err().message
    };
    let empty = Key::secret(Vec::new().into());
    assert_eq!(refusal(&empty), "the secret is empty");
    let short = Material::rsa(&[0xff; 128], &[1, 0, 1]).unwrap();
    assert_eq!(
        refusal(&Key::from(short)),
        "the RSA key has 1024 bits, and at least 2048 are needed"
    );
}

#[test]
fn of_a_set_the_key_with_the_kid_opens() {
    let [one, two] = [(), ()].map(|()| key_for(KeyManagement::A256Kw, ContentEncryption::A256Gcm));
    let jwk = |key: &Key, kid: &str| {
        key.whole_jwk()
            .unwrap()
            .replace('}', &format!(r#","kid":"{kid}"}}"#))
    };
    let set = format!(r#"{{"keys":[{},{}]}}"#, jwk(&one, "a"), jwk(&two, "b"));
    let keys = keys(&set);
    let recipient = Recipient::new(&two, RecipientAsked::default()).unwrap();
    assert_eq!(recipient.algorithm(), KeyManagement::Dir);
    let with_kid = |kid: &str| {
        let mut header = recipient.header();
        header.set_text("kid", kid);
        recipient.encrypt(b"{}", header).unwrap()
    };
    assert!(keys.open(&with_kid("b")).is_ok());
    assert_eq!(refused(&keys, &with_kid("a")).message, UNOPENED);
    let refusal = refused(&keys, &with_kid("c"));
    assert_eq!(
        refusal.message,
        "no key has the token's `kid` `c` and is for dir"
    );
    let set = ["`a`", "`b`"].map(str::to_owned).to_vec();
    assert_eq!(refusal.hint, Some(Advice::TakeKeyItself { set }));
    assert!(
        keys.open(&recipient.encrypt(b"{}", recipient.header()).unwrap())
            .is_ok()
    );
}

#[test]
fn headers_of_the_json_form_may_not_say_one_thing_twice() {
    let keys = keys("a password that is not so short");
    for (token, message) in [
        (
            r#"{"protected":"eyJhbGciOiJkaXIifQ","unprotected":{"alg":"dir","enc":"A128GCM"},"ciphertext":""}"#,
            "two headers of the token have `alg`",
        ),
        (
            r#"{"header":{"alg":"dir","enc":"A128GCM"},"recipients":[{}],"ciphertext":""}"#,
            "the token has `recipients`, and also the members of a single recipient (RFC 7516 section 7.2.2)",
        ),
        (
            r#"{"recipients":[],"ciphertext":""}"#,
            "the token must have 1 to 100 `recipients`",
        ),
        (
            r#"{"recipients":3,"ciphertext":""}"#,
            "`recipients` of the token is a number, not an array",
        ),
        (
            r#"{"protected":3,"ciphertext":""}"#,
            "`protected` of the token is a number, not a string",
        ),
        (
            r#"{"unprotected":"x","ciphertext":""}"#,
            "`unprotected` of the token is a string, not an object",
        ),
        (
            r#"{"ciphertext":"","ciphertext":""}"#,
            "the token has `ciphertext` twice",
        ),
        (r#"{"ciphertext":""}"#, "the header has no `alg`"),
        (
            r#"{"header":{"alg":"dir","enc":"A128GCM","zip":"DEF"},"ciphertext":""}"#,
            "`zip` is not in the protected header, where it must be (RFC 7516 section 4.1.3)",
        ),
    ] {
        assert_eq!(refused(&keys, token).message, message, "{token}");
    }
}

#[test]
fn a_token_has_a_hundred_recipients_at_most() {
    let secret = keys("some secret or other");
    let message = |count: usize| {
        let all = vec![r#"{"header":{"alg":"dir","enc":"A128GCM"}}"#; count].join(",");
        let token = format!(
            r#"{{"recipients":[{all}],"iv":"AAAAAAAAAAAAAAAA","ciphertext":"","tag":"AAAAAAAAAAAAAAAAAAAAAA"}}"#
        );
        refused(&secret, &token).message
    };
    let unfit = "the token says dir, which with A128GCM takes a secret of 16 bytes, and this one has 20 bytes";
    assert_eq!(message(100), unfit);
    assert_eq!(message(101), "the token must have 1 to 100 `recipients`");
}

#[test]
fn of_several_recipients_the_refusal_that_says_most_is_given() {
    let secret = key_for(KeyManagement::A256Kw, ContentEncryption::A128Gcm);
    let keys = keys(&format!(r#"{{"keys":[{}]}}"#, *secret.whole_jwk().unwrap()));
    let other_key =
        r#"{"header":{"alg":"A256KW"},"encrypted_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let [unknown, signs] =
        ["A1024KW", "HS256"].map(|alg| format!(r#"{{"header":{{"alg":"{alg}"}}}}"#));
    let not_found = r#"{"header":{"alg":"A128KW","kid":"x"}}"#;
    for (recipients, message) in [
        ([&unknown, other_key], UNOPENED),
        ([other_key, &unknown], UNOPENED),
        (
            [&unknown, &signs],
            "`A1024KW` is not a known algorithm of a JWE",
        ),
        (
            [&signs, &unknown],
            "`HS256` is not a known algorithm of a JWE",
        ),
        (
            [not_found, &signs],
            "`HS256` is not a known algorithm of a JWE",
        ),
        (
            [&signs, not_found],
            "`HS256` is not a known algorithm of a JWE",
        ),
        (
            [not_found, not_found],
            "no key has the token's `kid` `x` and is for A128KW",
        ),
    ] {
        let token = format!(
            r#"{{"unprotected":{{"enc":"A128GCM"}},"recipients":[{}],"iv":"AAAAAAAAAAAAAAAA","ciphertext":"","tag":"AAAAAAAAAAAAAAAAAAAAAA"}}"#,
            recipients.join(",")
        );
        assert_eq!(refused(&keys, &token).message, message, "{recipients:?}");
    }
}

/// Cookies of next-auth 4.24 and @auth/core 0.41, made with the secret `hunter2hunter2`.
#[test]
fn the_keys_of_nextauth_are_derived_from_the_secret() {
    use derivation::Derivation;
    assert_eq!(Derivation::parse("nextauth:"), None);
    assert_eq!(Derivation::parse("hkdf:x"), None);
    let part = Derivation::parse("nextauth:authjs.session-token.0").unwrap();
    let whole = Derivation::parse("nextauth:authjs.session-token").unwrap();
    assert_eq!(part, whole);
    let secret = Key::secret(b"hunter2hunter2".to_vec().into());
    let all = whole.keys(&secret);
    let names: Vec<_> = all.iter().map(|key| key.encryption.clone()).collect();
    let [first, ..] = names.as_slice() else {
        panic!()
    };
    assert_eq!(*first, Binding::Derived(ContentEncryption::A256CbcHs512));
    assert_eq!(all.len(), 4);
    let rsa = key_for(KeyManagement::RsaOaep, ContentEncryption::A256Gcm);
    assert!(whole.keys(&rsa).is_empty());
    // A session of version 4 is encrypted with the key that no cookie has a part in, which is the last guess but
    // one for a cookie of version 5, and the second for another one of version 4.
    let jwks = |cookie: &str| {
        let keys = Derivation::parse(&format!("nextauth:{cookie}"))
            .unwrap()
            .keys(&secret);
        keys.iter()
            .map(|key| key.whole_jwk().unwrap())
            .collect::<Vec<_>>()
    };
    let session = &jwks("next-auth.session-token")[0];
    assert_eq!(
        jwks("next-auth.csrf-token")
            .iter()
            .position(|key| key == session),
        Some(1)
    );
    assert_eq!(
        jwks("authjs.csrf-token")
            .iter()
            .position(|key| key == session),
        Some(2)
    );
}

#[test]
fn a_token_inside_is_known_by_cty_or_by_its_shape() {
    let key = key_for(KeyManagement::Dir, ContentEncryption::A256Gcm);
    let recipient = Recipient::new(&key, RecipientAsked::default()).unwrap();
    let keys = opening(key_again(&key));
    let nested = |cty: Option<&str>, content: &str| {
        let mut header = recipient.header();
        if let Some(cty) = cty {
            header.set_text("cty", cty);
        }
        let token = recipient.encrypt(content.as_bytes(), header).unwrap();
        keys.open(&token).unwrap().nested().is_some()
    };
    assert!(nested(Some("JWT"), "anything"));
    assert!(nested(Some("application/jwt"), "anything"));
    assert!(nested(None, "eyJ.eyJ.x"));
    assert!(!nested(None, "{}"));
    assert!(!nested(Some("json"), "x"));
}

#[test]
fn each_of_several_recipients_opens_one_content() {
    let rsa = key_for(KeyManagement::RsaOaep256, ContentEncryption::A256Gcm);
    let x25519 = read(X25519.as_bytes(), &Reading::default())
        .unwrap()
        .keys
        .remove(0);
    let secret = Key::secret(zeroize::Zeroizing::new(vec![7; 16]));
    let password = Key::secret(zeroize::Zeroizing::new(b"correct horse".to_vec()));
    for enc in ContentEncryption::ALL {
        let keys = [&rsa, &x25519, &secret, &password];
        let all = keys.map(|key| Recipient::among(key, &[], *enc).unwrap());
        let names = all.iter().map(|one| one.algorithm().name());
        assert_eq!(
            names.collect::<Vec<_>>(),
            [
                "RSA-OAEP-256",
                "ECDH-ES+A128KW",
                "A128KW",
                "PBES2-HS512+A256KW"
            ]
        );
        let mut header = Members::new();
        header.set_text("kid", "of all, which would be of none");
        let token = encrypt_to_all(&all, b"content", header).unwrap();
        for (key, is_shared) in keys.into_iter().zip([false, false, true, true]) {
            let keys = opening(key_again(key));
            let opened = keys.open(&token).unwrap();
            assert_eq!(opened.content, b"content");
            assert_eq!(opened.is_shared, is_shared);
            assert!(opened.header.get("kid").is_none());
        }
        let other = Key::secret(zeroize::Zeroizing::new(vec![8; 16]));
        assert_eq!(refused(&opening(other), &token).message, UNOPENED);
    }
}

/// A recipient whose header says one thing twice is shown, and does not keep others from opening their part.
#[test]
fn recipients_are_shown_as_they_stand() {
    let secret = Key::secret(zeroize::Zeroizing::new(vec![7; 16]));
    let other = Key::secret(zeroize::Zeroizing::new(vec![8; 24]));
    let enc = ContentEncryption::A128Gcm;
    let all = [&secret, &other].map(|key| Recipient::among(key, &[], enc).unwrap());
    let mut header = Members::new();
    header.set_text("typ", "JWT");
    let token = encrypt_to_all(&all, br#"{"sub":"a"}"#, header).unwrap();
    let odd = token.replace(r#""alg":"A192KW""#, r#""alg":"A192KW","typ":"x""#);
    assert_ne!(odd, token);
    let first = r#"{"typ":"JWT","enc":"A128GCM","alg":"A128KW"}"#;
    for (token, second) in [
        (&token, r#"{"typ":"JWT","enc":"A128GCM","alg":"A192KW"}"#),
        (
            &odd,
            r#"{"typ":"JWT","enc":"A128GCM","alg":"A192KW","typ":"x"}"#,
        ),
    ] {
        let keys = opening(key_again(&secret));
        let opened = crate::token::decode::open(token, &keys).unwrap();
        let sealed = crate::token::decode::decode(token).unwrap();
        for (shown, is_opened) in [(opened, true), (sealed, false)] {
            let shown = shown.recipients.iter();
            let shown = shown.map(|one| (one.header.json().text(), one.opened));
            assert_eq!(
                shown.collect::<Vec<_>>(),
                [(first, is_opened), (second, false)]
            );
        }
    }
}

/// RFC 7516 section 5.2: what is for others is passed over until the own part opens.
#[test]
fn the_last_of_a_hundred_recipients_opens_the_content() {
    let secret = |n: u8| Key::secret(zeroize::Zeroizing::new(vec![n; 16]));
    let enc = ContentEncryption::A128Gcm;
    let all: Vec<Key> = (0..100).map(secret).collect();
    let all = all.iter().map(|key| Recipient::among(key, &[], enc));
    let all: Vec<Recipient<'_>> = all.collect::<Result<_, _>>().unwrap();
    let header = crate::token::claims::Members::new();
    let token = encrypt_to_all(&all, b"content", header).unwrap();
    let opened = opening(secret(99)).open(&token).unwrap().content;
    assert_eq!(opened, b"content");
    assert_eq!(refused(&opening(secret(100)), &token).message, UNOPENED);
    let jwk = |n: u8| format!(r#"{{"kty":"oct","k":"{}"}}"#, encode_segment([n; 16]));
    let two = keys(&format!(r#"{{"keys":[{},{}]}}"#, jwk(100), jwk(101)));
    assert_eq!(
        refused(&two, &token).message,
        "the token did not open in 100 tries, and no more are made"
    );
}

#[test]
fn the_last_of_many_keys_without_a_name_opens_the_content() {
    let jwk = |n: u8| format!(r#"{{"kty":"oct","k":"{}"}}"#, encode_segment([n; 16]));
    let set = |jwks: Vec<String>| keys(&format!(r#"{{"keys":[{}]}}"#, jwks.join(",")));
    let key = Key::secret(zeroize::Zeroizing::new(vec![39; 16]));
    let recipient = Recipient::new(&key, RecipientAsked::default()).unwrap();
    let token = recipient.encrypt(b"content", recipient.header()).unwrap();
    let opened = set((0..40).map(jwk).collect())
        .open(&token)
        .unwrap()
        .content;
    assert_eq!(opened, b"content");
}

#[test]
fn an_algorithm_that_decides_on_the_key_of_the_content_is_for_one_recipient() {
    let secret = Key::secret(zeroize::Zeroizing::new(vec![7; 32]));
    let x25519 = read(X25519.as_bytes(), &Reading::default())
        .unwrap()
        .keys
        .remove(0);
    let enc = ContentEncryption::A256Gcm;
    for (key, alg) in [
        (&secret, KeyManagement::Dir),
        (&x25519, KeyManagement::EcdhEs),
    ] {
        let why = Recipient::among(key, &[alg], enc).unwrap_err();
        let expected = format!(
            "{} is for one recipient only: it fixes the key of the content, and each recipient would have another one",
            alg.name()
        );
        assert_eq!(why.message, expected);
        let asked = RecipientAsked {
            algorithm: Some(alg),
            encryption: Some(enc),
        };
        let alone = Recipient::new(key, asked).unwrap();
        let header = Members::new();
        assert!(encrypt_to_all(&[alone], b"x", header).is_err());
    }
    let recipient = Recipient::among(&secret, &[], enc).unwrap();
    assert_eq!(recipient.algorithm(), KeyManagement::A256Kw);
    let other = Recipient::among(&secret, &[], ContentEncryption::A128Gcm).unwrap();
    let header = Members::new();
    assert!(encrypt_to_all(&[recipient, other], b"x", header).is_err());
    assert!(encrypt_to_all(&[], b"x", Members::new()).is_err());
}

#[test]
fn recipients_that_differ_in_enc_are_refused() {
    let keys = keys(X25519);
    let token = |one: &str, other: &str| {
        format!(
            r#"{{"recipients":[{{"header":{{"alg":"ECDH-ES"{one}}}}},{{"header":{{"alg":"ECDH-ES"{other}}}}}],"ciphertext":"AA","iv":"AA","tag":"AA"}}"#
        )
    };
    let differ = "the recipients of the token differ in `enc`, which must be the same for all (RFC 7516 section 7.2.1)";
    let (gcm, cbc) = (r#","enc":"A256GCM""#, r#","enc":"A128CBC-HS256""#);
    for (one, other) in [(gcm, cbc), (gcm, ""), ("", cbc), (gcm, r#","enc":1"#)] {
        assert_eq!(refused(&keys, &token(one, other)).message, differ);
    }
    assert_ne!(refused(&keys, &token(gcm, gcm)).message, differ);
}

#[test]
fn four_tokens_may_be_nested_in_each_other_and_ten_may_not() {
    let key = key_for(KeyManagement::Dir, ContentEncryption::A256Gcm);
    let recipient = Recipient::new(&key, RecipientAsked::default()).unwrap();
    let keys = opening(key_again(&key));
    let nested = |inner: &str, depth: usize| {
        (0..depth).fold(inner.to_owned(), |inner, _| {
            recipient
                .encrypt(inner.as_bytes(), recipient.header())
                .unwrap()
        })
    };
    assert!(crate::token::decode::open(&nested("{}", 4), &keys).is_ok());
    let too_deep = "more than 4 encrypted tokens are nested in each other";
    for depth in [5, 10] {
        let why = crate::token::decode::open(&nested("{}", depth), &keys).unwrap_err();
        assert_eq!(why.message, too_deep);
    }
    let decryption = Some(std::sync::Arc::new(opening(key_again(&key))));
    let signing = crate::token::issue::SigningKey::new(&key, Algorithm::HS256, false).unwrap();
    let mut header = Members::new();
    header.set_text("alg", "HS256");
    let signed = crate::token::issue::issue(&Members::new(), &header, &signing).unwrap();
    let verifying = crate::token::keyset::VerifyingKeys::of("here", key_again(&key).into());
    let verifying = verifying.opening_with(decryption);
    let policy = crate::token::policy::Policy::default();
    let verify =
        |depth| crate::token::verify_signature(&nested(&signed, depth), &verifying, &policy);
    assert!(verify(4).is_ok());
    for depth in [5, 10] {
        assert_eq!(verify(depth).unwrap_err().refusals[0].message, too_deep);
    }
}

#[test]
fn the_parties_of_an_agreement_may_be_long_and_are_part_of_it() {
    let key = source(X25519).keys.remove(0);
    let keys = opening(key_again(&key));
    let (alg, enc) = (KeyManagement::EcdhEs, ContentEncryption::A256Gcm);
    let token = sealed(&key, alg, enc, b"x");
    let (header, rest) = token.split_once('.').unwrap();
    let header = crate::token::compact::decode_segment(header, "header").unwrap();
    let header = String::from_utf8(header).unwrap();
    for (apu, message) in [
        ("A".repeat(1 << 20), UNOPENED),
        ("AAAA".to_owned(), UNOPENED),
        (
            "A".to_owned(),
            "the header's `apu` has a length that base64url cannot have (1 character)",
        ),
    ] {
        let changed = header.replacen('{', &format!(r#"{{"apu":"{apu}","#), 1);
        let changed = crate::token::compact::encode_segment(changed);
        assert_eq!(
            refused(&keys, &format!("{changed}.{rest}")).message,
            message
        );
    }
}

#[test]
fn many_tokens_with_one_header_open_as_each_does_alone() {
    let key = key_for(KeyManagement::Dir, ContentEncryption::A256Gcm);
    let keys = opening(key_again(&key));
    let (alg, enc) = (KeyManagement::Dir, ContentEncryption::A256Gcm);
    let good = |content: &[u8]| sealed(&key, alg, enc, content);
    let of = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<String>>();
    let one = of(&good(b"one"));
    let with = |place: usize, segment: &str| {
        let mut segments = one.clone();
        segment.clone_into(&mut segments[place]);
        segments.join(".")
    };
    let flipped = |segment: &str| segment.chars().rev().collect::<String>();
    let other = r#"{"alg":"dir","enc":"A256GCM","zip":"LZ"}"#;
    let other = crate::token::compact::encode_segment(other);
    let tokens = [
        good(b"one"),
        good(b"two"),
        with(4, &flipped(&one[4])),
        with(4, ""),
        with(3, ""),
        with(3, "!"),
        with(2, &one[2][..8]),
        with(1, "AAAA"),
        with(0, &format!("{}A", one[0])),
        with(0, ""),
        with(0, &other),
        one.join(".") + ".",
        one[..4].join("."),
        one[..3].join("."),
        String::new(),
        "{}".to_owned(),
        good(b"three"),
    ];
    let mut opener = crate::token::jwe::Opener::new(&keys);
    let result = |opened: Result<crate::token::jwe::Opened<'_>, Refusal>| match opened {
        Ok(opened) => Ok((opened.content, opened.header.compact().into_owned())),
        Err(why) => Err((why.reason, why.message)),
    };
    for again in [&tokens[..], &tokens[..]].concat() {
        let alone = result(keys.open(&again));
        assert_eq!(result(opener.open(&again)), alone, "{again}");
        if let Some(like_last) = opener.open_like_last(again.as_bytes()) {
            assert_eq!(result(like_last), alone, "{again}");
        }
    }
    let opened: Vec<bool> = tokens
        .iter()
        .map(|token| keys.open(token).is_ok())
        .collect();
    assert_eq!(opened.iter().filter(|is| **is).count(), 3);
    // Of a text without the header of the last token nothing is said.
    assert!(opener.open(&tokens[0]).is_ok());
    assert!(opener.open_like_last(b"eyJ.eyJ.x").is_none());
    assert!(
        opener
            .open_like_last(format!("{}AA..x.y.z", one[0]).as_bytes())
            .is_none()
    );
}

#[test]
fn many_tokens_inside_of_others_are_judged_as_each_alone() {
    use crate::text::time::Timestamp;
    use crate::token::issue::SigningKey;
    use crate::token::keyset::VerifyingKeys;
    use crate::token::policy::Policy;
    use crate::token::verify::TokenVerifier;

    let key = key_for(KeyManagement::Dir, ContentEncryption::A256Gcm);
    let recipient = Recipient::new(&key, RecipientAsked::default()).unwrap();
    let seal = |content: &str| {
        let header = recipient.header();
        recipient.encrypt(content.as_bytes(), header).unwrap()
    };
    let secret = || Key::secret(b"a-string-secret-at-least-256-bits-long".to_vec().into());
    let signing = SigningKey::new(&secret(), Algorithm::HS256, false).unwrap();
    let signed = |header: &str, payload: &str| {
        let [header, payload] = [header, payload].map(crate::token::compact::encode_segment);
        let input = format!("{header}.{payload}");
        let signature = signing.sign(input.as_bytes()).unwrap();
        format!(
            "{input}.{}",
            crate::token::compact::encode_segment(signature)
        )
    };
    let (usual, other) = (r#"{"alg":"HS256"}"#, r#"{"alg":"HS256","kid":"x"}"#);
    let good = signed(usual, r#"{"sub":"one"}"#);
    let spaced = signed(r#" {"alg":"HS256"}"#, "{}");
    let sealed_good = seal(&good);
    let tokens = [
        sealed_good.clone(),
        seal(&signed(usual, r#"{"sub":"two"}"#)),
        seal(&signed(usual, r#"{"exp":1}"#)),
        seal(&signed(other, "{}")),
        seal(&signed(usual, "{}")),
        seal(&spaced),
        seal(&spaced),
        seal(&good.replace("eyJz", "eyJy")),
        seal(&format!("{good}x")),
        seal(&format!("{good}.x")),
        seal(&format!("{good}~")),
        seal(&good[..good.len() - 43]),
        seal(r#"{"sub":"nobody"}"#),
        seal("not a token"),
        seal(""),
        seal(&sealed_good),
        seal(&seal(&sealed_good)),
        good.clone(),
        sealed_good.clone() + "A",
        sealed_good.clone() + " ",
        sealed_good.replacen('.', ".A", 2),
        sealed_good,
        good,
    ];
    let decryption = Some(std::sync::Arc::new(opening(key)));
    let keys = VerifyingKeys::of("there", secret().into()).opening_with(decryption);
    let policy = Policy {
        allow_no_exp: true,
        ..Policy::default()
    };
    let new = || TokenVerifier::new(&keys, &policy, Timestamp::from_seconds(1_800_000_000));
    let mut verifier = new();
    for token in tokens.iter().chain(&tokens) {
        let alike = verifier.verify_like_last(token.as_bytes());
        let many = alike.unwrap_or_else(|| verifier.verify(token));
        match (new().verify(token), many) {
            (Ok(alone), Ok(many)) => {
                assert_eq!(alone.claims().compact(), many.claims().compact(), "{token}");
                assert_eq!(
                    format!("{:?}", alone.report()),
                    format!("{:?}", many.report())
                );
                verifier.reuse(many);
            }
            (Err(alone), Err(many)) => {
                assert_eq!(alone.to_string(), many.to_string(), "{token}");
                assert_eq!(format!("{:?}", alone.report), format!("{:?}", many.report));
            }
            (alone, many) => panic!("{token}: {alone:?}, {many:?}"),
        }
    }
    let good = tokens.iter().filter(|token| new().verify(token).is_ok());
    assert_eq!(good.count(), 10);
}
