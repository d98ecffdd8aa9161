use std::sync::Arc;

use super::*;
use crate::token::algorithm::Algorithm;
use crate::token::compact::encode_segment;
use crate::token::content::{Reading, read};
use crate::token::issue::SigningKey;
use crate::token::jwe::DecryptionKeys;
use crate::token::keyset::KeySource;
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
    let opening = KeySource::new("test", read(&[b'x'; 32], &Reading::default()).unwrap());
    let opening = keys.opening_with(Some(Arc::new(DecryptionKeys::new(vec![opening]))));
    let jwe = |header: &str| {
        let header = encode_segment(header);
        format!("{header}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA")
    };
    let (closed, critical) = (
        jwe(r#"{"alg":"dir","enc":"A256GCM"}"#),
        jwe(r#"{"alg":"dir","enc":"A256GCM","crit":["exp"],"exp":1}"#),
    );
    for (token, policy, failed) in [
        ("x", &Policy::default(), CheckName::Format),
        (&*jws, &second, CheckName::Signature),
        (&*closed, &Policy::default(), CheckName::Decryption),
        (&*critical, &Policy::default(), CheckName::Crit),
    ] {
        let keys = &opening;
        let now = Timestamp::from_seconds(1);
        let refused = verify(token, keys, policy, now).unwrap_err();
        let checks = &refused.report.checks;
        let check = checks.iter().find(|check| check.outcome == Outcome::Fail);
        assert_eq!(check.unwrap().name, failed);
    }
}

#[test]
fn a_payload_that_an_editor_changed_on_its_way_is_told_from_another() {
    let hint = |header: &str, payload: Option<&str>, signed: &str, with_signature: bool| {
        let keys = read(&[b'x'; 32], &Reading::default()).unwrap();
        let key = SigningKey::new(&keys.keys[0], Algorithm::HS256, false).unwrap();
        let keys = VerifyingKeys::of("test", keys);
        let policy = Policy {
            payload: payload.map(|payload| payload.as_bytes().to_vec()),
            ..Policy::default()
        };
        let encoded = match header.contains("b64") {
            true => signed.to_owned(),
            false => encode_segment(signed),
        };
        let header = encode_segment(header);
        let mut signature =
            encode_segment(key.sign(format!("{header}.{encoded}").as_bytes()).unwrap());
        if !with_signature {
            signature.clear();
        }
        let judged = verify_signature(&format!("{header}..{signature}"), &keys, &policy);
        judged.err().map(|refused| refused.refusals[0].hint.clone())
    };
    for header in [
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
    ] {
        let beside = |payload, signed| hint(header, Some(payload), signed, true);
        assert_eq!(beside("text", "text"), None);
        let (with, without) = (
            Some(Some(Advice::EndWithLineBreak)),
            Some(Some(Advice::EndWithoutLineBreak)),
        );
        assert_eq!(beside("text", "text\n"), with);
        assert_eq!(beside("text", "text\r\n"), with);
        assert_eq!(beside("text\n", "text"), without);
        assert_eq!(beside("text\r\n", "text"), without);
        assert_eq!(beside("text", "other\n"), Some(None));
        assert_eq!(beside("text\n", "other"), Some(None));
        let unsigned = hint(header, Some("text"), "text\n", false);
        assert_eq!(unsigned, Some(Some(Advice::Sign)));
    }
    let (nowhere, unsigned) = (
        hint(r#"{"alg":"HS256"}"#, None, "text", true),
        hint(r#"{"alg":"HS256"}"#, None, "text", false),
    );
    assert_eq!(nowhere, Some(Some(Advice::CheckDetached)));
    assert_eq!(unsigned, Some(Some(Advice::Sign)));
}

#[test]
fn of_several_places_the_report_names_the_one_of_the_key_that_fits_and_notes_its_copies() {
    let keys = |byte: u8| read(&[byte; 32], &Reading::default()).unwrap();
    let key = SigningKey::new(&keys(b'x').keys[0], Algorithm::HS256, false).unwrap();
    let mut set = keys(b'x');
    set.is_set = true;
    set.keys.extend(keys(b'y').keys);
    for key in &mut set.keys {
        key.kid = Some("a".to_owned());
    }
    let sources = vec![
        KeySource::new("other", keys(b'z')),
        KeySource::new("set", set),
    ];
    let keys = VerifyingKeys::new(sources, false);
    let input = format!("{}.e30", encode_segment(r#"{"alg":"HS256","kid":"a"}"#));
    let signature = encode_segment(key.sign(input.as_bytes()).unwrap());
    let good = verify_signature(&format!("{input}.{signature}"), &keys, &Policy::default());
    let good = good.unwrap();
    assert_eq!(good.report().key.as_deref(), Some("set"));
    assert_eq!(
        good.report().notes,
        ["2 keys of set have the token's `kid`"]
    );
    let bad = verify_signature(&format!("{input}.AAAA"), &keys, &Policy::default());
    assert_eq!(bad.unwrap_err().report.key, None);
}

#[test]
fn a_refusal_without_advice_of_its_own_has_that_of_its_kind() {
    let keys = VerifyingKeys::of("test", read(&[b'x'; 32], &Reading::default()).unwrap());
    for (header, advice) in [
        ("{}", Advice::GetWellFormed),
        (
            r#"{"alg":"HS256","crit":["exp"],"exp":1}"#,
            Advice::UnderstandExtensions,
        ),
    ] {
        let token = format!("{}.e30.c2ln", encode_segment(header));
        let now = Timestamp::from_seconds(1);
        let refused = verify(&token, &keys, &Policy::default(), now).unwrap_err();
        assert_eq!(refused.refusals[0].hint, Some(advice));
    }
}
