use super::*;
use crate::token::compact::decode_segment;

/// RFC 7518 appendix C.
#[test]
fn the_key_of_the_rfc_is_derived() {
    let secret = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110,
        163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];
    let purpose = Purpose::of(KeyManagement::EcdhEs, ContentEncryption::A128Gcm, None);
    let key = concat_kdf(&secret, &purpose.info(b"Alice", b"Bob"), 16);
    assert_eq!(encode_segment(&*key), "VqqN6vgjbSBcIijNcacQGg");
}

#[test]
fn the_vectors_of_wycheproof_and_webcrypto_are_judged_as_they_say() {
    const WYCHEPROOF: &str = include_str!("../../../../tests/vectors/jwe/wycheproof-ecdh.jsonl");
    const WEBCRYPTO: &str = include_str!("../../../../tests/vectors/jwe/webcrypto-ecdh.jsonl");
    let mut count = 0;
    for line in WYCHEPROOF.lines().chain(WEBCRYPTO.lines()) {
        let row = Json::parse_str(line).unwrap().value;
        let parts: Vec<Json<'_>> = row.elements().collect();
        let [id, comment, result, public, private, shared] = parts.as_slice() else {
            panic!("{line}");
        };
        let crv = private.get("crv").and_then(Json::as_str).unwrap();
        let group = match &*crv {
            "X25519" => Group::X25519,
            crv => Group::Curve(Curve::parse(crv).unwrap()),
        };
        let d = private.get("d").and_then(Json::as_str).unwrap();
        let d = decode_segment(&d, "d").unwrap();
        let shared = shared.as_str().unwrap();
        let shared = crate::token::encoding::Encoding::Hex.undo(shared.as_bytes());
        let shared = shared.unwrap_or_default();
        let Some(key) = AgreementKey::new(group, &d) else {
            assert!(!result.is("valid"), "{}", id.text());
            continue;
        };
        let public = group.read(*public).ok();
        let agreed = public.and_then(|public| key.agree(&public, b"", 32));
        let is_agreed = agreed.is_some_and(|agreed| *agreed == *concat_kdf(&shared, b"", 32));
        let is_zero = shared.iter().all(|byte| *byte == 0);
        match result.is("valid") {
            true => assert!(is_agreed, "{} {}", id.text(), comment.text()),
            false if result.is("acceptable") && !is_zero => {}
            false => assert!(!is_agreed, "{} {}", id.text(), comment.text()),
        }
        count += 1;
    }
    assert!(count > 130, "{count}");
}
