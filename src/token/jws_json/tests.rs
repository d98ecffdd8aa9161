use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::*;
use crate::text::time::Timestamp;
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::compact::encode_segment;
use crate::token::content::{Reading, read};
use crate::token::decode::{decode, is_json};
use crate::token::generate::generate;
use crate::token::issue::SigningKey;
use crate::token::jwe::{DecryptionKeys, Recipient, RecipientAsked};
use crate::token::key::Key;
use crate::token::keyset::{KeySource, VerifyingKeys};
use crate::token::policy::{Policy, SignatureChoice};
use crate::token::refusal::Reason;
use crate::token::serialization::Serialization;
use crate::token::verify::{Refused, Signed, TokenVerifier};
use crate::token::{verify, verify_signature};

const VECTORS: &str = include_str!("../../../tests/vectors/jws/rfc7515-rfc7520.jsonl");

/// RFC 7515 appendix A.6.
struct Example {
    token: String,
    keys: VerifyingKeys,
}

impl Example {
    fn new() -> Self {
        let row = Json::parse_str(VECTORS.lines().next().unwrap())
            .unwrap()
            .value;
        assert!(row.get("section").unwrap().is("RFC 7515 appendix A.6"));
        Example {
            token: row.get("json").unwrap().text().to_owned(),
            keys: keys(row.get("key").unwrap()),
        }
    }

    fn judge(&self, token: &str, signature: SignatureChoice) -> Result<Signed, Refused> {
        let policy = Policy {
            signature: Some(signature),
            ..Policy::default()
        };
        verify_signature(token, &self.keys, &policy)
    }

    fn message(&self, token: &str, signature: SignatureChoice) -> String {
        let refused = self.judge(token, signature).unwrap_err();
        refused.refusals[0].message.clone()
    }
}

fn keys(json: Json<'_>) -> VerifyingKeys {
    let text = match json.kind() {
        Kind::Array => format!(r#"{{"keys":{}}}"#, json.text()),
        _ => json.text().to_owned(),
    };
    let found = read(text.as_bytes(), &Reading::default()).unwrap();
    VerifyingKeys::of("example", found)
}

fn signature_detail(signed: &Signed) -> String {
    let checks = &signed.report().checks;
    let check = checks.iter().find(|check| check.name.code() == "signature");
    check.unwrap().detail.clone().unwrap()
}

#[test]
fn the_examples_of_rfc_7515_and_rfc_7520_are_good_in_every_form_and_changed_ones_are_not() {
    let mut count = 0;
    for line in VECTORS.lines() {
        let row = Json::parse_str(line).unwrap().value;
        let section = row.get("section").and_then(Json::as_str).unwrap();
        let payload = row.get("payload").and_then(Json::as_str).unwrap();
        let keys = keys(row.get("key").unwrap());
        for form in ["json", "json_flat"] {
            let Some(token) = row.get(form).map(Json::text) else {
                continue;
            };
            assert!(is_json(token), "{section} {form}");
            assert!(decode(token).is_ok(), "{section} {form}");
            let message = Message::read(token).unwrap();
            let policy = Policy {
                payload: message
                    .payload
                    .is_empty()
                    .then(|| payload.as_bytes().to_vec()),
                ..Policy::default()
            };
            for number in 1..=message.signatures.len() {
                let policy = Policy {
                    signature: Some(SignatureChoice::Number(number)),
                    ..policy.clone()
                };
                let signed = verify_signature(token, &keys, &policy)
                    .unwrap_or_else(|why| panic!("{section} {form} {number}: {why}"));
                assert_eq!(signed.payload(), payload.as_bytes(), "{section}");
                count += 1;
                let signature = &message.signatures[number - 1].segment;
                let first = if signature.starts_with('A') { 'B' } else { 'A' };
                let changed = token.replace(&**signature, &format!("{first}{}", &signature[1..]));
                let refused = verify_signature(&changed, &keys, &policy).unwrap_err();
                assert_eq!(
                    refused.refusals[0].reason,
                    Reason::BadSignature,
                    "{section}"
                );
            }
        }
    }
    assert_eq!(count, 20);
}

#[test]
fn one_good_signature_is_enough_unless_another_is_asked_for() {
    let example = Example::new();
    let good = example.judge(&example.token, SignatureChoice::Any).unwrap();
    assert_eq!(
        signature_detail(&good),
        "`2010-12-29` of the 2 keys of example, signature 1 of 2"
    );
    // It stands where it is not signed.
    assert_eq!(good.report().kid.as_deref(), Some("2010-12-29"));
    let first_is_bad = example
        .token
        .replace("\"signature\":\"cC4hiU", "\"signature\":\"cC4hiV");
    assert_ne!(first_is_bad, example.token);
    let good = example.judge(&first_is_bad, SignatureChoice::Any).unwrap();
    assert_eq!(
        signature_detail(&good),
        "`e9bc097a-ce51-4036-9562-d2ade882db0d` of the 2 keys of example, signature 2 of 2"
    );
    assert_eq!(good.report().alg.as_deref(), Some("ES256"));
    let kid = |kid: &str| SignatureChoice::Kid(kid.to_owned());
    assert!(
        example
            .judge(&first_is_bad, SignatureChoice::Number(2))
            .is_ok()
    );
    assert!(
        example
            .judge(&first_is_bad, kid("e9bc097a-ce51-4036-9562-d2ade882db0d"))
            .is_ok()
    );
    for choice in [SignatureChoice::Number(1), kid("2010-12-29")] {
        assert_eq!(
            example.message(&first_is_bad, choice),
            "the signature does not match the key"
        );
    }
    assert_eq!(
        example.message(&example.token, SignatureChoice::Number(3)),
        "the token has no signature 3: it has 2 signatures"
    );
    assert_eq!(
        example.message(&example.token, kid("x")),
        "no signature of the token has the `kid` `x`"
    );
    let both_are_bad = first_is_bad.replace("\"signature\":\"DtEhU3", "\"signature\":\"DtEhU4");
    let none = "none of the 2 signatures is good: the signature does not match the key";
    assert_eq!(example.message(&both_are_bad, SignatureChoice::Any), none);
    // The check that failed says it too.
    let refused = example.judge(&both_are_bad, SignatureChoice::Any);
    let report = refused.unwrap_err().report;
    let check = report.checks.iter().find(|check| check.refusal.is_some());
    assert_eq!(check.unwrap().detail.as_deref(), Some(none));
    // Of one signature, there is none to tell it from.
    let (start, end) = (
        example.token.find("},{").unwrap(),
        example.token.rfind(']').unwrap(),
    );
    let alone = format!("{}}}{}", &example.token[..start], &example.token[end..]);
    let good = example.judge(&alone, SignatureChoice::Any).unwrap();
    assert_eq!(
        signature_detail(&good),
        "`2010-12-29` of the 2 keys of example"
    );
}

#[test]
fn the_signature_that_comes_furthest_says_why_none_is_good() {
    let example = Example::new();
    let signature = |header: &str| {
        let protected = encode_segment(header);
        format!(r#"{{"protected":"{protected}","signature":"AA"}}"#)
    };
    // From the one that is not even read to the one whose signature is tried.
    let steps = [
        (signature("{}"), Reason::Malformed),
        (signature(r#"{"alg":"none"}"#), Reason::AlgRefused),
        (signature(r#"{"alg":"RS256"}"#), Reason::BadSignature),
    ];
    for (place, (further, reason)) in steps.iter().enumerate() {
        for (nearer, _) in &steps[..place] {
            for pair in [[nearer, further], [further, nearer]] {
                let [first, second] = pair;
                let token = format!(r#"{{"payload":"e30","signatures":[{first},{second}]}}"#);
                let refused = example.judge(&token, SignatureChoice::Any).unwrap_err();
                assert_eq!(refused.refusals[0].reason, *reason, "{token}");
                let message = &refused.refusals[0].message;
                assert!(
                    message.starts_with("none of the 2 signatures is good: "),
                    "{message}"
                );
            }
        }
    }
}

#[test]
fn of_two_that_come_as_far_the_first_is_told_of() {
    let example = Example::new();
    let signature = |header: &str| {
        let protected = encode_segment(header);
        format!(r#"{{"protected":"{protected}","signature":"AA"}}"#)
    };
    let (one, other) = (
        signature(r#"{"alg":"RS256"}"#),
        signature(r#"{"alg":"ES256"}"#),
    );
    for ([first, second], alg) in [([&one, &other], "RS256"), ([&other, &one], "ES256")] {
        let token = format!(r#"{{"payload":"e30","signatures":[{first},{second}]}}"#);
        let refused = example.judge(&token, SignatureChoice::Any).unwrap_err();
        assert_eq!(refused.report.alg.as_deref(), Some(alg));
    }
}

#[test]
fn a_good_signature_over_bad_claims_comes_further_than_a_key_that_is_too_weak() {
    let reading = Reading {
        allow_weak: true,
        ..Reading::default()
    };
    let weak = read(b"short", &reading).unwrap();
    let strong = generate(Algorithm::EdDSA, None).unwrap();
    let payload = encode_segment(r#"{"exp":1}"#);
    let signed = |key: &Key, algorithm: Algorithm| {
        let protected = encode_segment(format!(r#"{{"alg":"{}"}}"#, algorithm.name()));
        let key = SigningKey::new(key, algorithm, true).unwrap();
        let signature = key
            .sign(format!("{protected}.{payload}").as_bytes())
            .unwrap();
        let signature = encode_segment(signature);
        format!(r#"{{"protected":"{protected}","signature":"{signature}"}}"#)
    };
    let by_weak = signed(&weak.keys[0], Algorithm::HS256);
    let by_strong = signed(&strong, Algorithm::EdDSA);
    let sources = vec![
        KeySource::new("weak", weak),
        KeySource::new("strong", crate::token::keys::Keys::from(strong)),
    ];
    let keys = VerifyingKeys::new(sources, false);
    let policy = Policy {
        signature: Some(SignatureChoice::Any),
        ..Policy::default()
    };
    for [first, second] in [[&by_weak, &by_strong], [&by_strong, &by_weak]] {
        let token = format!(r#"{{"payload":"{payload}","signatures":[{first},{second}]}}"#);
        let refused = verify(&token, &keys, &policy, Timestamp::from_seconds(1)).unwrap_err();
        assert_eq!(refused.refusals[0].reason, Reason::Expired);
        assert!(
            refused.refusals[0]
                .message
                .starts_with("the token expired ")
        );
    }
}

/// What would have made a signature good is looked for where that was asked for, and nowhere else.
#[test]
fn what_is_wrong_with_the_best_of_bad_signatures_is_looked_for_where_that_is_asked_for() {
    let example = Example::new();
    let second = "\"signature\":\"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q\"";
    assert!(example.token.contains(second));
    // In DER, as OpenSSL writes it.
    let bytes = URL_SAFE_NO_PAD.decode(&second[13..99]).unwrap();
    let (r, s) = bytes.split_at(32);
    let number = |bytes: &[u8]| match bytes[0] {
        0x80.. => [&[2, 33, 0], bytes].concat(),
        _ => [&[2, 32], bytes].concat(),
    };
    let numbers = [number(r), number(s)].concat();
    let der = [&[0x30, u8::try_from(numbers.len()).unwrap()], &*numbers].concat();
    let in_der = format!("\"signature\":\"{}\"", encode_segment(der));
    let token = example
        .token
        .replace(
            &encode_segment(r#"{"alg":"RS256"}"#),
            &encode_segment(r#"{"alg":"none"}"#),
        )
        .replace(second, &in_der);
    let policy = Policy {
        signature: Some(SignatureChoice::Any),
        ..Policy::default()
    };
    let hint = |verifier: TokenVerifier<'_>| {
        let mut verifier = verifier;
        let refused = verifier.verify_signature(&token).unwrap_err();
        refused.refusals[0].hint.clone()
    };
    let never = Timestamp::from_seconds(0);
    let new = || TokenVerifier::new(&example.keys, &policy, never);
    assert_ne!(hint(new().diagnosing()), hint(new()));
}

#[test]
fn a_json_form_is_refused_where_no_signature_is_asked_for() {
    let example = Example::new();
    let now = Timestamp::from_seconds(1_300_819_379);
    let policy = Policy::default();
    let general = example.token.as_str();
    let message = Message::read(general).unwrap();
    let mut text = String::new();
    message.signatures[1].compact(&message.payload, &mut text);
    let compact = text;
    let flattened = Serialization::Flattened.of_compact(compact.clone());
    // Not even looked at: what is wrong with it is not said.
    let broken = general.replace("\"alg\"", "\"alg\",\"alg\"");
    // Split at its dots, this has a payload of its own.
    let polyglot = flattened.replacen('{', r#"{"x":".eyJzdWIiOiJub2JvZHkifQ.","#, 1);
    let said = |refused: Refused| {
        let refusal = &refused.refusals[0];
        assert_eq!(refusal.hint, Some(Advice::ChooseSignature));
        (refusal.reason, refusal.message.clone())
    };
    let expected = (
        Reason::Malformed,
        "JSON with a signature, and not in the compact form, which a JWT has (RFC 7519 section 1)"
            .to_owned(),
    );
    for token in [general, &flattened, &broken, &polyglot] {
        let refused = verify_signature(token, &example.keys, &policy).unwrap_err();
        assert_eq!(said(refused), expected, "{token}");
        let refused = verify(token, &example.keys, &policy, now).unwrap_err();
        assert_eq!(said(refused), expected, "{token}");
        // After a token with the same header, and beside others.
        let mut verifier = TokenVerifier::new(&example.keys, &policy, now);
        verifier.verify_signature(&compact).unwrap();
        assert!(verifier.verify_like_last(token.as_bytes()).is_none());
        assert_eq!(said(verifier.verify(token).unwrap_err()), expected);
        assert!(example.judge(&compact, SignatureChoice::Any).is_ok());
    }
    for token in [general, &flattened, &polyglot] {
        assert!(
            example.judge(token, SignatureChoice::Any).is_ok(),
            "{token}"
        );
    }
}

#[test]
fn a_json_form_inside_of_an_encrypted_token_has_to_be_asked_for_too() {
    let example = Example::new();
    let secret = Key::secret(Zeroizing::new(vec![7; 32]));
    let recipient = Recipient::new(&secret, RecipientAsked::default()).unwrap();
    let sealed = recipient.encrypt(example.token.as_bytes(), recipient.header());
    let (compact, policy) = (sealed.unwrap(), Policy::default());
    let source = KeySource::new("there", secret.into());
    let keys = example
        .keys
        .opening_with(Some(Arc::new(DecryptionKeys::new(vec![source]))));
    for form in [Serialization::Compact, Serialization::General] {
        let token = form.of_compact(compact.clone());
        let refused = verify_signature(&token, &keys, &policy).unwrap_err();
        assert_eq!(refused.refusals[0].hint, Some(Advice::ChooseSignature));
        let any = Policy {
            signature: Some(SignatureChoice::Any),
            ..policy.clone()
        };
        assert!(verify_signature(&token, &keys, &any).is_ok());
    }
}

#[test]
fn the_claims_are_judged_by_the_rules_of_any_token() {
    let example = Example::new();
    let policy = Policy {
        signature: Some(SignatureChoice::Any),
        ..Policy::default()
    };
    let before = Timestamp::from_seconds(1_300_819_379);
    let verified = verify(&example.token, &example.keys, &policy, before).unwrap();
    assert!(verified.claims().get("iss").unwrap().is("joe"));
    let names = verified
        .report()
        .warnings
        .iter()
        .map(|warning| warning.message.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["`kid` stands in a header that is not signed: anyone can change it"]
    );
    let after = Timestamp::from_seconds(1_300_819_380);
    let refused = verify(&example.token, &example.keys, &policy, after).unwrap_err();
    assert_eq!(refused.refusals[0].reason, Reason::Expired);
    // A `typ` that anybody could have written there is none.
    let typed = example
        .token
        .replace(r#"{"kid""#, r#"{"typ":"at+jwt","kid""#);
    let policy = Policy {
        typ: Some("at+jwt".to_owned()),
        ..policy
    };
    let refused = verify(&typed, &example.keys, &policy, before).unwrap_err();
    assert_eq!(refused.refusals[0].reason, Reason::WrongTyp);
}

#[test]
fn a_choice_holds_for_tokens_in_the_compact_form_too() {
    let example = Example::new();
    let message = Message::read(&example.token).unwrap();
    let mut text = String::new();
    message.signatures[1].compact(&message.payload, &mut text);
    let verify = |signature| example.judge(&text, signature);
    assert!(verify(SignatureChoice::Any).is_ok());
    assert!(verify(SignatureChoice::Number(1)).is_ok());
    assert_eq!(
        example.message(&text, SignatureChoice::Number(2)),
        "the token has no signature 2: it has 1 signature"
    );
    let policy = Policy {
        signature: Some(SignatureChoice::Number(2)),
        ..Policy::default()
    };
    let now = Timestamp::from_seconds(0);
    let mut verifier = TokenVerifier::new(&example.keys, &policy, now);
    assert!(verifier.verify_signature(&text).is_err());
    assert!(
        verifier
            .verify_signature_like_last(text.as_bytes())
            .is_none()
    );
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let example = Example::new();
    let signature = r#"{"protected":"eyJhbGciOiJFUzI1NiJ9","signature":"AA"}"#;
    let many = vec![signature; 101].join(",");
    for (token, message) in [
        (
            format!(r#"{{"payload":"e30","signatures":[{signature}],"signature":"AA"}}"#),
            "the token has `signatures`, and also the members of a single signature (RFC 7515 section 7.2.2)",
        ),
        (
            format!(r#"{{"payload":"e30","payload":"e30","signatures":[{signature}]}}"#),
            "the token has `payload` twice",
        ),
        (
            format!(r#"{{"payload":"e30","signatures":[{many}]}}"#),
            "the token must have 1 to 100 `signatures`",
        ),
        (
            format!(r#"{{"payload":"e30","signatures":[{signature},1]}}"#),
            "one of the token's `signatures` is a number, not an object",
        ),
        (
            format!(r#"{{"payload":"e30","signatures":[{signature},{{"header":{{}}}}]}}"#),
            "a signature of the token is missing",
        ),
        (
            r#"{"payload":"e30","protected":"eyJhbGciOiJFUzI1NiJ9","header":{"alg":"none"},"signature":"AA"}"#.to_owned(),
            "two headers of the token have `alg`",
        ),
        (
            r#"{"payload":"e30","protected":"eyJhbGciOiJFUzI1NiJ9","header":{"crit":["b64"]},"signature":"AA"}"#.to_owned(),
            "the header has `crit` where it is not signed, and it must be",
        ),
        (
            r#"{"payload":"e30","protected":"eyJhbGciOiJFUzI1NiJ9","header":{"b64":false},"signature":"AA"}"#.to_owned(),
            "the header has `b64` where it is not signed, and it must be",
        ),
        (
            r#"{"payload":"e30","header":{"kid":"1"},"signature":"AA"}"#.to_owned(),
            "the header has no `alg`",
        ),
        (
            r#"{"payload":"e3.0","protected":"eyJhbGciOiJFUzI1NiJ9","signature":"AA"}"#.to_owned(),
            "the payload has `.` at character 3, which base64url does not use",
        ),
        (
            r#"{"payload":"e30","protected":"eyJhbGciOiJub25lIn0","signature":""}"#.to_owned(),
            "the token is not signed (`alg` is none): it is never accepted",
        ),
    ] {
        assert_eq!(example.message(&token, SignatureChoice::Any), message);
    }
}

#[test]
fn other_json_is_no_token() {
    for text in [
        "{}",
        r#"{"payload":"e30"}"#,
        r#"{"payload":"e30","signature":"AA"}"#,
        r#"{"payload":{},"protected":"e30","signature":"AA"}"#,
        r#"{"payload":"e30","signatures":[]}"#,
        r#"{"payload":"e30","signatures":["AA"]}"#,
        r#"{"signature":"AA","protected":"e30""#,
        r#"[{"payload":"e30","protected":"e30","signature":"AA"}]"#,
    ] {
        assert!(!is_one(text), "{text}");
    }
    assert!(is_one(r#"{"protected":"e30","signature":"AA"}"#));
}

#[test]
fn a_payload_that_is_not_encoded_is_read_as_it_is() {
    // RFC 7797 section 4.2, with the key and the payload of its examples.
    let secret = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let keys = keys(Json::parse_str(secret).unwrap().value);
    let b64 = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
    let token = format!(
        r#"{{"protected":"{b64}","payload":"$.02","signature":"A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY"}}"#
    );
    let any = Policy {
        signature: Some(SignatureChoice::Any),
        ..Policy::default()
    };
    let signed = verify_signature(&token, &keys, &any).unwrap();
    assert_eq!(signed.payload(), b"$.02");
    let escaped = token.replace("$.02", r"\u0024.02");
    assert!(verify_signature(&escaped, &keys, &any).is_ok());
    let unverified = decode(&token).unwrap();
    assert!(
        matches!(&unverified.payload, crate::token::decode::Payload::Other(bytes, _) if bytes == b"$.02")
    );
    let said = |token: &str| {
        let refused = verify_signature(token, &keys, &any).unwrap_err();
        refused.refusals[0].message.clone()
    };
    assert_eq!(
        said(&token.replace("$.02", "$.03")),
        "the signature does not match the key"
    );
    // {"alg":"HS256","b64":false}, of which `crit` says nothing.
    assert_eq!(
        said(&token.replace(b64, "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9")),
        "the header has `b64`, but no `crit` that lists it (RFC 7797 section 6)"
    );
    // All signatures are over the same bytes.
    let mixed = format!(
        r#"{{"payload":"e30","signatures":[{{"protected":"{b64}","signature":"AA"}},{{"protected":"eyJhbGciOiJIUzI1NiJ9","signature":"AA"}}]}}"#
    );
    let differ = "the signatures of the token differ in `b64`, which must be the same for all (RFC 7797 section 3)";
    assert_eq!(said(&mixed), differ);
    assert_eq!(decode(&mixed).unwrap_err().message, differ);
    // In the compact form it stays what a JWT must not be.
    let compact = format!("{b64}.e30.AA");
    assert!(said(&compact).contains("which a JWT must not (RFC 7797 section 7)"));
}

#[test]
fn what_is_critical_is_understood_as_b64_alone_and_in_a_form_that_may_have_it() {
    let example = Example::new();
    let reason = |token: &str| {
        let refused = example.judge(token, SignatureChoice::Any).unwrap_err();
        refused.refusals[0].reason
    };
    let flat = |header: &str| {
        let protected = encode_segment(header);
        format!(r#"{{"payload":"e30","protected":"{protected}","signature":"AA"}}"#)
    };
    assert_eq!(
        reason(&flat(r#"{"alg":"RS256","crit":["b64"],"b64":true}"#)),
        Reason::BadSignature
    );
    for header in [
        r#"{"alg":"RS256","crit":["x"],"x":1}"#,
        r#"{"alg":"RS256","crit":["x"],"x":1,"b64":true}"#,
        r#"{"alg":"RS256","crit":["b64","x"],"x":1,"b64":true}"#,
        r#"{"alg":"RS256","crit":["b64","b64"],"b64":true}"#,
        r#"{"alg":"RS256","crit":["b64"]}"#,
    ] {
        assert_eq!(reason(&flat(header)), Reason::CritUnknown, "{header}");
    }
    let compact = encode_segment(r#"{"alg":"RS256","crit":["b64"],"b64":true}"#);
    assert_eq!(reason(&format!("{compact}.e30.AA")), Reason::CritUnknown);
}
