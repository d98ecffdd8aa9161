//! What a token is refused for: claims against policies, at a fixed time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jott::text::time::{Span, Timestamp};
use jott::token::advice::Advice;
use jott::token::algorithm::Algorithm;
use jott::token::content::{Reading, read};
use jott::token::issue::SigningKey;
use jott::token::keyset::{KeySource, VerifyingKeys};
use jott::token::name::Name;
use jott::token::pattern::Pattern;
use jott::token::policy::{Expectation, Expected, Policy};
use jott::token::report::Outcome;
use jott::token::{verify, verify_signature};

const SECRET: &[u8] = b"a secret for tests, of 44 bytes at the least";
const NOW: i64 = 1_700_000_000;

fn source(remote: bool) -> KeySource {
    let keys = read(SECRET, &Reading::default()).unwrap();
    let mut source = KeySource::new("test", keys);
    source.remote = remote;
    source
}

/// A token with these texts as header and claims, signed as they are.
fn token(header: &str, claims: &str) -> String {
    let input = format!("{}.{}", B64.encode(header), B64.encode(claims));
    let key = SigningKey::new(&source(false).keys[0], Algorithm::HS256, false).unwrap();
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", B64.encode(signature))
}

fn judged(token: &str, policy: &Policy, remote: bool) -> Vec<&'static str> {
    let keys = VerifyingKeys::new(vec![source(remote)], false);
    reasons(token, &keys, policy)
}

fn reasons(token: &str, keys: &VerifyingKeys, policy: &Policy) -> Vec<&'static str> {
    match verify(token, keys, policy, Timestamp::from_seconds(NOW)) {
        Ok(verified) => {
            assert!(
                verified
                    .report()
                    .checks
                    .iter()
                    .all(|c| c.outcome != Outcome::Fail)
            );
            Vec::new()
        }
        Err(refused) => refused.refusals.iter().map(|r| r.reason.code()).collect(),
    }
}

const HEADER: &str = r#"{"alg":"HS256"}"#;
const NOTHING: [&str; 0] = [];

fn claims(claims: &str, policy: &Policy) -> Vec<&'static str> {
    judged(&token(HEADER, claims), policy, false)
}

fn policy(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy::default();
    policy.allow_no_exp = true;
    change(&mut policy);
    policy
}

#[test]
fn a_token_expires_at_exp_and_not_a_second_later() {
    let strict = Policy::default();
    let exp = |exp: &str, policy: &Policy| claims(&format!(r#"{{"exp":{exp}}}"#), policy);
    assert_eq!(exp("1700000001", &strict), NOTHING);
    assert_eq!(exp("1700000000.000000001", &strict), NOTHING);
    assert_eq!(exp("1700000000", &strict), ["expired"]);
    assert_eq!(exp("1699999999.999", &strict), ["expired"]);
    assert_eq!(exp("-1", &strict), ["expired"]);
    assert_eq!(exp("-0", &strict), ["expired"]);
    let lenient = policy(|p| p.leeway = Span::from_seconds(5));
    assert_eq!(exp("1699999996", &lenient), NOTHING);
    assert_eq!(exp("1699999995", &lenient), ["expired"]);
}

#[test]
fn exp_of_the_wrong_type_never_counts_as_absent() {
    let lenient = policy(|_| {});
    for exp in [
        "\"1900000000\"",
        "null",
        "true",
        "[1900000000]",
        "{}",
        "1e400",
        "\"never\"",
    ] {
        assert_eq!(
            claims(&format!(r#"{{"exp":{exp}}}"#), &lenient),
            ["malformed"],
            "{exp}"
        );
        assert_eq!(
            claims(&format!(r#"{{"nbf":{exp}}}"#), &lenient),
            ["malformed"],
            "{exp}"
        );
        assert_eq!(
            claims(&format!(r#"{{"iat":{exp}}}"#), &lenient),
            ["malformed"],
            "{exp}"
        );
    }
}

#[test]
fn a_token_without_exp_is_refused_unless_that_is_allowed() {
    assert_eq!(claims("{}", &Policy::default()), ["missing_claim"]);
    assert_eq!(claims("{}", &policy(|_| {})), NOTHING);
}

#[test]
fn nbf_counts_from_its_second_on() {
    let plain = policy(|_| {});
    assert_eq!(claims(r#"{"nbf":1700000000}"#, &plain), NOTHING);
    assert_eq!(claims(r#"{"nbf":1700000000.1}"#, &plain), ["not_yet_valid"]);
    let lenient = policy(|p| p.leeway = Span::from_seconds(1));
    assert_eq!(claims(r#"{"nbf":1700000001}"#, &lenient), NOTHING);
}

#[test]
fn iat_is_judged_only_where_an_age_is_asked_for() {
    let plain = policy(|_| {});
    assert_eq!(claims(r#"{"iat":1800000000}"#, &plain), NOTHING);
    let aged = policy(|p| p.max_age = Some(Span::from_seconds(60)));
    assert_eq!(claims(r#"{"iat":1699999940}"#, &aged), NOTHING);
    assert_eq!(claims(r#"{"iat":1699999939}"#, &aged), ["too_old"]);
    assert_eq!(claims(r#"{"iat":1700000001}"#, &aged), ["issued_in_future"]);
    assert_eq!(claims("{}", &aged), ["missing_claim"]);
}

#[test]
fn an_age_is_judged_to_the_nanosecond_and_with_the_leeway() {
    let aged = |max_age: u64, leeway: u64| {
        policy(|p| {
            p.max_age = Some(Span::from_seconds(max_age));
            p.leeway = Span::from_seconds(leeway);
        })
    };
    let iat = |iat: &str, policy: &Policy| claims(&format!(r#"{{"iat":{iat}}}"#), policy);
    let minute = aged(60, 0);
    assert_eq!(iat("1699999940.000000001", &minute), NOTHING);
    assert_eq!(iat("1699999939.999999999", &minute), ["too_old"]);
    assert_eq!(iat("1700000000", &minute), NOTHING);
    assert_eq!(iat("1700000000.000000001", &minute), ["issued_in_future"]);
    // The leeway counts at both ends.
    let lenient = aged(60, 5);
    assert_eq!(iat("1699999935", &lenient), NOTHING);
    assert_eq!(iat("1699999934.999999999", &lenient), ["too_old"]);
    assert_eq!(iat("1700000005", &lenient), NOTHING);
    assert_eq!(iat("1700000005.000000001", &lenient), ["issued_in_future"]);
    // No age at all is that of the very moment.
    let none = aged(0, 0);
    assert_eq!(iat("1700000000", &none), NOTHING);
    assert_eq!(iat("1699999999.999999999", &none), ["too_old"]);
    // Times before 1970, and those at the ends of what can be said.
    assert_eq!(iat("-1", &minute), ["too_old"]);
    assert_eq!(iat("-1", &aged(1_700_000_001, 0)), NOTHING);
    assert_eq!(iat("0", &aged(u64::MAX / 1_000_000_000, 600)), NOTHING);
    assert_eq!(iat("1e12", &minute), ["issued_in_future"]);
    // A claim of another type has no age, whatever is asked for.
    for wrong in ["\"1700000000\"", "null", "true", "[1700000000]", "1e400"] {
        assert_eq!(iat(wrong, &minute), ["malformed"], "{wrong}");
    }
    // It stands beside the other times, and they beside it.
    let both = claims(r#"{"iat":1600000000,"exp":1600000001}"#, &minute);
    assert_eq!(both, ["expired", "too_old"]);
}

#[test]
fn issuers_are_compared_exactly_and_are_one_string() {
    let asked = policy(|p| p.issuers = vec!["https://a.test".into(), "https://b.test".into()]);
    assert_eq!(claims(r#"{"iss":"https://b.test"}"#, &asked), NOTHING);
    assert_eq!(claims(r#"{"iss":"https:\/\/b.test"}"#, &asked), NOTHING);
    for iss in [
        "\"https://a.test/\"",
        "\"HTTPS://a.test\"",
        "\"\"",
        "\"https://a.test https://b.test\"",
    ] {
        assert_eq!(
            claims(&format!(r#"{{"iss":{iss}}}"#), &asked),
            ["wrong_iss"],
            "{iss}"
        );
    }
    for iss in ["[\"https://a.test\"]", "null", "42"] {
        assert_eq!(
            claims(&format!(r#"{{"iss":{iss}}}"#), &asked),
            ["malformed"],
            "{iss}"
        );
        assert_eq!(
            claims(&format!(r#"{{"iss":{iss}}}"#), &policy(|_| {})),
            ["malformed"],
            "{iss}"
        );
    }
    assert_eq!(claims("{}", &asked), ["missing_claim"]);
}

/// Keys of Ed25519, as their owners have them and as they publish them (RFC 8032 section 7.1).
const PAIRS: [[&str; 2]; 2] = [
    [
        "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    ],
    [
        "TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs",
        "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
    ],
];

/// A token of one pair, judged under the public keys of some, each beside its issuer if it has one.
fn judged_under(
    pair: usize,
    claims: &str,
    policy: &Policy,
    sources: &[(usize, Option<&str>)],
) -> Vec<&'static str> {
    let jwk = |pair: usize, private: bool| {
        let [d, x] = PAIRS[pair];
        let d = if private {
            format!(r#","d":"{d}""#)
        } else {
            String::new()
        };
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"{d}}}"#);
        read(jwk.as_bytes(), &Reading::default()).unwrap().keys
    };
    let input = format!(
        "{}.{}",
        B64.encode(r#"{"alg":"EdDSA"}"#),
        B64.encode(claims)
    );
    let key = SigningKey::new(&jwk(pair, true)[0], Algorithm::EdDSA, false).unwrap();
    let signature = key.sign(input.as_bytes()).unwrap();
    let sources = sources.iter().map(|(pair, issuer)| {
        let mut source = source(issuer.is_some());
        source.keys = jwk(*pair, false);
        source.issuer = issuer.map(str::to_owned);
        source
    });
    let keys = VerifyingKeys::new(sources.collect(), false);
    let token = format!("{input}.{}", B64.encode(signature));
    reasons(&token, &keys, policy)
}

#[test]
fn for_an_issuer_that_is_here_with_its_own_keys_nobody_else_signs() {
    let (a, b) = ("https://a.test", "https://b.test");
    let of = |iss: &str| format!(r#"{{"iss":"{iss}"}}"#);
    let plain = policy(|_| {});
    let named = policy(|p| p.issuers = vec![a.into(), b.into()]);
    for policy in [&plain, &named] {
        // The other key is a local one, or that of another issuer; the order is of no matter.
        for other in [None, Some(b)] {
            for sources in [[(0, Some(a)), (1, other)], [(1, other), (0, Some(a))]] {
                let judged = |pair, iss| judged_under(pair, &of(iss), policy, &sources);
                assert_eq!(judged(0, a), NOTHING);
                assert_eq!(judged(1, a), ["wrong_iss"]);
                assert_eq!(judged(1, b), NOTHING);
            }
        }
    }
    // Without an issuer, or as one that is not here, a local key may sign.
    let sources = [(0, Some(a)), (1, None)];
    assert_eq!(judged_under(1, "{}", &plain, &sources), NOTHING);
    assert_eq!(judged_under(1, &of("x"), &plain, &sources), NOTHING);
    assert_eq!(
        judged_under(1, &of("https://a.test/"), &plain, &sources),
        NOTHING
    );
    assert_eq!(
        judged_under(1, r#"{"iss":["https://a.test"]}"#, &plain, &sources),
        ["malformed"]
    );
}

/// A token of another issuer, or of nobody, has a `kid` that is not in the set.
#[test]
fn where_the_token_names_another_issuer_than_that_of_the_keys_the_hint_names_both() {
    let hint_of = |claims: &str, issuers: &[Option<&str>]| {
        let [_, x] = PAIRS[0];
        let set = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"k","x":"{x}"}}]}}"#);
        let sources = issuers.iter().map(|issuer| {
            let keys = read(set.as_bytes(), &Reading::default()).unwrap();
            let mut source = KeySource::new("set", keys);
            source.issuer = issuer.map(str::to_owned);
            source
        });
        let keys = VerifyingKeys::new(sources.collect(), false);
        let header = B64.encode(r#"{"alg":"EdDSA","kid":"other"}"#);
        let token = format!("{header}.{}.{}", B64.encode(claims), B64.encode([7; 64]));
        let now = Timestamp::from_seconds(NOW);
        let refused = verify(&token, &keys, &policy(|_| {}), now).unwrap_err();
        assert_eq!(refused.refusals[0].reason.code(), "key_not_found");
        refused.refusals[0].hint.clone()
    };
    let told = |claims: &str, issuers: &[Option<&str>]| match hint_of(claims, issuers) {
        Some(Advice::TakeKeysOfItsIssuer { named, own }) => Some((named, own)),
        Some(Advice::TakeSetOfIssuer { .. }) => None,
        hint => panic!("{hint:?}"),
    };
    let (a, b) = ("https://a.test", "https://b.test");
    let both = (b.to_owned(), a.to_owned());
    assert_eq!(told(r#"{"iss":"https://b.test"}"#, &[Some(a)]), Some(both));
    let slash = Some(("https://a.test/".to_owned(), a.to_owned()));
    assert_eq!(told(r#"{"iss":"https://a.test/"}"#, &[Some(a)]), slash);
    let unsafe_name = Some(("x\\u001b[2J".to_owned(), a.to_owned()));
    assert_eq!(told(r#"{"iss":"x\u001b[2J"}"#, &[Some(a)]), unsafe_name);
    // It is that of some of the keys, or theirs is not known, or has a part that may be anything.
    assert_eq!(told(r#"{"iss":"https://a.test"}"#, &[Some(a)]), None);
    assert_eq!(
        told(r#"{"iss":"https://b.test"}"#, &[Some(a), Some(b)]),
        None
    );
    assert_eq!(told(r#"{"iss":"https://b.test"}"#, &[Some(a), None]), None);
    let any = "https://login.test/{tenantid}/v2.0";
    assert_eq!(told(r#"{"iss":"https://b.test"}"#, &[Some(any)]), None);
    for claims in ["{}", r#"{"iss":["https://b.test"]}"#, "no JSON"] {
        assert_eq!(told(claims, &[Some(a)]), None, "{claims}");
    }
}

#[test]
fn a_copy_of_an_issuers_key_signs_for_the_issuer() {
    let a = "https://a.test";
    for sources in [[(0, None), (0, Some(a))], [(0, Some(a)), (0, None)]] {
        let judged = |claims| judged_under(0, claims, &policy(|_| {}), &sources);
        assert_eq!(judged(r#"{"iss":"https://a.test"}"#), NOTHING);
        // What goes for the issuer's keys goes for the copy too.
        assert_eq!(
            judged(r#"{"iss":"https://a.test","aud":"x"}"#),
            ["wrong_aud"]
        );
    }
    let both = [(0, Some(a)), (0, Some("https://b.test"))];
    assert_eq!(
        judged_under(0, r#"{"iss":"https://b.test"}"#, &policy(|_| {}), &both),
        NOTHING
    );
}

#[test]
fn one_audience_of_several_is_enough() {
    let asked = policy(|p| p.audiences = vec!["api".into()]);
    assert_eq!(claims(r#"{"aud":"api"}"#, &asked), NOTHING);
    assert_eq!(claims(r#"{"aud":["other","api"]}"#, &asked), NOTHING);
    for aud in [
        "\"API\"",
        "\"api \"",
        "[]",
        "[\"\"]",
        "\"a*\"",
        "[[\"api\"]]",
    ] {
        let reason = if aud.starts_with("[[") {
            "malformed"
        } else {
            "wrong_aud"
        };
        assert_eq!(
            claims(&format!(r#"{{"aud":{aud}}}"#), &asked),
            [reason],
            "{aud}"
        );
    }
    assert_eq!(claims(r#"{"aud":["api",42]}"#, &asked), ["malformed"]);
    assert_eq!(claims("{}", &asked), ["missing_claim"]);
}

#[test]
fn an_audience_nobody_asked_for_is_refused_under_a_remote_key() {
    let token = token(HEADER, r#"{"aud":"somebody"}"#);
    assert_eq!(judged(&token, &policy(|_| {}), false), NOTHING);
    assert_eq!(judged(&token, &policy(|_| {}), true), ["wrong_aud"]);
    assert_eq!(
        judged(&token, &policy(|p| p.any_audience = true), true),
        NOTHING
    );
}

#[test]
fn every_failed_check_is_reported() {
    let asked = policy(|p| {
        p.issuers = vec!["https://a.test".into()];
        p.subject = Some("alice".into());
        p.require = vec![Name::parse("jti")];
    });
    let reasons = claims(r#"{"exp":1,"iss":"x","sub":"bob","aud":7}"#, &asked);
    assert_eq!(
        reasons,
        [
            "expired",
            "wrong_iss",
            "malformed",
            "wrong_sub",
            "missing_claim"
        ]
    );
}

#[test]
fn a_bad_signature_stands_alone() {
    let mut token = token(r#"{"alg":"HS256","typ":"x"}"#, r#"{"exp":1}"#);
    let asked = policy(|p| p.typ = Some("at+jwt".into()));
    assert_eq!(judged(&token, &asked, false), ["wrong_typ", "expired"]);
    let last = if token.pop() == Some('A') { 'E' } else { 'A' };
    token.push(last);
    assert_eq!(judged(&token, &asked, false), ["bad_signature"]);
}

#[test]
fn claims_are_compared_as_text_words_or_json() {
    let with = |name: &str, value: Expected| {
        policy(|p| {
            p.claims = vec![Expectation {
                name: Name::parse(name),
                value,
            }];
        })
    };
    let text = |name: &str, text: &str| with(name, Expected::Text(text.into()));
    let json = |name: &str, json: &str| with(name, Expected::Json(json.into()));
    let pattern = |name: &str, text: &str| with(name, Expected::Pattern(Pattern::new(text)));
    let all = r#"{"role":"admin","roles":["a","b"],"scope":"read write","n":1.50,"o":{"p":[null,true]},"note":"read write"}"#;
    for good in [
        text("role", "admin"),
        text("roles", "b"),
        text("scope", "write"),
        text("scope", "read write"),
        json("n", "15e-1"),
        json("o", r#"{"p":[null,true]}"#),
        json("/o/p/1", "true"),
        text("header.alg", "HS256"),
        pattern("role", "a*n"),
        pattern("roles", "*"),
        pattern("roles", "b"),
        pattern("scope", "read *"),
        pattern("header.alg", "HS*"),
    ] {
        assert_eq!(claims(all, &good), NOTHING, "{good:?}");
    }
    for bad in [
        text("role", "Admin"),
        text("roles", "c"),
        text("scope", "rea"),
        text("note", "read"),
        text("n", "1.50"),
        json("n", "1.51"),
        json("o", r#"{"p":[true,null]}"#),
        pattern("role", "A*"),
        pattern("role", "dmin"),
        pattern("role", "admi"),
        pattern("roles", "c*"),
        pattern("scope", "write"),
        pattern("n", "*"),
        pattern("o", "*"),
    ] {
        assert_eq!(claims(all, &bad), ["wrong_claim"], "{bad:?}");
    }
    for absent in [
        text("absent", "x"),
        json("absent", "null"),
        pattern("absent", "*"),
    ] {
        assert_eq!(claims(all, &absent), ["missing_claim"]);
    }
}

#[test]
fn media_types_are_compared_without_case_and_application() {
    let asked = policy(|p| p.typ = Some("at+jwt".into()));
    let typ = |typ: &str| {
        judged(
            &token(&format!(r#"{{"alg":"HS256","typ":{typ}}}"#), "{}"),
            &asked,
            false,
        )
    };
    assert_eq!(typ("\"AT+JWT\""), NOTHING);
    assert_eq!(typ("\"application/at+jwt\""), NOTHING);
    assert_eq!(typ("\"JWT\""), ["wrong_typ"]);
    assert_eq!(typ("\"text/at+jwt\""), ["wrong_typ"]);
    assert_eq!(typ("1"), ["malformed"]);
    assert_eq!(judged(&token(HEADER, "{}"), &asked, false), ["wrong_typ"]);
    // Of a type that has a `/` without it, it is no abbreviation.
    let of_two = policy(|p| p.typ = Some("a/b".into()));
    let longer = token(r#"{"alg":"HS256","typ":"application/a/b"}"#, "{}");
    assert_eq!(judged(&longer, &of_two, false), ["wrong_typ"]);
}

#[test]
fn any_crit_is_refused_before_the_signature_counts() {
    for crit in [
        "[\"exp\"]",
        "[]",
        "\"exp\"",
        "null",
        "[\"b64\"]",
        "[\"alg\"]",
    ] {
        let header = format!(r#"{{"alg":"HS256","crit":{crit}}}"#);
        assert_eq!(
            judged(&token(&header, "{}"), &policy(|_| {}), false),
            ["crit_unknown"],
            "{crit}"
        );
    }
}

#[test]
fn payloads_that_are_no_object_are_refused_unless_only_the_signature_counts() {
    for payload in [
        "[1]",
        "\"x\"",
        "null",
        "",
        "foo",
        r#"{"a":1,"a":2}"#,
        r#"{"a":{"b":1,"\u0062":2}}"#,
    ] {
        let token = token(HEADER, payload);
        assert_eq!(
            judged(&token, &policy(|_| {}), false),
            ["malformed"],
            "{payload}"
        );
        let keys = VerifyingKeys::new(vec![source(false)], false);
        let signed = verify_signature(&token, &keys, &Policy::default()).unwrap();
        assert_eq!(signed.payload(), payload.as_bytes());
    }
}

#[test]
fn of_a_signature_alone_the_algorithms_and_the_type_count_and_nothing_else() {
    let keys = VerifyingKeys::new(vec![source(false)], false);
    let signed = |header: &str, policy: &Policy| {
        let token = token(header, r#"{"exp":1,"iss":7,"sub":"a","sub":"b"}"#);
        let verdict = verify_signature(&token, &keys, policy);
        verdict.map_err(|refused| refused.refusals[0].reason.code())
    };
    let strict = policy(|p| {
        p.issuers = vec!["https://a.test".into()];
        p.allow_no_exp = false;
    });
    assert!(signed(HEADER, &strict).is_ok());
    let pinned = policy(|p| p.algorithms = vec![Algorithm::HS512]);
    assert_eq!(signed(HEADER, &pinned).unwrap_err(), "alg_refused");
    let typed = policy(|p| p.typ = Some("at+jwt".into()));
    assert_eq!(signed(HEADER, &typed).unwrap_err(), "wrong_typ");
    let critical = r#"{"alg":"HS256","crit":["x"],"x":1}"#;
    assert_eq!(signed(critical, &strict).unwrap_err(), "crit_unknown");
}

#[test]
fn the_algorithm_comes_from_the_key_and_the_caller() {
    let plain = policy(|_| {});
    for alg in [
        "none", "nOnE", "HS256 ", "hs256", "RS256", "ES256", "EdDSA", "HS1",
    ] {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        assert_eq!(
            judged(&token(&header, "{}"), &plain, false),
            ["alg_refused"],
            "{alg}"
        );
    }
    let pinned = policy(|p| p.algorithms = vec![Algorithm::HS512]);
    assert_eq!(claims("{}", &pinned), ["alg_refused"]);
    assert_eq!(
        judged(&token(r#"{"alg":"HS512"}"#, "{}"), &plain, false),
        ["key_weak"]
    );
}

#[test]
fn what_is_issued_verifies() {
    use jott::token::claims::Members;
    use jott::token::issue;
    use jott::token::json::Json;

    let key = SigningKey::new(&source(false).keys[0], Algorithm::HS256, false).unwrap();
    let mut header = Members::new();
    header.set_text("alg", key.algorithm().name());
    let mut set = Members::new();
    set.set_text("sub", "a\"\u{1b}\u{202e}b");
    let number = Json::parse_str("123456789012345678901234567890").unwrap();
    set.set("n", number.value);
    let token = issue(&set, &header, &key).unwrap();
    assert_eq!(judged(&token, &policy(|_| {}), false), NOTHING);
}

mod one_after_the_other {
    use jott::token::verify::TokenVerifier;
    use proptest::prelude::*;

    use super::*;

    const HEADERS: &[&str] = &[
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"at+jwt"}"#,
        r#"{"alg":"HS256","kid":"k","cty":"JWT"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS256","crit":["x"],"x":1}"#,
        r#"{"alg":1}"#,
        "[]",
    ];

    fn a_member() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            (NOW - 9..NOW + 9).prop_map(|t| t.to_string()),
            Just("1.7000000005e9".to_owned()),
            Just("\"a\"".to_owned()),
            Just("[\"a\",\"b\"]".to_owned()),
            Just("null".to_owned()),
            Just("{\"n\":{\"n\":1}}".to_owned()),
        ];
        let name = "exp|nbf|iat|iss|aud|sub|jti|scope|\\\\u0065xp";
        (proptest::string::string_regex(name).unwrap(), value)
            .prop_map(|(name, value)| format!("\"{name}\":{value}"))
    }

    prop_compose! {
        /// A token, of which a character may have been changed.
        fn a_token()(
            header in proptest::sample::select(HEADERS),
            members in proptest::collection::vec(a_member(), 0..6),
            space in " {0,2}",
            change in proptest::option::weighted(0.2, (any::<proptest::sample::Index>(), "[a-zA-Z._~ \"é]")),
        ) -> String {
            let mut token = token(header, &format!("{{{space}{}{space}}}", members.join(",")));
            if let Some((place, by)) = change {
                let at = place.index(token.len());
                token.replace_range(at..=at, &by);
            }
            token
        }
    }

    prop_compose! {
        fn a_policy()(
            algorithm in proptest::option::of(proptest::sample::select(Algorithm::ALL)),
            iss in proptest::option::weighted(0.3, "[ab]"),
            aud in proptest::option::weighted(0.3, "[ab]"),
            typ in proptest::option::weighted(0.2, Just("at+jwt".to_owned())),
            leeway in 0_u64..5,
            max_age in proptest::option::weighted(0.3, 0_u64..5),
            allow_no_exp in any::<bool>(),
        ) -> Policy {
            let mut policy = Policy::default();
            policy.algorithms = algorithm.into_iter().collect();
            policy.issuers = iss.into_iter().collect();
            policy.audiences = aud.into_iter().collect();
            policy.typ = typ;
            policy.leeway = Span::from_seconds(leeway);
            policy.max_age = max_age.map(Span::from_seconds);
            policy.allow_no_exp = allow_no_exp;
            policy
        }
    }

    #[test]
    fn only_a_bare_token_with_the_header_of_the_one_before_is_alike() {
        let keys = VerifyingKeys::new(vec![source(false)], false);
        let lenient = policy(|_| {});
        let mut verifier = TokenVerifier::new(&keys, &lenient, Timestamp::from_seconds(NOW));
        let (first, second) = (token(HEADER, "{}"), token(HEADER, r#"{"sub":"a"}"#));
        assert!(verifier.verify_like_last(first.as_bytes()).is_none());
        assert!(verifier.verify(&first).is_ok());
        let verdict = verifier.verify_like_last(second.as_bytes()).unwrap();
        assert_eq!(verdict.unwrap().claims().compact(), r#"{"sub":"a"}"#);
        let (signed, signature) = second.rsplit_once('.').unwrap();
        for other in [
            format!("{second}."),
            format!("{second}~"),
            format!("{second} "),
            format!("\"{second}\""),
            format!("{signed}.{signed}.{signature}"),
            format!("{signed}.{signature}="),
            signed.to_owned(),
            token(r#"{"alg":"HS256","kid":"k"}"#, "{}"),
            String::new(),
        ] {
            assert!(
                verifier.verify_like_last(other.as_bytes()).is_none(),
                "{other}"
            );
        }
        let unsigned = verifier.verify_like_last(format!("{signed}.").as_bytes());
        assert!(unsigned.unwrap().is_err());
    }

    proptest! {
        #[test]
        fn tokens_are_judged_as_each_alone(
            tokens in proptest::collection::vec(a_token(), 1..8),
            policy in a_policy(),
            remote in any::<bool>(),
        ) {
            let keys = VerifyingKeys::new(vec![source(remote)], false);
            let now = Timestamp::from_seconds(NOW);
            let mut brief = TokenVerifier::new(&keys, &policy, now).without_report();
            let mut telling = TokenVerifier::new(&keys, &policy, now).diagnosing();
            let verdict = |verifier: &mut TokenVerifier<'_>, token: &String| {
                let alike = verifier.verify_like_last(token.as_bytes());
                alike.unwrap_or_else(|| verifier.verify(token))
            };
            for token in &tokens {
                let alone = verify(token, &keys, &policy, now);
                let told = verdict(&mut telling, token);
                prop_assert_eq!(format!("{told:?}"), format!("{alone:?}"));
                match (verdict(&mut brief, token), alone) {
                    (Ok(brief), Ok(alone)) => {
                        prop_assert_eq!(brief.claims().compact(), alone.claims().compact());
                    }
                    (Err(brief), Err(alone)) => {
                        prop_assert_eq!(brief.report.kid, alone.report.kid);
                        let said = |refusals: Vec<jott::token::refusal::Refusal>| -> Vec<_> {
                            refusals.into_iter().map(|r| (r.reason, r.claim, r.expected, r.found, r.message)).collect()
                        };
                        prop_assert_eq!(said(brief.refusals), said(alone.refusals));
                    }
                    (brief, alone) => prop_assert!(false, "{:?} and {:?}", brief.is_ok(), alone.is_ok()),
                }
                let alike = telling.verify_signature_like_last(token.as_bytes());
                let signed = alike.unwrap_or_else(|| telling.verify_signature(token));
                let alone = verify_signature(token, &keys, &policy);
                prop_assert_eq!(format!("{signed:?}"), format!("{alone:?}"));
            }
        }
    }
}
