use std::sync::Arc;

use super::*;
use crate::token::advice::{JsonEdit, JsonPlace};
use crate::token::compact::encode_segment;
use crate::token::external::ExternalSigner;
use crate::token::generate::generate;
use crate::token::pem::samples::{EC_CERTIFICATE, EC_PKCS8};

const RSA: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

fn one(text: &str) -> Result<Key, KeyFault> {
    read(Json::parse(text.as_bytes()).unwrap().value).map(|(key, _)| key)
}

/// The key with more members, or with other values for those it has.
fn with(jwk: &str, members: &str) -> String {
    let parse = |text: &str| -> Vec<(String, String)> {
        let members = Json::parse(text.as_bytes()).unwrap().value.members();
        members
            .map(|(name, value)| (name.into(), value.text().into()))
            .collect()
    };
    let added = parse(&format!("{{{members}}}"));
    let mut all = parse(jwk);
    all.retain(|(name, _)| added.iter().all(|(other, _)| other != name));
    all.extend(added);
    let all: Vec<String> = all.iter().map(|(n, v)| format!("{n:?}:{v}")).collect();
    format!("{{{}}}", all.join(","))
}

fn refusal(text: &str) -> String {
    one(text).unwrap_err().message
}

#[test]
fn the_jwks_of_the_rfcs_are_read() {
    for (jwk, kind) in [
        (RSA, "an RSA public key of 2048 bits"),
        (EC, "an EC private key (P-256)"),
        (ED, "an Ed25519 private key"),
        (OCT, "a secret of 64 bytes"),
    ] {
        assert_eq!(one(jwk).unwrap().kind_words(), kind);
    }
}

#[test]
fn kid_and_alg_are_kept() {
    let key = one(&with(ED, r#""kid":"a\u0062c","alg":"Ed25519""#)).unwrap();
    assert_eq!(key.kid.as_deref(), Some("abc"));
    assert_eq!(key.default_algorithm(), Some(Algorithm::Ed25519));
    assert_eq!(key.algorithms(), [Algorithm::EdDSA, Algorithm::Ed25519]);
    let key = one(&with(RSA, r#""alg":"PS384""#)).unwrap();
    assert_eq!(key.algorithms(), [Algorithm::PS384]);
    assert!(!key.allows(Algorithm::RS256));
    let again = key.public_jwk().unwrap();
    assert_eq!(again.matches(r#""alg":"PS384""#).count(), 1, "{again}");
}

fn assert_refused(rows: &[(&str, &str, &str)]) {
    for (jwk, members, message) in rows {
        assert_eq!(refusal(&with(jwk, members)), *message, "{members}");
    }
}

#[test]
fn common_members_that_say_something_wrong_are_refused_by_name() {
    assert_refused(&[
        (
            OCT,
            r#""kty":"OCT""#,
            "the JWK has a `kty` `OCT` that is not supported",
        ),
        (
            OCT,
            r#""kty":"XYZ""#,
            "the JWK has a `kty` `XYZ` that is not supported",
        ),
        (
            OCT,
            r#""kty":"a\u001bb""#,
            "the JWK has a `kty` that is not supported",
        ),
        (OCT, r#""kty":1"#, "`kty` of the JWK is not a string"),
        (OCT, r#""kid":7"#, "`kid` of the JWK is not a string"),
        (
            OCT,
            r#""alg":"A512GCM""#,
            "the JWK has an `alg` `A512GCM` that is not supported",
        ),
        (
            OCT,
            r#""use":"sig","alg":"A256KW""#,
            "the `alg` `A256KW` of the JWK encrypts, and its `use` is for signatures",
        ),
        (
            OCT,
            r#""alg":"none""#,
            "the JWK has an `alg` `none` that is not supported",
        ),
        (
            OCT,
            r#""alg":"RS256""#,
            "the `alg` of the JWK is RS256, which does not fit a secret of 64 bytes",
        ),
        (
            OCT,
            r#""key_ops":"sign""#,
            "`key_ops` of the JWK is not an array of different strings",
        ),
        (
            OCT,
            r#""key_ops":["sign","sign"]"#,
            "`key_ops` of the JWK is not an array of different strings",
        ),
        (
            OCT,
            r#""key_ops":[1]"#,
            "`key_ops` of the JWK is not an array of different strings",
        ),
        (OCT, r#""use":[]"#, "`use` of the JWK is not a string"),
        (
            OCT,
            r#""use":"enc","key_ops":["verify"]"#,
            "`use` and `key_ops` of the JWK contradict each other",
        ),
        (
            OCT,
            r#""use":"sig","key_ops":["encrypt"]"#,
            "`use` and `key_ops` of the JWK contradict each other",
        ),
    ]);
    assert_eq!(refusal(r#"{"k":"AQ"}"#), "the JWK has no `kty`");
    assert_eq!(refusal(r#"{"kty":"oct"}"#), "the JWK has no `k`");
    assert_eq!(
        refusal(r#"{"kty":"oct","k":"AQ","\u006b":"AQ"}"#),
        "the JWK has a name `k` twice"
    );
}

#[test]
fn a_number_in_base64_is_refused_with_what_makes_base64url_of_it() {
    for (x, hint) in [
        (
            "nETtuPaygiuWArFtiX8z1yDKW24V3v3Y2WPNyAiL7yI=",
            Advice::WriteBase64url,
        ),
        ("a n&mber", Advice::KnownForms),
        // Not canonical, and no other alphabet.
        ("AR", Advice::KnownForms),
        ("a number", Advice::KnownForms),
    ] {
        let jwk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"AA"}}"#);
        let fault = one(&jwk).unwrap_err();
        assert_eq!(
            fault.message,
            "`x` of the JWK is not base64url without padding"
        );
        assert_eq!(fault.advice(), hint);
    }
}

#[test]
fn a_secret_that_is_not_canonical_base64url_is_refused() {
    assert_refused(&[
        (
            OCT,
            r#""k":"""#,
            "the secret is empty: `k` of the JWK has no bytes",
        ),
        (
            OCT,
            r#""k":"AQ==""#,
            "`k` of the JWK is not base64url without padding",
        ),
        (
            OCT,
            r#""k":"AR""#,
            "`k` of the JWK is not base64url without padding",
        ),
        (
            OCT,
            r#""k":"+/+/""#,
            "`k` of the JWK is not base64url without padding",
        ),
        (
            OCT,
            r#""k":"AA\nAA""#,
            "`k` of the JWK is not base64url without padding",
        ),
        (OCT, r#""k":null"#, "`k` of the JWK is not a string"),
    ]);
    for (k, edit) in [
        (r#""k":"+/+/""#, JsonEdit::RewriteSecret),
        (r#""k":"a secret!""#, JsonEdit::TakeSecret),
    ] {
        let hint = one(&with(OCT, k)).unwrap_err().hint;
        assert_eq!(hint, Some(Advice::EditJson(JsonPlace::File, edit)));
    }
}

#[test]
fn points_and_private_keys_that_do_not_go_with_their_curve_are_refused() {
    assert_refused(&[
        (
            EC,
            r#""alg":"ES384""#,
            "the `alg` of the JWK is ES384, which does not fit an EC private key (P-256)",
        ),
        (
            EC,
            r#""crv":"P-384""#,
            "`x` of the JWK has 32 bytes, and 48 are needed",
        ),
        (
            EC,
            r#""crv":"P-224""#,
            "the JWK has a `crv` `P-224` that is not supported",
        ),
        (
            EC,
            r#""x":"AQ""#,
            "`x` of the JWK has 1 byte, and 32 are needed",
        ),
        (
            EC,
            r#""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4""#,
            "the point of the EC key is not on P-256",
        ),
        (
            EC,
            r#""d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM""#,
            "the public half of the key does not belong to its private half",
        ),
        (
            ED,
            r#""d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM""#,
            "the public half of the key does not belong to its private half",
        ),
        (
            ED,
            r#""x":"AQ""#,
            "`x` of the JWK has 1 byte, and 32 are needed",
        ),
        (
            ED,
            r#""crv":"X25519""#,
            "the public half of the key does not belong to its private half",
        ),
        (
            ED,
            r#""crv":"Ed448""#,
            "the JWK has a `crv` `Ed448` that is not supported",
        ),
    ]);
}

#[test]
fn an_rsa_key_that_lacks_a_number_or_has_a_wrong_one_is_refused() {
    assert_refused(&[
        (
            RSA,
            r#""alg":"HS256""#,
            "the `alg` of the JWK is HS256, which does not fit an RSA public key of 2048 bits",
        ),
        (
            RSA,
            r#""n":"AA""#,
            "the modulus or the exponent of the RSA key is zero",
        ),
        (
            RSA,
            r#""d":"AQAB""#,
            "the RSA private key has only `n`, `e` and `d`: its primes are needed too",
        ),
        (RSA, r#""d":"AQAB","p":"Aw""#, "the JWK has no `q`"),
        (
            RSA,
            r#""d":"AQAB","p":"Aw","oth":[]"#,
            "the RSA key has more than two primes (`oth`)",
        ),
        (
            RSA,
            r#""d":"AQAB","p":"Aw","q":"Aw","dp":"Aw","dq":"Aw","qi":"Aw""#,
            "the numbers of the RSA private key do not belong together",
        ),
    ]);
}

#[test]
fn an_rsa_private_key_with_some_of_its_numbers_is_told_what_to_bring() {
    for numbers in [r#""d":"AQAB""#, r#""d":"AQAB","p":"Aw","q":"Aw""#] {
        let jwk = RSA.replacen('{', &format!("{{{numbers},"), 1);
        let hint = one(&jwk).unwrap_err().hint;
        assert_eq!(hint, Some(Advice::ExportPrimes), "{numbers}");
    }
}

#[test]
fn leading_zeros_of_a_modulus_change_nothing() {
    let padded = RSA
        .replace(r#""n":"o"#, r#""n":"AAAAo"#)
        .replace("AQAB", "AAABAAE");
    assert_eq!(
        one(&padded).unwrap().thumbprint(),
        one(RSA).unwrap().thumbprint()
    );
}

#[test]
fn use_and_key_ops_decide_when_the_key_is_used() {
    let sign = |jwk: &str| one(jwk).unwrap().signing(Algorithm::HS256, false).err();
    let verify = |jwk: &str| one(jwk).unwrap().verifier(Algorithm::HS256, false).err();
    let enc = with(OCT, r#""use":"enc","alg":"dir""#);
    assert_eq!(
        sign(&enc).unwrap().message,
        "the key is not for signatures: its `use` is `enc`, not `sig`"
    );
    let odd = with(OCT, r#""use":"not \u001b a word""#);
    assert_eq!(
        sign(&odd).unwrap().message,
        "the key is not for signatures: its `use` is not `sig`"
    );
    assert_eq!(verify(&enc), sign(&enc));
    let signing = with(OCT, r#""key_ops":["sign"]"#);
    assert_eq!(sign(&signing), None);
    assert_eq!(
        verify(&signing).unwrap().message,
        "the key may not verify: its `key_ops` lacks `verify`"
    );
    let verifying = with(OCT, r#""use":"sig","key_ops":["verify","x-other"]"#);
    assert_eq!(verify(&verifying), None);
    assert!(sign(&verifying).is_some());
    assert!(!one(&verifying).unwrap().may_sign());
}

#[test]
fn the_keys_of_a_spiffe_bundle_are_for_signatures_where_they_are_for_jwts() {
    for (purpose, signs) in [("jwt-svid", true), ("wit-svid", true), ("x509-svid", false)] {
        let key = one(&with(ED, &format!(r#""use":"{purpose}""#))).unwrap();
        assert_eq!(key.may_sign(), signs, "{purpose}");
        assert_eq!(key.verifier(Algorithm::EdDSA, false).is_ok(), signs);
    }
    assert_eq!(
        refusal(&with(ED, r#""use":"jwt-svid","key_ops":["encrypt"]"#)),
        "`use` and `key_ops` of the JWK contradict each other"
    );
}

#[test]
fn zeros_that_are_missing_in_front_of_a_number_are_named() {
    const Y: &str = "v-F2H_iiyig5MAwINZUPOEaknhlDTary98gVpKwxaac";
    let public = |x: &str| format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{Y}"}}"#);
    assert!(one(&public("AKikoXBgTRBd_rHbz6SE4Mg3jQZRLc3bXI9K0-cUb5U")).is_ok());
    for (x, message) in [
        (
            "qKShcGBNEF3-sdvPpITgyDeNBlEtzdtcj0rT5xRvlQ",
            "`x` of the JWK has 31 bytes, and 32 are needed: 1 zero byte in front was left off (RFC 7518 section 6.2.1.2)",
        ),
        (
            "AACopKFwYE0QXf6x28-khODIN40GUS3N21yPStPnFG-V",
            "`x` of the JWK has 33 bytes, and 32 are needed: 1 zero byte in front is too much (RFC 7518 section 6.2.1.2)",
        ),
        // It is another number, so the zeros are not the cause.
        (
            "qKShcGBNEF3-sdvPpITgyDeNBlEtzdtcj0rT5xRvlA",
            "`x` of the JWK has 31 bytes, and 32 are needed",
        ),
    ] {
        assert_eq!(refusal(&public(x)), message);
    }
    let private = r#"{"kty":"EC","crv":"P-521","x":"AUaApqXT3GfcuBxYM9TGqmn3xD4O0AuXqCfXTNKomZ_ewM8Dgx72mmsLZfaxMglGwrxjfjhEvVVjnK9L9TEkaO_u","y":"Abd-18GML-0UN87HDdT2G8IXJwJSGVQ_q4uoEqyC7J6JCBcyt7PT3P1ICOZTwWrJ9zMOeseGYwNKTQYbL9K5OcDD","d":"-Qtvgmgd9N8DALlB2naeYIyT0TIEt9BW7-xsvCQzVnj4Oq-u5_og4QWWXYyIiTgMBOJs_Cp_Ca-japxxC4ZVF1U"}"#;
    assert_eq!(
        refusal(private),
        "`d` of the JWK has 65 bytes, and 66 are needed: 1 zero byte in front was left off (RFC 7518 section 6.2.2.1)"
    );
    let whole = private.replace("\"-Qtvgmgd9N8DALlB2naeYIyT0TIEt9BW7-xsvCQzVnj4Oq-u5_og4QWWXYyIiTgMBOJs_Cp_Ca-japxxC4ZVF1U", "\"APkLb4JoHfTfAwC5Qdp2nmCMk9EyBLfQVu_sbLwkM1Z4-Dqvruf6IOEFll2MiIk4DATibPwqfwmvo2qccQuGVRdV");
    assert!(one(&whole).is_ok());
}

#[test]
fn what_a_jwk_says_of_itself_stays() {
    let other_members = r#""use":"sig","x5t#S256":"AQ","ours":{"n": 1.50}"#;
    let text = with(RSA, &format!(r#"{other_members},"kid":"a""#));
    let shown = one(&text).unwrap().public_jwk().unwrap();
    let kept = r#""kid":"a","use":"sig","x5t#S256":"AQ","ours":{"n":1.50}}"#;
    assert!(shown.ends_with(kept), "{shown}");
    assert_eq!(one(&shown).unwrap().public_jwk().unwrap(), shown);

    let text = with(
        ED,
        &format!(
            r#"{other_members},"key_ops":["sign","verify"],"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#
        ),
    );
    let key = one(&text).unwrap();
    let whole = key.whole_jwk().unwrap();
    assert!(
        whole.contains(r#""ours":{"n":1.50},"key_ops":["sign","verify"]"#),
        "{}",
        *whole
    );
    let public = key.public_jwk().unwrap();
    assert!(
        public.ends_with(r#""use":"sig","x5t#S256":"AQ","key_ops":["verify"]}"#),
        "{public}"
    );
    let half = key.public().unwrap();
    assert_eq!(half.public_jwk().unwrap(), public);
    assert!(half.verifier(Algorithm::EdDSA, false).is_ok());
}

#[test]
fn a_key_says_once_that_it_is_for_signatures() {
    let declared = |members: &str| {
        let mut key = one(&with(RSA, members)).unwrap();
        key.declare_signing();
        key.public_jwk().unwrap()
    };
    for (members, purpose) in [
        (r#""kid":"a""#, r#","use":"sig"}"#),
        (r#""use":"sig""#, r#","use":"sig"}"#),
        (r#""use":"jwt-svid""#, r#","use":"jwt-svid"}"#),
    ] {
        let jwk = declared(members);
        assert!(
            jwk.ends_with(purpose) && jwk.matches("\"use\"").count() == 1,
            "{jwk}"
        );
    }
}

#[test]
fn a_certificate_alone_gives_its_key() {
    let base64: String = EC_CERTIFICATE
        .lines()
        .filter(|l| !l.starts_with('-'))
        .collect();
    let jwk = |members: &str| format!(r#"{{"x5c":["{base64}"]{members}}}"#);
    let of_certificate = one(&jwk("")).unwrap();
    assert_eq!(of_certificate.kind_words(), "an EC public key (P-256)");
    let named = one(&jwk(r#","kty":"EC","crv":"P-256","kid":"a","use":"sig""#)).unwrap();
    assert_eq!(named.kid.as_deref(), Some("a"));
    assert_eq!(named.thumbprint(), of_certificate.thumbprint());
    for (members, message) in [
        (
            r#","kty":"RSA""#,
            "`kty` of the JWK does not fit its `x5c`, which certifies an EC public key (P-256)",
        ),
        (
            r#","kty":"EC","crv":"P-384""#,
            "`crv` of the JWK does not fit its `x5c`, which certifies an EC public key (P-256)",
        ),
        (r#","kty":"EC","x":"AQ""#, "the JWK has no `crv`"),
        (r#","kty":"EC","d":"AQ""#, "the JWK has no `crv`"),
    ] {
        assert_eq!(refusal(&jwk(members)), message);
    }
    for chain in [r#""AQ""#, "[]", "[1]", r#"["?"]"#] {
        assert_eq!(
            refusal(&format!(r#"{{"x5c":{chain}}}"#)),
            "`x5c` of the JWK cannot be read: there is no certificate in base64"
        );
    }
    // A key is no certificate, and a private one least of all.
    let pkcs8: String = EC_PKCS8.lines().filter(|l| !l.starts_with('-')).collect();
    assert_eq!(
        refusal(&format!(r#"{{"x5c":["{pkcs8}"]}}"#)),
        "`x5c` of the JWK cannot be read: the key is cut off or damaged: its DER is incomplete"
    );
}

#[test]
fn a_modulus_with_a_zero_byte_in_front_is_odd() {
    let oddity = |text: &str| read(Json::parse_str(text).unwrap().value).unwrap().1;
    assert_eq!(oddity(RSA), None);
    assert_eq!(
        oddity(&RSA.replace(r#""n":"o"#, r#""n":"AAAAo"#)).unwrap(),
        "`n` of the JWK begins with a zero byte, which some programs refuse, such as AWS (RFC 7518 section 6.3.1.1)"
    );
    assert!(
        oddity(&RSA.replace("AQAB", "AAABAAE"))
            .unwrap()
            .starts_with("`e` of the JWK")
    );
}

#[test]
fn every_cut_and_every_changed_byte_is_survived() {
    for jwk in [RSA, EC, ED, OCT] {
        for len in 0..jwk.len() {
            assert!(Json::parse_str(&jwk[..len]).is_err());
        }
        for index in 0..jwk.len() {
            let mut changed = jwk.as_bytes().to_vec();
            changed[index] ^= 0x11;
            if let Ok(parsed) = Json::parse(&changed) {
                let _ = read(parsed.value);
            }
        }
    }
}

#[test]
fn the_public_half_has_the_name_the_algorithm_and_the_counterpart_of_each_operation() {
    let half = |jwk: &str, members: &str| one(&with(jwk, members)).unwrap().public().unwrap();
    let verifying = half(ED, r#""kid":"a","alg":"Ed25519","key_ops":["sign"]"#);
    assert_eq!(verifying.kid.as_deref(), Some("a"));
    assert_eq!(verifying.alg, Some(Algorithm::Ed25519));
    assert!(verifying.may_verify() && !verifying.usage.seal);
    let sealing = half(EC, r#""use":"enc","alg":"ECDH-ES","key_ops":["decrypt"]"#);
    assert!(sealing.usage.seal && !sealing.may_verify());
    assert!(sealing.encryption == Binding::parse("ECDH-ES"));
    let operations = r#""key_ops":["decrypt","unwrapKey","deriveKey","deriveBits","encrypt"]"#;
    let jwk = one(&with(EC, operations)).unwrap().public_jwk().unwrap();
    assert!(
        jwk.ends_with(r#""key_ops":["encrypt","wrapKey"]}"#),
        "{jwk}"
    );
}

#[test]
fn a_pair_is_of_keys_with_the_same_public_half() {
    let generated = |algorithm| generate(algorithm, None).unwrap();
    let x25519 =
        r#"{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let keys = [
        one(RSA).unwrap(),
        one(&RSA.replace("ofgWCu", "ofgWCv")).unwrap(),
        one(EC).unwrap(),
        generated(Algorithm::ES256),
        generated(Algorithm::ES384),
        one(ED).unwrap(),
        generated(Algorithm::EdDSA),
        one(x25519).unwrap(),
        generated(Algorithm::MlDsa44),
        generated(Algorithm::MlDsa44),
        one(OCT).unwrap(),
    ];
    for (place, one) in keys.iter().enumerate() {
        for (other_place, other) in keys.iter().enumerate() {
            let is_pair = place == other_place && !one.is_secret();
            assert_eq!(one.is_pair_of(other), is_pair, "{place} {other_place}");
        }
        assert!(one.public().is_none_or(|public| one.is_pair_of(&public)));
    }
}

#[test]
fn with_a_signer_elsewhere_a_key_that_verifies_signs() {
    struct Elsewhere;
    impl ExternalSigner for Elsewhere {
        fn sign(&self, _: Algorithm, _: &[u8]) -> Result<Vec<u8>, KeyFault> {
            Err(KeyFault::rejected("it is not asked"))
        }
    }
    let key = one(&with(RSA, r#""key_ops":["verify"]"#)).unwrap();
    assert!(!key.may_sign());
    assert!(key.with_signer(Arc::new(Elsewhere)).unwrap().may_sign());
    let refused = one(ED).unwrap().with_signer(Arc::new(Elsewhere));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "a key that signs elsewhere needs its public key here, and this is an Ed25519 private key"
    );
}

#[test]
fn a_short_secret_may_be_text_that_was_not_encoded() {
    for (len, fits_as_text) in [(24, true), (23, false)] {
        let k = encode_segment(vec![b'x'; len]);
        let key = one(&format!(r#"{{"kty":"oct","k":"{k}"}}"#)).unwrap();
        let hint = key.verifier(Algorithm::HS256, false).unwrap_err().hint;
        let asked = Advice::MakeSecret {
            bytes: 32,
            may_be_allowed: true,
            fits_as_text,
        };
        assert_eq!(hint, Some(asked), "{len}");
    }
}
