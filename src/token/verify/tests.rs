use super::*;
use crate::token::algorithm::Algorithm;
use crate::token::compact::encode_segment;
use crate::token::content::{Reading, read};
use crate::token::issue::SigningKey;
use crate::token::policy::SignatureChoice;
use crate::token::refusal::Reason;
use crate::token::report::Outcome;

/// What is asked of a payload that is sent beside a token is asked of each of many with one header.
#[test]
fn a_payload_beside_the_token_is_no_payload_of_its_own() {
    const CLAIMS: &str = r#"{"exp":2}"#;
    let keys = read(&[b'x'; 32], &Reading::default()).unwrap();
    let key = SigningKey::new(&keys.keys[0], Algorithm::HS256, false).unwrap();
    let (header, payload) = (encode_segment(r#"{"alg":"HS256"}"#), encode_segment(CLAIMS));
    let input = format!("{header}.{payload}");
    let signature = encode_segment(key.sign(input.as_bytes()).unwrap());
    let (whole, detached) = (
        format!("{input}.{signature}"),
        format!("{header}..{signature}"),
    );
    let keys = VerifyingKeys::of("test", keys);
    let policy = Policy {
        payload: Some(CLAIMS.as_bytes().to_vec()),
        ..Policy::default()
    };
    let mut verifier = TokenVerifier::new(&keys, &policy, Timestamp::from_seconds(1));
    assert!(verifier.verify(&detached).is_ok());
    assert!(verifier.verify_like_last(detached.as_bytes()).is_none());
    assert!(verifier.verify_like_last(whole.as_bytes()).is_none());
    assert!(
        verifier
            .verify_signature_like_last(whole.as_bytes())
            .is_none()
    );
    let refused = verifier.verify(&whole).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the token has a payload of its own: it is not detached"
    );
}

#[test]
fn keys_that_could_not_be_loaded_refuse_every_token() {
    let missing = Refusal::new(Reason::KeyMissing, "there is no key");
    let keys = VerifyingKeys::unusable(missing);
    let input = format!(
        "{}.{}",
        encode_segment(r#"{"alg":"HS256"}"#),
        encode_segment("{}")
    );
    let policy = Policy::default();
    let refused = verify(
        &format!("{input}.c2ln"),
        &keys,
        &policy,
        Timestamp::from_seconds(1),
    );
    assert_eq!(refused.unwrap_err().to_string(), "there is no key");
}

#[test]
fn the_place_of_the_only_keys_is_named_where_none_is_good() {
    let keys = VerifyingKeys::of("test", read(&[b'x'; 32], &Reading::default()).unwrap());
    let policy = Policy::default();
    let now = Timestamp::from_seconds(1);
    let refused = verify("e30.e30.c2ln", &keys, &policy, now).unwrap_err();
    assert_eq!(refused.report.key.as_deref(), Some("test"));
    let skipped = |check: &crate::token::report::Check| check.outcome == Outcome::Skipped;
    assert!(refused.report.checks.iter().any(skipped));
    let mut verifier = TokenVerifier::new(&keys, &policy, now).without_report();
    let refused = verifier.verify("e30.e30.c2ln").unwrap_err();
    assert_eq!(refused.report.key, None);
    assert!(refused.report.checks.is_empty());
}

#[test]
fn what_is_refused_before_a_signature_is_tried_fails_the_check_that_it_belongs_to() {
    let keys = VerifyingKeys::of("test", read(&[b'x'; 32], &Reading::default()).unwrap());
    let second = Policy {
        signature: Some(SignatureChoice::Number(2)),
        ..Policy::default()
    };
    let jws = format!("{}.e30.c2ln", encode_segment(r#"{"alg":"HS256"}"#));
    for (token, policy, failed) in [
        ("x", &Policy::default(), CheckName::Format),
        (&*jws, &second, CheckName::Signature),
    ] {
        let now = Timestamp::from_seconds(1);
        let refused = verify(token, &keys, policy, now).unwrap_err();
        let checks = &refused.report.checks;
        let check = checks.iter().find(|check| check.outcome == Outcome::Fail);
        assert_eq!(check.unwrap().name, failed);
    }
}
