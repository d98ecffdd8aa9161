use crate::text::time::{Span, Timestamp};
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::compact::encode_segment;
use crate::token::content::{Reading, read};
use crate::token::issue::SigningKey;
use crate::token::json;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::Policy;
use crate::token::refusal::Reason;
use crate::token::report::{CheckName, Report};
use crate::token::verify;
use crate::token::verify::Refused;

const NOW: i64 = 1_700_000_000;

fn judged(claims: &str, policy: &Policy) -> Result<Report, Refused> {
    judged_as(r#"{"alg":"HS256"}"#, claims, policy)
}

fn judged_as(header: &str, claims: &str, policy: &Policy) -> Result<Report, Refused> {
    let keys = read(&[b'x'; 32], &Reading::default()).unwrap();
    let key = SigningKey::new(&keys.keys[0], Algorithm::HS256, false).unwrap();
    let input = format!("{}.{}", encode_segment(header), encode_segment(claims));
    let signature = encode_segment(key.sign(input.as_bytes()).unwrap());
    let keys = VerifyingKeys::of("test", keys);
    let now = Timestamp::from_seconds(NOW);
    let verified = verify(&format!("{input}.{signature}"), &keys, policy, now)?;
    Ok(verified.report().clone())
}

fn lenient() -> Policy {
    Policy {
        leeway: Span::from_seconds(60),
        allow_no_exp: true,
        ..Policy::default()
    }
}

/// What is said of a check that is passed.
fn detail(name: CheckName, claims: &str) -> String {
    let policy = Policy {
        max_age: (name == CheckName::MaxAge).then_some(Span::from_seconds(120)),
        ..lenient()
    };
    let report = judged(claims, &policy).unwrap_or_else(|why| panic!("{claims}: {why}"));
    let check = report.checks.iter().find(|check| check.name == name);
    check.unwrap().detail.clone().unwrap()
}

#[test]
fn at_the_very_second_of_a_time_the_words_are_those_of_the_verdict() {
    for (name, claims, words) in [
        (
            CheckName::Exp,
            r#"{"exp":1700000001}"#,
            "valid for another 1 second",
        ),
        (
            CheckName::Exp,
            r#"{"exp":1700000000}"#,
            "expired now, within the leeway of 1m",
        ),
        (
            CheckName::Exp,
            r#"{"exp":1699999941}"#,
            "expired 59 seconds ago, within the leeway of 1m",
        ),
        (
            CheckName::Nbf,
            r#"{"nbf":1699999999}"#,
            "valid since 1 second ago",
        ),
        (CheckName::Nbf, r#"{"nbf":1700000000}"#, "valid since now"),
        (
            CheckName::Nbf,
            r#"{"nbf":1700000001}"#,
            "valid in 1 second, within the leeway of 1m",
        ),
        (
            CheckName::Nbf,
            r#"{"nbf":1700000060}"#,
            "valid in 1 minute, within the leeway of 1m",
        ),
        (
            CheckName::Iat,
            r#"{"iat":1700000060}"#,
            "issued in 1 minute",
        ),
        (
            CheckName::Iat,
            r#"{"iat":1700000061}"#,
            "issued in 1 minute 1 second, in the future",
        ),
        (
            CheckName::MaxAge,
            r#"{"iat":1699999820}"#,
            "not older than 2m",
        ),
    ] {
        assert_eq!(detail(name, claims), words, "{claims}");
    }
}

/// A leeway that would be enough is offered in whole minutes from one minute on, up to the largest there is.
#[test]
fn the_leeway_that_would_be_enough_is_offered() {
    let hint = |exp: i64| {
        let refused = judged(&format!(r#"{{"exp":{}}}"#, NOW - exp), &Policy::default());
        refused.unwrap_err().refusals[0].hint.clone()
    };
    for (late, leeway) in [
        (0, 1),
        (58, 59),
        (59, 60),
        (60, 120),
        (119, 120),
        (120, 180),
        (599, 600),
    ] {
        let offered = Advice::AllowLeeway(Span::from_seconds(leeway));
        assert_eq!(hint(late), Some(offered), "{late}");
    }
    assert_eq!(hint(600), Some(Advice::GetNewToken));
    let refused = judged(r#"{"exp":1900000000,"nbf":1700000600}"#, &Policy::default());
    assert_eq!(refused.unwrap_err().refusals[0].hint, None);
    let refused = judged(
        r#"{"exp":1900000000000,"nbf":1700000600000}"#,
        &Policy::default(),
    );
    assert_eq!(
        refused.unwrap_err().refusals[0].hint,
        Some(Advice::CountSeconds)
    );
}

#[test]
fn a_refusal_says_each_reason_in_the_order_of_the_checks() {
    let refused = judged(r#"{"exp":1699999999,"sub":1}"#, &Policy::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the token expired 1 second ago (2023-11-14T22:13:19Z); `sub` is a number, not a string"
    );
}

#[test]
fn who_was_asked_for_is_named_where_another_is_found() {
    let asked = |change: fn(&mut Policy)| {
        let mut policy = lenient();
        change(&mut policy);
        policy
    };
    let subject = asked(|policy| policy.subject = Some("alice".to_owned()));
    let issuer = asked(|policy| policy.issuers = vec!["https://a.test".to_owned()]);
    let issuers =
        asked(|policy| policy.issuers = ["https://a.test", "x"].map(str::to_owned).into());
    let audience = asked(|policy| policy.audiences = vec!["api".to_owned()]);
    let report = judged(r#"{"sub":"alice"}"#, &subject).unwrap();
    let sub = report
        .checks
        .iter()
        .find(|check| check.name == CheckName::Sub);
    assert_eq!(sub.unwrap().detail.as_deref(), Some("alice"));
    let (alice, a) = (json::quote("alice"), json::quote("https://a.test"));
    for (policy, claims, reason, expected, has_hint) in [
        (
            &subject,
            r#"{"sub":"bob"}"#,
            Reason::WrongSub,
            &alice,
            false,
        ),
        (
            &subject,
            r#"{"sub":"Alice"}"#,
            Reason::WrongSub,
            &alice,
            true,
        ),
        (&subject, "{}", Reason::MissingClaim, &alice, false),
        (
            &subject,
            r#"{"user":"alice"}"#,
            Reason::MissingClaim,
            &alice,
            true,
        ),
        (
            &issuer,
            r#"{"iss":"https://b.test"}"#,
            Reason::WrongIss,
            &a,
            false,
        ),
        (
            &issuer,
            r#"{"iss":"https://a.test/"}"#,
            Reason::WrongIss,
            &a,
            true,
        ),
        (&issuer, "{}", Reason::MissingClaim, &a, false),
        (
            &issuers,
            "{}",
            Reason::MissingClaim,
            &json::array(&["https://a.test", "x"]),
            false,
        ),
        (
            &audience,
            r#"{"aud":["web"]}"#,
            Reason::WrongAud,
            &json::quote("api"),
            false,
        ),
        (
            &audience,
            r#"{"aud":"api/"}"#,
            Reason::WrongAud,
            &json::quote("api"),
            true,
        ),
    ] {
        let refused = judged(claims, policy).unwrap_err();
        let [refusal] = refused.refusals.as_slice() else {
            panic!("{claims}: {refused}");
        };
        assert_eq!(refusal.reason, reason, "{claims}");
        assert_eq!(refusal.expected.as_ref(), Some(expected), "{claims}");
        assert_eq!(
            refusal.hint.is_some(),
            has_hint,
            "{claims}: {:?}",
            refusal.hint
        );
    }
}

#[test]
fn a_payload_that_is_a_token_is_told_from_one_that_is_no_json() {
    let message = |header| {
        let refused = judged_as(header, "e30.e30.c2ln", &Policy::default()).unwrap_err();
        refused.to_string()
    };
    assert_eq!(
        message(r#"{"alg":"HS256","cty":"JWT"}"#),
        "the payload is a token itself (`cty` is JWT), not claims"
    );
    let other = message(r#"{"alg":"HS256"}"#);
    assert!(other.starts_with("the payload is not JSON: "), "{other}");
}
